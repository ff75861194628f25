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
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.database import now, remember, session, today
from curriculum import people
from curriculum.people import AuditEvent, CalendarFeed, Link, Person, SignIn

EVERYONE, SIGNED_IN = "everyone", "signed in"
SIGN_IN_DAYS = 14
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
    app.extensions["wrong codes"] = WrongCodes()

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
        if SIGNED_IN in rule or people.roles(person, today()).intersection(rule):
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
    found = session().scalars(_open_sign_in(), {"token_hash": _hashed(token), "now": now()})
    row = found.unique().first()
    return row.person if row and row.person.is_active else None


@cache
def _open_sign_in() -> Select[SignIn]:
    """Built once, for every request asks it: a sign-in that is open, with the person, her district and her assignments."""
    return (
        select(SignIn)
        .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("now"))
        .options(
            joinedload(SignIn.person, innerjoin=True).options(
                joinedload(Person.district, innerjoin=True),
                joinedload(Person.assignments).joinedload(people.Assignment.school_class),
            )
        )
    )


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


class WrongCodes:
    """How many wrong codes each visitor tried this hour. Visitors are known by a key that lives an hour in memory, and by nothing else."""

    def __init__(self) -> None:
        self.hour = ""
        self.key = b""
        self.tries: Counter[str] = Counter()

    def of(self, address: str, hour: str) -> int:
        """The visitor's wrong codes in this hour."""
        visitor = self._visitor(address, hour)
        return self.tries[visitor]

    def add(self, address: str, hour: str) -> None:
        """One more."""
        visitor = self._visitor(address, hour)  # first, for it may begin a new hour
        self.tries[visitor] += 1

    def _visitor(self, address: str, hour: str) -> str:
        if hour != self.hour:
            self.hour, self.key, self.tries = hour, secrets.token_bytes(32), Counter()
        return hmac.new(self.key, address.encode(), hashlib.sha256).hexdigest()


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
    """The open calendar address with this (folded) code. Unknown: 404 and counted; closed, or of someone who has left: 410."""
    hers = joinedload(CalendarFeed.person).selectinload(Person.assignments).joinedload(people.Assignment.school_class)
    feed = _find_by_code(select(CalendarFeed).where(CalendarFeed.code == code).options(hers))
    if feed.revoked_at is not None or not feed.person.is_active:
        abort(410)
    return feed


def _find_by_code(query: Select[T], **values: str) -> T:
    """What a code leads to; a visitor who has tried too many wrong ones in an hour must wait."""
    wrong: WrongCodes = current_app.extensions["wrong codes"]
    visitor, hour = request.remote_addr or "", f"{now():%Y-%m-%d %H}"
    if wrong.of(visitor, hour) >= WRONG_CODES_AN_HOUR:
        abort(429)
    found = session().scalars(query, values).unique().first()
    if found is None:
        wrong.add(visitor, hour)
        abort(404)
    return found
