"""A small invented district with one class, one agent and two themes, for the tests of what parents and teachers read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from curriculum import ideabank, summaries
from curriculum.goals import Section
from curriculum.ideabank import Document, DocumentVersion, Segment
from curriculum.ideabank.publishing import freeze
from curriculum.people import AGENT, Assignment, District, DistrictLanguage, HelpLine, Person, School, SchoolClass
from curriculum.planning import Lesson, Series

TODAY = date(2026, 10, 14)
"""A Wednesday in week 42 of 2026."""

MONDAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 14, 12, tzinfo=UTC)
EARLY = date(2026, 8, 17)

FRIENDS = """+++
format = 1
id = "vennskap"
title = "Vennskap"
audience = "pupils"
core_minutes = 45
full_minutes = 60
grades = [5, 6]
groups = ["class"]
terms = ["venn", "lytte", "trist"]
origin = "human"

[[aims]]
section = "2.5.1"
role = "main"
note = "Å ta vare på vennskap."
+++
## Hva vi vil med økta {#purpose}

I dag øver vi på å være en god venn. Alle kan lære det.

## Forberedelse {#preparation}

Les kortene.

## Gjennomføring {#steps}

### Ring {#ring minutes=40 kind=intro core}

Alle står i ring.

#### Si {.say}

Velkommen!

#### Liten gruppe {.small}

Sett dere.

### Lek {#lek minutes=15 kind=game}

Vi leker.

## Refleksjon {#reflection}

Hva lærte vi?

## Vær oppmerksom på {#watch-out}

Noen er alene.

## Læreren {#teacher}

Du er **med**.

## Til foreldrene {#parents}

### {#sentence}

