"""Who may do what: one table, read by `may` for a thing in hand and by `visible` for lists. They agree by construction and by test."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from curriculum.people.models import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HALF,
    HEAD,
    MANAGER,
    TEACHER,
    TRANSLATOR,
    Assignment,
    District,
    Link,
    Person,
    School,
    SchoolClass,
    Scope,
    taken_from,
)

T = TypeVar("T")

Right: TypeAlias = tuple[str, int | None, int | None, str | None]
"""What an assignment gives: a role, and the school, the class or the language that it reaches."""

ANYONE = "anyone"
"""Every signed-in person of the district who has a role today."""

DISTRICT, SCHOOL, CLASS, LANGUAGE, PUBLISHED, OWN = "district", "school", "class", "language", "published", "own"
"""How far a role's right reaches: everything of the district, of the assigned school, class or language, what is published, or what was
handed to oneself though its class is another's.
"""

TABLE: dict[str, tuple[tuple[str, str], ...]] = {
    # act: (role, reach), …
    "read": (
        (ANYONE, PUBLISHED),
        (AGENT, CLASS),
        (AGENT, OWN),
        (TEACHER, CLASS),
        (COORDINATOR, DISTRICT),
        (HEAD, SCHOOL),
        (MANAGER, SCHOOL),
        (ADMINISTRATOR, DISTRICT),
        (TRANSLATOR, LANGUAGE),
    ),
    "plan": ((AGENT, CLASS),),
    "hold": ((AGENT, CLASS), (AGENT, OWN)),
    "propose": ((AGENT, PUBLISHED), (TEACHER, CLASS), (COORDINATOR, DISTRICT)),
    "edit": ((COORDINATOR, DISTRICT),),
    "publish": ((COORDINATOR, DISTRICT),),
    "translate": ((TRANSLATOR, LANGUAGE),),
    "record": ((AGENT, PUBLISHED), (TRANSLATOR, LANGUAGE), (COORDINATOR, DISTRICT)),
    "confirm": ((HEAD, SCHOOL), (MANAGER, SCHOOL)),
    "administer": ((ADMINISTRATOR, DISTRICT),),
    "share": ((AGENT, CLASS), (TEACHER, CLASS), (ADMINISTRATOR, DISTRICT)),
}


Among = Callable[[Any], ColumnElement[bool]]
"""A condition on a row: that it belongs to one of these (a column's `in_`, or a subquery around one)."""


@dataclass(frozen=True)
class Placement:
    """Where the rows of a table belong: what `Scope` says of one row, as conditions for a query. `there`: those that are not gone."""

    district: InstrumentedAttribute[int]
    school: Among | None = None
    classes: Among | None = None
    language: Among | None = None
    published: bool = False
    there: ColumnElement[bool] | None = None
    own: Callable[[int], ColumnElement[bool]] | None = None
    """By a person's id: that the row is among `Scope.persons`'."""


class Placed(Protocol):
    """A table whose rows have a scope."""

    @property
    def scope(self) -> Scope: ...


_placements: dict[type[Any], Placement] = {
    District: Placement(District.id),
    School: Placement(School.district_id, school=School.id.in_),
    SchoolClass: Placement(SchoolClass.district_id, school=SchoolClass.school_id.in_, classes=SchoolClass.id.in_),
    Person: Placement(Person.district_id),
}


def place(model: type[Placed], placement: Placement) -> None:
    """Tell the permission table where a higher room's rows belong."""
    _placements[model] = placement


def placed() -> dict[type[Any], Placement]:
    """Every table whose lists `visible` can filter."""
    return dict(_placements)


def roles(person: Person, today: date) -> set[str]:
    """The roles a person has today, anywhere."""
    return {assignment.role for assignment in person.assignments if assignment.in_effect(today)}


def may(person: Person, act: str, scope: Scope, today: date) -> bool:
    """Whether this person may do `act` (a key of TABLE) to a thing with this scope today.

    A joint lesson is open to those of any of its classes.
    """
    if not person.is_active or person.district_id != scope.district or scope.is_gone:
        return False
    current = [assignment for assignment in person.assignments if assignment.in_effect(today)]
    for role, reach in TABLE[act]:
        if role == ANYONE and scope.published and current:
            return True
        if any(assignment.role == role and _reaches(assignment, reach, scope) for assignment in current):
            return True
    return False


def _reaches(assignment: Assignment, reach: str, scope: Scope) -> bool:
    match reach:
        case "district":
            return True
        case "school":
            return assignment.school_id in scope.schools
        case "class":
            return assignment.class_id in scope.classes
        case "language":
            return scope.language is not None and assignment.language == scope.language
        case "own":
            return assignment.person_id in scope.persons
        case _:
            return scope.published


def visible(person: Person, model: type[T], today: date, act: str = "read") -> Select[T]:
    """The rows of a placed table this person may `act` on today, as a query to refine. Says the same as `may`, row by row.

    Whoever has the same rights gets the same query, so that what is built on it can be built once too.
    """
    if not person.is_active:
        return select(model).where(false())
    rights = tuple((one.role, one.school_id, one.class_id, one.language) for one in person.assignments if one.in_effect(today))
    table: Any = model
    her = person.id if _placements[table].own and any(reach == OWN for _, reach in TABLE[act]) else 0
    found: Select[T] = _visible(table, act, person.district_id, rights, her)
    return found


@lru_cache(maxsize=1024)
def _visible(model: Any, act: str, district: int, rights: tuple[Right, ...], her: int) -> Select[Any]:
    """Built once for the same rights: building such a query takes longer than asking it. `her` is who asks, where that matters."""
    placement = _placements[model]
    allowed = [_clause(rights, role, reach, placement, her) for role, reach in TABLE[act]]
    there = true() if placement.there is None else placement.there
    return select(model).where(placement.district == district, there, or_(false(), *allowed))


def _clause(rights: Collection[Right], role: str, reach: str, placement: Placement, her: int) -> ColumnElement[bool]:
    if role == ANYONE:
        return true() if placement.published and rights else false()
    current = [right for right in rights if right[0] == role]
    if not current:
        return false()
    match reach:
        case "district":
            return true()
        case "school" if placement.school:
            return placement.school([school for _, school, _, _ in current if school])
        case "class" if placement.classes:
            return placement.classes(with_halves([group for _, _, group, _ in current if group]))
        case "language" if placement.language:
            return placement.language([language for *_, language in current if language])
        case "published" if placement.published:
            return true()
        case "own" if placement.own:
            return placement.own(her)
        case _:
            return false()


def classes_of_schools(schools: Collection[Any]) -> Select[int]:
    """Ids of the classes of these schools."""
    return select(SchoolClass.id).where(SchoolClass.school_id.in_(schools))


def with_halves(classes: Collection[int] | BindParameter[Any]) -> Select[int]:
    """Ids of these classes and of the halves taken from them; never of a small group that is not itself among them."""
    group = SchoolClass.__table__.alias()  # of the table: that of a mapped class takes long to build
    halves = select(taken_from.c.class_id).where(taken_from.c.from_id.in_(classes))
    return select(group.c.id).where(or_(group.c.id.in_(classes), and_(group.c.kind == HALF, group.c.id.in_(halves))))


place(
    Link,
    Placement(Link.district_id, school=lambda schools: Link.class_id.in_(classes_of_schools(schools)), classes=Link.class_id.in_),
)
