"""kerja-application on real servers: what it decides, and that it goes on when something around it ends."""
import pathlib
import random
import signal
import threading

import psycopg2
import pytest

import harness
from faults import oracles, people, stuck
from faults.findings import Findings
from faults.proxy import Proxy
from service import PATIENCE_S, SETTINGS, Outputs, prepare, query, send


@pytest.fixture(scope="module")
def prepared():
    """Filled by the first test: what a service needs once for ever."""
    return set()


@pytest.fixture
def application(servers, worker, prepared):
    """Starts application workers, each as a person would after the first day."""
    if servers not in prepared:
        prepare(servers, worker)
        prepared.add(servers)
    return lambda settings=None: worker("application", {**SETTINGS, **(settings or {})})


@pytest.fixture
def outputs(servers):
    reader = Outputs(servers)
    yield reader
    reader.close()


_numbers = iter(range(1_000_000, 10**9))  # of people: nobody applies in two tests


def person(kind: str, name: str) -> people.Applicant:
    number = next(_numbers)
    chance = random.Random(0.5)
    chance.random = lambda: 1  # nothing is sent twice or early unless a test says so
    return people.applicant(f"{name}-{number}", number, kind, chance)


def crowd(name: str, count: int) -> list[people.Applicant]:
    kinds = list(people.KINDS)
    return [person(kinds[number % len(kinds)], name) for number in range(count)]


def now(applicants: list[people.Applicant]) -> list[people.Record]:
    return [record for one in applicants for record in one.now]


def later(applicants: list[people.Applicant]) -> list[people.Record]:
    return [record for one in applicants for record in one.later]


REASONS = {"pooled": ("POOLED", []), "too young": ("REJECTED", ["AGE_OUT_OF_RANGE"]),
           "foreign": ("REJECTED", ["ID_NOT_CITIZEN"]), "unverified": ("HELD", ["CONTACT_EMAIL_UNVERIFIED"])}


def test_whoever_applies_is_pooled_refused_or_held_with_the_reason(servers, application, outputs):
    application()
    applicants = {kind: person(kind, "applies") for kind in REASONS}
    send(servers, now(list(applicants.values())))
    for kind, (status, reasons) in REASONS.items():
        one = applicants[kind]
        outputs.wait(lambda: outputs.status(one.application_id))
        [decided] = outputs.decided(one.application_id)
        assert (decided["status"], decided["reasons"]) == (status, reasons), kind


def test_whoever_is_drawn_is_awarded_and_others_are_told_that_they_were_not(servers, application, outputs):
    application()
    selected, passed_over = person("selected", "drawn"), person("passed over", "drawn")
    send(servers, now([selected, passed_over]))
    outputs.wait(lambda: outputs.status(selected.application_id) == outputs.status(passed_over.application_id) == "POOLED")
    send(servers, later([selected, passed_over]))
    outputs.wait_all([selected, passed_over])
    awarded = outputs.decided(selected.application_id)[-1]
    assert (awarded["sequence"], awarded["decided_at"]) == (2, people.DRAWN_AT)
    outputs.wait(lambda: any(one.topic == "notification.requested" and one.event["award_id"] == awarded["award_id"]
                             and one.event["kind"] == "selected" for one in outputs.seen))


def test_a_repeat_changes_nothing(servers, application, outputs):
    application()
    one, marker = person("pooled", "repeated"), person("pooled", "marker")
    again = people.Record("application.submitted", one.application_id, one.now[0].event, "another id of the same")
    behind = people.Record("application.submitted", one.application_id, marker.now[0].event, marker.now[0].event_id)
    send(servers, one.now + one.now + [again, behind])  # all of one key: in order
    outputs.wait_all([marker])
    assert len(outputs.decided(one.application_id)) == 1
    assert query(servers, "SELECT sequence FROM application.application WHERE application_id = %s",
                 one.application_id) == [(1,)]


def test_a_correction_is_decided_anew(servers, application, outputs):
    application()
    one = person("corrected", "corrects")
    send(servers, one.now)
    outputs.wait_all([one])
    assert [event["status"] for event in outputs.decided(one.application_id)] == ["HELD", "POOLED"]


def test_a_draw_that_comes_before_its_application_waits_for_it(servers, application, outputs):
    application()
    one = person("selected", "early")
    waits = lambda: query(servers, "SELECT count(*) FROM application.waiting")[0][0]
    send(servers, one.later)
    assert harness.wait_until(lambda: waits() == 1, PATIENCE_S)
    assert not outputs.decided(one.application_id)
    send(servers, one.now)
    outputs.wait_all([one])
    assert waits() == 0
    expected = people.output_id("application", people.SOURCE, one.later[0].event_id, 0)
    assert expected in {other.headers["ce_id"] for other in outputs.seen}, "its output has another id"


