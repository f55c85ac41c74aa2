"""kerja-completion on real servers, for all five programmes at once: what is approved for whom, how much, and when it
falls due; and what an employment's end stops."""
import datetime
import hashlib
import itertools
from decimal import Decimal

import psycopg2
import pytest

import harness
from faults import people
from faults.ids import Ids
from harness.paths import ROOT
from market import BOUGHT_ON, DONE_ON, Award, completed, enrolled, finished, listed, noon, prepared
from service import PATIENCE_S, SETTINGS, Outputs, query

Day = datetime.date
KARTU, VOKASI, DAYA, TVET, BINA = ("kartu-prakerja", "vokasi-indonesia-pekerja", "daya-kerjaya", "daya-kerjaya-tvet",
                                   "bina-kerjaya")
_numbers = itertools.count(1)


class Approvals(Outputs):
    TOPICS = (*Outputs.TOPICS, "incentive.approved", "incentive.stopped", "enrolment.decided")

    def of(self, topic: str, award: Award) -> list[dict]:
        return [one.event for one in self.seen if one.topic == topic and str(one.event["award_id"]) == award.award_id]

    def instalments(self, award: Award) -> list[tuple]:
        """Item, kind of payee, payee, component, number, amount and due day, in the order of the contract's own words."""
        return sorted((one["item"], one["payee"]["kind"], one["payee"]["ref"], one["component"], each["number"],
                       str(each["amount"]), each["due_on"].isoformat())
                      for one in self.of("incentive.approved", award) for each in one["instalments"])


class Programmes:
    """One worker of the completion service, with every programme published."""

    def __init__(self, servers, worker):
        self.servers, self.ids, self.outputs = servers, Ids(servers), Approvals(servers)
        self._sender = harness.Sender(servers.kafka.address, source=people.SOURCE)
        working = worker("completion", SETTINGS)
        publish(servers)
        assert harness.wait_until(lambda: working.process.log.read_text().count("programme in force") >= 5, PATIENCE_S)
        restricted = [{"region_code": "31", "measure": "PSBB", "from": Day(2020, 4, 10), "to": Day(2020, 6, 4)}]
        self.say([("programme.published", name,
                   {"programme": name, "sha256": "", "published_at": noon(Day(2020, 4, 1)),
                    "effective_from": Day(2020, 4, 1), "restricted_regions": restricted if name == VOKASI else []})
                  for name in (KARTU, VOKASI, DAYA, TVET, BINA)])
        known = "SELECT count(*) FROM completion_read.programme"
        assert harness.wait_until(lambda: query(servers, known) == [(5,)], PATIENCE_S)

    def say(self, records: list[tuple[str, str, dict]]) -> None:
        for topic, key, event in records:
            self._sender.send(topic, key, event)
        self._sender.flush()

    def award(self, programme: str, scheme: str, on: Day, hired_on: Day | None = None, **changes) -> Award:
        number = next(_numbers)
        person = self.ids.person(f"{number:016d}")
        award = Award(number, self.ids.award(programme, scheme, number, person), person)
        payee = {"kind": "EMPLOYER", "ref": f"E-{number}"} if hired_on else {"kind": "PARTICIPANT", "ref": person}
        self.say([("application.decided", award.award_id, {
            "application_id": f"P-{number}", "award_id": award.award_id, "person_id": person, "programme": programme,
            "scheme": scheme, "status": "AWARDED", "sequence": 1, "occurred_at": noon(on), "decided_at": noon(on),
            "rules_hash": "", "language": "en", "payee": payee, "hired_on": hired_on, "year": on.year,
            "commitment": Decimal("0.00"), "currency": "IDR" if programme in (KARTU, VOKASI) else "MYR", **changes})])
        return award

    def milestones(self, award: Award, kind: str, days: list[Day], **changes) -> None:
        self.say([("milestone.reached", award.award_id,
                   {"milestone_id": f"{award.number}-{kind}-{number}", "award_id": award.award_id, "kind": kind,
                    "number": number, "reached_at": noon(day), **changes}) for number, day in enumerate(days, 1)])

    def approved(self, award: Award, wanted: list[tuple]) -> None:
        self.outputs.wait(lambda: len(self.outputs.instalments(award)) >= len(wanted))
        assert self.outputs.instalments(award) == sorted(wanted)


def publish(servers) -> None:
    """What `kerja programme publish` stores, of every file."""
    connection = psycopg2.connect(servers.postgres.address)
    with connection, connection.cursor() as cursor:
        for file in sorted((ROOT / "programmes").glob("*.yaml")):
            text = file.read_text()
            cursor.execute("INSERT INTO kerja.programme (programme, sha256, text) VALUES (%s, %s, %s) "
                           "ON CONFLICT DO NOTHING", (file.stem, hashlib.sha256(text.encode()).digest(), text))
    connection.close()


