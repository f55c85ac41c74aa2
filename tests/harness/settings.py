"""What a worker needs besides addresses: two secrets, made once for each instance.

id_secret      32 random bytes as hex: the key of all ids, never changed
sealing_keys   one `id:hex` line a key, the first one seals: 32 random bytes as hex
"""
import os
import pathlib
import secrets as random

SECRET_BYTES = 32


def secrets(folder: pathlib.Path) -> dict[str, str]:
    """The variables that name the secrets' files; makes the files the first time."""
    id_secret, sealing_keys = folder / "id_secret", folder / "sealing_keys"
    _write_once(id_secret, random.token_hex(SECRET_BYTES) + "\n")
    _write_once(sealing_keys, f"1:{random.token_hex(SECRET_BYTES)}\n")
    given = os.environ.get
    return {"KERJA_ID_SECRET_FILE": given("KERJA_ID_SECRET_FILE") or str(id_secret),
            "KERJA_SEALING_KEYS_FILE": given("KERJA_SEALING_KEYS_FILE") or str(sealing_keys)}


def write_environment(folder: pathlib.Path, environment: dict[str, str]) -> pathlib.Path:
    """Writes `env`, to be read by a shell: `. .run/main/env`."""
    path = folder / "env"
    path.touch(mode=0o600)
    path.write_text("".join(f"export {name}='{value}'\n" for name, value in environment.items()))
    return path


def _write_once(path: pathlib.Path, text: str) -> None:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(text)
