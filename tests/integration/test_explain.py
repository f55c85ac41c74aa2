"""`kerja explain` on what does not happen every day: a position that was set back."""
from confluent_kafka import Producer

import harness
from faults import people
from harness.process import PATIENCE_S
from service import Kerja, prepare, query, send

# Nobody may set a position before a static member's session ended.
TIMES = {"KERJA_TRANSACTION_TIMEOUT": "2s", "KERJA_SESSION_TIMEOUT": "10s", "KERJA_MAX_POLL_INTERVAL": "20s"}
DECIDED_BY = "SELECT decided_by FROM application.application WHERE application_id = %s"
SEGMENTS = "SELECT count(*), min(from_offset) FROM application.decision_segment WHERE topic = %s AND partition = %s"


def test_what_was_decided_before_a_rewind_is_still_explained(servers, worker, tmp_path):
    """Repeats decide nothing, but the next decision's segment covers them too."""
    kerja = Kerja(servers, tmp_path)
    decided_by = lambda name: (query(servers, DECIDED_BY, name) or [[None]])[0][0]
    prepare(servers, worker)
    one = worker("application", TIMES)
    send(servers, [people.Record("application.submitted", "BEFORE", people.submitted("BEFORE", 900001), "before")])
    assert harness.wait_until(lambda: decided_by("BEFORE"), PATIENCE_S)
    before = kerja("explain", "BEFORE")
    topic, partition, _ = decided_by("BEFORE").split("/")
    one.stop()
    _, start = query(servers, SEGMENTS, topic, int(partition))[0]
    place = ("--service", "application", "--topic", topic, "--partition", partition)
    rewound = lambda: "has members" not in kerja("position", "rewind", *place, "--offset", start, "--yes", status=None)
    assert harness.wait_until(rewound, PATIENCE_S)
    behind = Producer({"bootstrap.servers": servers.kafka.address})
    behind.produce(topic, key="BEHIND", partition=int(partition), headers={"ce_id": "behind", "ce_source": people.SOURCE},
                   value=harness.Events().encode(topic, people.submitted("BEHIND", 900002)))
    assert behind.flush(PATIENCE_S) == 0
    worker("application", TIMES)
    assert harness.wait_until(lambda: decided_by("BEHIND"), PATIENCE_S)
    assert query(servers, SEGMENTS, topic, int(partition)) == [(2, start)]
    assert kerja("explain", "BEFORE") == before
    kerja("explain", "BEHIND")
