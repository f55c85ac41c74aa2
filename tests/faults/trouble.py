"""What is done to the workers and servers while a wave runs: each act is drawn from a seed."""
import collections
import random
import re
import signal
import threading
import time

import harness
from faults import points

STOPPED_S = (1, 5)  # shorter than the session: the stopped worker goes on where it was
ZOMBIE_S = (6.5, 10)  # longer: others have its partitions when it wakes, and all it was about to do is refused
LATE_S = (0.05, 0.4)  # what each chunk of bytes waits on a slow network
SILENT_S = 60  # what it waits on one that says nothing: longer than anybody is patient
NETWORK_S = (1, 6)  # how long a network is slow or silent
DOWN_S = (0, 2)
PAUSE_S = (0.2, 1.4)  # between two acts: about one act in 1 to 2 seconds, with those that take long
READY_S = 300


class Troublemaker:
    """Does `count` acts in a thread; afterwards everything runs again."""

    def __init__(self, servers, workers: list, spares: list, network, chance: random.Random):
        self.servers, self.workers, self.spares, self.network, self.chance = servers, workers, spares, network, chance
        self.done: list[str] = []
        self.ended_badly: list[str] = []  # ends that nobody asked for
        self._wake_at: dict[harness.Worker, float] = {}
        self._armed: set[harness.Worker] = set()  # with a fault point, at which they may end by themselves
        self._start_at: dict[harness.Worker, float] = {}  # when to start again what we ended
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    def begin(self, count: int) -> None:
        self._thread = threading.Thread(target=self._run, args=(count,))
        self._thread.start()

    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def end(self) -> None:
        """Waits for the last act, then mends everything."""
        if self._thread:
            self._thread.join()
        if self._failure:
            raise self._failure
        self.network.heal()
        for spare in self.spares:
            spare.stop()
        for worker in self.workers:
            worker.resume()
            self._wake_at.pop(worker, None)
            if worker in self._armed:  # whether or not it came to its point
                worker.kill()
                self._start_at[worker] = 0
            if worker in self._start_at:
                self._start_at[worker] = 0
        self.tend()
        for worker in self.workers:
            worker.wait_ready(READY_S)

    def tend(self) -> None:
        """Starts what is down and wakes what is stopped, each at its time."""
        for worker in self.workers:
            if time.monotonic() >= self._wake_at.get(worker, float("inf")):
                worker.resume()
                del self._wake_at[worker]
            if worker.process.alive():
                continue
            status = worker.process.exit_status()
            if status == points.EXIT_STATUS and worker in self._armed:
                self._start_at.setdefault(worker, 0)
            if worker not in self._start_at:
                self.ended_badly.append(f"{worker.name} ended by itself with status {status}: "
                                        f"{worker.process.log_tail(2)}")
            if time.monotonic() >= self._start_at.get(worker, 0):
                self._start_at.pop(worker, None)
                self._armed.discard(worker)
                worker.launch()

    def _run(self, count: int) -> None:
        try:
            for _ in range(count):
                until = time.monotonic() + self.chance.uniform(*PAUSE_S)
                while time.monotonic() < until:
                    self.tend()
                    time.sleep(0.05)
                act = self.chance.choices(ACTS, [weight for weight, _act in ACTS])[0][1]
                self.done.append(f"{time.strftime('%H:%M:%S')} {act(self)}")
        except BaseException as failure:  # shown by the main thread
            self._failure = failure

    def counts(self) -> list[str]:
        """How often each fault hit, most often first."""
        kinds = collections.Counter(re.sub(r"-\d+$", "", one.split(" ", 1)[1]) for one in self.done)
        return [f"{kind}: {count}" for kind, count in kinds.most_common()]

    def points_hit(self) -> list[str]:
        """Every point, and how often a worker passed it armed, as the logs tell."""
        logs = [worker.process.log.read_text(errors="replace") for worker in self.workers if worker.process.log.exists()]
        return [f"{name}: {sum(log.count(points.told(name)) for log in logs)}" for name in points.names()]

    def _victim(self) -> harness.Worker:
        """Any worker that runs, stopped ones included; waits for one where none does."""
        while not (alive := [worker for worker in self.workers if worker.process.alive()]):
            self.tend()
            time.sleep(0.05)
        return self.chance.choice(alive)

    def kill_worker(self) -> str:
        worker = self._victim()
        self._wake_at.pop(worker, None)
        self._start_at[worker] = time.monotonic() + self.chance.uniform(*DOWN_S)
        worker.kill()
        return f"kill -9 {worker.name}"

    def strike_at_point(self) -> str:
        """A worker starts again, and dies, sleeps longer than its session or loses all its connections when it comes to the point."""
        worker = self._victim()
        name, kind = self.chance.choice(points.names()), self.chance.choice(points.KINDS)
        self._wake_at.pop(worker, None)
        self._start_at.pop(worker, None)
        worker.kill()
        self._armed.add(worker)
        plain, worker.environment = worker.environment, {**worker.environment, "KERJA_FAULT": f"{name}:{kind}"}
        worker.launch()
        worker.environment = plain
        return f"{kind} at a fault point: {worker.name}"

    def stop_worker(self) -> str:
        worker = self._victim()
        worker.pause()
        self._wake_at[worker] = time.monotonic() + self.chance.uniform(*STOPPED_S)
        return f"SIGSTOP {worker.name}"

    def make_zombie(self) -> str:
        worker = self._victim()
        worker.pause()
        self._wake_at[worker] = time.monotonic() + self.chance.uniform(*ZOMBIE_S)
        return f"zombie {worker.name}"

    def add_or_remove(self) -> str:
        """One worker more in a group, or one less: partitions change hands, twice."""
        spare = self.chance.choice(self.spares)
        if spare.process.alive():
            spare.stop(timeout_s=20)
            return f"remove {spare.name}"
        spare.launch()
        return f"add {spare.name}"

    def restart_worker(self) -> str:
        worker = self._victim()
        self._wake_at.pop(worker, None)
        self._start_at[worker] = time.monotonic()
        worker.stop(timeout_s=20)
        return f"SIGTERM {worker.name}"

    def kill_server(self) -> str:
        server = self.chance.choice(self.servers.all())
        server.kill()
        self._back(server)
        return f"kill -9 {server.name}"

    def restart_server(self) -> str:
        # Not a broker that is alone: its orderly end waits for another to take its partitions.
        server = self.chance.choice([server for server in self.servers.all() if server is not self.servers.kafka])
        server.stop()
        self._back(server)
        return f"restart {server.name}"

    def stop_immediately(self) -> str:
        """pg_ctl stop -m immediate: no checkpoint, sessions are told and ended; it recovers when it starts."""
        self.servers.postgres.process.stop(signal.SIGQUIT)
        self._back(self.servers.postgres)
        return "stop -m immediate postgres"

    def cut_network(self) -> str:
        proxy = self.chance.choice(self.network.proxies)
        proxy.cut()
        return f"cut connections to {proxy.name}"

    def slow_network(self) -> str:
        proxy = self.chance.choice(self.network.proxies)
        self._disturb(proxy, self.chance.uniform(*LATE_S))
        return f"slow connections to {proxy.name}"

    def silence_network(self) -> str:
        """Nothing comes any more; afterwards the connections are cut, and what was under way is lost."""
        proxy = self.chance.choice(self.network.proxies)
        self._disturb(proxy, SILENT_S)
        proxy.cut()
        return f"silent connections to {proxy.name}"

    def _disturb(self, proxy, delay_s: float) -> None:
        proxy.delay(delay_s)
        until = time.monotonic() + self.chance.uniform(*NETWORK_S)
        while time.monotonic() < until:
            self.tend()
            time.sleep(0.05)
        proxy.delay(0)

    def pause_server(self) -> str:
        server = self.chance.choice(self.servers.all())
        server.pause()
        time.sleep(self.chance.uniform(0.5, 5))
        server.resume()
        return f"pause {server.name}"

    def _back(self, server) -> None:
        time.sleep(self.chance.uniform(*DOWN_S))
        server.launch()
        server.wait_ready()


ACTS = [(30, Troublemaker.kill_worker), (10, Troublemaker.strike_at_point), (10, Troublemaker.stop_worker), (9, Troublemaker.make_zombie),
        (7, Troublemaker.restart_worker), (11, Troublemaker.kill_server), (4, Troublemaker.restart_server),
        (4, Troublemaker.stop_immediately), (5, Troublemaker.pause_server), (5, Troublemaker.cut_network),
        (3, Troublemaker.slow_network), (2, Troublemaker.silence_network), (4, Troublemaker.add_or_remove)]
