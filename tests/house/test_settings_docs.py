"""The table of settings in the docs says what the program reads, and nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from app.settings import UNSAFE_KEY, Settings

OPERATING = Path(__file__).resolve().parent.parent.parent / "docs" / "operating.md"
NOT_A_VALUE = {"SECRET_KEY": "only for trying it out", "DEMO_PASSWORD": "random, printed"}
"""Settings whose default is told rather than shown."""


def table() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", OPERATING.read_text("utf-8"), re.M)
    return {name: (default, why) for name, default, why in rows}


def test_every_setting_is_in_the_docs_with_its_default() -> None:
    defaults = {one.name.upper(): NOT_A_VALUE.get(one.name.upper(), f"`{one.default}`") for one in fields(Settings)}
    assert {name: default for name, (default, _) in table().items()} == defaults


def test_every_setting_says_why_it_is_there() -> None:
    assert [name for name, (_, why) in table().items() if len(why) < 15] == []


def test_the_key_to_try_it_with_is_called_unsafe_where_it_stands() -> None:
    assert Settings().secret_key == UNSAFE_KEY
