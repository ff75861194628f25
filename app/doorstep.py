"""In front of Flask: answers a parents' page with finished bytes while nothing public has changed since they were made.

What Flask said once is said again, byte for byte, as long as the change counter and the Oslo date are the same: everything public depends
on those two only. One prepared query per request on a read-only connection per thread; no object mapper, no template.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sqlite3
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment
from zoneinfo import ZoneInfo

PUBLIC = re.compile(r"/f/[^/]+/[^/]+(?:/(?!lyd/)|$)")
"""Parents' pages below the language chooser (which looks at the browser's languages and is never kept), without the sounds on them.

A sound is sent in parts, gets no smaller by gzip, and would crowd out the pages.
"""

REPLAYED = {
    "cache-control",
    "content-language",
    "content-security-policy",
    "content-type",
    "cross-origin-opener-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "x-robots-tag",
}
"""Headers of Flask's own answer that are repeated; nothing else of it is kept."""

UNASKED = {"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_RANGE"}
"""What a reader's browser sends and a page for everyone may not depend on. A fault's page may: it speaks the browser's language."""

ROOM = 32_000_000
"""Bytes kept at the most."""

OF_A_BODY = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language"}
"""Headers that a 304, which has no body, leaves out (RFC 9110, 15.4.5)."""

READ = "kursrekka.read"
"""Where the house says whose reading a page is: the number of a district. A page that does not say so is not counted."""

MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|telegram|curl|wget|python|monitor", re.I)
"""In the names of those who fetch a page that nobody reads: searchers, and programs that show what a link leads to."""

OSLO = ZoneInfo("Europe/Oslo")
Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
Moment = tuple[str, int, str]
"""Epoch, change counter, Oslo date: what kept bytes are valid for."""
Read = Callable[[int, str], None]
"""Told of each reading: the district's number and the Oslo date, and nothing else."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer: the page's bytes as they are and zipped, with the headers for each."""

    moment: Moment
    plain: bytes
    zipped: bytes
    plain_headers: list[tuple[str, str]]
    zipped_headers: list[tuple[str, str]]
    district: int | None
    """Whose reading it is."""

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.zipped)


class Doorstep:
    """WSGI middleware; see the module."""

    def __init__(self, application: Application, database_url: str, room: int = ROOM, read: Read | None = None) -> None:
        self.application = application
        self.read = read
        self.counter = Counter(database_url)
        self.kept: OrderedDict[str, Kept] = OrderedDict()
        self.room = room
        self.size = 0
        self.lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not PUBLIC.match(path):
            return self.application(environ, start_response)
        moment = self._moment()
        if moment is None:
            return self.application(environ, start_response)
        kept = self._take(path)
        if kept is None or kept.moment != moment:
            made = self._ask(environ, path, moment)
            if not isinstance(made, Kept):
                status, headers, body = made
                start_response(status, headers)
                return [body] if environ["REQUEST_METHOD"] == "GET" else []
            kept = made
        if self.read and kept.district and is_reading(environ):
            self.read(kept.district, moment[2])
        return _answer(kept, environ, start_response)

    def forget(self) -> None:
        """Let go of the database and of every page that was kept."""
        with self.lock:
            self.kept.clear()
            self.size = 0
        self.counter.close()

    def _take(self, path: str) -> Kept | None:
        with self.lock:
            if path in self.kept:
                self.kept.move_to_end(path)
            return self.kept.get(path)

    def _moment(self) -> Moment | None:
        counter = self.counter.read()
        return (*counter, datetime.now(OSLO).date().isoformat()) if counter else None

    def _ask(self, environ: WSGIEnvironment, path: str, moment: Moment) -> Kept | tuple[str, list[tuple[str, str]], bytes]:
        """Let Flask make the page as for a nameless reader; keep a 200, hand anything else on."""
        asked = _nameless(environ)
        status, headers, body = _collect(self.application, asked)
        if not status.startswith("200") or any(name.lower() == "set-cookie" for name, _ in headers):
            return status, headers, body
        kept = _finish(moment, headers, body, asked.get(READ))
        with self.lock:
            old = self.kept.pop(path, None)
            self.size += kept.size - (old.size if old else 0)
            self.kept[path] = kept
            while self.size > self.room:
                _, gone = self.kept.popitem(last=False)
                self.size -= gone.size
        return kept


def _nameless(environ: WSGIEnvironment) -> WSGIEnvironment:
    asked = {name: value for name, value in environ.items() if name not in UNASKED}
    return asked | {"REQUEST_METHOD": "GET", "QUERY_STRING": ""}


