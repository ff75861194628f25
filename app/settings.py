"""Every setting of the web, each with its reason, read from the environment once at start."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
_FLASK = Path(sys.prefix, "bin", "flask")
_AS_TYPED = _FLASK.relative_to(ROOT) if _FLASK.is_relative_to(ROOT) else _FLASK
FLASK = f"{'flask' if shutil.which('flask') == str(_FLASK) else _AS_TYPED} --app wsgi"
"""How the commands are run here, for what the program says about itself: by name where the shell finds it."""
UNSAFE_KEY = "only-for-trying-it-out"


@dataclass(frozen=True)
class Settings:
    """What differs between one installation and another. Field `x` is read from the environment variable `X`."""

    database_url: str = "sqlite:///kursrekka.sqlite"
    """Where the data stand; a relative SQLite path lies in `instance/`."""
    secret_key: str = UNSAFE_KEY
    """Signs the cookie that holds the sign-in and the form token. Must be your own on https."""
    base_url: str = "http://127.0.0.1:8000"
    """The address people use, by itself on PORT; https turns on secure cookies and HSTS."""
    port: int = 8000
    """The port `make run` listens on."""
    trusted_proxies: int = 0
    """How many proxies in front may say who the visitor is (X-Forwarded-*)."""
    smtp_host: str = ""
    """The mail server that tells staff of changes; without one nothing is sent, and pages say so."""
    smtp_port: int = 587
    """The port the mail server listens on."""
    smtp_security: str = "starttls"
    """How the way to the mail server is secured: starttls, tls, or none for a server on the same machine."""
    smtp_user: str = ""
    """Who we are to the mail server; unset where it asks nobody."""
    smtp_password: str = ""
    """The password that goes with SMTP_USER."""
    smtp_from: str = ""
    """The address that mails come from; must be set with SMTP_HOST."""
    demo_password: str = ""
    """Password of the invented people of the demo; random and printed when unset."""
    parents_offline: str = "on"
    """Whether parents' telephones save what they have read, to read it without a connection: on, or off for the whole installation."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings; raises SystemExit in words when one cannot be used."""
        environ = os.environ if environ is None else environ
        given: dict[str, str | int] = {one.name: environ[one.name.upper()] for one in fields(cls) if environ.get(one.name.upper())}
        for number in ("port", "trusted_proxies", "smtp_port"):
            if number in given:
                given[number] = _whole_number(number.upper(), str(given[number]))
        given["base_url"] = _address(str(given.get("base_url") or f"http://127.0.0.1:{given.get('port', cls.port)}"))
        settings = cls(**given)  # type: ignore[arg-type]
        settings._refuse_unsafe()
        settings._refuse_unknown_database()
        settings._refuse_half_a_mail_server()
        if settings.parents_offline not in ("on", "off"):
            raise SystemExit(f"PARENTS_OFFLINE must be on or off, not “{settings.parents_offline}”.")
        return settings

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def sqlalchemy_url(self) -> str:
        """DATABASE_URL with the driver we use and SQLite's relative paths placed in `instance/`."""
        url = self.database_url
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        path = url.removeprefix("sqlite:///")
        if url.startswith("sqlite:///") and not path.startswith("/") and path != ":memory:":
            (ROOT / "instance").mkdir(exist_ok=True)
            return f"sqlite:///{ROOT / 'instance' / path}"
        return url

    def _refuse_unknown_database(self) -> None:
        try:
            driver = make_url(self.sqlalchemy_url).drivername
        except ArgumentError:
            driver = ""
        if driver not in ("sqlite", "postgresql+psycopg") or (driver == "sqlite" and not self.database_url.startswith("sqlite:///")):
            # without what it says: there may be a password in it
            raise SystemExit("DATABASE_URL must be sqlite:///NAME.sqlite, sqlite:////FOLDER/NAME.sqlite or postgresql://USER@HOST/NAME.")

    def _refuse_half_a_mail_server(self) -> None:
        if self.smtp_host and not self.smtp_from:
            raise SystemExit("SMTP_FROM must be set with SMTP_HOST: the address that mails come from.")
        if self.smtp_security not in ("starttls", "tls", "none"):
            raise SystemExit(f"SMTP_SECURITY must be starttls, tls or none, not “{self.smtp_security}”.")

    def _refuse_unsafe(self) -> None:
        if self.is_https and (self.secret_key == UNSAFE_KEY or len(self.secret_key) < 32):
            example = secrets.token_urlsafe(36)
            raise SystemExit(f"SECRET_KEY must be set to at least 32 random characters when BASE_URL is https, for example: {example}")


def _address(value: str) -> str:
    scheme, _, rest = value.strip().rstrip("/").partition("://")
    if scheme.lower() not in ("http", "https") or not rest:
        raise SystemExit(f"BASE_URL must begin with http:// or https://, not “{value}”.")
    return f"{scheme.lower()}://{rest}"


def _whole_number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal()):
        raise SystemExit(f"{name} must be a whole number, not “{value}”.")
    return int(value)
