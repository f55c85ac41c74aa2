"""The private servers, processes and records that Kerja's tests, demo, bench and faults share.

    servers = harness.Servers(folder).start()         Kafka, PostgreSQL, Redis; they end with this program
    harness.topics.create(servers.kafka.address)      every topic that the schemas name
    worker = harness.Worker("application", folder, servers.worker_environment()).start()
    sender = harness.Sender(servers.kafka.address); sender.send(topic, key, event); sender.flush()
    for received in harness.read(servers.kafka.address, ["application.decided"]): ...

A script that `./run demo`, `bench` or `faults` starts finds its servers running, their addresses in the
environment, and the objects that control them in harness.current().
"""
from . import topics
from .events import Events, Received, Sender, read
from .process import PATIENCE_S, Failed, Process, free_port, wait_until
from .servers import Servers, current
from .worker import Clock, Worker

__all__ = ["Clock", "Events", "Failed", "PATIENCE_S", "Process", "Received", "Sender", "Servers", "Worker", "current",
           "free_port", "read", "topics", "wait_until"]
