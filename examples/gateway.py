"""gateway - a payment gateway: takes instructions, pays each once, says what became of it.

Reads payout.requested and payout.queried; answers with payout.settled: ACCEPTED, then PAID or REJECTED, and
RETURNED where the money came back. Its book (an SQLite file) is the gateway's own record, kept apart from
Kerja's: after a day both must agree to the rupiah.

    python3 examples/gateway.py --book gateway.db
    python3 examples/gateway.py --book gateway.db --totals      # prints the book and ends
    python3 examples/gateway.py --book gateway.db --day-file 2021-09-24 > day.csv    # for `kerja reconcile`

Gateways misbehave. The shares --refuse, --silent, --late, --twice, --returned, --lost, --contradict,
--wrong-sum and --stray (0 to 1) and --shuffle let this one do so, always for the same instructions under
the same --seed. Whatever it says, its book tells where the money is.
"""

import csv
import json
import sys
import uuid
from datetime import timedelta
from decimal import Decimal

import kerja_client
from kerja_client import JAKARTA, KUALA_LUMPUR, Client, chance, local_time, shuffled, whole

TABLES = """
CREATE TABLE IF NOT EXISTS instruction (
  instruction_id TEXT PRIMARY KEY,     -- one payment, however often it is requested
  award_id TEXT, programme TEXT, item TEXT, partner TEXT, currency TEXT,
  amount_hundredths INTEGER,
  state TEXT,                          -- where the money is: PAID, REJECTED or RETURNED
  reason_code TEXT,
  manner TEXT,                         -- prompt, silent, late
  trouble TEXT,                        -- RETURNED, CONTRADICTED or WRONG_SUM, else NULL
  settled_at TEXT, day TEXT,
  envelope_id TEXT);                   -- programme/partner/day, as it was asked
CREATE TABLE IF NOT EXISTS lost (instruction_id TEXT PRIMARY KEY);  -- never reached us, as we see it
CREATE TABLE IF NOT EXISTS doubled (instruction_id TEXT PRIMARY KEY);
"""

# ISO 20022 external status reason codes that wallets and banks really give: the payee can mend the first
# ones, the last ones pass by themselves.
REFUSALS = [
    ("AC01", "account number is not known"),
    ("AC04", "account is closed"),
    ("AC06", "account is blocked"),
    ("AG01", "account takes no such payments"),
    ("BE01", "holder is not the creditor named"),
    ("AB05", "payee's bank did not answer in time"),
    ("AM21", "day's limit of the clearing is reached"),
    ("TM01", "came after the cut-off time"),
]
ZONES = {"IDR": JAKARTA, "MYR": KUALA_LUMPUR}  # whose day it is where a currency is paid
DAY_FILE = ["instruction_id", "end_to_end_id", "status", "amount", "currency", "gateway_reference", "settled_at"]
RETURN_CODE = "AC04"  # closed between our word and the bank's booking
RETURNED_AFTER = timedelta(days=3)
CONTRADICTED_AFTER = timedelta(minutes=10)


