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
    check_owed(servers, received, stored, findings)
    return (f"{len(stored)} instalments, {len(book['PAID'])} paid, {sum(map(len, book['REJECTED'].values()))} refusals, "
            f"{paid // 100:,} rupiah")


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


def check_owed(servers, received: list, stored, findings: Findings) -> None:
    """Whatever the events say that an award is owed is an instalment of that amount: paid, or ended with a reason. Of
    awards that were revoked or that lapsed meanwhile the events alone do not tell when."""
    ended = {str(one.event["award_id"]) for one in received
             if one.topic == "award.changed" and one.event["change"] in ("REVOKED", "REINSTATED")}
    known = {(award_id, item, instalment): (status, amount, reasons)
             for status, amount, (award_id, item, instalment, reasons) in stored.values()}
    for one in owed([one for one in received if one.topic in TELLING]):
        status, amount, reasons = known.get((one.award_id, one.item, one.instalment), (None, None, None))
        if one.award_id in ended:
            continue
        if status is None or amount != int(one.amount * 100):
            findings.lost.append(f"{one.item} {one.instalment} of {one.award_id} is owed, and known as {status} {amount}")
        elif status not in PAID_STATES and not reasons:
            findings.lost.append(f"{one.item} {one.instalment} of {one.award_id} is {status} without a reason")
