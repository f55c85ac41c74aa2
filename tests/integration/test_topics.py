"""`kerja topics create`: the topics of the schemas, with their partitions and retention, on a real broker."""
import subprocess

from confluent_kafka.admin import AdminClient, ConfigResource

from harness import topics
from harness.paths import command_program
from harness.process import PATIENCE_S, wait_until
from harness.worker import program_environment

SAMPLE = ("award.changed", "application.submitted", "dead.letter")  # without personal data, with, and without a schema


def create(servers, **settings) -> subprocess.CompletedProcess:
    return subprocess.run([command_program(), "topics", "create"], text=True, capture_output=True, timeout=PATIENCE_S,
                          env={**program_environment(servers.environment()), **settings})


def described(client, name: str) -> dict[str, str]:
    resource = ConfigResource(ConfigResource.Type.TOPIC, name)
    return {key: entry.value for key, entry in client.describe_configs([resource])[resource].result().items()}


def test_what_is_missing_is_made_as_the_schemas_want_it(servers):
    client = AdminClient({"bootstrap.servers": servers.kafka.address, "log_level": 0})
    wanted = {name: described(client, name) for name in SAMPLE}  # as the harness made them
    for future in client.delete_topics(list(SAMPLE), operation_timeout=PATIENCE_S).values():
        future.result()
    assert wait_until(lambda: not set(SAMPLE) & client.list_topics(timeout=10).topics.keys(), PATIENCE_S, 0.2)
    done = create(servers)
    count = len(topics.retention_days())
    assert (done.returncode, done.stdout) == \
        (0, f"topics: {count}, {len(SAMPLE)} of them new, with {topics.partitions()} partitions and 1 replica\n"), done.stderr
    assert wait_until(lambda: set(SAMPLE) <= client.list_topics(timeout=10).topics.keys(), PATIENCE_S, 0.2)
    found = client.list_topics(timeout=10).topics
    assert {name: len(found[name].partitions) for name in SAMPLE} == dict.fromkeys(SAMPLE, topics.partitions())
    assert {name: described(client, name) for name in SAMPLE} == wanted


def test_what_is_there_is_left_as_it_is(servers):
    assert ", 0 of them new" in create(servers).stdout


def test_another_number_of_partitions_is_refused_with_a_sentence(servers):
    done = create(servers, KERJA_PARTITIONS="7")
    assert done.returncode == 1 and done.stdout == ""
    assert f"has {topics.partitions()} partitions, KERJA_PARTITIONS is 7" in done.stderr and done.stderr.count("\n") == 1
