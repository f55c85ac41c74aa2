"""A worker process, kerja-<service>, or another program of the build, as a person's own start-up would run it."""
import os
import pathlib
import urllib.error
import urllib.request

from .paths import command_program, worker_program
from .process import LOOPBACK, PATIENCE_S, Process, free_port, wait_until

# A program refuses a KERJA_ variable that it does not know, and these are the scripts' own.
SCRIPT_VARIABLES = ("KERJA_BROKERS", "KERJA_BUILD", "KERJA_KAFKA_VERSION", "KERJA_PARTITIONS")


def program_environment(settings: dict[str, str]) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in SCRIPT_VARIABLES}
    return {**own, **settings}


class Worker:
    """`instance` tells two workers of one service apart: in the log's name and in nothing else."""

    def __init__(self, service: str, folder: pathlib.Path, environment: dict[str, str], instance: int = 1,
                 detached: bool = False, state: dict | None = None):
        state = state or {}
        self.service, self.environment = service, environment
        self.program = worker_program(service)
        self.name = service if instance == 1 else f"{service}-{instance}"
        self.port = state.get("port", 0)
        self.process = Process(f"kerja-{self.name}", pathlib.Path(folder).absolute() / f"{self.name}.log",
                               detached=detached)
        if state.get("pid"):
            self.process.attach(state["pid"], state["started_ticks"])

    def launch(self, fault: str = "") -> None:
        """`fault`: a point of common/base/fault_point.h at which it is struck this time, and how."""
        self.port = free_port(self.port)
        own = {"KERJA_HTTP": f"{LOOPBACK}:{self.port}", **({"KERJA_FAULT": fault} if fault else {})}
        self.process.start([self.program], program_environment({**self.environment, **own}))

    def start(self, timeout_s: float = PATIENCE_S) -> "Worker":
        """Starts it and waits until it is ready."""
        self.launch()
        self.wait_ready(timeout_s)
        return self

    def ready(self) -> bool:
        return self.get("/readyz")[0] == 200

    def wait_ready(self, timeout_s: float = PATIENCE_S) -> None:
        """It may be ready for a moment: it is not asked again."""
        seen = wait_until(lambda: self.ready() or not self.process.alive(), timeout_s)
        if not self.process.alive():
            raise self.process.failed(f"ended with status {self.process.exit_status()} while starting")
        if not seen:
            text = self.get("/readyz")[1]
            raise self.process.failed(f"was not ready after {timeout_s} s ({text.strip() or 'no answer'})")

    def get(self, path: str) -> tuple[int, str]:
        """(HTTP status, body); status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except OSError:
            return 0, ""

    def metrics(self) -> dict[str, float]:
        """Sample, with its labels as written, to value."""
        lines = [line for line in self.get("/metrics")[1].splitlines() if line and not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    def stop(self, timeout_s: float = 30) -> bool:
        """SIGTERM, the orderly end; False when it had to be killed."""
        return self.process.stop(timeout_s=timeout_s)

    def kill(self) -> None:
        self.process.kill()

    def pause(self) -> None:
        self.process.pause()

    def resume(self) -> None:
        self.process.resume()

    def state(self) -> dict:
        return {"port": self.port, "pid": self.process.pid, "started_ticks": self.process.started_ticks}


class Clock:
    """`kerja clock`, the one process that fires due timers."""

    name = "clock"

    def __init__(self, folder: pathlib.Path, environment: dict[str, str], detached: bool = False,
                 state: dict | None = None):
        self.environment = environment
        self.process = Process("kerja clock", pathlib.Path(folder).absolute() / "clock.log", detached=detached)
        if state:
            self.process.attach(state["pid"], state["started_ticks"])

    def launch(self) -> None:
        self.process.start([command_program(), "clock"], program_environment(self.environment))

    def wait_ready(self, timeout_s: float = 1) -> None:
        """It answers nothing; that it does not end at once is what can be seen."""
        if self.process.wait_end(timeout_s):
            raise self.process.failed(f"ended with status {self.process.exit_status()} while starting")

    def stop(self, timeout_s: float = 30) -> bool:
        return self.process.stop(timeout_s=timeout_s)

    def state(self) -> dict:
        return {"pid": self.process.pid, "started_ticks": self.process.started_ticks}
