"""demo - one wave of Kartu Prakerja, from application to payment, as `./run demo` shows it.

    ./run demo
    ./run demo --people 50000 --seats 15000 --seed 7

Started by ./run with fresh servers. Three workers decide; four foreign clients of this folder are the
world around them: a portal, a training platform with its population, a payment gateway, an SMS notifier. Time
is simulated: `kerja clock` fires what is due and moves on when nothing is left to do, so half a year takes
minutes. At the end everything must add up; a sum that does not ends the demo with status 1.
"""

import argparse
import contextlib
import csv
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import time
from decimal import Decimal

import kerja_client
from harness.paths import ROOT, SERVICES, command_program
from harness.process import Failed, Process
from harness.servers import current
from harness.worker import Worker, program_environment

PROGRAMME = "kartu-prakerja"
PROGRAMME_FILE = ROOT / "programmes" / f"{PROGRAMME}.yaml"

# Days of the demo's wave, in order, and what has happened when the clock arrives there.
WAVE = 18
CLOSED_DAY = "2021-08-20"
DECREE = "SK-PKP-18-2021"  # names the recipients: no money moves without one
DAYS = [
    ("2021-08-25", "the result is announced"),
    ("2021-09-23", "the last day for a first purchase is over"),
    ("2021-10-31", "first and second instalments, surveys"),
    ("2021-11-30", "third instalments, the year's purchases close"),
    ("2022-01-31", "fourth instalments"),
]

# Registers that wave's rules ask for, and which share of the applicants each lists.
REGISTERS = {
    "EDUCATION": 0.004, "OCCUPATION": 0.003, "BLACKLIST": 0.002,
    "DTKS": 0.010, "PKH": 0.005, "BSU": 0.008, "BPUM": 0.006,
}
LISTED_OCCUPATION = "ASN"

GROUPS = {
    "integrator": "integrator.example", "training_platform": "platform.example",
    "gateway": "gateway.example", "notifier": "notifier.example",
}
LIVE_SECONDS = 0.5
FUNNEL_WIDTH = 71  # with the 8 columns of the time before it, less than 80
SEATS_SHARE = 0.3


class Kerja:
    """Every call of the command `kerja`, in one place."""

    def __init__(self, folder, screen):
        self.folder, self.screen = folder, screen
        self.log = folder / "kerja.log"

    def publish_programme(self):
        self._run("programme", "publish", PROGRAMME_FILE)

    def synthesize(self, path, people, seed):
        self._run("synthesize", "--wave", WAVE, "--people", people, "--seed", seed, output=path)

    def load_register(self, register, path):
        self._run("register", "load", register, path, "--programme", PROGRAMME)

    def draw(self, seats):
        self._run("draw", "--programme", PROGRAMME, "--wave", WAVE, "--seats", seats, "--decree", DECREE)

    def verify_draw(self):
        return self._run("draw", "--verify", "--programme", PROGRAMME, "--wave", WAVE)

    def clock(self, until):
        self._run("clock", "--until", until, "--wait-for", ",".join(GROUPS.values()))

    def status(self):
        return json.loads(self._run("status", "--json"))

    def _run(self, *words, output=None):
        """Runs it to its end while the screen lives; returns what it printed."""
        command = [str(word) for word in (command_program(), *words)]
        kept = output or self.folder / "kerja.out"
        with open(kept, "w", encoding="utf-8") as out, open(self.log, "a", encoding="utf-8") as log:
            process = subprocess.Popen(command, stdout=out, stderr=log, stdin=subprocess.DEVNULL,
                                       env=program_environment({}))
            try:
                while process.poll() is None:
                    self.screen.renew()
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(LIVE_SECONDS)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
        if process.returncode != 0:
            told = "\n".join(tail(self.log) + ([] if output else tail(kept)))
            raise Failed(f"kerja {' '.join(command[1:])} ended with status {process.returncode}:\n{told}")
        return None if output else pathlib.Path(kept).read_text(encoding="utf-8")


