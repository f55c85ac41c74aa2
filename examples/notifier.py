"""notifier - an SMS notifier: sends what is asked, once, and says whether it arrived.

Reads notification.requested; answers with notification.settled. The texts come ready to send: a
notifier adds nothing. It refuses a text that looks like phishing (a link, a one-time code), because
a true message of a programme has neither, and people are told so.

    python3 examples/notifier.py --show 5
"""

import re
from datetime import timedelta

import kerja_client
from kerja_client import Client, chance, whole

TABLES = """
CREATE TABLE IF NOT EXISTS message (
  notification_id TEXT PRIMARY KEY, kind TEXT, language TEXT, status TEXT, reason TEXT, parts INTEGER, programme TEXT);
CREATE TABLE IF NOT EXISTS sample (language TEXT PRIMARY KEY, kind TEXT, text TEXT);  -- the first sent of each
"""

LINK = re.compile(r"https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|id|my|info|vip|link|ly)\b", re.IGNORECASE)
CODE_WORD = re.compile(r"\b(?:OTP|PIN|kode verifikasi|verification code|one-time code)\b", re.IGNORECASE)
MONEY = re.compile(r"\b(?:Rp|IDR|RM|MYR)\s?[\d.,]+", re.IGNORECASE)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
DIGITS = re.compile(r"(?<!\d)\d{4,8}(?!\d)")

GSM_SINGLE, GSM_PART = 160, 153  # characters of one SMS, and of each part of a longer one
UCS2_SINGLE, UCS2_PART = 70, 67


def fault_of(text):
    """Why a text may not be sent; None when it may."""
    if LINK.search(text):
        return "LINK_IN_TEXT"
    bare = YEAR.sub("", MONEY.sub("", text))
    if CODE_WORD.search(bare) or DIGITS.search(bare):
        return "CODE_IN_TEXT"
    return None if text.strip() else "EMPTY_TEXT"


def sms_parts(text):
    single, part = (GSM_SINGLE, GSM_PART) if text.isascii() else (UCS2_SINGLE, UCS2_PART)
    return 1 if len(text) <= single else -(-len(text) // part)


def masked(number):
    """+62812*****89: enough to tell two apart, too little to call."""
    return number[:6] + "*" * max(len(number) - 8, 0) + number[-2:]


class Notifier:
    def __init__(self, client, arguments):
        self.client = client
        self.arguments = arguments
        self.shown = 0
        client.summary = self.summary

    def handle(self, event):
        request = event.value
        number = str(request["notification_id"])
        status, reason = self.outcome(number, request)
        first = self.client.book.execute(
            "INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, request["kind"], request["language"], status, reason, sms_parts(request["text"]), request["programme"]),
        ).rowcount
        if first and status != "EXPIRED":
            self.send_to_phone(request, reason)
        at = max(request["requested_at"], request["not_before"] or request["requested_at"])
        answer = {
            "notification_id": request["notification_id"],
            "award_id": request["award_id"],
            "status": status,
            "settled_at": at + timedelta(seconds=whole(2, 90, number)),
            "reason": reason,
        }
        # Said again after a repeat, in the same words: who asked may have missed it.
        self.client.send("notification.settled", answer, f"{number}/{status}", key=event.key)

    def outcome(self, number, request):
        fault = fault_of(request["text"])
        if fault:
            return "FAILED", fault
        if (request["not_before"] or request["requested_at"]) > request["not_after"]:
            return "EXPIRED", None
        if chance(self.arguments.seed, number) < self.arguments.undelivered:
            return "FAILED", "ABSENT_SUBSCRIBER"
        if chance(self.arguments.seed, number, "expired") < self.arguments.expired:
            return "EXPIRED", "QUEUE_TOO_LONG"
        return "DELIVERED", None

    def send_to_phone(self, request, reason):
        """Here a notifier of yours calls its operator. This one shows a few texts, and keeps one a language."""
        self.client.book.execute("INSERT OR IGNORE INTO sample VALUES (?, ?, ?)",
                                 (request["language"], request["kind"], request["text"]))
        if self.shown < self.arguments.show:
            self.shown += 1
            mark = f" [{reason}]" if reason else ""
            self.client.progress.say(f"{masked(request['to'])}{mark} {request['text']}")

    def summary(self):
        book = self.client.book
        kinds = book.execute("SELECT kind, language, status, count(*) AS messages FROM message"
                             " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
        told = book.execute("SELECT count(*) FROM message WHERE status = 'DELIVERED'").fetchone()[0]
        refused = book.execute("SELECT count(*) FROM message WHERE reason LIKE '%_TEXT'").fetchone()[0]
        parts = book.execute("SELECT coalesce(sum(parts), 0) FROM message").fetchone()[0]
        lost = book.execute("SELECT count(*) FROM message WHERE status IN ('FAILED', 'EXPIRED')").fetchone()[0]
        return {"told": told, "undelivered": lost, "refused_texts": refused, "sms_parts": parts,
                "kinds": [dict(row) for row in kinds]}


def print_summary(summary):
    print(f"{'kind':<24} {'language':<9} {'status':<10} {'messages':>10}")
    for row in summary["kinds"]:
        print(f"{row['kind']:<24} {row['language']:<9} {row['status']:<10} {row['messages']:>10,}")
    print(f"{summary['told']:,} delivered, {summary['refused_texts']:,} refused for a link or a code")


def main():
    parser = kerja_client.common_arguments(__doc__.partition("\n")[0])
    parser.add_argument("--name", default="notifier/example", help="CloudEvents source, without its slash")
    parser.add_argument("--seed", type=int, default=1, help="which messages do not arrive")
    parser.add_argument("--undelivered", type=float, default=0.01, help="share that does not arrive")
    parser.add_argument("--expired", type=float, default=0, help="share still queued when its time was over")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N texts, numbers masked")
    arguments = parser.parse_args()
    client = Client(arguments.name, ["notification.requested"], arguments, TABLES)
    notifier = Notifier(client, arguments)
    client.run(notifier.handle)
    print_summary(client.final)


if __name__ == "__main__":
    main()