def course(course_id: str, programmes: list[str], price: str, currency: str, **changes) -> tuple[str, str, dict]:
    provider = {"legal_since": Day(2012, 5, 7), "registered_on": Day(2012, 5, 7), "operating_since": Day(2012, 5, 7),
                "applied_on": Day(2023, 5, 2), "licences": ["DISNAKER"], "accreditations": ["JPK"],
                "contribution_months": 24, "contribution_exempt": False}
    return "course.listed", course_id, listed(course_id, **{
        "programmes": programmes, "provider_id": f"PROVIDER-{course_id}", "price": Decimal(price), "currency": currency,
        "synchronous_minutes": 2400, "valid_from": Day(2019, 9, 1), "provider": provider, **changes})


def bought(award: Award, course_id: str, price: str, on: Day, starts_on: Day, ends_on: Day, **changes) -> tuple[str, str, dict]:
    return "course.enrolled", award.award_id, enrolled(award, **{
        "course_id": course_id, "price": Decimal(price), "currency": "MYR", "enrolled_at": noon(on),
        "starts_on": starts_on, "ends_on": ends_on, **changes})


def done(award: Award, course_id: str, on: Day, **changes) -> tuple[str, str, dict]:
    return "course.completed", award.award_id, completed(award, course_id=course_id, completed_at=noon(on), **changes)


@pytest.fixture
def programmes(servers, worker):
    started = Programmes(servers, worker)
    yield started
    started.outputs.close()


def test_every_programme_approves_what_its_file_says(programmes):
    """One worker, five programmes, side by side: courses first, then whatever the awards lead to, all at once."""
    programmes.say([("course.listed", "MARKET-1", listed()),
                    course("RPEL-1", [BINA, TVET], "2500.00", "MYR", category="RPEL"),
                    course("PRO-1", [BINA], "4000.00", "MYR", category="PROFESSIONAL"),
                    course("VOK-1", [VOKASI], "300000.00", "IDR", mode="CLASSROOM")])
    checks = [flow(programmes) for flow in (kartu, bina, tvet, daya_2023, daya_2024, daya_2025, vokasi)]
    for award, wanted in checks:
        programmes.approved(award, wanted)
    programmes.outputs.each_once()
    assert not [one for one in programmes.outputs.seen if one.topic == "dead.letter"]


def kartu(programmes):
    """The normal scheme: one instalment on the last of completion, review and account; the course's price."""
    award = programmes.award(KARTU, "normal", BOUGHT_ON - datetime.timedelta(days=4), wave=55,
                             notice_day=BOUGHT_ON - datetime.timedelta(days=3))
    programmes.say([*prepared(award), *finished(award)])
    return award, [("job_search_incentive", "PARTICIPANT", award.person_id, "INCENTIVE", 1, "600000.00", DONE_ON.isoformat()),
                   ("training", "PROVIDER", "PROVIDER-MARKET", "TRAINING", 1, "400000.00", DONE_ON.isoformat())]


def bina(programmes):
    """Two courses at their caps, and three months in all, though four were begun."""
    award = programmes.award(BINA, "bina-kerjaya-2023", Day(2023, 6, 1))
    second = {"enrolment_id": f"{award.enrolment_id}-2"}
    programmes.say([bought(award, "RPEL-1", "2500.00", Day(2023, 6, 5), Day(2023, 8, 31), Day(2023, 10, 10))])
    programmes.milestones(award, "TRAINING_MONTH", [Day(2023, 8, 31), Day(2023, 9, 30)], enrolment_id=award.enrolment_id)
    first = [("training_allowance", "PARTICIPANT", award.person_id, "INCENTIVE", 1, "300.00", "2023-09-30"),
             ("training_allowance", "PARTICIPANT", award.person_id, "INCENTIVE", 2, "300.00", "2023-10-10")]
    programmes.approved(award, first)
    programmes.say([done(award, "RPEL-1", Day(2023, 10, 10))])
    fee = ("training_fee", "PROVIDER", "PROVIDER-RPEL-1", "TRAINING", 1, "2500.00", "2023-10-10")
    programmes.approved(award, [*first, fee])
    programmes.say([bought(award, "PRO-1", "4000.00", Day(2023, 10, 20), Day(2023, 11, 30), Day(2024, 2, 29), **second),
                    done(award, "PRO-1", Day(2024, 2, 29), **second)])
    programmes.milestones(award, "TRAINING_MONTH", [Day(2023, 11, 30), Day(2023, 12, 30)], **second)
    programmes.milestones(award, "JOB_PLACED", [Day(2024, 3, 15)])
    return award, [*first, fee,
                   ("training_allowance", "PARTICIPANT", award.person_id, "INCENTIVE", 3, "300.00", "2023-12-30"),
                   ("training_fee", "PROVIDER", "PROVIDER-PRO-1", "TRAINING", 2, "4000.00", "2024-02-29")]


