"""HTML that was made safe, and a bounded memory for it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class SafeHtml(str):
    """HTML made by this room. Templates show it as it is; joined to anything else it is a plain string again and gets escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


class Memory:
    """Finished HTML by key, the least recently used forgotten first, at most `characters` in all. Safe between threads."""

    def __init__(self, characters: int) -> None:
        self.characters = characters
        self.size = 0
        self._kept: OrderedDict[Hashable, SafeHtml] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def recall(self, key: Hashable, make: Callable[[], SafeHtml]) -> SafeHtml:
        """What is kept under `key`, else what `make` gives. A refusal is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        self._keep(key, made)
        return made

    def _keep(self, key: Hashable, html: SafeHtml) -> None:
        with self._lock:
            self.size += len(html) - len(self._kept.pop(key, ""))
            self._kept[key] = html
            while self.size > self.characters:
                self.size -= len(self._kept.popitem(last=False)[1])


def digest(text: str) -> bytes:
    """A key for a text of any length."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
