"""A programme that nobody had thought of when the workers were written: one file, published with the command, and nothing
else. It runs from application to payment through the three workers as they are.

tide-works.yaml has a country, a time zone, a currency, items, levels of schooling, kinds of work, registers, amounts, seats by
region, reasons and messages that no other file has.
"""
import collections
import datetime
import decimal
import itertools
import json
import subprocess
import types

import pytest

import harness
import market
from faults import books, people
from faults.findings import Findings
from harness.paths import ROOT, SERVICES, command_program
from harness.worker import program_environment
from market import Award, noon
from service import PATIENCE_S, SETTINGS, Outputs, query

FILE = ROOT / "tests" / "integration" / "tide-works.yaml"
PROGRAMME, COURSE, YARD = "tide-works", "KEEL-1", "YARD-7"
APPLIED, BOUGHT, DONE = datetime.date(2025, 6, 2), datetime.date(2025, 6, 9), datetime.date(2025, 6, 20)
PRICE = decimal.Decimal("240.00")
DEBTOR, SUSPENDED = "990000001", "990000002"  # national ids that the country's registers list
_numbers = itertools.count(900_001)


class TideOutputs(Outputs):
    TOPICS = (*Outputs.TOPICS, "enrolment.decided", "completion.decided", "payout.requested", "payout.closed")

    def of(self, topic: str, award: Award) -> list[dict]:
        return [one.event for one in self.seen if one.topic == topic and str(one.event["award_id"]) == award.award_id]


class Yard:
    """The servers, the three workers, the command, and a gateway that pays whatever is asked of it."""

    def __init__(self, servers):
        self.servers, self.outputs = servers, TideOutputs(servers)
        self.environment = program_environment(servers.environment())
        self._sender = harness.Sender(servers.kafka.address)
        self._paid = 0
        self.people: dict[str, int] = {}

    def kerja(self, *words) -> str:
        done = subprocess.run([command_program(), *map(str, words)], env=self.environment, text=True, capture_output=True,
                              timeout=PATIENCE_S)
        assert done.returncode == 0, f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def say(self, topic: str, key: str, event: dict) -> None:
        self._sender.send(topic, key, event)
        self._sender.flush()

    def apply(self, name: str, region: str, born: int = 2000, **changes) -> dict:
        """Its decision."""
        self.people[name] = number = next(_numbers)
        event = people.submitted(name, number, **{
            "programme": PROGRAMME, "wave": None, "submitted_at": noon(APPLIED), "country": "TL", "citizenship": "TL",
            "region_code": region, "birth_date": datetime.date(born, 1, 1), "checks": [], "family_card_no": None,
            "language": "en", "msisdn": f"+670{number}", "employment_status": "FISHER", "highest_qualification": "ES", **changes})
        self.say("application.submitted", name, event)
        return self.outputs.wait(lambda: self.outputs.decided(name))[-1]

    def load(self, register: str, *rows: str) -> None:
        path = self.servers.folder / f"{register}.csv"
        path.write_text("".join(f"{row}\n" for row in ("national_id,code", *rows)))
        self.kerja("register", "load", register, path, "--programme", PROGRAMME, "--at", "2025-06-02T06:00:00Z")

    def award(self, name: str, decided: dict) -> Award:
        return Award(self.people[name], str(decided["award_id"]), str(decided["person_id"]))

    def enrol(self, award: Award, price: decimal.Decimal = PRICE, **changes) -> dict:
        event = market.enrolled(award, course_id=COURSE, price=price, currency="USD", enrolled_at=noon(BOUGHT), **changes)
        self.say("course.enrolled", award.award_id, event)
        return self._answer("enrolment.decided", award, event["enrolment_id"])

    def complete(self, award: Award, **changes) -> dict:
        event = market.completed(award, course_id=COURSE, completed_at=noon(DONE), **changes)
        self.say("course.completed", award.award_id, event)
        return self._answer("completion.decided", award, event["enrolment_id"])

    def _answer(self, topic: str, award: Award, enrolment_id: str) -> dict:
        return self.outputs.wait(lambda: [one for one in self.outputs.of(topic, award)
                                          if one["enrolment_id"] == enrolment_id])[-1]

    def link(self, award: Award, **changes) -> None:
        event = market.linked(award, partner="BNCTL", currency="USD", msisdn=f"+670{award.number}", linked_at=noon(BOUGHT),
                              **changes)
        self.say("account.linked", event["payee_ref"], event)
        known = "SELECT count(*) FROM incentive_read.account WHERE payee_ref = %s"
        assert harness.wait_until(lambda: query(self.servers, known, event["payee_ref"]) == [(1,)], PATIENCE_S)
        if event["payee_kind"] == "PARTICIPANT":
            reached = market.reached(award, "ACCOUNT_LINKED", reached_at=noon(BOUGHT))
            self.say("milestone.reached", award.award_id, reached)

    def pay(self, award: Award, count: int) -> list[tuple]:
        """Pays until so many payouts of the award are closed; item, instalment, amount, currency and payee of each."""
        def closed() -> list[dict]:
            asked = [one.event for one in self.outputs.seen if one.topic == "payout.requested"]
            for event in asked[self._paid:]:
                self.say("payout.settled", str(event["award_id"]), market.settled(event))
            self._paid = len(asked)
            return [one for one in self.outputs.of("payout.closed", award) if one["outcome"] == "PAID"]
        self.outputs.wait(lambda: len(closed()) >= count)
        return sorted((one["item"], one["instalment"], str(one["amount"]), one["currency"], one["creditor_name"])
                      for one in self.outputs.of("payout.requested", award))


