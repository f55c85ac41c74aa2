"""Where things stand, below the root of the repository."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = ROOT / ".run"
SCHEMAS = ROOT / "schemas"
SERVICES = ("application", "completion", "incentive")
KAFKA_VERSION = os.environ.get("KERJA_KAFKA_VERSION", "4.3.1")


def kafka_jars() -> pathlib.Path:
    return STATE / f"kafka-{KAFKA_VERSION}"


def build_folder() -> pathlib.Path:
    """The build under test: KERJA_BUILD, or the release preset's."""
    return pathlib.Path(os.environ.get("KERJA_BUILD", ROOT / "build" / "release"))


def worker_program(service: str) -> pathlib.Path:
    return build_folder() / "services" / service / f"kerja-{service}"


def command_program() -> pathlib.Path:
    """The command `kerja`."""
    return build_folder() / "services" / "ctl" / "kerja"