def test_of_many_that_wait_for_one_row_some_are_decided_at_once_and_timers_bring_the_rest(servers, application, outputs):
    application()
    one, loaded, count = person("selected", "awaited"), 200, 450
    waits = lambda: query(servers, "SELECT count(*) FROM application.waiting")[0][0]
    timers = lambda: query(servers, "SELECT timer_id::text, subject_id, kind, due_at FROM application.timer "
                                    "WHERE kind = 'WAITING' AND subject_id = %s AND fired_at IS NULL "
                                    "AND due_at = (SELECT min(due_at) FROM application.timer WHERE subject_id = %s)",
                           key, key)
    [drawn] = one.later
    send(servers, [people.Record(drawn.topic, drawn.key, drawn.event, f"{drawn.event_id} again {number}")
                   for number in range(count)])
    assert harness.wait_until(lambda: waits() == count, PATIENCE_S)
    [(key,)] = query(servers, "SELECT DISTINCT key::text FROM application.waiting")
    send(servers, one.now)
    for left in range(count - loaded, -loaded, -loaded):
        assert harness.wait_until(lambda: waits() == max(0, left), PATIENCE_S), f"{waits()} wait, and {left} should"
        for timer_id, subject_id, kind, due_at in timers():
            send(servers, [people.Record("timer.application", subject_id, {
                "timer_id": timer_id, "subject_id": subject_id, "kind": kind, "due_at": due_at, "attempt": 1},
                f"timer {timer_id}")])
            query(servers, "UPDATE application.timer SET fired_at = now() WHERE timer_id = %s RETURNING 1", timer_id)
    outputs.wait_all([one])
    assert len(outputs.decided(one.application_id)) == 2


def test_health_and_metrics_tell_what_it_does(servers, application, outputs):
    working = application()
    before = working.metrics()["kerja_records_total"]
    send(servers, now(crowd("counted", 5)))
    assert harness.wait_until(lambda: working.metrics()["kerja_records_total"] >= before + 5, PATIENCE_S)
    assert working.get("/healthz") [0] == 200
    assert working.get("/readyz")[0] == 200
    metrics = working.metrics()
    assert metrics["kerja_batches_total"] >= 1 and metrics["kerja_outputs_total"] >= 5
    assert harness.wait_until(lambda: working.metrics()["kerja_lag"] == 0, PATIENCE_S)


def test_a_linger_of_nothing_still_takes_together_what_stands_there(servers, application, outputs):
    standing = [person("pooled", "standing") for _ in range(400)]
    send(servers, now(standing))
    working = application({"KERJA_LINGER": "0ms"})
    outputs.wait_all(standing)
    metrics = working.metrics()
    assert metrics["kerja_batches_total"] < metrics["kerja_records_total"] / 4


def test_without_redis_the_same_is_decided(servers, application, outputs):
    working = application()
    servers.redis.kill()
    try:
        applicants = crowd("without redis", 7)
        send(servers, now(applicants))
        outputs.wait(lambda: all(outputs.decided(one.application_id) for one in applicants))
    finally:
        servers.redis.start()
    assert working.process.alive()


@pytest.mark.parametrize("name", ["postgres", "kafka"])
def test_it_goes_on_by_itself_when_a_server_was_away(servers, application, outputs, name):
    working = application()
    pid = working.process.pid
    before, after = crowd(f"before {name}", 14), crowd(f"after {name}", 14)
    send(servers, now(before))
    server = getattr(servers, name)
    if name == "kafka":  # whose single broker forgets what was committed just before a kill, for ever (ADR 11)
        findings = Findings()
        stuck.check(servers, ["application"], findings, patience_s=PATIENCE_S)
        assert findings.sound(), findings
    server.kill()
    server.start()
    send(servers, now(after))
    for one in before + after:
        outputs.wait(lambda: outputs.decided(one.application_id))
    outputs.each_once()
    assert working.process.alive() and working.process.pid == pid


class CutAt(Proxy):
    """Resets every connection as the one of this number is made, and that one with them."""

    def __init__(self, name: str, target: int, number: int):
        self._number = number
        super().__init__(name, target)

    async def _carry(self, reader, writer) -> None:
        if self.carried + 1 != self._number:
            return await super()._carry(reader, writer)
        self.carried += 1
        await self._cut()
        writer.transport.abort()


@pytest.mark.parametrize("number", range(1, 5))  # the slot, the schema, what reads, what commits
def test_it_starts_although_postgres_went_away_at_any_of_its_connections(servers, application, number):
    before = CutAt("postgres", servers.postgres.port, number)
    at = servers.postgres.address.replace(f":{servers.postgres.port}/", f":{before.port}/")
    application({"KERJA_POSTGRES": at})
    assert before.carried > number, "that connection was never made"


def test_asked_to_end_it_publishes_what_it_decided(servers, application, outputs):
    working = application()
    send(servers, now(crowd("drained", 700)))
    assert working.stop(), "SIGTERM was not enough"
    assert working.process.exit_status() == 0
    positions = oracles.Positions(servers, "application")
    stored = positions.stored()
    committed = positions.committed(stored)
    positions.close()
    assert stored
    for place, (w, g) in stored.items():
        assert w == committed[place] == g, place
    application()  # what was not read yet is the next one's
    assert oracles.drained(servers, ["application"], PATIENCE_S) == []


