"""A fagansvarlig with a browser in English, and a bank with the theme "Vennskap"."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.ideabank import DocumentVersion
from tests.app.coordinators.screens import DRAFT, hidden
from tests.cast import Cast, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def theme(db: Session, cast: Cast) -> DocumentVersion:
    """The first version of "Vennskap"."""
    (version,) = publish(db, cast, "vennskap")[-1:]
    db.commit()
    return version


@pytest.fixture
def coordinator(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The one who edits."""
    sign_in(client, cast.coordinator).post("/sprak/en")
    return client


@pytest.fixture
def other(app: Flask, cast: Cast) -> FlaskClient:
    """The other one who edits, in her own browser."""
    client = app.test_client()
    sign_in(client, cast.coordinator2).post("/sprak/en")
    return client


@pytest.fixture
def draft(coordinator: FlaskClient, theme: DocumentVersion) -> str:
    """The address of a draft of "Vennskap" that says what version 1 says."""
    assert coordinator.post(f"{DRAFT}/begynn").status_code == 303
    return DRAFT


@pytest.fixture
def seen() -> Callable[[FlaskClient, str], str]:
    """What a person saw of a section when she opened it: the hidden field that goes with her text."""

    def look(client: FlaskClient, section: str) -> str:
        return hidden(client.get(f"{DRAFT}/del/{section}"), "seen_hash")

    return look
