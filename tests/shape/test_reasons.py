"""Whatever reason the code gives has a sentence in every programme file, so that nobody is told a bare code; whatever
reason a dead letter has is told in docs/commands.md."""
import re

import pytest
import yaml

from tree import ROOT

SERVICES = ("application", "completion", "incentive")
LITERAL = re.compile(r'SLICE\("([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"\)')
NO_REASONS = {"SNAPSHOT_VALID"}  # kinds and states that are written alike
PROGRAMMES = sorted((ROOT / "programmes").glob("*.yaml"))


def given() -> dict[str, str]:
    """Code to the file that gives it."""
    return {code: path.name for service in SERVICES for path in sorted((ROOT / "services" / service).glob("*.c"))
            for code in LITERAL.findall(path.read_text())}


def engine() -> set[str]:
    """The codes that the loader wants of a file, or takes from it without a condition that gives them."""
    return set(re.findall(r'\{"([A-Z_]+)", (?:true|false), (?:true|false)\}',
                          (ROOT / "common" / "rules" / "load_reasons.c").read_text()))


def test_the_loader_knows_every_reason_that_the_code_gives():
    codes = {code: name for code, name in given().items() if code not in NO_REASONS}
    assert len(codes) > 10
    assert {code: name for code, name in codes.items() if code not in engine()} == {}


@pytest.mark.parametrize("path", PROGRAMMES, ids=lambda path: path.stem)
def test_every_reason_is_said_in_every_language(path):
    programme = yaml.safe_load(path.read_text())
    mute = [(code, part, language) for code, reason in programme["reasons"].items() for part in ("sentence", "next")
            for language in programme["languages"] if not reason[part].get(language)]
    assert mute == []


CODE = r'"([A-Z][A-Z0-9_]+)"'
BURIED = re.compile(rf'\b(?:refuse|deciding_bury)\(worker, [^;"]*?{CODE}|entry->reason = {CODE}')
REFUSED = re.compile(r'\bdecision_refuse\(\s*(?:\w+->)?decision,\s*(?:"(\w+)"|(\w+))')
NEVER_BURIED = {"ARENA_FULL"}  # the batch is halved instead


def of_letters() -> tuple[set[str], set[str]]:
    """The reasons with which the code buries a record, and what stands where a reason is no literal."""
    codes, others = set(), set()
    for path in [*(ROOT / "common" / "worker").glob("*.c"), *(ROOT / "services").glob("*/*.c")]:
        text = path.read_text()
        codes |= {code for found in BURIED.findall(text) for code in found if code}
        codes |= {code for code, _ in REFUSED.findall(text) if code}
        others |= {other for _, other in REFUSED.findall(text) if other}
    codes |= set(re.findall(rf"return {CODE}", (ROOT / "common" / "decode" / "decode.c").read_text())) - NEVER_BURIED
    # Why an award is not given again, which decide_award says as once.c found it.
    once = (ROOT / "services" / "application" / "once.c").read_text()
    return codes | set(re.findall(rf"(?:return|#define RUNNING) {CODE}", once)), others


def of_the_page() -> list[str]:
    """The codes of the first column of the table under Dead letters."""
    section = (ROOT / "docs" / "commands.md").read_text().partition("\n## Dead letters\n")[2].partition("\n## ")[0]
    return [code for row in re.findall(r"^\| (`[A-Z][^|]*) \|", section, re.M) for code in re.findall(r"`([A-Z0-9_]+)`", row)]


def test_every_reason_of_a_dead_letter_is_told_once_and_no_other():
    codes, others = of_letters()
    assert len(codes) > 60
    assert others == {"decision_text", "hinders"}  # a condition's own reason, and once.c's
    assert sorted(codes) == sorted(of_the_page())
