"""A small district to plan in: a school, two classes, two agents, three themes and an outline."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from curriculum.ideabank import AimPart, Document, DocumentVersion, OutlineDocument, PlacePart, StepPart, ThemeDocument, write
from curriculum.people import AGENT, COORDINATOR, Assignment, District, Person, School, SchoolClass
from curriculum.planning import Layout, Series, Wish, make_series, preview_many
from curriculum.text import Block

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
EARLY = datetime(2026, 9, 1, 4, tzinfo=UTC)
"""Before school on TODAY: when its series are planned."""


@dataclass
class House:
    """The district, its people, and how to fill it further."""

    db: Session
    district: District
    school: School
    class_5a: SchoolClass
    class_5b: SchoolClass
    agent: Person = field(init=False)
    colleague: Person = field(init=False)
    coordinator: Person = field(init=False)
    outline: DocumentVersion = field(init=False)

    def person(self, name: str, role: str, *classes: SchoolClass | None, to: date | None = None) -> Person:
        email = f"{name.split()[0].lower()}@example.org"
        person = Person(district=self.district, name=name, email=email)
        for one in classes:
            assignment = Assignment(district_id=self.district.id, role=role, school_class=one, from_date=date(2026, 8, 1), to_date=to)
            person.assignments.append(assignment)
        self.db.add(person)
        self.db.flush()
        return person

    def publish(self, document: ThemeDocument | OutlineDocument, effective: date = date(2026, 8, 1)) -> DocumentVersion:
        row = Document(district=self.district, kind=document.kind, key=document.key)
        version = DocumentVersion(
            district_id=self.district.id,
            document=row,
            number=1,
            title=document.title,
            text=write(document),
            hash=document.hash,
            origin="human",
            note="First",
            effective=effective,
            created_at=NOW,
        )
        self.db.add_all([row, version])
        self.db.flush()
        return version

    def wish(self, **changes: Any) -> dict[str, Any]:
        """The arguments of a preview that works: 5A on Tuesdays at 09:00 from week 36."""
        return {
            "school_class": self.class_5a,
            "outline": self.outline,
            "start": (2026, 36),
            "weekday": 1,
            "start_time": time(9),
            "minutes": 60,
            "agents": [self.agent],
            "today": TODAY,
        } | changes

    def preview(self, **changes: Any) -> Layout:
        """What `make` would save."""
        wish = self.wish(**changes)
        its = Wish(*(wish.pop(name) for name in ("school_class", "weekday", "start_time", "minutes")))
        return preview_many(self.db, [its], **wish)[0]

    def make(self, **changes: Any) -> Series:
        wish: dict[str, Any] = {"by": self.agent, "now": EARLY} | self.wish(**changes)
        return make_series(self.db, **wish)


def theme(key: str, title: str, minutes: int = 45, **more: Any) -> ThemeDocument:
    """A theme of one core step, with just enough in every section."""
    parents = {
        section: (Block(f"{section}-1", section, "p", "Vi snakker om det."),) for section in ("sentence", "ask", "try", "more", "hard")
    }
    parents["did"] = (Block("did-1", "did", "li", "Vi satt i ring.", "ring"),)
    return ThemeDocument(
        key,
        title,
        grades=(5,),
        groups=("class",),
        terms=("venn", "lytte", "dele"),
        aims=(AimPart("KM1", False, "main", "Fordi."),),
        sections=dict.fromkeys(ThemeDocument(key, title).sections, "Tekst."),
        steps=(StepPart("ring", "I ring", minutes, "talk", True, body="Vi sitter i ring."),),
        parents=parents,
        **more,
    )


def build(db: Session) -> House:
    district = District(key="solbakken", name="Bydel Solbakken")
    school = School(district=district, name="Solbakken skole")
    db.add_all([district, school])
    db.flush()
    classes = [SchoolClass(district_id=district.id, school=school, school_year=2026, name=name) for name in ("5A", "5B")]
    db.add_all(classes)
    db.flush()
    made = House(db, district, school, classes[0], classes[1])
    made.agent = made.person("Kari Solvang", AGENT, *classes)
    made.colleague = made.person("Ola Lunde", AGENT, classes[1])
    made.coordinator = made.person("Eva Moe", COORDINATOR, None)
    made.publish(theme("intro", "Intro", 30))
    made.publish(theme("identitet", "Identitet"))
    made.publish(theme("vennskap", "Vennskap", room=("quiet", "floor-space"), presenter="police"))
    places = (PlacePart("intro", first=True), PlacePart("identitet"), PlacePart("vennskap", fixed=True))
    made.outline = made.publish(OutlineDocument("kursrekke-1", "Kursrekke 1", places=places))
    return made
