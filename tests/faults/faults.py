"""./run faults --kills N [--seed S | --seeds S,S,S]: kills, stops and restarts while a wave goes from application to payment.
./run faults --points [--kind exit|stop|drop|all]: a worker dies at each step of its work, and a rival takes over.
./run faults --broken [--variant NAMES]: mistakes made on purpose, each of which must be noticed.
./run faults --accidents: what operators, full disks and old backups do, and what is answered to it.

Two workers of each service, private servers, one act about every second or two just after a burst of records (schedule.py
draws them, trouble.py does them; one starts a worker so that it dies, stops or loses its servers at one of the numbered
fault points), in the parts of a wave that parts_of() lists: people apply, with draws and holds that come too early; the
rest is drawn; courses are bought and completed, instalments paid by a gateway that refuses, is silent, late, and says
things twice; deadlines pass; officers hold, release, revoke and reinstate, a register lists people late, and accounts are
linked anew, until the year is closed.
After each part everything is mended and drained; at the end all is held to the reference of people.py by oracles.py,
outputs.py, traces.py, books.py and stuck.py, each of which says how much it looked at. The last line tells: a count is
`unchecked` where something was lost or stuck before all could be read. What failed is named before it, and logs and data
stay in the instance folder. Several seeds share the kills, each a run of its own with servers of its own (seeds.py).
"""
import argparse
import contextlib
import dataclasses
import datetime
import math
import os
import random
import sys
import threading
import time
from typing import Callable, Iterator

import psycopg2
from confluent_kafka import KafkaError, Producer

import harness
from harness.paths import SERVICES, STATE, command_program, worker_program

sys.path = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]
from faults import accidents, books, broken, officers, oracles, people, points, seeds, stuck  # of the folder, not of this file
from faults.load import Load
from faults.findings import KINDS
from faults.proxy import Network
from faults.trouble import Troublemaker
from faults.world import World

TRANSACTION_TIMEOUT, SESSION_TIMEOUT = "3s", "6s"
WORKERS_EACH = 2
PEOPLE, PEOPLE_AN_ACT = 1500, 6  # unless --people says how many: with few acts so many, with many so many for each
BATCH_RECORDS = "8"  # a burst is several batches, which are decided ahead, queue, and are published several at a time
JUDGED_ACTS = 100  # from so many on a zombie must have been fenced, and a batch decided ahead
# Bounds for a machine that is busy with much else: nothing waits so long where all is well.
DRAIN_S = 600
CLOCK_S = 900
SERVER_S = 300
PLAYED_UNTIL = "2024-07-01"  # a day when the year is closed
WAITING_ROUNDS = 5
PATIENCE_S = 180
BEGUN = time.monotonic()


