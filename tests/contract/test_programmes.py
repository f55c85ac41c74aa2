"""The programme files hold what was published, and nothing else: each fact of programmes/facts.json stands in exactly
one file, and each row of a file is a fact."""
import collections
import re
import subprocess

import pytest

from contract.programme_files import FOLDER, PATHS, facts, programmes, vocabulary
from harness.paths import command_program

FACTS = facts()
FILES = programmes()
SCHEME_KEYS = ("from_wave", "to_wave", "from", "to")
# What Kerja gives beside the published reasons, about its own conduct.
OWN_REASONS = {"COURSE_CURRENCY", "COURSE_NOT_OFFERED", "PARTNER_MINUTE_FULL", "PRICE_ABOVE_LISTED", "REPORTED_LATE"}
SILENT_REASONS = {"DUPLICATE_EVENT", "STALE_EVENT"}  # nobody is told of a record that changes nothing
REASONS_OF_SOME = {  # of the engine's and the officers': only where they can be given
    "NOT_DRAWN": {"kartu-prakerja"}, "DUPLICATE_INCENTIVE": {"daya-kerjaya", "daya-kerjaya-tvet"},
    "ACCT_BRN_MISMATCH": {"daya-kerjaya", "daya-kerjaya-tvet"}, "RECOVERY_OVERDUE": {"kartu-prakerja"}}


def of(name: str, programme: str) -> list[dict]:
    return [{key: value for key, value in fact.items() if key not in ("programme", "note")}
            for fact in FACTS[name] if fact["programme"] == programme]


def bare(row: dict, *left_out: str) -> dict:
    return {key: value for key, value in row.items() if key not in ("confidence", "source", "note", *left_out)}


def schemes(programme: str) -> dict[str, dict]:
    return {scheme["name"]: scheme for scheme in FILES[programme]["schemes"]}


def hundredths(amount: str) -> int:
    return int(amount.split(" ")[1].replace(".", ""))


each_programme = pytest.mark.parametrize("programme", FILES)


