"""What is around the workers while they are killed: a training platform, a payment gateway that misbehaves, an SMS
notifier, and `kerja clock`, each of them started again when a server takes it along."""
import json
import os
import subprocess
import sys
import time

import harness
from harness.paths import ROOT, command_program
from harness.worker import program_environment

from faults import people

GROUPS = {"training_platform": "platform-example", "gateway": "gateway-example", "notifier": "notifier-example"}
# One in 250 refused, one in 1,000 silent until asked, others late, said twice, or in any order.
GATEWAY = ("--refuse", "0.004", "--silent", "0.001", "--late", "0.05", "--twice", "0.1", "--shuffle")


class World:
    def __init__(self, servers, applicants: list[people.Applicant], seed: int):
        self.servers, self.folder, self.seed = servers, servers.folder, seed
        self.restarts = 0
        self._clients: dict[str, harness.Process] = {}
        registrations = self.folder / "people.jsonl"
        registrations.write_text("".join(json.dumps({
            "application_id": one.application_id, "national_id": people.national_id(one.number),
            "msisdn": people.msisdn(one.number), "name": None}) + "\n" for one in applicants))
        self._words = {"training_platform": ("--people", registrations), "gateway": GATEWAY, "notifier": ()}

    def __enter__(self) -> "World":
        for program in GROUPS:
            self._start(program)
        return self

    def __exit__(self, *_reason) -> None:
        for process in self._clients.values():
            process.stop()

    def book(self, program: str):
        return self.folder / f"{program}.db"

    def _start(self, program: str) -> None:
        process = harness.Process(program, self.folder / f"{program}.log")
        process.start([os.fspath(word) for word in (
            sys.executable, ROOT / "examples" / f"{program}.py", "--kafka", self.servers.kafka.address,
            "--group", GROUPS[program], "--book", self.book(program), "--seed", str(self.seed), *self._words[program])],
            dict(os.environ))
        self._clients[program] = process

    def tend(self) -> None:
        """A client whose work was broken off ends, and does the same again when it is started anew."""
        for program, process in self._clients.items():
            if not process.alive():
                self.restarts += 1
                self._start(program)

    def clock(self, until: str, patience_s: float) -> bool:
        """Plays time to the end of a day, as often as it takes; false when it took too long."""
        command = [command_program(), "clock", "--until", until, "--wait-for", ",".join(GROUPS.values())]
        deadline = time.monotonic() + patience_s
        with open(self.folder / "clock.log", "a", encoding="utf-8") as log:
            while time.monotonic() < deadline:
                process = subprocess.Popen(command, env=program_environment(self.servers.environment()), stdout=log, stderr=log)
                while process.poll() is None and time.monotonic() < deadline:
                    self.tend()
                    time.sleep(0.2)
                if process.poll() is None:
                    process.terminate()
                    process.wait()
                elif process.returncode == 0:
                    return True
        return False

    def clock_tail(self) -> str:
        return (self.folder / "clock.log").read_text(encoding="utf-8")[-500:]