def _collect(application: Application, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    said: list[Any] = []

    def listen(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        said[:] = [status, headers]
        return said.append

    answer = application(environ, listen)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    return said[0], said[1], body


def _finish(moment: Moment, headers: list[tuple[str, str]], body: bytes, district: int | None) -> Kept:
    zipped = gzip.compress(body, 9, mtime=0)
    digest = hashlib.sha256(body).hexdigest()[:20]
    common = [(name, value) for name, value in headers if name.lower() in REPLAYED] + [("Vary", "Accept-Encoding")]
    return Kept(
        moment,
        body,
        zipped,
        [*common, ("ETag", f'"{digest}"'), ("Content-Length", str(len(body)))],
        [*common, ("ETag", f'"{digest}-gzip"'), ("Content-Encoding", "gzip"), ("Content-Length", str(len(zipped)))],
        district,
    )


def _answer(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    takes_gzip = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body, headers = (kept.zipped, kept.zipped_headers) if takes_gzip else (kept.plain, kept.plain_headers)
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and _matches(asked, next(value for name, value in headers if name == "ETag")):
        start_response("304 Not Modified", [pair for pair in headers if pair[0] not in OF_A_BODY])
        return []
    start_response("200 OK", list(headers))
    return [body] if environ["REQUEST_METHOD"] == "GET" else []


def is_reading(environ: WSGIEnvironment) -> bool:
    """Whether somebody asks for a page to read it, who has not got it already: no machine, no browser looking ahead, none of our staff."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ or "kursrekka=" in environ.get("HTTP_COOKIE", ""):
        return False
    return not (environ.get("HTTP_SEC_PURPOSE") or environ.get("HTTP_PURPOSE") or _is_machine(environ.get("HTTP_USER_AGENT", "")[:400]))


@lru_cache(maxsize=256)
def _is_machine(agent: str) -> bool:
    return not agent or MACHINE.search(agent) is not None


@lru_cache(maxsize=256)
def accepts_gzip(header: str) -> bool:
    """Whether Accept-Encoding (RFC 9110, 12.5.3) allows gzip: named with a quality above 0, or covered by a star that is."""
    qualities: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, rest = part.partition(";")
        quality = rest.replace(" ", "").removeprefix("q=") or "1"
        qualities[name.strip()] = float(quality) if re.fullmatch(r"\d(\.\d{0,3})?", quality) else 0.0
    return qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0))) > 0


def _matches(asked: str, tag: str) -> bool:
    return asked.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in asked.split(",")}


class Counter:
    """Asks the database for its epoch and change counter, on a read-only connection of each thread's own."""

    def __init__(self, url: str) -> None:
        is_sqlite = url.startswith("sqlite")
        self.connect, self.fault = _sqlite(url) if is_sqlite else _postgresql(url)
        self.make = SqliteLine if is_sqlite else Line
        self.local = threading.local()
        self.lines: weakref.WeakSet[Line] = weakref.WeakSet()

    def read(self) -> tuple[str, int] | None:
        """Epoch and change counter; None when the database is gone or locked, and Flask will say so in words."""
        try:
            row = self._line().read()
        except self.fault:
            self.local.__dict__.clear()
            return None
        return (str(row[0]), int(row[1])) if row else None

    def _line(self) -> Line:
        line: Line | None = getattr(self.local, "line", None)
        if line is None:
            self.local.line = line = self.make(self.connect())
            self.lines.add(line)
        return line

    def close(self) -> None:
        """Let go of the database."""
        for line in list(self.lines):
            line.close()
        self.local = threading.local()


class Line:
    """A connection that is closed when its thread ends."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def read(self) -> Any:
        """The counter's row."""
        return self.connection.execute("SELECT epoch, value FROM change_counter").fetchone()

    def close(self) -> None:
        self.connection.close()

    __del__ = close


class SqliteLine(Line):
    """Reads the counter only after somebody has written: SQLite tells that at a fraction of the cost (PRAGMA data_version)."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.seen: tuple[int] | None = None
        self.row: Any = None

    def read(self) -> Any:
        version = self.connection.execute("PRAGMA data_version").fetchone()
        if version != self.seen:
            self.row, self.seen = super().read(), version
        return self.row


def _sqlite(url: str) -> tuple[Callable[[], Any], type[Exception]]:
    address = f"file:{quote(url.removeprefix('sqlite:///'))}?mode=ro"
    return lambda: sqlite3.connect(address, uri=True, isolation_level=None, timeout=2, check_same_thread=False), sqlite3.Error


def _postgresql(url: str) -> tuple[Callable[[], Any], type[Exception]]:
    import psycopg  # only where PostgreSQL is used

    address, only = url.replace("postgresql+psycopg://", "postgresql://"), "-c default_transaction_read_only=on"
    return lambda: psycopg.connect(address, autocommit=True, prepare_threshold=0, options=only), psycopg.Error
