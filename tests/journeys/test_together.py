"""Real timetables: a lesson held as one for two classes, and a class that has its lesson in A weeks only."""

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from tests.journeys.acts import overflow, press
from tests.journeys.browser import axe
from tests.journeys.conftest import Live
from tests.journeys.test_board import BOARD, named, week_of


def monday(written: str) -> date:
    """The first day of a week as an address writes it: 2027-W43."""
    year, number = written.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def test_two_classes_have_a_lesson_together_it_is_moved_once_for_both_and_each_has_its_own_again(
    signed_in: Callable[..., Page], live: Live
) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto(BOARD)
    group, other = (page.locator(".board-card[data-move]").filter(has_text=name).last.get_attribute("data-class") for name in ("5C1", "5A"))
    last, partner = (named(page, page.locator(f".board-card[data-class='{one}']").last) for one in (group, other))
    before = week_of(last), week_of(partner)
    assert before[0] != before[1]
    address = last.get_attribute("data-move")
    assert address is not None

    page.goto(address.removesuffix("/flytt") + "/sammen")
    page.get_by_label(re.compile("^5A:")).check()
    press(page, page.get_by_role("button", name="Hold together", exact=True))
    page.goto(BOARD)
    assert (week_of(last), week_of(partner)) == (before[0], before[0])
    expect(last).to_contain_text("together with 5A")
    expect(partner).to_contain_text("together with 5C1")
    assert axe(page) == []

    teacher = signed_in("teacher", language="en-GB")
    teacher.goto(f"/uke/{before[0]}")
    expect(teacher.locator("main")).to_contain_text("Tuesday")
    title = last.locator("[lang=nb]").first.inner_text()
    expect(teacher.locator("main")).to_contain_text(title)

    page.goto(address)
    page.locator("[name=where][value^='2']").nth(1).check()
    press(page, page.get_by_role("button", name="Move the lesson"))
    page.goto(BOARD)
    moved = week_of(last)
    assert (moved, week_of(partner)) == (moved, moved)
    assert moved != before[0]
    teacher.goto(f"/uke/{moved}")
    expect(teacher.locator("main")).to_contain_text(title)

    page.goto(address.removesuffix("/flytt") + "/sammen")
    expect(page.locator("main")).to_contain_text("Held together with 5A.")
    assert axe(page) == []
    press(page, page.get_by_role("button", name="Hold each by itself"))
    page.goto(BOARD)
    expect(last).not_to_contain_text("together with 5A")
    assert week_of(partner) == before[1]


def test_a_class_with_its_lesson_in_a_weeks_only_has_it_every_other_week_across_the_new_year(
    signed_in: Callable[..., Page], live: Live
) -> None:
    page = signed_in("agent3", language="en-GB", phone=True)
    page.goto("/rekker")
    page.locator("main a[href^='/rekker/']").filter(has_text="5/6").first.click()
    expect(page.locator("main")).to_contain_text("(A weeks)")
    expect(page.locator("main")).to_contain_text("(B weeks)")
    page.locator("a[href$='/ukestid']").click()
    first, second = page.locator("[name='times-0-start_time']"), page.locator("[name='times-1-start_time']")
    expect(first).to_have_value("09:00")
    second.fill("")
    expect(page.locator("#plan")).to_contain_text("Nothing is saved yet.")
    assert overflow(page) == 0
    a_week = date.fromisoformat(page.locator("[name=a_week]").input_value())
    press(page, page.get_by_role("button", name="Save the weekly times"))
    expect(page.locator("main")).to_contain_text("(A weeks)")
    expect(page.locator("main")).not_to_contain_text("(B weeks)")

    desk = signed_in("agent3", language="en-GB")
    desk.goto(BOARD)
    group = desk.locator(".board-card[data-move]").filter(has_text="5/6").first.get_attribute("data-class")
    weeks = [monday(week_of(card)) for card in desk.locator(f".board-card[data-move][data-class='{group}']").all()]
    assert {(week - a_week).days % 14 for week in weeks} == {0}
    assert weeks[0].year < weeks[-1].year and len(weeks) > 4
