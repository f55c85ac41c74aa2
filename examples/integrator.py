"""integrator - a registration portal: sends applications, follows what becomes of them.

Reads a file of registrations (application.submitted in Avro's JSON encoding, one a line, as `kerja
synthesize` prints them), publishes them at a rate, then follows application.decided for the
applications that are its own and keeps a summary by status and reason.

    python3 examples/integrator.py people.jsonl --book integrator.db          # publish and follow
    python3 examples/integrator.py --book integrator.db                       # go on following

Portals may repeat themselves: a time-out sends a registration again (--repeats: the same id, revision and
ce_id), and people correct what they forgot (--corrections: the same id, the next revision). Kerja
takes a revision once, and the newest.
"""

import collections
import time

import kerja_client
from kerja_client import Client, chance

TABLES = """
CREATE TABLE IF NOT EXISTS application (
  application_id TEXT PRIMARY KEY, sequence INTEGER DEFAULT 0,
  status TEXT, reasons TEXT, ever_pooled INTEGER DEFAULT 0, award_id TEXT, programme TEXT, scheme TEXT);
CREATE TABLE IF NOT EXISTS waited (       -- why an application was ever held
  application_id TEXT, reason TEXT, PRIMARY KEY (application_id, reason));
CREATE TABLE IF NOT EXISTS sent_again (why TEXT PRIMARY KEY, records INTEGER);
"""

LATER_BOUND = 500  # records between a registration and its repeat or correction


class Integrator:
    def __init__(self, client, arguments):
        self.client = client
        self.book = client.book
        self.arguments = arguments
        client.summary = self.summary

    def publish(self, path):
        """Sends every registration of the file; repeats and corrections some records later."""
        pace = Pace(self.arguments.rate)
        later = collections.deque()
        for event in self.client.schemas.read_json_lines("application.submitted", path):
            if self.client.stopping:
                break
            self.submit(event, pace)
            number = event["application_id"]
            if chance(number, "repeat") < self.arguments.repeats:
                later.append(("repeated", event))
            if chance(number, "correct") < self.arguments.corrections:
                later.append(("corrected", corrected(event)))
            if len(later) >= LATER_BOUND:
                self.submit_later(later, pace)
        self.submit_later(later, pace)
        self.book.commit()
        self.client.flush()

    def submit_later(self, later, pace):
        while later:
            why, event = later.popleft()
            self.book.execute("INSERT INTO sent_again VALUES (?, 1)"
                              " ON CONFLICT (why) DO UPDATE SET records = records + 1", (why,))
            self.submit(event, pace)

    def submit(self, event, pace):
        number = event["application_id"]
        self.book.execute("INSERT OR IGNORE INTO application (application_id) VALUES (?)", (number,))
        # The id says what is told, not when: a repeat has the id of the first.
        self.client.send("application.submitted", event, f"{number}/{event['revision']}")
        pace.wait()
        self.client.report()

    def handle(self, event):
        """The newest word on an application of ours; others' are not our business."""
        decided = event.value
        self.book.execute(
            "UPDATE application SET sequence = ?, status = ?, reasons = ?, award_id = ?, programme = ?, scheme = ?,"
            " ever_pooled = ever_pooled OR ? WHERE application_id = ? AND sequence < ?",
            (decided["sequence"], decided["status"], " ".join(decided["reasons"]), str(decided["award_id"]),
             decided["programme"], decided["scheme"], decided["status"] == "POOLED", decided["application_id"], decided["sequence"]),
        )
        if decided["status"] == "HELD":
            self.book.executemany("INSERT OR IGNORE INTO waited VALUES (?, ?)",
                                  [(decided["application_id"], reason) for reason in decided["reasons"]])

    def summary(self):
        count = lambda where: self.book.execute(f"SELECT count(*) FROM application WHERE {where}").fetchone()[0]
        reasons = collections.Counter()
        for row in self.book.execute(
            "SELECT status, reasons, count(*) AS n FROM application WHERE reasons <> '' GROUP BY 1, 2"
        ):
            for reason in row["reasons"].split():
                reasons[f"{row['status']} {reason}"] += row["n"]
        statuses = self.book.execute(
            "SELECT coalesce(status, 'UNANSWERED') AS status, count(*) AS n FROM application GROUP BY 1 ORDER BY 1"
        )
        again = {row["why"]: row["records"] for row in self.book.execute("SELECT * FROM sent_again")}
        return {
            "applied": count("true"),
            "answered": count("status IS NOT NULL"),
            "pooled": count("ever_pooled"),
            "selected": count("status = 'AWARDED'"),
            "repeated": again.get("repeated", 0),
            "corrected": again.get("corrected", 0),
            "statuses": {row["status"]: row["n"] for row in statuses},
            "reasons": dict(sorted(reasons.items())),
        }


class Pace:
    """Holds a loop to so many turns a second; 0 lets it run."""

    def __init__(self, per_second):
        self.per_second = per_second
        self.begun = time.monotonic()
        self.turns = 0

    def wait(self):
        self.turns += 1
        if self.per_second:
            ahead = self.begun + self.turns / self.per_second - time.monotonic()
            if ahead > 0.01:
                time.sleep(ahead)


def corrected(event):
    """The next revision: what was not verified is, and a face that did not match was taken again."""
    better = dict(event, revision=event["revision"] + 1)
    better["msisdn_verified_at"] = event["msisdn_verified_at"] or event["submitted_at"]
    if event["email"]:
        better["email_verified_at"] = event["email_verified_at"] or event["submitted_at"]
    better["checks"] = [
        dict(check, result="MATCH") if check["register"] == "FACE" else check for check in event["checks"]
    ]
    return better


def print_summary(summary):
    print(f"{summary['applied']:,} applications, {summary['answered']:,} answered")
    for status, n in summary["statuses"].items():
        print(f"  {status:<12} {n:>10,}")
    for reason, n in summary["reasons"].items():
        print(f"    {reason:<38} {n:>10,}")


def main():
    parser = kerja_client.common_arguments(__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", help="registrations to publish, JSON lines; none: follow only")
    parser.add_argument("--name", default="integrator/example", help="CloudEvents source, without its slash")
    parser.add_argument("--rate", type=float, default=0, help="registrations a second; 0: as fast as it goes")
    parser.add_argument("--repeats", type=float, default=0, help="share sent twice")
    parser.add_argument("--corrections", type=float, default=0, help="share corrected by a next, made-up revision")
    parser.add_argument("--publish-only", action="store_true", help="end when everything is published")
    arguments = parser.parse_args()
    client = Client(arguments.name, ["application.decided"], arguments, TABLES)
    integrator = Integrator(client, arguments)
    if arguments.file:
        integrator.publish(arguments.file)
    if arguments.publish_only:
        client.close()
        return
    client.run(integrator.handle)
    print_summary(client.final)


if __name__ == "__main__":
    main()
