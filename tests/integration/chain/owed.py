"""What each award is owed, computed a second time: from the events alone, in other words than the services'.

The rules as Kartu Prakerja published them. A verified course is paid to its provider at its price on the day
it was completed. The first one gives the job-search incentive: 600,000 rupiah, in semi-bansos four times a
month apart, from the day on which course, review and linked account are all there. Each survey gives
50,000, due when it is answered and the first instalment is paid; in semi-bansos it lapses when it is answered after
thirty days or after the year's last day, and the third waits for the others.
"""
import calendar
import collections
import dataclasses
import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")
INSTALMENTS = {"semi-bansos": 4, "normal": 1}
INSTALMENT, SURVEY = Decimal("600000.00"), Decimal("50000.00")
SURVEY_DAYS = datetime.timedelta(days=30)
LAST_SURVEY_DAY = datetime.date(2021, 12, 10)  # of the awards of 2021
LAST_SURVEY = 3


@dataclasses.dataclass(frozen=True, order=True)
class Owed:
    award_id: str
    item: str
    instalment: int
    amount: Decimal
    due_on: datetime.date


def owed(records) -> set[Owed]:
    events = collections.defaultdict(list)
    for record in records:
        if record.event is not None:
            events[record.topic].append(record.event)
    awards = {str(one["award_id"]): one["scheme"] for one in events["application.decided"]
              if one["status"] == "AWARDED"}
    revoked = {str(one["award_id"]) for one in events["award.changed"] if one["change"] == "REVOKED"}
    found = set()
    for award_id in awards.keys() - revoked:
        mine = {topic: [one for one in of_topic if str(one.get("award_id")) == award_id]
                for topic, of_topic in events.items()}
        completed = newest(mine["completion.decided"], lambda one: one["enrolment_id"])
        verified = [one for one in completed.values() if one["status"] == "VERIFIED"]
        found |= trainings(award_id, verified, mine["enrolment.decided"])
        found |= instalments(award_id, awards[award_id], verified, mine["milestone.reached"])
        found |= surveys(award_id, awards[award_id], mine["milestone.reached"], mine["payout.closed"])
    return found


def trainings(award_id: str, verified: list[dict], enrolments: list[dict]) -> set[Owed]:
    """An enrolment's number within its award is the place at which it was first decided."""
    order = list(dict.fromkeys(one["enrolment_id"] for one in sorted(enrolments, key=lambda one: one["sequence"])
                               if one["status"] == "ACCEPTED"))
    prices = {one["enrolment_id"]: one["price"] for one in enrolments if one["status"] == "ACCEPTED"}
    return {Owed(award_id, "training", 1 + order.index(one["enrolment_id"]), prices[one["enrolment_id"]],
                 day(one["completed_at"])) for one in verified}


def instalments(award_id: str, scheme: str, verified: list[dict], milestones: list[dict]) -> set[Owed]:
    first = [day(one["completed_at"]) for one in verified if one["first_completion"]]
    reviewed = [day(one["reached_at"]) for one in milestones if one["kind"] == "REVIEW_RATED"]
    linked = [day(one["reached_at"]) for one in milestones if one["kind"] == "ACCOUNT_LINKED"]
    if not (first and reviewed and linked):
        return set()
    begin = max(min(first), min(reviewed), min(linked))
    return {Owed(award_id, "job_search_incentive", number, INSTALMENT, months_later(begin, number - 1))
            for number in range(1, INSTALMENTS[scheme] + 1)}


def surveys(award_id: str, scheme: str, milestones: list[dict], closed: list[dict]) -> set[Owed]:
    paid = [day(one["paid_at"]) for one in closed if one["item"] == "job_search_incentive"
            and one["instalment"] == 1 and one["outcome"] == "PAID"]
    opened = {one["number"]: one["reached_at"] for one in milestones if one["kind"] == "SURVEY_OPENED"}
    answered = {one["number"]: one["reached_at"] for one in milestones if one["kind"] == "SURVEY_ANSWERED"}
    found = set()
    for number, at in answered.items():
        if scheme == "semi-bansos":
            late = day(at) - day(opened[number]) > SURVEY_DAYS or day(at) > LAST_SURVEY_DAY
            early = number == LAST_SURVEY and len(answered) < LAST_SURVEY
            if late or early:
                continue
        if paid:
            found.add(Owed(award_id, "survey_incentive", number, SURVEY, max(day(at), min(paid))))
    return found


def newest(events: list[dict], key) -> dict:
    return {key(one): one for one in sorted(events, key=lambda one: one["sequence"])}


def day(instant: datetime.datetime) -> datetime.date:
    return instant.astimezone(JAKARTA).date()


def months_later(begin: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or its last where it has no such day."""
    year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(begin.day, calendar.monthrange(year, month + 1)[1]))
