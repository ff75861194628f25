"""What stands on a page of the bank, as a browser would read and send it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

DRAFT = "/idebank/vennskap/utkast"


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
        if attributes.get("type") != "checkbox" or " checked" in tag:
            sent.setdefault(attributes.get("name", ""), []).append(unescape(attributes.get("value", "")))
    for name, words in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', main, re.S):
        sent[name] = [unescape(words)]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', main, re.S):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', options)
        sent[name] = [unescape(chosen.group(1)) if chosen else ""]
    return sent
