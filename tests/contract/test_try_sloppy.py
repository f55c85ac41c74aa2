"""`kerja try` under sloppy and hostile lines: each is answered by a sentence that says what is wrong with it, the good
case behind it is judged all the same, and the status says that something was wrong."""
import json
import random
import subprocess

import pytest

from contract.programme_files import PATHS, facts
from harness.paths import ROOT, command_program

PROGRAMME = ROOT / "programmes" / "kartu-prakerja.yaml"
FIELDS = facts()["fields"]
SEED = "ab" * 32
GOOD = {"id": "good", "programme": "kartu-prakerja", "wave": 50, "phase": "APPLY", "fields": {"applicant.age": 65}}


def answers(*lines, files=(PROGRAMME,), expect=None) -> list[dict]:
    text = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    made = subprocess.run([command_program(), "try", *files], input=text, capture_output=True, timeout=120, env={})
    assert made.returncode in ((0, 1) if expect is None else (expect,)), made.stderr.decode()
    return [json.loads(line) for line in made.stdout.splitlines()]


def case(**members) -> dict:
    return {"id": 1, "wave": 50, "phase": "APPLY", **members}


def draw(**members) -> dict:
    return {"id": 1, "wave": 18, "phase": "DRAW", "seed": SEED, "seats": 1, "pool": [{"application_id": "A"}], **members}


def moves(*list_of, **members) -> dict:
    return {"id": 1, "wave": 18, "phase": "LEDGER", "moves": [
        {"award": "A", "from": "APPROPRIATION", "to": "COMMITTED", "amount": "1.00", **move} for move in list_of], **members}


def plan(**members) -> dict:
    return {"id": 1, "wave": 18, "phase": "SCHEDULE", "item": "job_search_incentive", **members}


