"""What the documents promise exists: links, settings as the programs print them, metrics, commands of ./run."""
import pathlib
import re
import shutil
import subprocess

import pytest
from tree import ROOT, Tree, fake, obeys

BEGIN, END = "<!-- settings: as config_print_markdown() writes them -->", "<!-- end of settings -->"
PRINTER = """
#include "worker/settings.h"
int main(void)
{
    config_print_markdown(&settings_table, stdout);
}
"""


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def dead_links(tree: Tree) -> list[str]:
    wrong = []
    for name in tree.files(".md"):
        for number, line in enumerate(tree.lines(name), 1):
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                page = (tree.root / name).parent / path if path else tree.root / name
                if not page.exists():
                    wrong.append(f"{name}:{number}: {target} is not there")
                elif anchor and page.suffix == ".md" and anchor not in anchors(page.read_text()):
                    wrong.append(f"{name}:{number}: {target} names no heading")
    return wrong


def metrics_of_code(tree: Tree) -> set[str]:
    return {metric for name in tree.files(".c", under="common/") + tree.files(".c", under="services/")
            for metric in re.findall(r'"(kerja_[a-z_]+)"', tree.text(name))
            if re.search(rf'metrics_(?:counter|gauge|histogram)\([^;]*?"{metric}"', tree.text(name), re.S)}


def metrics_of_page(tree: Tree) -> set[str]:
    return set(re.findall(r"^\| `(kerja_[a-z_]+)`", tree.text("docs/operations.md"), re.M))


def untold_metrics(tree: Tree) -> list[str]:
    code, page = metrics_of_code(tree), metrics_of_page(tree)
    return [f"docs/operations.md: {metric} is not explained" for metric in sorted(code - page)] + \
        [f"docs/operations.md: {metric} is counted nowhere" for metric in sorted(page - code)]


def untold_modules(tree: Tree) -> list[str]:
    """Each header of common/ is named in common/README.md, each folder in its table."""
    text = tree.text("common/README.md")
    headers = tree.files(".h", under="common/")
    wrong = [f"common/README.md: {name} is not named" for name in headers
             if f"`{name.rsplit('/', 1)[1].removesuffix('.h')}`" not in text]
    return wrong + [f"common/README.md: {folder}/ is not in the table"
                    for folder in sorted({name.split("/")[1] for name in headers}) if f"| `{folder}/` |" not in text]


def untold_facts(tree: Tree) -> list[str]:
    """What a worker logs from level info on stands in the table of facts."""
    page = set(re.findall(r"`([^`]+)`", "\n".join(re.findall(r"^\| (`[a-z][^|]*) \|", tree.text("docs/operations.md"), re.M))))
    return [f"docs/operations.md: the fact \"{fact}\" is not explained" for name in tree.files(".c", under="common/")
            for line in re.findall(r"log_(?:info|warning|error|at)\([^;]*?LOG_FACT\(([^;]*?)\)", tree.text(name))
            for fact in re.findall(r'"([^"]+)"', line) if fact not in page]


def unknown_verbs(tree: Tree) -> list[str]:
    """`./run VERB` in a document names a verb that the script has."""
    verbs = {verb for line in re.findall(r"^([a-z |-]+)\)", tree.text("run"), re.M) for verb in re.findall(r"[a-z]+", line)}
    return [f"{name}:{number}: ./run has no \"{verb}\"" for name in tree.files(".md")
            for number, line in enumerate(tree.lines(name), 1)
            for verb in re.findall(r"\./run ([a-z]+)", line) if verb not in verbs]


def unknown_tests(tree: Tree) -> list[str]:
    """`test_it_does_so`, or `folder/test_it.c`, in a document is there."""
    known = {name for path in tree.files(".py", under="tests/") for name in re.findall(r"^ *def (test_\w+)", tree.text(path), re.M)}
    files = tree.files(under="tests/")
    return [f"{name}:{number}: there is no {test}" for name in tree.files(".md", under="docs/")
            for number, line in enumerate(tree.lines(name), 1)
            for test in re.findall(r"`((?:\w+/)*test_\w+(?:\.\w+)?)`", line)
            if test not in known and not any(f"/{path}".endswith(f"/{test}") for path in files)]


