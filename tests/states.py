"""What many tests begin with, made once for each worker and kind of database: afterwards its rows and its objects are copied."""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from inspect import Parameter, Signature, signature
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session
    from time_machine import Traveller

Make = Callable[..., Any]
Chain = tuple[Make, ...]
"""Makers in the order in which each adds to what those before it made."""

KEPT = 12
"""So many states lie beside each other; one takes ten megabytes of PostgreSQL, and the tests that share one come together."""


class Databases(Protocol):
    """Databases of one kind, by name; "template" is the empty one, "test" the one that a test has."""

    def copy(self, state: str) -> str:
        """Make "test" from a state; its address is always the same, so that the engine keeps what it has compiled."""

    def keep(self, state: str) -> None:
        """What is "test" becomes a state."""

    def drop(self, name: str) -> None: ...


def state(make: Make) -> Any:
    """A fixture that takes only `db`, `moment` and other states: its rows are in the database before the test's session opens.

    Its objects are the test's own, in `db`, as if just made and committed; what two states share is one object.
    """

    def given(begun: dict[Make, Any], **values: Any) -> Any:
        return begun[make] if make in begun else make(**values)

    parameters = [*signature(make).parameters.values(), Parameter("begun", Parameter.KEYWORD_ONLY)]
    vars(given).update(make=make, __signature__=Signature(parameters))
    given.__name__, given.__doc__ = make.__name__, make.__doc__
    return pytest.fixture(given)


def asked_for(request: pytest.FixtureRequest) -> Chain:
    """The states that a test and its fixtures name, in the order in which pytest comes to them."""
    known = request.node._fixtureinfo
    found: dict[Make, None] = {}

    def visit(name: str) -> None:
        make = getattr(known.name2fixturedefs[name][-1].func, "make", None) if name in known.name2fixturedefs else None
        if make and make not in found:
            for needed in signature(make).parameters:
                visit(needed)
            found[make] = None

    for name in known.names_closure:
        visit(name)
    return tuple(found)


class States:
    """The states of one kind of database."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.kept: dict[Chain, tuple[str, bytes]] = {}
        """By their makers, the longest unused first: the name of the database, and what the makers returned, pickled."""
        self.numbers = count(1)

    @contextmanager
    def copied(self, chain: Chain) -> Iterator[str]:
        """The address of a database as it was when the last of `chain` had been made."""
        yield self.databases.copy(self._state(chain)[0])
        self.databases.drop("test")

    def objects(self, chain: Chain, db: Session) -> dict[Make, Any]:
        """What the makers of `chain` returned, in `db`, which has read nothing yet."""
        return dict(zip(chain, _unpickled(self._state(chain)[1], db), strict=True)) if chain else {}

    def _state(self, chain: Chain) -> tuple[str, bytes]:
        if not chain:
            return "template", b""
        self.kept[chain] = self.kept.pop(chain) if chain in self.kept else self._make(chain)
        if len(self.kept) > KEPT:
            name, _ = self.kept.pop(next(iter(self.kept)))
            self.databases.drop(name)
        return self.kept[chain]

    def _make(self, chain: Chain) -> tuple[str, bytes]:
        url, name = self.databases.copy(self._state(chain[:-1])[0]), f"state_{next(self.numbers)}"
        try:
            with opened(url) as db, at_the_moment():
                begun = self.objects(chain[:-1], db)
                given = {one.__name__: value for one, value in begun.items()} | {"db": db, "moment": None}
                made = chain[-1](**{name: given[name] for name in signature(chain[-1]).parameters})
                db.flush()
                pickled = _pickled([*begun.values(), made], db)
                db.commit()
        except BaseException:
            self.databases.drop("test")  # the next test shall not fail for this one
            raise
        self.databases.keep(name)
        return name, pickled


@contextmanager
def opened(url: str) -> Iterator[Session]:
    """A session on the database at `url`, where another stood before: as after a restore, nothing that was kept in memory holds."""
    from sqlalchemy.orm import Session

    from curriculum.base import start_counter

    engine = _engine(url)
    with engine.begin() as connection:
        start_counter(connection)
    try:
        with Session(engine) as db:
            yield db
    finally:
        engine.dispose()


@cache
def _engine(url: str) -> Engine:
    from app.database import make_engine

    return make_engine(url)


@contextmanager
def at_the_moment() -> Iterator[Traveller]:
    """It is ten in the morning of the cast's day."""
    import time_machine

    from tests.cast import NOW

    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


# ---- objects, out of one session and into another -------------------------------------------------------------------


class _Pickler(pickle.Pickler):
    """Writes objects of `db` and the session itself, which the makers' answers may hold, as a name."""

    def __init__(self, file: io.BytesIO, db: Session) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.db = db

    def persistent_id(self, value: Any) -> str | None:
        return "db" if value is self.db else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, pickled: bytes, db: Session) -> None:
        super().__init__(io.BytesIO(pickled))
        self.db = db

    def persistent_load(self, pid: str) -> Session:
        return self.db


def _pickled(made: list[Any], db: Session) -> bytes:
    gc.collect()  # leaves of the session's rows those that somebody holds
    file = io.BytesIO()
    _Pickler(file, db).dump((made, [*db.identity_map.values()], db.expire_on_commit))
    return file.getvalue()


def _unpickled(pickled: bytes, db: Session) -> list[Any]:
    made, rows, expire = _Unpickler(pickled, db).load()
    db.expire_on_commit = False
    db.add_all(rows)
    db.commit()
    db.expire_on_commit = expire
    return list(made)
