"""What a program can tell about a translation without understanding it: errors that keep it from being checked, and warnings to look at."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from curriculum.base import N_, Refused
from curriculum.text import LANGUAGES, check_placeholders, tidy

ERROR: Literal["error"] = "error"
WARNING: Literal["warning"] = "warning"

SHORTEST, LONGEST = 0.45, 2.6
"""How long a translation may be for its source, in characters, before one should look whether something is lost or added."""

SHORT = 2
"""A source of so few words says nothing about how long its translation may be."""

LEAST_SCRIPT = 0.85
"""The share of letters that belong to the language's own script."""

LEFT_NORWEGIAN = 0.25
"""The share of plain Norwegian words from which a text is not translated at all."""

SPELLINGS = {"Latn": "LATIN", "Arab": "ARABIC", "Taml": "TAMIL", "Ethi": "ETHIOPIC", "Cyrl": "CYRILLIC", "Guru": "GURMUKHI"}
"""How Unicode names the letters of a script (ISO 15924)."""

OTHER_KEYBOARD: Mapping[str, str] = {
    "ur": "\u064a\u0643\u0647\u0629\u0649",
    "fa": "\u064a\u0643\u0649",
    "fa-AF": "\u064a\u0643\u0649",
    "ckb": "\u064a\u0643\u0649",
    "ps": "\u0643",
    "ar": "\u06cc\u06a9\u06c1\u06be\u0679\u0688\u06d2\u06ba",
    "uk": "ыэъё",
    "ru": "іїєґ",
}
"""Letters of another language's keyboard that look like the right ones and are not: they break search, sorting and reading aloud."""

NORWEGIAN = frozenset(
    {"og", "ikke", "som", "skal", "være", "på", "til", "med", "også", "fordi", "eller", "når"}
    | {"hva", "hvem", "hvordan", "noe", "noen", "dere", "deres", "ditt", "barnet", "hjemme"}
)
"""Frequent Norwegian words that mean nothing in the other Latin-script languages, or next to nothing."""

SENTENCE, QUESTION, SHOUT, COLON = "sentence", "question", "shout", "colon"
_ENDS: Mapping[str, str] = {SENTENCE: ".…۔።।", QUESTION: "?؟፧", SHOUT: "!", COLON: ":፦"}
_LATIN_ENDS: Mapping[str, str] = {SENTENCE: ".…", QUESTION: "?", SHOUT: "!", COLON: ":"}
_OWN_ENDS: Mapping[str, Mapping[str, str]] = {
    "Arab": {QUESTION: "؟"},
    "ur": {SENTENCE: "۔…", QUESTION: "؟"},
    "Ethi": {SENTENCE: "።…", QUESTION: "?፧", COLON: "፦:"},
    "Guru": {SENTENCE: "।…"},
}
"""Where a script or a language ends its sentences otherwise than Latin script does."""

_PLACEHOLDER = re.compile(r"</?[1-9][0-9]{0,3}/?>")
_ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\b(?:www\.)?[\w-]+\.(?:no|com|org|net)\b(?:/\S*)?", re.I)
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_THOUSANDS = re.compile(r"(?<=\d)[ .'\u00a0\u202f\u066c](?=\d{3}(?!\d))")
_TAIL = re.compile(r"[\s.…۔።।?؟፧!:፦»«”“\"’‘'›‹)\]\u200e\u200f\u2069]*\Z")
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_WEAK = re.compile("[اويىءئؤأإآٱ]")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a translation, or may be; `words` is an English sentence to translate, with `values`."""

    code: str
    level: Literal["error", "warning"]
    words: str
    values: Mapping[str, object] = field(default_factory=dict)
    language: str = ""
    document: str = ""
    uid: str = ""

    def __str__(self) -> str:
        return self.words % self.values if self.values else self.words


@dataclass(frozen=True)
class AgreedTerm:
    """A word of the vocabulary with its forms, and what it is agreed to be called in a language ("" while nobody has said)."""

    word: str
    forms: tuple[str, ...]
    translation: str


@dataclass(frozen=True)
class Pair:
    """A sentence and its translation, by document and uid."""

    document: str
    uid: str
    source: str
    translation: str


def check_translations(pairs: Iterable[Pair], tag: str, *, terms: Sequence[AgreedTerm] = ()) -> list[Finding]:
    """Everything to be said of a language's translations, in their order; then what is said in two ways."""
    pairs = list(pairs)
    found = [
        replace(finding, document=pair.document, uid=pair.uid)
        for pair in pairs
        for finding in check_translation(pair.source, pair.translation, tag, terms=terms)
    ]
    return found + list(inconsistencies(pairs, tag))


