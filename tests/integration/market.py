"""Awards on real servers, and what platforms, portals and gateways say of them: events with nothing wrong in them, to
be sent as they are or with one thing changed.
"""
import dataclasses
import datetime
from decimal import Decimal

import harness
from faults import people
from harness.paths import SERVICES
from service import PATIENCE_S, SETTINGS, Outputs, query

_numbers = iter(range(500_000_000, 10**9))  # of people: nobody applies in two tests

COURSE, PROVIDER, PRICE = "MARKET-1", "PROVIDER-MARKET", Decimal("400000.00")
BOUGHT_ON, DONE_ON = datetime.date(2023, 7, 13), datetime.date(2023, 7, 20)


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, 5, tzinfo=datetime.timezone.utc)  # in Jakarta


@dataclasses.dataclass
class Award:
    number: int
    award_id: str
    person_id: str

    @property
    def enrolment_id(self) -> str:
        return f"MARKET-E-{self.number}"

    @property
    def national_id(self) -> str:
        return f"{self.number:016d}"

    @property
    def msisdn(self) -> str:
        return f"+62811{self.number % 10**8:08d}"


def listed(course_id: str = COURSE, **changes) -> dict:
    return {"course_id": course_id, "programmes": [people.PROGRAMME], "provider_id": PROVIDER, "title": "Spreadsheets",
            "mode": "ONLINE", "price": PRICE, "currency": "IDR", "synchronous_minutes": 900, "longest_day_minutes": 180,
            "trainees_per_trainer": 45, "interactive": True, "identical_to_free": False,
            "valid_from": datetime.date(2020, 4, 1),
            "provider": {"legal_since": datetime.date(2012, 5, 7), "indicators_met": 59, "owner_overlaps_platform": False,
                         "documents": ["NIB", "NPWP", "KSWP", "PLATFORM_AGREEMENT", "STATEMENT"]}, **changes}


def reached(award: Award, kind: str, **changes) -> dict:
    number = changes.get("number", 1)
    return {"milestone_id": f"{award.number}-{kind}-{number}", "award_id": award.award_id, "kind": kind,
            "reached_at": noon(BOUGHT_ON - datetime.timedelta(days=1)), **changes}


def enrolled(award: Award, **changes) -> dict:
    return {"enrolment_id": award.enrolment_id, "award_id": award.award_id, "course_id": COURSE, "price": PRICE,
            "currency": "IDR", "enrolled_at": noon(BOUGHT_ON), **changes}


def completed(award: Award, **changes) -> dict:
    taken = [{"kind": kind, "taken_at": noon(DONE_ON)} for kind in ("PRETEST", "POSTTEST", "QUIZ", "PRACTICAL")]
    return {"enrolment_id": award.enrolment_id, "award_id": award.award_id, "course_id": COURSE,
            "attendee_national_id": award.national_id, "completed_at": noon(DONE_ON), "certificate_id": f"C-{award.number}",
            "sessions_held": 6, "sessions_attended": 6, "face_verified_sessions": 6, "camera_on_sessions": 6,
            "mode": "ONLINE", "assessments": taken, **changes}


def linked(award: Award, **changes) -> dict:
    return {"payee_kind": "PARTICIPANT", "payee_ref": award.person_id, "partner": "BNI",
            "account_no": f"77{award.number:010d}", "account_scheme": "BBAN", "holder_name": "Somebody",
            "holder_national_id": award.national_id, "msisdn": award.msisdn, "kyc_level": "FULL", "active": True,
            "currency": "IDR", "linked_at": noon(BOUGHT_ON), **changes}


def settled(requested: dict, status: str = "PAID", **changes) -> dict:
    return {"instruction_id": requested["instruction_id"], "end_to_end_id": requested["end_to_end_id"],
            "award_id": requested["award_id"], "status": status, "amount": requested["amount"],
            "currency": requested["currency"], "settled_at": requested["requested_at"], **changes}


def prepared(award: Award) -> list[tuple[str, str, dict]]:
    """What is asked of somebody before the first purchase."""
    videos = [reached(award, "INTRO_WATCHED", number=number) for number in (1, 2, 3)]
    return [("milestone.reached", award.award_id, event) for event in [*videos, reached(award, "ACCOUNT_LINKED")]]


def finished(award: Award) -> list[tuple[str, str, dict]]:
    """A course bought, finished and reviewed on one day, so that whatever comes last sets the plan of a day that has
    begun: no clock is needed."""
    review = reached(award, "REVIEW_RATED", reached_at=noon(DONE_ON), enrolment_id=award.enrolment_id)
    return [("course.enrolled", award.award_id, enrolled(award)), ("course.completed", award.award_id, completed(award)),
            ("milestone.reached", award.award_id, review)]


class MarketOutputs(Outputs):
    TOPICS = (*Outputs.TOPICS, "payout.requested", "award.changed")

    def requested(self, award: Award, item: str = "job_search_incentive") -> dict | None:
        return next((one.event for one in self.seen if one.topic == "payout.requested" and one.event["item"] == item
                     and str(one.event["award_id"]) == award.award_id), None)

    def revoked(self, award: Award) -> bool:
        return any(one.topic == "award.changed" and str(one.event["award_id"]) == award.award_id
                   and one.event["change"] == "REVOKED" for one in self.seen)


class Market:
    """All three workers, one course, and as many awards as a test wants."""

    def __init__(self, servers, worker):
        self.servers, self.outputs = servers, MarketOutputs(servers)
        self._sender = harness.Sender(servers.kafka.address, source=people.SOURCE)
        for service in SERVICES:
            worker(service, SETTINGS)
        self.say([("course.listed", COURSE, listed())])

    def say(self, records: list[tuple[str, str, dict]]) -> list[str]:
        """The ids of the events, in their order."""
        ids = [self._sender.send(topic, key, event) for topic, key, event in records]
        self._sender.flush()
        return ids

    def awards(self, count: int) -> list[Award]:
        """People who applied, were drawn and stand in a decree."""
        numbers = {f"MARKET-{number}": number for _, number in zip(range(count), _numbers)}
        self.say([("application.submitted", name, people.submitted(name, number)) for name, number in numbers.items()])
        self._all_are(numbers, "POOLED")
        self.say([("application.drawn", name, people.drawn(name, number, "SELECTED", decree_no="SK-1"))
                  for name, number in numbers.items()])
        self._all_are(numbers, "AWARDED")
        awards = []
        for name, number in numbers.items():
            decided = self.outputs.decided(name)[-1]
            awards.append(Award(number, str(decided["award_id"]), str(decided["person_id"])))
        self.say([record for award in awards for record in prepared(award)])
        return awards

    def link(self, accounts: list[dict]) -> None:
        """Each is known before anything is due: what comes later wakes what waits for it only by the clock."""
        self.say([("account.linked", account["payee_ref"], account) for account in accounts])
        refs = [account["payee_ref"] for account in accounts]
        known = lambda: query(self.servers, "SELECT count(*) FROM incentive.account WHERE payee_ref = ANY(%s)", refs)
        assert harness.wait_until(lambda: known() == [(len(refs),)], PATIENCE_S), known()

    def _all_are(self, names, status: str) -> None:
        self.outputs.wait(lambda: all(self.outputs.status(name) == status for name in names), PATIENCE_S)

    def close(self) -> None:
        self.outputs.close()
