"""A reader that asks for a page over and over on one connection, and is itself no burden."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

LENGTH = b"content-length:"
PHONE = "Mozilla/5.0 (Linux; Android 9; SM-A105F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
"""What a reader's telephone says of itself: its readings are counted, as a parent's are."""


@dataclass(frozen=True)
class Answer:
    """A whole answer as it came."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        """By lower-case name."""
        lines = (line.split(b":", 1) for line in self.head.split(b"\r\n")[1:] if b":" in line)
        return {name.decode().lower(): value.strip().decode() for name, value in lines}


class Reader:
    """One connection that is kept open (HTTP/1.1)."""

    def __init__(self, port: int, path: str) -> None:
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {PHONE}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def ask(self) -> Answer:
        """One request and its whole answer."""
        self.socket.sendall(self.request)
        data = self.rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end]
        at = head.lower().index(LENGTH) + len(LENGTH)
        size = int(head[at:].split(b"\r\n", 1)[0])
        while len(data) < end + 4 + size:
            data += self._more()
        self.rest = data[end + 4 + size :]
        return Answer(head, data[end + 4 : end + 4 + size])

    def _more(self) -> bytes:
        got = self.socket.recv(65536)
        if not got:
            raise SystemExit("A server closed the connection.")
        return got

    def seconds(self, count: int) -> list[float]:
        """How long each of so many requests took."""
        taken = []
        for _ in range(count):
            started = time.perf_counter()
            self.ask()
            taken.append(time.perf_counter() - started)
        return taken

    def close(self) -> None:
        self.socket.close()
