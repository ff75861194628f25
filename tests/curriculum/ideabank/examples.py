"""A small invented bank: one theme, an outline, a vocabulary, the district's texts, and who works with them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from curriculum import goals, ideabank
from curriculum.ideabank import Document, DocumentErrors, DocumentVersion, ThemeDocument
from curriculum.people import AGENT, COORDINATOR, Assignment, District, Person

TODAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 13, 9, 0, tzinfo=UTC)

THEME = """+++
format = 1
id = "mot"
title = "Mot"
series = "kursrekke-9"
audience = "pupils"
core_minutes = 45
full_minutes = 60
grades = [5, 6]
groups = ["class", "half"]
presenter = ""
room = ["quiet"]
terms = ["modig", "redd", "trygg"]
sensitive = ["hard"]
district_texts = ["duties"]
origin = "machine"
sources = ["En bok om mot."]
licence = "CC BY 4.0"

[[aims]]
section = "2.5.1"
role = "main"
note = "Elevene øver på å være modige."

[[aims]]
code = "KM90001"
role = "supporting"
note = "Elevene snakker om hva mot er."

[dive]
define = "Hva er det som er skummelt?"
ideas = ""
choose = "Velg det som er trygt."
evaluate = ""
+++

## Hva vi vil {#purpose}

I dag øver vi på å være modige.

- si nei
- si ja

## Forberedelse {#preparation}

Finn fram kortene.

## Slik gjør vi {#steps}

### Ring {#ring minutes=10 kind=intro core}

Alle står i ring.

#### Vi sier {.say}

Velkommen!

#### Liten gruppe {.small}

Sitt ned.

### Modig eller dum? {#modig-lek minutes=20 kind=game core}

Spill spillet.

### Ekstra {#ekstra minutes=15 kind=activity}

Tegn.

## Refleksjon {#reflection}

Hva var modig?

## Vær oppmerksom på {#watch-out}

Noen er redde.

## Læreren {#teacher}

Vær med.

## Til foreldrene {#parents}

### {#sentence}

