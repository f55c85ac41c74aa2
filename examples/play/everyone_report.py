"""everyone_report - what six schemes came to, side by side; and what cannot be so."""

import collections
import json
import os
from decimal import Decimal

import harness.events as harness
from harness.paths import ROOT, command_program
from harness.process import Failed

from play import report
from play.everyone import GATEWAYS
from play.schemes import ALL, COUNTRIES, SEMI_BANSOS
from play.store import query

ACCOUNTS = ["appropriation", "released", "committed", "used", "payable", "in_flight", "paid", "recovered"]
OPEN_ACCOUNTS = ("committed", "used", "payable", "in_flight")  # empty when every award has ended
LANGUAGES = {"id": "Indonesian", "ms": "Malay", "en": "English"}
DEAD_LETTER = "dead.letter"
READ_S = 60
REASONS_SHOWN = 12


def show(play):
    """Prints everything; returns the sentences about what is wrong."""
    wrong = print_funnels(play) + compare_clients(play.world) + print_reasons(play.world)
    wrong += print_money() + print_ledger(play.status) + print_books(play.world)
    wrong += print_signatures(play) + print_statements(play)
    wrong += print_messages(play.world) + print_dead_letters() + report.print_lag(play.status)
    return wrong + print_next(play)


def title(text):
    print(f"\n{text}")


# -- people -----------------------------------------------------------------------------------------


def by_scheme(sql):
    """(programme, scheme) -> row without the two."""
    return {(row[0], row[1]): row[2:] for row in query(sql)}


def print_funnels(play):
    """A line a scheme. Whom the six schemes do not list cannot be."""
    applied = by_scheme("""
        SELECT programme, scheme, count(*), count(*) FILTER (WHERE status = 'REJECTED'), count(*) FILTER (WHERE status = 'HELD'),
               count(*) FILTER (WHERE status = 'NOT_DRAWN'), count(*) FILTER (WHERE status = 'AWARDED')
        FROM application_read.application GROUP BY 1, 2""")
    trained = by_scheme("""
        SELECT a.programme, a.scheme, count(DISTINCT e.award_id) FILTER (WHERE e.ordinal > 0),
               count(DISTINCT e.award_id) FILTER (WHERE e.completion_status = 'VERIFIED')
        FROM completion_read.enrolment AS e JOIN completion_read.award AS a USING (award_id) GROUP BY 1, 2""")
    paid = by_scheme("SELECT programme, scheme, count(DISTINCT award_id) FROM incentive_read.entitlement"
                     " WHERE status = 'PAID' GROUP BY 1, 2")
    columns = ("applied", "refused", "held", "lost", "awarded", "booked", "done", "paid")
    print(f"\n{'people':<27}" + "".join(f"{column:>8}" for column in columns))
    wrong = []
    for scheme in ALL:
        key = scheme.programme, scheme.name
        numbers = [*applied.get(key, (0,) * 5), *trained.get(key, (0, 0)), *paid.get(key, (0,))]
        print(f"{scheme.title:<27}" + "".join(f"{number:>8,}" for number in numbers))
        if not numbers[0] or not numbers[4]:
            wrong.append(f"nobody was awarded in {scheme.title}")
        if sum(numbers[1:5]) != numbers[0]:
            wrong.append(f"{scheme.title}: some applications have no end")
    print("  lost: in the draw. booked, done: a course. paid: something, at least once.")
    others = applied.keys() - {(scheme.programme, scheme.name) for scheme in ALL}
    wrong += [f"applications stand under {programme} {scheme}" for programme, scheme in others]
    for scheme, seats in play.seats.items():
        if applied.get((scheme.programme, scheme.name), (0,) * 5)[4] > seats:
            wrong.append(f"more people were selected than there are seats in wave {scheme.wave}")
    return wrong


def compare_clients(world):
    """What portals, platforms and employers wrote down of their own people, against the services' tables."""
    ours = {row[:2]: row[2] for row in query("SELECT scheme, status, count(*) FROM application_read.application GROUP BY 1, 2")}
    theirs = {row[:2]: row[2] for row in world.rows(
        "integrator", "SELECT scheme, status, count(*) FROM application GROUP BY 1, 2")}
    wrong = [f"{' '.join(map(str, key))}: the portal counts {theirs.get(key, 0)} applications, and the service {ours.get(key, 0)}"
             for key in sorted(ours.keys() | theirs.keys(), key=str) if ours.get(key) != theirs.get(key)]
    verified = query("SELECT count(*) FROM completion_read.enrolment WHERE completion_status = 'VERIFIED'")[0][0]
    told = sum(world.rows(name, "SELECT count(*) FROM enrolment WHERE completion = 'VERIFIED'")[0][0] for name in world.platforms)
    if verified != told:
        wrong.append(f"platforms were told of {told} verified courses, and {verified} are")
    months = {row[0]: row[1] for row in world.rows("employer_portal", "SELECT award_id, count(*) FROM month GROUP BY 1")}
    paid = query("SELECT award_id::text, count(*) FROM incentive_read.entitlement"
                 " WHERE payee_kind = 'EMPLOYER' AND status = 'PAID' GROUP BY 1")
    return wrong + [f"award {award}: {number} months were paid, and {months.get(award, 0)} told"
                    for award, number in paid if number > months.get(award, 0)]


