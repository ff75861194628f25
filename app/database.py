"""The database and the request's transaction: the only place that commits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alembic import command
from alembic.config import Config
from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.settings import ROOT
from curriculum.base import Base, Refused, WroteWhileReading, protect, reading_only, start_counter, watch, writing
from curriculum.tables import metadata

store = SQLAlchemy(metadata=metadata)
OSLO = ZoneInfo("Europe/Oslo")
MIGRATIONS = ROOT / "migrations"
SAFE = {"GET", "HEAD", "OPTIONS"}


def session() -> Session:
    """The request's (or command's) session."""
    return store.session()


def make_engine(url: str) -> Engine:
    """An engine that follows the house's rules, for work outside the web."""
    engine = create_engine(url)
    watch(engine)
    return engine


@contextmanager
def apart(engine: Engine) -> Iterator[Session]:
    """A session with a short transaction of its own, beside any request's; committed at the end."""
    with writing(), Session(engine) as db, db.begin():
        yield db


def now() -> datetime:
    """The moment of this request in UTC: one for all that happens in it."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def today() -> date:
    """The date in Oslo at this request: publication, expiry and "this week" turn at local midnight."""
    if "today" not in g:
        g.today = now().astimezone(OSLO).date()
    day: date = g.today
    return day


class TransactionalFlask(Flask):
    """Flask with one transaction per request, committed after the view has a finished response and before anything after it can fail."""

    def full_dispatch_request(self) -> Response:
        with writing() if _may_write() else reading_only():
            try:
                response = super().full_dispatch_request()
                _refuse_leftovers()
            finally:
                session().rollback()
                _write_events()  # also those of a request that never came to its view
        return response

    def dispatch_request(self) -> ResponseReturnValue:
        try:
            response = self._answer()
            if _may_write() and response.status_code < 400:
                session().commit()
                if session().info.pop("mail", False):
                    current_app.extensions["post"].wake()
            elif not _may_write():
                _refuse_leftovers()
        finally:
            session().rollback()
        return response

    def _answer(self) -> Response:
        try:
            return self.make_response(super().dispatch_request())
        except Refused as refusal:
            if request.method in SAFE:
                raise
            return self._answer_refusal(refusal)

    def _answer_refusal(self, refusal: Refused) -> Response:
        """The same page again, with the words and everything that was typed; without a form to show them in, a page of their own."""
        _undo()
        g.refusal = refusal
        try:
            with reading_only():
                response = self.make_response(super().dispatch_request())
        except (Refused, WroteWhileReading):
            raise refusal from None
        if 300 <= response.status_code < 400:
            raise refusal
        if response.status_code < 400:
            response.status_code = 422
        return response

    def log_exception(self, exc_info: Any) -> None:
        """Write down a fault of ours by its route: the address itself may hold the code of a link."""
        route = request.url_rule.rule if request.url_rule else "no route"
        self.logger.error("Exception at %s [%s]", route, request.method, exc_info=exc_info)

    def handle_user_exception(self, e: Exception) -> ResponseReturnValue:
        _undo()
        with reading_only():
            return super().handle_user_exception(e)

    def handle_exception(self, e: Exception) -> Response:
        _undo()
        with reading_only():
            return super().handle_exception(e)


def _undo() -> None:
    """Take back what a failed request did: its rows, and the notice that says it was done."""
    session().rollback()
    if request.method not in SAFE:
        cookie.pop("_flashes", None)


def _refuse_leftovers() -> None:
    """A change that nobody will commit is a fault of ours, never lost without a word."""
    left = [*session().new, *session().deleted, *(row for row in session().dirty if session().is_modified(row))]
    if left:
        raise RuntimeError(f"{request.method} {request.url_rule} left changes uncommitted: {left}")


def _may_write() -> bool:
    if request.method not in SAFE:
        return True
    view = current_app.view_functions.get(request.endpoint) if request.endpoint else None
    return bool(getattr(view, "writes", False))


def remember(event: Base) -> None:
    """Keep a row (failed sign-in, refusal, audit) that is written in a second short transaction, whatever becomes of the first."""
    g.setdefault("events", []).append(event)


def _write_events() -> None:
    events: list[Base] = g.pop("events", [])
    if not events:
        return
    with writing():
        try:
            session().add_all(events)
            session().commit()
        except OperationalError:
            session().rollback()
            logging.getLogger(__name__).exception("%d events were not written", len(events))


# --- The schema ---------------------------------------------------------------------------------------------------------------------


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to `revision`, put the protection back and start the change counter, in one transaction."""
    with engine.connect() as connection:
        try:
            _set_foreign_keys_aside(connection)
            with connection.begin():
                _upgrade(connection, revision)
        finally:
            connection.invalidate()  # so that no one else gets a connection without foreign keys


def _set_foreign_keys_aside(connection: Connection) -> None:
    """SQLite's batch migrations rebuild tables, so its foreign keys are checked once at the end instead."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection  # the pragma works only outside a transaction
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")


def _upgrade(connection: Connection, revision: str) -> None:
    command.upgrade(alembic_config(connection), revision)
    protect(connection)
    if not connection.execute(text("SELECT count(*) FROM change_counter")).scalar():
        start_counter(connection)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SystemExit("The upgrade would leave rows that point nowhere; nothing was changed.")


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; with a connection, its migrations run on that one."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
