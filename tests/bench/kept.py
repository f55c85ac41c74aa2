"""Figures that outlive their run: one file a section, so that a page can be made of sections measured on different days."""
import datetime
import json
import os
import pathlib

from harness.paths import STATE

import machine

FOLDER = STATE / "figures"
FLAME = FOLDER / "flame.svg"  # of the section `profile`


def keep(section: str, figures: dict, seconds: float, others: float) -> None:
    """`figures`: name to number, or to rows of a table. `others`: what other programs took of the machine."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    (FOLDER / f"{section}.json").write_text(json.dumps(
        {"section": section, "at": now.strftime("%Y-%m-%d %H:%M UTC"), "revision": machine.revision(),
         "seconds": round(seconds), "others": round(others, 3),
         "nice": os.getpriority(os.PRIO_PROCESS, 0), "machine": machine.described(), "figures": figures},
        indent=1) + "\n")


def all_kept(folder: pathlib.Path = FOLDER) -> dict[str, dict]:
    """Section to what was kept of it."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
