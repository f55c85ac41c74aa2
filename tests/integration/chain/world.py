"""Servers, three workers and four foreign clients as processes, through which two waves are played in simulated time.

    with World(folder) as world:
        world.play()
        world.query("SELECT ..."); world.kerja("status", "--json"); world.records("payout.requested")

One wave of each scheme of Kartu Prakerja: the first is paid in four instalments, the second in one. Time
goes on until both years are closed, so nothing is left that could still happen.
"""
import collections
import dataclasses
import json
import os
import pathlib
import sqlite3
import subprocess
import sys

import psycopg2

import harness
from harness.paths import ROOT, SERVICES, command_program
from harness.process import PATIENCE_S
from harness.worker import program_environment

PROGRAMME = "kartu-prakerja"
PROGRAMME_FILE = ROOT / "programmes" / f"{PROGRAMME}.yaml"
GROUPS = {"integrator": "integrator-example", "training_platform": "platform-example",
          "gateway": "gateway-example", "notifier": "notifier-example"}
YEAR_S = 5 * PATIENCE_S  # for a command: the clock works through some hundreds of days


@dataclasses.dataclass
class Wave:
    number: int
    people: int
    seats: int
    seed: int
    closed: str  # a day on which nobody can apply any more
    notice_day: str
    end: str  # a day by which everything that the wave's awards can be owed is due


WAVES = [Wave(18, 110, 24, seed=2, closed="2021-08-20", notice_day="2021-08-24", end="2022-07-01"),
         Wave(69, 110, 24, seed=3, closed="2024-06-06", notice_day="2024-06-10", end="2025-07-01")]
PLATFORM_SEED = 261  # by which somebody is owed a first instalment on a 31st, and somebody buys nothing
REGISTERS = ("EDUCATION", "OCCUPATION", "BLACKLIST", "DTKS", "PKH", "BSU", "BPUM")


def named(wave: Wave) -> tuple:
    return "--programme", PROGRAMME, "--wave", wave.number


class World:
    waves = WAVES

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.servers = harness.Servers(folder, fresh=True)
        self.workers: dict[str, harness.Worker] = {}
        self.clients: dict[str, harness.Process] = {}

    def __enter__(self) -> "World":
        # Always the same secret: what people do follows from the ids of their awards, so every run is the same.
        self.folder.mkdir(parents=True)
        (self.folder / "id_secret").write_text("5a" * 32 + "\n")
        self.servers.start()
        try:
            harness.topics.create(self.servers.kafka.address)
            self.environment = program_environment(self.servers.environment())
            for service in SERVICES:
                self.workers[service] = harness.Worker(service, self.folder, self.servers.worker_environment())
                self.workers[service].launch()
            for worker in self.workers.values():
                worker.wait_ready(PATIENCE_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_reason) -> None:
        for process in [*self.clients.values(), *(worker.process for worker in self.workers.values())]:
            process.stop()
        self.servers.stop()

    # What is asked of it.

    def kerja(self, *words, status: int = 0) -> str:
        """What the command printed; its status must be the given one."""
        return self._run(words, status).stdout

    def refused(self, *words) -> str:
        """What the command said of a wrong call."""
        return self._run(words, status=2).stderr

    def _run(self, words, status: int) -> subprocess.CompletedProcess:
        done = subprocess.run([command_program(), *map(str, words)], env=self.environment, cwd=self.folder,
                              text=True, capture_output=True, timeout=YEAR_S)
        assert done.returncode == status, f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def status(self) -> dict:
        return json.loads(self.kerja("status", "--json"))

    def query(self, sql: str, *values) -> list[tuple]:
        connection = psycopg2.connect(self.servers.postgres.address)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return cursor.fetchall()
        finally:
            connection.close()

    def book(self, client: str, sql: str) -> list[tuple]:
        """A foreign client's own record."""
        book = sqlite3.connect(self.folder / f"{client}.db", timeout=PATIENCE_S)
        try:
            return book.execute(sql).fetchall()
        finally:
            book.close()

    def records(self, *topics: str) -> list[harness.Received]:
        """All that stands in the topics, or in every topic, in the order of each partition."""
        return list(harness.read(self.servers.kafka.address, list(topics or harness.topics.retention_days()),
                                 quiet_s=0.3, timeout_s=PATIENCE_S))

    def applicants(self) -> list[dict]:
        return [json.loads(line) for line in (self.folder / "people.jsonl").read_text().splitlines()]

    # What happens in it.

    def play(self) -> None:
        self.kerja("programme", "publish", PROGRAMME_FILE)
        self.make_people()
        for wave in self.waves:
            seed = self.folder / f"seed-{wave.number}"
            seed.touch(mode=0o600)
            seed.write_text(f"{wave.number:02d}" * 32 + "\n")
            self.kerja("draw", "announce", *named(wave), "--seed-file", seed)
        for register in REGISTERS:
            self.kerja("register", "load", register, f"{register}.csv", "--programme", PROGRAMME)
        self.start_client("training_platform", "--people", self.folder / "people.jsonl", "--seed", str(PLATFORM_SEED))
        # A gateway that answers in any order, twice, late, or only when it is asked: but it pays.
        self.start_client("gateway", "--shuffle", "--twice", "0.1", "--late", "0.1", "--silent", "0.1")
        self.start_client("notifier")
        subprocess.run(self.client_command("integrator", self.folder / "people.jsonl", "--publish-only",
                                           "--repeats", "0.1", "--corrections", "0.05"),
                       check=True, timeout=PATIENCE_S, env=self.environment, stdout=subprocess.DEVNULL)
        self.start_client("integrator")
        for wave in self.waves:
            self.clock(wave.closed)
            self.kerja("draw", *named(wave), "--seats", wave.seats, "--notice-day", wave.notice_day,
                       "--decree", f"SK-{wave.number}", "--seed-file", self.folder / f"seed-{wave.number}")
            self.clock(wave.end)

    def make_people(self) -> None:
        """Who applies to either wave, and the registers that list some of them."""
        people, registers = [], collections.defaultdict(list)
        for wave in self.waves:
            listed = self.folder / f"registers-{wave.number}"
            people.append(self.kerja("synthesize", "--wave", wave.number, "--people", wave.people, "--seed", wave.seed,
                                     "--programme", PROGRAMME_FILE, "--registers", listed))
            for path in listed.glob("*.csv"):
                titles, *rows = path.read_text().splitlines()
                registers[path.stem] = [titles, *registers[path.stem][1:], *rows]
        (self.folder / "people.jsonl").write_text("".join(people))
        for register in REGISTERS:
            (self.folder / f"{register}.csv").write_text("\n".join(registers[register] or ["national_id"]) + "\n")

    def clock(self, until: str) -> None:
        """Plays time to the end of a day; who died on the way is named."""
        self.kerja("clock", "--until", until, "--wait-for", ",".join(GROUPS.values()))
        for process in [*self.clients.values(), *(worker.process for worker in self.workers.values())]:
            if not process.alive():
                raise process.failed(f"ended with status {process.exit_status()}")

    def start_client(self, program: str, *words) -> None:
        process = harness.Process(program, self.folder / f"{program}.log")
        process.start(self.client_command(program, *words), self.environment)
        self.clients[program] = process

    def client_command(self, program: str, *words) -> list[str]:
        command = [sys.executable, ROOT / "examples" / f"{program}.py", "--kafka", self.servers.kafka.address,
                   "--group", GROUPS[program], "--book", self.folder / f"{program}.db", *words]
        return [os.fspath(word) for word in command]
