"""gateway - a payment gateway: takes instructions, pays each once, says what became of it.

Reads payout.requested and payout.queried; answers with payout.settled, ACCEPTED and then PAID. Its
book (an SQLite file) is the gateway's own record, kept apart from Kerja's: after a day both must agree
to the rupiah.

    python3 examples/gateway.py --book gateway.db
    python3 examples/gateway.py --book gateway.db --totals      # prints the book and ends

Gateways misbehave. The shares --refuse, --silent, --late and --twice (0 to 1) and --shuffle let
this one do so, always for the same instructions under the same --seed.
"""

import json
from datetime import timedelta
from decimal import Decimal

import kerja_client
from kerja_client import JAKARTA, Client, chance, local_time, shuffled, whole

TABLES = """
CREATE TABLE IF NOT EXISTS instruction (
  instruction_id TEXT PRIMARY KEY,     -- one payment, however often it is requested
  award_id TEXT, programme TEXT, item TEXT, partner TEXT, currency TEXT,
  amount_hundredths INTEGER,
  state TEXT,                          -- PAID or REJECTED
  reason_code TEXT,
  manner TEXT,                         -- prompt, silent, late
  settled_at TEXT, day TEXT);
"""

# ISO 20022 external status reason codes that wallets and banks really give.
REFUSALS = [
    ("AC01", "account number is not known"),
    ("AC04", "account is closed"),
    ("AC06", "account is blocked"),
    ("AM02", "amount is above the account's limit"),
    ("BE01", "holder is not the creditor named"),
]


class Gateway:
    def __init__(self, client, arguments):
        self.client = client
        self.book = client.book
        self.arguments = arguments
        client.summary = self.summary

    def handle(self, event):
        if event.topic == "payout.requested":
            self.take(event.key, event.value)
        else:
            self.answer_query(event.key, event.value)

    def take(self, key, request):
        """Pays an instruction that is new; one that is not gets the answer it got before."""
        entry = self.entry(request["instruction_id"])
        if entry is None:
            entry = self.enter(request)
        elif entry["amount_hundredths"] != hundredths(request["amount"]):
            # The same reference for another sum is never a repeat. Nothing is paid.
            self.client.counts["contradicted"] += 1
            self.say(key, request, "REJECTED", request["requested_at"], "AM05", "reference was used for another sum")
            return
        else:
            self.client.counts["repeated"] += 1
        if entry["manner"] != "silent":
            self.say_all(key, request, entry)

    def enter(self, request):
        number, seed = request["instruction_id"], self.arguments.seed
        refused = chance(seed, number, "refuse") < self.arguments.refuse
        code = REFUSALS[whole(0, len(REFUSALS) - 1, seed, number, "code")][0] if refused else None
        settled_at = settlement_time(request, seed)
        manner = "prompt"
        if chance(seed, number, "silent") < self.arguments.silent:
            manner = "silent"
        elif chance(seed, number, "late") < self.arguments.late:
            manner = "late"
        self.book.execute(
            "INSERT INTO instruction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, str(request["award_id"]), request["programme"], request["item"], request["partner"],
             request["currency"], hundredths(request["amount"]), "REJECTED" if refused else "PAID", code, manner,
             settled_at.isoformat(), settled_at.astimezone(JAKARTA).date().isoformat()),
        )
        return self.entry(number)

    def entry(self, number):
        return self.book.execute("SELECT * FROM instruction WHERE instruction_id = ?", (number,)).fetchone()

    def say_all(self, key, request, entry):
        """ACCEPTED, then the outcome; a late gateway says the outcome only when asked."""
        words = [("ACCEPTED", request["requested_at"] + timedelta(seconds=5))]
        if entry["manner"] == "prompt":
            words.append((entry["state"], instant(entry["settled_at"])))
        if self.arguments.shuffle:
            words = shuffled(words, self.arguments.seed, request["instruction_id"], "shuffle")
        for status, at in words:
            self.say(key, request, status, at, entry["reason_code"] if status == "REJECTED" else None)

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
        answer = {
            "instruction_id": number,
            "end_to_end_id": about["end_to_end_id"],
            "award_id": about["award_id"],
            "status": status,
            "reason_code": code,
            "reason_text": text or dict(REFUSALS).get(code),
            "amount": Decimal(entry["amount_hundredths"]) / 100 if entry and status == "PAID" else None,
            "currency": entry["currency"] if entry and status == "PAID" else None,
            "gateway_reference": f"GW-{number[-12:]}" if entry else None,
            "settled_at": at,
        }
        # The key goes back as it came: the answer meets the instruction in one partition.
        times = 2 if chance(self.arguments.seed, number, "twice") < self.arguments.twice else 1
        for n in range(times):
            event_id = f"{number}/{status}{tag}" + (f"/again/{n}" if n else "")
            self.client.send("payout.settled", answer, event_id, key=key)

    def summary(self):
        paid = "SELECT count({}) FROM instruction WHERE state = 'PAID'"
        return {
            "payments": self.book.execute(paid.format("*")).fetchone()[0],
            "paid_awards": self.book.execute(paid.format("DISTINCT award_id")).fetchone()[0],
            "repeated": self.client.counts["repeated"],
            "contradicted": self.client.counts["contradicted"],
            "totals": totals(self.book),
        }


def settlement_time(request, seed):
    """When the money moves: some minutes after the request, on the execution day at the earliest
    and, for a gateway keeps its word, before the answer is due."""
    opening = local_time(request["requested_execution_date"], JAKARTA, hour=8)
    begin = max(request["requested_at"], opening)
    moved = begin + timedelta(seconds=whole(60, 3600, seed, request["instruction_id"], "delay"))
    latest = max(request["answer_by"] - timedelta(minutes=1), request["requested_at"] + timedelta(seconds=10))
    return min(moved, latest)


def instant(text):
    return kerja_client.datetime.fromisoformat(text)


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
    parser.add_argument("--shuffle", action="store_true", help="answers of an instruction in any order")
    parser.add_argument("--totals", action="store_true", help="print what the book adds up to, and end")
    parser.add_argument("--by-day", action="store_true", help="with --totals: also day by day")
    parser.add_argument("--json", action="store_true", help="with --totals: as JSON")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if arguments.totals:
        book = kerja_client.open_book(arguments.book, TABLES)
        print(json.dumps(totals(book))) if arguments.json else print_totals(book, arguments.by_day)
        return
    client = Client(arguments.name, ["payout.requested", "payout.queried"], arguments, TABLES)
    gateway = Gateway(client, arguments)
    client.run(gateway.handle)


if __name__ == "__main__":
    main()
