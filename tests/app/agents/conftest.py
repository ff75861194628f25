"""Agents with a browser in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.planning import Series
from tests.cast import Cast, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient

THEMES = ("folelser", "vennskap")


@pytest.fixture
def agent(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The agent of 5A and 5B."""
    sign_in(client, cast.agent).post("/sprak/en")
    return client


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's series of two themes, in use: Wednesdays of week 42 and 43."""
    series = make_series(db, cast, themes=THEMES)
    db.commit()
    return series
