"""Proves the Dockerfile where no container engine runs: its steps in clean Debian trees, and a worker in the last one.

    sudo .run/venv/bin/python tests/container/prove.py [--base FOLDER] [--folder FOLDER] [--keep]

Needs root, debootstrap, and what `./run up` fetched (Kafka, PostgreSQL, Redis). Each FROM is a copy of one fresh tree
of Debian 12; RUN, COPY, WORKDIR, ENV and USER do there what an engine would do. Then the image's worker is started as
the image's user against private servers, until it is ready and its HEALTHCHECK succeeds; SIGTERM must end it
with status 0. It takes minutes, so it is not part of ./run test.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import harness  # noqa: E402
from harness.paths import ROOT, SERVICES  # noqa: E402
from harness.worker import program_environment  # noqa: E402

HOST_FILES = ("etc/apt/sources.list", "etc/apt/sources.list.d", "etc/apt/apt.conf.d", "usr/local/share/ca-certificates")
PATIENCE_S = 120
HTTP = "127.0.0.1"


def steps(text: str) -> list[tuple[str, str]]:
    """(instruction, arguments) in order, continued lines joined."""
    lines = re.sub(r"^\s*#.*\n", "", text, flags=re.M).replace("\\\n", " ").splitlines()
    return [tuple(line.split(None, 1)) for line in lines if line.strip()]


class Stage:
    """A tree, and what an image says of its processes."""

    def __init__(self, root: pathlib.Path):
        self.root, self.folder, self.user = root, "/", "root"
        self.environment: dict[str, str] = {}
        self.health: list[str] = []

    def command(self, words: list[str]) -> list[str]:
        return ["chroot", "--userspec=%d:%d" % self.ids(), str(self.root), *words]

    def ids(self) -> tuple[int, int]:
        found = re.search(rf"^{self.user}:[^:]*:(\d+):(\d+):", (self.root / "etc/passwd").read_text(), re.M)
        return int(found[1]), int(found[2])

    def run(self, script: str) -> None:
        subprocess.run(self.command(["/bin/sh", "-ec", f"cd {shlex.quote(self.folder)}; {script}"]), check=True,
                       env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                            **self.environment})

    def copy(self, words: list[str], stages: dict[str, "Stage"]) -> None:
        source = stages[words.pop(0).partition("=")[2]].root if words[0].startswith("--from=") else context()
        target = self.root / pathlib.Path(self.folder, words.pop()).as_posix().lstrip("/")
        target.mkdir(parents=True, exist_ok=True)
        for word in words:
            subprocess.run(["cp", "-a", f"{source}/{word.strip('/')}/.", target], check=True)


def context() -> pathlib.Path:
    """The committed files that .dockerignore lets through."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="context-", dir=Stage.scratch))
    wanted = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    archive = subprocess.run(["git", "archive", "HEAD", *wanted], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    return folder


def base_tree(folder: pathlib.Path) -> None:
    """A fresh Debian 12 that fetches packages as this machine does."""
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", folder, "http://deb.debian.org/debian"], check=True,
                   stdout=subprocess.DEVNULL)


