"""The draw of a wave: a million pooled people ranked, stored and told; killed at a third and repeated; checked twice.

The pool is written by SQL: copies of rows of the worker, under keys like theirs. Beside the command, in the same run,
PostgreSQL alone ranks the same pool by a hash of its own and stores it: there no pool leaves the server, no seat is
counted and nobody is told.
"""
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from confluent_kafka import Consumer, TopicPartition

import harness
from harness.halfway import Halfway
from harness.paths import ROOT, command_program
from harness.worker import program_environment

from stage import Stage, memory_mb, say

PROGRAMME, WAVE, TOPIC = "kartu-prakerja", 18, "application.drawn"
NAMED = ("--programme", PROGRAMME, "--wave", str(WAVE))
TEMPLATES = 1000
LOOK_S = 0.01  # between two looks at what stands in Kafka
PATIENCE_S = 60
# What differs from the row that is copied; a family card for every two people.
OWN = {"application_key": f"(lpad(to_hex({WAVE}), 4, '0') || substr(md5('d' || n), 5))::uuid",
       "application_id": "'D018-' || lpad(n::text, 8, '0')", "award_id": "md5('dw' || n)::uuid", "wave": str(WAVE),
       "person_id": "md5('dp' || n)::uuid", "family_card_id": "md5('df' || n / 2)::uuid", "status": "'POOLED'",
       "region_code": "lpad((11 + n % 83)::text, 2, '0')"}
# Who ranks without us: the same order by another hash, stored in a table with the same columns and key.
ALONE = ("CREATE TABLE bench.drawn (LIKE kerja.draw_entry INCLUDING INDEXES)",
         "INSERT INTO bench.drawn SELECT md5('bench')::uuid, row_number() OVER (ORDER BY digest, application_id), "
         "application_id, region_code, 0, dense_rank() OVER (ORDER BY family_card_id), 0, digest, true FROM (SELECT *, "
         "substr(sha256('\\x5eed'::bytea || application_id::bytea), 1, 8) AS digest FROM application_read.pool "
         f"WHERE programme = '{PROGRAMME}' AND wave = {WAVE}) pool")


