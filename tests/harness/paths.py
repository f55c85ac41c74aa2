"""Where things stand, below the root of the repository."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = ROOT / ".run"
SCHEMAS = ROOT / "schemas"
SERVICES = ("application", "completion", "incentive")
KAFKA_VERSION = os.environ.get("KERJA_KAFKA_VERSION", "4.3.1")
BUILD = pathlib.Path(os.environ.get("KERJA_BUILD", ROOT / "build" / "release"))  # the build under test


def build(preset: str) -> pathlib.Path:
    """Compiles it; where it stands."""
    subprocess.run([ROOT / "run", "build", preset], check=True)
    return ROOT / "build" / preset


def kafka_jars() -> pathlib.Path:
    return STATE / f"kafka-{KAFKA_VERSION}"


def worker_program(service: str) -> pathlib.Path:
    return BUILD / "services" / service / f"kerja-{service}"


def command_program() -> pathlib.Path:
    """The command `kerja`."""
    return BUILD / "services" / "ctl" / "kerja"
