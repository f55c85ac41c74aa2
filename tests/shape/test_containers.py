"""The containers, as far as their files tell without an engine: settings that exist, pinned images, secrets that are made."""
import pathlib
import re
import subprocess

import pytest
import yaml
from tree import ROOT, Tree, fake, obeys

COMPOSE, DOCKERFILE, SECRETS = "docker-compose.yml", "Dockerfile", "run.d/compose/secrets.sh"
WORKERS = ("application", "completion", "incentive")
REQUIRED = {"KERJA_KAFKA", "KERJA_POSTGRES", "KERJA_ID_SECRET_FILE", "KERJA_SEALING_KEYS_FILE"}
PINNED = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?(-slim)?$")  # a release, not whatever is newest


def services(tree: Tree) -> dict[str, dict]:
    return yaml.safe_load(tree.text(COMPOSE))["services"]


def known_settings(tree: Tree) -> set[str]:
    return set(re.findall(r"^\| `(KERJA_\w+)`", tree.text("docs/operations.md"), re.M))


def odd_settings(tree: Tree) -> list[str]:
    """A worker refuses a KERJA_ variable that it does not know, and ends without one that it needs."""
    known, wrong = known_settings(tree), []
    for name, service in services(tree).items():
        given = {variable for variable in service.get("environment", {}) if variable.startswith("KERJA_")}
        wrong += [f"{COMPOSE}: {name}: {variable} is no setting" for variable in sorted(given - known)]
        if given:
            wrong += [f"{COMPOSE}: {name}: {variable} is missing" for variable in sorted(REQUIRED - given)]
    return wrong


def loose_images(tree: Tree) -> list[str]:
    images = {service["image"] for service in services(tree).values()}
    images |= set(re.findall(r"^FROM (\S+)", tree.text(DOCKERFILE), re.M))
    return [f"{image}: is not pinned to a release" for image in sorted(images) if not PINNED.match(image)]


def open_ports(tree: Tree) -> list[str]:
    return [f"{COMPOSE}: {name}: {port} is open to others" for name, service in services(tree).items()
            for port in service.get("ports", []) if not str(port).startswith("127.0.0.1:")]


def odd_secrets(tree: Tree) -> list[str]:
    """A service that reads a secret's file is given it, and every secret is one that the script makes."""
    wrong = []
    declared = yaml.safe_load(tree.text(COMPOSE))["secrets"]
    for name, service in services(tree).items():
        read = set(re.findall(r"/run/secrets/([\w.]+)", repr(service.get("environment", {}))))
        wrong += [f"{COMPOSE}: {name}: is not given {secret}" for secret in sorted(read - set(service.get("secrets", [])))]
        wrong += [f"{COMPOSE}: {name}: {secret} is declared nowhere"
                  for secret in sorted(set(service.get("secrets", [])) - declared.keys())]
    return wrong


def unhealthy(tree: Tree) -> list[str]:
    """Whatever stays up restarts by itself, and waits for what it needs."""
    wrong = []
    for name, service in services(tree).items():
        if service.get("restart") not in ("unless-stopped", "no", False):
            wrong.append(f"{COMPOSE}: {name}: does not say whether it restarts")
        if name in (*WORKERS, "clock"):
            waits = {other: how["condition"] for other, how in service["depends_on"].items()}
            once = [other for other, its in services(tree).items() if its.get("restart") == "no" and not its.get("profiles")]
            if any(waits.get(other) != "service_completed_successfully" for other in once) or \
                    waits.get("kafka") != "service_healthy":
                wrong.append(f"{COMPOSE}: {name}: does not wait for what it needs")
    return wrong


