"""The money: entries, balances, limits, the gateway's own book, and what each award is owed by its events."""
import collections
import sqlite3

from faults import people
from faults.findings import Findings, query
from integration.chain.owed import owed

# Of an award that lives, or lived until its year was closed; RELEASED went back, APPROPRIATION is where it comes from.
HELD_ACCOUNTS = ("COMMITTED", "USED", "PAYABLE", "IN_FLIGHT", "PAID", "RECOVERED")
OPEN_ACCOUNTS = ("COMMITTED", "USED", "PAYABLE", "IN_FLIGHT")
PAID_STATES = ("PAID",)
UNPAID = "EXPIRED", ["BALANCE_RETURNED"]  # how an instalment ends that could not be paid until its year was closed
# What tells what an award is owed.
TELLING = {"application.decided", "award.changed", "enrolment.decided", "completion.decided", "milestone.reached",
           "payout.closed"}


def check_awards(servers, services: list[str], applicants: list[people.Applicant], findings: Findings) -> None:
    """Awards are as many as the reference has, and the limits count them."""
    awarded = sum(one.status == "AWARDED" for one in applicants)
    [(awards, kept)] = query(servers, "SELECT count(*), count(*) FILTER (WHERE NOT revoked) FROM application.award")
    if awards != awarded:
        findings.unbalanced.append(f"{awards} awards, should be {awarded}")
    money = awarded * people.PACKAGE_HUNDREDTHS
    if "incentive" in services:
        balances = check_ledger(servers, findings)
        money = sum(balances[account] for account in HELD_ACCOUNTS)
    for kind, scope, used, ceiling in query(servers, "SELECT kind, scope, used, ceiling FROM application.quota"):
        due = kept if kind == "SEATS" else money
        if used != due or used > ceiling:
            findings.unbalanced.append(f"limit {kind} {scope}: {used} of {ceiling} used, should be {due}")


def check_ledger(servers, findings: Findings) -> dict[str, int]:
    """Balances by account; each is the sum of its entries, and all are nothing together."""
    rows = query(servers, "SELECT to_jsonb(c) FROM incentive_read.ledger_check c")
    findings.unbalanced += [f"ledger: {row}" for (row,) in rows if any(value is False for value in row.values())]
    entries: dict[str, int] = collections.Counter()
    for debited, credited, amount in query(servers, "SELECT debited, credited, sum(amount)::bigint "
                                           "FROM incentive.ledger_entry GROUP BY 1, 2"):
        entries[debited] += amount
        entries[credited] -= amount
    balances = collections.Counter(dict(query(servers, "SELECT account, sum(used)::bigint FROM incentive.ledger_balance "
                                              "GROUP BY 1")))
    for account in entries.keys() | balances.keys():
        if entries[account] != balances[account]:
            findings.unbalanced.append(f"{account}: entries give {entries[account]}, the balance is {balances[account]}")
    if sum(balances.values()):
        findings.unbalanced.append(f"the balances sum to {sum(balances.values())}")
    return balances


def check_platform(path, received: list, applicants: list[people.Applicant], findings: Findings) -> str:
    """What the platform wrote down for itself: it heard of each award, and has an answer to all that it sent."""
    refused = {str(one.event["enrolment_id"]) for one in letters(received, "course.enrolled", "course.completed")}
    completed = {one.event["enrolment_id"] for one in received if one.topic == "course.completed"}
    sent = {one.event["enrolment_id"] for one in received if one.topic == "course.enrolled"}
    with sqlite3.connect(path, timeout=30) as connection:
        heard = {application_id for (application_id,) in connection.execute("SELECT application_id FROM award")}
        bought = connection.execute("SELECT enrolment_id, purchase, completion FROM enrolment").fetchall()
    due = {one.application_id for one in applicants if one.status == "AWARDED"}
    findings.lost += [f"the platform never heard of the award of {one}" for one in due - heard]
    findings.twice += [f"the platform heard of an award of {one}, who has none" for one in heard - due]
    own = {enrolment_id for enrolment_id, *_answers in bought}
    findings.lost += [f"the purchase {one} stands in the platform's book or in Kafka, not in both" for one in own ^ sent]
    for enrolment_id, purchase, completion in bought:
        if enrolment_id not in refused and (purchase is None or (enrolment_id in completed and completion is None)):
            findings.lost.append(f"the platform has no answer to {enrolment_id}: {purchase}, {completion}")
    if not completed:
        findings.lost.append("the platform sold nothing that was completed")
    return f"the platform heard of {len(heard)} awards, sold {len(bought)} courses, {len(completed)} were completed"


def letters(received: list, *topics: str) -> list:
    """Records of those topics that are dead letters."""
    places = {(one.headers.get("kerja_topic"), one.headers.get("kerja_partition"), one.headers.get("kerja_offset"))
              for one in received if one.topic == "dead.letter"}
    return [one for one in received if one.event and one.topic in topics and
            (one.topic, str(one.partition), str(one.offset)) in places]


