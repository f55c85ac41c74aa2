"""The machine that measures: what it is, what runs on it, and how much of it others took meanwhile.

Others are all processes that the measuring program did not start. What they take is lost to the figures, so each section
tells it: a figure that was taken beside others is a lower bound.
"""
import os
import pathlib
import platform
import re
import subprocess
import time

from harness.paths import KAFKA_VERSION, ROOT
from harness.postgres import BINARIES
from harness.process import family

TICKS = os.sysconf("SC_CLK_TCK")
PACKAGES = ("librdkafka1", "libpq5", "libavro23", "libhiredis0.14", "libjemalloc2", "openjdk-17-jre-headless", "gcc-12")


class Others:
    """`with Others() as others:`; afterwards `others.share`, of all cores, 0 to 1."""

    share = 0.0

    def __enter__(self) -> "Others":
        self._at, self._busy, self._own = time.monotonic(), busy_s(), own_s()
        return self

    def __exit__(self, *_reason) -> None:
        taken = (busy_s() - self._busy) - (own_s() - self._own)
        self.share = max(0.0, taken / (time.monotonic() - self._at) / os.cpu_count())


def busy_s() -> float:
    """CPU that anybody used since the machine began, the hypervisor's part of it too."""
    fields = list(map(int, pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / TICKS


def own_s() -> float:
    """CPU of this program and all that it started, those that ended too: their parents have inherited it."""
    total = 0
    for pid in family(os.getpid()):
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended just now, and its parent has it
        total += sum(map(int, fields[11:15]))
    return total / TICKS


def described() -> dict[str, str]:
    """Part to what it is, for a reader who compares."""
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 2**20
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"CPU": model[1] if model else platform.machine(), "cores": str(os.cpu_count()), "memory": f"{memory:.0f} GiB",
            "kernel": platform.release().partition("-")[0], "system": system(), "Kafka": KAFKA_VERSION,
            "PostgreSQL": said(BINARIES / "postgres", "--version"), "Redis": said("redis-server", "--version"),
            "Python": platform.python_version(), **packages()}


def system() -> str:
    lines = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return lines.get("PRETTY_NAME", "unknown").strip('"')


def packages() -> dict[str, str]:
    lines = said("dpkg-query", "-W", "-f", "${Package} ${Version}\\n", *PACKAGES, whole=True).splitlines()
    return dict(line.split() for line in lines if len(line.split()) == 2)


def revision() -> str:
    return said("git", "-C", ROOT, "rev-parse", "--short", "HEAD")


def said(*command, whole: bool = False) -> str:
    """A version that a program tells; only its numbers, where there are some."""
    try:
        output = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    except OSError:
        return ""
    found = re.search(r"\d+(\.\d+)+", output)
    return output if whole else found[0] if found else output.strip()