class Sending:
    """Sends records at a pace from a thread or in bursts, and learns where each came to stand."""

    def __init__(self, address: str):
        self.places: dict[int, tuple[str, int, int]] = {}
        self.failures: list[str] = []
        self._events = harness.Events()
        # Idempotent, with all the time it takes: the trouble is meant for the workers.
        self._producer = Producer({"bootstrap.servers": address, "enable.idempotence": True, "log_level": 0,
                                   "partitioner": "murmur2_random", "message.timeout.ms": 600_000})

    def send(self, records: list[people.Record], over_s: float = 0) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(records, over_s))
        thread.start()
        return thread

    def _run(self, records: list[people.Record], over_s: float) -> None:
        begun = time.monotonic()
        for number, record in enumerate(records):
            self.produce(record)
            ahead = begun + over_s * number / len(records) - time.monotonic()
            self._producer.poll(max(0, ahead) if ahead > 0.01 else 0)
        self.flush()

    def bursts(self, records: list[people.Record], count: int) -> Iterator[int]:
        """Sends a share each time it is asked for the next, and says how many records that was."""
        for place in range(count):
            burst = records[place * len(records) // count:(place + 1) * len(records) // count]
            for record in burst:
                self.produce(record)
            self._producer.poll(0)
            yield len(burst)

    def produce(self, record: people.Record, partition: int | None = None) -> None:
        """To the partition of its key, unless another is named."""
        value = record.value if record.event is None else self._events.encode(record.topic, record.event)
        headers = {"ce_id": record.event_id, "ce_source": people.SOURCE, "ce_specversion": "1.0",
                   "ce_type": f"org.kerja.{record.topic}.v1"}
        where = {} if partition is None else {"partition": partition}
        self._producer.produce(record.topic, value, record.key, **where, headers=headers,
                               on_delivery=lambda error, message, record=record: self._delivered(error, message, record))

    def flush(self) -> None:
        left = self._producer.flush(600)
        if left:
            self.failures.append(f"{left} records were not delivered")

    def _delivered(self, error: KafkaError | None, message, record: people.Record) -> None:
        if error:
            self.failures.append(f"{record.event_id} was not delivered: {error}")
        else:
            self.places[id(record)] = (message.topic(), message.partition(), message.offset())


def say(sentence: str) -> None:
    print(f"{time.monotonic() - BEGUN:6.1f} s  {sentence}", flush=True)


def publish_programme(servers, seats: int = people.SEATS) -> None:
    connection = psycopg2.connect(servers.postgres.address)
    with connection, connection.cursor() as cursor:
        people.publish_programme(cursor, people.limited_programme(seats))
    connection.close()


def under_fire(servers, network: Network) -> dict[str, str]:
    return {**network.environment(servers), "KERJA_BATCH_RECORDS": BATCH_RECORDS}


def make_workers(servers, services: list[str], numbers: range, network: Network | None = None) -> list[harness.Worker]:
    environment = {**servers.worker_environment(), **(under_fire(servers, network) if network else {}),
                   "KERJA_TRANSACTION_TIMEOUT": TRANSACTION_TIMEOUT, "KERJA_SESSION_TIMEOUT": SESSION_TIMEOUT}
    # Each has a slot of its own: who starts while PostgreSQL is away would otherwise take the slot of a worker that
    # waits to take it again, and that one ends, as docs/operations.md says, for a supervisor to start anew.
    return [harness.Worker(service, servers.folder, {**environment, "KERJA_SLOT": str(instance - 1)}, instance)
            for service in services for instance in numbers]


def start_workers(servers, services: list[str], network: Network | None = None,
                  mistakes: dict[str, str] = {}) -> list[harness.Worker]:
    """`mistakes`: what a service's workers do wrong on purpose, where they are built for it (broken.py)."""
    workers = make_workers(servers, services, range(1, WORKERS_EACH + 1), network)
    for worker in workers:
        worker.environment["BREAK_KERJA"] = mistakes.get(worker.service, "")
        worker.start(SERVER_S)
    publish_programme(servers)
    for worker in workers:  # whoever is started before the first file looks for one every five seconds
        known = lambda worker=worker: "programme in force" in worker.process.log.read_text()
        if not harness.wait_until(known, PATIENCE_S):
            raise worker.process.failed("did not see the programme")
    return workers


def drain(servers, services: list[str], sending: Sending, records: list[people.Record], findings,
          patience_s: float = DRAIN_S) -> None:
    """All lags zero, and nothing waits: the part of the clock that looks at waiting events again is played here."""
    for _ in range(WAITING_ROUNDS):
        left = oracles.drained(servers, services, patience_s)
        findings.stuck.extend(f"not drained: {one}" for one in left)
        due = oracles.query(servers, "SELECT w.key::text, min(w.occurred_at) FROM application.waiting w "
                            "JOIN application.application a ON a.application_key = w.key GROUP BY 1")
        if left or not due:
            return
        timers = [people.Record("timer.application", key, {
            "timer_id": key, "subject_id": key, "kind": "WAITING", "attempt": 1,
            "due_at": occurred_at.astimezone(datetime.timezone.utc) + datetime.timedelta(seconds=60)}, f"timer-{key}")
            for key, occurred_at in due]
        say(f"{len(timers)} events passed what they wait for: looked at again")
        sending.send(timers).join()
        records.extend(timers)


@dataclasses.dataclass
class Part:
    """A part of the wave: which share of the acts falls into it, what is sent, and how far time is played after it."""
    what: str
    share: float
    records: Callable[[], list[people.Record]]
    until: str | None = None


def parts_of(first: list[people.Record], second: list[people.Record], office: officers.Office | None) -> list[Part]:
    if office is None:
        return [Part("people apply", 0.5, lambda: first), Part("the rest is drawn", 0.5, lambda: second)]
    return [Part("people apply", 0.25, lambda: first),
            Part("the rest is drawn, and some are held", 0.35, lambda: office.hold() + second),
            Part("the first deadlines pass", 0.1, lambda: [], "2023-07-26"),
            Part("officers and a late register", 0.1, office.release_some_list_some, "2023-08-26"),
            Part("new accounts, some revoked", 0.1, office.release_the_rest_revoke_some, "2023-09-26"),
            Part("some reinstated, until the year is closed", 0.1, office.reinstate_some, PLAYED_UNTIL)]


def run(servers, options) -> int:
    points.build()  # with fault points: some of the acts are at one of them
    services = [name for name in options.services.split(",") if worker_program(name).exists()]
    if "application" not in services:
        say("kerja-application is not built")
        return 2
    findings = oracles.Findings()
    checked, trouble, load = wave(servers, services, options, findings)
    (servers.folder / "acts.log").write_text("\n".join(trouble.done) + "\n")
    missing = report(trouble, load)
    findings.show()
    if not findings.sound() or missing:
        say(f"logs and data are in {servers.folder}")
    print(f"kills={trouble.killed.total()} acts={len(trouble.done)} zombies={trouble.zombies.count} "
          f"fenced={trouble.zombies.fenced()} {findings.counts(() if checked else KINDS)}", flush=True)
    return 1 if missing or not findings.sound() else 0


def wave(servers, services: list[str], options, findings, mistakes: dict[str, str] = {}) -> tuple[bool, Troublemaker, Load]:
    """A whole wave under fire, and what the oracles find; False where something was lost or stuck before all could be read."""
    say(f"starting {WORKERS_EACH} workers each of {', '.join(services)}")
    for server in servers.all():
        server.ready_timeout_s = SERVER_S
    network = Network(servers)
    workers = start_workers(servers, services, network, mistakes)
    spares = make_workers(servers, services, range(WORKERS_EACH + 1, WORKERS_EACH + 2), network)
    count = options.people or max(PEOPLE, options.kills * PEOPLE_AN_ACT)
    applicants = people.applicants(count, options.seed)
    sending = Sending(servers.kafka.address)
    everything = people.snapshot_records()
    sending.send(everything).join()
    left = oracles.drained(servers, services, DRAIN_S)
    if left:
        raise harness.Failed(f"the first records were not drained: {left[:3]}")
    first = mixed(applicants, people.garbage(max(10, count // 100), options.seed), random.Random(options.seed))
    second = [record for one in applicants for record in one.later]
    whole = set(services) == set(SERVICES) and command_program().exists()
    office = officers.Office(servers, applicants, options.seed) if whole else None
    trouble, load = Troublemaker(servers, workers, spares, network, options.seed), Load(workers + spares)
    with World(servers, applicants, options.seed) if whole else contextlib.nullcontext() as world:
        try:
            with oracles.Sampler(servers, services, findings) as sampler:
                for part in parts_of(first, second, office):
                    play(part, options.kills, servers, services, trouble, load, world, sending, everything, findings)
                    sampler.require(f"after \"{part.what}\"")
            say(f"drained; {sampler.told()}; reading all outputs")
        except harness.Failed as failure:  # somebody never came back: what there is cannot be judged
            findings.stuck.append(str(failure))
    findings.lost.extend(sending.failures)
    checked = not findings.lost and not findings.stuck
    if checked:
        stuck.check(servers, services, findings, PLAYED_UNTIL if whole else None)
        verify(servers, services, everything, sending, applicants, world, findings)
    return checked, trouble, load


def report(trouble: Troublemaker, load: Load) -> list[str]:
    """Says what was done; returns what should have happened to the workers and did not, or the other way about."""
    say(f"{len(trouble.done)} acts, by kind")
    for sentence in trouble.counts():
        say(f"  {sentence}")
    say(f"kill -9: {trouble.killed['workers']} of workers, {trouble.killed['servers']} of servers")
    say(f"{trouble.zombies.count} zombies woke, {trouble.zombies.fenced()} of them found themselves fenced")
    say(f"while they were killed: {load.sentence()}")
    hits = trouble.points_hit()
    print(f"points {' '.join(f'{name}={count}' for name, count in hits.items())}", flush=True)
    missing = list(trouble.ended_badly)
    if len(trouble.done) >= JUDGED_ACTS:
        missing += ["no zombie was fenced"] * (trouble.zombies.fenced() == 0)
        missing += ["no batch was decided ahead"] * (load.total("kerja_batches_ahead_total") == 0)
    unhit = ", ".join(name for name, count in hits.items() if not count)
    never = [f"fault points never hit: {unhit}"] if unhit else []
    for sentence in missing + never:
        say(sentence)
    return missing + never * (len(trouble.done) >= seeds.ALL_POINTS_ACTS)


def play(part: Part, kills: int, servers, services, trouble: Troublemaker, load: Load, world: World | None, sending: Sending,
         everything: list[people.Record], findings) -> None:
    """One part, with its acts; then everything is mended, and drained."""
    records = part.records()
    acts = math.ceil(kills * part.share)
    say(f"{part.what}: {len(records)} records, {acts} acts")
    everything.extend(records)
    bursts = sending.bursts(records, max(acts, 1))
    trouble.begin(acts, lambda: next(bursts))
    if part.until:
        clock = threading.Thread(target=world.clock, args=(part.until, CLOCK_S))
        clock.start()
        watch(trouble, load, None)  # the clock's thread tends the world
        end(trouble, bursts, sending)
        clock.join()
        if not world.clock(part.until, CLOCK_S):
            findings.stuck.append(f"the clock did not reach {part.until}: {world.clock_tail()}")
        return
    watch(trouble, load, world)
    end(trouble, bursts, sending)
    drain(servers, services, sending, everything, findings)


def end(trouble: Troublemaker, bursts: Iterator[int], sending: Sending) -> None:
    trouble.end()
    for _ in bursts:  # of a part without acts
        pass
    sending.flush()


def verify(servers, services, everything, sending: Sending, applicants, world: World | None, findings) -> None:
    outputs, told = oracles.check(servers, services, everything, sending.places, applicants, findings,
                                  year_closed=world is not None)  # PLAYED_UNTIL
    say(f"{len(everything)} records of ours, and all that followed from them, caused {len(outputs.said)} outputs")
    for sentence in told:
        say(sentence)
    if world:
        say(books.check_platform(world.book("training_platform"), outputs.all, applicants, findings))
        say(books.check_end(servers, world.book("gateway"), outputs.all, findings))
        say(f"clients were started again {world.restarts} times")


def mixed(applicants: list[people.Applicant], garbage: list[people.Record], chance: random.Random) -> list[people.Record]:
    """Everybody's first records, each applicant's in their order, garbage in between."""
    records = [record for one in applicants for record in one.now]
    for one in garbage:
        records.insert(chance.randrange(len(records) + 1), one)
    return records


def watch(trouble: Troublemaker, load: Load, world: World | None) -> None:
    told = time.monotonic()
    while trouble.running():
        time.sleep(0.2)
        load.look()
        if world:
            world.tend()
        if time.monotonic() - told > 15:
            told = time.monotonic()
            say(f"  {len(trouble.done)} acts so far, the last: {trouble.done[-1] if trouble.done else 'none'}")


def walk_points(servers, options) -> int:
    """Two workers, and each fault point in turn at one of them."""
    points.build()
    [worker, rival] = start_workers(servers, ["application"])
    findings = oracles.Findings()
    sending = Sending(servers.kafka.address)
    walk = points.Walk(servers, worker, sending, options.seed)
    snapshots = people.snapshot_records()
    sending.send(snapshots).join()
    findings.stuck += oracles.drained(servers, ["application"], DRAIN_S)
    for name in points.names():
        for kind in points.KINDS if options.kind == "all" else [options.kind]:
            walk.point(name, kind)
            say(f"{name}:{kind}: {walk.hits[f'{name}:{kind}']} hits so far")
    records = snapshots + walk.records
    drain(servers, ["application"], sending, records, findings)
    stuck.check(servers, ["application"], findings)
    oracles.check(servers, ["application"], records, sending.places, walk.applicants, findings)
    if not rival.process.alive():
        findings.stuck.append(f"{rival.name} ended by itself with status {rival.process.exit_status()}")
    fenced = walk.zombies.fenced()
    findings.stuck += walk.undrained + ["a zombie was not fenced"] * (walk.zombies.count - fenced)
    findings.lost += sending.failures + [f"the point was not reached: {one}" for one in walk.not_reached]
    findings.show()
    print(f"points={len(points.names())} hits={sum(walk.hits.values())} zombies={walk.zombies.count} "
          f"fenced={fenced} {findings.counts()}", flush=True)
    return 0 if findings.sound() else 1


def walk_accidents(servers, options) -> int:
    [worker, *others] = start_workers(servers, ["application"])
    for other in others:
        other.stop()
    sending = Sending(servers.kafka.address)
    stage = accidents.Stage(servers, worker, sending, options.seed, drain)
    accidents.walk(stage, say)
    stuck.check(servers, ["application"], stage.findings)
    stage.findings.lost += sending.failures
    stage.findings.show()
    count = len(accidents.HARMLESS + accidents.LOSSES)
    print(f"accidents={count} staged={count - len(stage.unstaged)} {stage.findings.counts(accidents.UNJUDGED)}", flush=True)
    return 0 if stage.findings.sound() and not stage.unstaged else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="acts of every kind: about half of them kill -9, which kills= counts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", help="several, each with its share of the kills: 11,12,13")
    parser.add_argument("--at-once", type=int, default=1, help="how many seeds run beside each other")
    parser.add_argument("--people", type=int, help=f"by default {PEOPLE_AN_ACT} for each act, at least {PEOPLE}")
    parser.add_argument("--services", default=",".join(SERVICES), help="of those, the ones that are built")
    parser.add_argument("--points", action="store_true", help="each fault point once, in the place of random kills")
    parser.add_argument("--accidents", action="store_true", help="those of accidents.py, one after the other")
    parser.add_argument("--broken", action="store_true", help="workers that make mistakes on purpose: each must be noticed")
    parser.add_argument("--variant", help="only these mistakes, with commas between")
    parser.add_argument("--verbose", action="store_true", help="what was found of each mistake")
    parser.add_argument("--kind", choices=(*points.KINDS, "all"), default="all", help="what happens at a point")
    options = parser.parse_args()
    if options.seeds:
        return seeds.run(STATE / "faults", [int(seed) for seed in options.seeds.split(",")], options)
    if options.broken:
        return broken.run(STATE / "broken", options, sys.modules[__name__])
    way = walk_points if options.points else walk_accidents if options.accidents else run
    return way(harness.current(), options)


if __name__ == "__main__":
    sys.exit(main())
