"""All five programmes on real servers: somebody who is accepted and somebody who is refused in each, the seats and the
money that the database counts, and an employer whose workers are claimed for in two processes at once."""
import collections
import datetime
import decimal
import hashlib
import pathlib

import psycopg2
import pytest

import harness
from faults import people
from service import PATIENCE_S, SETTINGS, Outputs, query, send

FILES = pathlib.Path(__file__).resolve().parents[2] / "programmes"
CROWD, HEADCOUNT = 60, 25  # workers whom one employer claims for, and whom it reports to have
BRANCH, WHOLE, PACKAGES = 3, 4, 3  # seats and money that an operator has: soon gone
FEWER = {"vokasi-indonesia-pekerja": [("seats: 25000", f"seats: {WHOLE}"), ('"1671": 500', f'"1671": {BRANCH}')],
         "bina-kerjaya": [("MYR 42000000.00", f"MYR {PACKAGES * 8900}.00")]}


def noon(year: int, month: int, day: int) -> datetime.datetime:
    return datetime.datetime(year, month, day, 5, tzinfo=datetime.timezone.utc)


def applies(programme: str, application_id: str, number: int, on: datetime.datetime, **answers) -> people.Record:
    event = people.submitted(application_id, number, **{"programme": programme, "wave": None, "submitted_at": on, **answers})
    return people.Record("application.submitted", application_id, event, f"{application_id}-record")


def malaysian(number: int, **answers) -> dict:
    return {"country": "MY", "citizenship": "MY", "region_code": "MY-10", "language": "ms", "family_card_no": None,
            "msisdn": f"+6019{number:07d}", "birth_date": datetime.date(2000, 1, 1), **answers}


def hire(**changes) -> dict:
    return {"employer_no": "E-1001", "employer_type": "PRIVATE", "hired_on": datetime.date(2023, 5, 2),
            "monthly_wage": decimal.Decimal("1500.00"), "currency": "MYR", "target_groups": ["OKU", "TVET_GRADUATE"],
            "unemployed_since": datetime.date(2023, 1, 1), "worker_consented_at": noon(2023, 5, 3),
            "employer_msisdn": "+60312345678", **changes}


def member(**changes) -> dict:
    return {"category": "PU_LAID_OFF", "contribution_months": 12, "active": False, **changes}


def jobless(**changes) -> dict:
    return {"region_code": "1671", "employment_ended_on": datetime.date(2020, 1, 1), "declarations": ["STATEMENT_SIGNED"],
            **changes}


def gig_worker(number: int) -> dict:
    return malaysian(number, highest_qualification="SPM", informal_only=True, membership=member(category="NONE"))


def cases() -> list[tuple[people.Record, str, list[str], str]]:
    """Record, status, reasons, currency: of each programme one of either."""
    vokasi, bina = jobless(), gig_worker(8)
    day, june = noon(2020, 6, 1), noon(2023, 6, 15)
    return [
        (applies(people.PROGRAMME, "prakerja-yes", 1, people.SUBMITTED_AT, wave=people.WAVE), "POOLED", [], "IDR"),
        (applies(people.PROGRAMME, "prakerja-no", 3, people.SUBMITTED_AT, wave=people.WAVE, citizenship="MY"),
         "REJECTED", ["ID_NOT_CITIZEN"], "IDR"),
        (applies("vokasi-indonesia-pekerja", "vokasi-yes", 5, day, **vokasi, membership=member()), "AWARDED", [], "IDR"),
        (applies("vokasi-indonesia-pekerja", "vokasi-no", 7, day, **vokasi, membership=member(contribution_months=11)),
         "REJECTED", ["CONTRIB_MONTHS_SHORT"], "IDR"),
        (applies("daya-kerjaya", "daya-yes", 11, june, **malaysian(11), hire=hire()), "AWARDED", [], "MYR"),
        (applies("daya-kerjaya", "daya-no", 13, june, **malaysian(13), hire=hire(monthly_wage=decimal.Decimal("1499.99"))),
         "REJECTED", ["WAGE_BELOW_MINIMUM"], "MYR"),
        (applies("daya-kerjaya-tvet", "tvet-yes", 15, june, **malaysian(15), hire=hire()), "AWARDED", [], "MYR"),
        (applies("daya-kerjaya-tvet", "tvet-no", 17, june, **malaysian(17), hire=hire(target_groups=["OKU"])),
         "REJECTED", ["TARGET_GROUP_NOT_MET"], "MYR"),
        # The worker who has one hiring award already.
        (applies("daya-kerjaya-tvet", "tvet-second", 11, june, **malaysian(11), hire=hire(employer_no="E-2002")),
         "HELD", ["DUPLICATE_INCENTIVE"], "MYR"),
        (applies("bina-kerjaya", "bina-yes", 19, june, **bina), "AWARDED", [], "MYR"),
        (applies("bina-kerjaya", "bina-no", 21, june, **{**bina, "highest_qualification": "DIPLOMA"}),
         "REJECTED", ["EDU_ABOVE_MAX"], "MYR"),
    ]


def text_of(path: pathlib.Path) -> str:
    text = path.read_text()
    for old, new in FEWER.get(path.stem, []):
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def published():
    """Filled by the first test: what the service needs once."""
    return set()


