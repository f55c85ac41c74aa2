"""portal - what the portals of people with an award share: the book's row of an award, the dice that say what its holder does,
and another account for a payment that failed."""

from datetime import timedelta

import kerja_client
from accounts import relink
from kerja_client import chance, load_json_lines, plain, whole

DAYS_TO_RELINK = 10


class Portal:
    """A subclass has the tables, among them `award`, and says in its summary() what came of them."""

    def __init__(self, client, seed):
        self.client = client
        self.book = client.book
        self.seed = seed
        client.summary = self.summary

    def chance(self, award, *names):
        return chance(self.seed, award["award_id"], *names)

    def whole(self, low, high, award, *names):
        return whole(low, high, self.seed, award["award_id"], *names)

    def award(self, event):
        """The award if it is of a user of ours."""
        return self.book.execute("SELECT * FROM award WHERE award_id = ?", (str(event["award_id"]),)).fetchone()

    def relinked(self, award, payee_ref, closed):
        """Another account for whose payment failed, some days after the bad news: its revision, and when it is linked."""
        cause = f"{closed['end_to_end_id']}/{closed['sequence']}"
        linked_at = closed["occurred_at"] + timedelta(days=self.whole(1, DAYS_TO_RELINK, award, cause))
        again = relink(self.book, payee_ref, cause, linked_at)
        return again["revision"], instant(again["linked_at"])

    def count(self, rows):
        return self.book.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]


class CoursePortal(Portal):
    """Where people book courses: `enrolment` has the newest status of each purchase and completion."""

    def __init__(self, client, seed, people, fit, unfit):
        super().__init__(client, seed)
        self.people, self.fit, self.unfit = people, fit, unfit
        self.by_id = {course["course_id"]: course for course in fit + unfit}

    def enrolment(self, event):
        return self.book.execute("SELECT * FROM enrolment WHERE enrolment_id = ?", (event["enrolment_id"],)).fetchone()

    def provider_of(self, award):
        """Whose course the person bought last."""
        bought = self.book.execute("SELECT course_id FROM enrolment WHERE award_id = ? AND bought ORDER BY attempt DESC",
                                   (award["award_id"],)).fetchone()
        return self.by_id[bought["course_id"]]["provider_id"] if bought else None

    def states(self, column):
        return dict(self.book.execute(
            f"SELECT {column}, count(*) FROM enrolment WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1").fetchall())


def instant(text):
    return kerja_client.datetime.fromisoformat(text)


def read_people(paths):
    """The portal's own users: application id -> what it knows of them."""
    people = {}
    for line in (line for path in paths for line in load_json_lines(path)):
        people[line["application_id"]] = {
            "national_id": line["national_id"],
            "msisdn": line["msisdn"],
            "name": plain(line.get("name")),
        }
    return people


def print_summary(summary):
    for name, value in summary.items():
        if isinstance(value, dict):
            value = ", ".join(f"{state} {n:,}" for state, n in value.items())
        print(f"{name:<20} {value if isinstance(value, str) else format(value, ',')}")