SLOPPY = {
    # Text that is no case.
    "no JSON": (b"{'id': 1}", "no JSON from column"),
    "half a case": (b'{"id": 1, "wave": 50', "no JSON from column"),
    "two cases on a line": (json.dumps(GOOD).encode() * 2, "no JSON from column"),
    "nothing but null": (b"null", "no JSON from column"),
    "a list": (b"[1]", "expected a case, an object"),
    "a number beyond 64 bits": (b'{"id": 1, "wave": 99999999999999999999}', "a number that is too large"),
    "a number beyond any": (b'{"id": 1, "wave": 1e999}', "a number that is too large"),
    "a member twice": (b'{"id": 1, "id": 2}', "a member stands twice"),
    "a letter that is none": (b'{"id": "\xff"}', "letters that are no UTF-8"),
    "a zero letter": (b'{"id": "\\u0000"}', "a letter of number zero"),
    "a bare zero": (b'{"id": "\x00"}', "no JSON from column"),
    "a thousand brackets": (b"[" * 5000, "nested too deeply"),
    # Members of the case.
    "an unknown member": (case(colour="red"), '"colour" is no member of a case'),
    "no phase": ({"id": 1, "wave": 50}, '"phase" must be'),
    "a phase that is none": (case(phase="APPLYING"), '"phase" must be'),
    "a phase in a list that is none": (case(phase=["APPLY", 7]), '"phase" must be'),
    "a plan in a list of phases": (case(phase=["SCHEDULE"]), '"phase" must be'),
    "no phases": (case(phase=[]), '"phase" must be'),
    "too many phases": (case(phase=["APPLY"] * 8), '"phase" must be'),
    "a phase twice": (case(phase=["APPLY", "APPLY"]), '"phase" must be'),
    "another programme": (case(programme="kartu-sembako"), "expected one of kartu-prakerja"),
    "a programme that is no text": (case(programme=7), '"programme" must be one of kartu-prakerja'),
    "a scheme that is none": (case(scheme="luxury"), '"scheme" must name a scheme'),
    "a scheme that is no text": (case(scheme=7), '"scheme" must name a scheme'),
    "a scheme that its wave does not have": (case(scheme="semi-bansos"), 'expected "wave" from 1 to 47'),
    "a wave in letters": (case(wave="50"), '"wave" must be a whole number'),
    "a wave with a point": (case(wave=50.0), '"wave" must be a whole number'),
    "a wave that is true": (case(wave=True), '"wave" must be a whole number'),
    "a wave below zero": (case(wave=-1), '"wave" must be a whole number from 0'),
    "a wave that no file has": (case(wave=72), "no wave 72"),
    "no wave and no day": ({"id": 1, "phase": "APPLY"}, "expected a scheme, a wave or a day"),
    "a wave of null": (case(wave=None), "expected a scheme, a wave or a day"),
    "a year that the scheme lacks": (case(year=2019), "has no year 2019"),
    "a year that the wave does not have": (case(year=2024), "wave 50 is of the year 2023"),
    "a year in letters": (case(year="2023"), '"year" must be a whole number'),
    "a day that is none": (case(day="2023-02-29"), '"day" must be a day'),
    "a day that is a number": (case(day=20230301), '"day" must be a day'),
    "a day with a time": (case(day="2023-03-01T00:00:00Z"), '"day" must be a day'),
    # Values.
    "fields in a list": (case(fields=[]), '"fields" must be an object'),
    "a field that is none": (case(fields={"applicant.height": 1}), '"applicant.height" is no field'),
    "a field in capitals": (case(fields={"Applicant.Age": 1}), "is no field"),
    "an empty field": (case(fields={"": 1}), "is no field"),
    "a number in letters": (case(fields={"applicant.age": "65"}), '"applicant.age" must be a whole number'),
    "a number with a point": (case(fields={"applicant.age": 65.0}), '"applicant.age" must be a whole number'),
    "a truth in letters": (case(fields={"wave.open": "true"}), '"wave.open" must be true or false'),
    "a truth as a number": (case(fields={"wave.open": 1}), '"wave.open" must be true or false'),
    "an amount as a number": (case(fields={"member.reported_wage": 3500000}), "must be an amount as"),
    "an amount with its currency": (case(fields={"member.reported_wage": "IDR 1.00"}), "must be an amount as"),
    "an amount with commas": (case(fields={"member.reported_wage": "3,500,000"}), "must be an amount as"),
    "an amount of a third decimal": (case(fields={"member.reported_wage": "1.005"}), "must be an amount as"),
    "an amount of sixteen digits": (case(fields={"member.reported_wage": "1" * 16}), "must be an amount as"),
    "an empty amount": (case(fields={"member.reported_wage": ""}), "must be an amount as"),
    "a code as a number": (case(fields={"check.face": 1}), "must be a code as"),
    "an empty code": (case(fields={"check.face": ""}), "must be a code as"),
    "codes as one": (case(fields={"application.declarations": "STATEMENT_SIGNED"}), "must be a list of codes"),
    "codes with a number": (case(fields={"application.declarations": [1]}), "must be a list of codes"),
    "absent but with more": (case(fields={"applicant.age": {"absent": True, "since": 1}}), "must be a whole number"),
    "absent that is false": (case(fields={"applicant.age": {"absent": False}}), "must be a whole number"),
    "an instant without its zone": (case(fields={"account.linked_at": "2021-09-01T00:00:00"}), "must be a time as"),
    # Event and facts.
    "an event in a list": (case(event=[]), '"event" and "facts" must be objects'),
    "facts in a list": (case(event={}, day="2023-03-18", facts=[]), '"event" and "facts" must be objects'),
    "facts without an event": (case(facts={"person": {}}), '"facts" need an "event"'),
    "an event without its time": (case(event={}), "expected its time"),
    "a member that the event lacks": (case(event={"colour": 1}, day="2023-03-18"), '"event": '),
    "a time that is none": (case(event={"submitted_at": "noon"}, day="2023-03-18"), '"event": '),
    "a price as a number": (case(phase="PURCHASE", day="2023-03-18", event={"price": 5}), '"event": '),
    "a table that no service has": (case(event={}, day="2023-03-18", facts={"people": {}}), '"people" is no table'),
    "a table in letters": (case(event={}, day="2023-03-18", facts={"person": "x"}), '"person" must be'),
    "a row in letters": (case(event={}, day="2023-03-18", facts={"person": ["x"]}), '"person" must be'),
    # A draw.
    "a draw without its wave": (draw(wave=None), 'expected "wave"'),
    "a draw of a wave that no file has": (draw(wave=99), "no wave 99"),
    "no seed": (draw(seed=None), '"seed" must be 64 hex digits'),
    "a seed that is short": (draw(seed=SEED[1:]), '"seed" must be 64 hex digits'),
    "a seed of other letters": (draw(seed="z" * 64), '"seed" must be 64 hex digits'),
    "no pool": (draw(pool=None), '"pool" must be a list'),
    "an applicant that is none": (draw(pool=["A"]), "applicant 1"),
    "an applicant without an id": (draw(pool=[{}]), "applicant 1 has no application_id"),
    "an applicant whose id is a number": (draw(pool=[{"application_id": 7}]), "applicant 1 has no application_id"),
    "an applicant twice": (draw(pool=[{"application_id": "A"}] * 2), 'application_id "A" stands twice'),
    "a region that is a number": (draw(pool=[{"application_id": "A", "region_code": 31}]), '"region_code" must be'),
    "a priority alone": (draw(pool=[{"application_id": "A", "priorities": "PRIO_COVID"}]), '"priorities" must be'),
    "a card that is a number": (draw(pool=[{"application_id": "A", "family_card": 7}]), '"family_card" must be'),
    "awards below zero": (draw(pool=[{"application_id": "A", "family_card": "F", "family_card_awards": -1}]),
                          '"family_card_awards" must be'),
    "an unknown member of an applicant": (draw(pool=[{"application_id": "A", "age": 7}]), '"age" is no member'),
    "seats below zero": (draw(seats=-1), '"seats" must be'),
    "seats in letters": (draw(seats="ten"), '"seats" must be'),
    "seats of a region in letters": (draw(seats={"31": "ten"}), '"seats" must give whole numbers'),
    # A ledger.
    "no moves": (moves(moves=None), '"moves" must be a list'),
    "a move that is none": ({**moves(), "moves": ["x"]}, "move 1"),
    "an amount that is a number": (moves({"amount": 1}), 'move 1: "amount" must be'),
    "an amount of nothing": (moves({"amount": "0.00"}), 'move 1: "amount" must be'),
    "an amount below nothing": (moves({"amount": "-1.00"}), 'move 1: "amount" must be'),
    "an account that is none": (moves({"to": "POCKET"}), "move 1"),
    "a way that is none": (moves({"to": "PAID"}), "move 1"),
    "an award that is a number": (moves({"award": 7}), 'move 1: "award" must be'),
    "a component that is a number": (moves({"component": 7}), 'move 1: "component" must be'),
    "an unknown member of a move": (moves({"why": "x"}), 'move 1: "why" is no member'),
    "a ceiling that is a number": (moves({}, ceiling=5), '"ceiling" must give amounts'),
    "a ceiling of a number": (moves({}, ceiling={"ALL": 5}), '"ceiling" must give amounts'),
    # A plan.
    "an item that is none": (plan(item="bonus"), '"item" and "instalment" must be those of a benefit'),
    "an item that is a number": (plan(item=7), '"item" must be'),
    "an instalment too many": (plan(instalment=5), '"item" and "instalment" must be those of a benefit'),
    "an instalment of nothing": (plan(instalment=0), '"instalment" must be a whole number'),
    "an instalment in letters": (plan(instalment="first"), '"instalment" must be a whole number'),
    "instalments beyond any": (plan(instalments=1001), '"instalments" must be a whole number'),
}


