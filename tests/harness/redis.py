"""A private Redis: a cache, so nothing is written to disk and the oldest entry makes room."""
import socket

from .process import LOOPBACK
from .server import Server


class Redis(Server):
    name = "redis"

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def command(self) -> list:
        return ["redis-server", "--bind", LOOPBACK, "--port", self.port, "--dir", self.folder, "--save", "",
                "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"]

    def usable(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