@pytest.fixture(scope="module")
def yard(servers):
    workers = [harness.Worker(service, servers.folder, {**servers.worker_environment(), **SETTINGS}) for service in SERVICES]
    try:
        for worker in workers:
            worker.launch()
        for worker in workers:
            worker.wait_ready()
        yard = Yard(servers)
        assert "no fault" in yard.kerja("programme", "check", FILE)
        yard.kerja("programme", "publish", FILE)
        for worker in workers:
            known = lambda worker=worker: "programme in force" in worker.process.log.read_text()
            assert harness.wait_until(known, PATIENCE_S)
        course = market.listed(COURSE, programmes=[PROGRAMME], provider_id=YARD, title="Keels", price=PRICE, currency="USD",
                               valid_from=datetime.date(2025, 1, 1))
        yard.say("course.listed", COURSE, course)
        yard.before_the_registers = yard.apply("a debtor", "TL-BA", national_id=DEBTOR)
        yard.load("TL_TAX_DEBT", f"{DEBTOR},")
        yard.load("TL_FISHING_LICENCES", f"{SUSPENDED},SUSPENDED", f"{DEBTOR},VALID")
        yield yard
        yard.outputs.close()
    finally:
        for worker in workers:
            worker.stop()


@pytest.fixture(scope="module")
def ana(yard):
    """Somebody to whom nothing happens but what the programme is for."""
    story = types.SimpleNamespace(decided=yard.apply("ana", "TL-DI"))
    story.award = yard.award("ana", story.decided)
    yard.link(story.award, payee_kind="PROVIDER", payee_ref=YARD, holder_national_id=None, holder_name="Yard Seven")
    yard.link(story.award)
    story.enrolled = yard.enrol(story.award)
    story.completed = yard.complete(story.award)
    story.paid_at_once = yard.pay(story.award, 2)
    return story


@pytest.fixture(scope="module")
def bea(yard, ana):
    """The second of the city."""
    return yard.award("bea", yard.apply("bea", "TL-DI"))


@pytest.fixture(scope="module")
def refused(yard):
    return {name: yard.apply(name, "TL-BA", **changes) for name, changes in {
        "too old": {"born": 1995}, "from elsewhere": {"citizenship": "ID"}, "too learned": {"highest_qualification": "UNI"},
        "a clerk": {"employment_status": "CLERK"}, "thirty since midnight in Dili": {
            "birth_date": datetime.date(1995, 6, 2),
            "submitted_at": datetime.datetime(2025, 6, 1, 15, 30, tzinfo=datetime.timezone.utc)}}.items()}


def test_from_application_to_payment(yard, ana):
    assert (ana.decided["status"], ana.decided["scheme"], ana.decided["commitment"]) == \
        ("AWARDED", "dry-dock", decimal.Decimal("420.00"))
    assert ana.enrolled["status"] == "ACCEPTED" and ana.completed["status"] == "VERIFIED"
    assert ana.paid_at_once == [("boat_course_fee", 1, "240.00", "USD", "Yard Seven"),
                                ("tool_money", 1, "60.00", "USD", "Somebody")]
    yard.kerja("clock", "--until", "2025-07-20")  # a month after the course
    assert yard.pay(ana.award, 3)[2] == ("tool_money", 2, "60.00", "USD", "Somebody")
    told = [one.event["text"] for one in yard.outputs.seen if one.topic == "notification.requested"
            and str(one.event["award_id"]) == ana.award.award_id]
    assert "Tide Works: you are in. Choose a course." in told
    assert any("USD 60.00" in text and "money for tools" in text for text in told)