def foreign_packages(tree: Tree) -> list[str]:
    """The image is built of what ./run installs, and has the library of each -dev package."""
    here = set(re.findall(r"[a-z0-9][a-z0-9+.-]+", re.search(r"wanted=\((.*?)\)", tree.text("run"), re.S)[1]))
    installs = re.findall(r"--no-install-recommends \\\n(.*?)\n &&", tree.text(DOCKERFILE), re.S)
    built, shipped = (set(one.replace("\\", " ").split()) for one in installs)
    libraries = {re.match(r"lib[a-z]+", name)[0] for name in built if name.endswith("-dev")} - {"libcmocka"}
    shipped_libraries = {re.match(r"lib[a-z]+", name)[0] for name in shipped}
    return [f"{DOCKERFILE}: ./run does not install {name}" for name in sorted(built - here)] + \
        [f"{DOCKERFILE}: the image lacks {name}" for name in sorted(libraries - shipped_libraries)]


RULES = [odd_settings, loose_images, open_ports, odd_secrets, unhealthy, foreign_packages]


@pytest.mark.parametrize("rule", RULES)
def test_the_tree_obeys(rule):
    obeys(rule(Tree(ROOT)))


def test_the_script_makes_every_secret_and_keeps_what_is_there(tmp_path):
    declared = yaml.safe_load((ROOT / COMPOSE).read_text())["secrets"]
    folder = tmp_path / "secrets"
    subprocess.run([ROOT / SECRETS, folder], check=True)
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert {pathlib.Path(secret["file"]).name for secret in declared.values()} == made.keys()
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))
    assert re.fullmatch(r"[0-9a-f]{64}", made["id_secret"]) and re.fullmatch(r"1:[0-9a-f]{64}\n", made["sealing_keys"])
    subprocess.run([ROOT / SECRETS, folder], check=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == made


def test_the_build_sees_no_state_and_no_secret():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")][0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == {
        "CMakeLists.txt", "CMakePresets.json", "LICENSE", "cmake", "common", "programmes", "schemas", "services", "tests"}


PAGE = "docs/operations.md"
SETTINGS = "".join(f"| `{name}` | x |\n" for name in sorted(REQUIRED))
GIVEN = "{%s}" % ", ".join(f"{name}: x" for name in sorted(REQUIRED))


def compose(service: str, name: str = "application") -> str:
    return f"services:\n  {name}: {service}\nsecrets: {{}}\n"


BROKEN = {
    "a setting is unknown": (odd_settings, {COMPOSE: compose(f"{{environment: {GIVEN[:-1]}, KERJA_X: 1}}}}"), PAGE: SETTINGS}),
    "a setting is missing": (odd_settings, {
        COMPOSE: compose("{environment: %s}" % GIVEN.replace("KERJA_KAFKA: x, ", "")), PAGE: SETTINGS}),
    "an image is the newest": (loose_images, {COMPOSE: compose("{image: redis}"), DOCKERFILE: "FROM debian:12.1\n"}),
    "an image has only a major number": (loose_images, {
        COMPOSE: compose("{image: redis:7.2.5}"), DOCKERFILE: "FROM debian:12\n"}),
    "a port is open": (open_ports, {COMPOSE: compose('{ports: ["5432:5432"]}')}),
    "a secret is not given": (odd_secrets, {COMPOSE: compose("{environment: {A: /run/secrets/x}}")}),
    "a secret is declared nowhere": (odd_secrets, {COMPOSE: compose("{secrets: [x]}")}),
    "nothing restarts it": (unhealthy, {COMPOSE: compose("{image: x}", "redis")}),
    "it does not wait": (unhealthy, {COMPOSE: compose(
        "{restart: unless-stopped, depends_on: {kafka: {condition: service_started}}}")}),
    "a library is not shipped": (foreign_packages, {
        "run": "wanted=(libpq-dev gcc)\n", DOCKERFILE: "--no-install-recommends \\\n libpq-dev \\\n && x\n"
        "--no-install-recommends \\\n libssl3 \\\n && x\n"}),
    "a package is another's": (foreign_packages, {
        "run": "wanted=(gcc)\n", DOCKERFILE: "--no-install-recommends \\\n clang \\\n && x\n"
        "--no-install-recommends \\\n libssl3 \\\n && x\n"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_caught_that(name, tmp_path):
    rule, files = BROKEN[name]
    assert len(rule(fake(tmp_path, files))) == 1
