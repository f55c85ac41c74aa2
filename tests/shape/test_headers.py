"""A header is the manual of its module: what it is, and a sentence before each of its functions."""
import re

import pytest
from tree import ROOT, Tree, fake, obeys

PROTOTYPE = re.compile(r"^(?! |return\b)(?:static inline |extern )?[\w ]+[\s*]+\w+\(")


def blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Runs of lines without an empty one between them, with the number of their first line."""
    found: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            fresh = True
        elif fresh:
            found.append((number, [line]))
            fresh = False
        else:
            found[-1][1].append(line)
    return found


def undocumented(tree: Tree) -> list[str]:
    """Functions in whose block no comment comes first. A comment may speak of several functions that follow it
    without an empty line, as a maker and its release; an inline function of one expression says itself."""
    wrong = []
    for name in public_headers(tree):
        lines = tree.lines(name)
        for begin, block in blocks(lines):
            commented = False
            for number, line in enumerate(block, begin):
                commented = commented or "/*" in line
                if PROTOTYPE.match(line) and not commented and not trailing(lines, number) \
                        and not one_expression(lines, number):
                    wrong.append(f"{name}:{number}: {line.strip()[:60]}")
    return wrong


def trailing(lines: list[str], number: int) -> bool:
    """True when the prototype that begins at the line ends with a comment behind it."""
    while number < len(lines) and ";" not in lines[number - 1]:
        number += 1
    return "/*" in lines[number - 1]


def one_expression(lines: list[str], number: int) -> bool:
    if not lines[number - 1].startswith("static inline "):
        return False
    while number < len(lines) and lines[number - 1] != "{":
        number += 1
    body = []
    while number < len(lines) and lines[number] != "}":
        body.append(lines[number].strip())
        number += 1
    return " ".join(body).startswith("return ") and " ".join(body).count(";") == 1


def public_headers(tree: Tree) -> list[str]:
    return tree.files(".h", under="common/")


def untitled(tree: Tree) -> list[str]:
    """Headers that do not begin with `/*`, ` * <their name> - what they are`."""
    wrong = []
    for name in public_headers(tree):
        first = tree.lines(name)[:2]
        stem = name.rsplit("/", 1)[1].removesuffix(".h")
        if len(first) < 2 or first[0] != "/*" or not first[1].startswith(f" * {stem} - "):
            wrong.append(f"{name}:1: begins with \"/*\" and \" * {stem} - what it is\"")
    return wrong


@pytest.mark.parametrize("rule", [undocumented, untitled])
def test_the_tree_obeys(rule):
    obeys(rule(Tree(ROOT)))


TITLE = "/*\n * x - a thing.\n */\n\n"
BROKEN = {
    "a function has no sentence": (undocumented, TITLE + "int f(void);\n"),
    "a function that returns a pointer has none": (undocumented, TITLE + "struct x *f(void);\n"),
    "a second function has none": (undocumented, TITLE + "/* Says it. */\nint f(void);\n\nint g(int a,\n      int b);\n"),
    "an inline function that does more than one thing has none": (
        undocumented, TITLE + "static inline int f(int a)\n{\n    a++;\n    return a;\n}\n"),
    "a header has no title": (untitled, "#ifndef X\n#define X\n#endif\n"),
    "a header has another's title": (untitled, "/*\n * y - a thing.\n */\n"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_caught_that(name, tmp_path):
    rule, text = BROKEN[name]
    assert len(rule(fake(tmp_path, {"common/base/x.h": text}))) == 1


def test_what_is_said_is_not_caught(tmp_path):
    text = TITLE + ("/* Makes and frees. */\nstruct x *x_new(void);\nvoid x_free(struct x *x);\n\n"
                    "int g(int a,\n      int b); /* both given */\n\n"
                    "static inline int h(int a)\n{\n    return a + 1;\n}\n\n"
                    "struct table {\n    int (*call)(void);\n};\n")
    assert undocumented(fake(tmp_path, {"common/base/x.h": text})) == []
