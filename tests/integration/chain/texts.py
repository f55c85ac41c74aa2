"""The programme file's messages, read by line: which text a person may get."""
import re

from .world import PROGRAMME_FILE

LANGUAGES = ("id", "ms", "en")  # the first serves whoever's language is not here


def templates() -> dict[tuple[str, str], re.Pattern]:
    """(kind, language) to a pattern of its text, with anything but nothing where a value is put in."""
    section = PROGRAMME_FILE.read_text().partition("\nmessages:\n")[2].partition("\nreasons:\n")[0]
    found, kind = {}, ""
    for line in section.splitlines():
        if named := re.fullmatch(r"  (\w+):", line):
            kind = named[1]
        elif said := re.fullmatch(r'    (\w+): "(.*)"', line):
            parts = re.split(r"\{\w+\}", said[2])
            found[kind, said[1]] = re.compile(".+?".join(map(re.escape, parts)))
    return found


TEMPLATES = templates()


def spoken(language: str) -> str:
    """The language in which somebody is told, of the tag that he or she gave."""
    short = language.partition("-")[0]
    return short if short in LANGUAGES else LANGUAGES[0]


def is_message(text: str, kind: str, language: str) -> bool:
    pattern = TEMPLATES.get((kind, language))
    return bool(pattern and pattern.fullmatch(text)) and "{" not in text
