"""./run analyse [--tidy] [PART OF A PATH...]: a static analyser over the C of common/ and services/.

gcc's -fanalyzer follows paths through a file, calls included, and looks for what is used after it was freed, freed
twice, leaked, read before it was written, or reached through NULL. With --tidy it is clang-tidy, which has an analyser
of its own (clang-analyzer) and looks for what is seldom meant: a size of a pointer, a comparison that is always true, a
loop whose bound never moves. What they say wrongly stands in silenced.txt, a line each with the reason; a line there
that nothing answers to is an error too. The last line is "N files, M findings, S silenced".
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("KERJA_BUILD", ROOT / "build" / "dev"))
FILE_TIMEOUT_S = 900  # clang follows the paths of one file for minutes

CHECKS = ("clang-analyzer", "bugprone", "concurrency", "cert")
NOT_ASKED = {
    "bugprone-easily-swappable-parameters": "a matter of taste: two numbers beside each other are no fault",
    "bugprone-narrowing-conversions": "gcc's -Wconversion asks the same of every file",
    "bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp": "_GNU_SOURCE is the libraries' to define us by",
    "bugprone-sizeof-expression": "takes the size of a pointer for a mistake, and our lists are of pointers",
    "cert-err33-c": "wants each printf judged; what must be judged is marked by its own library",
    "clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling": "wants memcpy_s, which glibc has not",
    "concurrency-mt-unsafe": "names getenv and exit in programs that call them before their threads begin",
}


def bounded(analyser, path: str, command: str) -> set[tuple[str, str, str]]:
    """A file that is not done in time is a finding of its own, and the others are looked at all the same."""
    try:
        return analyser(path, command)
    except subprocess.TimeoutExpired:
        return {("time", path, f"not done within {FILE_TIMEOUT_S} s")}


def commands() -> dict[str, str]:
    """By file, below common/ and services/ alone."""
    found = {}
    for one in json.loads((BUILD / "compile_commands.json").read_text()):
        path = pathlib.Path(one["file"])
        if path.is_relative_to(ROOT / "common") or path.is_relative_to(ROOT / "services"):
            found[str(path.relative_to(ROOT))] = one["command"]
    return found


def by_gcc(path: str, command: str) -> set[tuple[str, str, str]]:
    """(flag, file:function, what it says) of each finding."""
    words = shlex.split(command)
    words[words.index("-o") + 1] = os.devnull
    words = [word for word in words if not word.startswith("-fsanitize") and word != "-Werror"]
    done = subprocess.run([*words, "-O1", "-fanalyzer", "-fdiagnostics-plain-output"], cwd=BUILD, capture_output=True,
                          text=True, timeout=FILE_TIMEOUT_S)
    if done.returncode != 0:
        return {("compile", path, done.stderr[:2000])}
    found, function = set(), ""
    for line in done.stderr.splitlines():
        inside = re.search(r"In function .(\w+).", line)
        function = inside[1] if inside else function
        warning = re.match(r"\S+?:\d+:\d+: warning: (.*) \[(?:CWE-\d+\] \[)?-W(analyzer-[\w-]+)\]", line)
        if warning:
            found.add((warning[2], f"{path}:{function}", warning[1]))
    return found


def by_clang(path: str, _command: str) -> set[tuple[str, str, str]]:
    asked = ",".join(["-*", *(f"{group}-*" for group in CHECKS), *(f"-{name}" for one in NOT_ASKED for name in one.split(","))])
    done = subprocess.run(["clang-tidy", "-p", BUILD, "--quiet", f"--checks={asked}", ROOT / path], capture_output=True,
                          text=True, timeout=FILE_TIMEOUT_S, cwd=BUILD)
    found = set()
    for told in re.finditer(r"^(/\S+?):(\d+):\d+: (?:warning|error): (.*) \[([\w.,-]+)\]$", done.stdout, re.M):
        place = os.path.relpath(os.path.realpath(told[1]), ROOT)
        found.add((told[4].split(",")[0], f"{place}:{function_at(told[1], int(told[2]))}", told[3]))
    if done.returncode != 0 and not found:
        found.add(("clang-tidy", path, (done.stderr or done.stdout)[:2000]))
    return found


def function_at(path: str, line: int) -> str:
    """The function that stands around a line: its name begins a line, and no other line of it does."""
    for text in reversed(pathlib.Path(path).read_text().splitlines()[:line]):
        begun = re.match(r"[a-z][\w \*]*?\b(\w+)\(", text)
        if begun:
            return begun[1]
    return ""


def silenced() -> dict[tuple[str, str], str]:
    """By flag and place, the reason."""
    lines = (line for line in (HERE / "silenced.txt").read_text().splitlines() if line and not line.startswith("#"))
    return {(flag, place): reason for flag, place, reason in (line.split(" ", 2) for line in lines)}


def main() -> int:
    tidy, parts = "--tidy" in sys.argv, [word for word in sys.argv[1:] if word != "--tidy"]
    chosen = [item for item in commands().items() if not parts or any(part in item[0] for part in parts)]
    reasons = {key: why for key, why in silenced().items() if key[0].startswith("analyzer-") != tidy}
    told, findings = set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(lambda item: bounded(by_clang if tidy else by_gcc, *item), chosen):
            for flag, place, sentence in sorted(found - told):
                told.add((flag, place, sentence))
                if (flag, place) not in reasons:
                    findings += 1
                    print(f"{place}: {flag}: {sentence}", flush=True)
    used = {(flag, place) for flag, place, _sentence in told} & set(reasons)
    for flag, place in sorted(set(reasons) - used) if not parts else ():
        findings += 1
        print(f"silenced.txt: nothing is said any more of {place}: {flag}")
    print(f"{len(chosen)} files, {findings} findings, {len(used)} silenced")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
