"""training_centre - the centres of programmes without a draw, with trainees who act.

Lists the centres' courses and accounts (centres.py), then follows the awards of its users: they book a course, come
day by day and month by month, finish it or not, and get their certificates. What each does follows from the award's id
and --seed, and when, from the day of the decision: never from a clock.

    python3 examples/training_centre.py --people people.jsonl --book centre.db
"""

from datetime import timedelta

import centres
import kerja_client
from accounts import TABLES as RELINKED, account, mendable
from kerja_client import Client, digits, local_time, month_later
from portal import CoursePortal, instant, print_summary, read_people

TABLES = """
CREATE TABLE IF NOT EXISTS award (
  award_id TEXT PRIMARY KEY, application_id TEXT, person_id TEXT, programme TEXT, scheme TEXT, region_code TEXT,
  awarded_at TEXT);
CREATE TABLE IF NOT EXISTS enrolment (
  enrolment_id TEXT PRIMARY KEY, award_id TEXT, course_id TEXT, attempt INTEGER, enrolled_at TEXT, starts_on TEXT, days INTEGER,
  purchase TEXT, completion TEXT, reasons TEXT DEFAULT '', bought INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS counted (    -- days attended, months begun
  milestone_id TEXT PRIMARY KEY, award_id TEXT, kind TEXT);
""" + RELINKED

TOPICS = ["application.decided", "enrolment.decided", "completion.decided", "payout.closed"]

# Shares of the population, chosen to show each path.
BOOKS = 0.92
CHOOSES_UNFIT = 0.06       # books a course that is refused, then another
COMPLETES = 0.93
CERTIFICATE_LATER = 0.04
LINKS_LATE = 0.05          # an account only when a payment was held for want of one
LINKS_NEVER = 0.02
WRONG_CURRENCY = 0.02      # a first account in another currency
ATTEMPTS = 2
BANKS = {"MYR": ["MAYBANK", "CIMB", "BANK-ISLAM", "BSN"], "IDR": ["BNI", "BRI"]}
OTHER_CURRENCY = {"MYR": "SGD", "IDR": "USD"}