Denne uka er temaet mot. {#p1}

### {#ask}

Når er du *modig*? {#p2}

### {#did}

- Vi sto i ring. {#p3 step=ring}
- Vi spilte et spill om mot. {#p4 step=modig-lek}

### {#try}

Gjør noe litt skummelt sammen. {#p5}

### {#hard}

Er barnet redd? Vent litt. {#p6}

Snakk med læreren. {#p7}
"""

VOCABULARY = """format = 1
kind = "vocabulary"
id = "vocabulary"
title = "Ord vi bruker"
origin = "human"

[[terms]]
id = "modig"
word = "modig"
forms = ["modige"]
meaning = "Å gjøre noe selv om det er skummelt."
say = "«Det var modig av deg.»"
sensitive = false

[[terms]]
id = "redd"
word = "redd"
forms = []
meaning = "Når noe kjennes farlig."
say = "«Er du redd?»"
sensitive = true

[[terms]]
id = "trygg"
word = "trygg"
forms = ["trygge", "trygt"]
meaning = "Når ingenting er farlig."
say = "«Her er du trygg.»"
sensitive = false
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

- Vi er to. {#who-2}
"""

[[texts]]
key = "duties"
title = "Plikter"
body = """
Vi har taushetsplikt. {#duties-1}
"""
'''

OUTLINE = """format = 1
kind = "outline"
id = "kursrekke-9"
title = "Kursrekke 9"
description = "Bare mot."
origin = "human"

[[places]]
theme = "mot"
fixed = true
first = true
"""

GOALS = """format = 1
kind = "goals"
id = "lk20"
title = "Mål"

[[plans]]
code = "SAF90-01"
subject_nb = "Samfunnsfag"
subject_en = "Social studies"
valid_from = 2026-08-01
predecessor = "SAF90-00"

[[aims]]
code = "KM90001"
previous_code = "KM80001"
plan = "SAF90-01"
goal_set = "KV901"
after_year = 7
order = 3
tt1 = true
uri = "http://example.no/KM90001"
label_nb = "Snakke om mot"
label_en = "Talk about courage"

[[sections]]
code = "2.5.1"
part = "core"
label_nb = "Folkehelse og livsmestring"
label_en = "Health and life skills"

[[plans]]
code = "SAF90-00"
subject_nb = "Samfunnsfag"
subject_en = "Social studies"
"""

CALENDAR = """format = 1
kind = "calendar"
id = "stedet-2026"
name = "Stedet 2026–2027"
from = 2026-08-17
to = 2027-06-18

[[closed]]
from = 2026-09-28
to = 2026-10-02
reason = "Høstferie"
"""

FOLDER = {
    "kursrekke-9/01-mot.md": THEME,
    "outlines/kursrekke-9.toml": OUTLINE,
    "vocabulary.toml": VOCABULARY,
    "district-texts.toml": TEXTS,
}
FACTS = {"goals.toml": GOALS, "calendars/stedet.toml": CALENDAR, "README.md": "# Les meg\n"}


def theme() -> ThemeDocument:
    """The theme as values."""
    document = ideabank.parse(THEME)
    assert isinstance(document, ThemeDocument)
    return document


def faults(text: str, path: str = "") -> list[str]:
    """What the parser says of a text, in its own words."""
    try:
        ideabank.parse(text, path=path)
    except DocumentErrors as errors:
        return [str(error) for error in errors.errors]
    return []


def write_folder(folder: Path, **changed: str) -> Path:
    """The bank as a folder of files; `changed` gives other texts by path."""
    for name, text in (FOLDER | FACTS | changed).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return folder


def a_district(db: Session, key: str = "lia") -> District:
    district = District(key=key, name="Lia")
    db.add(district)
    db.flush()
    return district


def a_person(db: Session, district: District, name: str = "Kaja Holm", role: str | None = COORDINATOR) -> Person:
    person = Person(district_id=district.id, name=name, email=f"{name.split()[0].lower()}@lia.example")
    if role:
        person.assignments.append(Assignment(district_id=district.id, role=role, from_date=date(2026, 8, 1)))
    db.add(person)
    db.flush()
    return person


def an_agent(db: Session, district: District) -> Person:
    return a_person(db, district, "Ola Berg", AGENT)


def fill(db: Session, district: District) -> None:
    """Load the whole bank."""
    import tomllib

    goals.load_goals(db, tomllib.loads(GOALS))
    for path in ("vocabulary.toml", "district-texts.toml", "kursrekke-9/01-mot.md", "outlines/kursrekke-9.toml"):
        load(db, district, FOLDER[path], path)


def load(db: Session, district: District, text: str, path: str = "kursrekke-9/01-mot.md") -> str:
    return ideabank.load_document(db, district, text, path, now=NOW, today=TODAY)


def mot(db: Session, district: District) -> Document:
    """The theme's row."""
    return found(db, district, "mot")


def found(db: Session, district: District, key: str) -> Document:
    document = ideabank.find_document(db, district.id, key)
    assert document is not None
    return document


def version(document: Document) -> DocumentVersion:
    newest = ideabank.newest(document)
    assert newest is not None
    return newest


def publish_draft(
    db: Session,
    document: Document,
    by: Person,
    why: str = "Bedre ord.",
    *,
    now: datetime = LATER,
    today: date = TODAY,
    marks: Mapping[str, str] | None = None,
) -> DocumentVersion:
    """Publish the draft as one who has just read it; changed sentences that are not named changed in meaning."""
    named = {uid: ideabank.MEANING for uid, _, _ in ideabank.changed_sentences(db, document)} | dict(marks or {})
    seen = ideabank.change_hash(document)
    return ideabank.publish(db, document, seen=seen, by=by, why=why, now=now, today=today, marks=named)
