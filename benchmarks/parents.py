"""A parents' page, the same bytes: from nginx, from the doorstep as shipped, from plain Flask and from the naive application."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.asking import Answer, Reader
from benchmarks.house import CODE, House, opened
from benchmarks.servers import Server, granian, nginx
from benchmarks.table import Table
from curriculum.people import District

ROUNDS = 5
MOST_BYTES = 14_000
SENT_BY_NGINX = {"content-type", "content-length", "content-encoding", "connection", "date", "server", "etag", "vary"}


@dataclass
class Figures:
    """Of one server: CPU per request and the middle of the waiting times, a value per round; in microseconds."""

    cpu: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    @property
    def middle_cpu(self) -> float:
        return statistics.median(self.cpu)

    @property
    def middle_wait(self) -> float:
        return statistics.median(self.waited)


def measure(house: House, table: Table, *, requests: int) -> None:
    """Bytes of every open language, then the four servers in turn, round after round."""
    print_bytes(house, table)
    path = house.parents_page()
    with ExitStack() as stack:
        here = stack.enter_context
        doorstep = here(granian("doorstep", "wsgi:app", house.environment))
        page = _first(doorstep, path)
        headers = {name: value for name, value in page.headers.items() if name not in SENT_BY_NGINX} | {"Content-Encoding": "gzip"}
        servers = [
            here(nginx(house.folder, page.body, headers, house.environment)),
            doorstep,
            here(granian("plain Flask", "benchmarks.plain:app", house.environment)),
            here(granian("naive Flask", "benchmarks.naive:app", house.environment)),
        ]
        if any(_first(server, path).body != page.body for server in servers[:1]) or not all(
            _first(server, path).body for server in servers
        ):
            raise SystemExit("nginx does not serve the same bytes.")
        figures = _in_turn(house, servers, path, requests)
        _report(table, figures, house.url.startswith("sqlite"))
        _under_load(table, doorstep, path, requests)


def _first(server: Server, path: str) -> Answer:
    answer = Reader(server.port, path).ask()
    if answer.status != 200:
        raise SystemExit(f"{server.name} answers {answer.status} for {path}.")
    return answer


def _in_turn(house: House, servers: Iterable[Server], path: str, requests: int) -> dict[str, Figures]:
    """Interleaved, so that a noisy machine is noisy for all of them alike. What the database's server works for them counts too."""
    servers = list(servers)
    figures = {server.name: Figures() for server in servers}
    for _ in range(ROUNDS):
        for server in servers:
            count = requests if server.name in ("nginx", "doorstep") else max(requests // 20, 20)
            reader = Reader(server.port, path)
            reader.seconds(20)
            before = server.cpu() + house.database_cpu()
            waited = reader.seconds(count)
            figures[server.name].cpu.append((server.cpu() + house.database_cpu() - before) / count * 1e6)
            figures[server.name].waited.append(statistics.median(waited) * 1e6)
            reader.close()
    return figures


def _report(table: Table, figures: dict[str, Figures], is_sqlite: bool) -> None:
    table.head("A parents' page over HTTP, one connection, servers in turn")
    for name, one in figures.items():
        table.note(f"{name}: CPU of a request", one.middle_cpu, "µs")
        table.note(f"{name}: median wait", one.middle_wait, "µs")
    static, kept, naive = figures["nginx"], figures["doorstep"], figures["naive Flask"]
    if is_sqlite:
        table.hold("CPU of the doorstep, times nginx", kept.middle_cpu / static.middle_cpu, 3, "×")
        table.hold("median wait at the doorstep, times nginx", kept.middle_wait / static.middle_wait, 1.5, "×")
        table.hold("CPU of the naive page, times the doorstep", naive.middle_cpu / kept.middle_cpu, 100, "×", at_least=True)
    else:
        table.hold("median wait at the doorstep", kept.middle_wait / 1000, 1, "ms")
        table.hold("CPU of the naive page, times the doorstep", naive.middle_cpu / kept.middle_cpu, 20, "×", at_least=True)
    table.note("CPU of plain Flask, times the doorstep", figures["plain Flask"].middle_cpu / kept.middle_cpu, "×")


def _under_load(table: Table, server: Server, path: str, requests: int) -> None:
    """The slowest of a hundred, while others sign in (slow on purpose) and read pages that Flask makes."""
    stop = threading.Event()
    busy = [threading.Thread(target=_keep_busy(server, other, stop)) for other in ("/logg-inn", "/l/teacher5a7k000000000000000")]
    for thread in busy:
        thread.start()
    waited = sorted(Reader(server.port, path).seconds(requests))
    stop.set()
    for thread in busy:
        thread.join()
    table.hold("p99 at the doorstep while staff pages are read", waited[int(len(waited) * 0.99)] * 1000, 20, "ms")


def _keep_busy(server: Server, path: str, stop: threading.Event) -> Callable[[], None]:
    def ask() -> None:
        reader = Reader(server.port, path)
        while not stop.is_set():
            reader.ask()
        reader.close()

    return ask


def print_bytes(house: House, table: Table) -> None:
    """Bytes over the wire, headers included, in every open language."""
    table.head("Bytes of parents' pages, zipped, headers included")
    with opened(house) as db:
        tags = db.query(District).filter_by(key="demo").one().open_languages
    client = house.app.test_client()
    largest = 0
    for tag in tags:
        sizes = []
        for path in (f"/f/{CODE}/{tag}", house.parents_page(tag), f"{house.parents_page(tag)}/sammen"):
            answer = client.get(path, headers={"Accept-Encoding": "gzip"})
            sizes.append(len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers))
        for kind, size in zip(("weeks", "lesson", "side by side"), sizes, strict=True):
            table.note(f"{tag}, {kind}", size, "B")
        largest = max(largest, *sizes)
    table.hold("the heaviest parents' page", largest, MOST_BYTES, "B")
