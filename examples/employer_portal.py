"""employer_portal - employers who hired with an award, and the office that counts their months.

Follows application.decided for hires that are its own: links the employer's account, then tells each month in which
the worker was employed and its contribution, and the end of the job where it ends early. A few employers claim a month
too many, and some link no account until a payment waits for it. Everything follows from the award's id and --seed.

    python3 examples/employer_portal.py --people hires.jsonl --book employers.db
"""

from datetime import date, timedelta

import kerja_client
from accounts import TABLES as RELINKED, account, mendable
from kerja_client import Client, KUALA_LUMPUR, chance, digits, load_json_lines, local_time, month_later, plain, whole
from portal import Portal, print_summary

TABLES = """
CREATE TABLE IF NOT EXISTS award (
  award_id TEXT PRIMARY KEY, application_id TEXT, scheme TEXT, payee_ref TEXT, employer_no TEXT, hired_on TEXT,
  awarded_at TEXT, ended_on TEXT);
CREATE TABLE IF NOT EXISTS employer (payee_ref TEXT PRIMARY KEY, employer_no TEXT, first_award_id TEXT);
CREATE TABLE IF NOT EXISTS month (award_id TEXT, number INTEGER, PRIMARY KEY (award_id, number));
""" + RELINKED

TOPICS = ["application.decided", "payout.closed"]

# For how many months the office counts, by scheme.
MONTHS = {"daya-kerjaya-2023": 3, "daya-kerjaya-2024": 6, "daya-kerjaya-2025": 3, "daya-kerjaya-tvet-2023": 3}

# Shares, chosen to show each path.
LEAVES = 0.12              # within the months that count
CLAIMS_A_MONTH_MORE = 0.3  # of those: the month in which the worker left
LINKS_LATE = 0.06          # of the employers: when a payment waits for it
LINKS_NEVER = 0.02
WRONG_CURRENCY = 0.03
BANKS = ["MAYBANK", "CIMB", "PUBLIC-BANK", "RHB"]


