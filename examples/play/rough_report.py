"""rough_report - what the rough wave came to, in eighty columns; and what cannot be so."""

import collections
import datetime
import os

import harness
from harness.topics import DEAD_LETTER

from play import holds, report
from play.calm import WAVE
from play.rough import PACKAGE, RECOVERY_WAVE
from play.store import query

JAKARTA = datetime.timezone(datetime.timedelta(hours=7))
LAST_PURCHASE_DAY = datetime.date(2021, 9, 22)  # of wave 18: 30 days, the notice day is the first
RECOVERY_DRAWN = datetime.datetime(2021, 10, 29, tzinfo=JAKARTA)
READ_S = 300

# What may become a dead letter in this play, and why.
EXPECTED_DEAD_LETTERS = {
    "SECOND_OFFICER_MISSING": "somebody wrote a release to Kafka in one officer's name",
    "NEVER_KNOWN": "a gateway's word on a payment that nobody asked for, after seven days",
}


def show(play):
    """Prints everything; returns what cannot be so, a sentence each."""
    events, dead = read_events()
    wrong = report.print_funnel(play.world, play.people_count, play.arguments.seats + play.seats_again)
    wrong += print_holds(events)
    wrong += print_payouts(play, events)
    wrong += print_books(play)
    wrong += print_money(play, events)
    wrong += print_outage(play, events)
    wrong += print_messages(play)
    wrong += print_officers(play)
    wrong += print_dead_letters(dead)
    return wrong + report.print_lag(play.status)


def read_events():
    """Topic -> events, and the headers of the dead letters."""
    topics = [*holds.TOPICS, "payout.requested", "payout.queried", DEAD_LETTER]
    events, dead = collections.defaultdict(list), []
    for record in harness.read(os.environ["KERJA_KAFKA"], topics, quiet_s=0.5, timeout_s=READ_S):
        if record.topic == DEAD_LETTER:
            dead.append(record.headers)
        else:
            events[record.topic].append(record.event)
    return events, dead


def title(text):
    print(f"\n{text}")


def line(name, value, note=""):
    print(f"  {name:<38} {value:>9}  {note}".rstrip())


# -- holds ----------------------------------------------------------------------------------------


def print_holds(events):
    counts = holds.ended(events)
    print(f"\n{'holds, by what ended them':<30}" + "".join(f"{end:>9}" for end in holds.ENDS))
    for reason in sorted({reason for reason, _ in counts}):
        cells = "".join(f"{counts[reason, end] or '':>9}" for end in holds.ENDS)
        print(f"  {reason:<28}{cells}".rstrip())
    print("  person: linked another account, or sent what was missing\n"
          "  time: the wave or the award ended, or the gateway's trouble passed")
    still = sum(number for (_, end), number in counts.items() if end == holds.OPEN)
    return [f"{still} holds are still open after all awards have ended"] if still else []


# -- payouts and books ----------------------------------------------------------------------------


def print_payouts(play, events):
    gateway, platform = play.world.summary("gateway"), play.world.summary("training_platform")
    sent = [one["instruction_id"] for one in events["payout.requested"]]
    instructions = set(sent)
    asked = collections.Counter(one["instruction_id"] for one in events["payout.queried"])
    states, manners, troubles = gateway["states"], gateway["manners"], gateway["troubles"]
    title("payouts, by the gateway's own book")
    line("requested", f"{len(instructions):,}", f"{len(sent) - len(instructions)} of them sent again")
    line("paid", f"{states.get('PAID', 0):,}")
    line("refused", f"{states.get('REJECTED', 0):,}")
    print("    " + "  ".join(f"{code} {number}" for code, number in gateway["refusals"].items()))
    line("paid, and returned three days later", f"{states.get('RETURNED', 0):,}")
    line("silent until asked", f"{manners.get('silent', 0):,}")
    line("late: told only when asked", f"{manners.get('late', 0):,}")
    line("lost: not found, sent again", f"{gateway['lost']:,}")
    line("queried", f"{len(asked):,}", f"{sum(asked.values()):,} times")
    line("answered twice", f"{gateway['doubled']:,}")
    line("contradicted, or told with a wrong sum",
         f"{troubles.get('CONTRADICTED', 0) + troubles.get('WRONG_SUM', 0):,}", "officers looked into each")
    line("accounts linked again", f"{platform['relinked']:,}")
    known = {number for number, in play.world.rows("gateway", "SELECT instruction_id FROM instruction")}
    quiet = [number for number, in play.world.rows(
        "gateway", "SELECT instruction_id FROM instruction WHERE manner <> 'prompt'"
        " UNION SELECT instruction_id FROM lost") if number not in asked]
    wrong = [f"{len(quiet)} instructions without an answer were never asked about"] if quiet else []
    if known != instructions:
        wrong.append(f"{len(known ^ instructions)} instructions stand in one book only")
    return wrong


