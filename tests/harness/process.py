"""A process that never outlives its purpose.

An *owned* process ends with the program that started it, whatever ends that program: a return, an
exception, SIGTERM (atexit), or kill -9 (the kernel's parent-death signal). A *detached* one stays until
somebody stops it by the pid that `./run up` wrote down; the start time beside the pid tells whether that
pid is still the same process.

Signals go to the process and all its descendants, because PostgreSQL's backends lead sessions of their own.
"""
import atexit
import os
import pathlib
import queue
import random
import signal
import socket
import subprocess
import sys
import threading
import time

LOOPBACK = "127.0.0.1"
PATIENCE_S = 240  # for what takes a second on a quiet machine, and much longer on a loaded one
# Below those that the kernel lends to whoever calls: who keeps calling a server that is away would one day be lent its
# port, and call itself.
PORTS = range(10_000, 32_768)
_reserved: dict[int, socket.socket] = {}
_owned: list["Process"] = []
_spawn_requests: queue.Queue = queue.Queue()
_spawner: threading.Thread | None = None


class Failed(Exception):
    """A server or worker did not do what was asked; the text says which, and where its log is."""


class Process:
    def __init__(self, name: str, log: pathlib.Path, death_signal: str = "KILL", user: str | None = None,
                 detached: bool = False):
        self.name, self.log, self.death_signal, self.user, self.detached = name, log, death_signal, user, detached
        self.pid = 0
        self.started_ticks = 0  # since boot; with the pid, the identity of a process
        self._child: subprocess.Popen | None = None

    def start(self, command: list, env: dict | None = None) -> None:
        assert not self.alive(), f"{self.name} is running already"
        prefix = ["setpriv"]
        if self.user:
            prefix += ["--reuid", self.user, "--regid", self.user, "--init-groups"]
        if not self.detached:
            prefix += ["--pdeathsig", self.death_signal]
        command = (prefix + ["--"] if len(prefix) > 1 else []) + [str(word) for word in command]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            self._child = _spawn(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 cwd="/", start_new_session=True)
        self.pid = self._child.pid
        self.started_ticks = _stat(self.pid)[1] if _stat(self.pid) else 0
        if not self.detached:
            _own(self)
        # Until then nothing would end it with us.
        if not wait_until(lambda: not self.alive() or not prefix[1:] or _name(self.pid) != prefix[0], PATIENCE_S, pause_s=0.001):
            raise self.failed("is not begun")

    def attach(self, pid: int, started_ticks: int) -> None:
        """Takes up a process that an earlier program started, if it is still there."""
        stat = _stat(pid)
        if stat and stat[1] == started_ticks:
            self.pid, self.started_ticks = pid, started_ticks

    def alive(self) -> bool:
        if self._child and self._child.poll() is not None:
            return False
        stat = _stat(self.pid) if self.pid else None
        return bool(stat) and stat[0] != "Z" and stat[1] == self.started_ticks

    def exit_status(self) -> int | None:
        """As of subprocess: negative for a signal, None while it runs or when it is not ours."""
        if not self._child or self.alive():
            return None
        return self._child.wait()  # poll() knows nothing while another thread asks too

    def send(self, number: int) -> None:
        if self.alive():
            for pid in reversed(family(self.pid)):
                _send(pid, number)

    def stop(self, number: int = signal.SIGTERM, timeout_s: float = 30) -> bool:
        """Asks with `number`, insists after `timeout_s`; True when asking was enough."""
        if not self.alive():
            return True
        self.resume()
        _send(self.pid, number)
        if self.wait_end(timeout_s):
            return True
        self.kill()
        return False

    def kill(self) -> None:
        """Returns when nobody of the family is left: a backend of PostgreSQL that writes or was just forked would still hold
        the memory that the next postmaster asks for. So they stand before they die: who stands forks nobody."""
        self.pause()
        struck = [(pid, stat[1]) for pid in family(self.pid) if (stat := _stat(pid))] if self.alive() else []
        self.send(signal.SIGKILL)
        if not wait_until(lambda: not self.alive() and not any(_runs(*one) for one in struck), PATIENCE_S):
            raise self.failed("does not end although it was killed")

    def pause(self) -> None:
        """Returns when it stands: a signal that was sent has stopped few of many threads yet."""
        def stands() -> bool:
            self.send(signal.SIGSTOP)  # again: one of the family may have forked meanwhile
            found = family(self.pid)
            return not self.alive() or all(map(_stands, found)) and family(self.pid) == found
        if not wait_until(stands, PATIENCE_S, pause_s=0.001):
            raise self.failed("does not stand still")

    def stands(self) -> bool:
        """Whether it was stopped, by us or by itself."""
        stat = _stat(self.pid)
        return bool(stat) and stat[0] == "T" and stat[1] == self.started_ticks

    def resume(self) -> None:
        self.send(signal.SIGCONT)

    def wait_end(self, timeout_s: float) -> bool:
        return wait_until(lambda: not self.alive(), timeout_s)

    def log_tail(self, lines: int = 15) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def failed(self, what: str) -> Failed:
        return Failed(f"{self.name} {what}; the end of its log {self.log}:\n{self.log_tail()}")


