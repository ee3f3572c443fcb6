"""A mail server that counts what it took by Message-ID, and can be slow, refuse, or lose its answer."""

import contextlib
import re
import socketserver
import threading
import time
from collections import Counter

OK, SLOW, REFUSING, MUTE = "ok", "slow", "refusing", "loses its answer"
SLOW_SECONDS = 0.4


class _Talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        # The worker that talks to us may be killed.
        with contextlib.suppress(OSError):
            self.talk()

    def talk(self):
        self.say("220 mailbox")
        while line := self.rfile.readline():
            word = line.decode(errors="replace").strip().upper()
            if word.startswith("DATA"):
                if not self.take():
                    return
            elif word.startswith("QUIT"):
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self):
        box = self.server.box
        if box.mode == SLOW:
            time.sleep(SLOW_SECONDS)
        self.say("354 go on")
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line
        if not line:
            return False
        mode = box.mode
        if mode == REFUSING:
            self.say("451 try again later")
            return True
        found = re.search(rb"^Message-ID:\s*(\S+)", text, re.MULTILINE | re.IGNORECASE)
        with box.lock:
            box.taken[found[1].decode() if found else ""] += 1
        if mode == MUTE:
            return False
        self.say("250 taken")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


class Mailbox:
    """`with Mailbox() as box:` listens on `box.port` in a thread of its own."""

    def __init__(self):
        self.mode = OK
        self.taken = Counter()
        self.lock = threading.Lock()

    def __enter__(self):
        self.server = _Server(("127.0.0.1", 0), _Talk)
        self.server.box = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()
