"""The app as it is shipped, on a day in October: journeys then pass in every month of the year."""

import os
from datetime import UTC, date, datetime

import time_machine

WEEK, TUESDAY = 43, 2
"""Weeks of teaching on both sides, and a term ahead: Oslo's autumn holiday is week 40."""


def october_day() -> datetime:
    """Ten in the morning of the coming Tuesday of week 43. Never in the past: a browser forgets a cookie that has run out."""
    real = datetime.now(UTC).date()
    days = (date.fromisocalendar(year, WEEK, TUESDAY) for year in (real.year, real.year + 1))
    day = next(day for day in days if day > real)
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


if "JOURNEYS_DAY" in os.environ:
    time_machine.travel(datetime.fromisoformat(os.environ["JOURNEYS_DAY"]), tick=True).start()

    from wsgi import app  # noqa: F401 - what the server runs
