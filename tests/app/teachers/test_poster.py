"""The poster for a class's parents."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import segno
from sqlalchemy.orm import Session

from curriculum.people import DistrictLanguage, Link, new_link
from curriculum.text import LANGUAGES
from tests.cast import NOW, Cast, publish, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def teacher(client: FlaskClient, cast: Cast, db: Session) -> FlaskClient:
    publish(db, cast, "district-texts")
    db.commit()
    sign_in(client, cast.teacher).post("/sprak/en")
    return client


def address(cast: Cast) -> str:
    return f"/klasser/{cast.a5.public_id}/plakat"


def test_the_poster_has_the_address_the_code_in_groups_and_who_we_are(teacher: FlaskClient, cast: Cast) -> None:
    page = teacher.get(address(cast)).text
    code = cast.parents_link.code
    assert "Klasse 5A, Granlia skole" in page
    assert f">http://127.0.0.1:8000/f/{code}</p>" in page
    assert f"<span>{code[:5]}</span> <span>{code[5:]}</span>" in page
    assert "Vi som holder kurset, kalles sosialagenter." in page


def test_the_square_is_the_address_and_has_no_style(teacher: FlaskClient, cast: Cast) -> None:
    page = teacher.get(address(cast)).text
    square = re.search(r"<svg [^>]*class=.square.*?</svg>", page, re.S)
    assert square is not None and "style" not in square[0]
    drawn = io.BytesIO()
    made = segno.make(f"http://127.0.0.1:8000/f/{cast.parents_link.code}", error="q", micro=False)
    made.save(
        drawn, kind="svg", border=2, dark="#000", light="#fff", xmldecl=False, svgns=False, svgclass="square", lineclass=None, omitsize=True
    )
    assert square[0] == drawn.getvalue().decode().strip()


def test_each_open_language_has_a_line_in_its_own_script_and_direction(teacher: FlaskClient, cast: Cast) -> None:
    page = teacher.get(address(cast)).text
    for tag in ("nb", "en", "ur", "so"):
        assert re.search(
            rf'<li lang="{tag}" dir="{LANGUAGES[tag].direction}"><strong>[^<]+</strong> <span>{LANGUAGES[tag].endonym}</span></li>', page
        )
    for words in (
        "Skann koden: ukas tema på ditt språk",
        "Scan the code: this week&#39;s theme",
        "کوڈ اسکین کریں",
        "Iskaan ku samee koodhka",
    ):
        assert words in page
    assert LANGUAGES["ar"].endonym not in page


def test_a_language_that_the_house_does_not_speak_stands_by_its_own_name(teacher: FlaskClient, cast: Cast, db: Session) -> None:
    cast.district.languages.append(DistrictLanguage(tag="ti", position=9, is_open=True))
    db.commit()
    assert '<li lang="ti" dir="ltr"><strong>ትግርኛ</strong></li>' in teacher.get(address(cast)).text


def test_many_languages_stand_in_two_columns(teacher: FlaskClient, cast: Cast, db: Session) -> None:
    assert "poster-many" not in teacher.get(address(cast)).text
    cast.district.languages += [DistrictLanguage(tag=tag, position=9, is_open=True) for tag in ("ta", "pl", "tr", "sq", "vi")]
    db.commit()
    assert "poster-many" in teacher.get(address(cast)).text


def test_a_small_groups_poster_says_only_the_school(client: FlaskClient, cast: Cast, db: Session) -> None:
    new_link(db, cast.small, "parents", expires=cast.today)
    db.commit()
    page = sign_in(client, cast.small_agent).get(f"/klasser/{cast.small.public_id}/plakat").text
    assert ("Granlia skole" in page, "Bjørka" in page, "Klasse" in page) == (True, False, False)


def test_a_half_shares_the_poster_of_its_whole_class(client: FlaskClient, cast: Cast, db: Session) -> None:
    link = new_link(db, cast.b5, "parents", expires=cast.today)
    db.commit()
    page = sign_in(client, cast.agent).get(f"/klasser/{cast.half.public_id}/plakat").text
    assert ("Klasse 5B" in page, link.code in page, cast.half.name in page) == (True, True, False)


@pytest.mark.parametrize("how", ["revoked", "expired", "none"])
def test_without_an_open_link_there_is_nothing_to_print_and_the_page_says_how_to_get_one(
    how: str, teacher: FlaskClient, cast: Cast, db: Session
) -> None:
    link = cast.parents_link
    if how == "revoked":
        link.revoked_at = NOW
    elif how == "expired":
        link.expires = cast.today - timedelta(days=1)
    else:
        db.delete(db.get_one(Link, link.id))
    db.commit()
    page = teacher.get(address(cast))
    assert (page.status_code, "The parents have no link that is open" in page.text, "<svg class" in page.text) == (200, True, False)


@pytest.mark.parametrize(
    ("who", "status"), [("agent", 200), ("administrator", 200), ("other_agent", 404), ("head", 403), ("coordinator", 403)]
)
def test_who_may_share_the_link_may_print_it(who: str, status: int, client: FlaskClient, cast: Cast) -> None:
    assert sign_in(client, cast.persons[who]).get(address(cast)).status_code == status


def test_a_small_group_is_not_there_for_others(teacher: FlaskClient, cast: Cast) -> None:
    assert teacher.get(f"/klasser/{cast.small.public_id}/plakat").status_code == 404
