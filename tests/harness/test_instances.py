"""What `up` leaves behind, and what a shell's variables name: ours are never taken for somebody else's."""
import json

import pytest

from harness import __main__ as harness_main
from harness import settings
from harness.process import Failed
from harness.redis import Redis
from harness.servers import External, Servers

ELSEWHERE = {"KERJA_KAFKA": "kafka.example:9092", "KERJA_POSTGRES": "postgresql://kerja@postgres.example/kerja",
             "KERJA_REDIS": "redis.example:6379"}


class Left:
    """A folder as `up` leaves it, with a Redis that runs and addresses of the others."""

    def __init__(self, state):
        self.state, self.folder = state, state / "main"
        self.redis = Redis(self.folder, False, {})
        self.redis.start()
        state = {"kafka": {"port": 19092}, "postgres": {"port": 15432}, "redis": self.redis.state()}
        (self.folder / "state.json").write_text(json.dumps(state))
        self.environment = {"KERJA_KAFKA": "127.0.0.1:19092", "KERJA_POSTGRES": "postgresql://kerja:x@127.0.0.1:15432/kerja",
                            "KERJA_REDIS": self.redis.address, **settings.secrets(self.folder)}
        settings.write_environment(self.folder, self.environment)


@pytest.fixture
def shell(monkeypatch):
    """Gives this process the variables of a shell."""
    def read(environment: dict[str, str]) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
    for name in (*ELSEWHERE, "KERJA_ID_SECRET_FILE", "KERJA_SEALING_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)
    return read


@pytest.fixture
def left(tmp_path, monkeypatch, shell):
    monkeypatch.setattr(settings, "STATE", tmp_path)
    one = Left(tmp_path)
    yield one
    one.redis.kill()


def existing(servers: Servers) -> list[str]:
    return [server.name for server in servers.all() if isinstance(server, External)]


def down(folder, *, wipe: bool = False) -> int:
    return harness_main.down(harness_main.Instance(folder, as_left=True), wipe)


@pytest.mark.parametrize("wipe", [False, True])
def test_down_ends_its_own_servers_in_a_shell_that_has_read_their_addresses(left, shell, capsys, wipe):
    shell(left.environment)
    assert down(left.folder, wipe=wipe) == 0
    assert not left.redis.process.alive()
    assert left.folder.exists() == (not wipe)
    said = capsys.readouterr().out
    assert "redis ended\n" in said and ("this shell still names it: unset KERJA_KAFKA KERJA_POSTGRES" in said) == wipe


def test_down_ends_its_own_servers_whatever_a_shell_names(left, shell):
    shell(ELSEWHERE)
    assert down(left.folder, wipe=True) == 0
    assert not left.redis.process.alive() and not left.folder.exists()


def test_what_a_shell_has_read_names_no_existing_servers(left, shell):
    shell(left.environment)
    again, demo = Servers(left.folder, detached=True), Servers(left.state / "demo")
    assert existing(again) == existing(demo) == []
    assert again.redis.process.alive() and again.kafka.preferred_port == 19092
    assert not demo.redis.process.alive()
    assert settings.secrets(left.state)["KERJA_ID_SECRET_FILE"] == str(left.state / "id_secret")
    shell({"KERJA_KAFKA": ELSEWHERE["KERJA_KAFKA"]})
    assert existing(Servers(left.state / "bench")) == ["kafka"]


def test_existing_servers_are_remembered_for_a_shell_that_does_not_name_them(left, shell, monkeypatch):
    with pytest.raises(Failed, match="redis of .*/main is running"):
        shell(ELSEWHERE)
        Servers(left.folder, detached=True)
    other = left.state / "other"
    other.mkdir()
    Servers(other, detached=True).save()
    assert (other / "state.json").stat().st_mode & 0o777 == 0o600
    for name in ELSEWHERE:
        monkeypatch.delenv(name)
    assert [server.address for server in Servers(other, detached=True, as_left=True).all()] == list(ELSEWHERE.values())
    assert existing(Servers(other, detached=True)) == []


def test_down_ends_as_many_brokers_as_up_began(left):
    (left.folder / "state.json").write_text(json.dumps({name: {"port": 19092} for name in ("kafka", "kafka-2", "kafka-3")}))
    names = [server.name for server in Servers(left.folder, detached=True, as_left=True).all()]
    assert names == ["kafka", "kafka-2", "kafka-3", "postgres", "redis"]
