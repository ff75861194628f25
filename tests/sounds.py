"""Sounds for tests: files made with real encoders, and silence of any length."""

from __future__ import annotations

import io
import wave
from pathlib import Path

SOUNDS = Path(__file__).parent / "curriculum" / "summaries" / "sounds"
"""A tone as browsers record it and telephones save it."""


def sound(name: str) -> bytes:
    """One of the files."""
    return (SOUNDS / name).read_bytes()


def tone(seconds: float, hertz: int = 8000) -> bytes:
    """A WAV of one byte a sample that lasts so long."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(hertz)
        written.writeframes(b"\x80" * round(seconds * hertz))
    return file.getvalue()
