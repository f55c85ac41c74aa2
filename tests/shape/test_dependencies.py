"""base <- schemas <- siblings <- worker <- services; siblings never include each other."""
import re

import pytest
from tree import ROOT, Tree, fake, obeys

SIBLINGS = {"seal", "cache", "consume", "decode", "persist", "publish", "rules", "http"}
SERVICES = {"application", "completion", "incentive", "ctl", "console"}
COMMON = {"base", "schemas", "worker"} | SIBLINGS
# A decision is pure: whoever decides has no header through which to reach the world.
WORLD = {"base/clock.h", "base/log.h", "cache", "consume", "publish", "http"}
# Libraries return errors; only these tell anybody.
SPEAKERS = {"worker", "ctl", "console"}
# A time of day that jumps must move nothing: who in a worker reads it prints it, or makes months of segments ahead.
TIME_OF_DAY = re.compile(r"\b(realtime_us\(|CLOCK_REALTIME\b|time\((NULL|&)|gettimeofday\(|timespec_get\()")
TIME_TELLERS = {"common/base/clock.c", "common/base/clock.h", "common/base/log.c", "common/worker/main.c", "common/worker/loop.c"}


def allowed(folder: str) -> set[str]:
    if folder == "base":
        return {"base"}
    if folder in SIBLINGS:
        return {"base", "schemas", folder}
    return COMMON


def includes(tree: Tree, name: str) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(tree.lines(name), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if match:
            found.append((number, match.group(1)))
    return found


def wrong_includes(tree: Tree) -> list[str]:
    wrong = []
    for name in tree.files(".c", ".h", under="common/"):
        folder = name.split("/")[1]
        for number, header in includes(tree, name):
            # Without a folder: made at build time, for this folder alone.
            if "/" in header and header.split("/")[0] not in allowed(folder):
                wrong.append(f"{name}:{number}: {folder} must not include \"{header}\"")
    for name in tree.files(".c", ".h", under="services/"):
        for number, header in includes(tree, name):
            if "/" in header and header.split("/")[0] not in COMMON:
                wrong.append(f"{name}:{number}: a service includes common folders and itself, not \"{header}\"")
    return wrong


def wrong_uses(tree: Tree) -> list[str]:
    """The same rule in the build files, where USES opens a folder to another."""
    wrong = []
    for name in tree.files("CMakeLists.txt", under="common/"):
        for library, uses in re.findall(r"kerja_library\((\w+)[^)]*?\bUSES\b((?:\s+(?!LIBRARIES|SOURCES)\w+)+)",
                                        tree.text(name)):
            for folder in uses.split():
                if folder not in allowed(library):
                    wrong.append(f"{name}: {library} must not use {folder}")
    return wrong


def impure(tree: Tree) -> list[str]:
    wrong = []
    deciders = tree.files(".c", ".h", under="common/rules/")
    for service in ("application", "completion", "incentive"):
        deciders += tree.files(".c", ".h", under=f"services/{service}/")
    for name in deciders:
        for number, header in includes(tree, name):
            if header in WORLD or header.split("/")[0] in WORLD:
                wrong.append(f"{name}:{number}: a decision is pure, it must not include \"{header}\"")
    return wrong


def speaking(tree: Tree) -> list[str]:
    wrong = []
    for name in tree.files(".c", ".h", under="common/") + tree.files(".c", ".h", under="services/"):
        folder = name.split("/")[1]
        for number, header in includes(tree, name):
            if header == "base/log.h" and folder not in SPEAKERS | {"base"}:
                wrong.append(f"{name}:{number}: {folder} returns errors, only {', '.join(sorted(SPEAKERS))} log")
    return wrong


def telling_time(tree: Tree) -> list[str]:
    return [f"{name}:{number}: a worker measures by the monotonic clock, not by the time of day"
            for name in tree.files(".c", ".h", under="common/") if name not in TIME_TELLERS
            for number, line in enumerate(tree.lines(name), 1) if TIME_OF_DAY.search(line)]


@pytest.mark.parametrize("rule", [wrong_includes, wrong_uses, impure, speaking, telling_time])
def test_the_tree_obeys(rule):
    obeys(rule(Tree(ROOT)))


BROKEN = {
    "base includes a sibling": (wrong_includes, {"common/base/x.c": '#include "seal/ids.h"\n'}),
    "a sibling includes a sibling": (wrong_includes, {"common/cache/x.h": '#include "decode/decode.h"\n'}),
    "a sibling includes the worker": (wrong_includes, {"common/rules/x.c": '#include "worker/facts.h"\n'}),
    "a path leads out": (wrong_includes, {"common/cache/x.c": '#include "../seal/ids.h"\n'}),
    "a service includes a service": (wrong_includes, {"services/incentive/x.c": '#include "../completion/facts.h"\n'}),
    "a build file opens a sibling": (wrong_uses, {
        "common/cache/CMakeLists.txt": "kerja_library(cache SOURCES a.c\n    USES base decode LIBRARIES X)\n"}),
    "a decision reads a clock": (impure, {"services/application/x.c": '#include "base/clock.h"\n'}),
    "rules ask the network": (impure, {"common/rules/x.c": '#include "cache/cache.h"\n'}),
    "a limit is measured by the time of day": (telling_time, {"common/persist/x.c": "int64_t deadline = realtime_us() + 5;\n"}),
    "a library logs": (speaking, {"common/persist/x.c": '#include "base/log.h"\n'}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_caught_that(name, tmp_path):
    rule, files = BROKEN[name]
    assert len(rule(fake(tmp_path, files))) == 1


def test_what_is_allowed_is_not_caught(tmp_path):
    tree = fake(tmp_path, {"common/cache/x.c": '#include "base/slice.h"\n#include "cache/cache.h"\n#include "made.h"\n',
                           "common/worker/x.c": '#include "cache/cache.h"\n#include "base/log.h"\n',
                           "common/worker/CMakeLists.txt": "kerja_library(worker SOURCES a.c USES base cache)\n",
                           "services/ctl/x.c": '#include "base/clock.h"\n#include "publish/plain.h"\n'})
    for rule in (wrong_includes, wrong_uses, impure, speaking, telling_time):
        assert rule(tree) == []
