"""The programme files and the published facts, as plain values: days stay text, as the loader reads them."""
import json
import re

import yaml

from harness.paths import ROOT

FOLDER = ROOT / "programmes"
PATHS = sorted(FOLDER.glob("*.yaml"))
RULES_C = ROOT / "common" / "rules"


class PlainLoader(yaml.SafeLoader):
    """YAML without days and times, and with no truth but true and false."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def plain(text: str) -> dict:
    return yaml.load(text, PlainLoader)


def programmes() -> dict[str, dict]:
    return {file["programme"]: file for file in (plain(path.read_text()) for path in PATHS)}


def facts() -> dict:
    return json.loads((FOLDER / "facts.json").read_text())


def c_list(file: str, name: str) -> list[str]:
    """The texts of a NULL-terminated array of C."""
    body = re.search(rf"\b{name}\[\w*\] = \{{(.*?)\}};", (RULES_C / file).read_text(), re.S)
    return re.findall(r'"([^"]*)"', body.group(1))


def vocabulary() -> dict[str, dict]:
    """The fields that the loader knows, as facts.json writes them."""
    source = (RULES_C / "vocabulary.c").read_text()
    services = {"APP": "application", "COM": "completion", "INC": "incentive"}
    row = re.compile(r'\[FIELD_\w+\] =\s*\{\s*"([^"]+)",\s*KIND_(\w+),\s*([\w| ]+),\s*(true|false),\s*'
                     r'(NULL|"[^"]*"),\s*(\w+),\s*(SILENT|"[^"]*")\s*\}', re.S)
    found = {}
    for name, kind, mask, opened, unit, codes, unknown in row.findall(source):
        if name.startswith("register.own_"):
            continue  # places for registers that a file brings: nobody says these names
        found[name] = {
            "kind": kind.lower(), **({"unit": unit.strip('"')} if unit != "NULL" else {}),
            **({"codes": c_list("vocabulary.c", codes)} if codes != "NULL" else {}),
            **({"open": True} if opened == "true" else {}),
            "services": [services[one.strip()] for one in mask.split("|")],
            "unknown": "REGISTRY_UNAVAILABLE" if unknown == "SILENT" else unknown.strip('"')}
    return found
