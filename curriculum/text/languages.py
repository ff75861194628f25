"""Facts about the languages parents read. Which of them are open is a district's own choice, kept elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """A language: its BCP 47 tag, its own name, its Norwegian and English names, Babel's locale, direction, and ISO 15924 script."""

    tag: str
    endonym: str
    norwegian_name: str
    english_name: str
    babel_locale: str
    direction: Direction
    script: str


LANGUAGES: dict[str, Language] = {
    language.tag: language
    for language in (
        Language("nb", "Norsk bokmål", "norsk bokmål", "Norwegian Bokmål", "nb_NO", "ltr", "Latn"),
        Language("en", "English", "engelsk", "English", "en_GB", "ltr", "Latn"),
        Language("ur", "اردو", "urdu", "Urdu", "ur", "rtl", "Arab"),
        Language("so", "Af-Soomaali", "somali", "Somali", "so", "ltr", "Latn"),
        Language("ar", "العربية", "arabisk", "Arabic", "ar", "rtl", "Arab"),
        Language("ta", "தமிழ்", "tamil", "Tamil", "ta", "ltr", "Taml"),
        Language("pl", "Polski", "polsk", "Polish", "pl", "ltr", "Latn"),
        Language("tr", "Türkçe", "tyrkisk", "Turkish", "tr", "ltr", "Latn"),
        Language("fa-AF", "دری", "dari", "Dari", "fa_AF", "rtl", "Arab"),
        Language("fa", "فارسی", "persisk", "Persian", "fa", "rtl", "Arab"),
        Language("kmr", "Kurdî (Kurmancî)", "kurdisk (kurmanji)", "Kurdish (Kurmanji)", "ku", "ltr", "Latn"),
        Language("ckb", "کوردی (سۆرانی)", "kurdisk (sorani)", "Kurdish (Sorani)", "ckb", "rtl", "Arab"),
        Language("sq", "Shqip", "albansk", "Albanian", "sq", "ltr", "Latn"),
        Language("vi", "Tiếng Việt", "vietnamesisk", "Vietnamese", "vi", "ltr", "Latn"),
        Language("ti", "ትግርኛ", "tigrinja", "Tigrinya", "ti", "ltr", "Ethi"),
        Language("uk", "Українська", "ukrainsk", "Ukrainian", "uk", "ltr", "Cyrl"),
        Language("ps", "پښتو", "pashto", "Pashto", "ps", "rtl", "Arab"),
        Language("am", "አማርኛ", "amharisk", "Amharic", "am", "ltr", "Ethi"),
        Language("ru", "Русский", "russisk", "Russian", "ru", "ltr", "Cyrl"),
        Language("pa", "ਪੰਜਾਬੀ", "panjabi", "Punjabi", "pa", "ltr", "Guru"),
        Language("bs", "Bosanski", "bosnisk", "Bosnian", "bs", "ltr", "Latn"),
        Language("es", "Español", "spansk", "Spanish", "es", "ltr", "Latn"),
        Language("nn", "Norsk nynorsk", "norsk nynorsk", "Norwegian Nynorsk", "nn_NO", "ltr", "Latn"),
    )
}

_ALIASES: dict[str, tuple[str, ...]] = {
    "no": ("nb", "nn"),
    "nb": ("nn",),
    "nn": ("nb",),
    "prs": ("fa-af", "fa"),
    "pes": ("fa", "fa-af"),
    "fa": ("fa-af",),
    "ku": ("kmr", "ckb"),
    "ku-arab": ("ckb",),
    "ku-iq": ("ckb",),
    "ku-ir": ("ckb",),
    "sdh": ("ckb",),
    "hr": ("bs",),
    "sr": ("bs",),
    "sh": ("bs",),
    "cnr": ("bs",),
    "pnb": ("ur",),
    "pa-arab": ("ur",),
    "pa-pk": ("ur",),
    "pbt": ("ps",),
    "pbu": ("ps",),
    "aln": ("sq",),
    "als": ("sq",),
    "arb": ("ar",),
    "ary": ("ar",),
    "arz": ("ar",),
    "apc": ("ar",),
    "acm": ("ar",),
}
"""What browsers send for a language that the table knows by another tag, or whose readers also read another, nearest first."""

_LONGEST_HEADER = 1000
_MOST_RANGES = 30
_RANGE = re.compile(r"([a-z]{2,8}(?:-[a-z0-9]{1,8}){0,5})(?:;q=([01](?:\.[0-9]{0,3})?))?")


def is_language(tag: str) -> bool:
    """True for a tag in the table, spelled as the table spells it."""
    return tag in LANGUAGES


def negotiate(accept_language: str, open_tags: Sequence[str]) -> str | None:
    """The open language the reader's browser asks for first (RFC 9110, 12.5.4), or None. Only the header's first 1000 characters count."""
    spelled = {tag.lower(): tag for tag in open_tags}
    for wanted in _wanted(accept_language):
        for tag in _near(wanted):
            if tag in spelled:
                return spelled[tag]
    return None


def _wanted(header: str) -> list[str]:
    """The header's tags in lower case, the most wanted first; what cannot be read is passed over."""
    ranges = header[:_LONGEST_HEADER].lower().replace(" ", "").replace("_", "-").split(",")[:_MOST_RANGES]
    matches = [match for match in map(_RANGE.fullmatch, ranges) if match]
    weighted = [(float(match.group(2) or 1), match.group(1)) for match in matches]
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def _near(tag: str) -> Iterator[str]:
    """The tag, what it is also known as, then the same for it without its last part."""
    while tag:
        yield tag
        yield from _ALIASES.get(tag, ())
        tag = tag.rpartition("-")[0]
