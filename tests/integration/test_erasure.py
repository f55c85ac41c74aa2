"""An employer and the worker whom it hired are erased apart, by the command, through the three workers as they are.

The employer is written to about the worker's award, at its own number, and is paid; the worker has an account too.
"""
import datetime
import decimal
import subprocess

import pytest

import harness
from faults import people
from harness.paths import ROOT, SERVICES, command_program
from harness.process import PATIENCE_S
from harness.worker import program_environment
from service import SETTINGS, Outputs, query, send

PROGRAMME, EMPLOYER, WORKER = "daya-kerjaya", "E-7007", 501
HIRED_ON = datetime.date(2023, 5, 2)
APPLIED_AT, LINKED_AT = (datetime.datetime(2023, 6, day, 5, tzinfo=datetime.timezone.utc) for day in (15, 16))


class Office:
    def __init__(self, servers):
        self.servers, self.outputs = servers, Outputs(servers)
        self.environment = program_environment(servers.environment())

    def kerja(self, *words, text: str = "", status: int = 0) -> str:
        done = subprocess.run([command_program(), *words], env=self.environment, input=text, text=True, capture_output=True,
                              timeout=PATIENCE_S)
        assert done.returncode == status, f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def submit(self, name: str, number: int) -> dict:
        """The decision of a hire by the employer."""
        hire = {"employer_no": EMPLOYER, "employer_type": "PRIVATE", "hired_on": HIRED_ON, "currency": "MYR",
                "monthly_wage": decimal.Decimal("1500.00"), "target_groups": ["OKU", "TVET_GRADUATE"],
                "unemployed_since": datetime.date(2023, 1, 1), "worker_consented_at": APPLIED_AT, "employer_msisdn": "+60312345678"}
        event = people.submitted(name, number, **{
            "programme": PROGRAMME, "wave": None, "submitted_at": APPLIED_AT, "country": "MY", "citizenship": "MY",
            "region_code": "MY-10", "language": "ms", "family_card_no": None, "msisdn": f"+6019{number:07d}",
            "birth_date": datetime.date(2000, 1, 1), "hire": hire})
        send(self.servers, [people.Record("application.submitted", name, event, f"{name}-record")])
        return self.outputs.wait(lambda: self.outputs.decided(name))[-1]

    def link(self, kind: str, ref: str, number: int) -> None:
        event = {"payee_kind": kind, "payee_ref": ref, "partner": "MAYBANK", "account_no": f"77{number:010d}", "account_scheme": "BBAN",
                 "holder_name": f"Kenari {number}", "active": True, "currency": "MYR", "linked_at": LINKED_AT}
        send(self.servers, [people.Record("account.linked", ref, event, f"{ref}-linked")])

    def kept(self, worker: str) -> dict[str, bool]:
        """What is still sealed: the employer's number in each service, its account, the worker's account."""
        row = query(self.servers, """SELECT
            (SELECT msisdn_sealed IS NOT NULL FROM application.person AS p JOIN application.application AS a ON a.contact_id = p.person_id
             WHERE a.person_id = %s),
            (SELECT contact_sealed IS NOT NULL FROM completion.award WHERE person_id = %s),
            (SELECT contact_sealed IS NOT NULL FROM incentive.award WHERE person_id = %s),
            (SELECT account_no_sealed IS NOT NULL AND holder_name_sealed IS NOT NULL FROM incentive.account WHERE payee_ref = %s),
            (SELECT account_no_sealed IS NOT NULL FROM incentive.account WHERE payee_ref = %s)""",
                    worker, worker, worker, EMPLOYER, worker)[0]
        return dict(zip(("application", "completion", "incentive", "account", "worker's account"), row))

    def wait_kept(self, worker: str, **expected: bool) -> None:
        wanted = {"application": True, "completion": True, "incentive": True, "account": True, "worker's account": True,
                  **{name.replace("workers", "worker's").replace("_", " "): is_kept for name, is_kept in expected.items()}}
        assert harness.wait_until(lambda: self.kept(worker) == wanted, PATIENCE_S), (self.kept(worker), wanted)


@pytest.fixture
def office(servers, worker):
    office = Office(servers)
    workers = [worker(service, SETTINGS) for service in SERVICES]
    office.kerja("programme", "publish", str(ROOT / "programmes" / f"{PROGRAMME}.yaml"))
    for one in workers:
        assert harness.wait_until(lambda: "programme in force" in one.process.log.read_text(), PATIENCE_S)
    send(servers, people.snapshot_records())
    yield office
    office.outputs.close()


def test_an_employer_and_its_worker_are_erased_apart(office):
    first = office.submit("hire-1", WORKER)
    worker = str(first["person_id"])
    assert first["status"] == "AWARDED" and str(first["contact_id"]) != worker
    office.link("EMPLOYER", EMPLOYER, 1)
    office.link("PARTICIPANT", worker, 2)
    office.wait_kept(worker)

    erase = ("person", "erase", "--authority", "letter 7/2023", "--at", "2023-06-20")
    office.kerja(*erase, "--country", "MY", text=people.national_id(WORKER) + "\n")
    office.wait_kept(worker, workers_account=False)  # the employer is written to and paid as before

    assert "no service knows such an employer" in office.kerja(*erase, "--employer", "E-0", "--country", "MY", status=1)
    assert "--country" in office.kerja(*erase, "--employer", EMPLOYER, status=2)
    office.kerja(*erase, "--employer", EMPLOYER, "--country", "MY")
    office.wait_kept(worker, application=False, completion=False, incentive=False, account=False, workers_account=False)

    again = office.submit("hire-2", WORKER + 2)  # who is erased is not written to, of whatever hire
    assert again["status"] == "AWARDED" and again["contact_sealed"] is None
    assert str(again["contact_id"]) == str(first["contact_id"])
    assert query(office.servers, "SELECT count(*) FROM application.person WHERE person_id = %s AND msisdn_sealed IS NOT NULL",
                 str(again["contact_id"])) == [(0,)]
