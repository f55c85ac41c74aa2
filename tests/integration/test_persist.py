"""Runs integration_persist against a private PostgreSQL: every code, outcome and race of the batch transaction."""
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
BUILD = pathlib.Path(os.environ.get("KERJA_BUILD", ROOT / "build" / "release"))
PROGRAM_TIMEOUT_S = 120


def as_postgres(*command: str) -> None:
    """PostgreSQL refuses to run as root, so root lends it the user `postgres`."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Persist(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kerja-persist-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        password, port = secrets.token_hex(8), free_port()
        (self.folder / "password").write_text(password)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            shutil.chown(self.folder / "password", "postgres")
        data = self.folder / "data"
        as_postgres(BINARIES / "initdb", "-D", data, "-U", "kerja", "--pwfile", self.folder / "password",
                    "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8")
        as_postgres(BINARIES / "pg_ctl", "-D", data, "-w", "-l", self.folder / "log",
                    "-o", f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''", "start")
        self.addCleanup(as_postgres, BINARIES / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        self.environment = dict(
            os.environ,
            KERJA_TEST_POSTGRES=f"postgresql://kerja:{password}@127.0.0.1:{port}/postgres",
            KERJA_TEST_POSTGRES_WRONG_PASSWORD=f"postgresql://kerja:wrong@127.0.0.1:{port}/postgres")

    def test_batch_transaction(self):
        program = next(BUILD.glob("**/integration_persist"))
        done = subprocess.run([program], env=self.environment, timeout=PROGRAM_TIMEOUT_S, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