def print_books(play):
    """The gateway's book against ours: the sum, the count, each entitlement once."""
    wrong = report.print_money(play.status, play.world)
    paid = "SELECT substr(instruction_id, 1, 32), sum(amount_hundredths), count(*) FROM instruction WHERE state = 'PAID' GROUP BY 1"
    theirs = {number: (amount, times) for number, amount, times in play.world.rows("gateway", paid)}
    ours = dict(query("SELECT end_to_end_id, amount FROM incentive_read.payout WHERE status = 'PAID'"))
    twice = [number for number, (_, times) in theirs.items() if times > 1]
    differ = [number for number in theirs.keys() | ours.keys()
              if number not in theirs or theirs[number][0] != ours.get(number)]
    title("both books, entitlement by entitlement")
    line("paid by the gateway", f"{len(theirs):,}")
    line("paid by the ledger", f"{len(ours):,}")
    line("paid twice", f"{len(twice):,}")
    if twice:
        wrong.append(f"{len(twice)} entitlements were paid twice, such as {min(twice)}")
    if differ:
        wrong.append(f"{len(differ)} entitlements differ between gateway and ledger, such as {min(differ)}")
    broken = query("SELECT scheme, year, account FROM incentive_read.ledger_check WHERE NOT agrees OR NOT balanced")
    return wrong + [f"the ledger's entries are not the balance of {' '.join(map(str, row))}" for row in broken]


# -- money ----------------------------------------------------------------------------------------


def rupiah(hundredths):
    return f"{hundredths // 100:,}"


def print_money(play, events):
    """What the year's one limit shows: full, freed, given again, and in the end what was paid."""
    print(f"\n{'the year 2021, in rupiah':<34} {'committed':>18} {'free':>18}")
    wrong = []
    for moment, limit in play.money.items():
        committed, budget = limit["committed"], limit["budget"]
        print(f"  {moment:<32} {rupiah(committed):>18} {rupiah(budget - committed):>18}")
        if not 0 <= committed <= budget:
            wrong.append(f"{moment}: more was committed than appropriated")
    again = play.money["wave 22 awarded"]
    awarded = query("SELECT count(*) FROM application_read.application WHERE wave = %s AND status = 'AWARDED'", RECOVERY_WAVE)[0][0]
    title("given again")
    ended = collections.Counter(one["reason"] for one in revocations(events) if one["occurred_at"] < RECOVERY_DRAWN)
    for reason, number in sorted(ended.items()):
        line(f"revoked: {reason}", f"{number:,}")
    line("seats freed and drawn again", f"{play.seats_again:,}", f"{awarded:,} awards in wave {RECOVERY_WAVE}")
    line("rupiah freed and committed again", rupiah(awarded * PACKAGE * 100).rjust(14))
    if awarded != play.seats_again or not awarded:
        wrong.append(f"{play.seats_again} seats were freed, and {awarded} were given again")
    if again["budget"] != play.money["wave 18 awarded"]["committed"]:
        wrong.append("wave 18 did not take the whole year: what came after it need not be freed money")
    balances = report.ledger_lines(play.status)
    if play.money["the end"]["committed"] != balances.get("paid", 0):
        wrong.append("after the end, what is committed is not what was paid")
    left = {name: balances.get(name, 0) for name in ("committed", "used", "payable", "in_flight")}
    return wrong + [f"the ledger still has money in \"{name}\"" for name, amount in left.items() if amount]