def test_two_share_the_partitions_and_one_takes_over_when_the_other_dies(servers, application, outputs):
    one, other = application(), application()
    shares = lambda: {owner: count for owner, count in query(
        servers, "SELECT owner, count(*) FROM application.source_position GROUP BY 1")}
    assert harness.wait_until(lambda: len(shares()) == 2, PATIENCE_S), shares()
    applicants = crowd("shared", 70)
    send(servers, now(applicants[:35]))
    one.process.send(signal.SIGKILL)
    send(servers, now(applicants[35:]))
    for applicant in applicants:
        outputs.wait(lambda: outputs.decided(applicant.application_id))
    outputs.each_once()
    assert other.process.alive()
    assert oracles.drained(servers, ["application"], PATIENCE_S) == []


def test_a_worker_whose_slot_another_took_goes_on_under_another(servers, application, outputs):
    one = application()
    slot, holder = query(servers, "SELECT objid::int, pid FROM pg_locks WHERE locktype = 'advisory' AND granted "
                                  "AND classid::bigint = hashtext('kerja-slot-application')::bigint & 4294967295")[0]
    connection = psycopg2.connect(servers.postgres.address)
    # It stands in the queue before the lease ends, so that it is served before the worker asks again.
    taking = threading.Thread(target=lambda: connection.cursor().execute(
        "SELECT pg_advisory_lock(hashtext('kerja-slot-application'), %s)", (slot,)))
    taking.start()
    queued = lambda: query(servers, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")[0][0]
    assert harness.wait_until(lambda: queued() == 1, PATIENCE_S)
    query(servers, "SELECT pg_terminate_backend(%s)", holder)
    taking.join()
    assert harness.wait_until(lambda: f"slot={slot + 1} fact=recovered" in one.process.log.read_text(), PATIENCE_S)
    somebody = person("pooled", "moved")
    send(servers, now([somebody]))
    outputs.wait_all([somebody])
    connection.close()
    assert one.process.alive()


def test_keys_rotate_the_new_one_seals_and_the_old_one_opens(servers, application, outputs, tmp_path):
    old = servers.worker_environment()["KERJA_SEALING_KEYS_FILE"]
    rotated = tmp_path / "sealing_keys"
    rotated.touch(mode=0o600)
    rotated.write_text(f"3:{'3c' * 32}\n{pathlib.Path(old).read_text()}")
    earlier, after = person("selected", "earlier"), person("selected", "after")
    first = application()  # seals the number with the old key
    send(servers, now([earlier]))
    outputs.wait(lambda: outputs.status(earlier.application_id) == "POOLED")
    assert first.stop()
    application({"KERJA_SEALING_KEYS_FILE": str(rotated)})
    send(servers, now([after]))
    outputs.wait(lambda: outputs.status(after.application_id) == "POOLED")
    send(servers, later([earlier, after]))
    outputs.wait_all([earlier, after])
    told = lambda one: any(said.topic == "notification.requested" and said.event["to"] == one.now[0].event["msisdn"]
                           for said in outputs.seen)
    outputs.wait(lambda: told(earlier) and told(after))
    # The version of the form, then the number of the key.
    keys = query(servers, "SELECT application_id, substring(msisdn_sealed FROM 2 FOR 4) FROM application.application a "
                 "JOIN application.person USING (person_id) WHERE application_id = ANY(%s)",
                 [earlier.application_id, after.application_id])
    assert {name: int.from_bytes(key, "big") for name, key in keys} == {earlier.application_id: 1, after.application_id: 3}


def test_a_worker_without_a_sealing_key_that_is_needed_does_not_start(servers, worker, application, outputs, tmp_path):
    old = pathlib.Path(servers.worker_environment()["KERJA_SEALING_KEYS_FILE"]).read_text()
    earlier = f"3:{'3c' * 32}\n{old}"  # key 3 sealed what the test before left
    files = {name: tmp_path / name for name in ("whole", "without")}
    for name, keys in (("whole", f"4:{'5a' * 32}\n{earlier}"), ("without", earlier)):
        files[name].touch(mode=0o600)
        files[name].write_text(keys)
    applicant = person("selected", "rotated")
    first = application({"KERJA_SEALING_KEYS_FILE": str(files["whole"])})  # seals the number with key 4
    send(servers, now([applicant]))
    outputs.wait(lambda: outputs.status(applicant.application_id) == "POOLED")
    assert first.stop()
    without = worker("application", {**SETTINGS, "KERJA_SEALING_KEYS_FILE": str(files["without"])}, ready=False)
    send(servers, later([applicant]))
    assert without.process.wait_end(PATIENCE_S) and without.process.exit_status() == 2
    assert "cannot do without sealing key 4: 1 values need it (person.msisdn_sealed 1)" in without.process.log.read_text()
    outputs.read()
    assert outputs.status(applicant.application_id) == "POOLED"
    application({"KERJA_SEALING_KEYS_FILE": str(files["whole"])})
    outputs.wait_all([applicant])
    awarded = outputs.decided(applicant.application_id)[-1]
    assert awarded["contact_sealed"]
    outputs.wait(lambda: any(one.topic == "notification.requested" and one.event["award_id"] == awarded["award_id"]
                             and one.event["to"] == applicant.now[0].event["msisdn"] for one in outputs.seen))
    outputs.each_once()
