"""What stands on a page of the bank, as a browser would read and send it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

DRAFT = "/idebank/vennskap/utkast"
FACTS = dict.fromkeys(("presenter", "define", "ideas", "choose", "evaluate", "sources"), "")
"""The texts of the facts' form, with nothing in them."""


def hidden(response: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', response.text)
    assert found is not None
    return found.group(1)


def as_sent(page: str) -> dict[str, list[str]]:
    """What a browser would send of a page's form."""
    main = page.split("<main", 1)[1]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", main):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") not in ("checkbox", "radio") or " checked" in tag:
            sent.setdefault(attributes.get("name", ""), []).append(unescape(attributes.get("value", "")))
    for name, words in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', main, re.S):
        sent[name] = [unescape(words)]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', main, re.S):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', options)
        sent[name] = [unescape(chosen.group(1)) if chosen else ""]
    return sent


def publish(client: FlaskClient, why: str, draft: str = DRAFT, **marks: str) -> TestResponse:
    """Open the publish page, mark its sentences by name, write why, and press the button."""
    sent = as_sent(client.get(f"{draft}/publiser").text)
    chosen = {f"mark-{uid}": [mark] for uid, mark in marks.items()}
    return client.post(f"{draft}/publiser", data=sent | {"why": [why]} | chosen)