def settings_of_page(tree: Tree) -> str:
    text = tree.text("docs/operations.md")
    return text[text.index(BEGIN) + len(BEGIN):text.index(END)].strip()


def settings_of_program(folder: pathlib.Path) -> str:
    """The table, printed by the very code of the workers."""
    (folder / "print.c").write_text(PRINTER)
    common = ROOT / "common"
    sources = [common / "worker" / "settings.c",
               *(common / "base" / f"{name}.c" for name in ("config", "setting", "buffer", "error"))]
    subprocess.run([shutil.which("cc"), "-std=c17", "-D_GNU_SOURCE", f"-I{common}", "-o", folder / "print",
                    folder / "print.c", *sources], check=True)
    return subprocess.run([folder / "print"], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("rule", [dead_links, untold_metrics, untold_modules, unknown_verbs, unknown_tests, untold_facts])
def test_the_tree_obeys(rule):
    obeys(rule(Tree(ROOT)))


def test_the_settings_stand_as_the_programs_print_them(tmp_path):
    assert settings_of_page(Tree(ROOT)) == settings_of_program(tmp_path)


PAGE = "docs/operations.md"
COUNTED = 'count = metrics_counter(m,\n    "kerja_x_total", "It", NULL, 0);\n'
RUN = "case $verb in\ndemo) a ;;\ndown | status)\n    b\n    ;;\nesac\n"
BROKEN = {
    "a link leads nowhere": (dead_links, {"README.md": "[it](docs/it.md)\n"}),
    "a link names no heading": (dead_links, {"README.md": "[it](#it)\n\n# Another\n"}),
    "a metric is not explained": (untold_metrics, {"common/worker/x.c": COUNTED, PAGE: "\n"}),
    "a metric is counted nowhere": (untold_metrics, {"common/worker/x.c": "", PAGE: "| `kerja_x_total` | it |\n"}),
    "a fact is not explained": (untold_facts, {PAGE: "| `it`, `is` | so |\n", "common/worker/x.c":
                                              'log_info(l, LOG_FACT("it"));\nlog_error(l, LOG_FACT(a ? "is" : "was"), 1);\n'}),
    "a module is not named": (untold_modules, {
        "common/base/x.h": "", "common/base/y.h": "", "common/README.md": "| `base/` | nouns |\n`x` a thing\n"}),
    "a folder is not in the table": (untold_modules, {"common/base/x.h": "", "common/README.md": "`x` a thing\n"}),
    "a verb does not exist": (unknown_verbs, {"run": RUN, "README.md": "./run dance\n"}),
    "a test does not exist": (unknown_tests, {"tests/test_x.py": "def test_it(): ...\n", PAGE: "`test_it` `test_x.py` `test_more`\n"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_caught_that(name, tmp_path):
    rule, files = BROKEN[name]
    assert len(rule(fake(tmp_path, files))) == 1


def test_what_is_true_is_not_caught(tmp_path):
    tree = fake(tmp_path, {"README.md": "[it](docs/operations.md#the-1st-thing) ./run status [out](https://x)\n",
                           PAGE: "# The 1st thing\n| `kerja_x_total` | it |\n", "common/worker/x.c": COUNTED, "run": RUN})
    assert dead_links(tree) + untold_metrics(tree) + unknown_verbs(tree) == []


def test_settings_that_differ_are_caught(tmp_path):
    page = fake(tmp_path / "tree", {PAGE: f"{BEGIN}\n| a | b |\n{END}\n"})
    assert settings_of_page(page) == "| a | b |"
    assert settings_of_page(page) != settings_of_program(tmp_path)
