"""A TCP proxy between the workers and a server, so that a network can fail while both ends are well: connections are cut,
bytes come late, or nothing comes at all and nobody says so."""
import asyncio
import socket
import struct
import threading

from harness.kafka import Kafka
from harness.process import LOOPBACK, free_port

CHUNK = 1 << 16
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a reset, not an end


class Proxy:
    """Listens on a port of its own as long as the program runs, and goes to `target` anew with each connection."""

    def __init__(self, name: str, target: int = 0):
        self.name, self.target = name, target
        self.carried = 0  # connections, ever
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._delay_s = 0.0
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        self._listening.wait()

    def cut(self) -> int:
        """Resets every connection; how many there were."""
        return asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()

    def delay(self, seconds: float) -> None:
        """From now on every chunk of bytes waits so long, in each direction; 0 ends it."""
        self._delay_s = seconds

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._carry, LOOPBACK, 0))
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        self._loop.run_forever()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.carried += 1
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self.target)
        except OSError:  # the server is down: so is this connection
            writer.transport.abort()
            return
        pair = writer, far_writer
        self._pairs.add(pair)
        try:
            await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))
        except OSError:
            pass
        finally:
            self._pairs.discard(pair)
            for one in pair:
                one.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError  # one end has closed: both are closed

    async def _cut(self) -> int:
        pairs = list(self._pairs)
        for pair in pairs:
            for one in (end for end in pair if not end.is_closing()):
                one.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                one.transport.abort()
        return len(pairs)


class Network:
    """A proxy before each server; the workers know of nothing else."""

    def __init__(self, servers):
        self._before = {server: Proxy(server.name, server.port) for server in servers.all()}
        self.proxies = list(self._before.values())
        self._brokers = [server for server in servers.all() if isinstance(server, Kafka)]
        for broker in self._brokers:
            self._send_through(broker)

    def _send_through(self, broker: Kafka) -> None:
        """A broker tells its clients where to go on: those that come through the proxy are told the proxy."""
        own, proxy = free_port(), self._before[broker]
        broker.more_properties = {
            "listeners": f"PLAINTEXT://{LOOPBACK}:{broker.port},WORKERS://{LOOPBACK}:{own},"
                         f"CONTROLLER://{LOOPBACK}:{broker.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{broker.port},WORKERS://{LOOPBACK}:{proxy.port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,WORKERS:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT"}
        proxy.target = own
        broker.restart()

    def environment(self, servers) -> dict[str, str]:
        """Where workers find the servers: behind the proxies."""
        at = {server: f"{LOOPBACK}:{proxy.port}" for server, proxy in self._before.items()}
        return {"KERJA_KAFKA": ",".join(at[broker] for broker in self._brokers), "KERJA_REDIS": at[servers.redis],
                "KERJA_POSTGRES": servers.postgres.address.replace(f"{LOOPBACK}:{servers.postgres.port}", at[servers.postgres])}

    def heal(self) -> None:
        for proxy in self.proxies:
            proxy.delay(0)
