"""Finding themes by words: Norwegian stems, also inside compounds, each theme with the sentence in which the words stand."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, takewhile

from snowballstemmer import stemmer  # type: ignore[import-untyped]

from curriculum.ideabank.documents import DIVE, PARENTS, PROSE, TermPart, ThemeDocument

_WORD = re.compile(r"[^\W_]+")

LONGEST_QUERY, MOST_WORDS = 200, 8
"""Characters, and different words, of what is typed that are looked for."""

TITLE, PURPOSE, NAMES, FOR_PARENTS, MEANING, HELD, BESIDE, WHY = 14, 7, 6, 5, 4, 3, 2, 1
"""How much it counts that a word stands there: the title, the purpose, a part's title or a word we use, what parents read, what a word
means, how the lesson is held, the other sections, the notes on aims and DIVE."""

EQUAL, SAME_STEM, BEGINS, WITHIN = 4, 3, 2, 1
"""How well a word answers to what was typed."""

STEP, PLACE_COUNTS, ANSWER_COUNTS, SLICES = 2, 3, 2, 10
"""A spelling as typed counts a little more than one that differs in å, æ, ø and doubled letters (STEP). A find in the title is worth more
than the best anywhere else; `SLICES` bits hold the sum of MOST_WORDS words, each at its best in the title and outside it."""

SHORTEST_BEGINNING, SHORTEST_STEM, SHORTEST_TAIL = 2, 4, 3
"""Letters of what may begin a word, stand inside it, or be its last part: fewer stand in too many words by chance."""

LONGEST_SENTENCE = 220
"""Characters of a sentence that is shown whole; of a longer one what stands around its first hit."""

SMALL_WORDS = frozenset(
    _WORD.findall(
        "av at da de den der det du eg ei en er et for før ha han har hun ho i ikke ikkje jeg kan med men når og om opp oss på seg så som"
        " til ut var ved vi være å"
    )
)
"""Words that are looked for only when nothing else was typed (bokmål and nynorsk)."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a theme and where it stands: `at` names the section (title, purpose, steps.<uid>, terms.<key>, parents.<key>,
    dive.<key>, aims), `heading` the part or the word it belongs to."""

    at: str
    text: str
    rank: int
    heading: str = ""


@dataclass(frozen=True, eq=False)
class ThemeWords:
    """A theme made ready to be searched: its sentences, the title first, and for every word the places of those it stands in."""

    key: tuple[str, tuple[TermPart, ...]]
    sentences: tuple[Sentence, ...]
    words: Mapping[str, tuple[int, ...]]


Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True for those that were found."""


@dataclass(frozen=True)
class HitSentence:
    """A sentence with what was found in it."""

    at: str
    heading: str
    pieces: Marked


@dataclass(frozen=True)
class Hit:
    """A theme that was found: its title, and one or two of its sentences in which the words stand."""

    title: Marked
    sentences: tuple[HitSentence, ...]


# --- Words -----------------------------------------------------------------------------------------------------------------------------

_NORWEGIAN = stemmer("norwegian")
_LETTERS = str.maketrans({"æ": "a", "ø": "o", "å": "a", "ä": "a", "ö": "o"})
_SPELT_OUT = re.compile(r"a[ae](?=.)|oe(?=.)")
_DOUBLED = re.compile(r"(.)\1+")
"""Two of a letter are one for whoever spells by ear; more than two are no spelling of any word."""


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    stem: str = _NORWEGIAN.stemWord(word)
    return stem


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    """Without what people leave out or spell otherwise: foelelser and folelser are følelser, venskap is vennskap, cafe is café."""
    plain = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _DOUBLED.sub(lambda run: run[1] if len(run[0]) == 2 else run[0], _SPELT_OUT.sub(lambda found: found.group()[0], plain))


