"""People a second through all three services: the world of `./run demo`, with the clock in its hands.

It begins with the first registration and ends when the clock stands on the day of LAST_ACT and nothing is left
to do: registered, judged, drawn and told; courses bought, completed and reviewed; the instalments due by that
day requested, paid by the gateway and settled. "Nothing left" means that all three services, the publishers'
positions and the four foreign clients have read to the end of their topics. All days between pass as fast as
they are settled.

The clients are Python and share the cores with everything else, so the rate is that of the whole stage. What the
three workers took of it is the CPU they used, by person. Servers are its own: one wave, drawn once.
"""
import os
import pathlib
import sys
import time

import harness
from harness.paths import ROOT, SERVICES

from stage import SERVER_VARIABLES, process_cpu_s, say

sys.path.append(str(ROOT / "examples"))
from play import calm  # noqa: E402  the wave of ./run demo, and its clients
from play.command import Kerja  # noqa: E402
from play.world import Screen, World, write_registers  # noqa: E402

SEED = 1
SEATS_SHARE = 0.3
LAST_ACT = "2021-10-31"  # first and second instalments, surveys


class NoScreen(Screen):
    """The acts' progress belongs to the demo."""

    def renew(self):
        self.world.check()


def chain_figures(folder: pathlib.Path, people: int) -> dict:
    for variable in SERVER_VARIABLES:
        os.environ.pop(variable, None)
    with harness.Servers(folder / "chain", fresh=True) as servers:
        harness.topics.create(servers.kafka.address)
        os.environ.update(servers.environment())
        world = World(servers.folder)
        workers = [harness.Worker(service, servers.folder, servers.worker_environment()) for service in SERVICES]
        try:
            return measure(servers.folder, world, workers, people)
        finally:
            world.stop()
            for worker in workers:
                worker.stop()


def measure(folder: pathlib.Path, world: World, workers: list, people: int) -> dict:
    kerja = Kerja(folder, NoScreen(world))
    registrations = prepare(folder, kerja, workers, people)
    say(f"chain: {people} people apply")
    for program in ("training_platform", "gateway", "notifier"):
        words = ("--people", registrations) if program == "training_platform" else ()
        world.start(program, *words, "--seed", SEED)
    begun, begun_cpu_s = time.monotonic(), workers_cpu_s(workers)
    world.run("integrator", kerja.screen, registrations, "--publish-only")
    world.start("integrator")
    kerja.clock(calm.CLOSED_DAY)
    drawn_s = time.monotonic() - begun
    say(f"  all judged after {drawn_s:.1f} s; the draw, courses and payments follow")
    kerja.draw(round(people * SEATS_SHARE), calm.WAVE, "--decree", calm.DECREE)
    for day, _ in calm.DAYS:
        kerja.clock(day)
        if day == LAST_ACT:
            break
    seconds = time.monotonic() - begun
    cpu_us = (workers_cpu_s(workers) - begun_cpu_s) * 1e6 / people
    world.stop()
    paid = world.summary("gateway").get("paid_awards", 0)
    if not paid or world.summary("integrator").get("answered", 0) < people:
        raise harness.Failed(f"the chain is not whole: {paid} were paid, of {people} applicants")
    say(f"  {paid} of them were paid after {seconds:.1f} s")
    return {"chain_people_per_s": people / seconds, "chain_judged_people_per_s": people / drawn_s,
            "chain_worker_cpu_us_per_person": cpu_us}


def prepare(folder: pathlib.Path, kerja: Kerja, workers: list, people: int) -> pathlib.Path:
    """Workers, rules, registers, and the file of registrations."""
    for worker in workers:
        worker.launch()
    for worker in workers:
        worker.wait_ready()
    kerja.publish_programme()
    registrations = folder / "people.jsonl"
    kerja.synthesize(registrations, people, SEED, calm.WAVE)
    for register, path in write_registers(folder, registrations, SEED).items():
        kerja.load_register(register, path)
    return registrations


def workers_cpu_s(workers: list) -> float:
    return sum(process_cpu_s(worker.process.pid) for worker in workers)
