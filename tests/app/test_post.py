"""Mail to staff: written with the change it tells of, sent after it by a real mail server's rules, and never lost."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import apart, store
from app.post import Post, Sent, send_waiting
from app.settings import Settings
from curriculum import people
from curriculum.people import MOST_TRIES, Mail, mail_unsent, write_mail
from tests.cast import Cast, sign_in

NOW = datetime(2026, 9, 2, 12, tzinfo=UTC)
SENDER = "kursrekka@solbakken.example"


class Box:
    """What a mail server was given; the addresses in `refused` it does not take."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


Serve = Callable[..., tuple[Box, Settings]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server, and say how it is reached."""
    running: list[Controller] = []

    def start(**options: Any) -> tuple[Box, Settings]:
        box = Box()
        controller = Controller(box, hostname="127.0.0.1", port=_free_port(), **options)
        controller.start()
        running.append(controller)
        return box, Settings(smtp_host="127.0.0.1", smtp_port=controller.port, smtp_security="none", smtp_from=SENDER)

    yield start
    for controller in running:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _write(db: Session, cast: Cast, *subjects: str) -> None:
    for subject in subjects:
        write_mail(db, cast.teacher, subject, "Økta er flyttet.\n", now=NOW)
    db.commit()


def _send(db: Session, settings: Settings) -> Sent:
    db.rollback()  # what reads here holds the lock
    return send_waiting(db.get_bind(), settings)  # type: ignore[arg-type]


def test_what_waits_is_sent_once_and_kept_without_its_text(db: Session, cast: Cast, serve: Serve) -> None:
    box, settings = serve()
    _write(db, cast, "Økta til 5A\r\nBcc: alle@example.org er flyttet")
    assert _send(db, settings).count == 1
    assert _send(db, settings).count == 0
    [mail] = box.mails
    assert (mail["To"], mail["From"], mail["Bcc"]) == (cast.teacher.email, SENDER, None)
    assert mail["Subject"] == "Økta til 5A Bcc: alle@example.org er flyttet"
    assert mail.get_content().splitlines() == ["Økta er flyttet."] and mail["Auto-Submitted"] == "auto-generated"
    db.expire_all()
    assert [(one.body, one.sent_at is not None) for one in db.scalars(select(Mail))] == [("", True)]


def test_a_refused_address_waits_and_the_others_are_sent(db: Session, cast: Cast, serve: Serve) -> None:
    box, settings = serve()
    box.refused = {cast.teacher.email}
    _write(db, cast, "Til læreren")
    write_mail(db, cast.agent, "Til agenten", "x", now=NOW)
    db.commit()
    sent = _send(db, settings)
    assert (sent.count, sent.failed) == (1, 1) and [mail["To"] for mail in box.mails] == [cast.agent.email]
    db.expire_all()
    assert mail_unsent(db, cast.district.id) == (1, "SMTPRecipientsRefused")
    box.refused = set()
    assert _send(db, settings).count == 1
    db.expire_all()
    assert mail_unsent(db, cast.district.id) == (0, "")


def test_a_server_that_is_down_loses_nothing_and_is_asked_once(db: Session, cast: Cast) -> None:
    settings = Settings(smtp_host="127.0.0.1", smtp_port=_free_port(), smtp_security="none", smtp_from=SENDER)
    _write(db, cast, "En", "To")
    sent = _send(db, settings)
    assert (sent.count, sent.failed, sent.failure) == (0, 1, "ConnectionRefusedError")
    db.expire_all()
    assert sorted(mail.tries for mail in db.scalars(select(Mail))) == [0, 1]


def test_after_ten_tries_a_mail_is_left_to_a_person(db: Session, cast: Cast, serve: Serve) -> None:
    box, settings = serve()
    box.refused = {cast.teacher.email}
    _write(db, cast, "Til læreren")
    assert [_send(db, settings).failed for _ in range(MOST_TRIES + 2)] == [1] * MOST_TRIES + [0, 0]
    db.expire_all()
    assert mail_unsent(db, cast.district.id)[0] == 1


def test_a_mail_that_is_sent_again_is_the_same_mail(db: Session, cast: Cast, serve: Serve) -> None:
    box, settings = serve()
    _write(db, cast, "Hei")
    _send(db, settings)
    db.rollback()
    with apart(db.get_bind()) as other:  # type: ignore[arg-type]
        one = other.scalars(select(Mail)).one()
        one.sent_at, one.body = None, "Økta er flyttet.\n"
    _send(db, settings)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"] and first["Date"] == second["Date"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the way is this machine's own
def test_we_say_who_we_are_where_the_server_asks(db: Session, cast: Cast, serve: Serve) -> None:

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, said: Any) -> AuthResult:
        is_ours = isinstance(said, LoginPassword) and (said.login, said.password) == (b"kursrekka", b"hemmelig")
        return AuthResult(success=is_ours, handled=is_ours)

    box, settings = serve(authenticator=check, auth_required=True, auth_require_tls=False)
    _write(db, cast, "Hei")
    wrong = Settings(**(vars(settings) | {"smtp_user": "kursrekka", "smtp_password": "feil"}))
    assert _send(db, wrong).failure == "SMTPAuthenticationError 535"
    right = Settings(**(vars(settings) | {"smtp_user": "kursrekka", "smtp_password": "hemmelig"}))
    assert _send(db, right).count == 1 and len(box.mails) == 1


def test_a_server_that_cannot_be_trusted_gets_nothing(db: Session, cast: Cast, serve: Serve) -> None:
    box, settings = serve()
    _write(db, cast, "Hei")
    assert _send(db, Settings(**(vars(settings) | {"smtp_security": "starttls"}))).failure == "SMTPNotSupportedError"
    assert box.mails == []


def test_half_a_mail_server_is_refused_at_start() -> None:
    with pytest.raises(SystemExit, match="SMTP_FROM must be set"):
        Settings.from_env({"SMTP_HOST": "mail.example.org"})
    with pytest.raises(SystemExit, match="starttls, tls or none"):
        Settings.from_env({"SMTP_SECURITY": "perhaps"})


@pytest.mark.own_app
def test_a_mail_leaves_after_the_commit_and_never_after_a_refusal(app: Flask, db: Session, cast: Cast, serve: Serve) -> None:
    box, settings = serve()
    post: Post = app.extensions["post"]
    post.settings = settings

    from app.access import SIGNED_IN, me, open_to
    from app.database import now, session
    from curriculum.base import Refused

    @app.post("/skriv/<how>")
    @open_to(SIGNED_IN)
    def write(how: str) -> str:
        write_mail(session(), me(), how, "x", now=now())
        if how == "nei":
            raise Refused("No.")
        return "ok"

    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in(app.test_client(), cast.agent)
    assert client.post("/skriv/nei").status_code >= 400
    post.wait()
    assert client.post("/skriv/ja").status_code == 200
    post.wait()
    assert [mail["Subject"] for mail in box.mails] == ["ja"]
    with app.app_context():
        assert store.session.scalars(select(Mail.subject)).all() == ["ja"]


@pytest.mark.own_app
def test_the_command_sends_what_waits_and_says_so(app: Flask, db: Session, cast: Cast, serve: Serve) -> None:
    box, settings = serve()
    _write(db, cast, "Hei")
    run = app.test_cli_runner().invoke
    assert "SMTP_HOST is not set" in run(args=["mail", "send"]).output
    app.config["SETTINGS"] = Settings(
        **(vars(app.config["SETTINGS"]) | {name: getattr(settings, name) for name in vars(settings) if name.startswith("smtp")})
    )
    assert run(args=["mail", "send"]).output == "1 mail sent, 0 not sent.\n"
    assert run(args=["mail", "send"]).output == "0 mails sent, 0 not sent.\n"
    assert len(box.mails) == 1 and people.mail_waiting(db, 1) == []