def lend_network(root: pathlib.Path) -> None:
    (root / "etc/apt/sources.list").unlink(missing_ok=True)
    for name in HOST_FILES:
        source, target = pathlib.Path("/", name), root / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy(source, target)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    certificates = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
    if certificates.exists():
        (root / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
        shutil.copy(certificates, root / "etc/ssl/certs")


def build(base: pathlib.Path, folder: pathlib.Path) -> Stage:
    stages: dict[str, Stage] = {}
    stage = None
    for instruction, words in steps((ROOT / "Dockerfile").read_text()):
        print(f"{instruction} {words[:80]}", flush=True)
        if instruction == "FROM":
            name = words.partition(" AS ")[2] or "image"
            subprocess.run(["cp", "-a", base, folder / name], check=True)
            lend_network(folder / name)
            stage = stages[name] = Stage(folder / name)
        elif instruction == "RUN":
            stage.run(words)
        elif instruction == "COPY":
            stage.copy(words.split(), stages)
        elif instruction == "WORKDIR":
            stage.folder = words
            (stage.root / words.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif instruction == "ENV":
            stage.environment |= dict(word.split("=", 1) for word in shlex.split(words))
        elif instruction == "USER":
            stage.user = words
        elif instruction == "HEALTHCHECK":
            stage.health = json.loads(words[words.index("["):])
        else:
            assert instruction in ("EXPOSE", "STOPSIGNAL", "CMD"), f"{instruction}: nothing here does that"
    return stage


def start(stage: Stage, folder: pathlib.Path) -> None:
    """One worker of each service until it is ready; then each is asked to end."""
    with harness.Servers(folder / "servers", fresh=True) as servers:
        environment = program_environment(servers.environment()) | stage.environment
        for variable in ("KERJA_ID_SECRET_FILE", "KERJA_SEALING_KEYS_FILE"):
            secret = stage.root / "tmp" / variable.lower()
            shutil.copy(environment[variable], secret)
            shutil.chown(secret, *stage.ids())
            environment[variable] = f"/tmp/{secret.name}"
        print(subprocess.run(stage.command(["kerja", "topics", "create"]), env=environment, check=True, text=True,
                             capture_output=True).stdout, end="")
        for service in SERVICES:
            worker(stage, folder, service, environment)


def worker(stage: Stage, folder: pathlib.Path, service: str, environment: dict[str, str]) -> None:
    port = int(environment["KERJA_HTTP"].rpartition(":")[2])
    log = folder / f"{service}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(stage.command([f"kerja-{service}"]), env=environment, stderr=output)
    try:
        ready = harness.wait_until(lambda: process.poll() is not None or answers(port, "/readyz") == 200, PATIENCE_S)
        assert ready and process.poll() is None, log.read_text()
        subprocess.run(stage.command(stage.health), env=environment, check=True)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0, log.read_text()
        assert subprocess.run(stage.command(stage.health), env=environment, stderr=subprocess.DEVNULL).returncode != 0
        print(f"kerja-{service}: ready, healthy, ended with status 0 on SIGTERM", flush=True)
    finally:
        if process.poll() is None:
            process.kill()


def answers(port: int, path: str) -> int:
    import urllib.error
    import urllib.request
    try:
        return urllib.request.urlopen(f"http://{HTTP}:{port}{path}", timeout=2).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def complete(stage: Stage) -> None:
    """Every library is there, and nothing of the build or of a secret."""
    for program in sorted((stage.root / "usr/local/bin").iterdir()):
        found = subprocess.run(["chroot", stage.root, "ldd", f"/usr/local/bin/{program.name}"], check=True, text=True,
                               capture_output=True).stdout
        assert "not found" not in found, f"{program.name}:\n{found}"
    assert not (stage.root / "source").exists() and not (stage.root / "usr/bin/gcc").exists()
    named = [str(path) for path in (stage.root / "usr/local").rglob("*") if re.search(r"secret|keys|password", path.name)]
    assert not named, named
    size = subprocess.run(["du", "-sm", stage.root], check=True, text=True, capture_output=True).stdout.split()[0]
    programs = " ".join(sorted(path.name for path in (stage.root / "usr/local/bin").iterdir()))
    print(f"image: {size} MB, programs: {programs}, user: {stage.user}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=pathlib.Path, help="a Debian 12 tree to begin from, made when missing")
    parser.add_argument("--folder", type=pathlib.Path, help="where to work (a temporary folder)")
    parser.add_argument("--keep", action="store_true", help="leave the trees behind")
    options = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("prove.py: needs root and debootstrap")
    folder = Stage.scratch = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="kerja-container-"))
    folder.mkdir(parents=True, exist_ok=True)
    base = options.base or folder / "base"
    try:
        if not base.exists():
            base_tree(base)
        stage = build(base, folder)
        complete(stage)
        start(stage, folder)
        print("proved")
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
