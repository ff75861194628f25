"""Which numbers about people may be shown, and how exactly."""

from __future__ import annotations

LEAST = 5
"""Numbers about people are shown from so many on."""


def shown(times: int) -> int | None:
    """A number as it may be shown: to the nearest five, from a hundred on to the nearest ten; None of fewer than five.

    A rounded number does not tell when one more came, and no sum of rounded ones tells what was left out.
    """
    if times < LEAST:
        return None
    step = 5 if times < 100 else 10
    return (times + step // 2) // step * step
