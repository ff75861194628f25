"""The administrator of the district with a browser in English, and what her notices say."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

Undo = Callable[["TestResponse"], "TestResponse"]


@pytest.fixture
def administrator(client: FlaskClient, cast: Cast) -> FlaskClient:
    """Signed in as the administrator."""
    sign_in(client, cast.administrator).post("/sprak/en")
    return client


@pytest.fixture
def undo(administrator: FlaskClient) -> Undo:
    """Press "Undo" on the page that an act led to."""

    def press(answer: TestResponse) -> TestResponse:
        assert answer.status_code == 303, answer.text
        page = administrator.get(answer.location).text
        form = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
        assert form, page
        return administrator.post(html.unescape(form[1]))

    return press
