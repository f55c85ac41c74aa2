"""A draw of three thousand people on real servers: killed while it is stored and while it is told, repeated, and checked
by everything that can check it.

What happens is one story and is played once; each test looks at what came of it.
"""
import collections
import contextlib
import json
import runpy
import signal
import subprocess
import sys
import types

import pytest

import harness
from faults import oracles, people
from harness.halfway import Halfway
from harness.paths import ROOT, command_program
from harness.worker import program_environment
from service import PATIENCE_S, SETTINGS, prepare, query, send

PEOPLE, SEATS = 3000, 900
THIRD = PEOPLE // 3
ON_A_CARD = 5  # people, of whom two may be selected
NAMED = ("--programme", people.PROGRAMME, "--wave", str(people.WAVE))
VERIFIER = ROOT / "examples" / "verify_draw.py"
LIST = "SELECT rank, application_id, region_code, priority_class, family, family_awards, encode(digest, 'hex'), selected " \
       "FROM kerja.draw_entry ORDER BY rank"


def applicant(number: int) -> people.Record:
    name = f"DRAW-{number:06d}"
    event = people.submitted(name, number, family_card_no=f"{number // ON_A_CARD:016d}")
    return people.Record("application.submitted", name, event, f"{name}/1")


class Draw:
    """The command, the folder in which it works, and what it said."""

    def __init__(self, servers, folder):
        self.servers, self.folder = servers, folder
        self.environment = program_environment(servers.environment())
        self.drawing = ("draw", *NAMED, "--seats", str(SEATS), "--seed-file", "seed", "--notice-day", str(people.NOTICE_DAY))

    def kerja(self, *words, status: int = 0) -> str:
        done = subprocess.run([command_program(), *words], env=self.environment, cwd=self.folder, text=True,
                              capture_output=True, timeout=PATIENCE_S)
        assert done.returncode == status, f"kerja {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if status == 0 else done.stderr

    def killed(self, direction: str, copy: int) -> None:
        """kill -9 when a third of the rows have passed, and not one more can."""
        with Halfway(self.servers.postgres.address, direction, copy, THIRD) as door:
            child = subprocess.Popen([command_program(), *self.drawing], cwd=self.folder, stderr=subprocess.DEVNULL,
                                     env={**self.environment, "KERJA_POSTGRES": door.address})
            try:
                assert door.reached.wait(PATIENCE_S)
                if direction == "out":  # what it was given is on its way to Kafka
                    assert harness.wait_until(lambda: len(self.drawn()) == THIRD, PATIENCE_S)
                assert child.poll() is None
            finally:
                child.send_signal(signal.SIGKILL)
                assert child.wait() == -signal.SIGKILL

    def drawn(self) -> list[harness.Received]:
        return list(harness.read(self.servers.kafka.address, ["application.drawn"], quiet_s=0.2, timeout_s=PATIENCE_S))

    def list(self) -> list[tuple]:
        return query(self.servers, LIST)

    def pooled(self) -> int:
        return query(self.servers, "SELECT count(*) FROM application_read.pool")[0][0]

    def statuses(self) -> dict[str, int]:
        return dict(query(self.servers, "SELECT status, count(*) FROM application_read.application GROUP BY 1"))