def test_every_programme_has_its_file():
    assert set(FILES) == {row["programme"] for row in FACTS["programmes"]}
    assert {path.stem for path in PATHS} == set(FILES)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_command_finds_no_fault(path):
    done = subprocess.run([command_program(), "programme", "check", path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no fault" in done.stdout


@each_programme
def test_every_condition_is_a_fact_and_every_fact_a_condition(programme):
    expected = {row["number"]: row for row in of("rules", programme)}
    found = {row["number"]: {**row, "default": row.get("default", True)} for row in FILES[programme]["conditions"]}
    assert found == expected


def test_numbers_are_given_once_over_all_files():
    numbers = [row["number"] for file in FILES.values() for row in file["conditions"]]
    assert sorted(numbers) == sorted(row["number"] for row in FACTS["rules"])
    assert max(collections.Counter(numbers).values()) == 1


def test_no_fact_from_memory_is_judged():
    assert [row["number"] for row in FACTS["rules"] if row["confidence"] == "M"] == []


@each_programme
def test_schemes_are_selected_as_published(programme):
    file, expected = FILES[programme], of("schemes", programme)
    assert {(row["country"], row["currency"], row["timezone"]) for row in expected} == \
        {(file["country"], file["currency"], file["timezone"])}
    assert [{"scheme": scheme["name"], **{key: scheme[key] for key in SCHEME_KEYS if key in scheme}}
            for scheme in file["schemes"]] == \
        [{key: row[key] for key in ("scheme", *SCHEME_KEYS) if key in row} for row in expected]
    for row in expected:
        years = schemes(programme)[row["scheme"]]["years"]
        if "years" in row:
            assert [bare(year, "award_closes") for year in years] == row["years"]
        else:
            assert all(set(year) == {"year", "award_closes"} for year in years)


@each_programme
def test_an_award_closes_half_a_year_after_its_year(programme):
    for scheme in FILES[programme]["schemes"]:
        for year in scheme["years"]:
            assert year["award_closes"] == f"{year['year'] + 1}-06-30"


@each_programme
def test_every_day_of_a_scheme_has_its_year(programme):
    """A year that is not listed has no budget year, and a record of it would be refused without its reason."""
    for scheme in FILES[programme]["schemes"]:
        years = [year["year"] for year in scheme["years"]]
        assert years == list(range(years[0], years[-1] + 1))
        if "from_wave" not in scheme:
            assert "from" not in scheme or int(scheme["from"][:4]) == years[0]
            assert years[-1] == int(scheme["to"][:4]) if "to" in scheme else years[-1] >= 2030


@each_programme
def test_packages_are_the_published_sums(programme):
    for row in of("schemes", programme):
        package = schemes(programme)[row["scheme"]]["package"]
        if package == "unknown":
            assert row["package"] == "unknown"
        else:
            assert sum(map(hundredths, package.values())) == hundredths(row["package"])


@each_programme
def test_benefits_are_the_published_ones(programme):
    expected = [bare(row) for row in of("benefits", programme)]
    found = [{"scheme": scheme["name"], **bare(benefit, "name")} for scheme in FILES[programme]["schemes"]
             for benefit in scheme["benefits"]]
    assert sorted(found, key=str_of) == sorted(expected, key=str_of)


def str_of(row: dict) -> str:
    return repr(sorted(row.items()))


@each_programme
def test_deadlines_are_the_published_ones(programme):
    assert [bare(row) for row in FILES[programme].get("deadlines", [])] == [bare(row) for row in of("deadlines", programme)]


@each_programme
def test_budgets_are_the_published_ones(programme):
    assert [bare(row) for row in FILES[programme].get("budgets", [])] == [bare(row) for row in of("budgets", programme)]


@each_programme
def test_seats_are_the_published_ones(programme):
    file = FILES[programme]
    found = set()
    for row in [*file.get("waves", []), *file.get("seats", [])]:
        key = (row.get("scheme"), row.get("number"))
        found |= {(*key, None, row["seats"])} if "seats" in row else set()
        found |= {(*key, region, seats) for region, seats in row.get("regions", {}).items()}
    assert found == {(None if "wave" in row else row["scheme"], row.get("wave"), row.get("region"), row["seats"])
                     for row in of("seats", programme)}


@each_programme
def test_parameters_are_the_published_ones(programme):
    file = FILES[programme]
    assert [bare(row) for row in file.get("parameters", [])] == [bare(row) for row in of("parameters", programme)]
    (expected,) = of("programmes", programme)
    assert {key: file[key] for key in ("selection", "once_per", "exclusive_group", "family_card_limit") if key in file} == expected
    assert file["holidays"] == []  # no dated list was found


def published_reasons(programme: str) -> set[str]:
    """Those of its rows and deadlines, those that hold while a field is not known, those of engine and officers."""
    rows = of("rules", programme)
    asked = [part["field"] for row in rows if row["default"] and row["effect"] != "PRIORITY"
             for part in [row, *row.get("when", [])]]
    anywhere = {row["reason"] for row in [*FACTS["engine"], *FACTS["officers"]] if row.get("default", True)}
    return {row["reason"] for row in rows} | {FACTS["fields"][name]["unknown"] for name in asked} | \
        {row["reason"] for row in of("deadlines", programme) if "reason" in row} | \
        {code for code in anywhere - SILENT_REASONS if programme in REASONS_OF_SOME.get(code, {programme})}


# The loader wants these of every file, whoever gives them.
ALWAYS = {"ACCT_NOT_LINKED", "ALREADY_BENEFITED", "AMOUNT_UNKNOWN", "AWARD_REVOKED", "BALANCE_INSUFFICIENT"}


@each_programme
def test_reasons_are_the_published_ones_and_our_own(programme):
    assert set(FILES[programme]["reasons"]) == published_reasons(programme) | ALWAYS | OWN_REASONS


def test_every_published_reason_is_said_somewhere():
    said = {code for file in FILES.values() for code in file["reasons"]}
    unsaid = {row["reason"] for row in FACTS["engine"] if not row["default"]} | SILENT_REASONS
    assert set(FACTS["reasons"]) - said == unsaid


def test_what_a_rule_gives_is_a_published_reason():
    given = {row["reason"] for row in FACTS["rules"]} | {row["reason"] for row in FACTS["deadlines"] if "reason" in row}
    assert given <= set(FACTS["reasons"])
    assert {code for code, row in FACTS["reasons"].items() if "rule" in row["given_by"]} == \
        {row["reason"] for row in FACTS["rules"]}


def test_the_vocabulary_is_that_of_the_facts():
    assert vocabulary() == FACTS["fields"]
    assert {part["field"] for row in FACTS["rules"] for part in [row, *row.get("when", [])]} == set(FACTS["fields"])


def test_the_manual_lists_the_vocabulary():
    page = (FOLDER.parent / "docs" / "programmes.md").read_text()
    rows = re.findall(r"^\| `([a-z_0-9.]+)` \| (\w+) \| ([^|]*) \| ([^|]*) \| (\w+) \|$", page, re.M)
    assert {name: (kind, unit.strip(), known.strip(), unknown) for name, kind, unit, known, unknown in rows} == \
        {name: (row["kind"], row.get("unit", ""), ", ".join(row["services"]), row["unknown"])
         for name, row in FACTS["fields"].items()}


# Sources.

@each_programme
def test_every_source_key_is_resolved_in_the_file(programme):
    told = FILES[programme]["sources"]
    assert {key: FACTS["sources"][key] for key in told if key in FACTS["sources"]} == \
        {key: text for key, text in told.items() if key in FACTS["sources"]}
    used = {key for row in FILES[programme]["conditions"] for key in row["source"]}
    assert used - set(told) == set()
    body = (FOLDER / f"{programme}.yaml").read_text().split("\nsources:\n")[0]
    assert {key for key in told if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", body)} == set()


def test_every_source_key_is_resolved_in_the_facts():
    used = {key for name in ("rules", "benefits", "deadlines", "seats", "budgets", "parameters", "engine", "officers")
            for row in FACTS[name] for key in row["source"]}
    assert used == set(FACTS["sources"])
    unsourced = [row.get("number", row.get("name")) for name in ("rules", "benefits", "deadlines", "seats", "budgets")
                 for row in FACTS[name] if not row["source"] and row["confidence"] != "D"]
    assert unsourced == []


# What people read.


@each_programme
def test_texts_are_short_plain_and_in_three_languages(programme):
    """The country's own language comes first: it serves whoever reads none of the three."""
    file = FILES[programme]
    assert file["languages"] == {"ID": ["id", "ms", "en"], "MY": ["ms", "id", "en"]}[file["country"]]
    for code, reason in file["reasons"].items():
        for language in file["languages"]:
            sentence, next_step = reason["sentence"][language], reason["next"][language]
            assert re.fullmatch(r"[A-Z].*\.", sentence), code
            assert re.fullmatch(r"[A-Z].*\.", next_step), code
            assert len(sentence) <= 110 and len(next_step) <= 90, code
            assert "_" not in sentence + next_step, code
            assert (sentence + next_step).isascii(), code  # an SMS of other letters is half as long


@each_programme
def test_no_message_asks_for_what_the_scheme_has_not(programme):
    """A text with a wave or a last day that nobody knows would never be sent."""
    file = FILES[programme]
    said = str(file["messages"])
    assert ("{wave}" in said) == ("from_wave" in file["schemes"][0])
    names = {row["name"] for row in file.get("deadlines", [])}
    assert ("{day}" in str(file["messages"]["recovery_noticed"])) == ("repayment" in names)
    assert ("first_purchase_reminder" in file["messages"]) == ("first_purchase_reminder" in names)
    assert ("not_selected" in file["messages"]) == (file["selection"] == "draw")
