"""training_platform - a training platform and portal with a population that acts.

Lists courses and the providers' accounts, then follows the awards of its users: they watch the
introduction, link an account, buy a course, attend it, review it, and answer the surveys once the first
money has come. What each person does follows from the award's id and --seed, and when, from the day on
which the wave's result was announced: never from a clock, so that a wave of 2021 goes through today.
Whose payment fails for the account links another one, some days later; a few never do.

    python3 examples/training_platform.py --people people.jsonl --book platform.db

(Not called platform.py: that name is taken by a module of Python's own.)
"""

from datetime import date, timedelta

import catalogue
import kerja_client
from accounts import TABLES as RELINKED, account, mendable
from kerja_client import JAKARTA, Client, digits, local_time
from portal import CoursePortal, instant, print_summary, read_people

TABLES = """
CREATE TABLE IF NOT EXISTS award (
  award_id TEXT PRIMARY KEY, application_id TEXT, person_id TEXT, scheme TEXT, notice_day TEXT);
CREATE TABLE IF NOT EXISTS enrolment (
  enrolment_id TEXT PRIMARY KEY, award_id TEXT, course_id TEXT, attempt INTEGER, enrolled_at TEXT,
  purchase TEXT, completion TEXT,         -- the newest status of each
  bought INTEGER DEFAULT 0);              -- accepted once, whatever became of it
CREATE TABLE IF NOT EXISTS survey (
  award_id TEXT, number INTEGER, answered_at TEXT, PRIMARY KEY (award_id, number));
CREATE TABLE IF NOT EXISTS first_payment (award_id TEXT PRIMARY KEY, paid_at TEXT);
CREATE TABLE IF NOT EXISTS withheld (award_id TEXT PRIMARY KEY);   -- purchases of the last day, not sent yet
""" + RELINKED

TOPICS = ["application.decided", "enrolment.decided", "completion.decided", "payout.closed"]

# From which day a partner pays out, as the programme announced it.
PARTNERS = [
    ("BNI", date(2020, 4, 11), "BBAN"),
    ("OVO", date(2020, 4, 11), "WALLET"),
    ("LINKAJA", date(2020, 4, 11), "WALLET"),
    ("GOPAY", date(2020, 4, 11), "WALLET"),
    ("DANA", date(2020, 10, 14), "WALLET"),
    ("BCA", date(2022, 12, 1), "BBAN"),
]

# What the portal knows of each scheme: by when people buy, the last day on which they may, and how many surveys
# there are. Days count from the notice day.
LAST_PURCHASE_DAY = {"semi-bansos": 20, "normal": 13}
DEADLINE_DAY = {"semi-bansos": 29, "normal": 14}
SURVEYS = {"semi-bansos": 3, "normal": 2}

# Shares of the population, as published for 2020 (bought, completed) or chosen to show a path.
BUYS = 0.93
COMPLETES = 0.95
CHOOSES_UNFIT = 0.02       # buys a course that is refused, then another
MISSES_A_SESSION = 0.01
CERTIFICATE_LATER = 0.02
REVIEWS = 0.99
ANSWERS = 0.97
ANSWERS_LATE = 0.02        # of the last survey: after its thirty days
RELINKS = 0.85             # links another account when one fails; the others never do

ATTEMPTS = 2               # a person whose purchase is refused tries once more


