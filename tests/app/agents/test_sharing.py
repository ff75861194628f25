"""The links of a class on its series' page: made when the series comes into use, closed, and made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import Link
from curriculum.planning import Series
from tests.cast import Cast, looking, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def codes(db: Session, class_id: int) -> dict[str, str]:
    """The class's open links by kind."""
    with looking(db) as fresh:
        return {link.kind: link.code for link in fresh.scalars(select(Link).where(Link.class_id == class_id, Link.revoked_at.is_(None)))}


def share(series: Series, name: str, act: str) -> str:
    return f"/rekker/{series.public_id}/lenke/{name}/{act}"


@state
def unshared(db: Session, cast: Cast) -> Series:
    """A plan for 5B, which has no links."""
    series = make_series(db, cast, cast.b5, in_use=False)
    db.commit()
    return series


def test_a_series_put_into_use_has_links_for_parents_and_teachers(agent: FlaskClient, cast: Cast, unshared: Series, db: Session) -> None:
    assert agent.post(f"/rekker/{unshared.public_id}/ta-i-bruk").status_code == 303
    made = codes(db, cast.b5.id)
    page = agent.get(f"/rekker/{unshared.public_id}").text
    assert (f"/f/{made['parents']}" in page, f"/l/{made['teacher']}" in page) == (True, True)
    assert agent.get(f"/f/{made['parents']}/nb").status_code == 200
    assert agent.get(f"/l/{made['teacher']}").status_code == 200


def test_a_link_can_be_made_before_use_and_the_page_says_that_nothing_shows_yet(
    agent: FlaskClient, cast: Cast, unshared: Series, db: Session
) -> None:
    assert agent.post(share(unshared, "foreldre", "ny")).status_code == 303
    made = codes(db, cast.b5.id)
    assert list(made) == ["parents"]
    page = agent.get(f"/rekker/{unshared.public_id}").text
    assert made["parents"] in page
    assert "Parents and teachers see no lesson there until the series is in use." in page
    assert "Vennskap" not in agent.get(f"/f/{made['parents']}/nb").text


def test_a_closed_link_is_gone_and_a_new_one_is_made_at_once(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    old = cast.parents_link.code
    page = agent.get(f"/rekker/{series.public_id}").text
    assert "Paper and messages with the old code stop working at once." in page
    assert agent.post(share(series, "foreldre", "steng"), data={"code": old}).status_code == 303
    assert agent.get(f"/f/{old}/nb").status_code == 410
    assert agent.post(share(series, "foreldre", "ny")).status_code == 303
    new = codes(db, cast.a5.id)["parents"]
    assert new != old
    assert agent.get(f"/f/{new}/nb").status_code == 200
    stale = agent.post(share(series, "foreldre", "steng"), data={"code": old})
    assert (stale.status_code, "That link is closed already." in stale.text) == (422, True)
    assert codes(db, cast.a5.id)["parents"] == new


def test_closing_a_link_can_be_undone(agent: FlaskClient, cast: Cast, series: Series) -> None:
    agent.post(share(series, "larer", "steng"), data={"code": cast.teacher_link.code})
    page = agent.get(f"/rekker/{series.public_id}").text
    assert f'action="{share(series, "larer", "apne")}"' in page
    assert agent.post(share(series, "larer", "apne")).status_code == 303
    assert agent.get(f"/l/{cast.teacher_link.code}").status_code == 200


@pytest.mark.parametrize(("who", "status"), [("administrator", 303), ("head", 403), ("coordinator", 403), ("other_agent", 404)])
def test_only_those_who_may_share_close_a_link(client: FlaskClient, cast: Cast, series: Series, who: str, status: int) -> None:
    sign_in(client, cast.persons[who])
    assert client.post(share(series, "foreldre", "steng"), data={"code": cast.parents_link.code}).status_code == status


def test_there_are_no_other_kinds_of_link(agent: FlaskClient, series: Series) -> None:
    assert agent.post(share(series, "elever", "ny")).status_code == 404


def test_whoever_closes_a_halfs_link_is_told_that_it_is_that_of_the_whole_class(agent: FlaskClient, cast: Cast, db: Session) -> None:
    made = [make_series(db, cast, group, agents=[cast.agent]) for group in (cast.half, cast.a5)]
    db.commit()
    pages = [agent.get(f"/rekker/{one.public_id}").text for one in made]
    assert ["it closes for both halves" in page for page in pages] == [True, False]