class Gateway:
    def __init__(self, client, arguments):
        self.client = client
        self.book = client.book
        self.arguments = arguments
        client.summary = self.summary

    def handle(self, event):
        if event.topic == "payout.requested":
            if self.arguments.currency in (None, event.value["currency"]):
                self.take(event.key, event.value)
        elif self.arguments.currency is None or self.known(event.value):
            self.answer_query(event.key, event.value)

    def known(self, query):
        """A gateway of one currency keeps silent about what was never asked of it: others answer."""
        number = query["instruction_id"]
        lost = self.book.execute("SELECT 1 FROM lost WHERE instruction_id = ?", (number,)).fetchone()
        return lost is not None or self.entry(number) is not None

    def take(self, key, request):
        """Pays an instruction that is new; one that is not gets the answer it got before."""
        entry = self.entry(request["instruction_id"])
        if entry is None:
            entry = None if self.loses(request["instruction_id"]) else self.enter(request)
        elif entry["amount_hundredths"] != hundredths(request["amount"]):
            # The same reference for another sum is never a repeat. Nothing is paid.
            self.client.counts["contradicted"] += 1
            self.say(key, request, "REJECTED", request["requested_at"], "AM05", "reference was used for another sum")
            return
        else:
            self.client.counts["repeated"] += 1
        if entry is not None and entry["manner"] != "silent":
            self.say_all(key, request, entry)
        if chance(self.arguments.seed, request["instruction_id"], "stray") < self.arguments.stray:
            self.stray(request)

    def stray(self, request):
        """A word on a payment of somebody else's: nobody there ever asked for it."""
        other = uuid.uuid5(uuid.NAMESPACE_OID, request["instruction_id"]).hex
        about = {"instruction_id": f"{other}-01", "end_to_end_id": other, "award_id": None}
        self.say(other, about, "PAID", request["requested_at"])

    def loses(self, number):
        """Some never arrive, as far as we can tell; sent again after our NOT_FOUND, they do."""
        return (chance(self.arguments.seed, number, "lost") < self.arguments.lost
                and self.book.execute("INSERT OR IGNORE INTO lost VALUES (?)", (number,)).rowcount == 1)

    def enter(self, request):
        number, seed = request["instruction_id"], self.arguments.seed
        refused = chance(seed, number, "refuse") < self.arguments.refuse
        code = REFUSALS[whole(0, len(REFUSALS) - 1, seed, number, "code")][0] if refused else None
        settled_at = settlement_time(request, seed)
        manner = self.one_of(number, [("silent", self.arguments.silent), ("late", self.arguments.late)]) or "prompt"
        trouble = None if refused or manner != "prompt" else self.one_of(
            number, [("RETURNED", self.arguments.returned), ("CONTRADICTED", self.arguments.contradict),
                     ("WRONG_SUM", self.arguments.wrong_sum)])
        state = "REJECTED" if refused else "RETURNED" if trouble == "RETURNED" else "PAID"
        self.book.execute(
            "INSERT INTO instruction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, str(request["award_id"]), request["programme"], request["item"], request["partner"],
             request["currency"], hundredths(request["amount"]), state, code, manner, trouble,
             settled_at.isoformat(), settled_at.astimezone(ZONES[request["currency"]]).date().isoformat(),
             request["envelope_id"]),
        )
        return self.entry(number)

    def one_of(self, number, shares):
        """The first name whose share the instruction falls into; None for most."""
        return next((name for name, share in shares if chance(self.arguments.seed, number, name) < share), None)

    def entry(self, number):
        return self.book.execute("SELECT * FROM instruction WHERE instruction_id = ?", (number,)).fetchone()

    def say_all(self, key, request, entry):
        """ACCEPTED, then the outcome; a late gateway says the outcome only when asked."""
        settled_at = instant(entry["settled_at"])
        words = [("ACCEPTED", request["requested_at"] + timedelta(seconds=5), None)]
        if entry["manner"] == "prompt":
            refused = entry["state"] == "REJECTED"
            words.append(("REJECTED" if refused else "PAID", settled_at, entry["reason_code"]))
        if self.arguments.shuffle:
            words = shuffled(words, self.arguments.seed, request["instruction_id"], "shuffle")
        if entry["trouble"] == "RETURNED":
            words.append(("RETURNED", settled_at + RETURNED_AFTER, RETURN_CODE))
        elif entry["trouble"] == "CONTRADICTED":  # by a system of ours that knows less than the book
            words.append(("REJECTED", settled_at + CONTRADICTED_AFTER, "AC01"))
        for status, at, code in words:
            self.say(key, request, status, at, code)

    def answer_query(self, key, query):
        entry = self.entry(query["instruction_id"])
        at = query["queried_at"] + timedelta(seconds=2)
        if entry is None:
            self.say(key, query, "NOT_FOUND", at, tag=f"/query/{query['query']}")
            return
        settled_at = instant(entry["settled_at"])
        tag = f"/query/{query['query']}"
        self.say(key, query, entry["state"], min(settled_at, at), entry["reason_code"], tag=tag)

    def say(self, key, about, status, at, code=None, text=None, tag=""):
        number = about["instruction_id"]
        entry = self.entry(number)
        moved = entry["amount_hundredths"] if entry and status in ("PAID", "RETURNED") else None
        if moved and entry["trouble"] == "WRONG_SUM":
            moved += 100  # the word is wrong by a rupiah; the book is not
        answer = {
            "instruction_id": number,
            "end_to_end_id": about["end_to_end_id"],
            "award_id": about["award_id"],
            "status": status,
            "reason_code": code,
            "reason_text": text or dict(REFUSALS).get(code),
            "amount": Decimal(moved) / 100 if moved else None,
            "currency": entry["currency"] if moved else None,
            "gateway_reference": reference(number) if entry else None,
            "settled_at": at,
        }
        # The key goes back as it came: the answer meets the instruction in one partition.
        times = 2 if chance(self.arguments.seed, number, "twice") < self.arguments.twice else 1
        if times > 1:
            self.book.execute("INSERT OR IGNORE INTO doubled VALUES (?)", (number,))
        for n in range(times):
            event_id = f"{number}/{status}{tag}" + (f"/again/{n}" if n else "")
            self.client.send("payout.settled", answer, event_id, key=key)

    def summary(self):
        count = lambda query: self.book.execute(f"SELECT count(*) FROM {query}").fetchone()[0]
        by = lambda column: dict(self.book.execute(
            f"SELECT {column}, count(*) FROM instruction WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1").fetchall())
        return {
            "payments": count("instruction WHERE state = 'PAID'"),
            "paid_awards": count("(SELECT DISTINCT award_id FROM instruction WHERE state = 'PAID')"),
            "states": by("state"),
            "manners": by("manner"),
            "troubles": by("trouble"),
            "refusals": by("reason_code"),
            "lost": count("lost"),
            "doubled": count("doubled"),
            "repeated": self.client.counts["repeated"],
            "contradicted": self.client.counts["contradicted"],
            "totals": totals(self.book),
        }


