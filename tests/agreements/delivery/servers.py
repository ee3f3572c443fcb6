"""Servers of the test's own: one that takes mail, one that takes requests. Both keep what they were given."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mailbox(socketserver.ThreadingTCPServer):
    """As much of SMTP as a client of it needs (RFC 5321)."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.mails: list[Message] = []
        self.refusal = ""
        self.delay = 0.0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


class _Smtp(socketserver.StreamRequestHandler):
    server: Mailbox

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 test")
        while word := self.rfile.readline().strip().upper():
            if word.startswith(b"RCPT") and self.server.refusal:
                self.say(self.server.refusal)
            elif word.startswith(b"DATA"):
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b"."))
                self.server.mails.append(message_from_bytes(b"".join(lines)))
                time.sleep(self.server.delay)
                self.say("250 taken")
            elif word.startswith(b"QUIT"):
                self.say("221 bye")
                return
            else:
                self.say("250 well")


class Listener(ThreadingHTTPServer):
    """Keeps each request, and answers with a status and headers that the test chose."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Http)
        self.asked: list[dict[str, Any]] = []
        self.status, self.headers = 200, dict[str, str]()
        self.drip = 0.0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Http(BaseHTTPRequestHandler):
    server: Listener

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kept = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
        self.server.asked.append(kept)
        if self.server.drip:
            for sign in b"HTTP/1.1 200 OK":
                time.sleep(self.server.drip)
                self.wfile.write(bytes([sign]))
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = _take

    def log_message(self, *args: Any) -> None:
        """Quietly."""


@contextmanager
def serving(make: Callable[[], Any]) -> Iterator[Any]:
    with make() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
