"""Sending the mails that wait: after the commit, beside the request, and never with the database's lock in hand."""

from __future__ import annotations

import logging
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Lock, Thread

from flask import Flask
from sqlalchemy import Engine, update

from app.database import apart, store
from app.settings import Settings
from curriculum.people import Mail, mail_waiting

AT_ONCE = 50
"""Mails that are sent over one connection."""
PATIENCE = 10
"""Seconds that the mail server may take for an answer."""


@dataclass(frozen=True)
class Sent:
    """What became of the mails that waited; `failure` says why the last that failed did."""

    count: int = 0
    failed: int = 0
    failure: str = ""


class Post:
    """The office that takes what waits to the mail server: in a thread of its own, one at a time."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.settings = settings
        self._app = app
        self._lock = Lock()
        self._thread: Thread | None = None
        self._asked = False
        app.extensions["post"] = self

    @property
    def is_open(self) -> bool:
        """Whether a mail server is set: else mails wait, and pages say so."""
        return bool(self.settings.smtp_host)

    def wake(self) -> None:
        """Send what waits, beside whatever is being done. What is written meanwhile is sent too."""
        if not self.is_open:
            return
        with self._lock:
            self._asked = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="post", daemon=True)
                self._thread.start()

    def wait(self, seconds: float = 30) -> None:
        """Until what was woken is done."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _work(self) -> None:
        with self._app.app_context():
            engine = store.engine
        while self._is_asked():
            if send_waiting(engine, self.settings).count == AT_ONCE:
                self._asked = True

    def _is_asked(self) -> bool:
        """Whether something was written since it was last looked for; when not, the thread is over."""
        with self._lock:
            asked, self._asked = self._asked, False
            if not asked:
                self._thread = None
            return asked


def send_waiting(engine: Engine, settings: Settings) -> Sent:
    """Send up to fifty mails that wait. Each is claimed before it is sent, so that two senders do not send it twice.

    A mail that is sent but cannot be noted as sent is sent again later, with the same Message-ID. When the server cannot be reached,
    the rest waits without having been tried.
    """
    with apart(engine) as db:
        ids = mail_waiting(db, AT_ONCE)
    sent = Sent()
    try:
        for id in ids:
            sent = _send_one(engine, settings, id, sent)
    except _Closed as closed:
        return Sent(sent.count, sent.failed + 1, str(closed))
    return sent


class _Closed(Exception):
    """The mail server cannot be reached, or lets nobody in."""


def _send_one(engine: Engine, settings: Settings, id: int, sent: Sent) -> Sent:
    mail = _claimed(engine, id, settings.smtp_from)
    if mail is None:
        return sent
    try:
        with _server(settings) as server:
            server.send_message(mail)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError) as refusal:
        why = _in_words(refusal)
        _note(engine, id, failure=why)
        return Sent(sent.count, sent.failed + 1, why)
    except (smtplib.SMTPException, OSError) as closed:
        why = _in_words(closed)
        _note(engine, id, failure=why)
        raise _Closed(why) from closed
    _note(engine, id, sent_at=datetime.now(UTC), failure="", body="")
    return Sent(sent.count + 1, sent.failed, sent.failure)


def _claimed(engine: Engine, id: int, sender: str) -> EmailMessage | None:
    """The mail as a message, if it is still to be sent and nobody else has just taken it."""
    with apart(engine) as db:
        mail = db.get(Mail, id)
        if mail is None or mail.sent_at is not None:
            return None
        take = update(Mail).where(Mail.id == id, Mail.sent_at.is_(None), Mail.tries == mail.tries).values(tries=Mail.tries + 1)
        message = _message(mail, sender)
        return message if db.execute(take, execution_options={"synchronize_session": False}).rowcount == 1 else None  # type: ignore[attr-defined]


def _message(mail: Mail, sender: str) -> EmailMessage:
    """The message of a row: the same row is the same message, however often it is sent."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = f"<{mail.id}.{mail.made_at:%Y%m%d%H%M%S%f}@kursrekka.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _server(settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _in_words(error: Exception) -> str:
    """What went wrong, without addresses: the kind of error and the server's code."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__}{f' {code}' if code else ''}"[:200]


def _note(engine: Engine, id: int, **values: object) -> None:
    with apart(engine) as db:
        db.execute(update(Mail).where(Mail.id == id).values(**values))
    if values["failure"]:
        logging.getLogger(__name__).warning("mail %d was not sent: %s", id, values["failure"])
