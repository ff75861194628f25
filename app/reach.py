"""How much parents' pages are read: counted in memory, and added to the database once a minute. Of the reader nothing is kept."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date
from threading import Lock, Timer

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.database import apart, store
from curriculum import feedback

MINUTE = 60.0
"""Seconds from the first reading to the moment when all since are added. What is not added when a process ends is lost."""


class Tally:
    """Readings by district and day that are not in the database yet. Each process has its own, and all add to the same numbers."""

    def __init__(self, app: Flask, seconds: float = MINUTE) -> None:
        self.seconds = seconds
        self._app = app
        self._lock = Lock()
        self._read: Counter[tuple[int, str]] = Counter()
        self._clock: Timer | None = None
        app.extensions["reach"] = self

    def add(self, district: int, day: str) -> None:
        """One more page of this district (by id) was read on this day (ISO 8601). The first one winds the clock."""
        with self._lock:
            self._read[district, day] += 1
            if self._clock is None:
                self._clock = Timer(self.seconds, self.flush)
                self._clock.daemon = True
                self._clock.start()

    def flush(self) -> None:
        """Add what was counted to the database. What it does not take is lost, and the log says how much."""
        read = self._take()
        if not read:
            return
        with self._app.app_context():
            engine = store.engine
        try:
            with apart(engine) as db:
                feedback.add_readings(db, {(district, date.fromisoformat(day)): times for (district, day), times in read.items()})
        except SQLAlchemyError:
            logging.getLogger(__name__).exception("%d readings were not counted", read.total())

    def forget(self) -> None:
        """Let go of all that is not in the database."""
        self._take()

    def _take(self) -> Counter[tuple[int, str]]:
        with self._lock:
            read, self._read = self._read, Counter()
            if self._clock:
                self._clock.cancel()
            self._clock = None
        return read