def months(award: Award, amount: str, days: list[str]) -> list[tuple]:
    return [("hiring_incentive", "EMPLOYER", f"E-{award.number}", "INCENTIVE", number, amount, day)
            for number, day in enumerate(days, 1)]


def tvet(programmes):
    """The employer's months over month ends, and the provider's fee for the worker's course."""
    award = programmes.award(TVET, "daya-kerjaya-tvet-2023", Day(2023, 9, 5), hired_on=Day(2023, 8, 31))
    programmes.say([bought(award, "RPEL-1", "2500.00", Day(2023, 9, 10), Day(2023, 9, 11), Day(2023, 10, 10)),
                    done(award, "RPEL-1", Day(2023, 10, 10))])
    programmes.milestones(award, "MONTH_EMPLOYED", [Day(2023, 9, 30), Day(2023, 10, 31), Day(2023, 11, 30)])
    return award, [*months(award, "600.00", ["2023-09-30", "2023-10-31", "2023-11-30"]),
                   ("training_fee", "PROVIDER", "PROVIDER-RPEL-1", "TRAINING", 1, "2500.00", "2023-10-10")]


def daya_2023(programmes):
    """Stopped from month 3 on: the last employed day is the due day of month 2."""
    award = programmes.award(DAYA, "daya-kerjaya-2023", Day(2023, 5, 10), hired_on=Day(2023, 5, 2))
    programmes.milestones(award, "MONTH_EMPLOYED", [Day(2023, 6, 2), Day(2023, 7, 2)])
    programmes.milestones(award, "EMPLOYMENT_ENDED", [Day(2023, 7, 2)])
    programmes.milestones(award, "MONTH_EMPLOYED", [Day(2023, 6, 2), Day(2023, 7, 2), Day(2023, 8, 2)])
    stops = lambda: [(one["item"], one["from_instalment"], one["effect"], one["reason"])
                     for one in programmes.outputs.of("incentive.stopped", award)]
    assert programmes.outputs.wait(stops) == [("hiring_incentive", 3, "STOPPED", "EMPLOYMENT_ENDED")]
    return award, months(award, "600.00", ["2023-06-02", "2023-07-02"])


def daya_2024(programmes):
    """Six months of RM1,500, counted from 30 November over a leap February."""
    award = programmes.award(DAYA, "daya-kerjaya-2024", Day(2024, 1, 5), hired_on=Day(2023, 11, 30))
    programmes.milestones(award, "MONTH_EMPLOYED", [Day(2024, 6, 1)] * 7)
    return award, months(award, "1500.00", ["2023-12-30", "2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30", "2024-05-30"])


def daya_2025(programmes):
    award = programmes.award(DAYA, "daya-kerjaya-2025", Day(2025, 1, 5), hired_on=Day(2024, 12, 31))
    programmes.milestones(award, "MONTH_EMPLOYED", [Day(2025, 1, 31), Day(2025, 2, 28), Day(2025, 3, 31)])
    return award, months(award, "600.00", ["2025-01-31", "2025-02-28", "2025-03-31"])


def vokasi(programmes):
    """A classroom is refused where movement is restricted; elsewhere fee and allowance are told without an amount."""
    refused = programmes.award(VOKASI, "vokasi-2020", Day(2020, 4, 5))
    programmes.say([bought(refused, "VOK-1", "300000.00", Day(2020, 4, 6), Day(2020, 4, 10), Day(2020, 4, 20),
                           currency="IDR", region_code="31.75")])
    status = lambda award: [(one["status"], one["reasons"]) for one in programmes.outputs.of("enrolment.decided", award)]
    assert programmes.outputs.wait(lambda: status(refused)) == [("REJECTED", ["MODE_NOT_ALLOWED"])]
    award = programmes.award(VOKASI, "vokasi-2020", Day(2020, 4, 5))
    programmes.say([bought(award, "VOK-1", "300000.00", Day(2020, 4, 6), Day(2020, 4, 10), Day(2020, 4, 20),
                           currency="IDR", region_code="34.71")])
    programmes.milestones(award, "DAY_ATTENDED", [Day(2020, 4, 10), Day(2020, 4, 11)], enrolment_id=award.enrolment_id)
    assert programmes.outputs.wait(lambda: status(award)) == [("ACCEPTED", [])]
    programmes.say([done(award, "VOK-1", Day(2020, 4, 20))])
    items = lambda: sorted(one["item"] for one in programmes.outputs.of("incentive.approved", award))
    programmes.outputs.wait(lambda: len(items()) == 2)
    assert items() == ["daily_allowance", "training_fee"]
    return award, []
