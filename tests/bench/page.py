"""docs/benchmarks.md: the template beside this file, filled with figures.

    PYTHONPATH=tests python tests/bench/page.py     fills it anew with the figures that stand in docs/benchmarks

The figures of the page are kept beside it, so that whoever doubts a number finds where it is from, and a test fills the
template again and compares.
"""
import json
import pathlib
import shutil

from floors import FLOORS, reached

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = pathlib.Path(__file__).with_name("page.template")
PAGE = ROOT / "docs" / "benchmarks.md"
FIGURES = ROOT / "docs" / "benchmarks" / "figures.json"
FLAME = ROOT / "docs" / "benchmarks" / "flame.svg"
MARK = "=== "  # begins a section of the template

# Tables by the figure that holds their rows: headings, and how each column is written.
TABLES = {
    "soak_course": (("minute", "records", "worker MB", "kept MB", "in passing MB", "outbox rows", "lag"),
                    ("{:.0f}", "{:,.0f}", "{:.0f}", "{:,.0f}", "{:.0f}", "{:,.0f}", "{:,.0f}")),
    "batch_sizes": (("`KERJA_BATCH_RECORDS`", "events/s", "ms a batch"), ("{:,}", "{:,.0f}", "{:.0f}")),
    "batch_lingers": (("`KERJA_LINGER`", "p50 ms", "p99 ms", "records a batch"), ("{}", "{:.0f}", "{:.0f}", "{:.0f}")),
    "profile_parts": (("where", "of all samples"), ("{}", "{:.1%}")),
    "profile_statements": (("statement", "calls", "µs an event", "of all statements"), ("`{}`", "{:,.0f}", "{:.2f}", "{:.1%}")),
    "profile_tables": (("table", "rows", "bytes an event", "and of its indexes"), ("`{}`", "{:,.0f}", "{:,.0f}", "{:,.0f}")),
}


def write(kept: dict[str, dict], flame: pathlib.Path) -> None:
    """Lays `kept` over the figures that stand there already, and writes the page."""
    figures = {**(json.loads(FIGURES.read_text()) if FIGURES.exists() else {}), **kept}
    text = rendered(figures)
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    if flame.exists():
        shutil.copyfile(flame, FLAME)
    PAGE.write_text(text)


def rendered(kept: dict[str, dict]) -> str:
    head, *sections = TEMPLATE.read_text().split("\n" + MARK)
    texts = [filled(head, {"machine": machine_table(kept), "judged": judged_table(kept)})]
    for section in sections:
        name, _, text = section.partition("\n")
        title, _, text = text.partition("\n")
        texts.append(f"{title}\n{of_section(name, text, kept)}")
    return "\n".join(texts).rstrip("\n") + "\n"


def of_section(name: str, text: str, kept: dict[str, dict]) -> str:
    if name not in kept:
        return f"\nNot measured yet: `./run bench --full --only {name}`.\n"
    section = kept[name]
    values = {figure: table(figure, value) if figure in TABLES else value for figure, value in section["figures"].items()}
    return filled(text, values) + measured(section)


def filled(text: str, values: dict) -> str:
    try:
        return text.format(**values)
    except KeyError as missing:
        raise SystemExit(f"page: the template asks for {missing}, which was not measured") from None


def measured(section: dict) -> str:
    nice = f" at priority {section['nice']}" if section["nice"] else ""
    return (f"\n<sub>`./run bench --only {section['section']}`{nice}, {section['at']}, revision {section['revision']}, "
            f"{section['seconds']} s; other programs took {section['others']:.0%} of the machine.</sub>\n")


def table(name: str, rows: list[list]) -> str:
    heads, formats = TABLES[name]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    lines += [[form.format(value) for form, value in zip(formats, row)] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine_table(kept: dict[str, dict]) -> str:
    """Of the section that was measured last; where another's differs, that is told too."""
    machines = [section["machine"] for section in sorted(kept.values(), key=lambda section: section["at"])]
    lines = ["| part | |", "|---|---|"]
    for part in machines[-1] if machines else ():
        found = list(dict.fromkeys(machine[part] for machine in reversed(machines) if part in machine))
        lines.append(f"| {part} | {', '.join(found)} |")
    return "\n".join(lines)


def judged_table(kept: dict[str, dict]) -> str:
    figures = {name: value for section in kept.values() for name, value in section["figures"].items()}
    lines = ["| ratio | is | floor | | says |", "|---|---:|---|---|---|"]
    for name, (side, floor, says) in FLOORS.items():
        if name in figures:
            lines.append(f"| `{name}` | {figures[name]:.2f} | {side} {floor} | {'ok' if reached(name, figures[name]) else 'short'} "
                         f"| {says} |")
    return "\n".join(lines)


if __name__ == "__main__":
    write({}, FLAME.with_name("none"))
