"""What an event costs when the tables are large: CPU of worker and PostgreSQL with a million people in them,
against a hundred thousand.

The people are copies of those that the worker wrote, under keys like theirs: a person's is random, an
application's begins with its wave, one of the seventeen before. Then comes VACUUM, a checkpoint, and a backlog
of new applicants, of as many seconds as the pipeline's: in the first two after a checkpoint most of what PostgreSQL writes
is whole pages, and checkpoints are minutes apart. Autovacuum rests meanwhile: it would come after fewer new rows to the small tables than to the
large ones, and count as their cost.
"""
import time

from pipeline import drain
from stage import Stage, say

TEMPLATES = 1000

# What differs from the template, column by column; n is the copy's number, `people` how many there will be.
WAVE = "(1 + n * 17 / ({people} + 1))"
AWARD_ID = f"(lpad(to_hex{WAVE}, 4, '0') || substr(md5('w' || n), 5))::uuid"
OWN = {
    "person": {"person_id": "md5('p' || n)::uuid"},
    "application": {
        "application_key": f"(lpad(to_hex{WAVE}, 4, '0') || substr(md5('a' || n), 5))::uuid", "application_id": "'OLD-' || n",
        "wave": WAVE, "award_id": AWARD_ID, "person_id": "md5('p' || n)::uuid", "family_card_id": "md5('f' || n / 2)::uuid",
        "status": "'NOT_DRAWN'"},
}


def growth_figures(stage: Stage, people: tuple[int, int], events: int) -> dict:
    if stage.sent < TEMPLATES:
        say("a few applications first, to be copied")
        stage.loaded(stage.load(TEMPLATES * 2))
        stage.worker.start()
        stage.wait_published()
        stage.worker.stop()
    keep_templates(stage)
    costs = []
    for count in people:
        begun = time.monotonic()
        fill(stage, count)
        stage.loaded(stage.load(events))
        say(f"{count} people stand in the tables after {time.monotonic() - begun:.0f} s; {events} more apply")
        stage.query("CHECKPOINT")
        figures, _ = drain(stage)
        costs.append(figures["worker_cpu_us_per_event"] + figures["postgres_cpu_us_per_event"])
        say(f"  {costs[-1]:.1f} us of CPU an event")
    return {"cost_us_per_event_100k": costs[0], "cost_us_per_event_1m": costs[1],
            "cost_ratio_1m_100k": costs[1] / costs[0]}


def keep_templates(stage: Stage) -> None:
    stage.query("CREATE SCHEMA IF NOT EXISTS bench")
    for table in OWN:
        stage.query(f"ALTER TABLE application.{table} SET (autovacuum_enabled = false)")
    for table in OWN:
        stage.query(f"CREATE TABLE bench.{table} AS SELECT row_number() OVER () - 1 AS number, t.* "
                    f"FROM (SELECT * FROM application.{table} LIMIT {TEMPLATES}) t")
        stage.query(f"ANALYZE bench.{table}")


def fill(stage: Stage, people: int) -> None:
    for table, own in OWN.items():
        names = [name for name, in stage.query("SELECT column_name::text FROM information_schema.columns "
                                               "WHERE table_schema = 'application' AND table_name = %s "
                                               "ORDER BY ordinal_position", (table,))]
        values = ", ".join(own.get(name, f't."{name}"') for name in names).format(people=people)
        stage.query(f"TRUNCATE application.{table}")
        stage.query(f"INSERT INTO application.{table} SELECT {values} FROM generate_series(1, {people}) n "
                    f"JOIN bench.{table} t ON t.number = n % {TEMPLATES}")
        stage.query(f"VACUUM ANALYZE application.{table}")
