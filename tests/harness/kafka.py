"""Private Kafka: one broker, or several that are one Kafka; each is broker and controller (KRaft), from jars, without packages."""
import base64
import pathlib
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

# A topic, Kafka's own too, has a copy on every broker; where there are several, two must have a record before it counts.
PROPERTIES = """\
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/log
auto.create.topics.enable=false
default.replication.factor={copies}
min.insync.replicas={enough}
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=12
transaction.state.log.replication.factor={copies}
transaction.state.log.num.partitions=12
transaction.state.log.min.isr={enough}
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={enough}
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=2097152
log.message.timestamp.type=LogAppendTime
"""


def broker_name(node: int) -> str:
    return Kafka.name if node == 1 else f"{Kafka.name}-{node}"


class Kafka(Server):
    name = "kafka"
    more_properties: dict[str, str] = {}  # of the next start, instead of those above; may name {port} and {controller_port}

    def __init__(self, folder: pathlib.Path, detached: bool, state: dict, node: int = 1, peers: "list[Kafka] | None" = None):
        """`peers`: all that are one Kafka with it, itself included; none: it is alone."""
        self.name = broker_name(node)
        super().__init__(folder, detached, state)
        self.node, self.peers = node, [self] if peers is None else peers
        self.controller_port = state.get("controller_port", 0)
        self.cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")

    def prepare(self) -> None:
        if not any(kafka_jars().glob("*.jar")):
            raise Failed(f"Kafka's jars are not in {kafka_jars()}: `./run up` fetches them")
        self.folder.mkdir(parents=True, exist_ok=True)
        properties = self.folder / "server.properties"
        more = "".join(f"{name}={value}\n" for name, value in self.more_properties.items())
        voters = ",".join(peer.voter() for peer in self.peers)
        for name, port in (("{port}", self.port), ("{controller_port}", self.controller_port)):
            more = more.replace(name, str(port))
        properties.write_text(PROPERTIES.format(
            node=self.node, voters=voters, copies=len(self.peers), enough=min(2, len(self.peers)), port=self.port,
            controller_port=self.controller_port, folder=self.folder) + more)
        if not (self.folder / "log" / "meta.properties").exists():
            # In one word: one id in 64 begins with a dash, and alone would be taken for an option.
            self._java_once("kafka.tools.StorageTool", "format", "--config", properties,
                            f"--cluster-id={self.peers[0].cluster_id}")

    def voter(self) -> str:
        if not self.controller_port:
            self.controller_port = free_port()
        return f"{self.node}@{LOOPBACK}:{self.controller_port}"

    def state(self) -> dict:
        return {**super().state(), "controller_port": self.controller_port}

    def command(self) -> list:
        # The heap is small on purpose: Kafka lives on the page cache.
        return [*JAVA, "-Xms256m", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-cp", f"{kafka_jars()}/*",
                "kafka.Kafka", self.folder / "server.properties"]

    def usable(self) -> bool:
        """Listening is not enough: the broker must know all its peers, and every copy of every partition be up to date, so
        that the next one may go."""
        if not listening(self.port):
            return False
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient
        try:
            client = AdminClient({"bootstrap.servers": f"{LOOPBACK}:{self.port}", "log_level": 0,
                                  "socket.connection.setup.timeout.ms": 2000})
            metadata = client.list_topics(timeout=5)
        except KafkaException:
            return False
        partitions = [one for topic in metadata.topics.values() for one in topic.partitions.values()]
        return len(metadata.brokers) == len(self.peers) and all(len(one.isrs) == len(one.replicas) for one in partitions)

    def _java_once(self, *words) -> None:
        done = subprocess.run([*JAVA, "-cp", f"{kafka_jars()}/*", *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"kafka could not format {self.folder}:\n{done.stdout}{done.stderr}")


class Brokers:
    """Several brokers that are one Kafka. Each of them is a server that can be killed; this is what clients are told."""
    name = Kafka.name

    def __init__(self, folder: pathlib.Path, detached: bool, states: dict, count: int):
        self.each: list[Kafka] = []
        for node in range(1, count + 1):
            self.each.append(Kafka(folder, detached, states.get(broker_name(node), {}), node, self.each))

    @property
    def address(self) -> str:
        return ",".join(broker.address for broker in self.each)
