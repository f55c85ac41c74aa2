"""report - what a wave came to: the funnel, the money, what is left to do; and what cannot be so."""

import os
import sys
from decimal import Decimal

from harness.paths import ROOT, command_program


def print_funnel(world, people, seats):
    """The table that the demo is about; returns what cannot be so."""
    portal, platform = world.summary("integrator"), world.summary("training_platform")
    gateway, notifier = world.summary("gateway"), world.summary("notifier")
    awarded = portal["selected"]
    again = f"by {people:,} people, beside {portal['repeated']:,} repeats, {portal['corrected']:,} corrections"
    refused = portal["statuses"].get("REJECTED", 0)
    lines = [("applied", portal["applied"], again), ("refused", refused, "some for more than one reason")]
    for reason, number in sorted(portal["reasons"].items(), key=lambda line: -line[1]):
        status, _, code = reason.partition(" ")
        if status in ("REJECTED", "HELD"):
            lines.append((f"  {status.lower()}", number, code))
    lines += [
        ("pooled", portal["pooled"], "eligible, in the draw"),
        ("selected", awarded, f"of {seats:,} seats"),
        ("bought", platform["bought"], share(platform["bought"], awarded)),
        ("completed", platform["completed"], share(platform["completed"], platform["bought"])),
        ("paid", gateway["paid_awards"], f"{gateway['payments']:,} payments"),
        ("told", notifier["told"], f"SMS; {notifier['refused_texts']:,} refused for a link or a code"),
    ]
    print()
    for name, number, note in lines:
        print(f"{name:<12} {number:>10,}  {note}".rstrip())
    wrong = []
    if portal["answered"] != portal["applied"]:
        wrong.append(f"{portal['applied'] - portal['answered']:,} applications have no answer")
    if platform["completed"] and not gateway["paid_awards"]:
        wrong.append("courses were completed, and nobody was paid")
    if awarded > seats:
        wrong.append("more people were selected than there are seats")
    if notifier["refused_texts"]:
        wrong.append("a message had a link or a code in it")
    return wrong


def share(part, whole):
    return f"{100 * part / whole:.1f} % of the line before" if whole else ""


def ledger_lines(status):
    """Balances by account of the programme's ledger, in hundredths: they sum to zero."""
    return {line["account"]: int(line["amount_hundredths"]) for line in status["ledger"]}


def print_money(status, world):
    """The ledger, the gateway's book beside it; returns what does not agree."""
    wrong = []
    balances = ledger_lines(status)
    print(f"\n{'ledger':<28} {'rupiah':>24}")
    for account, amount in balances.items():
        print(f"{account:<28} {Decimal(amount) / 100:>24,.2f}")
    print(f"{'sum':<28} {Decimal(sum(balances.values())) / 100:>24,.2f}")
    if sum(balances.values()) != 0:
        wrong.append("the ledger does not sum to zero")
    book = sum(row["amount_hundredths"] for row in world.summary("gateway")["totals"] if row["state"] == "PAID")
    print(f"{'the gateway paid, by its book':<28} {Decimal(book) / 100:>23,.2f}")
    if book != balances.get("paid", 0):
        wrong.append("the gateway's book and the ledger's \"paid\" differ")
    return wrong


def print_lag(status):
    behind = [place for place in status["positions"] if place["lag"] != 0]
    print(f"\nlag: {sum(place['lag'] for place in status['positions'])} records"
          f" in {len(status['positions'])} partitions")
    return [f"{place['service']} is behind in {place['topic']} {place['partition']}" for place in behind]


def print_next(folder, world, award=None):
    """Three things to try, with ids of this very run; of an award that officers had to do with, two more."""
    refused = world.rows("integrator", "SELECT application_id FROM application WHERE status = 'REJECTED'"
                         " ORDER BY application_id LIMIT 1")
    env = os.path.relpath(folder / "env", ROOT)
    python = os.path.relpath(sys.executable, ROOT)
    command = os.path.relpath(command_program(), ROOT)
    print(f"\nTo try next, in another terminal after `. {env}`:")
    print(f"  {command} explain {refused[0][0] if refused else 'ID'} --check")
    print(f"  {command} tail payout.requested")
    print(f"  {python} examples/read_events.py application.decided --last 3")
    if award:
        print(f"  {command} explain {award}")
        print(f"  {command} audit --subject {award}")
