"""world - the foreign clients around the workers, what a person sees of them, and the registers' files."""

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

import kerja_client
from harness.paths import ROOT, SERVICES
from harness.process import Process
from harness.servers import current
from harness.worker import Worker

GROUPS = {
    "integrator": "integrator-example", "training_platform": "platform-example",
    "gateway": "gateway-example", "notifier": "notifier-example",
}
LIVE_SECONDS = 0.5
FUNNEL_WIDTH = 71  # with the 8 columns of the time before it, less than 80

# Registers that the wave's rules ask for, and which share of the applicants each lists.
REGISTERS = {
    "EDUCATION": 0.004, "OCCUPATION": 0.003, "BLACKLIST": 0.002,
    "DTKS": 0.010, "PKH": 0.005, "BSU": 0.008, "BPUM": 0.006,
}
LISTED_OCCUPATION = "ASN"

# How a portal and its people behave: shares sent twice, and corrected by a next revision.
REPEATS = ("--repeats", 0.02)
CORRECTIONS = ("--corrections", 0.01)


class World:
    """The foreign clients, each a process with a book and a summary in the demo's folder."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = {}
        self.gateways, self.platforms = ["gateway"], ["training_platform"]

    def start(self, program, *words, name=None):
        """`name` tells two of one program apart: in their books, summaries and logs."""
        name = name or program
        process = Process(name, self.folder / f"{name}.log")
        process.start(self._command(program, name, words), dict(os.environ))
        self.processes[name] = process

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

    def end(self, program):
        """Asks one of them to end; its summary is whole then."""
        self.processes.pop(program).stop()

    def tell(self, program, name, *words):
        """What a client prints of its book."""
        command = [str(word) for word in self._command(program, name, words)]
        return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout

    def _command(self, program, name, words):
        return [sys.executable, ROOT / "examples" / f"{program}.py", "--book", self.book(name),
                "--summary", self.folder / f"{name}.json", *words]

    def book(self, program):
        return self.folder / f"{program}.db"

    def rows(self, program, query, *values):
        """What a client's book says."""
        with contextlib.closing(sqlite3.connect(self.book(program), timeout=60)) as book:
            return book.execute(query, values).fetchall()

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
        portal = self.world.summary("integrator")
        total = lambda names, of: sum(self.world.summary(name).get(of, 0) for name in names)
        steps = [
            ("applied", portal.get("applied")), ("answered", portal.get("answered")),
            ("selected", portal.get("selected")), ("bought", total(self.world.platforms, "bought")),
            ("completed", total(self.world.platforms, "completed")),
            ("payments", total(self.world.gateways, "payments")),
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
    listed = {register: {} for register in REGISTERS}  # a dictionary keeps the order of the people
    for person in kerja_client.load_json_lines(people_path):
        for register, share in REGISTERS.items():
            if dice.random() < share:
                listed[register][person["national_id"]] = None
    return {register: write_register(folder, register, people) for register, people in listed.items()}


def write_register(folder, register, national_ids):
    """One state of a register, as its office sends it."""
    path = folder / f"{register.lower()}.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["national_id", "code"])
        writer.writerows([number, LISTED_OCCUPATION if register == "OCCUPATION" else ""] for number in national_ids)
    return path