def words_of(text: str) -> list[str]:
    """The words of a text in small letters."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def words_typed(typed: str) -> tuple[str, ...]:
    """What is looked for: the different words typed, without letters that are no words, and without small words when there are others."""
    found = dict.fromkeys(word for word in words_of(typed[:LONGEST_QUERY]) if len(word) > 1 or word.isdigit() or word in SMALL_WORDS)
    telling = [word for word in found if word not in SMALL_WORDS]
    return tuple((telling or list(found))[:MOST_WORDS])


def _quality(form: str, typed: str) -> int:
    """How well a word answers to what was typed: equal, the same stem, beginning with it, or a compound around it (uvenn is one)."""
    stem, other = _stem(typed), _stem(form)
    if form == typed:
        return EQUAL
    if stem == other:
        return SAME_STEM
    if form.startswith(typed) or (len(stem) >= SHORTEST_STEM and form.startswith(stem)):
        return BEGINS
    is_inside = (len(stem) >= SHORTEST_STEM and stem in form) or (len(stem) >= SHORTEST_TAIL and other.endswith(stem))
    return WITHIN if is_inside and (form[0] == "u" or form.find(stem) >= SHORTEST_BEGINNING) else 0


class _Forms:
    """Words in alphabetical order, looked through as one string: far quicker than one by one."""

    def __init__(self, forms: Iterable[str]) -> None:
        self.forms = sorted(forms)
        self.lines = "\n".join(["", *self.forms, ""])

    def near(self, typed: str) -> Iterator[str]:
        """The words that can answer to what was typed; a stem is always how its word begins."""
        if len(typed) < SHORTEST_BEGINNING:
            yield from [typed] if f"\n{typed}\n" in self.lines else []
        elif len(_stem(typed)) < SHORTEST_TAIL:
            yield from self._beginning(_stem(typed))
        else:
            yield from self._holding(_stem(typed))

    def _beginning(self, part: str) -> Iterator[str]:
        first = bisect_left(self.forms, part)
        yield from takewhile(lambda form: form.startswith(part), self.forms[first:])

    def _holding(self, part: str) -> Iterator[str]:
        place = self.lines.find(part)
        while place >= 0:
            end = self.lines.index("\n", place)
            yield self.lines[self.lines.rindex("\n", 0, place) + 1 : end]
            place = self.lines.find(part, end)


# --- Sentences -------------------------------------------------------------------------------------------------------------------------

_CHUNK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)]|#{1,6}|\|)[ \t])")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKUP = re.compile(r"^[ \t]*(?:[-+]|\d+[.)])[ \t]+|[*_`~#>|]+|\\(?=[^\w\s])", re.M)
_SENTENCE_END = re.compile(r"(?<=[.!?…»])\s+(?=[^\W\d_a-zæøå]|[«“\"–\d])")


def _sentences_of(markdown: str) -> Iterator[str]:
    """The sentences of a Markdown text without its marks."""
    for chunk in _CHUNK.split(unicodedata.normalize("NFC", markdown)):
        plain = " ".join(_MARKUP.sub("", _LINK.sub(r"\1", chunk)).split())
        yield from (sentence for sentence in _SENTENCE_END.split(plain) if sentence)


def _read(theme: ThemeDocument, terms: Iterable[TermPart]) -> Iterator[tuple[str, str, int, str]]:
    """What of a theme is searched, in reading order: where it stands, the Markdown, how much it counts, and what it belongs to."""
    yield "title", theme.title, TITLE, ""
    for key in PROSE:
        yield key, theme.sections.get(key, ""), PURPOSE if key == "purpose" else BESIDE, ""
    for step in theme.steps:
        yield f"steps.{step.uid}", step.title, NAMES, step.title
        for words in (step.body, step.say, step.small):
            yield f"steps.{step.uid}", words, HELD, step.title
    for term in terms:
        yield f"terms.{term.key}", term.word, NAMES, term.word
        for words in (term.meaning, term.say):
            yield f"terms.{term.key}", words, MEANING, term.word
    for key in PARENTS:
        for block in theme.parents.get(key, ()):
            yield f"parents.{key}", block.markdown, FOR_PARENTS, ""
    for key in DIVE:
        yield f"dive.{key}", theme.dive.get(key, ""), WHY, ""
    for aim in theme.aims:
        yield "aims", aim.note, WHY, ""


def _ready(theme: ThemeDocument, terms: tuple[TermPart, ...]) -> ThemeWords:
    sentences = [Sentence("title", " ".join(theme.title.split()), TITLE)]
    for at, markdown, rank, heading in _read(theme, terms):
        if at != "title":
            sentences += [Sentence(at, said, rank, heading) for said in _sentences_of(markdown)]
    places: dict[str, list[int]] = {}
    for place, sentence in enumerate(sentences):
        for word in dict.fromkeys(words_of(sentence.text)):
            places.setdefault(word, []).append(place)
    return ThemeWords((theme.hash, terms), tuple(sentences), {word: tuple(found) for word, found in places.items()})


# --- The index ---------------------------------------------------------------------------------------------------------------------------


class Index:
    """Themes ready to be searched. A set of themes is a number whose bit n is the theme with place n: so sets meet at once."""

    def __init__(self, themes: Sequence[ThemeWords]) -> None:
        self.themes = tuple(themes)
        self.ranks: dict[str, dict[int, int]] = {}
        """For each word, by how much its place counts, the set of themes in which it stands there."""
        for place, theme in enumerate(self.themes):
            self._add(1 << place, theme)
        self._as_typed = _Forms(self.ranks)
        self._spelt: dict[str, list[str]] = {}
        for word in self.ranks:
            self._spelt.setdefault(_folded(word), []).append(word)
        self._as_folded = _Forms(self._spelt)

    def _add(self, bit: int, theme: ThemeWords) -> None:
        for word, places in theme.words.items():
            ranks = self.ranks.setdefault(word, {})
            for rank in {theme.sentences[place].rank for place in places}:
                ranks[rank] = ranks.get(rank, 0) | bit

    def answering(self, typed: str) -> dict[str, int]:
        """The words that answer to a typed one, with how well. One typed with æ, ø or å is taken at its word; without, both are meant."""
        found = {form: STEP * _quality(form, typed) for form in self._as_typed.near(typed)}
        if typed.isascii():
            folded = _folded(typed)
            for form in self._as_folded.near(folded):
                quality = _quality(form, folded)
                if quality >= SAME_STEM or len(folded) >= SHORTEST_STEM:
                    for word in self._spelt[form]:
                        found[word] = max(found.get(word, 0), STEP * quality - 1)
        return {word: quality for word, quality in found.items() if quality > 0}


def index_themes(themes: Iterable[tuple[ThemeDocument, tuple[TermPart, ...]]], before: Index | None = None) -> Index:
    """An index of themes, each with the words it uses. What stood in `before` and says the same is not read again."""
    kept = {theme.key: theme for theme in before.themes} if before else {}
    ready = [kept.get((theme.hash, terms)) or _ready(theme, terms) for theme, terms in themes]
    return before if before and list(before.themes) == ready else Index(ready)


# --- Searching ---------------------------------------------------------------------------------------------------------------------------


class Found:
    """What a search found: `themes`, a set of places in the index, and each of them as a hit, the best first."""

    def __init__(self, index: Index, typed: str) -> None:
        self.index = index
        self.words = words_typed(typed)
        """The words that were looked for; a theme must hold them all."""
        self._answers = [index.answering(word) for word in self.words]
        grades = [self._grades(answers) for answers in self._answers]
        self.themes = (1 << len(index.themes)) - 1 if self.words else 0
        for in_title, elsewhere in grades:
            self.themes &= _union([*in_title.values(), *elsewhere.values()])
        self._slices = [0] * SLICES
        for grade in chain.from_iterable(grades):
            self._count(grade)

    def _grades(self, answers: Mapping[str, int]) -> tuple[dict[int, int], dict[int, int]]:
        """The themes in which a word is found, by how good the find is: those with it in the title, and those with it elsewhere."""
        in_title: dict[int, int] = {}
        elsewhere: dict[int, int] = {}
        for word, quality in answers.items():
            for rank, themes in self.index.ranks[word].items():
                grades, grade = in_title if rank == TITLE else elsewhere, rank * PLACE_COUNTS + quality * ANSWER_COUNTS
                grades[grade] = grades.get(grade, 0) | themes
        return in_title, elsewhere

    def _count(self, grades: Mapping[int, int]) -> None:
        """Add each theme's best grade to its sum. Bit n of every theme's sum stands in slice n, so that all are added at once."""
        left = self.themes
        for grade in sorted(grades, reverse=True):
            themes, left = grades[grade] & left, left & ~grades[grade]
            for place in range(SLICES):
                carried = themes if grade >> place & 1 else 0
                for higher in range(place, SLICES):
                    self._slices[higher], carried = self._slices[higher] ^ carried, self._slices[higher] & carried

    def best_first(self, among: int) -> Iterator[int]:
        """The places in the index of the themes found among these, the best first; equally good ones in the index's order."""
        return _highest_first(self.themes & among, self._slices)

    def hit(self, place: int) -> Hit:
        """A found theme with its marks."""
        theme = self.index.themes[place]
        found = self._sentences_hit(theme)
        left = set(range(len(self.words))) - found.pop(0, {}).keys()
        shown: list[int] = []
        while found and len(shown) < 2 and (left or not shown):
            best = max(found, key=lambda place: self._worth(theme, place, found[place], left))
            left -= found.pop(best).keys()
            shown.append(best)
        return Hit(self._marked(theme.sentences[0].text), tuple(self._shown(theme.sentences[place]) for place in shown))

    def _sentences_hit(self, theme: ThemeWords) -> dict[int, dict[int, int]]:
        """For each sentence with a hit: which of the typed words it answers, and how well."""
        found: dict[int, dict[int, int]] = {}
        for number, answers in enumerate(self._answers):
            for word in answers.keys() & theme.words.keys() if len(answers) > len(theme.words) else answers:
                for place in theme.words.get(word, ()):
                    qualities = found.setdefault(place, {})
                    qualities[number] = max(qualities.get(number, 0), answers[word])
        return found

    def _worth(self, theme: ThemeWords, place: int, qualities: Mapping[int, int], left: set[int]) -> tuple[int, ...]:
        good = theme.sentences[place].rank * PLACE_COUNTS + sum(qualities.values()) * ANSWER_COUNTS
        return len(left & qualities.keys()), len(qualities), good, -place

    def _shown(self, sentence: Sentence) -> HitSentence:
        return HitSentence(sentence.at, sentence.heading, self._marked(sentence.text, LONGEST_SENTENCE))

    def _marked(self, text: str, most: int = 1_000) -> Marked:
        hits = [found.span() for found in _WORD.finditer(text) if self._is_found(found.group().lower())]
        start = _cut(text, hits[0][0] - most // 3) if len(text) > most else 0
        end = start + len(text[start : start + most].rsplit(" ", 1)[0]) if len(text) - start > most else len(text)
        pieces = [("… ", False)] if start else []
        last = start
        for first, after in hits:
            if after <= end:
                pieces += [(text[last:first], False), (text[first:after], True)]
                last = after
        return tuple(piece for piece in (*pieces, (text[last:end] + ("" if end == len(text) else " …"), False)) if piece[0])

    def _is_found(self, word: str) -> bool:
        return any(word in answers for answers in self._answers)


def _cut(text: str, near: int) -> int:
    """Where the word begins that stands at or before a place."""
    return text.rfind(" ", 0, near) + 1 if near > 0 else 0


def search(index: Index, typed: str) -> Found:
    """Look for themes that hold all the words typed, in any of their forms, also inside compounds. Any text may be typed."""
    return Found(index, typed)


def places_in(themes: int) -> Iterator[int]:
    """The places of a set of themes, the first first."""
    while themes:
        lowest = themes & -themes
        yield lowest.bit_length() - 1
        themes ^= lowest


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def _highest_first(themes: int, slices: Sequence[int]) -> Iterator[int]:
    if not themes:
        return
    if not slices:
        yield from places_in(themes)
        return
    *lower, highest = slices
    yield from _highest_first(themes & highest, lower)
    yield from _highest_first(themes & ~highest, lower)
