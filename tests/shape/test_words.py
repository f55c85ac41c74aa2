"""What no file says: unfinished things, places of one machine, pauses that a test's result hangs on."""
import re

import pytest
from tree import ROOT, Tree, c_code, fake, obeys

HERE = "tests/shape/"  # the only place that must name what is forbidden
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|[Ff]or now|[Nn]ot (yet )?implemented|[Pp]laceholders?)\b")
# In a message text `{award}` is a placeholder: there the word is a noun of the matter.
PLACEHOLDER_IS_A_NOUN = ("common/rules/message.c", "common/rules/message.h", "tests/unit/rules/", "docs/programmes.md")
MACHINE = re.compile(r"(?<![\w.$}/-])/(work|root|home|Users)/\w|/tmp/(build-|kerja/)\w|\.\./shared\b")
# These pace load and trouble: a pause is what they do, and what they judge is judged after waiting until all is at rest.
PACED = ("tests/bench/", "tests/faults/")
PAUSE = re.compile(r"(?<![\w.])(?:time\.)?(?:u|nano)?sleep\(")


def texts(tree: Tree) -> list[str]:
    return [name for name in tree.files() if not name.startswith(HERE) and name != "LICENSE"
            and b"\0" not in (tree.root / name).read_bytes()[:4096]]


def unfinished(tree: Tree) -> list[str]:
    wrong = []
    for name in texts(tree):
        for number, line in enumerate(tree.lines(name), 1):
            for match in UNFINISHED.finditer(line):
                if "laceholder" in match.group() and name.startswith(PLACEHOLDER_IS_A_NOUN):
                    continue
                wrong.append(f"{name}:{number}: {match.group()}")
    return wrong


def machine_paths(tree: Tree) -> list[str]:
    return [f"{name}:{number}: {match.group()}" for name in texts(tree)
            for number, line in enumerate(tree.lines(name), 1) if (match := MACHINE.search(line))]


def unexplained_pauses(tree: Tree) -> list[str]:
    """A test that sleeps to be right is a defect. Where one pauses for another reason, a comment on the line or the
    line above says which."""
    wrong = []
    for name in tree.files(".c", ".h", ".py", under="tests/"):
        if name.startswith((HERE, *PACED)):
            continue
        lines = tree.lines(name)
        mark = "#" if name.endswith(".py") else "/*"
        code = (python_code(tree.text(name)) if mark == "#" else c_code(tree.text(name))).splitlines()
        for number, line in enumerate(code, 1):
            above = lines[number - 2].strip() if number > 1 else ""
            if PAUSE.search(line) and mark not in lines[number - 1] and not above.startswith(mark) \
                    and not above.endswith("*/"):
                wrong.append(f"{name}:{number}: {lines[number - 1].strip()}")
    return wrong


def python_code(text: str) -> str:
    """Python with its short strings blanked."""
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


@pytest.mark.parametrize("rule", [unfinished, machine_paths, unexplained_pauses])
def test_the_tree_obeys(rule):
    obeys(rule(Tree(ROOT)))


BROKEN = {
    "something is left to do": (unfinished, {"common/base/x.c": "/* TODO: the rest */\n"}),
    "something is mended": (unfinished, {"run": "# FIXME\n"}),
    "something holds only now": (unfinished, {"docs/x.md": "It does so for now.\n"}),
    "something is not there": (unfinished, {"services/ctl/x.c": 'puts("not implemented");\n'}),
    "something stands for another thing": (unfinished, {"services/ctl/x.c": "/* a placeholder */\n"}),
    "a home is named": (machine_paths, {"docs/x.md": "see /home/somebody/kerja\n"}),
    "a build folder is named": (machine_paths, {"tests/x.py": 'BUILD = "/tmp/build-x"\n'}),
    "a text is elsewhere": (machine_paths, {"docs/x.md": "[it](../shared/it.md)\n"}),
    "a Python test sleeps": (unexplained_pauses, {"tests/x.py": "import time\n\ntime.sleep(1)\n"}),
    "a C test sleeps": (unexplained_pauses, {"tests/x.c": "void f(void)\n{\n    usleep(5);\n}\n"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_caught_that(name, tmp_path):
    rule, files = BROKEN[name]
    assert len(rule(fake(tmp_path, files))) == 1


def test_what_is_allowed_is_not_caught(tmp_path):
    tree = fake(tmp_path, {"run": "mktemp x.XXXXXX\n",
                           "tests/x.py": 'time.sleep(1)  # between two looks\nprogram = "time.sleep(9)"\n',
                           "tests/x.c": 'f("/tmp/x_XXXXXX");\n/* Between two looks. */\nusleep(5);\n',
                           "common/rules/message.c": "enum placeholder { A };\n"})
    assert unfinished(tree) + machine_paths(tree) + unexplained_pauses(tree) == []
