"""A world in which everything that is said is kept: workers tell all they can, each process has a login of its own,
and what the command prints is written down.

Topics, schemas and logins are made as the containers make them: `kerja topics create`, `kerja-<service> --migrate`,
run.d/compose/logins.sh.
"""
import os
import subprocess

import harness
from harness.paths import ROOT, SERVICES, command_program, worker_program
from harness.worker import program_environment

from .world import GROUPS, PATIENCE_S, PROGRAMME, PROGRAMME_FILE, REGISTERS, YEAR_S, Wave, World, named

SCRIPTS = ROOT / "run.d" / "compose"
WAVE = Wave(18, 60, 14, seed=2, closed="2021-08-20", notice_day="2021-08-24", end="2022-07-01")
PLATFORM_SEED = 261
LOGINS = (*SERVICES, "clock")
QUIET_COMMANDS = ("synthesize",)  # which print personal data because that is what they are for


class Watched(World):
    waves = [WAVE]

    def __init__(self, folder):
        super().__init__(folder)
        self.transcript: list[str] = []

    def __enter__(self) -> "Watched":
        self.folder.mkdir(parents=True)
        (self.folder / "id_secret").write_text("5a" * 32 + "\n")
        self.servers.start()
        try:
            self.environment = program_environment(self.servers.environment())
            self.set_up()
            for service in SERVICES:
                self.workers[service] = harness.Worker(service, self.folder, {
                    **self.servers.worker_environment(), "KERJA_LOG_LEVEL": "debug", "KERJA_POSTGRES": self.login(service)})
                self.workers[service].launch()
            for worker in self.workers.values():
                worker.wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def set_up(self) -> None:
        self.kerja("topics", "create")
        for service in SERVICES:
            self.transcript.append(subprocess.run([worker_program(service), "--migrate"], env=self.environment, check=True,
                                                  text=True, capture_output=True, timeout=PATIENCE_S).stderr)
        secrets = self.folder / "secrets"
        subprocess.run([SCRIPTS / "secrets.sh", secrets], check=True)
        owner, _, place = self.servers.postgres.address.removeprefix("postgresql://").partition("@")
        address, _, database = place.partition("/")
        (secrets / "kerja.pgpass").write_text("*:*:*:" + owner + "\n")
        environment = {**os.environ, "PGHOST": address.split(":")[0], "PGPORT": address.split(":")[1],
                       "PGDATABASE": database, "PGUSER": owner.split(":")[0], "PGPASSFILE": str(secrets / "kerja.pgpass")}
        for _twice_is_harmless in range(2):
            subprocess.run([SCRIPTS / "logins.sh", secrets], check=True, env=environment, stderr=subprocess.DEVNULL)
        self.servers.postgres.demand_passwords(*LOGINS)

    def login(self, name: str) -> str:
        """The address under which somebody else than the owner comes in; processes have a password, in a file."""
        file = f"?passfile={self.folder}/secrets/{name}.pgpass" if name in LOGINS else ""
        return "postgresql://" + name + "@" + self.servers.postgres.address.partition("@")[2] + file

    def kerja(self, *words, status: int | None = 0, login: str | None = None) -> str:
        """What it printed, all of which is kept; the status None is any."""
        environment = self.environment | ({"KERJA_POSTGRES": self.login(login)} if login else {})
        done = subprocess.run([command_program(), *map(str, words)], env=environment, cwd=self.folder, text=True,
                              capture_output=True, timeout=YEAR_S)
        if words[0] not in QUIET_COMMANDS:
            self.transcript += [done.stdout, done.stderr]
        assert status in (None, done.returncode), f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def clock(self, until: str) -> None:
        """Under the clock's own login."""
        self.kerja("clock", "--until", until, "--wait-for", ",".join(GROUPS.values()), login="clock")

    def open_wave(self) -> None:
        """Rules, people, registers, clients: until everybody has applied."""
        self.kerja("programme", "publish", PROGRAMME_FILE)
        self.make_people()
        seed = self.folder / f"seed-{WAVE.number}"
        seed.touch(mode=0o600)
        seed.write_text(f"{WAVE.number:02d}" * 32 + "\n")
        self.kerja("draw", "announce", *named(WAVE), "--seed-file", seed)
        for register in REGISTERS:
            self.kerja("register", "load", register, f"{register}.csv", "--programme", PROGRAMME)
        self.start_client("training_platform", "--people", self.folder / "people.jsonl", "--seed", str(PLATFORM_SEED))
        self.start_client("gateway", "--shuffle", "--twice", "0.1", "--late", "0.1", "--silent", "0.1", "--refuse", "0.1")
        self.start_client("notifier")
        subprocess.run(self.client_command("integrator", self.folder / "people.jsonl", "--publish-only"),
                       check=True, timeout=PATIENCE_S, env=self.environment, stdout=subprocess.DEVNULL)
        self.start_client("integrator")

    def draw(self) -> None:
        self.clock(WAVE.closed)
        self.kerja("draw", *named(WAVE), "--seats", WAVE.seats, "--notice-day", WAVE.notice_day,
                   "--decree", f"SK-{WAVE.number}", "--seed-file", self.folder / f"seed-{WAVE.number}")
