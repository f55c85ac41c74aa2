"""What is released has no place at which it could be told to break: no fault point acts, no mistake is built in."""
import re

import pytest

from harness.paths import ROOT, SERVICES, command_program, worker_program

HEADER = ROOT / "common" / "base" / "broken.h"
MISTAKES = [name.lower().replace("_", "-").encode() for name in re.findall(r"^    BROKEN_([A-Z_]+),", HEADER.read_text(), re.M)]
SIGNS = [b"BREAK_KERJA", b"fault point %s", b"least(w.next_offset", *MISTAKES]


@pytest.mark.parametrize("program", [*map(worker_program, SERVICES), command_program()], ids=lambda path: path.name)
def test_the_program_has_no_word_of_it(program):
    words = program.read_bytes()
    assert [sign for sign in SIGNS if sign in words] == []


def test_the_signs_are_those_of_the_build_that_breaks():
    source = HEADER.with_suffix(".c").read_text().encode()
    assert len(MISTAKES) > 6
    assert [mistake for mistake in [b"BREAK_KERJA", *MISTAKES] if b'"%s"' % mistake not in source] == []