def draw_figures(stage: Stage, people: int) -> dict:
    """Two draws of the same pool and seed: one from end to end, one that is killed."""
    pool(stage, people)
    kerja = Command(stage)
    kerja.run("draw", "announce", *NAMED, "--seed-file", kerja.seed)
    kerja.run("draw", "pool", *NAMED)
    drawing = ("draw", *NAMED, "--seed-file", kerja.seed, "--seats", str(people // 10))
    say(f"drawing {people} people")
    seconds, peak_mb = kerja.run(*drawing)
    list_of = "SELECT md5(string_agg(e::text, '|' ORDER BY rank)) FROM kerja.draw_entry e"
    first, told = stage.query(list_of), drawn(stage)
    figures = {"draw_people_per_s": people / seconds, "draw_s": seconds, "draw_peak_mb": peak_mb,
               "draw_verify_s": kerja.run("draw", "--verify", *NAMED)[0]}
    figures["draw_verify_python_s"] = verify_apart(kerja, stage.folder / "draw-published")
    say("again from the beginning, killed when a third of the results stand in Kafka, and repeated")
    third = people // 3
    pass_over(stage)
    stage.query("DELETE FROM kerja.draw_entry; UPDATE kerja.draw SET seed = NULL, drawn_at = NULL, pooled = NULL")
    with Halfway(stage.servers.postgres.address, "out", copy=2, rows=third) as door:
        kerja.kill(drawing, door, lambda: drawn(stage) == told + third)
    figures["draw_repeat_s"] = kerja.run(*drawing)[0]
    if stage.query(list_of) != first or drawn(stage) != told + third + people:
        raise harness.Failed("the draw that was killed and repeated is not the same list")
    figures["draw_postgres_only_s"] = alone(stage)
    # Telling everybody is what the repeat did; the rest is ranking and storing, which PostgreSQL can do too.
    figures["draw_to_postgres_ratio"] = (seconds - figures["draw_repeat_s"]) / figures["draw_postgres_only_s"]
    return figures


def pool(stage: Stage, people: int) -> None:
    """The worker takes a few applications, and is away afterwards."""
    say(f"{people} people are pooled")
    if stage.sent < TEMPLATES:
        stage.loaded(stage.load(TEMPLATES))
    stage.worker.start()
    stage.wait_published()
    stage.worker.stop()
    names = [name for name, in stage.query("SELECT column_name::text FROM information_schema.columns WHERE table_schema = "
                                           "'application' AND table_name = 'application' ORDER BY ordinal_position")]
    values = ", ".join(OWN.get(name, f't."{name}"') for name in names)
    stage.query("CREATE SCHEMA IF NOT EXISTS bench")
    stage.query("CREATE TABLE bench.pooled AS SELECT row_number() OVER () - 1 AS number, t.* FROM "
                f"(SELECT * FROM application.application LIMIT {TEMPLATES}) t")
    stage.query("TRUNCATE application.application")
    stage.query(f"INSERT INTO application.application SELECT {values} FROM generate_series(1, {people}) n "
                f"JOIN bench.pooled t ON t.number = n % {TEMPLATES}")
    stage.query("VACUUM ANALYZE application.application")
    stage.query("CHECKPOINT")


def drawn(stage: Stage) -> int:
    """Results that stand in Kafka."""
    return sum(ends(stage).values())


def pass_over(stage: Stage) -> None:
    """A draw waits for what application has still to decide; the worker is away, and the people are made up."""
    for partition, end in ends(stage).items():
        stage.query("UPDATE application.source_position SET next_offset = %s WHERE topic = %s AND partition = %s",
                    (end, TOPIC, partition))


def ends(stage: Stage) -> dict[int, int]:
    consumer = Consumer({"bootstrap.servers": stage.servers.kafka.address, "group.id": "no-group", "log_level": 0})
    try:
        return {number: consumer.get_watermark_offsets(TopicPartition(TOPIC, number), timeout=10)[1]
                for number in range(harness.topics.partitions())}
    finally:
        consumer.close()


def verify_apart(kerja: "Command", folder: pathlib.Path) -> float:
    kerja.run("draw", "publish", *NAMED, "--folder", str(folder))
    announced = json.loads((folder / "draw.json").read_text())
    begun = time.monotonic()
    subprocess.run([sys.executable, "-I", ROOT / "examples" / "verify_draw.py", folder, "--quiet",
                    "--seed-sha256", hashlib.sha256(bytes.fromhex(kerja.seed.read_text())).hexdigest(),
                    "--pool-sha256", announced["pool_sha256"]], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def alone(stage: Stage) -> float:
    for statement in ALONE[:-1]:
        stage.query(statement)
    stage.query("CHECKPOINT")
    begun = time.monotonic()
    stage.query(ALONE[-1])
    return time.monotonic() - begun


class Command:
    """The command `kerja`, its time and the most memory that it had."""

    def __init__(self, stage: Stage):
        self.environment = program_environment(stage.servers.environment())
        self.seed = stage.folder / "draw-seed"

    def start(self, *words, **settings) -> subprocess.Popen:
        return subprocess.Popen([command_program(), *map(str, words)], env={**self.environment, **settings},
                                stdout=subprocess.DEVNULL)

    def run(self, *words) -> tuple[float, float]:
        begun, peak_mb = time.monotonic(), 0.0
        child = self.start(*words)
        while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            peak_mb = max(peak_mb, memory_mb(child.pid, "VmHWM"))
            time.sleep(LOOK_S)
        if child.wait():
            raise harness.Failed(f"kerja {' '.join(map(str, words))}: status {child.returncode}")
        return time.monotonic() - begun, peak_mb

    def kill(self, words, door: Halfway, when) -> None:
        """kill -9 of one who stands before the door, as soon as `when` is so."""
        child = self.start(*words, KERJA_POSTGRES=door.address)
        stood = door.reached.wait(PATIENCE_S) and harness.wait_until(when, PATIENCE_S)
        child.send_signal(signal.SIGKILL)
        if child.wait() != -signal.SIGKILL or not stood:
            raise harness.Failed("the draw could not be killed at a third")
