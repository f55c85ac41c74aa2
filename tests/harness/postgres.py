"""A private PostgreSQL 15 with the safety settings of production: fsync and synchronous_commit stay on.

PostgreSQL refuses to run as root, so root lends it the user `postgres`; where that user cannot reach the
repository (a clone below /root), the data stands below /var/tmp and the instance folder links to it.
Only the superuser needs a password; the roles that Kerja's migrations create are trusted on loopback.
"""
import hashlib
import os
import pathlib
import secrets
import shutil
import signal
import subprocess

from .process import LOOPBACK, Failed
from .server import Server

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
SETTINGS = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 512MB
max_wal_size = 4GB
wal_compression = lz4
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u '
"""
ACCESS = """\
host all kerja 127.0.0.1/32 scram-sha-256
host all all   127.0.0.1/32 trust
"""


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions and writes a checkpoint
    death_signal = "QUIT"  # "immediate": the backends end with the postmaster
    user = "postgres" if os.geteuid() == 0 else None
    more_settings: dict[str, str] = {}  # of the next start, instead of those above

    @property
    def address(self) -> str:
        return f"postgresql://kerja:{self._password()}@{LOOPBACK}:{self.port}/kerja"

    def prepare(self) -> None:
        if not (self.folder / "data" / "PG_VERSION").exists():
            self._create_folder()
            data, password_file = self._own("data"), self._own("password")
            self._write(password_file, secrets.token_hex(16))
            self._run("initdb", "-D", data, "-U", "kerja", "--pwfile", password_file, "--auth", "scram-sha-256",
                      "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums")
            self._write(data / "pg_hba.conf", ACCESS)
        more = "".join(f"{name} = '{value}'\n" for name, value in self.more_settings.items())
        self._write(self._own("data") / "postgresql.conf", SETTINGS + more + f"port = {self.port}\n")

    def command(self) -> list:
        return [BINARIES / "postgres", "-D", self._own("data")]

    def usable(self) -> bool:
        """Answers, and has the database `kerja`, which is made the first time."""
        import psycopg2
        try:
            psycopg2.connect(self.address, connect_timeout=2).close()
            return True
        except psycopg2.OperationalError as error:
            missing = "does not exist" in str(error)
        try:
            if missing:
                self._create_database()
        except psycopg2.OperationalError:
            pass  # it may not have answered in time: who looks again finds out
        return False

    def demand_passwords(self, *logins: str) -> None:
        """From now on, of these logins too."""
        rules = "".join(f"host all {login} {LOOPBACK}/32 scram-sha-256\n" for login in logins)
        self._write(self._own("data") / "pg_hba.conf", rules + ACCESS)
        self._run("pg_ctl", "reload", "-D", self._own("data"))

    def wipe(self) -> None:
        shutil.rmtree(self.folder.resolve(), ignore_errors=True)
        self.folder.unlink(missing_ok=True)

    def _create_database(self) -> None:
        import psycopg2
        connection = psycopg2.connect(self.address.rpartition("/")[0] + "/postgres", connect_timeout=2)
        try:
            connection.autocommit = True
            connection.cursor().execute("CREATE DATABASE kerja")
        finally:
            connection.close()

    def _create_folder(self) -> None:
        target = self.folder
        if self.user and not self._reachable(self.folder.parent):
            digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
            target = pathlib.Path("/var/tmp") / f"kerja-{digest}"
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user:
            shutil.chown(target, self.user, self.user)
        if target != self.folder:
            self.folder.unlink(missing_ok=True)
            self.folder.symlink_to(target)

    def _own(self, name: str) -> pathlib.Path:
        """Without the link, which the user `postgres` may not be able to follow."""
        return self.folder.resolve() / name

    def _reachable(self, folder: pathlib.Path) -> bool:
        return subprocess.run(self._as_user() + ["test", "-x", folder], cwd="/", capture_output=True).returncode == 0

    def _write(self, path: pathlib.Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)
        if self.user:
            shutil.chown(path, self.user, self.user)

    def _password(self) -> str:
        return (self.folder / "password").read_text()

    def _as_user(self) -> list:
        if not self.user:
            return []
        return ["setpriv", "--reuid", self.user, "--regid", self.user, "--init-groups", "--"]

    def _run(self, program: str, *words) -> None:
        command = self._as_user() + [str(BINARIES / program), *map(str, words)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"postgres: {program} failed:\n{done.stdout}{done.stderr}")
