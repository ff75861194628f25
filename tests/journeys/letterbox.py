"""The mail server of the journeys: it takes every mail, and keeps what it was given."""

from __future__ import annotations

import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

SECONDS_TO_COME = 10


class Letterbox:
    """The mails that came, in their order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail (aiosmtpd's name for it)."""
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def begin_anew(self) -> None:
        """Throw away what came before."""
        self.mails.clear()

    def wait_for(self, count: int) -> list[EmailMessage]:
        """The mails, when so many have come: they are sent beside the answer of the page."""
        end = time.monotonic() + SECONDS_TO_COME
        while len(self.mails) < count and time.monotonic() < end:
            time.sleep(0.05)
        assert len(self.mails) == count, [(mail["To"], mail["Subject"]) for mail in self.mails]
        return list(self.mails)