def print_reasons(world):
    wrong = print_counted("why applications were refused or still wait", """
        SELECT programme, scheme, reason || CASE status WHEN 'HELD' THEN ' (waits)' ELSE '' END, count(*)
        FROM application_read.application, unnest(reasons) AS reason WHERE status IN ('REJECTED', 'HELD') GROUP BY 1, 2, 3""")
    print_ended_waits(world)
    print_counted("why courses were refused", """
        SELECT a.programme, a.scheme, reason, count(*) FROM completion_read.enrolment AS e JOIN completion_read.award AS a
        USING (award_id), unnest(e.reasons) AS reason WHERE e.status = 'REJECTED' GROUP BY 1, 2, 3""")
    print_counted("why money was not paid", """
        SELECT programme, scheme, reason, count(*) FROM incentive_read.entitlement, unnest(reasons) AS reason
        WHERE status <> 'PAID' GROUP BY 1, 2, 3""")
    return [f"nobody was refused in {scheme}" for scheme in wrong]


def print_ended_waits(world):
    """Who was held once, for a reason that does not stand any more: mended, confirmed, or the time of another came."""
    print_rows("why applications waited, until it was mended or over", world.rows("integrator", """
        SELECT programme, scheme, reason, count(*) FROM waited JOIN application USING (application_id)
        WHERE instr(' ' || reasons || ' ', ' ' || reason || ' ') = 0 GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3"""))


def print_counted(text, sql):
    return print_rows(text, query(sql + " ORDER BY 4 DESC, 3"))


def print_rows(text, rows):
    """Reasons of each scheme, the most frequent first; returns the schemes that have none."""
    title(text)
    without = []
    for scheme in ALL:
        words = [f"{reason} {number:,}" for programme, name, reason, number in rows
                 if (programme, name) == (scheme.programme, scheme.name)]
        for number, line in enumerate(wrapped(words[:REASONS_SHOWN])):
            print((f"  {scheme.title}\n" if number == 0 else "") + f"    {line}")
        if not words:
            without.append(scheme.title)
    return without


def wrapped(words, width=92):
    line = ""
    for word in words:
        if line and len(line) + len(word) + 2 > width:
            yield line
            line = ""
        line += ("  " if line else "") + word
    if line:
        yield line


# -- money ------------------------------------------------------------------------------------------


def amount(hundredths, currency):
    return f"{currency} {Decimal(hundredths or 0) / 100:,.2f}"


def print_money():
    """What people were entitled to, and what became of it, by scheme and item."""
    title("money, by scheme and item")
    rows = query("""
        SELECT programme, scheme, item, currency, count(*), count(*) FILTER (WHERE status = 'PAID'),
               count(*) FILTER (WHERE status NOT IN ('PAID', 'HELD')), count(*) FILTER (WHERE status = 'HELD'),
               coalesce(sum(amount) FILTER (WHERE status = 'PAID'), 0)::bigint
        FROM incentive_read.entitlement GROUP BY 1, 2, 3, 4 ORDER BY 3""")
    print(f"  {'':<24} {'entitled':>9} {'paid':>9} {'ended':>7} {'held':>6} {'sum paid':>26}")
    for scheme in ALL:
        print(f"  {scheme.title}")
        for _, _, item, currency, entitled, paid, ended, held, total in (
                row for row in rows if row[:2] == (scheme.programme, scheme.name)):
            print(f"    {item:<22} {entitled:>9,} {paid:>9,} {ended:>7,} {held:>6,} {amount(total, currency):>26}")
    print("  ended: lapsed, stopped or cancelled before money moved.")
    entitled = {(row[0], row[1]) for row in rows}
    return [f"nobody was entitled to anything in {scheme.title}"
            for scheme in ALL if (scheme.programme, scheme.name) not in entitled]


