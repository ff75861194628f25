"""What can be heard in the demo: tones in place of voices, and every page says so."""

from __future__ import annotations

import io
import math
import wave
from datetime import timedelta

from sqlalchemy.orm import Session

from curriculum import ideabank, summaries
from curriculum.interchange.demo.cast import Cast, noon

HERTZ = 8000
TUNES = {"nb": (523, 659, 784), "so": (587, 740, 880), "ur": (494, 622, 740)}
"""Three tones for each language in which the week's theme can be heard, so that one tells them apart."""

THEME = "vennskap"


def sound(db: Session, cast: Cast) -> None:
    """A trial sound for the theme in three languages and for their names, and for the first two of its words."""
    theme = ideabank.find_document(db, cast.district.id, THEME)
    assert theme is not None
    scripts = [summaries.theme_script(db, cast.district, theme, tag, cast.today) for tag in TUNES]
    scripts += [summaries.name_script(tag) for tag in TUNES]
    terms = summaries.term_scripts(db, cast.district, cast.today)
    scripts += [terms[key] for key in summaries.theme_of(theme.versions[-1]).terms[:2]]
    for script in scripts:
        if script.words:
            made = noon(cast.today - timedelta(7))
            summaries.record(db, cast.district, script, tune(*TUNES[script.language]), seen=script.hash, by=None, now=made)


def tune(*tones: int) -> bytes:
    """A WAV of these tones (Hz), half a second each: 12 kB for three."""
    samples = bytearray()
    length = HERTZ // 2
    for tone in tones:
        for at in range(length):
            swell = math.sin(math.pi * at / length)
            samples.append(round(128 + 60 * swell * math.sin(2 * math.pi * tone * at / HERTZ)))
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(HERTZ)
        written.writeframes(bytes(samples))
    return file.getvalue()
