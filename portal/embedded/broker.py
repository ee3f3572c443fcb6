"""Redis from its wheel: carries Celery's messages and keeps nothing, for what matters is in PostgreSQL."""

import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Broker:
    """A Redis reached through a unix socket only."""

    sockets: Path
    program: Path

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def url(self) -> str:
        """What REDIS_URL holds."""
        return f"redis+socket://{self.socket}"

    def command(self) -> list[str]:
        """Runs the server in the foreground."""
        return [
            str(self.program), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--dir", str(self.sockets), "--save", "", "--appendonly", "no", "--daemonize", "no",
        ]  # fmt: skip

    def prepare(self) -> None:
        """Removes the socket of a server that was killed."""
        self.socket.unlink(missing_ok=True)

    def answers(self) -> bool:
        """Whether the server takes commands."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1.0)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