def print_ledger(status):
    """Each programme's books sum to zero in their currency, and nothing is left open when all awards have ended."""
    title("ledger, by programme and currency")
    rows = query("SELECT programme, currency, lower(account), sum(balance)::bigint FROM incentive_read.ledger"
                 " GROUP BY 1, 2, 3")
    books = collections.defaultdict(dict)
    for programme, currency, account, balance in rows:
        books[programme, currency][account] = balance
    wrong = []
    for (programme, currency), balances in sorted(books.items()):
        print(f"  {programme}")
        for account in sorted(balances, key=lambda name: ACCOUNTS.index(name) if name in ACCOUNTS else len(ACCOUNTS)):
            if balances[account]:
                print(f"    {account:<22} {amount(balances[account], currency):>32}")
        print(f"    {'sum':<22} {amount(sum(balances.values()), currency):>32}")
        if sum(balances.values()) != 0:
            wrong.append(f"the ledger of {programme} does not sum to zero")
        wrong += [f"the ledger of {programme} still has money in \"{account}\""
                  for account in OPEN_ACCOUNTS if balances.get(account)]
    broken = query("SELECT programme, scheme, year, account FROM incentive_read.ledger_check WHERE NOT agrees OR NOT balanced")
    wrong += [f"the ledger's entries are not the balance of {' '.join(map(str, row))}" for row in broken]
    taken = collections.Counter()
    for limit in status["money"]:
        committed, budget = (int(limit[name]) for name in ("committed_hundredths", "budget_hundredths"))
        taken[limit["programme"]] += committed
        if not 0 <= committed <= budget:
            wrong.append(f"{limit['programme']} {limit['year']}: more is committed than appropriated")
    return wrong + [f"{programme}: after the end, what its years' limits hold is not what was paid"
                    for (programme, _), balances in books.items() if taken[programme] != balances.get("paid", 0)]


def print_books(world):
    """Each gateway's book against the ledger: the sum, the count, each entitlement once."""
    title("the gateways' books against ours, entitlement by entitlement")
    wrong = []
    for currency, name in GATEWAYS.items():
        theirs = {number: (paid, times) for number, paid, times in world.rows(
            name, "SELECT substr(instruction_id, 1, 32), sum(amount_hundredths), count(*) FROM instruction"
                  " WHERE state = 'PAID' GROUP BY 1")}
        ours = dict(query("SELECT end_to_end_id, amount FROM incentive_read.payout WHERE status = 'PAID' AND currency = %s", currency))
        ledger = query("SELECT coalesce(sum(balance), 0)::bigint FROM incentive_read.ledger"
                       " WHERE lower(account) = 'paid' AND currency = %s", currency)[0][0]
        total = sum(paid for paid, _ in theirs.values())
        refused = world.rows(name, "SELECT count(*) FROM instruction WHERE state = 'REJECTED'")[0][0]
        differ = [number for number in theirs.keys() | ours.keys()
                  if theirs.get(number, (None, 1)) != (ours.get(number), 1)]
        print(f"  {currency}  theirs {len(theirs):>7,} {amount(total, currency):>26}   ours {len(ours):>7,}"
              f" {amount(ledger, currency):>26}   refused {refused:,}")
        if differ:
            wrong.append(f"{len(differ)} entitlements in {currency} differ between gateway and ledger, such as {min(differ)}")
        if total != ledger:
            wrong.append(f"the gateway's book in {currency} and the ledger's \"paid\" differ")
        if not theirs:
            wrong.append(f"nothing was paid in {currency}")
    return wrong


def print_signatures(play):
    """Every envelope is signed, and the gateway counts in it what was signed."""
    title("control totals, signed by two officers: one envelope a programme, partner and day")
    listed = json.loads(play.kerja.run("envelope", "list", "--json"))
    sums = collections.defaultdict(lambda: [0, 0, 0])
    for one in listed:
        total = sums[one["envelope_id"].split("/")[0], one["currency"]]
        for place, number in enumerate((1, one["payouts"], one["amount_hundredths"])):
            total[place] += number
    for (programme, currency), (envelopes, payouts, total) in sorted(sums.items()):
        print(f"  {programme:<26}{envelopes:>7,} envelopes{payouts:>9,} payouts{amount(total, currency):>26}")
    for command, sentence in play.officers.refused:
        print(f"  refused, because the one who signed first tried to be both: {command}\n    {sentence}")
    theirs = {row[0]: row[1:] for name in GATEWAYS.values() for row in play.world.rows(
        name, "SELECT envelope_id, count(*), sum(amount_hundredths) FROM instruction GROUP BY 1")}
    wrong = [f"{one['envelope_id']} is {one['state']}" for one in listed if one["state"] != "signed"]
    return wrong + [f"{one['envelope_id']}: {one['signed_payouts']} payouts were signed, and the gateway has "
                    f"{theirs.get(one['envelope_id'], (0, 0))[0]}" for one in listed
                    if theirs.get(one["envelope_id"]) != (one["signed_payouts"], one["signed_amount_hundredths"])]


