"""The web of Kursrekka: one room per reader, put together here."""

from __future__ import annotations

from datetime import timedelta
from wsgiref.headers import Headers

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from whitenoise import WhiteNoise

from app import (
    access,
    accounts,
    administrators,
    agents,
    assets,
    commands,
    coordinators,
    errors,
    language,
    pages,
    parents,
    teachers,
    translators,
)
from app.condition import faults
from app.database import TransactionalFlask, store
from app.doorstep import Doorstep
from app.post import Post
from app.reach import Tally
from app.settings import ROOT, Settings
from curriculum.base import watch

BODY_LIMIT = 2_000_000
"""Bytes a request may carry."""

LARGEST_ID = 2**31 - 1
"""What a database's integer holds (PostgreSQL): a larger number in an address is no row's."""


class RowNumber(IntegerConverter):
    """`<int:…>` of every address: what no row can have is an address that is not there."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = LARGEST_ID) -> None:
        super().__init__(url_map, fixed_digits, min, max)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, behind its doorstep, with everything it is made of."""
    settings = settings or Settings.from_env()
    app = TransactionalFlask(__name__, static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="__Host-kursrekka" if settings.is_https else "kursrekka",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=access.SIGN_IN_DAYS),
        SESSION_REFRESH_EACH_REQUEST=False,  # else a parents' page would set a cookie for staff
    )
    app.url_map.converters["int"] = RowNumber
    app.jinja_environment = pages.Templates
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    store.init_app(app)
    with app.app_context():
        watch(store.engine)
    CSRFProtect(app).exempt(parents.understood)  # it has no token: the page is the same bytes for everyone, and nobody is signed in
    access.guard(app)
    language.install(app)
    pages.install(app, settings)
    errors.install(app)
    for room in (accounts, parents, teachers, agents, coordinators, translators, administrators):
        app.register_blueprint(room.blueprint)
    commands.install(app)
    Post(app, settings)
    app.extensions["doorstep"] = doorstep = Doorstep(app.wsgi_app, settings.sqlalchemy_url, read=Tally(app).add)
    app.wsgi_app = doorstep  # type: ignore[method-assign]
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.trusted_proxies] * 4)  # type: ignore[method-assign]
    app.wsgi_app = _with_files(app, settings)  # type: ignore[method-assign]
    return app


def open_house() -> Flask:
    """The application for a web server. Raises SystemExit in words when the database is not as it must be."""
    app = create_app()
    with app.app_context():
        found = faults(store.engine)
        store.engine.dispose()
    if found:
        raise SystemExit("\n".join(found))
    return app


def _with_files(app: Flask, settings: Settings) -> WhiteNoise:
    """The files of `static/`, served before anything else, as protected as the pages."""

    def protect(headers: Headers, _path: str, _url: str) -> None:
        for name, value in (pages.protection(settings) | {"Content-Security-Policy": pages.STAFF_POLICY}).items():
            headers[name] = value

    return WhiteNoise(
        app.wsgi_app,
        root=ROOT / "app" / "static",
        prefix="static",
        autorefresh=app.debug,
        allow_all_origins=False,
        immutable_file_test=assets.IMMUTABLE,
        add_headers_function=protect,
    )
