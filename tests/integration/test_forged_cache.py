"""What somebody else puts into Redis decides nothing: the worker looks in PostgreSQL, and counts it."""
import subprocess

import harness
from faults import people
from market import listed
from service import PATIENCE_S, SETTINGS, prepare, query, send


def redis(servers, *words, value: bytes | None = None) -> bytes:
    """A value comes by standard input, because it is no text."""
    host, port = servers.redis.address.rsplit(":", 1)
    done = subprocess.run(["redis-cli", "-h", host, "-p", port, "--raw", *(["-x"] if value is not None else []), *words],
                          input=value, capture_output=True, check=True)
    return done.stdout.removesuffix(b"\n")


class Course:
    """Listed again and again. Heard twice, a revision changes nothing: its row is read, and stays in Redis."""

    def __init__(self, servers, worker, name: str):
        self.servers, self.worker, self.name, self.revision, self.heard = servers, worker, name, 0, 0

    def say(self) -> None:
        """Once more, and waits until the worker is done with it."""
        done = lambda: self.worker.metrics()["kerja_batches_total"]
        self.heard, before = self.heard + 1, done()
        send(self.servers, [people.Record("course.listed", f"{self.name}-{self.heard}", {
            **listed(), "course_id": self.name, "revision": self.revision, "title": f"title {self.revision}"}, self.name)])
        assert harness.wait_until(lambda: done() > before, PATIENCE_S)

    def list(self) -> None:
        self.revision += 1
        self.say()
        assert query(self.servers, "SELECT revision, title FROM completion.course WHERE course_id = %s", self.name) == [
            (self.revision, f"title {self.revision}")]

    def cached(self) -> bytes:
        self.say()
        return redis(self.servers, "GET", self.key())

    def key(self) -> str:
        [(key,)] = query(self.servers, "SELECT course_key::text FROM completion.course WHERE course_id = %s", self.name)
        return f"kerja:1:completion:course:{key}"


def test_a_forged_course_decides_nothing(servers, worker):
    prepare(servers, worker)
    one = worker("completion", SETTINGS)
    assert harness.wait_until(lambda: "programme in force" in one.process.log.read_text(), PATIENCE_S)
    course, other = Course(servers, one, "FORGED"), Course(servers, one, "OTHER")
    course.list()
    other.list()
    strange = other.cached()
    forged = lambda: one.metrics()["kerja_cache_forged_total"]
    hits = lambda: one.metrics()["kerja_cache_hits_total"]
    forgeries = {
        "one bit of the mark": lambda value: bytes([value[0] ^ 1]) + value[1:],
        "one bit of the row": lambda value: value[:-40] + bytes([value[-40] ^ 1]) + value[-39:],
        "the end cut off": lambda value: value[:-1], "another course's row": lambda value: strange,
        "a row without its mark": lambda value: value[32:], "rubbish": lambda value: b"1"}

    def looked_up(forge) -> bool:
        """Whether the worker found it. False when Redis answered too late, and was not asked again for a second."""
        redis(servers, "DEL", course.key())
        value = course.cached()
        if not value:
            return False
        redis(servers, "SET", course.key(), value=forge(value))
        before = hits()
        course.list()
        return harness.wait_until(lambda: hits() > before, 2)

    assert harness.wait_until(lambda: looked_up(lambda value: value), PATIENCE_S) and forged() == 0, "a genuine row is believed"
    for number, (name, forge) in enumerate(forgeries.items(), 1):
        assert harness.wait_until(lambda: looked_up(forge), PATIENCE_S), name
        assert forged() == number, name
