"""Which addresses a text may link to, judged here and not by a library: an allow-list of whole shapes."""

from __future__ import annotations

import re

LONGEST = 2000
"""Characters in one address; reference links can repeat it many times."""

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]|%(?:0[0-9a-f]|1[0-9a-f]|7f|5c)", re.IGNORECASE)
_OWN = r"/(?![/\\]).*"
_EXTERNAL = r"https?://(?:[\w-]|%[0-9a-f]{2})[\w.%-]*(?::[0-9]{1,5})?(?:[/?#].*)?"  # no user@, which shows one host and opens another
_ALLOWED = re.compile(rf"(?:{_OWN}|{_EXTERNAL}|\#.*|mailto:[^/@]+@[^/@]+|tel:\+?[0-9().-]+)", re.IGNORECASE)
_OWN_IMAGE = re.compile(_OWN)
_WEB = re.compile(r"https?://", re.IGNORECASE)


def is_safe(address: str) -> bool:
    """True for http, https, mailto, tel, `/path` on our own host, and `#place` on the page; false for every other shape."""
    return len(address) <= LONGEST and not _FORBIDDEN.search(address) and _ALLOWED.fullmatch(address) is not None


def is_own(address: str) -> bool:
    """True for a path on our own host, the only place images may come from."""
    return is_safe(address) and _OWN_IMAGE.match(address) is not None


def is_external(address: str) -> bool:
    """True when following the address may leave our host."""
    return _WEB.match(address) is not None
