"""Whatever reason the code gives has a sentence in every programme file, so that nobody is told a bare code."""
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