def check_translation(source: str, translation: str, tag: str, *, terms: Sequence[AgreedTerm] = ()) -> list[Finding]:
    """What can be told of one translation into the language `tag`; both texts are segments, with placeholders for the source's markup.

    An error keeps it from being marked as checked; a warning asks a person to look.
    """
    if not _words_of(translation).strip():
        return [Finding("empty", ERROR, N_("There is no translation."), language=tag)]
    both = (source, translation, tag)
    found = [finding for check in _CHECKS for finding in check(*both)]
    found += [*_script(*both, terms), *_vocabulary(*both, terms)]
    return [replace(finding, language=tag) for finding in found]


def _words_of(text: str) -> str:
    return _PLACEHOLDER.sub("", text)


def _is_norwegian(tag: str) -> bool:
    return tag in ("nb", "nn")


# What must be the same in both


def _placeholders(source: str, translation: str, _tag: str) -> Iterator[Finding]:
    try:
        check_placeholders(source, translation)
    except Refused as refused:
        yield Finding("placeholders", ERROR, refused.msgid, refused.values)


def _numbers(source: str, translation: str, _tag: str) -> Iterator[Finding]:
    wanted, found = _digits(source), _digits(translation)
    if wanted != found:
        words = N_("The numbers are not those of the source: %(found)s instead of %(wanted)s.")
        yield Finding("numbers", ERROR, words, {"wanted": _listed(wanted), "found": _listed(found)})


def _digits(text: str) -> Counter[str]:
    """The numbers of a text in whatever digits (Unicode's class Nd), with decimals apart and thousands together."""
    groups = re.findall(r"\d+", _THOUSANDS.sub("", _words_of(text)))
    return Counter("".join(str(unicodedata.digit(digit)) for digit in group) for group in groups)


def _listed(found: Counter[str]) -> str:
    return ", ".join(sorted(found.elements())) or "–"


def _addresses(source: str, translation: str, _tag: str) -> Iterator[Finding]:
    wanted, found = (Counter(address.rstrip(".,;:!?)»”").lower() for address in _ADDRESS.findall(text)) for text in (source, translation))
    if wanted != found:
        words = N_("The web and e-mail addresses are not those of the source: %(found)s instead of %(wanted)s.")
        yield Finding("addresses", ERROR, words, {"wanted": _listed(wanted), "found": _listed(found)})


# What no text may hold


def _characters(_source: str, translation: str, _tag: str) -> Iterator[Finding]:
    try:
        tidy(translation)
    except Refused as refused:
        yield Finding("characters", ERROR, refused.msgid, refused.values)
    if unicodedata.normalize("NFC", translation) != translation:
        words = N_("Letters and their marks are not joined as they are elsewhere (Unicode NFC). Save the text again.")
        yield Finding("nfc", ERROR, words)


def _keyboard(_source: str, translation: str, tag: str) -> Iterator[Finding]:
    wrong = sorted(set(translation) & set(OTHER_KEYBOARD.get(tag, "")))
    if wrong:
        letters = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in wrong)
        yield Finding("keyboard", ERROR, N_("These letters come from another language's keyboard: %(letters)s."), {"letters": letters})


# Whether it is translated at all