def test_its_own_conditions_bind(yard, bea, refused):
    assert [(one["status"], one["reasons"]) for one in refused.values()] == [
        ("REJECTED", [reason]) for reason in ("NOT_YOUNG", "FROM_ELSEWHERE", "TOO_LEARNED", "WORKS_ASHORE", "NOT_YOUNG")]
    assert yard.enrol(bea, decimal.Decimal("250.01"), enrolment_id="TOO-DEAR")["reasons"] == ["PRICE_ABOVE_LISTED", "TOO_DEAR"]
    assert yard.enrol(bea)["status"] == "ACCEPTED"
    stayed = yard.complete(bea, sessions_attended=4)
    assert (stayed["status"], stayed["reasons"]) == ("REJECTED", ["STAYED_ASHORE"])


def test_its_own_registers_bind(yard):
    assert (yard.before_the_registers["status"], yard.before_the_registers["reasons"]) == ("HELD", ["REGISTRY_UNAVAILABLE"])
    newest = lambda name: yard.outputs.decided(name)[-1]
    debtor = yard.outputs.wait(lambda: [one for one in yard.outputs.decided("a debtor") if one["status"] != "HELD"])[-1]
    assert (debtor["status"], debtor["reasons"]) == ("REJECTED", ["OWES_TAX"])
    why = yard.kerja("explain", "a debtor")
    assert "The tax office has a claim on you." in why and "the person owes no tax" in why and "Found: the person owes tax" in why
    told = json.loads(yard.kerja("explain", "a debtor", "--json"))
    assert "register.tax_debt.listed" in json.dumps(told) and "own_1" not in json.dumps(told)
    suspended = yard.apply("a fisher ashore", "TL-BA", national_id=SUSPENDED)
    assert (suspended["status"], suspended["reasons"]) == ("HELD", ["LICENCE_SUSPENDED"])
    assert "state of the fishing licence" in yard.kerja("explain", "a fisher ashore")
    assert "register.licences.code" in json.dumps(json.loads(yard.kerja("explain", "a fisher ashore", "--json")))
    yard.load("TL_TAX_DEBT", f"{SUSPENDED},")  # another snapshot: the fisher is on it, the debtor has paid
    refused = yard.outputs.wait(lambda: newest("a fisher ashore")["status"] != "HELD" and newest("a fisher ashore"))
    assert (refused["status"], refused["reasons"]) == ("REJECTED", ["LICENCE_SUSPENDED", "OWES_TAX"])
    for name in ("a debtor", "a fisher ashore"):
        assert yard.kerja("explain", name, "--check").endswith(" 0 different\n")


def test_its_seats_are_counted_by_region_and_in_all(yard, ana, bea):
    """Two in Dili, three in all: ana and bea have the two."""
    third_of_the_city = yard.apply("caro", "TL-DI")
    first_of_the_rest = yard.apply("eva", "TL-BA")
    fourth = yard.apply("flo", "TL-BA")
    assert [one["status"] for one in (third_of_the_city, first_of_the_rest, fourth)] == ["REJECTED", "AWARDED", "REJECTED"]
    assert third_of_the_city["reasons"] == fourth["reasons"] == ["QUOTA_FULL"]
    seats = query(yard.servers, "SELECT scope, used, ceiling FROM application_read.quota WHERE kind = 'SEATS' ORDER BY 1")
    assert seats == [("ALL", 3, 3), ("TL-DI", 2, 2)]


def test_everybody_is_told_why(yard, ana, refused):
    why = yard.kerja("explain", "ana", "--all")
    assert "dry-dock" in why and yard.kerja("explain", "ana", "--check").endswith(" 0 different\n")
    assert "The programme is for people of 16 to 29 years." in yard.kerja("explain", "too old")
    assert "at most secondary school. Found: university." in yard.kerja("explain", "too learned")
    assert "fisher" in yard.kerja("explain", "a clerk")
    for closed in yard.outputs.of("payout.closed", ana.award):
        assert yard.kerja("explain", closed["entitlement_id"], "--check").endswith(" 0 different\n")


def test_its_money_is_in_the_books(yard, ana):
    findings = Findings()
    books.check_ledger(yard.servers, findings)
    assert findings.unbalanced == []
    yard.pay(ana.award, 2)
    sums = collections.Counter()
    for account, balance in query(yard.servers, "SELECT account, balance::int FROM incentive_read.ledger WHERE programme = %s",
                                  PROGRAMME):
        sums[account] += balance
    assert sums["PAID"] in (30_000, 36_000) and sums["IN_FLIGHT"] == 0  # the course, one part or both of the tools
    assert [one.headers for one in yard.outputs.seen if one.topic == "dead.letter"] == []
