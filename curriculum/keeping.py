"""What is read from the database and kept in memory for as long as nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from curriculum.base import Moment, is_reading, moment_read

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """What is read from public tables, kept in memory until something public changes; for each database by itself.

    Only who reads takes from it or puts into it, for what is being written may yet be taken back. The counter is read before the values,
    so that what changes in between is read anew the next time. `read` makes values, never rows of the session that is given: they outlive
    it, and are shared.
    """

    def __init__(self, read: Callable[[Session, Key], Value], most: int = 256) -> None:
        self.read = read
        self.most = most
        self._shelves: WeakKeyDictionary[Engine, tuple[Moment, dict[Key, Value]]] = WeakKeyDictionary()

    def get(self, db: Session, key: Key) -> Value:
        """The values for a key, read if need be: one query for the counter in a session, whatever is asked for."""
        if not is_reading():
            return self.read(db, key)
        values = self._values(db)
        if key in values:
            return values[key]
        if len(values) >= self.most:
            self._shelves[db.get_bind().engine] = db.info["moment"], (values := {})
        values[key] = found = self.read(db, key)
        return found

    def _values(self, db: Session) -> dict[Key, Value]:
        """Those that hold for the state of the database that this session reads."""
        now = moment_read(db)
        engine = db.get_bind().engine
        at, values = self._shelves.get(engine, (None, {}))
        if at != now:
            values = {}
            self._shelves[engine] = now, values
        return values


class KeptLonger(Kept[Key, Value]):
    """What is kept also while other things change: for as long as `stamp`, asked once after each change, says the same.

    For what is large and seldom changes, while something else does all day. The stamp must tell of all that `read` reads.
    """

    def __init__(self, read: Callable[[Session, Key], Value], stamp: Callable[[Session, Key], Hashable], most: int = 256) -> None:
        super().__init__(self._seen_or_read, most)
        self._anew = read
        self._stamp = stamp
        self._seen: WeakKeyDictionary[Engine, dict[Key, tuple[Hashable, Value]]] = WeakKeyDictionary()

    def _seen_or_read(self, db: Session, key: Key) -> Value:
        if not is_reading():
            return self._anew(db, key)
        epoch, _ = moment_read(db)
        stamp = epoch, self._stamp(db, key)
        seen = self._seen.setdefault(db.get_bind().engine, {})
        if key not in seen or seen[key][0] != stamp:
            if len(seen) >= self.most:
                seen.clear()
            seen[key] = stamp, self._anew(db, key)
        return seen[key][1]