def _untranslated(source: str, translation: str, tag: str) -> Iterator[Finding]:
    if _is_norwegian(tag) or _same(source) != _same(translation):
        return
    count = sum(not word.isupper() for word in re.findall(r"[^\W\d_]+", _words_of(source)))  # DIVE is called so everywhere
    if count:
        yield Finding("untranslated", ERROR if count > 2 else WARNING, N_("The translation is the same as the source."))


def _same(text: str) -> str:
    return " ".join(_words_of(text).casefold().split())


def _norwegian(_source: str, translation: str, tag: str) -> Iterator[Finding]:
    if _is_norwegian(tag) or LANGUAGES[tag].script != "Latn":
        return
    words = re.findall(r"[^\W\d_]+", _BRACKETS.sub("", _words_of(translation)).casefold())
    left = [word for word in words if word in NORWEGIAN]
    if len(set(left)) > 1:
        level = ERROR if len(left) >= LEFT_NORWEGIAN * len(words) else WARNING
        yield Finding("norwegian", level, N_("Norwegian words are left in it: %(words)s."), {"words": ", ".join(dict.fromkeys(left))})


def _script(source: str, translation: str, tag: str, terms: Sequence[AgreedTerm]) -> Iterator[Finding]:
    """Letters of another script. Norwegian words of the vocabulary, names, and what stands in brackets may be there."""
    own = SPELLINGS[LANGUAGES[tag].script]
    text = _without_kept(source, translation, terms)
    letters = [letter for letter in text if unicodedata.category(letter) in ("Lu", "Ll", "Lo")]
    count = sum(unicodedata.name(letter, "").startswith(own) for letter in letters)
    if letters and count < LEAST_SCRIPT * len(letters):
        values = {"count": len(letters) - count, "all": len(letters)}
        yield Finding("script", ERROR, N_("%(count)s of %(all)s letters are of another script."), values)
    mixed = [word for word in re.findall(r"[^\W\d_]+", text) if _is_mixed(word)]
    if mixed:
        yield Finding("script", ERROR, N_("Letters of two scripts stand in one word: %(words)s."), {"words": ", ".join(mixed)})


