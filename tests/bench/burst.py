"""The first minutes after a launch: 80,000 applications a minute for ten minutes, one worker.

Every fifth record is a repeat: one of the last thousand applications once more, with the same id and the same bytes, as
from somebody who presses the button again. A read_committed reader notes when each applicant's decision arrives, and
counts all decisions: as many as applicants, and one for each.
"""
import array

import harness

from lag import Lag, seconds_to_zero
from latency import WARM_S, Reader, percentile, waits
from stage import Stage, apart, memory_mb, say

A_MINUTE, EVERY = 80_000, 5


def burst_figures(folder, minutes: float) -> dict:
    with apart(folder, "burst") as stage:
        count = round(A_MINUTE * minutes)
        say(f"burst: {count} applications, {A_MINUTE} a minute, every fifth a repeat")
        stage.worker.start()
        reader = Reader(stage.servers.kafka.address, None)
        reader.start()
        times = stage.folder / "sent"
        with Lag(stage) as lag:
            stage.loaded(stage.load(count, A_MINUTE // 60, times, EVERY), minutes * 60 + 300)
            to_zero_s = seconds_to_zero(stage)
        reader.finish()
        check_once(stage, reader)
        took = waits(reader, array.array("q", times.read_bytes()), 0, A_MINUTE // 60 * WARM_S)
        return {"burst_records": float(stage.records), "burst_repeats": float(stage.records - stage.sent),
                "burst_applicants": float(stage.sent), "burst_decisions": float(reader.decisions),
                "burst_lag_highest": float(lag.highest), "burst_lag_highest_s": lag.highest * 60 / A_MINUTE,
                "burst_to_lag_zero_s": to_zero_s, "burst_latency_p50_ms": percentile(took, 50),
                "burst_latency_p99_ms": percentile(took, 99),
                "burst_peak_rss_mb": memory_mb(stage.worker.process.pid, "VmHWM")}


def check_once(stage: Stage, reader: Reader) -> None:
    """Each applicant was answered once and stands in the tables once, and nobody else."""
    stored = stage.query("SELECT count(*) FROM application.application")[0][0]
    if not reader.decisions == len(reader.arrived) == stored == stage.sent:
        raise harness.Failed(f"{stage.sent} applied; {len(reader.arrived)} of them were answered, by {reader.decisions} "
                             f"decisions, and {stored} are stored")