# -- the outage, messages, officers ---------------------------------------------------------------


def revocations(events):
    """Of wave 18: an award's id begins with its wave."""
    return [one for one in events["award.changed"]
            if one["change"] == "REVOKED" and str(one["award_id"]).startswith(f"{WAVE:04x}")]


def print_outage(play, events):
    bought = play.world.rows(
        "training_platform", "SELECT award_id, enrolled_at FROM enrolment JOIN award USING (award_id)"
        " WHERE notice_day = '2021-08-24' AND bought")
    in_time = {award for award, at in bought
               if datetime.datetime.fromisoformat(at).astimezone(JAKARTA).date() <= LAST_PURCHASE_DAY}
    revoked = {str(one["award_id"]) for one in revocations(events) if one["reason"] == "FIRST_TRAINING_LATE"}
    upheld = {str(one["award_id"]) for one in revocations(events)} - revoked  # held by a register on that day
    outage = play.outage
    title("an outage across the deadline of the first purchase")
    line("bought on the last day, nobody listens", f"{len(outage['buyers']):,}")
    line("records the dead worker had not heard", f"{outage['unread']:,}", "the clock waited for them")
    line("revoked for no purchase in time", f"{len(revoked):,}")
    line("of them had bought in time", f"{len(revoked & in_time):,}", "by the platform's book")
    wrong = []
    if revoked & in_time:
        wrong.append(f"{len(revoked & in_time)} people who bought in time were revoked")
    if not set(outage["buyers"]) <= in_time | upheld | {play.watched}:  # on hold until the end: nothing was bought with it
        wrong.append("a purchase of the last day was not accepted")
    if not outage["clock_stood"] or outage["revoked_meanwhile"] or not outage["unread"]:
        wrong.append("the deadline did not wait for the dead worker")
    if not revoked:
        wrong.append("nobody was revoked for not buying")
    return wrong


def print_messages(play):
    notifier = play.world.summary("notifier")
    listed = query("SELECT status, count(*) FROM completion_read.message_undelivered GROUP BY 1 ORDER BY 1")
    total = sum(number for _, number in listed)
    title("messages that did not arrive, as officers see them")
    for status, number in listed:
        line(status.lower(), f"{number:,}", "moved no deadline")
    if total != notifier["undelivered"]:
        return [f"officers see {total} lost messages, and the notifier lost {notifier['undelivered']}"]
    return []


def print_officers(play):
    officers = play.officers
    title("officers")
    for command, number in query("SELECT command, count(*) FROM kerja.command WHERE sent_at IS NOT NULL GROUP BY 1 ORDER BY 1"):
        line(command, f"{number:,}", "sent")
    for command, sentence in officers.refused:
        print(f"  refused: {command}\n    {sentence}")
    reinstated = query("SELECT revoked FROM application_read.award WHERE award_id = %s", play.reinstated)
    return ["the reinstated award is revoked"] if reinstated[0][0] else []


def print_dead_letters(dead):
    counts = collections.Counter((one["kerja_reason"], one["kerja_service"]) for one in dead)
    title("dead letters")
    if not counts:
        line("none", 0)
    wrong = []
    for (reason, service), number in sorted(counts.items()):
        line(f"{reason} ({service})", f"{number:,}")
        print(f"    {EXPECTED_DEAD_LETTERS.get(reason, 'not expected')}")
        if reason not in EXPECTED_DEAD_LETTERS:
            sentence = next(one["kerja_sentence"] for one in dead if one["kerja_reason"] == reason)
            wrong.append(f"{number} dead letters {reason} of {service}: {sentence}")
    return wrong
