"""The page of a class's weeks is always there, and says in words why this week has nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import CONTINUED, Series
from tests.cast import NOW, Cast, make_series

if TYPE_CHECKING:
    from flask.testing import FlaskClient

WEEK = timedelta(weeks=1)
TAGS = ("nb", "en", "so", "ur")
SAID = {
    "not begun": ("Kurset har ikke begynt", "The course has not begun yet.", "Koorsadu weli ma bilaaban.", "کورس ابھی شروع نہیں ہوا۔"),
    "no lesson": ("Det er ingen økt denne uka.", "There is no lesson this week.", "casharku ma jiro.", "اس ہفتے کوئی سبق نہیں ہے۔"),
    "no school": ("Det er skolefri denne uka.", "There is no school this week.", "dugsi ma jiro.", "اس ہفتے اسکول بند ہے۔"),
    "over": ("Kurset er ferdig.", "The course is over.", "Koorsadu way dhammaatay.", "کورس ختم ہو گیا ہے۔"),
}


def says(client: FlaskClient, cast: Cast, why: str) -> None:
    """Each language says this and none of the others."""
    for tag, *said in zip(TAGS, *SAID.values(), strict=True):
        answer = client.get(f"/f/{cast.parents_link.code}/{tag}")
        assert answer.status_code == 200
        assert [words in answer.text for words in said] == [one == why for one in SAID]


def series(db: Session, cast: Cast, *weeks: int) -> Series:
    """5A's series with lessons so many weeks from this one."""
    themes = ("folelser", "vennskap", "samarbeid")[: len(weeks)]
    made = make_series(db, cast, start=cast.today + min(weeks) * WEEK, themes=themes)
    for lesson, week in zip(made.lessons, weeks, strict=True):
        lesson.date = cast.today + week * WEEK
    db.commit()
    return made


def test_before_the_first_lesson(client: FlaskClient, cast: Cast, db: Session) -> None:
    series(db, cast, 1, 2)
    says(client, cast, "not begun")
    html = client.get(f"/f/{cast.parents_link.code}/nb").text
    assert "Neste tema" in html and '<ul class="weeks">' not in html


def test_when_no_series_is_in_use(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, in_use=False)
    db.commit()
    says(client, cast, "not begun")


def test_in_a_week_without_a_lesson_and_in_a_holiday(client: FlaskClient, cast: Cast, db: Session) -> None:
    series(db, cast, -1, 1)
    says(client, cast, "no lesson")
    monday = cast.today - timedelta(cast.today.weekday())
    planning.add_closed_days(db, cast.district, None, monday, monday + timedelta(4), "Høstferie", today=monday - WEEK)
    db.commit()
    says(client, cast, "no school")


def test_after_the_last_lesson(client: FlaskClient, cast: Cast, db: Session) -> None:
    series(db, cast, -1)
    says(client, cast, "over")


def test_in_a_cancelled_week_it_is_the_week_that_says_so(client: FlaskClient, cast: Cast, db: Session) -> None:
    made = series(db, cast, -1, 0)
    planning.cancel_lesson(db, made.lessons[1], by=cast.agent, now=NOW)
    db.commit()
    says(client, cast, "")
    assert "this week · cancelled" in client.get(f"/f/{cast.parents_link.code}/en").text


def test_a_week_that_was_not_finished_says_that_it_goes_on(client: FlaskClient, cast: Cast, db: Session) -> None:
    made = series(db, cast, -1, 0)
    made.lessons[0].state = CONTINUED
    db.commit()
    code, lesson = cast.parents_link.code, made.lessons[0].public_id
    assert "we go on next time" in client.get(f"/f/{code}/en").text
    for path in (lesson, f"{lesson}/sammen"):
        html = client.get(f"/f/{code}/en/{path}").text
        assert "This is what we did" in html and "We go on next time." in html


@pytest.mark.parametrize("suffix", ["", "/sammen"])
def test_both_views_of_a_lesson_say_before_and_after_alike(suffix: str, client: FlaskClient, cast: Cast, db: Session) -> None:
    made = series(db, cast, -1, 0)
    pages = [client.get(f"/f/{cast.parents_link.code}/en/{lesson.public_id}{suffix}").text for lesson in made.lessons]
    assert ["This is what we did" in page for page in pages] == [True, False]
    assert ["This week's theme" in page for page in pages] == [False, True]