def print_statements(play):
    """The day of each gateway with the most payments, as `kerja reconcile` finds it."""
    title("the gateways' day files, as `kerja reconcile` finds them")
    wrong = []
    for currency, name in GATEWAYS.items():
        found = play.world.rows(name, "SELECT partner, substr(envelope_id, -10), count(*) FROM instruction"
                                      " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1")
        if not found:
            continue
        partner, day, number = found[0]
        path = play.folder / f"{name}-{day}.csv"
        path.write_text(play.world.tell("gateway", name, "--day-file", day, "--currency", currency, "--partner", partner))
        try:
            play.kerja.run("reconcile", path, "--partner", partner, "--day", day)
            print(f"  {currency}  {partner} {day}: {number:,} instructions, all agree")
        except Failed as failure:
            wrong.append(str(failure))
    return wrong


# -- messages, dead letters -------------------------------------------------------------------------


def print_messages(world):
    """Counted by language and programme, and one of each language as it was sent."""
    title("messages, by language")
    rows = world.rows("notifier", "SELECT language, programme, count(*), sum(reason LIKE '%\\_TEXT' ESCAPE '\\') FROM message"
                      " GROUP BY 1, 2 ORDER BY 1, 2")
    samples = dict(world.rows("notifier", "SELECT language, text FROM sample"))
    wrong = []
    for language, name in LANGUAGES.items():
        found = [(programme, number) for told, programme, number, _ in rows if told == language]
        print(f"  {name}: {sum(number for _, number in found):,}, "
              + ", ".join(f"{programme} {number:,}" for programme, number in found))
        print(f"    \"{samples.get(language, '')}\"")
        if not found:
            wrong.append(f"nobody was told anything in {name}")
    if any(faulty for _, _, _, faulty in rows):
        wrong.append("a message had a link or a code in it")
    return wrong


def print_dead_letters():
    """A world that behaves sends nothing that cannot be read or understood."""
    counts, sentences = collections.Counter(), {}
    for record in harness.read(os.environ["KERJA_KAFKA"], [DEAD_LETTER], quiet_s=0.5, timeout_s=READ_S):
        place = record.headers["kerja_service"], record.headers["kerja_reason"], record.headers["kerja_topic"]
        counts[place] += 1
        sentences.setdefault(place, record.headers["kerja_sentence"])
    title(f"dead letters: {sum(counts.values()):,}")
    return [f"{number} dead letters of {service}, {topic} {reason}: {sentences[service, reason, topic]}"
            for (service, reason, topic), number in sorted(counts.items())]


# -- what to try next -------------------------------------------------------------------------------

# An instalment's own story ends with the bank's word.
PAID = "SELECT entitlement_id::text FROM incentive_read.entitlement WHERE status = 'PAID' AND scheme = ANY(%s) ORDER BY 1 LIMIT 1"
STATUS = "SELECT application_id FROM application_read.application WHERE status = '{}' AND scheme = ANY(%s) ORDER BY 1 LIMIT 1"
WAITED = "SELECT application_id FROM application_read.application " \
         "WHERE 'PROGRAMME_YEAR_CLOSED' = ANY (reasons) AND scheme = ANY(%s) ORDER BY 1 LIMIT 1"


def worth_a_look(schemes):
    """(what he or she is, id) of a country."""
    names = [scheme.name for scheme in schemes]
    for word, sql in (("refused", STATUS.format("REJECTED")), ("held until the year closed", WAITED),
                      ("drawn" if schemes[0] is SEMI_BANSOS else "awarded", STATUS.format("AWARDED")), ("paid", PAID)):
        found = query(sql, names)
        yield word, found[0][0] if found else None


def print_next(play):
    """Lines to type; each is tried here first, with the decision made again from its own values."""
    command = os.path.relpath(command_program(), ROOT)
    title(f"To try next, in another terminal after `. {os.path.relpath(play.folder / 'env', ROOT)}`:")
    wrong = []
    for country, schemes in COUNTRIES.items():
        for word, subject in worth_a_look(schemes):
            if subject is None:
                wrong.append(f"nobody in {country} is {word}")
                continue
            print(f"  {command} explain {subject:<38} # {word}, {country}")
            try:
                play.kerja.run("explain", subject, "--check")
            except Failed as failure:
                wrong.append(str(failure))
    print(f"  {command} report money")
    print(f"  {command} report reasons")
    return wrong
