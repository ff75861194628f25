"""`make bench`: a parents' page from the doorstep beside the same page from Flask, its bytes per language, and the queries of each page."""

from __future__ import annotations

import gzip
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from werkzeug.test import Client, create_environ

from app import create_app
from app.commands import demo
from app.database import store
from app.doorstep import Doorstep
from app.settings import Settings
from curriculum.interchange import DEMO_CAST
from curriculum.planning import Lesson, Series

ROUNDS, REQUESTS = 7, 400
PASSWORD = "for the benchmark only"
SAME_ANSWER_LIMIT = 14_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DEMO_PASSWORD"] = PASSWORD
        settings = Settings.from_env({"DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.sqlite'}", "DEMO_PASSWORD": PASSWORD})
        app = create_app(settings)
        app.test_cli_runner().invoke(demo, catch_exceptions=False)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            lessons = store.session.scalars(select(Lesson).join(Series).where(Series.in_use).order_by(Lesson.date)).all()
            shown = next((lesson.public_id for lesson in lessons if lesson.theme.key == "vennskap"), lessons[0].public_id)
            engine = store.engine
        parents = f"/f/parent5a7k/so/{shown}"
        print_speed(app.wsgi_app, parents)
        print_bytes(app, shown)
        print_queries(app, engine, parents)


def print_speed(front: Any, path: str) -> None:
    """CPU per request of the same page: kept by the doorstep, and made by Flask. Interleaved, the middle of several rounds."""
    doorstep = find_doorstep(front)
    ways: dict[str, Callable[..., Iterable[bytes]]] = {"doorstep": doorstep, "Flask": doorstep.application}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            count = REQUESTS if name == "doorstep" else REQUESTS // 10
            started = time.process_time()
            for _ in range(count):
                environ = create_environ(path, headers={"Accept-Encoding": "gzip"})
                b"".join(way(environ, lambda *_: lambda _: None))
            cpu[name].append((time.process_time() - started) / count * 1e6)
    middle = {name: statistics.median(values) for name, values in cpu.items()}
    kept, made = middle["doorstep"], middle["Flask"]
    print(f"A parents' page, CPU per request: doorstep {kept:.0f} µs, Flask {made:.0f} µs: {made / kept:.0f} times less")


def find_doorstep(application: Any) -> Doorstep:
    """The doorstep among the layers in front of Flask."""
    while not isinstance(application, Doorstep):
        application = getattr(application, "application", None) or application.app
    return application


def print_bytes(app: Any, shown: str) -> None:
    """Bytes of the lesson's page over the wire, headers included."""
    client = Client(app)
    for tag in ("nb", "en", "so", "ur"):
        for path in (f"/f/parent5a7k/{tag}", f"/f/parent5a7k/{tag}/{shown}", f"/f/parent5a7k/{tag}/{shown}/sammen"):
            answer = client.get(path, headers={"Accept-Encoding": "gzip"})
            size = len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers)
            page = len(gzip.decompress(answer.data)) if answer.headers.get("Content-Encoding") == "gzip" else len(answer.data)
            print(f"{path:<44} {size:>6} bytes ({page} unzipped){'' if size <= SAME_ANSWER_LIMIT else '  OVER ' + str(SAME_ANSWER_LIMIT)}")


@contextmanager
def counted(engine: Any) -> Any:
    """The statements sent to the database meanwhile."""
    statements: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield statements
    event.remove(engine, "before_cursor_execute", listen)


def print_queries(app: Any, engine: Any, parents: str) -> None:
    """Queries and server time of each reader's page, as Flask makes it."""
    emails = {email.split("@")[0]: email for _, email in DEMO_CAST}
    pages = [
        ("", parents + "?", "parent's lesson"),
        ("agent", "/rekker", "series"),
        ("agent", "/rekker/ny", "new series"),
        ("teacher", "/uke", "the week"),
        ("coordinator", "/idebank", "bank"),
        ("coordinator", "/idebank/vennskap", "theme"),
        ("", "/l/teacher5a7k000000000000000", "teacher's link"),
    ]
    for who, path, words in pages:
        client = app.test_client()
        if who:
            client.post("/logg-inn", data={"email": emails[who], "password": PASSWORD})
        client.get(path)
        if path == parents + "?":
            find_doorstep(app.wsgi_app).kept.clear()
        with counted(engine) as statements:
            client.get(path)
        times = []
        for _ in range(15):
            started = time.perf_counter()
            client.get(path)
            times.append((time.perf_counter() - started) * 1000)
        print(f"{words:<16} {len(statements):>3} queries {statistics.median(times):>6.1f} ms")


main()