def wait_until(true, timeout_s: float, pause_s: float = 0.05) -> bool:
    end = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(pause_s)  # between two looks
    return True


def free_port(preferred: int = 0) -> int:
    """A loopback port nobody listens on, and that was given to nobody before: for this program as long as it lives, which
    may prefer one that it has."""
    for port in [preferred] * bool(preferred) + [one for one in random.sample(PORTS, 100) if one not in _reserved]:
        if _reserve(port):
            with socket.socket() as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    listener.bind((LOOPBACK, port))
                except OSError:
                    continue
                return port
    raise Failed("no free loopback port")


def _reserve(port: int) -> bool:
    """Among programs that ask here: a name that the kernel keeps while this one lives, and gives to one."""
    if port not in _reserved:
        name = socket.socket(socket.AF_UNIX)
        try:
            name.bind(f"\0kerja port {port}")
        except OSError:
            name.close()
            return False
        _reserved[port] = name
    return True


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def family(pid: int) -> list[int]:
    """The process and its descendants, parents first."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (stat := _stat(int(entry))):
            children.setdefault(stat[2], []).append(int(entry))
    found = [pid]
    for parent in found:
        found.extend(children.get(parent, []))
    return found


def end_owned() -> None:
    """Ends every owned process, the latest first. Runs by itself when the program ends."""
    while _owned:
        process = _owned.pop()
        process.stop(signal.SIGINT if process.death_signal == "QUIT" else signal.SIGTERM, timeout_s=15)


def _own(process: Process) -> None:
    if not _owned:
        atexit.register(end_owned)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, lambda got, _frame: sys.exit(128 + got))
    if process not in _owned:
        _owned.append(process)


def _spawn(command: list[str], **options) -> subprocess.Popen:
    """Starts it from one thread that lives as long as the program: the parent-death signal is sent when the
    *thread* that forked ends, so a test's short-lived thread must not be the one."""
    global _spawner
    if not _spawner:
        _spawner = threading.Thread(target=_serve_spawns, name="spawner", daemon=True)
        _spawner.start()
    answer: queue.Queue = queue.Queue()
    _spawn_requests.put((command, options, answer))
    result = answer.get()
    if isinstance(result, Exception):
        raise result
    return result


def _serve_spawns() -> None:
    while True:
        command, options, answer = _spawn_requests.get()
        try:
            answer.put(subprocess.Popen(command, **options))
        except Exception as error:  # handed to the caller, which raises it
            answer.put(error)


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _stands(pid: int) -> bool:
    """No thread of it runs, or can."""
    return all(state in "TZX" for state in _threads(pid))


def _runs(pid: int, started_ticks: int) -> bool:
    """It is the same process, and not only what its parent has yet to ask about."""
    stat = _stat(pid)
    return stat is not None and stat[1] == started_ticks and any(state not in "ZX" for state in _threads(pid))


def _threads(pid: int) -> list[str]:
    """The state of each that is there."""
    try:
        threads = [_stat(int(thread)) for thread in os.listdir(f"/proc/{pid}/task")]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [stat[0] for stat in threads if stat]


def _name(pid: int) -> str:
    """Of the program that it runs, "" when it is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().rstrip("\n")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _stat(pid: int) -> tuple[str, int, int] | None:
    """(state, start time in ticks, parent), or None when there is no such process."""
    try:
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return words[0], int(words[19]), int(words[1])