@pytest.fixture
def application(servers, worker, published):
    """Two workers that judge by all five files."""
    workers = [worker("application", SETTINGS)]
    if not published:
        connection = psycopg2.connect(servers.postgres.address)
        with connection, connection.cursor() as cursor:
            for path in sorted(FILES.glob("*.yaml")):
                text = text_of(path)
                cursor.execute("INSERT INTO kerja.programme (programme, sha256, text) VALUES (%s, %s, %s)",
                               (path.stem, hashlib.sha256(text.encode()).digest(), text))
        connection.close()
        log = workers[0].process.log
        assert harness.wait_until(lambda: log.read_text().count("programme in force") >= 5, PATIENCE_S)
        send(servers, people.snapshot_records())
        ended = lambda: query(servers, "SELECT count(*) FROM application.register_snapshot")[0][0] == len(people.REGISTERS)
        assert harness.wait_until(ended, PATIENCE_S)
        published.add(servers)
    return workers + [worker("application", SETTINGS)]


@pytest.fixture
def outputs(servers):
    reader = Outputs(servers)
    yield reader
    reader.close()


def used(servers, programme: str, kind: str) -> dict[str, int]:
    return dict(query(servers, "SELECT scope, used::int FROM application_read.quota WHERE programme = %s AND kind = %s",
                      programme, kind))


def test_one_accepted_and_one_refused_in_each_programme(servers, application, outputs):
    known = cases()
    second = [one for one in known if one[0].key == "tvet-second"]  # once the first award is given
    for batch in ([one for one in known if one not in second], second):
        send(servers, [record for record, *_expected in batch])
        outputs.wait(lambda: all(outputs.decided(record.key) for record, *_expected in batch))
    for record, status, reasons, currency in known:
        decided, = outputs.decided(record.key)
        assert (decided["status"], decided["reasons"], decided["currency"]) == (status, reasons, currency), record.key
    hired, trainee = outputs.decided("daya-yes")[0], outputs.decided("bina-yes")[0]
    assert (hired["payee"], hired["hired_on"]) == ({"kind": "EMPLOYER", "ref": "E-1001"}, datetime.date(2023, 5, 2))
    assert (hired["scheme"], hired["year"], hired["commitment"]) == ("daya-kerjaya-2023", 2023, decimal.Decimal("1800.00"))
    assert trainee["payee"] == {"kind": "PARTICIPANT", "ref": str(trainee["person_id"])}
    told = {one.event["to"]: one.event["text"] for one in outputs.seen if one.topic == "notification.requested"}
    assert told["+60312345678"] and told["+60190000008"].startswith("Bina Kerjaya: ")
    # One seat of the branch, and of the whole; one package of each fund.
    assert used(servers, "vokasi-indonesia-pekerja", "SEATS") == {"1671": 1, "ALL": 1}
    assert used(servers, "daya-kerjaya", "MONEY") == {"ALL": 180_000}
    assert used(servers, "daya-kerjaya-tvet", "MONEY") == {"ALL": 580_000}
    assert used(servers, "bina-kerjaya", "MONEY") == {"ALL": 890_000}
    outputs.each_once()


def test_an_employer_claims_in_two_processes_for_as_many_as_it_has(servers, application, outputs):
    """Whichever decisions meet on the employer's row, as many are awarded as it has workers, and the others held."""
    names = [f"crowd-{number}" for number in range(CROWD)]
    send(servers, [applies("daya-kerjaya", name, 1001 + 2 * at, noon(2023, 7, 1), **malaysian(1001 + at),
                           hire=hire(employer_no="E-9009", headcount=HEADCOUNT)) for at, name in enumerate(names)])
    outputs.wait(lambda: all(outputs.decided(name) for name in names))
    statuses = [outputs.status(name) for name in names]
    assert (statuses.count("AWARDED"), statuses.count("HELD")) == (HEADCOUNT, CROWD - HEADCOUNT)
    assert query(servers, "SELECT claims FROM application_read.employer WHERE employer_no = 'E-9009'") == [(CROWD,)]
    assert used(servers, "daya-kerjaya", "MONEY") == {"ALL": 180_000 * (1 + HEADCOUNT)}
    outputs.each_once()


def come_at_once(servers, outputs, records: list[people.Record]) -> collections.Counter:
    """What becomes of them: status and first reason."""
    send(servers, records)
    outputs.wait(lambda: all(outputs.decided(one.key) for one in records))
    newest = [max(outputs.decided(one.key), key=lambda event: event["sequence"]) for one in records]
    return collections.Counter((event["status"], *event["reasons"]) for event in newest)


def test_seats_and_a_fund_end_where_the_file_says(servers, application, outputs):
    """The first test took one of each."""
    def members(first: int, region: str) -> list[people.Record]:
        return [applies("vokasi-indonesia-pekerja", f"member-{number}", number, noon(2020, 6, 1),
                        **jobless(region_code=region, membership=member())) for number in range(first, first + 16, 2)]

    branch = come_at_once(servers, outputs, members(2001, "1671"))
    assert branch == {("AWARDED",): BRANCH - 1, ("REJECTED", "QUOTA_FULL"): 8 - (BRANCH - 1)}
    elsewhere = come_at_once(servers, outputs, members(2101, "3171"))
    assert elsewhere == {("AWARDED",): WHOLE - BRANCH, ("REJECTED", "QUOTA_FULL"): 8 - (WHOLE - BRANCH)}
    assert used(servers, "vokasi-indonesia-pekerja", "SEATS") == {"1671": BRANCH, "ALL": WHOLE}
    fund = come_at_once(servers, outputs, [applies("bina-kerjaya", f"gig-{number}", number, noon(2023, 6, 15),
                                                   **gig_worker(number)) for number in range(2201, 2217, 2)])
    assert fund == {("AWARDED",): PACKAGES - 1, ("HELD", "BUDGET_EXHAUSTED"): 8 - (PACKAGES - 1)}
    assert used(servers, "bina-kerjaya", "MONEY") == {"ALL": PACKAGES * 890_000}
    outputs.each_once()