def settlement_time(request, seed):
    """When the money moves: some minutes after the request, on the execution day at the earliest
    and, for a gateway keeps its word, before the answer is due."""
    opening = local_time(request["requested_execution_date"], ZONES[request["currency"]], hour=8)
    begin = max(request["requested_at"], opening)
    moved = begin + timedelta(seconds=whole(60, 3600, seed, request["instruction_id"], "delay"))
    latest = max(request["answer_by"] - timedelta(minutes=1), request["requested_at"] + timedelta(seconds=10))
    return min(moved, latest)


def instant(text):
    return kerja_client.datetime.fromisoformat(text)


def reference(number):
    """Our own number of a payment."""
    return f"GW-{number[-12:]}"


def write_day_file(book, day, currency, partner, out):
    """What became of each instruction of a day's envelopes, a line each: what the other side checks its ledger against."""
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(DAY_FILE)
    for row in book.execute(
        "SELECT * FROM instruction WHERE envelope_id LIKE '%/' || ? AND ? IN (currency, '') AND ? IN (partner, '')"
        " ORDER BY instruction_id", (day, currency or "", partner or "")
    ):
        amount = f"{Decimal(row['amount_hundredths']) / 100:.2f}"
        number = row["instruction_id"]
        lines.writerow([number, number.rpartition("-")[0], row["state"], amount, row["currency"], reference(number),
                        row["settled_at"]])


def hundredths(amount):
    return int(amount.scaleb(2))


def totals(book):
    """What the book adds up to by programme, item, currency and state."""
    rows = book.execute(
        "SELECT programme, item, currency, state, count(*) AS payments, sum(amount_hundredths) AS amount_hundredths,"
        " min(day) AS first_day, max(day) AS last_day FROM instruction GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    )
    return [dict(row) for row in rows]


def print_totals(book, by_day):
    print(f"{'programme':<20} {'item':<22} {'state':<9} {'payments':>10} {'amount':>26}")
    for row in totals(book):
        amount = f"{row['currency']} {Decimal(row['amount_hundredths']) / 100:,.2f}"
        print(f"{row['programme']:<20} {row['item']:<22} {row['state']:<9} {row['payments']:>10,} {amount:>26}")
    if not by_day:
        return
    print(f"\n{'day':<12} {'payments':>10} {'amount':>26}")
    for row in book.execute(
        "SELECT day, currency, count(*) AS payments, sum(amount_hundredths) AS amount FROM instruction"
        " WHERE state = 'PAID' GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        amount = f"{row['currency']} {Decimal(row['amount']) / 100:,.2f}"
        print(f"{row['day']:<12} {row['payments']:>10,} {amount:>26}")


def parse_arguments():
    parser = kerja_client.common_arguments(__doc__.partition("\n")[0])
    parser.add_argument("--name", default="gateway/example", help="CloudEvents source, without its slash")
    parser.add_argument("--seed", type=int, default=1, help="which instructions meet the shares below")
    parser.add_argument("--refuse", type=float, default=0, help="share refused with an ISO code")
    parser.add_argument("--silent", type=float, default=0, help="share paid without a word until asked")
    parser.add_argument("--late", type=float, default=0, help="share accepted, but told as paid only when asked")
    parser.add_argument("--twice", type=float, default=0, help="share answered twice")
    parser.add_argument("--returned", type=float, default=0, help="share paid, and returned three days later")
    parser.add_argument("--lost", type=float, default=0, help="share not found when asked, taken when sent again")
    parser.add_argument("--contradict", type=float, default=0, help="share paid, and then called refused")
    parser.add_argument("--wrong-sum", type=float, default=0, help="share paid, and told with another sum")
    parser.add_argument("--stray", type=float, default=0, help="share at which a word on an unknown payment is said too")
    parser.add_argument("--shuffle", action="store_true", help="answers of an instruction in any order")
    parser.add_argument("--currency", help="takes instructions in this currency only (ISO 4217); none: in any")
    parser.add_argument("--day-file", metavar="DAY", help="print what became of a day's envelopes as CSV, and end")
    parser.add_argument("--partner", help="with --day-file: of one bank or wallet only")
    parser.add_argument("--totals", action="store_true", help="print what the book adds up to, and end")
    parser.add_argument("--by-day", action="store_true", help="with --totals: also day by day")
    parser.add_argument("--json", action="store_true", help="with --totals: as JSON")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if arguments.day_file:
        write_day_file(kerja_client.open_book(arguments.book, TABLES), arguments.day_file, arguments.currency,
                       arguments.partner, sys.stdout)
        return
    if arguments.totals:
        book = kerja_client.open_book(arguments.book, TABLES)
        print(json.dumps(totals(book))) if arguments.json else print_totals(book, arguments.by_day)
        return
    client = Client(arguments.name, ["payout.requested", "payout.queried"], arguments, TABLES)
    gateway = Gateway(client, arguments)
    client.run(gateway.handle)


if __name__ == "__main__":
    main()
