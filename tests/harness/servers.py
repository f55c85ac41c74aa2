"""Kafka, PostgreSQL and Redis for one instance folder: private ones, or existing ones named by
KERJA_KAFKA (host:port), KERJA_POSTGRES (libpq URI) and KERJA_REDIS (host:port). What a shell has read from the `env` of an
instance names private ones. A private Kafka is one broker, or as many as KERJA_BROKERS says.

    with Servers(folder) as servers:
        servers.postgres.kill(); servers.postgres.start()
        os.environ.update(servers.environment())

A server keeps its port and its data over kill, start and restart, so clients find it again.
"""
import fcntl
import json
import os
import pathlib
import shutil

from . import settings
from .kafka import SCAN_INTERVAL, Brokers, Kafka
from .postgres import Postgres
from .process import Failed
from .redis import Redis

_current: "Servers | None" = None


class External:
    """A server that somebody else runs: it has an address, and nothing can be done to it."""

    def __init__(self, name: str, address: str):
        self.name, self.address, self.process = name, address, None

    def state(self) -> dict:
        return {"existing": self.address}

    def __getattr__(self, verb: str):
        raise Failed(f"{self.name} is an existing server ({verb}): only private ones can be stopped and started")


def brokers(state: dict, as_left: bool) -> int:
    if as_left:
        return sum(name.startswith(Kafka.name) for name in state)
    return int(os.environ.get("KERJA_BROKERS", "1"))


class Servers:
    def __init__(self, folder: pathlib.Path, detached: bool = False, fresh: bool = False, as_left: bool = False):
        """`as_left`: what `up` left behind in the folder, whatever this shell's variables name."""
        self.folder = pathlib.Path(folder).absolute()
        self._detached = detached
        if not detached:
            self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._state_file = self.folder / "state.json"
        state = json.loads(self._state_file.read_text()) if self._state_file.exists() else {}
        self._all = []
        for variable, kind in (("KERJA_KAFKA", Kafka), ("KERJA_POSTGRES", Postgres), ("KERJA_REDIS", Redis)):
            name = kind.__name__.lower()
            own = kind(self.folder, detached, state.get(name, {}))
            existing = state.get(name, {}).get("existing") if as_left else settings.named(variable)
            if existing and own.process.alive():
                raise Failed(f"{name} of {self.folder} is running: `./run down`, before {variable} names another")
            if existing:
                server = External(name, existing)
            elif kind is Kafka and brokers(state, as_left) > 1:
                server = Brokers(self.folder, detached, state, brokers(state, as_left))
            else:
                server = own
            self._all += server.each if isinstance(server, Brokers) else [server]
            setattr(self, name, server)
        self._servers = [server for server in self._all if not isinstance(server, External)]
        if fresh:
            self.wipe()

    def start(self) -> "Servers":
        """Starts what is not running; ends what it started when one of them fails."""
        global _current
        if self._detached:
            self._lock(fcntl.LOCK_EX)
        self.folder.mkdir(parents=True, exist_ok=True)
        begun = [server for server in self._servers if not server.process.alive()]
        try:
            for server in begun:
                server.launch()
            for server in begun:
                server.wait_ready()
        except BaseException:
            for server in reversed(begun):
                server.stop()
            raise
        self.save()
        _current = self
        return self

    def stop(self) -> None:
        for server in reversed(self._servers):
            server.stop()
        self.save()

    def wipe(self) -> None:
        """Ends the servers and forgets their data, their ports and the instance's secrets."""
        for server in self._servers:
            server.process.kill()
            server.wipe()
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """What workers, the command `kerja` and clients need to find everything."""
        return {"KERJA_KAFKA": self.kafka.address, "KERJA_POSTGRES": self.postgres.address,
                "KERJA_REDIS": self.redis.address, **settings.secrets(self.folder)}

    def worker_environment(self) -> dict[str, str]:
        """The same with what a worker, and only a worker, is told about a private broker."""
        scan = {} if isinstance(self.kafka, External) else {"KERJA_SCAN_INTERVAL": SCAN_INTERVAL}
        return {**self.environment(), **scan}

    def all(self) -> list:
        """One by one, several brokers too."""
        return self._all

    def save(self) -> None:
        """Keeps ports, process identities and existing servers' addresses, so that `down` and a later `up` find them."""
        if self.folder.exists():
            state = {server.name: server.state() for server in self._all}
            self._state_file.touch()
            self._state_file.chmod(0o600)  # an existing server's address may hold a password
            self._state_file.write_text(json.dumps(state, indent=1))

    def _lock(self, how: int) -> None:
        """Keeps the folder for this program until it ends: two runs in it would end each other's servers."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._lock_file = open(self.folder.parent / f"{self.folder.name}.lock", "w")
        try:
            fcntl.flock(self._lock_file, how)
        except BlockingIOError:
            raise Failed(f"{self.folder} is in use by another run") from None

    def __enter__(self) -> "Servers":
        return self.start()

    def __exit__(self, *_reason) -> None:
        self.stop()
        self._lock_file.close()  # the folder is free for the next


def current() -> Servers:
    """The servers that this program started last: what a script under `./run` controls."""
    if not _current:
        raise Failed("no servers were started by this program")
    return _current
