"""Who may come in: each route's rule, the signed-in person, and fetching a thing together with the right to it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any, NoReturn, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from sqlalchemy import Select, bindparam, select, true
from sqlalchemy.orm import Session, defaultload, joinedload, selectinload
from werkzeug.wrappers import Response

from app.database import now, remember, session, today
from curriculum import people
from curriculum.base import ChangeCounter, is_reading, reads_at
from curriculum.keeping import Kept
from curriculum.people import AuditEvent, CalendarFeed, District, Link, Person, SignIn

EVERYONE, SIGNED_IN = "everyone", "signed in"
SIGN_IN_DAYS = 14
WITHOUT_ROLE = "accounts.nothing_yet"
"""The page that says so to someone whose roles have not begun or are over: everything else is closed to her."""
WRONG_CODES_AN_HOUR = 40
"""A whole school sits behind one address: enough for honest slips, far too few to guess one of 2^50 codes."""

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])


def open_to(*who: str, writes: bool = False) -> Callable[[View], View]:
    """Open a route to everyone, to all signed in, or to roles. Without it a route is closed.

    `writes` lets a GET write (such routes are listed in a test).
    """

    def mark(view: View) -> View:
        view.open_to = who  # type: ignore[attr-defined]
        view.writes = writes  # type: ignore[attr-defined]
        return view

    return mark


def guard(app: Flask) -> None:
    """Check each request against its route's rule before the view runs."""
    app.extensions["wrong codes"] = Visitors()

    @app.before_request
    def enter() -> Response | None:
        if request.endpoint is None:
            return None  # no such address: 404
        if "\0" in request.path:
            abort(404)  # PostgreSQL does not take it
        rule: tuple[str, ...] = getattr(app.view_functions[request.endpoint], "open_to", ())
        if EVERYONE in rule:
            return None
        person = signed_in_person()
        if person is None:
            if request.method in ("GET", "HEAD"):
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
            abort(401)
        hers = people.roles(person, today())
        if hers.intersection(rule) or (SIGNED_IN in rule and (hers or request.endpoint == WITHOUT_ROLE)):
            return None
        refuse(request.endpoint)


def signed_in_person() -> Person | None:
    """The person of this request's sign-in row, with her assignments, or None. One query, once."""
    if "person" not in g:
        token = cookie.get("sign_in")
        g.person = _person_of(token) if isinstance(token, str) else None
    found: Person | None = g.person
    return found


def me() -> Person:
    """The signed-in person; only for routes that are not open to everyone."""
    person = signed_in_person()
    if person is None:
        abort(401)
    return person


def _person_of(token: str) -> Person | None:
    """Whose open sign-in this is: asked of the database each time, so that one that has ended is dead at once.

    Whoever writes gets the row itself. Whoever only reads gets what is kept of it while nothing changes.
    """
    db, asked = session(), {"token_hash": _hashed(token), "now": now()}
    if not is_reading():
        return db.scalars(_whole(_open_sign_in(Person)), asked).unique().first()
    found = db.execute(_open_sign_in(Person.id, ChangeCounter.epoch, ChangeCounter.value), asked).first()
    if found is None:
        return None
    person_id, epoch, value = found
    reads_at(db, (epoch, value))
    return _persons.get(db, person_id)


@cache
def _open_sign_in(*columns: Any) -> Select[Any]:
    """Of whom a sign-in is open, and the moment at which that is read. Built once, for every request asks it."""
    is_open = SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("now")
    return select(*columns).join(SignIn, SignIn.person_id == Person.id).join(ChangeCounter, true()).where(*is_open, Person.is_active)


@lru_cache
def _whole(query: Select[Person]) -> Select[Person]:
    """Persons with what pages ask of the one who is signed in: her district and her assignments."""
    return query.options(
        joinedload(Person.district, innerjoin=True),
        joinedload(Person.assignments).joinedload(people.Assignment.school_class),
    )


def _read_person(db: Session, person_id: int) -> Person:
    """A person apart from any session, to be kept: only what is loaded here can be asked of her."""
    district = defaultload(Person.district).options(selectinload(District.languages), selectinload(District.help_lines))
    with Session(db.connection()) as apart:
        return apart.scalars(_whole(_by_number()).options(district), {"id": person_id}).unique().one()


@cache
def _by_number() -> Select[Person]:
    return select(Person).where(Person.id == bindparam("id"))


_persons = Kept(_read_person)


def start_sign_in(person: Person) -> None:
    """A new row and a new token at each sign-in: an old cookie never comes to life again."""
    token = secrets.token_urlsafe(32)
    session().add(SignIn(token_hash=_hashed(token), person_id=person.id, created_at=now(), expires_at=now() + timedelta(days=SIGN_IN_DAYS)))
    cookie.clear()
    cookie["sign_in"] = token
    cookie.permanent = True
    g.person = person
    remember(AuditEvent(district_id=person.district_id, at=now(), kind="sign-in", person_id=person.id))


def end_sign_in() -> None:
    """Out is out: the row is ended, so a copied cookie is dead too."""
    token = cookie.get("sign_in")
    if isinstance(token, str):
        row = session().scalars(select(SignIn).where(SignIn.token_hash == _hashed(token))).first()
        if row:
            row.ended_at = now()
            remember(AuditEvent(district_id=row.person.district_id, at=now(), kind="sign-out", person_id=row.person_id))
    cookie.clear()
    g.person = None


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(value: str) -> str:
    """A name for something we must recognise again and may not store, under our secret key."""
    key = current_app.secret_key
    assert isinstance(key, str)
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()