def _without_kept(source: str, translation: str, terms: Sequence[AgreedTerm]) -> str:
    """The translation without what is rightly written as in the source."""
    text = _ADDRESS.sub(" ", _BRACKETS.sub(" ", _words_of(translation)))
    names = {word for word in re.findall(r"(?<=[\w,] )[A-ZÆØÅ]\w+|\b[A-ZÆØÅ]{2,}\b", source)}
    kept = names | {form for term in terms for form in (term.word, *term.forms)}
    if not kept:
        return text
    pattern = "|".join(re.escape(word) for word in sorted(kept, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", " ", text, flags=re.I)


def _is_mixed(word: str) -> bool:
    scripts = {name for letter in word for name in SPELLINGS.values() if unicodedata.name(letter, "").startswith(name)}
    return len(scripts) > 1


# What a person should look at


def _length(source: str, translation: str, _tag: str) -> Iterator[Finding]:
    said, translated = _words_of(source).strip(), _words_of(translation).strip()
    times = len(translated) / max(1, len(said))
    if len(said.split()) > SHORT and not SHORTEST <= times <= LONGEST:
        words = N_("It is %(times)s times as long as the source. Is something lost or added?")
        yield Finding("length", WARNING, words, {"times": f"{times:.2f}"})


def _ending(source: str, translation: str, tag: str) -> Iterator[Finding]:
    """Sentences end as the source's do, by the language's own marks, before or after a closing quotation mark."""
    wanted = {kind for mark in _tail(source) for kind, marks in _ENDS.items() if mark in marks}
    own = {**_LATIN_ENDS, **_OWN_ENDS.get(LANGUAGES[tag].script, {}), **_OWN_ENDS.get(tag, {})}
    found = _tail(translation)
    if wanted and not any(mark in own[kind] for kind in wanted for mark in found):
        marks = " ".join(own[kind][0] for kind in sorted(wanted))
        yield Finding("ending", WARNING, N_("It does not end with %(marks)s as the source does."), {"marks": marks})
    elif found and not wanted:
        yield Finding("ending", WARNING, N_("It ends with %(marks)s, and the source does not."), {"marks": " ".join(sorted(found))})


def _tail(text: str) -> set[str]:
    """The marks a text ends with, looking past quotation marks and a last word in brackets."""
    text = re.sub(r"\s*[(（][^()（）]*[)）](?=\W*\Z)", "", _words_of(text))
    found = _TAIL.search(text)
    return set(found.group() if found else "") & set("".join(_ENDS.values()))


def _vocabulary(source: str, translation: str, tag: str, terms: Sequence[AgreedTerm]) -> Iterator[Finding]:
    """Terms the source names whose agreed translation is not there in any shape. Languages bend words: half of each word is enough."""
    said = _folded(_words_of(translation), tag)
    for term in named_terms(source, terms):
        if term.translation and not any(_is_said(choice, said, tag) for choice in _choices(term.translation)):
            words = N_("“%(word)s” is called “%(translation)s” in our vocabulary, and that is not found here.")
            yield Finding("vocabulary", WARNING, words, {"word": term.word, "translation": term.translation})


def named_terms(source: str, terms: Iterable[AgreedTerm]) -> list[AgreedTerm]:
    """The terms a text names in any of their forms; a longer one hides a shorter within it."""
    text, found = _words_of(source), []
    for term in sorted(terms, key=lambda term: -len(term.word)):
        forms = "|".join(re.escape(form) for form in sorted((term.word, *term.forms), key=len, reverse=True))
        text, count = re.subn(rf"(?<!\w)(?:{forms})(?!\w)", " ", text, flags=re.I)
        found += [term] if count else []
    return found


def _choices(translation: str) -> list[str]:
    """What a term may be called, where its translation names several."""
    plain = _BRACKETS.sub("", translation)
    return [choice for choice in re.split(r"[/,;،؛]| lub | or | ama ", plain) if choice.strip()] or [translation]


def _is_said(choice: str, said: str, tag: str) -> bool:
    words = re.findall(r"[^\W\d_](?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0b80-\u0bff'’-])*", choice)
    long = [word for word in words if len(word) > 2] or words
    return 2 * sum(_stem(word, tag) in said for word in long) >= len(long)


def _stem(word: str, tag: str) -> str:
    word = word[2:] if tag == "ar" and word.startswith("ال") else word
    folded = _folded(word, tag)
    return folded[: max(3, (len(folded) + 1) // 2)]


def _folded(text: str, tag: str) -> str:
    """One spelling for what is written in several. In Arabic only the root's letters stay: its plurals change all between them."""
    plain = _ARABIC_MARKS.sub("", unicodedata.normalize("NFC", text)).casefold()
    return _WEAK.sub("", plain) if tag == "ar" else plain


def inconsistencies(pairs: Iterable[Pair], tag: str) -> Iterator[Finding]:
    """Sentences that are the same in the source and not in the translation."""
    first: dict[str, Pair] = {}
    for pair in pairs:
        known = first.setdefault(" ".join(pair.source.split()), pair)
        if pair.translation.strip() and _same(known.translation) != _same(pair.translation):
            words = N_("The same sentence is translated otherwise in %(document)s, %(uid)s: “%(translation)s”.")
            values = {"document": known.document, "uid": known.uid, "translation": known.translation}
            yield Finding("inconsistent", WARNING, words, values, tag, pair.document, pair.uid)


_CHECKS: tuple[Callable[[str, str, str], Iterator[Finding]], ...] = (
    _placeholders,
    _numbers,
    _addresses,
    _characters,
    _keyboard,
    _untranslated,
    _norwegian,
    _length,
    _ending,
)
