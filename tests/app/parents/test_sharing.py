"""What a parent takes away from the class's page: texts for the other parents, and a sheet for the fridge."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.settings import ROOT
from curriculum.people import SMALL, new_link
from curriculum.planning import Lesson
from tests.cast import Cast, make_series, publish

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def lesson(cast: Cast, db: Session) -> Lesson:
    publish(db, cast, "district-texts")
    made = make_series(db, cast).lessons[0]
    db.commit()
    return made


def paths(cast: Cast, lesson: Lesson, tag: str = "so") -> tuple[str, str]:
    start = f"/f/{cast.parents_link.code}/{tag}"
    return f"{start}/del", f"{start}/{lesson.public_id}/ark"


def test_a_parent_finds_a_message_for_all_homes_and_one_for_the_phone(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    share, _ = paths(cast, lesson)
    page = client.get(share)
    assert "Uke 42. Tema denne uka: Vennskap\n" in page.text
    assert page.text.count(f"http://127.0.0.1:8000/f/{cast.parents_link.code}<") == 2
    assert 'lang="so" dir="ltr"' in page.text
    assert page.headers.getlist("Set-Cookie") == []
    assert share in client.get(f"/f/{cast.parents_link.code}/so").text


def test_before_the_first_week_there_is_nothing_to_send(client: FlaskClient, cast: Cast, db: Session) -> None:
    page = client.get(f"/f/{cast.parents_link.code}/nb/del")
    assert (page.status_code, "<textarea" in page.text) == (200, False)
    assert "/del" not in client.get(f"/f/{cast.parents_link.code}/nb").text


def test_the_sheet_is_reached_from_the_lesson_and_is_as_nameless_as_the_page(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    _, sheet = paths(cast, lesson, "ur")
    assert sheet in client.get(sheet.removesuffix("/ark")).text
    page = client.get(sheet)
    assert (page.status_code, "Set-Cookie" in page.headers, page.headers["X-Robots-Tag"]) == (200, False, "noindex, nofollow")
    assert '<html lang="ur" dir="rtl">' in page.text
    assert f">http://127.0.0.1:8000{sheet.removesuffix('/ark')}</p>" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert ("unsafe" in policy, "default-src 'none'" in policy, "style-src 'self'" in policy) == (False, True, True)
    assert (" style=" in page.text, "<style" in page.text, " on" + "click" in page.text) == (False, False, False)


def test_nobody_is_asked_to_pass_on_the_link_of_a_small_group_and_its_sheet_names_only_the_school(
    client: FlaskClient, cast: Cast, db: Session
) -> None:
    made = make_series(db, cast, cast.small).lessons[0]
    link = new_link(db, cast.small, "parents", expires=cast.today)
    db.commit()
    assert cast.small.kind == SMALL
    assert client.get(f"/f/{link.code}/nb/del").status_code == 404
    assert "/del" not in client.get(f"/f/{link.code}/nb").text
    sheet = client.get(f"/f/{link.code}/nb/{made.public_id}/ark").text
    assert ("Granlia skole" in sheet, "Bjørka" in sheet) == (True, False)


@pytest.mark.parametrize("which", [0, 1])
def test_a_link_that_is_closed_or_wrong_is_told_of_as_on_every_page(
    which: int, client: FlaskClient, cast: Cast, db: Session, lesson: Lesson
) -> None:
    path = paths(cast, lesson)[which]
    code = cast.parents_link.code
    assert client.get(path.replace(code, "0000000000")).status_code == 404
    assert client.get(path.replace("/so", "/tlh")).location == f"/f/{code}"
    assert client.get(path.replace(code, code.upper())).location == path
    assert client.get(f"{path}/").location == path
    assert client.head(f"{path}?fbclid=x").status_code == 200
    cast.parents_link.expires = cast.today - timedelta(days=1)
    db.commit()
    assert client.get(path).status_code == 410


def test_the_sheet_of_another_classs_lesson_or_of_next_weeks_is_not_there(
    client: FlaskClient, cast: Cast, db: Session, lesson: Lesson
) -> None:
    other = make_series(db, cast, cast.a6).lessons[0]
    coming = make_series(db, cast, cast.b5, cast.today + timedelta(days=7)).lessons[0]
    link = new_link(db, cast.b5, "parents", expires=cast.today)
    db.commit()
    _, sheet = paths(cast, lesson)
    assert client.get(sheet.replace(lesson.public_id, other.public_id)).status_code == 404
    assert client.get(f"/f/{link.code}/nb/{coming.public_id}/ark").status_code == 404


@pytest.mark.parametrize("which", [0, 1])
def test_it_is_light_enough_for_a_bad_line(which: int, client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    answer = client.get(paths(cast, lesson)[which], headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) + len(str(answer.headers)) <= 14_000


def test_the_script_is_one_file_of_ours_and_small(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    for path in paths(cast, lesson):
        scripts = re.findall(r"<script[^>]*src=\"([^\"]+)\"", client.get(path).text)
        assert [bool(re.match(r"/static/(vendor|js)/share", one)) for one in scripts] == [True]
    assert (ROOT / "app" / "static" / "js" / "share.js").stat().st_size < 1_500