# --- Things -------------------------------------------------------------------------------------------------------------------------


def find(model: type[T], *conditions: Any, act: str = "read", load: tuple[Any, ...] = ()) -> T:
    """Fetch one thing together with the right to `act` on it. Not there or not hers to see: 404; hers to see but not to do: 403."""
    person = me()
    row = session().scalars(people.visible(person, model, today(), act).where(*conditions).options(*load)).unique().first()
    if row is not None:
        return row
    if act != "read" and session().scalars(people.visible(person, model, today()).where(*conditions)).unique().first() is not None:
        refuse(act)
    abort(404)


def find_by_id(model: type[T], public_id: str, act: str = "read", load: tuple[Any, ...] = ()) -> T:
    """`find` by public id, with a query that is built once: for everyday pages, whose `load` is one tuple made once."""
    row = _of_id(model, public_id, act, load)
    if row is not None:
        return row
    if act != "read" and _of_id(model, public_id, "read", ()) is not None:
        refuse(act)
    abort(404)


def _of_id(model: type[T], public_id: str, act: str, load: tuple[Any, ...]) -> T | None:
    table: Any = model
    query: Select[T] = _by_id(people.visible(me(), model, today(), act), table.public_id, load)
    return session().scalars(query, {"public_id": public_id}).unique().first()


@lru_cache(maxsize=512)
def _by_id(seen: Select[Any], public_id: Any, load: tuple[Any, ...]) -> Select[Any]:
    return seen.where(public_id == bindparam("public_id")).options(*load)


def visible(model: type[T], act: str = "read") -> Select[T]:
    """The rows of a table that the signed-in person may `act` on, as a query to refine."""
    return people.visible(me(), model, today(), act)


def can(act: str, thing: people.Placed) -> bool:
    """Whether the signed-in person may do this to a thing in hand: for showing a button."""
    person = signed_in_person()
    return person is not None and people.may(person, act, thing.scope, today())


def refuse(what: str) -> NoReturn:
    """403, and a line in the audit."""
    person = me()
    remember(AuditEvent(district_id=person.district_id, at=now(), kind="refused", person_id=person.id, about=what))
    abort(403)


def safe_next(address: str | None, otherwise: str) -> str:
    """An address of our own to go on to: anything with a scheme, a host, a backslash or a control character is not.

    Browsers read a backslash as a slash and drop tabs and line ends (WHATWG URL), so that "/\\t/elsewhere" would lead elsewhere.
    """
    if not address or not address.startswith("/") or address.startswith("//") or re.search(r"[\\\x00-\x20\x7f]", address):
        return otherwise
    return address


# --- Links without an account -----------------------------------------------------------------------------------------------------


class Visitors:
    """How often each visitor did something in a span of time: tried a wrong code in this hour.

    Visitors are known by a key that lives that long in memory, and by nothing else.
    """

    def __init__(self) -> None:
        self.span = ""
        self.key = b""
        self.times: Counter[str] = Counter()

    def of(self, who: str, span: str) -> int:
        """How often this visitor did so in this span."""
        visitor = self._visitor(who, span)
        return self.times[visitor]

    def add(self, who: str, span: str) -> None:
        """Once more."""
        visitor = self._visitor(who, span)  # first, for it may begin a new span
        self.times[visitor] += 1

    def all(self, span: str) -> int:
        """How often all visitors did so in this span."""
        return self.times.total() if span == self.span else 0

    def _visitor(self, who: str, span: str) -> str:
        if span != self.span:
            self.span, self.key, self.times = span, secrets.token_bytes(32), Counter()
        return hmac.new(self.key, who.encode(errors="replace"), hashlib.sha256).hexdigest()


def find_link(kind: str, code: str) -> Link:
    """The open link with this (folded) code. Unknown: 404 and counted; revoked or past its last day: 410."""
    link = _find_by_code(_link(), kind=kind, code=code)
    if link.revoked_at is not None or link.expires < today():
        abort(410)
    return link


@cache
def _link() -> Select[Link]:
    """With what the class's page needs of its school and district."""
    district = joinedload(Link.school_class).joinedload(people.SchoolClass.school).joinedload(people.School.district)
    query = select(Link).where(Link.kind == bindparam("kind"), Link.code == bindparam("code"))
    return query.options(district.joinedload(people.District.languages))


def find_calendar(code: str) -> CalendarFeed:
    """The open calendar address with this (folded) code. Unknown: 404 and counted.

    Closed, of one who has left, or of a year that is over: 410.
    """
    hers = joinedload(CalendarFeed.person).selectinload(Person.assignments).joinedload(people.Assignment.school_class)
    its = (
        joinedload(CalendarFeed.school_class).joinedload(people.SchoolClass.school),
        joinedload(CalendarFeed.school),
        joinedload(CalendarFeed.district),
    )
    feed = _find_by_code(select(CalendarFeed).where(CalendarFeed.code == code).options(hers, *its))
    if not people.is_calendar_open(feed, today()):
        abort(410)
    return feed


def _find_by_code(query: Select[T], **values: str) -> T:
    """What a code leads to; a visitor who has tried too many wrong ones in an hour must wait."""
    wrong: Visitors = current_app.extensions["wrong codes"]
    visitor, hour = request.remote_addr or "", f"{now():%Y-%m-%d %H}"
    if wrong.of(visitor, hour) >= WRONG_CODES_AN_HOUR:
        abort(429)
    found = session().scalars(query, values).unique().first()
    if found is None:
        wrong.add(visitor, hour)
        abort(404)
    return found