class Centre(CoursePortal):
    def __init__(self, client, seed, people):
        super().__init__(client, seed, people, *centres.courses())

    # -- before anybody comes -----------------------------------------------------------------

    def list_courses(self):
        providers = {}
        for course in self.by_id.values():
            self.client.send("course.listed", course, f"{course['course_id']}/{course['revision']}")
            providers.setdefault(course["provider_id"], course)
        for provider, course in providers.items():
            self.client.send("account.linked", self.provider_account(provider, course), f"{provider}/account/1")
        self.client.flush()

    def provider_account(self, provider, course, revision=1, linked_at=None):
        linked_at = linked_at or local_time(course["valid_from"], kerja_client.JAKARTA, 9)
        currency = course["currency"]
        return {
            **account(provider, "PROVIDER", BANKS[currency][0], "BBAN", linked_at, revision, currency),
            "account_no": digits(12, provider, "account", revision),
            "holder_name": provider.replace("-", " ").title(),
            "business_registration_no": digits(12, provider, "business"),
        }

    # -- what comes ---------------------------------------------------------------------------

    def handle(self, event):
        act = {
            "application.decided": self.on_application,
            "enrolment.decided": self.on_enrolment,
            "completion.decided": self.on_completion,
            "payout.closed": self.on_payout,
        }[event.topic]
        act(event.value)

    def on_application(self, decided):
        """An award of a programme with courses: the person links an account and books one."""
        person = self.people.get(decided["application_id"])
        if decided["status"] != "AWARDED" or decided["scheme"] not in centres.PROGRAMMES or person is None:
            return
        new = self.book.execute(
            "INSERT OR IGNORE INTO award VALUES (?, ?, ?, ?, ?, ?, ?)",
            (str(decided["award_id"]), decided["application_id"], str(decided["person_id"]), decided["programme"],
             decided["scheme"], decided["region_code"], decided["occurred_at"].isoformat())).rowcount
        award = self.award(decided)
        self.client.counts["awards told again"] += 1 - new
        if decided["payee"]["kind"] == "PARTICIPANT" and self.chance(award, "links") >= LINKS_LATE + LINKS_NEVER:
            self.link(award, instant(award["awarded_at"]) + timedelta(hours=self.whole(1, 30, award, "links at")))
        if self.chance(award, "books") < BOOKS:
            self.enrol(award, attempt=1)

    def on_enrolment(self, decided):
        """Accepted: the course is attended. Refused before it began: another one is booked."""
        award, enrolment = self.award(decided), self.enrolment(decided)
        if award is None or enrolment is None:
            return
        self.book.execute(
            "UPDATE enrolment SET purchase = ?, bought = bought OR ?, reasons = ? WHERE enrolment_id = ?",
            (decided["status"], decided["status"] == "ACCEPTED", " ".join(decided["reasons"]), decided["enrolment_id"]))
        if decided["status"] == "ACCEPTED":
            self.attend(award, enrolment)
        elif decided["status"] == "REJECTED" and enrolment["completion"] is None:
            if enrolment["purchase"] != "ACCEPTED" and enrolment["attempt"] < ATTEMPTS:
                self.enrol(award, enrolment["attempt"] + 1, online="MODE_NOT_ALLOWED" in decided["reasons"])

    def on_completion(self, decided):
        """Held for its certificate: the centre issues it. Verified: some take one more course."""
        award, enrolment = self.award(decided), self.enrolment(decided)
        if award is None or enrolment is None:
            return
        self.book.execute("UPDATE enrolment SET completion = ? WHERE enrolment_id = ?",
                          (decided["status"], decided["enrolment_id"]))
        if decided["status"] == "HELD" and "CERT_MISSING" in decided["reasons"]:
            self.complete(award, enrolment, revision=2)
        elif decided["status"] == "VERIFIED" and enrolment["attempt"] <= ATTEMPTS:
            if self.chance(award, "again") < centres.PROGRAMMES[award["scheme"]]["again"]:
                self.enrol(award, ATTEMPTS + 1, after=decided["completed_at"])

    def on_payout(self, closed):
        """A payment that failed for its account is mended, some days later; a few people never care."""
        award = self.award(closed)
        if award is None or closed["outcome"] not in ("HELD", "RETURNED") or closed["occurred_at"] is None:
            return
        provider = self.provider_of(award) if closed["item"] == "training_fee" else None
        participant = closed["item"] in ("training_allowance", "daily_allowance")
        if not mendable(closed["reasons"]) or not (provider or participant):
            return
        if participant and self.chance(award, "links") < LINKS_NEVER:
            return
        revision, linked_at = self.relinked(award, provider or award["person_id"], closed)
        if provider:
            course = next(one for one in self.by_id.values() if one["provider_id"] == provider)
            event = self.provider_account(provider, course, revision, linked_at)
            self.client.send("account.linked", event, f"{provider}/account/{revision}")
        else:
            self.link(award, linked_at, revision)

    # -- what people do -----------------------------------------------------------------------

    def link(self, award, linked_at, revision=1):
        person, currency = self.people[award["application_id"]], self.currency(award)
        wrong = revision == 1 and self.chance(award, "wrong currency") < WRONG_CURRENCY
        event = {
            **account(award["person_id"], "PARTICIPANT", self.bank(award, currency), "BBAN", linked_at, revision,
                      OTHER_CURRENCY[currency] if wrong else currency),
            "account_no": digits(12, award["person_id"], "account", revision),
            "holder_name": person["name"],
            "holder_national_id": person["national_id"],
            "msisdn": person["msisdn"],
            "kyc_level": "FULL",
        }
        self.client.send("account.linked", event, f"{award['person_id']}/account/{revision}")
        if revision == 1:
            self.reach(award, "ACCOUNT_LINKED", 1, linked_at)

    def enrol(self, award, attempt, after=None, online=False):
        plan = centres.PROGRAMMES[award["scheme"]]
        unfit = attempt == 1 and self.chance(award, "unfit") < CHOOSES_UNFIT
        offered = centres.offered(self.unfit if unfit else self.fit, award["programme"])
        offered = [course for course in offered if course["mode"] == "ONLINE"] if online else offered
        course = offered[self.whole(0, len(offered) - 1, award, "course", attempt)]
        day = max((after or instant(award["awarded_at"])).astimezone(plan["zone"]).date(), plan["from"])
        day += timedelta(days=self.whole(2, 9, award, "books on", attempt))
        enrolled_at = local_time(day, plan["zone"], self.whole(8, 20, award, "hour"), attempt)
        enrolment_id, starts_on = f"{award['award_id']}/centre/{attempt}", day + timedelta(days=3)
        days = self.whole(*plan["days"], award, "days", attempt)
        self.book.execute(
            "INSERT OR IGNORE INTO enrolment VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, '', 0)",
            (enrolment_id, award["award_id"], course["course_id"], attempt, enrolled_at.isoformat(), starts_on.isoformat(), days))
        self.client.send("course.enrolled", {
            "enrolment_id": enrolment_id,
            "revision": 1,
            "award_id": award["award_id"],
            "course_id": course["course_id"],
            "price": course["price"],
            "currency": course["currency"],
            "enrolled_at": enrolled_at,
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(days=days - 1),
            "region_code": course["region_codes"][0] if course["region_codes"] else award["region_code"],
            "sessions_planned": centres.sessions_of(course),
        }, f"{enrolment_id}/1")

    def attend(self, award, enrolment):
        """Each month begun, or each day, is told; at the end the proof of the course, if there is one."""
        plan = centres.PROGRAMMES[award["scheme"]]
        starts_on = kerja_client.date.fromisoformat(enrolment["starts_on"])
        ends_on = starts_on + timedelta(days=enrolment["days"] - 1)
        if plan["counts"] == "DAY_ATTENDED":
            days = [starts_on + timedelta(days=n) for n in range(enrolment["days"])]
        else:
            days = [month_later(starts_on, n) for n in range(3) if month_later(starts_on, n) <= ends_on]
        for number, day in enumerate(days, 1):
            if plan["counts"]:
                self.reach(award, plan["counts"], number, local_time(day, plan["zone"], 17), enrolment["enrolment_id"])
        if self.chance(award, "completes", enrolment["attempt"]) < COMPLETES:
            self.complete(award, enrolment, revision=1)

    def complete(self, award, enrolment, revision):
        course, plan = self.by_id[enrolment["course_id"]], centres.PROGRAMMES[award["scheme"]]
        held = centres.sessions_of(course)
        without = revision == 1 and self.chance(award, "certificate later") < CERTIFICATE_LATER
        ends_on = kerja_client.date.fromisoformat(enrolment["starts_on"]) + timedelta(days=enrolment["days"] - 1)
        completed_at = local_time(ends_on, plan["zone"], 17, 30)
        number = enrolment["enrolment_id"]
        self.client.send("course.completed", {
            "enrolment_id": number,
            "revision": revision,
            "award_id": award["award_id"],
            "course_id": enrolment["course_id"],
            "attendee_national_id": self.people[award["application_id"]]["national_id"],
            "completed_at": completed_at,
            "certificate_id": None if without else f"CERT-{digits(12, number)}",
            "sessions_held": held,
            "sessions_attended": held,
            "face_verified_sessions": held,
            "camera_on_sessions": held,
            "mode": course["mode"],
            "assessments": [{"kind": "PRACTICAL", "score": self.whole(50, 100, award, "score"), "taken_at": completed_at}],
        }, f"{number}/completed/{revision}")

    def reach(self, award, kind, number, at, enrolment_id=None):
        milestone_id = f"{enrolment_id or award['award_id']}/{kind}/{number}"
        self.book.execute("INSERT OR IGNORE INTO counted VALUES (?, ?, ?)", (milestone_id, award["award_id"], kind))
        self.client.send("milestone.reached", {
            "milestone_id": milestone_id,
            "award_id": award["award_id"],
            "kind": kind,
            "number": number,
            "reached_at": at,
            "covers_month": at.date().replace(day=1) if kind == "TRAINING_MONTH" else None,
            "on_time": None,
            "count": None,
            "evidence": None,
            "enrolment_id": enrolment_id,
        }, milestone_id)

    def currency(self, award):
        return centres.offered(self.fit, award["programme"])[0]["currency"]

    def bank(self, award, currency):
        return BANKS[currency][self.whole(0, len(BANKS[currency]) - 1, award, "bank")]

    def summary(self):
        return {
            "courses": len(self.by_id),
            "awards": self.count("award"),
            "bought": self.count("(SELECT DISTINCT award_id FROM enrolment WHERE bought)"),
            "completed": self.count("(SELECT DISTINCT award_id FROM enrolment WHERE completion = 'VERIFIED')"),
            "relinked": self.count("relink"),
            "purchase_states": self.states("purchase"),
            "completion_states": self.states("completion"),
            "counted": dict(self.book.execute("SELECT kind, count(*) FROM counted GROUP BY 1 ORDER BY 1").fetchall()),
        }


def main():
    parser = kerja_client.common_arguments(__doc__.partition("\n")[0])
    parser.add_argument("--name", default="centre/example", help="CloudEvents source, without its slash")
    parser.add_argument("--people", action="append", required=True, help="applications of the centre's users, JSON lines")
    parser.add_argument("--seed", type=int, default=1, help="who does what")
    arguments = parser.parse_args()
    client = Client(arguments.name, TOPICS, arguments, TABLES)
    centre = Centre(client, arguments.seed, read_people(arguments.people))
    centre.list_courses()
    client.run(centre.handle)
    print_summary(client.final)


if __name__ == "__main__":
    main()