@pytest.fixture(scope="module")
def answered():
    """All in one run, each between two good cases."""
    lines = [GOOD]
    for line, _ in SLOPPY.values():
        lines += [line, GOOD]
    return answers(*lines, expect=1)


def test_the_good_cases_between_them_are_judged_alike(answered):
    assert len(answered) == 2 * len(SLOPPY) + 1
    assert {json.dumps(one) for one in answered[::2]} == {json.dumps(answered[0])}
    assert answered[0]["reasons"] == ["AGE_OUT_OF_RANGE"]


@pytest.mark.parametrize("place,name", list(enumerate(SLOPPY)), ids=list(SLOPPY))
def test_what_is_wrong_is_said(answered, place, name):
    said = answered[2 * place + 1]
    assert set(said) == {"id", "error"}, said
    assert said["error"].startswith(f"line {2 * place + 2}: ") and SLOPPY[name][1] in said["error"], said["error"]


# Each field of the vocabulary is taken by its name, in every form that the manual gives.

FORMS = {"bool": [True, False], "int": [0, -1, 2**63 - 1, -2**63], "money": ["0.00", "-1.5", "3", "9" * 15 + ".99"],
         "day": ["0001-01-01", "2024-02-29", "9999-12-31"], "instant": ["2021-08-19T09:00:00Z", "9999-12-31T23:59:59.999999+14:00"],
         "code": ["X", "Ünlü", "x" * 5000], "codes": [[], ["X"], ["X"] * 500], "level": ["NONE", "no such level"], "text": ["x", ""]}
SCHEMES = [("kartu-prakerja", {"wave": 18, "day": "2021-09-01"}), ("kartu-prakerja", {"wave": 70, "day": "2024-07-01"}),
           ("vokasi-indonesia-pekerja", {"day": "2020-02-29"}),
           ("vokasi-indonesia-pekerja", {"day": "2020-03-01"}), ("daya-kerjaya", {"day": "2023-05-02"}),
           ("daya-kerjaya", {"day": "2024-05-02"}), ("daya-kerjaya", {"day": "2025-05-02"}),
           ("daya-kerjaya-tvet", {"day": "2023-05-02"}), ("bina-kerjaya", {"day": "2023-05-02"})]
