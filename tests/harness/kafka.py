"""A private Kafka broker: one node that is broker and controller (KRaft), from jars, without packages."""
import base64
import subprocess
import uuid

from .paths import kafka_jars
from .process import LOOPBACK, Failed, free_port, listening
from .server import Server

# The broker's transaction.abort.timed.out.transaction.cleanup.interval.ms, for workers. It is Kafka's default: at 1 s a
# broker that comes back after a kill aborted what had timed out before it knew its partitions' leaders, and lost
# the markers (docs/adr/0010-the-broker-scans-every-ten-seconds.md).
SCAN_INTERVAL = "10s"

# A test's broker lives for minutes, in which the optimizing compiler would take a third of a core and give little back; a
# broker that runs for days has that behind it.
JAVA = ("java", "-XX:TieredStopAtLevel=1")

# One broker, so every internal topic has one copy. A killed broker may come back after 2 s, not the 9 s for
# which its old registration would hold it off.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/log
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=12
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=12
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=2097152
log.message.timestamp.type=LogAppendTime
"""


class Kafka(Server):
    name = "kafka"
    controller_port = 0
    more_properties: dict[str, str] = {}  # of the next start, instead of those above; may name {port} and {controller_port}

    def prepare(self) -> None:
        if not any(kafka_jars().glob("*.jar")):
            raise Failed(f"Kafka's jars are not in {kafka_jars()}: `./run up` fetches them")
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.controller_port:
            self.controller_port = free_port()
        properties = self.folder / "server.properties"
        more = "".join(f"{name}={value}\n" for name, value in self.more_properties.items())
        for name, port in (("{port}", self.port), ("{controller_port}", self.controller_port)):
            more = more.replace(name, str(port))
        properties.write_text(PROPERTIES.format(
            port=self.port, controller_port=self.controller_port, folder=self.folder) + more)
        if not (self.folder / "log" / "meta.properties").exists():
            cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            # In one word: one id in 64 begins with a dash, and alone would be taken for an option.
            self._java_once("kafka.tools.StorageTool", "format", "--config", properties, f"--cluster-id={cluster_id}")

    def command(self) -> list:
        # The heap is small on purpose: Kafka lives on the page cache.
        return [*JAVA, "-Xms256m", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-cp", f"{kafka_jars()}/*",
                "kafka.Kafka", self.folder / "server.properties"]

    def usable(self) -> bool:
        """Listening is not enough: the broker must tell its metadata."""
        if not listening(self.port):
            return False
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient
        try:
            client = AdminClient({"bootstrap.servers": f"{LOOPBACK}:{self.port}", "log_level": 0,
                                  "socket.connection.setup.timeout.ms": 2000})
            return bool(client.list_topics(timeout=5).brokers)
        except KafkaException:
            return False

    def _java_once(self, *words) -> None:
        done = subprocess.run([*JAVA, "-cp", f"{kafka_jars()}/*", *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"kafka could not format {self.folder}:\n{done.stdout}{done.stderr}")
