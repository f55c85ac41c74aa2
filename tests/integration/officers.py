"""Servers, workers and two officers with logins of their own, in a small wave that was played up to its awards."""
import contextlib
import datetime
import decimal
import json
import subprocess
import uuid

import psycopg2

import harness
from harness.paths import ROOT, SERVICES, command_program
from harness.process import PATIENCE_S
from harness.worker import program_environment

PROGRAMME, WAVE, LATER_WAVE = "kartu-prakerja", 21, 22
FILE = ROOT / "programmes" / f"{PROGRAMME}.yaml"
REGISTERS = ("EDUCATION", "OCCUPATION", "BLACKLIST", "DTKS", "PKH", "BSU", "BPUM")
PEOPLE, SEATS = 80, 24
AT = "2021-10-01"  # every command's time: after the wave's notice day, before its first deadline


def plain(value):
    """Ids as texts, all through an event."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return str(value) if isinstance(value, uuid.UUID) else value


def noon(day: int) -> datetime.datetime:
    return datetime.datetime(2021, 10, day, 5, tzinfo=datetime.timezone.utc)  # in Jakarta


class Officers:
    """Servers, workers, and two officers' logins, ani and budi; `kerja` is the administrator."""

    def __init__(self, folder):
        self.folder, self.servers, self.workers = folder, harness.Servers(folder, fresh=True), []
        self.given = set()

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.servers.start()
        try:
            harness.topics.create(self.servers.kafka.address)
            for service in SERVICES:
                self.workers.append(harness.Worker(service, self.folder, self.servers.worker_environment()))
                self.workers[-1].launch()
            for worker in self.workers:
                worker.wait_ready()
            for name in ("ani", "budi"):
                self.change(f"CREATE ROLE {name} LOGIN; GRANT kerja_read, kerja_officer TO {name}")
            self.play()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_reason):
        for worker in self.workers:
            worker.stop()
        self.servers.stop()

    # What is asked of it.

    def address(self, login: str) -> str:
        own = self.servers.postgres.address
        return own if login == "kerja" else f"postgresql://{login}@{own.rpartition('@')[2]}"

    def environment(self, login: str) -> dict:
        return {**program_environment(self.servers.environment()), "KERJA_POSTGRES": self.address(login)}

    def kerja(self, login: str, *words, status: int = 0, text: str = "") -> str:
        done = subprocess.run([command_program(), *map(str, words)], env=self.environment(login), cwd=self.folder,
                              input=text, text=True, capture_output=True, timeout=PATIENCE_S)
        assert done.returncode == status, f"{login} {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if status == 0 else done.stderr

    def request(self, *words) -> int:
        """Ani's command that waits for another officer: its number."""
        told = self.kerja("ani", *words)
        assert "waits for a second officer" in told
        return int(told.split()[1])

    def both(self, *words) -> int:
        number = self.request(*words)
        assert self.kerja("budi", "approve", number).startswith(f"command {number} sent: ")
        return number

    def query(self, sql: str, *values, login: str = "kerja") -> list[tuple]:
        with contextlib.closing(psycopg2.connect(self.address(login))) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return rows

    change = query

    def wait(self, sql: str, *values) -> None:
        """Until the query's first value is true."""
        assert harness.wait_until(lambda: (self.query(sql, *values) or [[False]])[0][0], PATIENCE_S), (sql, values)

    def said(self, topic: str, number: int) -> list[dict]:
        """What a command said in the end."""
        return [plain(one.event) for one in harness.read(self.servers.kafka.address, [topic], quiet_s=0.3)
                if one.event["sequence"] == number]

    def letters(self, reason: str) -> list[dict]:
        return json.loads(self.kerja("ani", "dead-letters", "list", "--reason", reason, "--json"))

    def wait_letter(self, reason: str) -> dict:
        assert harness.wait_until(lambda: self.letters(reason), PATIENCE_S, pause_s=0.5)
        return self.letters(reason)[0]

    def award(self) -> str:
        """One that no other test has."""
        rows = self.query("SELECT award_id::text FROM application_read.award ORDER BY award_id")
        chosen = next(award for award, in rows if award not in self.given)
        self.given.add(chosen)
        return chosen

    def buy(self, award: str, course: str, conflict: bool = False) -> str:
        """A purchase as a platform tells it, with all that comes before; its enrolment."""
        sender = harness.Sender(self.servers.kafka.address)
        sender.send("course.listed", course, {
            "course_id": course, "programmes": [PROGRAMME], "provider_id": "PROVIDER-1", "title": "Spreadsheets", "mode": "ONLINE",
            "price": decimal.Decimal("400000.00"), "currency": "IDR", "synchronous_minutes": 900, "longest_day_minutes": 180,
            "trainees_per_trainer": 45, "interactive": True, "identical_to_free": False, "valid_from": datetime.date(2020, 4, 1),
            "provider": {"legal_since": datetime.date(2012, 5, 7), "indicators_met": 59, "owner_overlaps_platform": conflict,
                         "documents": ["NIB", "NPWP", "KSWP", "PLATFORM_AGREEMENT", "STATEMENT"]}})
        for kind, number in (("INTRO_WATCHED", 1), ("INTRO_WATCHED", 2), ("INTRO_WATCHED", 3), ("ACCOUNT_LINKED", 1)):
            sender.send("milestone.reached", award, {"milestone_id": f"{award}-{kind}-{number}", "award_id": award, "kind": kind,
                                                     "number": number, "reached_at": noon(1)})
        sender.flush()
        self.wait("SELECT count(*) = 1 FROM completion_read.course WHERE course_id = %s", course)
        sender.send("course.enrolled", award, {"enrolment_id": f"E-{course}", "award_id": award, "course_id": course,
                                               "price": decimal.Decimal("400000.00"), "currency": "IDR", "enrolled_at": noon(2)})
        sender.flush()
        return f"E-{course}"

    def audit(self, *words) -> list[dict]:
        return json.loads(self.kerja("budi", "audit", "--json", *words))

    # What happens in it.

    def play(self) -> None:
        """Awards of one wave; an application for another stays undecided, its programme being unknown then."""
        people = self.kerja("ani", "synthesize", "--wave", WAVE, "--people", PEOPLE, "--seed", 4, "--programme", FILE)
        (self.folder / "people.jsonl").write_text(people)
        later = self.kerja("ani", "synthesize", "--wave", LATER_WAVE, "--people", 40, "--seed", 6, "--programme", FILE)
        (self.folder / "later.jsonl").write_text(later)
        (self.folder / "too-early.jsonl").write_text(later.splitlines()[0] + "\n")
        self.kerja("ani", "import", "too-early.jsonl", "--topic", "application.submitted")
        self.wait_letter("UNKNOWN_PROGRAMME")
        self.kerja("ani", "programme", "publish", FILE)
        for worker in self.workers:
            assert harness.wait_until(lambda: "programme in force" in worker.process.log.read_text(), PATIENCE_S)
        (self.folder / "nobody.csv").write_text("national_id\n")
        for register in REGISTERS:
            self.kerja("ani", "register", "load", register, "nobody.csv", "--programme", PROGRAMME, "--at",
                       "2021-09-01T00:00:00Z")
        wave = ("--programme", PROGRAMME, "--wave", WAVE)
        self.kerja("ani", "draw", "announce", *wave, "--seed-file", "seed")
        self.kerja("ani", "import", "people.jsonl", "--topic", "application.submitted")
        self.kerja("kerja", "clock", "--until", "2021-09-20")
        self.kerja("ani", "draw", *wave, "--seats", SEATS, "--seed-file", "seed")
        awarded = "SELECT count(*) = %s FROM {}_read.award"
        for service in SERVICES:
            self.wait(awarded.format(service), SEATS)
