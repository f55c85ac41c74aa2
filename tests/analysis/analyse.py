"""./run analyse [PART OF A PATH...]: gcc's static analyser (-fanalyzer) over the C of common/ and services/.

It follows paths through a file, calls included, and looks for what is used after it was freed, freed twice, leaked, read
before it was written, or reached through NULL. What it says wrongly stands in silenced.txt, a line each with the reason;
a line there that nothing answers to is an error too. The last line is "N files, M findings".
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
FILE_TIMEOUT_S = 300
WARNING = re.compile(r"^(\S+?):(\d+):\d+: warning: (.*) \[(-Wanalyzer-[\w-]+|CWE.*)\]?$", re.M)


def commands() -> dict[str, str]:
    """By file, below common/ and services/ alone."""
    found = {}
    for one in json.loads((BUILD / "compile_commands.json").read_text()):
        path = pathlib.Path(one["file"])
        if path.is_relative_to(ROOT / "common") or path.is_relative_to(ROOT / "services"):
            found[str(path.relative_to(ROOT))] = one["command"]
    return found


def analyse(path: str, command: str) -> list[tuple[str, str, str]]:
    """(flag, function, what it says) of each finding."""
    words = shlex.split(command)
    words[words.index("-o") + 1] = os.devnull
    words = [word for word in words if not word.startswith("-fsanitize") and word != "-Werror"]
    done = subprocess.run([*words, "-O1", "-fanalyzer", "-fdiagnostics-plain-output"], cwd=BUILD, capture_output=True,
                          text=True, timeout=FILE_TIMEOUT_S)
    if done.returncode != 0:
        return [("compile", path, done.stderr[:2000])]
    found, function = [], ""
    for line in done.stderr.splitlines():
        inside = re.search(r"In function .(\w+).", line)
        function = inside[1] if inside else function
        warning = re.match(r"\S+?:\d+:\d+: warning: (.*) \[(?:CWE-\d+\] \[)?-W(analyzer-[\w-]+)\]", line)
        if warning:
            found.append((warning[2], f"{path}:{function}", warning[1]))
    return sorted(set(found))


def silenced() -> dict[tuple[str, str], str]:
    """By flag and place, the reason."""
    lines = (line for line in (HERE / "silenced.txt").read_text().splitlines() if line and not line.startswith("#"))
    return {(flag, place): reason for flag, place, reason in (line.split(" ", 2) for line in lines)}


def main() -> int:
    chosen = {path: command for path, command in commands().items()
              if not sys.argv[1:] or any(part in path for part in sys.argv[1:])}
    reasons, used, findings = silenced(), set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(lambda item: analyse(*item), chosen.items()):
            for flag, place, sentence in found:
                if (flag, place) in reasons:
                    used.add((flag, place))
                    continue
                findings += 1
                print(f"{place}: {flag}: {sentence}", flush=True)
    for flag, place in set(reasons) - used if not sys.argv[1:] else ():
        findings += 1
        print(f"silenced.txt: nothing is said any more of {place}: {flag}")
    print(f"{len(chosen)} files, {findings} findings, {len(used)} silenced")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
