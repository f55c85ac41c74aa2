"""A door before PostgreSQL that closes after so many rows of a COPY: whoever reads or writes them stands there until he
is killed, so that a test kills him exactly there and not somewhere near.

    with Halfway(servers.postgres.address, "out", copy=2, rows=1000) as door:
        child = subprocess.Popen(command, env={**environment, "KERJA_POSTGRES": door.address})
        assert door.reached.wait(60)
"""
import socket
import struct
import threading
import urllib.parse

COPY_DATA = b"d"
COPY_BEGINS = {"out": b"H", "in": b"G"}  # what the server says first


class Halfway:
    """`copy` counts the COPYs of that direction in one connection, from 1."""

    def __init__(self, address: str, direction: str, copy: int, rows: int):
        self._target = urllib.parse.urlsplit(address)
        self._direction, self._copy, self._rows = direction, copy, rows
        self._begun = 0
        self.reached = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where to connect; in clear, because the door reads along."""
        user = self._target.netloc.rpartition("@")[0]
        port = self._listener.getsockname()[1]
        return f"{self._target.scheme}://{user}@127.0.0.1:{port}{self._target.path}?sslmode=disable&gssencmode=disable"

    def _accept(self) -> None:
        try:
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((self._target.hostname, self._target.port))
                self._sockets += [client, server]
                for source, sink, rows in ((client, server, "in"), (server, client, "out")):
                    threading.Thread(target=self._pass, args=(source, sink, rows), daemon=True).start()
        except OSError:
            return  # closed

    def _pass(self, source: socket.socket, sink: socket.socket, direction: str) -> None:
        """Message by message; an end on one side is an end on the other."""
        passed = 0
        try:
            with source.makefile("rb") as stream:
                if direction == "in":
                    size = stream.read(4)  # the first has no kind
                    sink.sendall(size + stream.read(struct.unpack("!i", size)[0] - 4))
                while len(head := stream.read(5)) == 5:
                    kind, size = struct.unpack("!ci", head)
                    if direction == "out" and kind == COPY_BEGINS[self._direction]:
                        self._begun += 1
                    if kind == COPY_DATA and direction == self._direction and self._begun == self._copy:
                        if passed == self._rows:
                            self.reached.set()
                            stream.read()  # to the end of the one who is killed
                            break
                        passed += 1
                    sink.sendall(head + stream.read(size - 4))
        except (OSError, struct.error):
            pass  # the other side went away
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed already

    def __enter__(self) -> "Halfway":
        return self

    def __exit__(self, *_reason) -> None:
        for one in self._sockets:
            one.close()
