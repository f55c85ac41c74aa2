"""What is done to the workers and servers while a wave runs: each act is drawn from a seed."""
import random
import threading
import time

import harness

STOPPED_S = (2, 9)  # up to longer than the session, so that the stopped worker wakes as a zombie
DOWN_S = (0, 2)
PAUSE_S = (0.2, 1.4)  # between two acts: about one act in 1 to 2 seconds, with those that take long
READY_S = 90


class Troublemaker:
    """Does `count` acts in a thread; afterwards everything runs again."""

    def __init__(self, servers, workers: list, chance: random.Random):
        self.servers, self.workers, self.chance = servers, workers, chance
        self.done: list[str] = []
        self.ended_badly: list[str] = []  # ends that nobody asked for
        self._wake_at: dict[harness.Worker, float] = {}
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
        for worker in self.workers:
            worker.resume()
            self._wake_at.pop(worker, None)
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
            if worker not in self._start_at:
                self.ended_badly.append(f"{worker.name} ended by itself with status {status}: "
                                        f"{worker.process.log_tail(2)}")
            if time.monotonic() >= self._start_at.get(worker, 0):
                self._start_at.pop(worker, None)
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

    def stop_worker(self) -> str:
        worker = self._victim()
        worker.pause()
        self._wake_at[worker] = time.monotonic() + self.chance.uniform(*STOPPED_S)
        return f"SIGSTOP {worker.name}"

    def restart_worker(self) -> str:
        worker = self._victim()
        self._wake_at.pop(worker, None)
        self._start_at[worker] = time.monotonic()
        worker.stop(timeout_s=20)
        return f"SIGTERM {worker.name}"

    def kill_server(self) -> str:
        server = self.chance.choice((self.servers.kafka, self.servers.postgres, self.servers.redis))
        server.kill()
        self._back(server)
        return f"kill -9 {server.name}"

    def restart_server(self) -> str:
        server = self.chance.choice((self.servers.postgres, self.servers.redis))
        server.stop()
        self._back(server)
        return f"restart {server.name}"

    def pause_server(self) -> str:
        server = self.chance.choice((self.servers.kafka, self.servers.postgres, self.servers.redis))
        server.pause()
        time.sleep(self.chance.uniform(0.5, 5))
        server.resume()
        return f"pause {server.name}"

    def _back(self, server) -> None:
        time.sleep(self.chance.uniform(*DOWN_S))
        server.launch()
        server.wait_ready()


ACTS = [(45, Troublemaker.kill_worker), (20, Troublemaker.stop_worker), (8, Troublemaker.restart_worker),
        (14, Troublemaker.kill_server), (5, Troublemaker.restart_server), (8, Troublemaker.pause_server)]
