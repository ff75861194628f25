"""What the lessons ahead need now that they did not need when the series was made."""

from dataclasses import replace
from datetime import date

import pytest

from curriculum import ideabank
from curriculum.ideabank import DocumentVersion, ThemeDocument, write
from curriculum.planning import CANCELLED, ChangedNeeds, Series, changed_needs
from tests.curriculum.planning.house import NOW, TODAY, House


@pytest.fixture
def series(house: House) -> Series:
    """Intro, Identitet and Vennskap, an hour each."""
    return house.make()


def newest(series: Series) -> dict[int, DocumentVersion]:
    return {lesson.theme_id: lesson.theme.versions[-1] for lesson in series.lessons}


def rewrite(house: House, series: Series, place: int, **changes: object) -> None:
    """The next version of a lesson's theme."""
    last = series.lessons[place].theme.versions[-1]
    theme = ideabank.parsed(last)
    assert isinstance(theme, ThemeDocument)
    changed = replace(theme, **changes)  # type: ignore[arg-type]
    version = DocumentVersion(
        district_id=house.district.id,
        document=last.document,
        number=last.number + 1,
        title=changed.title,
        text=write(changed),
        hash=changed.hash,
        origin="human",
        note="Next",
        effective=date(2026, 8, 2),
        created_at=NOW,
    )
    house.db.add(version)
    house.db.flush()
    house.db.expire(last.document, ["versions"])


def news(series: Series, today: date = TODAY) -> list[ChangedNeeds]:
    return changed_needs(series.lessons, newest(series), today)


def test_as_long_as_the_themes_ask_for_the_same_there_is_nothing_new(house: House, series: Series) -> None:
    rewrite(house, series, 1, sections=dict.fromkeys(ThemeDocument("x", "X").sections, "Annen tekst."))
    assert news(series) == []


@pytest.mark.parametrize(("minutes", "is_too_long"), [((50,), False), ((40, 21), True)])
def test_a_theme_that_takes_another_time_is_told_of(house: House, series: Series, minutes: tuple[int, ...], is_too_long: bool) -> None:
    theme = ideabank.parsed(series.lessons[1].theme.versions[-1])
    assert isinstance(theme, ThemeDocument)
    steps = tuple(replace(theme.steps[0], uid=f"del-{place}", minutes=one) for place, one in enumerate(minutes))
    rewrite(house, series, 1, steps=steps)
    [new] = news(series)
    assert (new.lesson, new.minutes_before, new.minutes, new.is_too_long) == (series.lessons[1], 45, sum(minutes), is_too_long)
    assert (new.has_other_room, new.presenter) == (False, "")


def test_a_theme_that_asks_for_another_room_or_visitor_is_told_of(house: House, series: Series) -> None:
    rewrite(house, series, 1, room=("gym",), presenter="police")
    rewrite(house, series, 2, room=("floor-space", "quiet"), presenter="")
    [new] = news(series)
    assert (new.lesson, new.has_other_room, new.presenter, new.is_too_long) == (series.lessons[1], True, "police", False)


def test_what_is_past_settled_or_keeps_its_version_has_no_news(house: House, series: Series) -> None:
    for place in range(3):
        rewrite(house, series, place, room=("gym",))
    assert len(news(series)) == 3
    assert [one.lesson for one in news(series, date(2026, 9, 9))] == [series.lessons[2]]
    series.lessons[0].state = CANCELLED
    series.lessons[1].pinned_version_id = series.lessons[1].theme.versions[0].id
    assert [one.lesson for one in news(series)] == [series.lessons[2]]
    assert changed_needs(series.lessons, {}, TODAY) == []
