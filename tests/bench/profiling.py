"""Where the time of a drain goes: a flame graph of worker and PostgreSQL, and PostgreSQL's own count of statements, WAL and bytes.

Sampling and pg_stat_statements cost a little themselves, so no rate of this section is compared with another's. Without
linux-perf there is no flame graph, and the page says so.
"""
import pathlib
import re
import shutil
import signal
import subprocess
import time

import flame
from stage import Stage, apart, say
from standing import SESSION, events_per_s, warm_up

PERF = "perf"
SAMPLES_A_SECOND, STACK_BYTES = 197, 8192
SETTINGS = {"shared_preload_libraries": "pg_stat_statements", "track_wal_io_timing": "on", "track_io_timing": "on"}
# Parts of the worker's own work, each by the function that is its door.
PARTS = {"decode": "intake_decode", "load facts": "lookups_load", "decide": "deciding_decide", "commit": "persist_commit",
         "publish": "publisher_publish"}
STATEMENTS = 12  # of the table, the dearest first
TABLES = 10
WAL = ("records", "fpi", "bytes", "sync", "sync_time", "write_time")


def profile_figures(folder, events: int, flame_file: pathlib.Path) -> dict:
    with apart(folder, "profile", ask_for_statistics) as stage:
        stage.query("CREATE EXTENSION pg_stat_statements")
        warm_up(stage, events)
        worker = stage.another(**SESSION)
        sampled = Sampled(stage)
        before: list[dict] = []
        rate = events_per_s(stage, [worker], events, lambda: before.append(begin(stage, worker, sampled)))
        cpu_s, batches = stage.postgres_cpu_s(), worker.metrics()["kerja_batches_total"]
        sampled.stop()
        worker.stop()  # a backend tells what it wrote when it ends, at the latest
        after = {**statistics(stage), "cpu_s": cpu_s}
        spent = {name: after[name] - before[0][name] for name in after}
        stood = 2 * events  # those of the warm-up too
        return {"profile_events_per_s": rate, "profile_batches": batches, **postgres_figures(stage, events, spent),
                **sampled.figures(flame_file), "profile_statements": statements(stage, events), "profile_tables": tables(stage, stood)}


def ask_for_statistics(servers) -> None:
    servers.postgres.more_settings = SETTINGS


def begin(stage: Stage, worker, sampled: "Sampled") -> dict:
    stage.query("SELECT pg_stat_statements_reset()")
    sampled.start(worker.process.pid)
    return statistics(stage)


def statistics(stage: Stage) -> dict:
    row = stage.query(f"SELECT {', '.join('wal_' + name for name in WAL)} FROM pg_stat_wal")[0]
    return {**{"wal_" + name: float(value) for name, value in zip(WAL, row)}, "cpu_s": stage.postgres_cpu_s()}


def postgres_figures(stage: Stage, events: int, spent: dict) -> dict:
    return {"profile_wal_bytes_per_event": spent["wal_bytes"] / events,
            "profile_wal_records_per_event": spent["wal_records"] / events,
            "profile_full_page_images_per_event": spent["wal_fpi"] / events,
            "profile_wal_syncs": spent["wal_sync"], "profile_wal_sync_ms": spent["wal_sync_time"],
            "profile_wal_write_ms": spent["wal_write_time"],
            "profile_postgres_cpu_us_per_event": spent["cpu_s"] / events * 1e6}


def statements(stage: Stage, events: int) -> list[list]:
    """The dearest: what, how often, microseconds an event, its part of all statements' time."""
    rows = stage.query("SELECT query, calls, total_exec_time, total_exec_time / sum(total_exec_time) OVER () FROM pg_stat_statements "
                       "ORDER BY total_exec_time DESC LIMIT %s", (STATEMENTS,))
    return [[what(query), float(calls), ms * 1000 / events, part] for query, calls, ms, part in rows]


def what(query: str) -> str:
    """A statement's verb and its first table; an INSERT's with what it does on conflict."""
    text = " ".join(line for line in query.splitlines() if not line.startswith("--"))
    verb = text.split(None, 1)[0].upper()
    table = re.search(r"\b(?:INTO|UPDATE|FROM)\s+(?:ONLY\s+)?\"?([a-z_.]{3,})", re.sub(r"unnest|generate_series", "", text))
    return f"{verb} {table[1]}" if table and verb in ("INSERT", "UPDATE", "DELETE", "SELECT", "WITH", "MERGE") else verb


def tables(stage: Stage, events: int) -> list[list]:
    """What stays: rows, and bytes an event of the table and of its indexes."""
    rows = stage.query(
        "SELECT c.relname::text, s.n_live_tup, pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c "
        "JOIN pg_stat_user_tables s ON s.relid = c.oid WHERE c.relkind = 'r' AND s.schemaname = 'application' "
        "AND c.relname <> 'outbox' ORDER BY pg_total_relation_size(c.oid) DESC LIMIT %s", (TABLES,))
    return [[name, float(live), size / events, indexes / events] for name, live, size, indexes in rows if size > 2**20]


class Sampled:
    """perf over the worker and the backends that serve it."""

    def __init__(self, stage: Stage):
        self._stage, self._data, self._perf = stage, stage.folder / "perf.data", None

    def start(self, worker_pid: int) -> None:
        if not shutil.which(PERF):
            return say("linux-perf is not installed: no flame graph")
        backends = self._stage.query("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                                     "AND pid <> pg_backend_pid()")
        pids = ",".join(map(str, [worker_pid, *(pid for pid, in backends)]))
        self._perf = subprocess.Popen([PERF, "record", "-q", "-e", "cpu-clock", "-F", str(SAMPLES_A_SECOND), "--call-graph",
                                       f"dwarf,{STACK_BYTES}", "-p", pids, "-o", str(self._data)], stderr=subprocess.DEVNULL)
        time.sleep(1)  # it attaches

    def stop(self) -> None:
        if self._perf:
            self._perf.send_signal(signal.SIGINT)
            self._perf.wait()

    def figures(self, flame_file: pathlib.Path) -> dict:
        if not self._perf or not self._data.exists():
            return {"profile_samples": 0.0, "profile_parts": []}
        script = subprocess.run([PERF, "script", "-i", str(self._data), "--no-inline", "-F", "comm,tid,ip,sym,dso"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        root = flame.tree(flame.stacks(script))
        flame_file.parent.mkdir(parents=True, exist_ok=True)
        flame_file.write_text(flame.svg(root, f"kerja-application and its PostgreSQL while a backlog is drained: {root.samples} "
                                              f"samples of CPU, {SAMPLES_A_SECOND} a second"))
        say(f"  {root.samples} samples, {flame_file.stat().st_size // 1024} kB of flame graph")
        own = {name: box.samples / root.samples for name, box in root.above.items()}
        parts = [[name, flame.share(root, door)] for name, door in PARTS.items()]
        return {"profile_samples": float(root.samples),
                "profile_parts": [[name, part] for name, part in sorted(own.items(), key=lambda one: -one[1]) if part > 0.005]
                + parts}
