"""programmes/schema.json and the loader say the same: the same keys and lists, the same answer to each field with each
operator, the same files taken and refused. What only the loader can know is listed, so that nobody relies on the schema."""
import json
import pathlib
import re
import subprocess

import fastjsonschema
import pytest

from contract.programme_files import FOLDER, PATHS, RULES_C, c_list, plain, vocabulary
from harness.paths import command_program

SCHEMA = json.loads((FOLDER / "schema.json").read_text())
DEFINITIONS = SCHEMA["definitions"]
FITS = fastjsonschema.compile(SCHEMA)
ZONE_DATA = pathlib.Path("/usr/share/zoneinfo/Europe/Berlin")
FIELDS = vocabulary()


def schema_takes(text: str) -> bool:
    try:
        FITS(plain(text))
        return True
    except fastjsonschema.JsonSchemaException:
        return False


def faults(folder, text: str) -> list[str]:
    path = folder / "file.yaml"
    path.write_text(text)
    done = subprocess.run([command_program(), "programme", "check", "file.yaml"], cwd=folder, capture_output=True, text=True)
    found = [line for line in done.stdout.splitlines() if re.match(r"file\.yaml:\d+:\d+: ", line)]
    assert (done.returncode == 0) == (not found), done.stderr
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_published_files_fit(path):
    FITS(plain(path.read_text()))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_editors_find_the_schema(path):
    assert path.read_text().splitlines()[0] == "# yaml-language-server: $schema=schema.json"


# The same keys.


def keys_of(file: str, start: str) -> tuple[set, set]:
    """The keys of a table of the loader, and those that are required."""
    text = (RULES_C / file).read_text()
    table = text[text.index(start):]
    table = table[:table.index("};")]
    found = {match[1]: ".required = true" in match[0]
             for match in re.finditer(r'\{\s*\.name = "(\w+)".*?(?=\{\s*\.name|\Z)', table, re.S)}
    return set(found), {name for name, required in found.items() if required}


def root_keys() -> tuple[set, set]:
    names, required = keys_of("load.c", "first_keys[]")
    parts = re.findall(r'\{"(\w+)", (true|false), load_\w+\}', (RULES_C / "load.c").read_text())
    return names | {name for name, _ in parts}, required | {name for name, needed in parts if needed == "true"}


SEATS, BUDGET, PARAMETER = (SCHEMA["properties"][name]["items"] for name in ("seats", "budgets", "parameters"))
DUE, PAY_WITHIN = (DEFINITIONS["benefit"]["properties"][name] for name in ("due", "pay_within"))


@pytest.mark.parametrize("where,keys,form", [
    ("the file", root_keys(), SCHEMA),
    ("a condition", keys_of("load_conditions.c", "row_keys[]"), DEFINITIONS["condition"]),
    ("a when", keys_of("load_conditions.c", "void load_when"), DEFINITIONS["asked"]),
    ("a scheme", keys_of("load_schemes.c", "scheme_keys[]"), DEFINITIONS["scheme"]),
    ("a year", keys_of("load_schemes.c", "year_keys[]"), DEFINITIONS["scheme"]["properties"]["years"]["items"]),
    ("a benefit", keys_of("load_schemes.c", "benefit_keys[]"), DEFINITIONS["benefit"]),
    ("due", keys_of("load_schemes.c", "void read_due("), DUE),
    ("pay_within", keys_of("load_schemes.c", "void read_pay_within("), PAY_WITHIN),
    ("a wave", keys_of("load_figures.c", "wave_keys[]"), DEFINITIONS["wave"]),
    ("seats", keys_of("load_figures.c", "void load_seats("), SEATS),
    ("a budget", keys_of("load_figures.c", "void load_budgets("), BUDGET),
    ("a parameter", keys_of("load_figures.c", "void load_parameters("), PARAMETER),
    ("a deadline", keys_of("load_deadlines.c", "deadline_keys[]"), DEFINITIONS["deadline"]),
    ("a partner", keys_of("load_figures.c", "partner_keys[]"), DEFINITIONS["partner"]),
    ("a reason", keys_of("load_reasons.c", "reason_keys[]"), DEFINITIONS["reason"]),
    ("ends_by", keys_of("load_reasons.c", "void read_ends_by("), DEFINITIONS["reason"]["properties"]["ends_by"]),
], ids=lambda value: value if isinstance(value, str) else "")
def test_keys_are_the_loaders(where, keys, form):
    assert (set(form["properties"]), set(form.get("required", []))) == keys
    assert form["additionalProperties"] is False


