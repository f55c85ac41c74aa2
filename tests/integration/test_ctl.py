"""The command `kerja` against real servers and a real application worker: a small wave from its rules to its draw.

The steps build on each other, so they are one test; what each proves stands beside it.
"""
import json

import pytest

from harness.paths import ROOT, SERVICES, worker_program
from harness.process import PATIENCE_S
from service import Kerja

PROGRAMME, WAVE = "kartu-prakerja", 21
PEOPLE, SEATS = 300, 40
REGISTERS = ("EDUCATION", "OCCUPATION", "BLACKLIST", "DTKS", "PKH", "BSU", "BPUM")


class Wave(Kerja):
    def status(self) -> dict:
        return json.loads(self("status", "--json"))

    def funnel(self) -> dict[str, int]:
        return {row["status"]: row["applications"] for row in self.status()["funnel"] if row["wave"] == WAVE}

    def events(self, topic: str) -> list[dict]:
        return [json.loads(line)["event"] for line in self("tail", topic, "--from-beginning").splitlines()]


@pytest.fixture
def kerja(servers, tmp_path):
    return Wave(servers, tmp_path)


def test_a_wave_from_its_rules_to_its_draw(kerja, worker):
    # The clock waits for every service that has begun to read, so all of them run.
    for service in SERVICES:
        if worker_program(service).exists():
            worker(service)
    file = ROOT / "programmes" / f"{PROGRAMME}.yaml"
    kerja("programme", "publish", file)
    kerja("programme", "publish", file)  # twice is harmless

    made = ("synthesize", "--wave", WAVE, "--people", PEOPLE, "--seed", 4, "--programme", file)
    people = kerja(*made, "--registers", "registers")
    assert people == kerja(*made)  # the same seed, the same bytes
    (kerja.folder / "people.jsonl").write_text(people)

    for register in REGISTERS:
        kerja("register", "load", register, f"registers/{register}.csv", "--programme", PROGRAMME)
    # Who is in the file no more is told as gone; a file without rows is a valid, empty register.
    (kerja.folder / "empty.csv").write_text("national_id\n")
    listed = len((kerja.folder / "registers/BLACKLIST.csv").read_text().splitlines()) - 1
    assert f"0 listed, {listed} gone" in kerja("register", "load", "BLACKLIST", "empty.csv", "--country", "ID")
    gone = [event for event in kerja.events("register.listed") if event["register"] == "BLACKLIST" and not event["listed"]]
    assert len(gone) == listed

    kerja("draw", "announce", "--programme", PROGRAMME, "--wave", WAVE, "--seed-file", "seed")
    kerja("import", "people.jsonl", "--topic", "application.submitted")
    kerja("clock", "--until", "2021-09-20")  # the wave's last day is the 19th: whoever is held is refused
    funnel = kerja.funnel()
    assert set(funnel) == {"POOLED", "REJECTED"} and funnel["POOLED"] > SEATS

    wave = ("--programme", PROGRAMME, "--wave", WAVE)
    assert "seed was announced" in kerja("draw", *wave, status=2)
    (kerja.folder / "other").write_text("00" * 32 + "\n")
    assert "not the one that was announced" in kerja("draw", *wave, "--seed-file", "other", status=1)
    first = kerja("draw", *wave, "--seats", SEATS, "--seed-file", "seed")
    assert f"{funnel['POOLED']} pooled, {SEATS} selected" in first
    assert "the stored list was sent again" in kerja("draw", *wave)
    assert "verified" in kerja("draw", "--verify", *wave)
    assert "verified" in kerja("draw", "--verify", first.split()[1])

    kerja("clock", "--until", "2021-09-20")
    after = kerja.funnel()
    assert after["AWARDED"] == SEATS and after["NOT_DRAWN"] == funnel["POOLED"] - SEATS and "POOLED" not in after
    assert all(place["lag"] == 0 and place["next_offset"] == place["committed"] or place["end"] == 0
               for place in kerja.status()["positions"] if place["service"] == "application")

    drawn = [event for event in kerja.events("application.drawn") if event["wave"] == WAVE]
    assert sorted(event["position"] for event in drawn) == sorted(2 * list(range(1, funnel["POOLED"] + 1)))
    taken = next(event["application_id"] for event in drawn if event["outcome"] == "SELECTED")
    assert "AWARDED" in kerja("show", taken)
    explained = kerja("explain", taken, "--check")
    assert explained.endswith(" 0 different\n") and "application.drawn" in explained
    assert "terpilih; yang terakhir berada pada urutan" in kerja("explain", taken, "--language", "id")
    told = json.loads(kerja("explain", taken, "--json"))
    assert [(draw["selected"], draw["pool_size"]) for draw in told["draws"]] == [(True, funnel["POOLED"])]
    assert [one["topic"] for one in told["decisions"]] == ["application.drawn", "application.submitted"]
    assert told["withheld"] == [] and told["decisions"][0]["state_now"] == "AWARDED"

    submitted = kerja("tail", "application.submitted", "--limit", 5)
    assert "(hidden)" in submitted and "+62800" not in submitted
    assert "+62800" in kerja("tail", "application.submitted", "--limit", 5, "--show-personal")