@pytest.fixture(scope="module")
def play(servers, tmp_path_factory):
    """The story; what was seen on the way is kept in `seen`."""
    draw, seen = Draw(servers, tmp_path_factory.mktemp("draw")), types.SimpleNamespace()
    workers = []

    def worker(service: str, settings: dict) -> harness.Worker:
        workers.append(harness.Worker(service, servers.folder, {**servers.worker_environment(), **settings}))
        return workers[-1].start()

    try:
        prepare(servers, worker)
        application = worker("application", SETTINGS)
        seen.seed = draw.kerja("draw", "announce", *NAMED, "--seed-file", "seed").split()[-1]
        send(servers, [applicant(number) for number in range(PEOPLE - 1)])
        assert harness.wait_until(lambda: draw.pooled() == PEOPLE - 1, PATIENCE_S)
        draw.kerja("draw", "pool", *NAMED)
        send(servers, [applicant(PEOPLE - 1)])
        assert harness.wait_until(lambda: draw.pooled() == PEOPLE, PATIENCE_S)
        seen.refused = draw.kerja(*draw.drawing, status=1)
        seen.pool = draw.kerja("draw", "pool", *NAMED, "--file", "pool.tsv").split()[-1]
        application.stop()  # so that what it decides can be told from what the command sent
        draw.killed("in", 1)
        seen.after_first_kill = draw.list(), query(servers, "SELECT drawn_at, seed FROM kerja.draw"), len(draw.drawn())
        draw.killed("out", 2)
        seen.after_second_kill = draw.list()
        seen.repeated = draw.kerja(*draw.drawing)
        seen.told = draw.drawn()
        worker("application", SETTINGS)
        decided = lambda: draw.statuses() == {"AWARDED": SEATS, "NOT_DRAWN": PEOPLE - SEATS}
        assert harness.wait_until(decided, PATIENCE_S), draw.statuses()
        assert oracles.drained(servers, ["application"], PATIENCE_S) == []
        draw.kerja("draw", "publish", *NAMED, "--folder", "published")
        yield draw, seen
    finally:
        for one in workers:
            one.stop()


def test_a_pool_that_changed_after_its_announcement_is_not_drawn(play):
    assert "the pool is not the one that was announced" in play[1].refused


def test_who_is_killed_before_the_list_is_whole_leaves_nothing(play):
    entries, draw, told = play[1].after_first_kill
    assert (entries, draw, told) == ([], [(None, None)], 0)


def test_who_is_killed_while_telling_repeats_the_same_list(play):
    draw, seen = play
    assert len(seen.after_second_kill) == PEOPLE
    assert draw.list() == seen.after_second_kill
    assert "the stored list was sent again" in seen.repeated


def test_whoever_is_told_twice_is_told_the_same(play):
    told = collections.defaultdict(list)
    for one in play[1].told:
        told[one.headers["ce_id"]].append((one.key, one.value))
    assert len(told) == PEOPLE and {key for same in told.values() for key, _ in same} == {one[1] for one in play[0].list()}
    assert all(same == [same[0]] * len(same) for same in told.values())
    assert collections.Counter(len(same) for same in told.values()) == {1: PEOPLE - THIRD, 2: THIRD}


def test_nobody_is_decided_twice(play):
    """Everybody was pooled, and then awarded or not, whatever was sent again."""
    draw, _seen = play
    said = collections.Counter()
    for one in harness.read(draw.servers.kafka.address, ["application.decided"], quiet_s=0.3, timeout_s=PATIENCE_S):
        said[one.event["application_id"], one.event["status"]] += 1
    assert set(said.values()) == {1}
    assert collections.Counter(status for _name, status in said) == {"POOLED": PEOPLE, "AWARDED": SEATS,
                                                                     "NOT_DRAWN": PEOPLE - SEATS}
    assert {name for name, status in said if status == "AWARDED"} == {row[1] for row in draw.list() if row[-1]}


def test_the_family_cards_limit_bound(play):
    """The story would tell little of the walk if the first on the list were simply taken."""
    rows = play[0].list()
    assert [row[-1] for row in rows] != [number < SEATS for number in range(PEOPLE)]
    cards = collections.Counter(row[4] for row in rows if row[-1])
    assert max(cards.values()) == 2 and 0 not in cards


def verified(draw, *options) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", VERIFIER, "published", *options], cwd=draw.folder, capture_output=True,
                          text=True, timeout=PATIENCE_S)
    return done.returncode, done.stdout + done.stderr