Denne uka er temaet vennskap, for alle trenger noen. {#p1}

### {#ask}

Hva gjør en god venn? {#p2}

### {#did}

- Vi satt i ring. {#p3 step=ring}
- Vi lekte. {#p4 step=lek}

### {#try}

Les om [venner](https://example.org/venner) sammen. {#p5}

### {#more}

- Hvem var du sammen med i dag? {#p6}

### {#hard}

Noen er mye alene. {#p7}

Snakk med læreren. {#p8}
"""

TEAMWORK = (
    FRIENDS.replace('"vennskap"', '"samarbeid"')
    .replace('"Vennskap"', '"Samarbeid"')
    .replace("vennskap, for alle trenger noen", "samarbeid")
)

VOCABULARY = """format = 1
kind = "vocabulary"
id = "vocabulary"
title = "Ord vi bruker"
origin = "human"

[[terms]]
id = "venn"
word = "venn"
meaning = "En du liker å være sammen med."
say = "«Hva gjorde du i dag som en god venn gjør?»"

[[terms]]
id = "lytte"
word = "lytte"
meaning = "Å høre etter."
say = "«Jeg hører på deg.»"

[[terms]]
id = "trist"
word = "trist"
meaning = "Når noe gjør vondt inni deg."
say = "«Jeg ser at du er trist.»"
sensitive = true
"""

TEXTS = '''format = 1
kind = "district-texts"
id = "district-texts"
title = "Bydelens tekster"
origin = "human"

[[texts]]
key = "who-we-are"
title = "Hvem vi er"
body = """
Vi holder kurset. {#who-1}
"""

[[texts]]
key = "duties"
title = "Dette har vi plikt til"
body = """
Vi har taushetsplikt. {#duties-1}
"""

[[texts]]
key = "contact"
title = "Snakk med oss"
body = """
Snakk først med læreren. {#contact-1}
"""

[[texts]]
key = "about"
title = "Om oss"
body = """
Her kan dere lese om kurset. {#about-1}
"""
'''


@dataclass
class World:
    """Everything there is, and the verbs by which a test changes it."""

    db: Session
    district: District
    school_class: SchoolClass
    agent: Person
    series: Series
    friends: Document
    teamwork: Document
    vocabulary: Document
    texts: Document

    def lesson(
        self, theme: Document | None = None, day: date = MONDAY, minutes: int = 60, *, series: Series | None = None, **more: Any
    ) -> Lesson:
        """A lesson of the class at nine o'clock."""
        series = series or self.series
        made = Lesson(
            district_id=self.district.id,
            theme=theme or self.friends,
            position=1,
            date=day,
            start=time(9),
            end=(datetime.combine(day, time(9)) + timedelta(minutes=minutes)).time(),
            minutes=40,
            classes=[series.school_class],
            staff=[self.agent],
            **more,
        )
        series.lessons.append(made)
        self.db.flush()
        return made

    def group(self, name: str, kind: str = "class", *, in_use: bool = True) -> Series:
        """Another class of the school, and its series."""
        school_class = SchoolClass(district_id=self.district.id, school=self.school_class.school, school_year=2026, name=name, kind=kind)
        return _series(self.db, self.district, school_class, self.series.outline_version, in_use=in_use)

    def publish(self, document: Document, old: str, new: str, *, on: date = TODAY, **marks: str) -> DocumentVersion:
        """The next version of a document, in which `old` reads `new`; `marks` by segment uid."""
        before = document.versions[-1]
        text = before.text.replace(old, new)
        assert text != before.text
        said = ideabank.parse(text)
        made = freeze(self.db, document, said, note="ny", now=NOW, today=on, marks=marks)
        self.db.expire(document, ["versions"])
        return made

    def segments(self, document: Document, *uids: str) -> list[Segment]:
        """The segments of the newest version, those named or all."""
        rows = self.db.scalars(select(Segment).where(Segment.version_id == document.versions[-1].id).order_by(Segment.position))
        return [row for row in rows if not uids or row.uid in uids]

    def translate(
        self,
        document: Document,
        *uids: str,
        tag: str = "so",
        state: str = "translated",
        origin: str = "human",
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Translate the newest version's segments, those named or all, by putting the language's tag before each word of the source."""
        for segment in self.segments(document, *uids):
            summaries.add_translation(
                self.db,
                document=document,
                segment_uid=segment.uid,
                language=tag,
                source_text=segment.text,
                source_hash=segment.hash,
                text=(words or {}).get(segment.uid, f"{tag.upper()} {segment.text}"),
                state=state,
                origin=origin,
                by=self.agent if state != "draft" else None,
                now=NOW,
            )

    def translate_all(self, **how: Any) -> None:
        for document in (self.friends, self.teamwork, self.vocabulary, self.texts):
            self.translate(document, **how)

    def summary(self, lesson: Lesson, tag: str = "so", today: date = TODAY) -> summaries.Summary:
        return summaries.summary_for(self.db, lesson, tag, today)

    def part(self, lesson: Lesson, key: str, tag: str = "so", today: date = TODAY) -> summaries.Section:
        """A section that must be there."""
        part = self.summary(lesson, tag, today).part(key)
        assert part is not None
        return part


def build(db: Session) -> World:
    """The district Fjelldalen with class 5A at Lia skole. It is not the demo, and lets parents read what a human has translated."""
    district = District(key="fjelldalen", name="Fjelldalen", parents_read="translated")
    district.languages = [
        DistrictLanguage(tag=tag, position=place, is_open=tag != "pl") for place, tag in enumerate(("nb", "so", "ur", "pl"))
    ]
    district.help_lines = [HelpLine(position=1, name="Alarmtelefonen", phone="116 111")]
    db.add(district)
    db.flush()
    db.add(Section(code="2.5.1", label_nb="Folkehelse og livsmestring", label_en="Health and life skills"))
    documents = [_load(db, district, text, path) for text, path in _FILES]
    school = School(district=district, name="Lia skole", phone="22 00 00 00")
    agent = Person(district=district, name="Ada Berg", email="ada@fjelldalen.example", shows_first_name=True)
    db.add(agent)
    school_class = SchoolClass(district_id=district.id, school=school, school_year=2026, name="5A")
    vocabulary, texts, friends, teamwork, outline = documents
    db.flush()
    db.add(Assignment(district_id=district.id, person=agent, role=AGENT, school_class=school_class, from_date=date(2026, 8, 1)))
    series = _series(db, district, school_class, outline.versions[-1])
    return World(db, district, school_class, agent, series, friends, teamwork, vocabulary, texts)


_OUTLINE = """format = 1
kind = "outline"
id = "kursrekke-1"
title = "Kursrekke 1"
origin = "human"

[[places]]
theme = "vennskap"
"""

_FILES = (
    (VOCABULARY, "vocabulary.toml"),
    (TEXTS, "district-texts.toml"),
    (FRIENDS, "vennskap.md"),
    (TEAMWORK, "samarbeid.md"),
    (_OUTLINE, "kursrekke-1.toml"),
)


def _load(db: Session, district: District, text: str, path: str) -> Document:
    ideabank.load_document(db, district, text, path, now=NOW, today=EARLY)
    document = ideabank.find_document(db, district.id, ideabank.parse(text, path=path).key)
    assert document is not None
    return document


def _series(db: Session, district: District, school_class: SchoolClass, outline: DocumentVersion, *, in_use: bool = True) -> Series:
    series = Series(
        district=district,
        school_class=school_class,
        outline_version=outline,
        title="Kursrekke 1",
        from_date=EARLY,
        to_date=date(2027, 6, 18),
        in_use=in_use,
    )
    db.add(series)
    db.flush()
    return series


@contextmanager
def counted(db: Session) -> Iterator[list[str]]:
    """The statements sent while it is open, with nothing remembered from before."""
    db.flush()
    db.expire_all()
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    bind = db.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(bind, "before_cursor_execute", note)