@pytest.mark.parametrize("words, told", [
    (("explode",), "there is no command"),
    (("draw",), "--programme P and --wave N"),
    (("draw", "--wave", "eleven", "--programme", "x"), "expected a whole number"),
    (("clock", "--until", "2021-02-29"), "expected a day"),
    (("show", "3201010101010001"), "national ids are not accepted"),
    (("tail", "no.such.topic"), "is no topic of Kerja"),
    (("import",), "expected FILE"),
    (("envelope", "list", "--state", "sined"), "expected unsigned, waits, signed or RECONCILE_MISMATCH"),
    (("synthesize", "--wave", "18", "--people", "10", "--colour", "red"), "it has no option"),
])
def test_a_wrong_call_is_told_in_a_sentence(kerja, words, told):
    assert told in kerja(*words, status=2)


def test_a_broken_line_is_named_and_nothing_is_sent(kerja):
    (kerja.folder / "courses.jsonl").write_text('{"course_id": "c1"}\n\n{"colour": "red"}\nnot json\n')
    told = kerja("course", "load", "courses.jsonl", status=1)
    assert "line 1:" in told and "line 3:" in told and "line 4:" in told and "0 sent" in told


def test_each_state_of_an_envelope_may_be_asked_for(kerja, worker):
    worker("incentive")
    for state in ("unsigned", "waits", "signed", "RECONCILE_MISMATCH"):
        assert kerja("envelope", "list", "--state", state) == "none\n"


@pytest.mark.parametrize("topic, command", [
    ("application.drawn", "draw"), ("register.listed", "register load"), ("programme.published", "programme publish"),
    ("award.changed", "award"), ("incentive.approved", "incentive approve"), ("case.resolved", "review"),
    ("envelope.signed", "envelope sign"), ("person.erased", "person erase"),
])
def test_what_officers_say_is_not_imported(kerja, topic, command):
    told = f"officers and workers say this, not files; the command for it is `kerja {command}`"
    assert f"{topic}: {told}" in kerja("import", "x", "--topic", topic, status=2)
    line = json.dumps({"topic": topic, "event": {}})
    said = kerja("import", "-", text=line, status=1)
    assert f"line 1: {told}\n" in said and "1 of 1 lines are wrong, 0 sent" in said


def test_every_fault_of_a_programme_file_is_told(kerja):
    text = (ROOT / "programmes" / f"{PROGRAMME}.yaml").read_text()
    (kerja.folder / "broken.yaml").write_text(text.replace("op: between", "op: amid").replace("op: intersects", "op: meets"))
    assert "faults" in kerja("programme", "check", "broken.yaml", status=1)
    kerja("programme", "publish", "broken.yaml", status=1)


def test_an_older_file_is_not_taken_up_again_by_its_text(kerja):
    """The file that was published last rules; who returns to an older one is told that it would not."""
    first = (ROOT / "programmes" / "daya-kerjaya.yaml").read_text()
    for name, text in (("first", first), ("second", first + "# mended\n"), ("again", first + "# as at first\n")):
        (kerja.folder / f"{name}.yaml").write_text(text)
    kerja("programme", "publish", "first.yaml")
    kerja("programme", "publish", "second.yaml")
    announced = len(kerja.events("programme.published"))
    assert "another one since" in kerja("programme", "publish", "first.yaml", status=1)
    assert len(kerja.events("programme.published")) == announced
    kerja("programme", "publish", "again.yaml")
    assert "still to come" in kerja("programme", "publish", "again.yaml", "--effective-from", "2199-01-01", status=2)


def test_a_pause_of_payments_is_told_and_audited(kerja):
    file, days = ROOT / "programmes" / "bina-kerjaya.yaml", ("2023-11-01", "2023-11-30")
    published = lambda: [event for event in kerja.events("programme.published") if event["programme"] == "bina-kerjaya"]
    for words, first, last in ((("--paused", ":".join(days)), *days), (("--paused", days[0]), days[0], None), ((), None, None)):
        told = kerja("programme", "publish", file, *words)
        assert (f"payments are paused: {words[-1]}\n" if words else "published") in told
        assert ("paused" in told) == bool(words)
        newest = max(published(), key=lambda event: event["published_at"])
        assert (newest.get("paused_from"), newest.get("paused_to")) == (first, last)
        [audited, *_] = json.loads(kerja("audit", "--subject", "bina-kerjaya", "--json"))
        assert audited["command"] == "programme publish" and audited["actor"]
        assert json.loads(audited["detail"]).get("paused") == (words[-1] if words else None)
    announced = len(published())
    for wrong in ("", "now", "2023-11-01:", ":2023-11-01", "2023-11-02:2023-11-01", "2023-11-01:2023-11-02:2023-11-03"):
        assert "the first and the last day" in kerja("programme", "publish", file, "--paused", wrong, status=2)
    assert len(published()) == announced


def test_a_missing_setting_is_named(kerja):
    del kerja.environment["KERJA_POSTGRES"]
    assert "KERJA_POSTGRES" in kerja("status", status=2)


def test_an_auditor_is_asked_for_no_secret(kerja):
    for name in ("KERJA_KAFKA", "KERJA_ID_SECRET_FILE", "KERJA_SEALING_KEYS_FILE"):
        del kerja.environment[name]
    kerja("report", "participation", "--programme", PROGRAMME)
    assert "KERJA_KAFKA" in kerja("status", status=2)


def test_a_server_that_is_away_is_named(kerja):
    kerja.environment["KERJA_POSTGRES"] = "postgresql://kerja@127.0.0.1:1/postgres"
    assert "could not connect to PostgreSQL" in kerja("status", status=1)
