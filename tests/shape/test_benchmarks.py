"""docs/benchmarks.md says what was measured: it is its template, filled with the figures that are kept beside it."""
import json
import re
import sys

from tree import ROOT

sys.path.append(str(ROOT / "tests" / "bench"))
import page  # noqa: E402


def figures() -> dict:
    return json.loads(page.FIGURES.read_text())


def test_the_page_is_its_template_filled():
    assert page.PAGE.read_text() == page.rendered(figures())


def test_another_figure_makes_another_page():
    changed = figures()
    changed["burst"]["figures"]["burst_decisions"] -= 1
    assert page.PAGE.read_text() != page.rendered(changed)


def test_each_section_of_the_bench_has_its_place():
    sections = re.findall(r"^=== (\w+)$", page.TEMPLATE.read_text(), re.M)
    told = re.findall(r"^    (\w+)  +\S", (ROOT / "tests" / "bench" / "bench.py").read_text().split('"""')[1], re.M)
    assert sorted(sections) == sorted(told)


def test_a_section_that_was_not_measured_says_so():
    assert "`./run bench --full --only soak`" in page.rendered({})


def test_the_flame_graph_is_small_and_names_no_file():
    flame = page.FLAME.read_text()
    assert len(flame) < 300_000
    assert not re.search(r"<title>[^<]*/", flame)
    assert "kerja-applicati" in flame and "postgres" in flame