PHASES = ["APPLY", "SELECT", "EMPLOYER", "PROVIDER", "PURCHASE", "COMPLETE", "PAY"]


def test_every_field_is_taken_in_every_form():
    cases = [{"id": [name, str(form)[:20]], "programme": programme, **found, "phase": PHASES, "fields": {name: form}}
             for n, (programme, found) in enumerate(SCHEMES) for name, row in FIELDS.items()
             for form in [*FORMS[row["kind"]], None, {"absent": True}][:1 if n else None]]
    said = answers(*cases, files=PATHS, expect=0)
    assert [one["id"] for one in said] == [one["id"] for one in cases]
    seen = {shown["field"] for one in said for shown in one["conditions"]}
    assert seen <= set(FIELDS)


def test_a_field_of_which_nothing_is_asked_changes_nothing():
    bare = {"programme": "kartu-prakerja", "wave": 50, "phase": "SELECT"}
    (without, *withs) = answers({"id": 0, **bare}, *({"id": 0, **bare, "fields": {name: None}} for name in FIELDS), expect=0)
    assert all(one == without for one in withs)


def test_all_fields_at_once_are_taken_in_every_phase():
    fields = {name: FORMS[row["kind"]][0] for name, row in FIELDS.items()}
    cases = [{"id": n, "programme": programme, **found, "phase": phase, "fields": fields}
             for n, (programme, found) in enumerate(SCHEMES) for phase in [*PHASES, "SCHEDULE"]]
    said = answers(*cases, files=PATHS, expect=0)
    assert all(one["verdict"] for one in said)


@pytest.mark.parametrize("name", [name for name, row in FIELDS.items() if row["kind"] != "text"])
def test_what_a_field_cannot_be_is_refused_by_its_name(name):
    wrong = {"bool": ["true", 1, [], "yes"], "int": ["1", 1.5, True, []], "money": [1, "1.234", "", []], "day": [1, "today", True],
             "instant": [1, "2021-08-19", ""], "code": [1, "", True, []], "codes": ["X", [1], [""], [None]],
             "level": [1, "", []]}[FIELDS[name]["kind"]]
    said = answers(*(case(fields={name: value}) for value in wrong), expect=1)
    assert [f'"{name}" must be' in one["error"] for one in said] == [True] * len(wrong)


# Damage: good lines with their bytes and values shuffled, by a seed that is told.

def damaged(line: bytes, random_: random.Random) -> bytes:
    text = bytearray(line)
    for _ in range(random_.randrange(1, 4)):
        at = random_.randrange(len(text))
        change = random_.randrange(4)
        if change == 0:
            text[at] = random_.randrange(256)
        elif change == 1:
            del text[at:at + random_.randrange(1, 9)]
        elif change == 2:
            text[at:at] = text[at:at + random_.randrange(1, 30)]
        else:
            text[at:at] = random_.choice([b"null", b"-1", b'"', b"[", b"{}", b"9" * 18, b'"9999-12-31"', b"true"])
        if not text:
            return b"?"
    return bytes(text).replace(b"\n", b" ").replace(b"\r", b" ") or b"?"


def spoilt(value, random_: random.Random):
    """The case with one of its values replaced by something else that is JSON."""
    if isinstance(value, dict) and value:
        name = random_.choice(list(value))
        return {**value, name: spoilt(value[name], random_)}
    if isinstance(value, list) and value and random_.random() < 0.7:
        at = random_.randrange(len(value))
        return [*value[:at], spoilt(value[at], random_), *value[at + 1:]]
    return random_.choice([None, True, 0, -1, 2**63 - 1, 0.5, "", "x", "9999-12-31", "0001-01-01", "-99999999999999.99", [], {}, [None],
                           {"absent": True}, "9999-12-31T23:59:59Z", "00000000-0000-8000-8000-000000000000"])


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_ends_the_run(seed):
    random_ = random.Random(seed)
    lines = [line for name in ("fields", "events", "schedules", "draws", "ledgers")
             for line in (ROOT / "examples" / "cases" / f"{name}.jsonl").read_bytes().splitlines() if line]
    broken = [damaged(random_.choice(lines), random_) for _ in range(400)]
    broken += [json.dumps(spoilt(json.loads(random_.choice(lines)), random_)).encode() for _ in range(1200)]
    said = answers(*(part for line in broken for part in (line, GOOD)))
    judged = [one for one in said if one["id"] == "good"]
    assert len(said) == 2 * len(broken) and len(judged) >= len(broken)
    assert {json.dumps(one) for one in judged[-1:]} == {json.dumps(answers(GOOD)[0])}
    assert all(("error" in one) != ("verdict" in one) for one in said)