class World:
    """The foreign clients, each a process with a book and a summary in the demo's folder."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = {}

    def start(self, program, *words):
        process = Process(program, self.folder / f"{program}.log")
        process.start(self._command(program, words), dict(os.environ))
        self.processes[program] = process

    def run(self, program, screen, *words):
        """Runs a client to its end while the screen lives."""
        self.start(program, *words)
        process = self.processes.pop(program)
        try:
            while not process.wait_end(LIVE_SECONDS):
                screen.renew()
        finally:
            process.stop()
        if process.exit_status() != 0:
            raise process.failed(f"ended with status {process.exit_status()}")

    def _command(self, program, words):
        return [sys.executable, ROOT / "examples" / f"{program}.py", "--book", self.book(program),
                "--summary", self.folder / f"{program}.json", *words]

    def book(self, program):
        return self.folder / f"{program}.db"

    def summary(self, program):
        try:
            return json.loads((self.folder / f"{program}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def check(self):
        for process in self.processes.values():
            if not process.alive():
                raise process.failed(f"ended with status {process.exit_status()}")

    def stop(self):
        """Asks all to end; their last summaries are whole."""
        for process in self.processes.values():
            process.stop()
        self.processes = {}


class Screen:
    """What the person sees: a line a step, the funnel below it; on a terminal the funnel lives."""

    def __init__(self, world):
        self.world = world
        self.terminal = sys.stdout.isatty()
        self.begun = time.monotonic()

    def say(self, sentence, funnel=False):
        start = "\r\x1b[K" if self.terminal else ""
        below = f"\n{self.funnel()}" if funnel else ""
        print(f"{start}{time.monotonic() - self.begun:6.1f} s  {sentence}{below}", flush=True)

    def renew(self):
        self.world.check()
        if self.terminal:
            print(f"\r\x1b[K{self.funnel()}", end="", flush=True)

    def rest(self):
        """Leaves no living line behind."""
        if self.terminal:
            print("\r\x1b[K", end="", flush=True)

    def funnel(self):
        """In one line of a narrow terminal: the first steps, which no longer change, give way to the last."""
        portal, platform = self.world.summary("integrator"), self.world.summary("training_platform")
        steps = [
            ("applied", portal.get("applied")), ("answered", portal.get("answered")),
            ("selected", portal.get("selected")), ("bought", platform.get("bought")),
            ("completed", platform.get("completed")),
            ("payments", self.world.summary("gateway").get("payments")),
            ("told", self.world.summary("notifier").get("told")),
        ]
        words = [f"{name} {number:,}" for name, number in steps if number]
        while sum(len(word) + 2 for word in words) > FUNNEL_WIDTH:
            words.pop(0)
        return " " * 8 + "  ".join(["", *words])


def tail(path, lines=15):
    if not pathlib.Path(path).exists():
        return []
    return pathlib.Path(path).read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]


# -- the acts of the demo -------------------------------------------------------------------------


def start_workers(folder, screen):
    workers = [Worker(service, folder, current().environment()) for service in SERVICES]
    for worker in workers:
        worker.launch()
    for worker in workers:
        worker.wait_ready()
    screen.say("the workers " + ", ".join(SERVICES) + " are ready")
    return workers


def write_registers(folder, people_path, seed):
    """Snapshots that list a few of the applicants; returns register -> file."""
    dice = random.Random(seed)
    paths = {register: folder / f"{register.lower()}.csv" for register in REGISTERS}
    with contextlib.ExitStack() as files:
        writers = {}
        for register, path in paths.items():
            writers[register] = csv.writer(files.enter_context(open(path, "w", newline="", encoding="utf-8")))
            writers[register].writerow(["national_id", "code"])
        listed = {register: set() for register in REGISTERS}
        for person in kerja_client.load_json_lines(people_path):
            for register, share in REGISTERS.items():
                if dice.random() < share and person["national_id"] not in listed[register]:
                    listed[register].add(person["national_id"])
                    writers[register].writerow(
                        [person["national_id"], LISTED_OCCUPATION if register == "OCCUPATION" else ""])
    return paths


def play(arguments, folder, world, screen):
    kerja = Kerja(folder, screen)
    people = folder / "people.jsonl"
    start_workers(folder, screen)
    kerja.publish_programme()
    screen.say(f"published the rules: programmes/{PROGRAMME}.yaml")
    kerja.synthesize(people, arguments.people, arguments.seed)
    screen.say(f"made up {arguments.people:,} people of wave {WAVE} (seed {arguments.seed})")
    for register, path in write_registers(folder, people, arguments.seed).items():
        kerja.load_register(register, path)
    screen.say(f"loaded {len(REGISTERS)} registers: " + " ".join(REGISTERS))

    world.start("training_platform", "--people", people, "--seed", arguments.seed)
    world.start("gateway", "--seed", arguments.seed)
    world.start("notifier", "--seed", arguments.seed, "--show", 3)
    screen.say("a platform, a gateway and a notifier listen; the portal opens")
    world.run("integrator", screen, people, "--publish-only", "--rate", arguments.rate)
    world.start("integrator")
    kerja.clock(CLOSED_DAY)
    screen.say(f"{CLOSED_DAY}: the wave is closed", funnel=True)
    kerja.draw(arguments.seats)
    kerja.verify_draw()
    screen.say(f"drew {arguments.seats:,} seats, and verified the draw from what is published")
    for day, sentence in DAYS:
        kerja.clock(day)
        screen.say(f"{day}: {sentence}", funnel=True)
    status = kerja.status()
    world.stop()
    screen.rest()
    return status


# -- what it came to ------------------------------------------------------------------------------


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


def print_next(folder, world):
    """Three things to try, with ids of this very run."""
    with contextlib.closing(sqlite3.connect(world.book("integrator"))) as book:
        refused = book.execute("SELECT application_id FROM application WHERE status = 'REJECTED'"
                               " ORDER BY application_id LIMIT 1").fetchone()
    env = os.path.relpath(folder / "env", ROOT)
    python = os.path.relpath(sys.executable, ROOT)
    command = os.path.relpath(command_program(), ROOT)
    print(f"\nTo try next, in another terminal after `. {env}`:")
    print(f"  {command} explain {refused[0] if refused else 'ID'} --check")
    print(f"  {command} tail payout.requested")
    print(f"  {python} examples/read_events.py application.decided --last 3")


def stay(arguments):
    """The servers end with this program: on a terminal they wait for the person."""
    if arguments.no_wait:
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        with contextlib.suppress(EOFError, KeyboardInterrupt):
            input("\nThe servers stay until you press Enter. ")
    else:
        print("\nThe servers end now; on a terminal they stay until you press Enter.")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=20_000, help="applicants (20,000)")
    parser.add_argument("--seats", type=int, help="seats of the wave (30 %% of the people)")
    parser.add_argument("--seed", type=int, default=1, help="who they are and what they do (1)")
    parser.add_argument("--rate", type=float, default=0, help="registrations a second; 0: as fast as it goes")
    parser.add_argument("--no-wait", action="store_true", help="end at once, on a terminal too")
    arguments = parser.parse_args()
    arguments.seats = arguments.seats or int(arguments.people * SEATS_SHARE)
    return arguments


def main():
    arguments = parse_arguments()
    folder = current().folder
    world = World(folder)
    screen = Screen(world)
    try:
        status = play(arguments, folder, world, screen)
        wrong = print_funnel(world, arguments.people, arguments.seats)
        wrong += print_money(status, world) + print_lag(status)
    except Failed as failure:
        print(f"\ndemo: {failure}", file=sys.stderr)
        return 1
    finally:
        world.stop()
    for sentence in wrong:
        print(f"demo: {sentence}", file=sys.stderr)
    print_next(folder, world)
    stay(arguments)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