class Platform(CoursePortal):
    def __init__(self, client, arguments, people):
        super().__init__(client, arguments.seed, people, *catalogue.courses())
        self.changed_phone = arguments.changed_phone
        self.withhold = arguments.withhold

    # -- before anybody comes -----------------------------------------------------------------

    def list_courses(self):
        for course in self.fit + self.unfit:
            self.client.send("course.listed", course, f"{course['course_id']}/{course['revision']}")
        for provider in catalogue.providers():
            self.client.send("account.linked", self.provider_account(provider), f"{provider}/account/1")
        self.client.flush()

    def provider_account(self, provider, revision=1, linked_at=local_time(catalogue.LISTED_SINCE, JAKARTA, 9)):
        return {
            **account(provider, "PROVIDER", "BNI", "BBAN", linked_at, revision),
            "account_no": digits(10, provider, "account", revision),
            "holder_name": provider.replace("-", " ").title(),
            "business_registration_no": digits(13, provider, "NIB"),
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
        """An award: the person watches the introduction, links an account and buys."""
        if decided["status"] != "AWARDED" or decided["notice_day"] is None:
            return
        person = self.people.get(decided["application_id"])
        if person is None:
            self.client.counts["awards of other portals"] += 1
            return
        award = {
            "award_id": str(decided["award_id"]),
            "application_id": decided["application_id"],
            "person_id": str(decided["person_id"]),
            "scheme": decided["scheme"],
            "notice_day": decided["notice_day"].isoformat(),
        }
        self.book.execute(
            "INSERT OR IGNORE INTO award VALUES (:award_id, :application_id, :person_id, :scheme, :notice_day)",
            award,
        )
        self.watch_introduction(award)
        self.link_account(award, person)
        if self.chance(award, "hesitates") < self.withhold:
            self.book.execute("INSERT OR IGNORE INTO withheld VALUES (?)", (award["award_id"],))
        elif self.chance(award, "buys") < BUYS:
            self.buy(award, attempt=1)

    def on_enrolment(self, decided):
        """Accepted: the course is attended. Refused before it began: another one is bought."""
        award, enrolment = self.award(decided), self.enrolment(decided)
        if award is None or enrolment is None:
            return
        self.book.execute(
            "UPDATE enrolment SET purchase = ?, bought = bought OR ? WHERE enrolment_id = ?",
            (decided["status"], decided["status"] == "ACCEPTED", decided["enrolment_id"]),
        )
        if decided["status"] == "ACCEPTED":
            if self.chance(award, "completes") < COMPLETES:
                self.complete(award, enrolment, revision=1)
        elif decided["status"] == "REJECTED" and enrolment["completion"] is None:
            if enrolment["purchase"] != "ACCEPTED" and enrolment["attempt"] < ATTEMPTS:
                self.buy(award, attempt=enrolment["attempt"] + 1)

    def on_completion(self, decided):
        """Held for its certificate: the provider issues it. Verified: the course is reviewed."""
        award, enrolment = self.award(decided), self.enrolment(decided)
        if award is None or enrolment is None:
            return
        self.book.execute(
            "UPDATE enrolment SET completion = ? WHERE enrolment_id = ?", (decided["status"], decided["enrolment_id"])
        )
        if decided["status"] == "HELD" and "CERT_MISSING" in decided["reasons"]:
            self.complete(award, enrolment, revision=2)
        elif decided["status"] == "VERIFIED" and decided["first_completion"]:
            if self.chance(award, "reviews") < REVIEWS:
                at = decided["completed_at"] + timedelta(hours=self.whole(1, 36, award, "review"))
                self.reach(award, "REVIEW_RATED", 1, at, decided["enrolment_id"])

    def on_payout(self, closed):
        """The first instalment opens the surveys; a payment that failed for its account is mended."""
        award = self.award(closed)
        if award is None:
            return
        if closed["outcome"] in ("HELD", "RETURNED"):
            self.mend(award, closed)
        elif (closed["outcome"] == "PAID" and closed["paid_at"] is not None
              and closed["item"] == "job_search_incentive" and closed["instalment"] == 1):
            self.open_surveys(award, closed["paid_at"])

    def open_surveys(self, award, paid_at):
        """All but the last at once, the last a month later; a payment told again opens nothing anew."""
        self.book.execute("INSERT OR IGNORE INTO first_payment VALUES (?, ?)", (award["award_id"], paid_at.isoformat()))
        paid_at = instant(self.book.execute(
            "SELECT paid_at FROM first_payment WHERE award_id = ?", (award["award_id"],)).fetchone()[0])
        last = SURVEYS[award["scheme"]]
        for number in range(1, last + 1):
            opened_at = paid_at + timedelta(days=30 if number == last else 1)
            self.reach(award, "SURVEY_OPENED", number, opened_at)
            answered_at = opened_at + timedelta(days=self.days_to_answer(award, number, last), hours=1)
            if self.chance(award, "answers", number) < ANSWERS:
                self.reach(award, "SURVEY_ANSWERED", number, answered_at)
                self.book.execute(
                    "INSERT OR IGNORE INTO survey VALUES (?, ?, ?)", (award["award_id"], number, answered_at.isoformat())
                )

    def mend(self, award, closed):
        """Another account for whose payment failed, some days after the bad news. Providers always care."""
        provider = self.provider_of(award) if closed["item"] == "training" else None
        cares = provider or self.chance(award, "relinks") < RELINKS
        if not cares or not mendable(closed["reasons"]) or closed["occurred_at"] is None:
            return
        payee_ref = provider or award["person_id"]
        revision, linked_at = self.relinked(award, payee_ref, closed)
        if provider:
            event = self.provider_account(provider, revision, linked_at)
        else:
            event = self.participant_account(award, self.people[award["application_id"]], linked_at, revision)
        self.client.send("account.linked", event, f"{payee_ref}/account/{revision}")

    def send_withheld(self):
        """What was kept back until now is bought on the last day."""
        for row in self.book.execute("SELECT award.* FROM withheld JOIN award USING (award_id)").fetchall():
            self.buy(row, attempt=1, on_the_last_day=True)
            self.client.counts["bought on the last day"] += 1
        self.client.flush()
        self.book.execute("DELETE FROM withheld")
        self.book.commit()

    # -- what people do -----------------------------------------------------------------------

    def watch_introduction(self, award):
        for number in (1, 2, 3):
            self.reach(award, "INTRO_WATCHED", number, self.notice(award, hour=12, minute=20 * (number - 1)))

    def link_account(self, award, person):
        """The portal has just asked the partner: own name, fully verified; some wallets have an old number."""
        linked_at = self.notice(award, hour=13)
        event = self.participant_account(award, person, linked_at)
        if self.chance(award, "phone") < self.changed_phone:
            event["msisdn"] = "+62800" + digits(9, award["person_id"], "old number")
        self.client.send("account.linked", event, f"{award['person_id']}/account/1")
        self.reach(award, "ACCOUNT_LINKED", 1, linked_at)

    def participant_account(self, award, person, linked_at, revision=1):
        day = date.fromisoformat(award["notice_day"])
        partners = [(name, scheme) for name, since, scheme in PARTNERS if since <= day]
        first = self.whole(0, len(partners) - 1, award, "partner")
        partner, scheme = partners[(first + revision - 1) % len(partners)]
        again = (revision,) if revision > 1 else ()
        return {
            **account(award["person_id"], "PARTICIPANT", partner, scheme, linked_at, revision),
            "account_no": digits(16 if scheme == "WALLET" else 10, award["person_id"], partner, *again),
            "holder_name": person["name"],
            "holder_national_id": person["national_id"],
            "msisdn": person["msisdn"],
            "kyc_level": "FULL",
        }

    def buy(self, award, attempt, on_the_last_day=False):
        unfit = attempt == 1 and not on_the_last_day and self.chance(award, "unfit") < CHOOSES_UNFIT
        offered = self.unfit if unfit else self.fit
        course = offered[self.whole(0, len(offered) - 1, award, "course", attempt)]
        days = self.whole(1, LAST_PURCHASE_DAY[award["scheme"]], award, "purchase day") + attempt - 1
        if on_the_last_day:
            days = DEADLINE_DAY[award["scheme"]]
        enrolled_at = self.notice(award, days, self.whole(7, 21, award, "purchase hour"), attempt)
        enrolment_id = f"{award['award_id']}/{attempt}"
        self.book.execute(
            "INSERT OR IGNORE INTO enrolment VALUES (?, ?, ?, ?, ?, NULL, NULL, 0)",
            (enrolment_id, award["award_id"], course["course_id"], attempt, enrolled_at.isoformat()),
        )
        starts_on = enrolled_at.date() + timedelta(days=1)
        event = {
            "enrolment_id": enrolment_id,
            "revision": 1,
            "award_id": award["award_id"],
            "course_id": course["course_id"],
            "price": course["price"],
            "currency": course["currency"],
            "enrolled_at": enrolled_at,
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(days=self.training_days(award)),
            "region_code": None,
            "sessions_planned": catalogue.sessions_of(course["course_id"]),
        }
        self.client.send("course.enrolled", event, f"{enrolment_id}/1")

    def complete(self, award, enrolment, revision):
        """The proof of a course: who attended how many sessions, what was examined, the certificate."""
        course = self.by_id[enrolment["course_id"]]
        held = catalogue.sessions_of(enrolment["course_id"])
        attended = held - (1 if self.chance(award, "misses") < MISSES_A_SESSION else 0)
        without_certificate = revision == 1 and self.chance(award, "certificate later") < CERTIFICATE_LATER
        enrolled_at = instant(enrolment["enrolled_at"])
        begun_at = local_time(enrolled_at.date() + timedelta(days=1), JAKARTA, 9)
        completed_at = begun_at + timedelta(days=self.training_days(award), hours=8)
        event = {
            "enrolment_id": enrolment["enrolment_id"],
            "revision": revision,
            "award_id": award["award_id"],
            "course_id": enrolment["course_id"],
            "attendee_national_id": self.people[award["application_id"]]["national_id"],
            "completed_at": completed_at,
            "certificate_id": None if without_certificate else f"CERT-{digits(12, enrolment['enrolment_id'])}",
            "sessions_held": held,
            "sessions_attended": attended,
            "face_verified_sessions": attended,
            "camera_on_sessions": attended,
            "mode": course["mode"],
            "assessments": self.assessments(award, begun_at, completed_at),
        }
        self.client.send("course.completed", event, f"{enrolment['enrolment_id']}/completed/{revision}")

    def assessments(self, award, begun_at, completed_at):
        taken = [
            ("PRETEST", begun_at),
            ("QUIZ", completed_at - timedelta(hours=3)),
            ("PRACTICAL", completed_at - timedelta(hours=2)),
            ("POSTTEST", completed_at - timedelta(hours=1)),
        ]
        return [{"kind": kind, "score": self.whole(40, 100, award, kind), "taken_at": at} for kind, at in taken]

    def reach(self, award, kind, number, at, enrolment_id=None):
        milestone_id = f"{award['award_id']}/{kind}/{number}"
        event = {
            "milestone_id": milestone_id,
            "award_id": award["award_id"],
            "kind": kind,
            "number": number,
            "reached_at": at,
            "covers_month": None,
            "on_time": None,
            "count": None,
            "evidence": None,
            "enrolment_id": enrolment_id,
        }
        self.client.send("milestone.reached", event, milestone_id)

    # -- the dice -----------------------------------------------------------------------------

    def training_days(self, award):
        return self.whole(3, 12, award, "training days")

    def days_to_answer(self, award, number, last):
        if number == last and self.chance(award, "late", number) < ANSWERS_LATE:
            return self.whole(31, 35, award, "days", number)
        return self.whole(0, 20, award, "days", number)

    def notice(self, award, days=0, hour=0, minute=0):
        day = date.fromisoformat(award["notice_day"]) + timedelta(days=days)
        return local_time(day, JAKARTA, hour, minute)

    def summary(self):
        awards = "(SELECT DISTINCT award_id FROM enrolment"
        return {
            "courses": len(self.by_id),
            "awards": self.count("award"),
            "purchases": self.count("enrolment"),
            "bought": self.count(f"{awards} WHERE bought)"),
            "completed": self.count(f"{awards} WHERE completion = 'VERIFIED')"),
            "surveys_answered": self.count("survey"),
            "relinked": self.count("relink"),
            "withheld": self.count("withheld"),
            "bought_on_the_last_day": self.client.counts["bought on the last day"],
            "purchase_states": self.states("purchase"),
            "completion_states": self.states("completion"),
            "of_other_portals": self.client.counts["awards of other portals"],
        }


def main():
    parser = kerja_client.common_arguments(__doc__.partition("\n")[0])
    parser.add_argument("--name", default="platform/example", help="CloudEvents source, without its slash")
    parser.add_argument("--people", action="append", default=[], help="registrations of the portal's users, JSON lines")
    parser.add_argument("--seed", type=int, default=1, help="who does what")
    parser.add_argument("--changed-phone", type=float, default=0, help="share whose first account has an old number")
    parser.add_argument("--withhold", type=float, default=0,
                        help="share that buys on the last day, and not before the platform is started without it")
    parser.add_argument("--list-only", action="store_true", help="list courses and providers' accounts, and end")
    arguments = parser.parse_args()
    if not arguments.people and not arguments.list_only:
        parser.error("--people is needed: a portal knows its users")
    client = Client(arguments.name, TOPICS, arguments, TABLES)
    platform = Platform(client, arguments, read_people(arguments.people))
    platform.list_courses()
    if arguments.list_only:
        client.close()
    else:
        if not arguments.withhold:
            platform.send_withheld()
        client.run(platform.handle)
    print_summary(client.final)


if __name__ == "__main__":
    main()
