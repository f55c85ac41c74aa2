"""What is done to the workers and servers while a wave runs: the acts that schedule.py draws from a seed."""
import collections
import re
import signal
import threading
import time
from typing import Callable

import harness
from faults import points, schedule
from faults.zombies import Zombies

SILENT_S = 60  # what each chunk of bytes waits on a network that says nothing: longer than anybody is patient
READY_S = 300
END_S = 60  # for an orderly end, on a machine that is busy with much else


class Troublemaker:
    """Does its next `count` acts in a thread, each after a `burst` of work; afterwards everything runs again."""

    def __init__(self, servers, workers: list, spares: list, network, seed: int):
        self.servers, self.workers, self.spares, self.network = servers, workers, spares, network
        self.victims = {"workers": workers, "servers": servers.all(), "postgres": [servers.postgres],
                        "proxies": network.proxies, "spares": spares}
        self.acts = schedule.acts(seed, {sort: len(them) for sort, them in self.victims.items()})
        self.done: list[str] = []
        self.killed: collections.Counter[str] = collections.Counter()  # by kill -9: workers and servers
        self.ended_badly: list[str] = []  # ends that nobody asked for, and ends asked for that were not orderly
        self.zombies = Zombies()
        self._wake_at: dict[harness.Worker, float] = {}
        self._asleep: set[harness.Worker] = set()  # those of them who sleep longer than their session
        self._armed: dict[harness.Worker, schedule.Act] = {}  # with a fault point, at which they may end by themselves
        self._owing: set[harness.Worker] = set()  # those of them who fall once before, so that something is owed at their point
        self._start_at: dict[harness.Worker, float] = {}  # when to start again what we ended
        self._added: set[harness.Worker] = set()  # spares that should run
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    def begin(self, count: int, burst: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(count, burst))
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
        while self._wake_at:  # who was woken before its time was no zombie
            self._tend_for(0.05)
        for spare in list(self._added):
            self._end_orderly(spare)
        self._owing.clear()
        for worker in self.workers:
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
            if worker.process.alive():
                self._tend_asleep(worker)
                continue
            self._wake_at.pop(worker, None)
            self._asleep.discard(worker)
            status = worker.process.exit_status()
            if status == points.EXIT_STATUS and worker in self._armed:
                self._start_at.setdefault(worker, 0)
            if worker not in self._start_at:
                self._bad_end(worker, f"ended by itself with status {status}")
            if time.monotonic() >= self._start_at.get(worker, 0):
                self._start_at.pop(worker, None)
                owing = worker in self._owing and status == points.EXIT_STATUS
                self._owing.discard(worker)
                if owing:
                    worker.launch(self._armed[worker].strike)
                else:
                    self._armed.pop(worker, None)
                    worker.launch()
        for spare in [spare for spare in self._added if not spare.process.alive()]:
            self._added.discard(spare)
            self._bad_end(spare, f"ended by itself with status {spare.process.exit_status()}")

    def _tend_asleep(self, worker: harness.Worker) -> None:
        if worker in self._armed and worker not in self._wake_at and worker.process.stands():
            self._sleep(worker, self._armed[worker].lasts_s, zombie=True)  # it came to its point
        if time.monotonic() < self._wake_at.get(worker, float("inf")):
            return
        del self._wake_at[worker]
        if worker in self._asleep:
            self._asleep.discard(worker)
            self.zombies.wake(worker)
        else:
            worker.resume()

    def _tend_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.tend()
            time.sleep(0.05)

    def _run(self, count: int, burst: Callable[[], None]) -> None:
        try:
            for _ in range(count):
                act = next(self.acts)
                self._tend_for(act.after_s)
                burst()
                self._tend_for(act.busy_s)
                self.done.append(f"{time.strftime('%H:%M:%S')} {self.do(act)}")
        except BaseException as failure:  # shown by the main thread
            self._failure = failure

    def do(self, act: schedule.Act) -> str:
        """What was done, and to whom."""
        sort = schedule.KINDS[act.kind].victims
        victim = self._awake(act.victim) if sort == "workers" else self.victims[sort][act.victim]
        return getattr(self, act.kind)(victim, act)

    def _awake(self, place: int) -> harness.Worker:
        """The worker that was drawn, or the next in their order where that one is down, or sleeps as a zombie and would
        otherwise hardly ever wake; waits where all do."""
        while True:
            for worker in self.workers[place:] + self.workers[:place]:
                if worker.process.alive() and worker not in self._asleep:
                    return worker
            self._tend_for(0.05)

    def counts(self) -> list[str]:
        """How often each fault hit, most often first."""
        kinds = collections.Counter(re.sub(r"-\d+$", "", one.split(" ", 1)[1]) for one in self.done)
        return [f"{kind}: {count}" for kind, count in kinds.most_common()]

    def points_hit(self) -> dict[str, int]:
        """Every point, and how often a worker passed it armed, as the logs tell."""
        logs = [worker.process.log.read_text(errors="replace") for worker in self.workers if worker.process.log.exists()]
        return {name: sum(log.count(points.told(name)) for log in logs) for name in points.names()}

    def _sleep(self, worker: harness.Worker, seconds: float, zombie: bool) -> None:
        self._wake_at[worker] = time.monotonic() + seconds
        if zombie:
            self._asleep.add(worker)

    def _kill(self, worker: harness.Worker) -> None:
        self._wake_at.pop(worker, None)
        worker.kill()
        self.killed["workers"] += 1

    def _bad_end(self, worker: harness.Worker, what: str) -> None:
        self.ended_badly.append(f"{worker.name} {what}: {worker.process.log_tail(2)}")

    def _end_orderly(self, worker: harness.Worker) -> None:
        """SIGTERM; who was told to fall at a fault point may do so on its way."""
        self._wake_at.pop(worker, None)
        self._added.discard(worker)
        worker.resume()
        listens = lambda: worker.get("/healthz")[0] or not worker.process.alive()
        harness.wait_until(listens, END_S)  # a program that has hardly begun knows no signal yet
        asked_was_enough, status = worker.stop(timeout_s=END_S), worker.process.exit_status()
        falls = "exit" if worker in self._owing else self._armed[worker].strike.split(":")[1] if worker in self._armed else ""
        if falls == "exit" and status == points.EXIT_STATUS or falls == "stop" and not asked_was_enough:
            return
        if not asked_was_enough:
            self._bad_end(worker, f"was asked to end, and had to be killed after {END_S} s")
        elif status != 0:
            self._bad_end(worker, f"was asked to end, and did with status {status}")

    def kill_worker(self, worker, act: schedule.Act) -> str:
        self._start_at[worker] = time.monotonic() + act.lasts_s
        self._kill(worker)
        return f"kill -9 {worker.name}"

    def strike_at_point(self, worker, act: schedule.Act) -> str:
        """It starts again, and dies, stops as a zombie or loses all its connections when it comes to the point; to one of
        recovery it comes with something owed, from a death between the two commits."""
        point, how = act.strike.split(":")
        self._start_at.pop(worker, None)
        self._kill(worker)
        self._armed[worker] = act
        self._owing.discard(worker)
        if point in points.IN_RECOVERY:
            self._owing.add(worker)
        worker.launch("committed:exit" if worker in self._owing else act.strike)
        return f"{how} at a fault point: {worker.name}"

    def stop_worker(self, worker, act: schedule.Act) -> str:
        worker.pause()
        self._sleep(worker, act.lasts_s, zombie=False)
        return f"SIGSTOP {worker.name}"

    def make_zombie(self, worker, act: schedule.Act) -> str:
        worker.pause()
        self._sleep(worker, act.lasts_s, zombie=True)
        return f"zombie {worker.name}"

    def add_or_remove(self, spare, _act: schedule.Act) -> str:
        """One worker more in a group, or one less: partitions change hands, twice."""
        if spare in self._added:
            self._end_orderly(spare)
            return f"remove {spare.name}"
        spare.launch()
        self._added.add(spare)
        return f"add {spare.name}"

    def restart_worker(self, worker, _act: schedule.Act) -> str:
        self._end_orderly(worker)
        self._start_at[worker] = 0
        return f"SIGTERM {worker.name}"

    def kill_server(self, server, act: schedule.Act) -> str:
        server.kill()
        self.killed["servers"] += 1
        self._back(server, act)
        return f"kill -9 {server.name}"

    def restart_server(self, server, act: schedule.Act) -> str:
        server.stop()
        self._back(server, act)
        return f"restart {server.name}"

    def stop_immediately(self, postgres, act: schedule.Act) -> str:
        """pg_ctl stop -m immediate: no checkpoint, sessions are told and ended; it recovers when it starts."""
        postgres.process.stop(signal.SIGQUIT)
        self._back(postgres, act)
        return "stop -m immediate postgres"

    def cut_network(self, proxy, _act: schedule.Act) -> str:
        proxy.cut()
        return f"cut connections to {proxy.name}"

    def slow_network(self, proxy, act: schedule.Act) -> str:
        self._disturb(proxy, act.late_s, act)
        return f"slow connections to {proxy.name}"

    def silence_network(self, proxy, act: schedule.Act) -> str:
        """Nothing comes any more; afterwards the connections are cut, and what was under way is lost."""
        self._disturb(proxy, SILENT_S, act)
        proxy.cut()
        return f"silent connections to {proxy.name}"

    def _disturb(self, proxy, delay_s: float, act: schedule.Act) -> None:
        proxy.delay(delay_s)
        self._tend_for(act.lasts_s)
        proxy.delay(0)

    def pause_server(self, server, act: schedule.Act) -> str:
        server.pause()
        time.sleep(act.lasts_s)
        server.resume()
        return f"pause {server.name}"

    def _back(self, server, act: schedule.Act) -> None:
        time.sleep(act.lasts_s)
        server.launch()
        server.wait_ready()
