"""pytest fixtures of the integration tests: `servers` for one file of tests, and `worker` to start one.

    def test_a_killed_worker_resumes(servers, worker):
        application = worker("application", {"KERJA_LINGER": "5ms"})
"""
import pytest

from . import topics
from .paths import STATE
from .servers import Servers
from .worker import Worker


@pytest.fixture(scope="module")
def servers(request):
    """Fresh private servers with every topic. The tests of a file share them and tell their records apart by
    key; another file's garbage, dead letters and positions are none of theirs. What is left stays when one failed.
    A file whose servers are set up otherwise has a function before_start(servers)."""
    fresh = Servers(STATE / "test" / request.module.__name__, fresh=True)
    getattr(request.module, "before_start", lambda _servers: None)(fresh)
    with fresh as started:
        topics.create(started.kafka.address)
        yield started
    if not request.session.testsfailed:
        started.wipe()


@pytest.fixture
def worker(servers, request):
    """Starts workers that end with the test; their logs are shown when it fails."""
    begun: list[Worker] = []
    folder = servers.folder / request.node.name.replace("/", "_")

    def start(service: str, settings: dict[str, str] | None = None, ready: bool = True) -> Worker:
        instance = 1 + sum(other.service == service for other in begun)
        one = Worker(service, folder, {**servers.worker_environment(), **(settings or {})}, instance)
        begun.append(one)
        if ready:
            return one.start()
        one.launch()
        return one

    yield start
    for one in reversed(begun):
        one.stop()
        print(f"--- {one.process.log}\n{one.process.log_tail(40)}")