def enum(definition: str, *path: str) -> list:
    form = DEFINITIONS[definition]["properties"]
    for part in path[:-1]:
        form = form[part].get("properties", form[part])
    found = form[path[-1]]
    return found.get("enum") or found.get("items", {}).get("enum") or found["anyOf"][1]["enum"]


@pytest.mark.parametrize("found,file,name", [
    (enum("condition", "phase"), "load_conditions.c", "phases"),
    (enum("condition", "op"), "load_conditions.c", "operators"),
    (enum("asked", "op"), "load_conditions.c", "operators"),
    (enum("condition", "effect"), "load_conditions.c", "effects"),
    (enum("condition", "confidence"), "load_conditions.c", "confidences"),
    (enum("benefit", "payee"), "load_schemes.c", "payees"),
    (enum("benefit", "trigger"), "load_schemes.c", "triggers"),
    (enum("benefit", "due", "latest_of"), "load_schemes.c", "due_days"),
    (enum("benefit", "due", "add_months"), "load_schemes.c", "due_months"),
    (enum("benefit", "due", "not_after"), "load_schemes.c", "due_ends"),
    (enum("deadline", "name"), "load_deadlines.c", "deadline_names"),
    (enum("deadline", "starts"), "load_deadlines.c", "deadline_starts"),
    (enum("deadline", "effect"), "load_deadlines.c", "deadline_effects"),
    (enum("deadline", "not_after"), "load_deadlines.c", "deadline_ends"),
    (enum("reason", "ends_by", "events"), "load_reasons.c", "waking_events"),
    (SCHEMA["properties"]["selection"]["enum"], "load.c", "selections"),
    (SCHEMA["properties"]["once_per"]["enum"], "load.c", "uniqueness"),
    (list(SCHEMA["properties"]["messages"]["properties"]), "programme.c", "message_kind_names"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_lists_are_the_loaders(found, file, name):
    # A number needs no quotes in YAML: it is text for the loader either way.
    assert [value for value in found if isinstance(value, str)] == c_list(file, name)
    assert {str(value) for value in found} == set(c_list(file, name))


def test_placeholders_are_the_loaders():
    (listed,) = re.findall(r"\\\{\(([\w|]+)\)\\\}", DEFINITIONS["template"]["additionalProperties"]["pattern"])
    assert listed.split("|") == c_list("message.c", "placeholder_names")


def test_fields_are_the_loaders():
    assert enum("condition", "field") == enum("asked", "field") == list(FIELDS)


# The same answer to each field with each operator, and to a value that does not fit.

WHOLE = (FOLDER / "daya-kerjaya.yaml").read_text()
PHASE = {"application": "APPLY", "completion": "COMPLETE", "incentive": "PAY"}
GOOD = {"bool": "true", "int": "1", "money": "MYR 1.00", "day": "2023-04-01", "instant": "1", "text": "X"}
BAD = {"bool": "maybe", "int": "many", "money": '"1.00"', "day": "2023-13-01", "instant": "noon", "text": "X"}


def asked(number: int, name: str, op: str, value: str) -> str:
    return f"  - {{number: {number}, phase: {PHASE[FIELDS[name]['services'][0]]}, field: {name}, op: {op}, value: {value}, " \
           "effect: REJECT, reason: ALREADY_APPLIED, default: false, confidence: D}\n"


def good(name: str) -> str:
    if name == "payment.item":  # of this file's benefits
        return "hiring_incentive"
    return FIELDS[name].get("codes", [GOOD.get(FIELDS[name]["kind"], "XX")])[0]


def operand(op: str, value: str) -> str:
    return "true" if op == "exists" else f"[{value}, {value}]" if op == "between" else \
        f"[{value}]" if op in ("in", "not_in", "disjoint", "intersects") else value


MATRIX = [(name, op, operand(op, good(name))) for name in FIELDS for op in c_list("load_conditions.c", "operators")]
MATRIX += [(name, "exists", "perhaps") for name in FIELDS]
MATRIX += [(name, op, operand(op, BAD.get(row["kind"], "NO_SUCH_CODE"))) for name, row in FIELDS.items()
           for op in [{"codes": "intersects"}.get(row["kind"], "eq")] if row["kind"] != "level"]  # see LOADER_ONLY
BATCH = 40  # below the number of faults that are told


def matrix_file(rows: list[tuple]) -> tuple[str, int]:
    """A file with only these conditions, and the line of the first."""
    head = WHOLE[:WHOLE.index("conditions:\n") + len("conditions:\n")]
    tail = WHOLE[WHOLE.index("# ---", len(head)):]
    tail = tail[tail.index("# Deadlines."):]
    return head + "".join(asked(i + 1, *row) for i, row in enumerate(rows)) + tail, head.count("\n") + 1


@pytest.mark.parametrize("start", range(0, len(MATRIX), BATCH))
def test_each_field_with_each_operator_is_answered_alike(start, tmp_path):
    rows = MATRIX[start:start + BATCH]
    text, first = matrix_file(rows)
    refused = {int(fault.split(":")[1]) - first for fault in faults(tmp_path, text)}
    condition = fastjsonschema.compile({"$ref": "#/definitions/condition", "definitions": DEFINITIONS})
    differ = []
    for i, row in enumerate(rows):
        try:
            condition(plain(asked(i + 1, *row))[0])
            takes = True
        except fastjsonschema.JsonSchemaException:
            takes = False
        if takes != (i not in refused):
            differ.append((row, "the schema takes it" if takes else "the loader takes it"))
    assert differ == []


def test_the_matrix_has_both_answers(tmp_path):
    text, first = matrix_file(MATRIX[:BATCH])
    assert 0 < len(faults(tmp_path, text)) < BATCH


# Files that both refuse, each at the line that was changed.

BROKEN = {
    "an unknown key": ("once_per: hire ", "onceper: hire "),
    "an unknown key of a condition": ("    op: between\n", "    operator: between\n"),
    "an unknown key of a benefit": ("        payee: EMPLOYER\n", "        payees: EMPLOYER\n"),
    "an unknown key of a reason": ('    next: {ms: "Pautkan akaun ringgit."', '    then: {ms: "Pautkan akaun ringgit."'),
    "an unknown selection": ("selection: open ", "selection: lottery "),
    "a currency of four letters": ("currency: MYR\n", "currency: MYRR\n"),
    "five languages": ("languages: [ms, id, en] ", "languages: [ms, en, zh, ta, id] "),
    "a phase that is none": ("    phase: EMPLOYER\n", "    phase: HIRING\n"),
    "a field that is none": ("    field: hire.hired_on\n", "    field: hire.hired_at\n"),
    "an operator that is none": ("    op: intersects\n", "    op: overlaps\n"),
    "an effect that is none": ("    effect: STOP_ITEM\n", "    effect: STOP\n"),
    "a confidence that is none": ("    confidence: X\n", "    confidence: Y\n"),
    "a number that is none": ("  - number: 130\n", "  - number: first\n"),
    "a field of another phase": ("    field: person.other_applications\n", "    field: purchase.price\n"),
    "between with one value": ("    value: [2023-04-01, 2023-12-31]\n", "    value: [2023-04-01]\n"),
    "a list where a value belongs": ("    value: 2023-01-01\n", "    value: [2023-01-01]\n"),
    "an empty list": ("    value: [OKU, EX_CONVICT]\n", "    value: []\n"),
    "money without its currency": ("    value: MYR 1500.00\n", '    value: "1500.00"\n'),
    "money with one decimal": ("    value: MYR 1500.00\n", "    value: MYR 1500.0\n"),
    "a day that is none": ("    value: 2024-12-01\n", "    value: 2024-12-32\n"),
    "memory alone": ("    confidence: X\n", "    confidence: M\n"),
    "a benefit of no amount": ("        amount: MYR 600.00\n", "        amount: MYR 600\n"),
    "no instalments": ("        instalments: 6 ", "        instalments: 0 "),
    "too many instalments": ("        instalments: 6 ", "        instalments: 121 "),
    "a trigger that is none": ("        trigger: MONTH_EMPLOYED\n", "        trigger: MONTH\n"),
    "a due day that is none": ("latest_of: [hire.hired_on]", "latest_of: [hire.day]"),
    "no due day": ("latest_of: [hire.hired_on]", "latest_of: []"),
    "months in words": ("add_months: n}", "add_months: two}"),
    "a deadline that is none": ("  - name: award_ends\n", "  - name: the_end\n"),
    "a start that is none": ("    starts: award_closes\n", "    starts: the_day\n"),
    "days in words": ("    days: 0\n", "    days: none\n"),
    "a budget without its component": (", component: ALL, amount: MYR 45000000.00", ", amount: MYR 45000000.00"),
    "a partner that is never asked": ("    query_after_minutes: [30, 120, 720, 1440]\n", "    query_after_minutes: []\n"),
    "a message that is none": ("  payout_sent:\n", "  payout_done:\n"),
    "an event that wakes nothing": ("events: [payout.settled]", "events: [payout.made]"),
    "a truth in words": ("    ends_by: {officer: true}\n", "    ends_by: {officer: yes}\n"),
    "a zone that is none": ("timezone: Asia/Kuala_Lumpur\n", "timezone: kuala lumpur\n"),
    "an offset in words": ("timezone: Asia/Kuala_Lumpur\n", "timezone: Asia/Kuala_Lumpur\nutc_offset: eight\n"),
    "an offset beyond the last zone": ("timezone: Asia/Kuala_Lumpur\n", 'timezone: Asia/Kuala_Lumpur\nutc_offset: "+14:15"\n'),
    "an offset of odd minutes": ("timezone: Asia/Kuala_Lumpur\n", 'timezone: Asia/Kuala_Lumpur\nutc_offset: "+08:10"\n'),
    "an item of two words": ("      - item: hiring_incentive ", "      - item: hiring incentive "),
    "an item that begins with a digit": ("      - item: hiring_incentive ", "      - item: 2nd_incentive "),
    "levels without one": ("once_per: hire ", "levels: []\nonce_per: hire "),
    "a level twice": ("once_per: hire ", "levels: [LOW, HIGH, LOW]\nonce_per: hire "),
    "registers that are no mapping": ("once_per: hire ", "registers: [fishing_fleet]\nonce_per: hire "),
    "a register in capitals": ("once_per: hire ", "registers: {FLEET: MY_FLEET}\nonce_per: hire "),
    "a register of two words": ("once_per: hire ", "registers: {fishing fleet: MY_FLEET}\nonce_per: hire "),
    "a register loaded under no name": ("once_per: hire ", 'registers: {fleet: ""}\nonce_per: hire '),
    "five registers": ("once_per: hire ", "registers: {a: A1, b: B1, c: C1, d: D1, e: E1}\nonce_per: hire "),
    "words that are no mapping": ("once_per: hire ", "words: [OKU]\nonce_per: hire "),
    "words in one language that is no language": ("once_per: hire ", "words: {OKU: {Malay: orang}}\nonce_per: hire "),
    "an unknown text": ("recovery_noticed:\n    ms: \"{programme}: {amount}", "recovery_noticed:\n    ms: \"{programme}: {sum}"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_both_refuse(name, tmp_path):
    old, new = BROKEN[name]
    assert old in WHOLE and not WHOLE.startswith(old)
    text = WHOLE.replace(old, new, 1)
    found = faults(tmp_path, text)
    assert not schema_takes(text)
    assert found
    line = WHOLE[:WHOLE.index(old)].count("\n") + 1
    # A record's missing key is told where the record begins.
    assert any(line - 3 <= int(fault.split(":")[1]) <= line + 1 for fault in found), found


# What only the loader knows.

LOADER_ONLY = {
    "another zone without its offset": ("timezone: Asia/Kuala_Lumpur\n", "timezone: Asia/Dili\n"),
    "another offset than the zone's": ("timezone: Asia/Kuala_Lumpur\n", 'timezone: Asia/Kuala_Lumpur\nutc_offset: "+07:00"\n'),
    "an item that no benefit pays": ("value: hiring_incentive", "value: hiring_insentive"),
    "a level that the order lacks": ("field: hire.monthly_wage\n    op: ge\n    value: MYR 1500.00\n",
                                     "field: application.highest_qualification\n    op: le\n    value: SMP\n"),
    "a register that every programme may ask about": ("once_per: hire ", "registers: {dtks: MY_DTKS}\nonce_per: hire "),
    "another programme's register under its name": ("once_per: hire ", "registers: {welfare: DTKS}\nonce_per: hire "),
    "one register for two names": ("once_per: hire ", "registers: {fleet: MY_FLEET, boats: MY_FLEET}\nonce_per: hire "),
    "a register that the file does not bring": ("field: hire.monthly_wage\n    op: ge\n    value: MYR 1500.00\n",
                                                "field: register.fleet.listed\n    op: eq\n    value: true\n"),
    "a register by its place in the vocabulary": ("field: hire.monthly_wage\n    op: ge\n    value: MYR 1500.00\n",
                                                  "field: register.own_1.listed\n    op: eq\n    value: true\n"),
    "half a claim about a register": ("once_per: hire ", "registers: {fleet: MY_FLEET}\nwords: {register.fleet.listed: {ms: ya, id: ya, en: yes}}\n"
                                      "once_per: hire "),
    "half a claim": ("once_per: hire ", "words: {wave.open: {ms: buka, id: buka, en: open}}\nonce_per: hire "),
    "a claim too many": ("once_per: hire ", "words: {OKU: {ms: a|b, id: a|b, en: a|b}}\nonce_per: hire "),
    "a reason without its text": ("    reason: EMPLOYER_TYPE_EXCLUDED\n", "    reason: EMPLOYER_EXCLUDED\n"),
    "a scheme that is none": ("    schemes: [daya-kerjaya-2024]\n", "    schemes: [daya-kerjaya-2042]\n"),
    "a number twice": ("  - number: 132\n", "  - number: 130\n"),
    "schemes that overlap": ("    from: 2024-01-01\n", "    from: 2023-12-31\n"),
    "a package that its benefits exceed": ("      INCENTIVE: MYR 9000.00\n", "      INCENTIVE: MYR 8999.99\n"),
    "money of another currency": ("    value: MYR 1500.00\n", "    value: IDR 1500.00\n"),
    "a text that one language lacks": ('{ms: "Pautkan akaun ringgit.", en: "Link an account in ringgit.",',
                                       '{en: "Link an account in ringgit.",'),
    "a hold that nothing ends": ("    ends_by: {officer: true}\n", ""),
    "a link in a message": ('"{programme}: the application for the hiring incentive was approved."',
                            '"{programme}: see www.example"'),
}


@pytest.mark.parametrize("name", LOADER_ONLY)
def test_the_loader_refuses_what_the_schema_cannot_see(name, tmp_path):
    old, new = LOADER_ONLY[name]
    assert old in WHOLE
    text = WHOLE.replace(old, new, 1)
    assert schema_takes(text)
    assert faults(tmp_path, text)


# What only a machine's zone data shows: workers go by the file, whoever checks it is told when its days are not the zone's.

ZONED = {
    "summer time": ("Europe/Berlin", "+01:00", "2022-04-01", True),
    "a zone that is an hour away": ("Asia/Dili", "+08:00", "2022-01-01", True),
    "a zone of half an hour": ("Asia/Kolkata", "+05:30", None, False),
    "west of Greenwich": ("America/Bogota", "-05:00", None, False),
    "a zone that the machine does not have": ("Asia/Atlantis", "+08:00", None, False),
}


@pytest.mark.skipif(not ZONE_DATA.exists(), reason="no zone data on this machine")
@pytest.mark.parametrize("name", ZONED)
def test_the_offset_is_that_of_the_zone_all_year(name, tmp_path):
    zone, offset, day, differs = ZONED[name]
    path = tmp_path / "file.yaml"
    path.write_text(WHOLE.replace("timezone: Asia/Kuala_Lumpur\n", f'timezone: {zone}\nutc_offset: "{offset}"\n'))
    done = subprocess.run([command_program(), "programme", "check", path], capture_output=True, text=True)
    assert (done.returncode, "one offset all year" in done.stdout) == ((1, True) if differs else (0, False)), done.stdout
    assert not differs or f"on {day}, and the file says {offset}" in done.stdout