class Employers(Portal):
    def __init__(self, client, seed, hires):
        super().__init__(client, seed)
        self.hires = hires

    def handle(self, event):
        {"application.decided": self.on_application, "payout.closed": self.on_payout}[event.topic](event.value)

    def on_application(self, decided):
        hire = self.hires.get(decided["application_id"])
        if decided["status"] != "AWARDED" or decided["scheme"] not in MONTHS or hire is None:
            return
        award_id, ended_on = str(decided["award_id"]), self.ends(decided, hire)
        self.book.execute(
            "INSERT OR IGNORE INTO award VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (award_id, decided["application_id"], decided["scheme"], decided["payee"]["ref"], hire["employer_no"],
             hire["hired_on"].isoformat(), decided["occurred_at"].isoformat(), ended_on and ended_on.isoformat()))
        award = self.award(decided)
        self.link_first(award, decided["occurred_at"])
        self.count_months(award, hire["hired_on"], ended_on, decided["occurred_at"])

    def ends(self, decided, hire):
        """The last employed day, of the few who leave early."""
        award_id, months = str(decided["award_id"]), MONTHS[decided["scheme"]]
        if chance(self.seed, award_id, "leaves") >= LEAVES:
            return None
        return hire["hired_on"] + timedelta(days=whole(5, 30 * months - 5, self.seed, award_id, "leaves on"))

    def count_months(self, award, hired_on, ended_on, awarded_at):
        """Month n is over on the hire day + n months. What was over before the award is told after it."""
        told_too_many = ended_on and self.chance(award, "claims") < CLAIMS_A_MONTH_MORE
        for number in range(1, MONTHS[award["scheme"]] + 1):
            over_on = month_later(hired_on, number)
            worked = ended_on is None or ended_on >= over_on
            if not worked and not told_too_many:
                break
            told_too_many = told_too_many and worked  # one month more, and no other
            at = max(local_time(over_on, KUALA_LUMPUR, 10), awarded_at + timedelta(hours=number))
            self.reach(award, "CONTRIBUTION_RECEIVED", number, at, over_on)
            self.reach(award, "MONTH_EMPLOYED", number, at + timedelta(minutes=5), over_on)
            self.book.execute("INSERT OR IGNORE INTO month VALUES (?, ?)", (award["award_id"], number))
        if ended_on:
            self.reach(award, "EMPLOYMENT_ENDED", 1, local_time(ended_on, KUALA_LUMPUR, 18), None)

    def reach(self, award, kind, number, at, over_on):
        milestone_id = f"{award['award_id']}/{kind}/{number}"
        self.client.send("milestone.reached", {
            "milestone_id": milestone_id,
            "award_id": award["award_id"],
            "kind": kind,
            "number": number,
            "reached_at": at,
            "covers_month": month_later(over_on, -1).replace(day=1) if over_on else None,
            "on_time": True if kind == "CONTRIBUTION_RECEIVED" else None,
            "count": None,
            "evidence": None,
            "enrolment_id": None,
        }, milestone_id)

    # -- accounts -----------------------------------------------------------------------------

    def link_first(self, award, at):
        """An employer links once, with its first award; a few only when they must."""
        self.book.execute("INSERT OR IGNORE INTO employer VALUES (?, ?, ?)",
                          (award["payee_ref"], award["employer_no"], award["award_id"]))
        first = self.book.execute("SELECT first_award_id FROM employer WHERE payee_ref = ?", (award["payee_ref"],)).fetchone()[0]
        links = chance(self.seed, award["payee_ref"], "links") >= LINKS_LATE + LINKS_NEVER
        if links and first == award["award_id"]:
            self.link(award, at + timedelta(hours=2))

    def link(self, award, linked_at, revision=1):
        ref = award["payee_ref"]
        wrong = revision == 1 and chance(self.seed, ref, "wrong currency") < WRONG_CURRENCY
        event = {
            **account(ref, "EMPLOYER", BANKS[whole(0, len(BANKS) - 1, self.seed, ref, "bank")], "BBAN", linked_at, revision,
                      "SGD" if wrong else "MYR"),
            "account_no": digits(12, ref, "account", revision),
            "holder_name": f"Majikan Contoh {award['employer_no']}",
            "business_registration_no": digits(12, award["employer_no"], "business"),
        }
        self.client.send("account.linked", event, f"{ref}/account/{revision}")

    def on_payout(self, closed):
        """A payment that failed for the account: another one is linked, some days later."""
        award = self.award(closed)
        if award is None or closed["item"] != "hiring_incentive" or closed["outcome"] not in ("HELD", "RETURNED"):
            return
        cares = chance(self.seed, award["payee_ref"], "links") >= LINKS_NEVER
        if not cares or not mendable(closed["reasons"]) or closed["occurred_at"] is None:
            return
        revision, linked_at = self.relinked(award, award["payee_ref"], closed)
        self.link(award, linked_at, revision)

    def summary(self):
        return {
            "hires": len(self.hires),
            "awards": self.count("award"),
            "employers": self.count("employer"),
            "months": self.count("month"),
            "left": self.count("award WHERE ended_on IS NOT NULL"),
            "relinked": self.count("relink"),
        }


def read_hires(paths):
    """The portal's own hires: application id -> employer and day of hire."""
    hires = {}
    for line in (line for path in paths for line in load_json_lines(path)):
        hire = plain(line.get("hire"))
        if hire:
            hires[line["application_id"]] = {
                "employer_no": hire["employer_no"],
                "hired_on": date(1970, 1, 1) + timedelta(days=hire["hired_on"]),
            }
    return hires


def main():
    parser = kerja_client.common_arguments(__doc__.partition("\n")[0])
    parser.add_argument("--name", default="employers/example", help="CloudEvents source, without its slash")
    parser.add_argument("--people", action="append", required=True, help="applications for hires, JSON lines")
    parser.add_argument("--seed", type=int, default=1, help="who does what")
    arguments = parser.parse_args()
    client = Client(arguments.name, TOPICS, arguments, TABLES)
    portal = Employers(client, arguments.seed, read_hires(arguments.people))
    client.run(portal.handle)
    print_summary(client.final)


if __name__ == "__main__":
    main()