def check_end(servers, book_path, received: list, findings: Findings) -> str:
    """After the last day: nothing is open, the gateway's book says the same, and everybody got what the events say."""
    balances = check_ledger(servers, findings)
    for account in OPEN_ACCOUNTS:
        if balances[account]:
            findings.unbalanced.append(f"{balances[account]} is still {account} after the last day")
    book = read_book(book_path)
    paid = sum(amount for amounts in book["PAID"].values() for amount in amounts)
    if paid != balances["PAID"] + balances["RECOVERED"]:
        findings.unbalanced.append(f"the gateway paid {paid}, the ledger says {balances['PAID']} and "
                                   f"{balances['RECOVERED']} recovered")
    stored = {end_to_end: (status, amount, key) for end_to_end, status, amount, *key in query(
        servers, "SELECT replace(entitlement_id::text, '-', ''), status, amount, award_id::text, item, instalment, reasons "
        "FROM incentive.entitlement")}
    findings.twice += [f"instalment {end_to_end} was paid {len(amounts)} times" for end_to_end, amounts in book["PAID"].items()
                       if len(amounts) > 1]
    for end_to_end, (status, amount, _key) in stored.items():
        if (status in PAID_STATES) != (book["PAID"].get(end_to_end) == [amount]):
            findings.unbalanced.append(f"instalment {end_to_end} is {status}, the gateway paid {book['PAID'].get(end_to_end)}")
    check_requested(received, book, findings)
    told = check_owed(received, stored, book, findings)
    if not paid:
        findings.lost.append("nothing was paid")
    return (f"{len(stored)} instalments, {len(book['PAID'])} paid, {sum(map(len, book['REJECTED'].values()))} refusals, "
            f"{paid // 100:,} rupiah; {told}")


def read_book(path) -> dict[str, dict[str, list[int]]]:
    """By state, and by end-to-end id, the amounts in hundredths."""
    book: dict = {"PAID": collections.defaultdict(list), "REJECTED": collections.defaultdict(list)}
    with sqlite3.connect(path, timeout=30) as connection:
        for instruction_id, state, amount in connection.execute(
                "SELECT instruction_id, state, amount_hundredths FROM instruction"):
            book[state][instruction_id[:32]].append(amount)
    return book


def check_requested(received: list, book, findings: Findings) -> None:
    """The gateway knows every instruction, and none that was not given; attempts count from 1."""
    attempts: dict[str, set[int]] = collections.defaultdict(set)
    for one in received:
        if one.topic == "payout.requested":
            attempts[one.event["end_to_end_id"]].add(one.event["attempt"])
    known = collections.Counter({end: len(amounts) for state in book.values() for end, amounts in state.items()})
    known = {end: sum(len(state.get(end, ())) for state in book.values()) for end in known}
    for end_to_end, numbers in attempts.items():
        if numbers != set(range(1, len(numbers) + 1)) or known.get(end_to_end) != len(numbers):
            findings.lost.append(f"instalment {end_to_end} was asked for by the attempts {sorted(numbers)}, the gateway knows "
                                 f"{known.get(end_to_end)}")
    findings.twice += [f"the gateway was asked for {end}, by nobody" for end in known.keys() - attempts.keys()]


def check_owed(received: list, stored, book, findings: Findings) -> str:
    """Whatever the events say that an award is owed is an instalment of that amount: paid, or ended with a reason that
    something else explains. Of awards that were revoked meanwhile the events alone do not tell when: what was approved of
    them is an instalment, whatever became of it."""
    ended = {str(one.event["award_id"]) for one in received
             if one.topic == "award.changed" and one.event["change"] in ("REVOKED", "REINSTATED")}
    known = {(award_id, item, instalment): (status, amount, reasons)
             for status, amount, (award_id, item, instalment, reasons) in stored.values()}
    returnable = returned(received, stored, book)
    due = [one for one in owed([one for one in received if one.topic in TELLING]) if one.award_id not in ended]
    for one in due:
        status, amount, reasons = known.get((one.award_id, one.item, one.instalment), (None, None, None))
        if status is None or amount != int(one.amount * 100):
            findings.lost.append(f"{one.item} {one.instalment} of {one.award_id} is owed, and known as {status} {amount}")
        elif status not in PAID_STATES and ((status, reasons) != UNPAID or one.award_id not in returnable):
            findings.lost.append(f"{one.item} {one.instalment} of {one.award_id} is {status}: nothing explains {reasons}")
    approved = {(str(one.event["award_id"]), one.event["item"], part["number"]) for one in received
                if one.topic == "incentive.approved" for part in one.event["instalments"]}
    findings.lost += [f"{item} {number} of {award_id} was approved, and is not known"
                      for award_id, item, number in approved - known.keys()]
    return f"{len(due)} were owed, and {len(approved)} approved"


def returned(received: list, stored, book) -> set[str]:
    """Awards that may end with something unpaid: somebody held them, or a gateway refused a payee of theirs."""
    payees = collections.defaultdict(set)  # by end-to-end id and by award
    for one in received:
        if one.topic == "incentive.approved":
            payee = one.event["payee"]["kind"], one.event["payee"]["ref"]
            payees[str(one.event["award_id"])].add(payee)
            for part in one.event["instalments"]:
                payees[part["entitlement_id"].hex].add(payee)
    refused = {payee for end_to_end in book["REJECTED"] for payee in payees[end_to_end]}
    held = {str(one.event["award_id"]) for one in received
            if one.topic == "award.changed" and one.event["change"] == "HELD"}
    return held | {award_id for _status, _amount, (award_id, *_of) in stored.values() if payees[award_id] & refused}
