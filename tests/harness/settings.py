"""What a worker needs besides addresses: two secrets, made once for each instance.

id_secret      32 random bytes as hex: the key of all ids, never changed
sealing_keys   one `id:hex` line a key, the first one seals: 32 random bytes as hex
"""
import os
import pathlib
import secrets as random

from .paths import STATE

SECRET_BYTES = 32


def secrets(folder: pathlib.Path) -> dict[str, str]:
    """The variables that name the secrets' files; makes the files the first time."""
    id_secret, sealing_keys = folder / "id_secret", folder / "sealing_keys"
    _write_once(id_secret, random.token_hex(SECRET_BYTES) + "\n")
    _write_once(sealing_keys, f"1:{random.token_hex(SECRET_BYTES)}\n")
    return {"KERJA_ID_SECRET_FILE": named("KERJA_ID_SECRET_FILE") or str(id_secret),
            "KERJA_SEALING_KEYS_FILE": named("KERJA_SEALING_KEYS_FILE") or str(sealing_keys)}


def named(variable: str) -> str | None:
    """What this shell names that is none of ours: of what it has read from an instance's `env`, nothing."""
    ours = any(variable in read_from(path.parent) for path in STATE.glob("*/env"))
    return None if ours else os.environ.get(variable) or None


def read_from(folder: pathlib.Path) -> list[str]:
    """The variables that this shell has read from the folder's `env`."""
    path = folder / "env"
    written = path.read_text().splitlines() if path.exists() else []
    return [name for name, value in os.environ.items() if _export(name, value) in written]


def write_environment(folder: pathlib.Path, environment: dict[str, str]) -> pathlib.Path:
    """Writes `env`, to be read by a shell: `. .run/main/env`."""
    path = folder / "env"
    path.touch(mode=0o600)
    path.write_text("".join(_export(name, value) + "\n" for name, value in environment.items()))
    return path


def _export(name: str, value: str) -> str:
    return f"export {name}='{value}'"


def _write_once(path: pathlib.Path, text: str) -> None:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(text)
