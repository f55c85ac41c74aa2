"""What the three kinds of private server share: a folder, a port, a process, and verbs."""
import pathlib
import shutil
import signal

from .process import PATIENCE_S, Process, free_port, wait_until


class Server:
    """A subclass says how to prepare() its files, its command(), and when it is usable()."""

    name = ""
    ready_timeout_s = PATIENCE_S
    stop_signal = signal.SIGTERM
    death_signal = "KILL"
    user: str | None = None

    def __init__(self, folder: pathlib.Path, detached: bool, state: dict):
        self.folder = folder / self.name
        self.preferred_port = state.get("port", 0)
        self.port = self.preferred_port
        self.process = Process(self.name, folder / f"{self.name}.log", self.death_signal, self.user, detached)
        if state.get("pid"):
            self.process.attach(state["pid"], state["started_ticks"])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Starts the process; the first time on its old port, when that is still free."""
        if not self.port or self.process.started_ticks == 0:
            self.port = free_port(self.preferred_port)
        self.prepare()
        self.process.start(self.command(), self.environment())

    def wait_ready(self) -> None:
        seen = wait_until(lambda: self.usable() or not self.process.alive(), self.ready_timeout_s)
        if not self.process.alive():
            raise self.process.failed("ended while starting")
        if not seen:
            raise self.process.failed(f"did not answer on {self.address} within {self.ready_timeout_s} s")

    def start(self) -> None:
        self.launch()
        self.wait_ready()

    def stop(self) -> bool:
        """False when it had to be killed."""
        return self.process.stop(self.stop_signal)

    def kill(self) -> None:
        self.process.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        self.process.pause()

    def resume(self) -> None:
        self.process.resume()

    def wipe(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def state(self) -> dict:
        process = self.process
        if not process.alive():
            return {"port": self.port}
        return {"port": self.port, "pid": process.pid, "started_ticks": process.started_ticks}

    def environment(self) -> dict | None:
        return None

    def prepare(self) -> None:
        raise NotImplementedError

    def command(self) -> list:
        raise NotImplementedError

    def usable(self) -> bool:
        raise NotImplementedError