def test_a_stranger_finds_the_published_list_right(play):
    draw, seen = play
    status, said = verified(draw, "--seed-sha256", seen.seed, "--pool-sha256", seen.pool)
    assert status == 0 and "the list is right" in said, said
    assert (draw.folder / "pool.tsv").read_bytes() == (draw.folder / "published" / "pool.tsv").read_bytes()
    assert verified(draw, "--seed-sha256", "0" * 64)[0] == verified(draw, "--pool-sha256", "0" * 64)[0] == 1


def test_a_trial_of_the_same_pool_and_seed_gives_the_same_list(play):
    """`kerja try` and `kerja draw`."""
    draw, _seen = play
    verifier = runpy.run_path(str(VERIFIER))
    pool = verifier["read_pool"](draw.folder / "published" / "pool.tsv")
    case = {"wave": people.WAVE, "phase": "DRAW", "seats": SEATS, "seed": (draw.folder / "seed").read_text().strip(),
            "pool": [{"application_id": one.application_id, "region_code": one.region_code, "family_card": str(one.family),
                      "family_card_awards": one.family_awards} for one in pool]}
    done = subprocess.run([command_program(), "try", people.PROGRAMME_FILE], input=json.dumps(case), env={}, text=True,
                          capture_output=True, check=True, timeout=PATIENCE_S)
    tried = [(one["rank"], one["application_id"], one["class"], one["digest"], one["selected"])
             for one in json.loads(done.stdout)["list"]]
    assert tried == [(rank, name, number, digest, selected)
                     for rank, name, _region, number, _family, _awards, digest, selected in draw.list()]


# --- what the command itself says of a stored draw ---

TOUCHED = {
    "two people swapped": ("UPDATE kerja.draw_entry e SET application_id = o.application_id FROM kerja.draw_entry o "
                           "WHERE e.rank + o.rank = 110 AND e.rank IN (10, 100)", "digest is not that of the seed"),
    "one left out": ("DELETE FROM kerja.draw_entry WHERE rank = 500", "a rank is missing"),
    "the last left out": (f"DELETE FROM kerja.draw_entry WHERE rank = {PEOPLE}", "ends before the pool's number"),
    "one selected more": ("UPDATE kerja.draw_entry SET selected = true WHERE rank = "
                          "(SELECT min(rank) FROM kerja.draw_entry WHERE NOT selected)", "finds no seat or no place"),
    "one passed over": ("UPDATE kerja.draw_entry SET selected = false WHERE rank = 1", "passed over and finds a seat"),
    "another seed": ("UPDATE kerja.draw SET seed = decode(repeat('ff', 32), 'hex')", "does not have the SHA-256 announced"),
    "somebody's region": ("UPDATE kerja.draw_entry SET region_code = '1101' WHERE rank = 7", "pool does not have the SHA-256"),
    "a card's awards": ("UPDATE kerja.draw_entry SET family_awards = 1 WHERE rank = "
                        "(SELECT max(rank) FROM kerja.draw_entry WHERE selected)", "other awards at another rank")}


@contextlib.contextmanager
def undone(draw):
    """Puts the tables back as they were."""
    query(draw.servers, "CREATE TABLE kerja.kept AS TABLE kerja.draw_entry; CREATE TABLE kerja.kept_draw AS TABLE kerja.draw")
    try:
        yield
    finally:
        query(draw.servers, "DELETE FROM kerja.draw_entry; INSERT INTO kerja.draw_entry SELECT * FROM kerja.kept; "
                            "UPDATE kerja.draw d SET seed = k.seed FROM kerja.kept_draw k WHERE k.draw_id = d.draw_id; "
                            "DROP TABLE kerja.kept, kerja.kept_draw")


def test_the_stored_draw_verifies(play):
    assert "verified" in play[0].kerja("draw", "--verify", *NAMED)


@pytest.mark.parametrize("how", TOUCHED)
def test_a_stored_draw_that_was_touched_is_noticed(play, how):
    draw, _seen = play
    sql, told = TOUCHED[how]
    with undone(draw):
        query(draw.servers, sql)
        assert told in draw.kerja("draw", "--verify", *NAMED, status=1)
    assert "verified" in draw.kerja("draw", "--verify", *NAMED)
