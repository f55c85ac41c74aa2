"""A file is one noun and a function one thought: past these lines each wants to be two.

Run alone, it names the files past the aim, which are the next to be split."""
import pytest
from tree import ROOT, Tree, c_functions, fake, obeys

FILE_LINES, FILE_LINES_AIM = 500, 300
FUNCTION_LINES = 70
README_LINES = 120
SOURCES = (".c", ".h", ".py", ".sql")


def long_files(tree: Tree, bound: int = FILE_LINES) -> list[str]:
    return [f"{name}: {len(tree.lines(name))} lines, at most {bound}" for name in tree.files(*SOURCES)
            if len(tree.lines(name)) > bound]


def long_functions(tree: Tree) -> list[str]:
    return [f"{name}:{function.line}: {function.name} has {function.length} lines, at most {FUNCTION_LINES}"
            for name in tree.files(".c", ".h") for function in c_functions(tree.lines(name))
            if function.length > FUNCTION_LINES]


def long_readme(tree: Tree) -> list[str]:
    lines = len(tree.lines("README.md"))
    return [f"README.md: {lines} lines, at most {README_LINES}"] if lines > README_LINES else []


@pytest.mark.parametrize("rule", [long_files, long_functions, long_readme])
def test_the_tree_obeys(rule):
    obeys(rule(Tree(ROOT)))


BODY = "static int f(int a,\n             int b)\n{\n%s}\n"
BROKEN = {
    "a file has a line too many": (long_files, {"common/base/x.c": "int x;\n" * (FILE_LINES + 1)}),
    "a script has a line too many": (long_files, {"tests/x.py": "x = 1\n" * (FILE_LINES + 1)}),
    "a function has a line too many": (long_functions, {"common/base/x.c": BODY % ("    a++;\n" * (FUNCTION_LINES - 1))}),
    "the README has a line too many": (long_readme, {"README.md": "x\n" * (README_LINES + 1)}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_caught_that(name, tmp_path):
    rule, files = BROKEN[name]
    assert len(rule(fake(tmp_path, files))) == 1


def test_the_longest_allowed_is_allowed(tmp_path):
    tree = fake(tmp_path, {"common/base/x.c": "int x;\n" * FILE_LINES, "README.md": "x\n" * README_LINES,
                           "common/base/y.c": BODY % ("    a++;\n" * (FUNCTION_LINES - 2))})
    assert long_files(tree) + long_functions(tree) + long_readme(tree) == []


def test_a_function_is_named_by_its_signature():
    (function,) = c_functions((BODY % "    return 0;\n").splitlines())
    assert (function.name, function.line, function.length) == ("f", 3, 3)


if __name__ == "__main__":
    print("\n".join(long_files(Tree(ROOT), FILE_LINES_AIM)))
