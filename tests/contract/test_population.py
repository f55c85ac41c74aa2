"""What `kerja synthesize` makes of the files in examples/populations: events for stock Avro, the same bytes for one seed,
and people who are refused for the reasons that the file names, and for no other."""
import datetime
import decimal
import json
import pathlib
import subprocess
import sys

import pytest

from harness.paths import ROOT, command_program

sys.path.append(str(ROOT / "examples"))
import kerja_client  # noqa: E402

POPULATIONS = sorted((ROOT / "examples" / "populations").glob("*.json"))
PEOPLE = 40
SCHEMAS = kerja_client.Schemas()

# What no single application knows: so that only the made-up person decides.
NOBODY_ELSE = {"person.other_applications": 0, "person.awards_in_programme": 0, "employer.excess_claims": 0}
BY_OTHERS = {"DUPLICATE_INCENTIVE"}  # given by what others applied for, and tried on real servers


def named(path: pathlib.Path) -> str:
    return path.stem


def synthesized(path: pathlib.Path, seed: int = 1, people: int = PEOPLE) -> bytes:
    programme = json.loads(path.read_text(encoding="utf-8"))["programme"]
    command = [command_program(), "synthesize", "--programme", ROOT / "programmes" / f"{programme}.yaml",
               "--population", path, "--people", people, "--seed", seed]
    return subprocess.run([str(word) for word in command], capture_output=True, check=True).stdout


def events(text: bytes, folder: pathlib.Path) -> list[dict]:
    written = folder / "people.jsonl"
    written.write_bytes(text)
    return list(SCHEMAS.read_json_lines("application.submitted", written))


@pytest.mark.parametrize("path", POPULATIONS, ids=named)
def test_one_seed_gives_the_same_bytes_and_stock_avro_reads_them(path, tmp_path):
    text = synthesized(path)
    assert text == synthesized(path) and text != synthesized(path, seed=2)
    read = events(text, tmp_path)
    assert len({event["application_id"] for event in read}) == PEOPLE
    assert [event["submitted_at"] for event in read] == sorted(event["submitted_at"] for event in read)
    for event in read:  # the whole way: to Kafka's bytes and back
        assert SCHEMAS.decode("application.submitted", SCHEMAS.encode("application.submitted", event)) == event
        assert event["msisdn"].startswith("+60" if event["country"] == "MY" else "+62")
    first = [event for event in events(synthesized(path, people=4 * PEOPLE), tmp_path) if event["revision"] == 1]
    assert len(first) == 4 * PEOPLE  # and the order of time is over all revisions


def plain(value):
    """As a case of `kerja try` writes it: what is absent is left out, days and amounts are text."""
    match value:
        case dict():
            return {name: plain(member) for name, member in value.items() if member is not None}
        case list():
            return [plain(item) for item in value]
        case datetime.datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case datetime.date() | decimal.Decimal():
            return str(value)
    return value


def answers(path: pathlib.Path, applications: list[dict]) -> list[dict]:
    """What the rules say of each, by `kerja try`."""
    population = json.loads(path.read_text(encoding="utf-8"))
    phases = ["EMPLOYER"] if "employers" in population else ["APPLY", "SELECT"]
    cases = [{"id": n, "programme": population["programme"], "phase": phases, "event": plain(event), "fields": NOBODY_ELSE}
             for n, event in enumerate(applications)]
    done = subprocess.run([str(command_program()), "try", str(ROOT / "programmes" / f"{population['programme']}.yaml")],
                          input="\n".join(map(json.dumps, cases)) + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout[:2000]
    return [json.loads(line) for line in done.stdout.splitlines()]


def with_one_fault(path: pathlib.Path, folder: pathlib.Path, fault: dict | None) -> pathlib.Path:
    """The same people, who all have one fault, or none."""
    population = json.loads(path.read_text(encoding="utf-8"))
    population["faults"] = [{**fault, "thousandths": 1000}] if fault else []
    changed = folder / "population.json"
    changed.write_text(json.dumps(population), encoding="utf-8")
    return changed


@pytest.mark.parametrize("path", POPULATIONS, ids=named)
def test_who_has_no_fault_is_refused_by_no_rule(path, tmp_path):
    faultless = with_one_fault(path, tmp_path, None)
    given = answers(faultless, events(synthesized(faultless), tmp_path))
    assert {answer["verdict"] for answer in given} <= {"PASS", "PRIORITY"}


@pytest.mark.parametrize("path,fault", [
    pytest.param(path, fault, id=f"{path.stem}-{fault['reason']}")
    for path in POPULATIONS for fault in json.loads(path.read_text(encoding="utf-8"))["faults"] if fault["reason"] not in BY_OTHERS])
def test_a_fault_comes_to_the_reason_that_it_names_until_it_is_mended(path, fault, tmp_path):
    mended = {**fault["mended"], "thousandths": 500} if "mended" in fault else None
    faulty = with_one_fault(path, tmp_path, {**fault, "mended": mended} if mended else fault)
    applications = events(synthesized(faulty), tmp_path)
    for event, answer in zip(applications, answers(faulty, applications), strict=True):
        assert answer["reasons"] == ([fault["reason"]] if event["revision"] == 1 else []), answer["explanation"]
    assert any(event["revision"] == 2 for event in applications) == bool(mended)


def test_some_employers_claim_for_more_workers_than_they_have(tmp_path):
    for path in (path for path in POPULATIONS if "employers" in json.loads(path.read_text(encoding="utf-8"))):
        hires: dict[str, list[dict]] = {}
        for event in events(synthesized(path, people=1000), tmp_path):
            if event["revision"] == 1:
                hires.setdefault(event["hire"]["employer_no"], []).append(event["hire"])
        # What is the employer's is the same in all its hires.
        assert all(len({(hire["headcount"], hire["employer_type"], hire["employer_msisdn"]) for hire in of}) == 1
                   for of in hires.values())
        assert 3 <= sum(len(of) > of[0]["headcount"] for of in hires.values()) <= len(hires) / 5


def test_the_people_of_another_programme_are_refused():
    done = subprocess.run([str(command_program()), "synthesize", "--programme", str(ROOT / "programmes" / "bina-kerjaya.yaml"),
                           "--population", str(POPULATIONS[1]), "--people", "3"], capture_output=True, text=True)
    assert done.returncode == 1 and "not to \"bina-kerjaya\"" in done.stderr
