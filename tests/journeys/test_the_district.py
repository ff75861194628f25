"""The district as a whole: who has how much, how far it is between the schools, the year on a page, and calendars by a secret address."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.journeys.acts import overflow, press, press_past_the_browser
from tests.journeys.browser import axe
from tests.journeys.conftest import Live

SAVE = "main form[method=post] button[type=submit]"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_coordinator_sees_who_has_how_much_and_says_how_much_she_may_have(javascript: bool, signed_in: Callable[..., Page]) -> None:
    page = signed_in("coordinator", phone=True, javascript=javascript, language="en-GB")
    page.goto("/bydel")
    expect(page.locator(".load tbody tr")).to_have_count(3)
    expect(page.locator("#proposals")).to_be_visible()
    page.locator(".load tbody a", has_text="Ingrid Solfeng").click()
    page.locator("[name=max_per_week]").fill("-9")
    assert press_past_the_browser(page, SAVE).status == 422
    expect(page.locator("#max_per_week-error")).to_be_visible()
    expect(page.locator("[name=max_per_week]")).to_have_value("-9")
    for name in ("max_per_day", "max_per_week", "target_per_day", "target_per_week"):
        page.locator(f"[name={name}]").fill("2")
    press(page, SAVE)
    row = page.locator(".load tbody tr", has_text="Ingrid Solfeng")
    expect(row.locator("th")).to_contain_text("at most 2 a week")
    expect(row.locator("td[data-over=max]").first).to_contain_text("more than she may have")
    press(page, "#notices .undo button")
    expect(page.locator(".load tbody tr", has_text="Ingrid Solfeng").locator("th")).to_contain_text("at most 12 a week")


def test_the_way_between_the_schools_is_kept_and_taken_back(signed_in: Callable[..., Page]) -> None:
    page = signed_in("coordinator", phone=True)
    page.goto("/bydel")
    page.locator("a[href='/bydel/reisetid']").click()
    way = page.locator("[name^=way-]")
    expect(way).to_have_value("20")
    way.fill("35")
    assert overflow(page) == 0
    press(page, SAVE)
    page.goto("/bydel/reisetid")
    expect(way).to_have_value("35")
    page.goto("/bydel/reisetid")
    way.fill("20000")
    assert press_past_the_browser(page, SAVE).status == 422
    expect(way).to_have_value("20000")


def test_the_leader_confirms_weekly_times_on_the_overview_and_takes_it_back(signed_in: Callable[..., Page]) -> None:
    page = signed_in("leader", language="en-GB")
    page.goto("/bydel")
    waiting = page.locator("section[aria-labelledby=times] li")
    before = waiting.count()
    assert before > 0
    press(page, waiting.first.locator("button"))
    expect(page.locator("#notices")).to_contain_text("are confirmed.")
    expect(waiting).to_have_count(before - 1)
    press(page, "#notices .undo button")
    expect(waiting).to_have_count(before)


def test_a_teacher_does_not_reach_the_districts_numbers(signed_in: Callable[..., Page]) -> None:
    page = signed_in("teacher")
    for address in ("/bydel", "/bydel/reisetid", "/borte"):
        answer = page.goto(address)
        assert answer is not None and answer.status == 403


def test_the_year_of_a_school_is_a_picture_a_table_and_paper(signed_in: Callable[..., Page]) -> None:
    page = signed_in("rektor", language="en-GB")
    page.goto("/skole")
    page.locator("main a[href^='/arshjul/']").click()
    expect(page.locator(".wheel-picture svg")).to_be_visible()
    expect(page.locator(".wheel-weeks-list").first.locator("tbody tr").first).to_be_visible()
    weeks = page.locator(".wheel-weeks-list tbody tr")
    autumn = weeks.filter(has=page.locator("th", has_text=re.compile(r"\b43\b")))
    expect(autumn).to_contain_text("Vennskap")
    page.emulate_media(media="print")
    expect(page.locator(".wheel-picture svg")).to_be_visible()
    for hidden in (".print-button", "nav.wheel-years", "[data-print]"):
        if page.locator(hidden).count():
            expect(page.locator(hidden).first).not_to_be_visible()
    assert b"%PDF" in page.pdf(format="A4")[:8]
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == 0
    assert "Bjørka" in _drawing(page)
    page.locator("a[href*='uten=grupper']").click()
    expect(page.locator("main")).not_to_contain_text("Bjørka")
    assert "Bjørka" not in _drawing(page)


def _drawing(page: Page) -> str:
    """The picture of the year as a file."""
    file = page.request.get(str(page.locator("a[href*='.svg']").get_attribute("href")))
    assert file.headers["content-type"].startswith("image/svg+xml")
    return str(file.text())


@pytest.mark.parametrize(
    ("who", "on", "way", "seen", "hidden"),
    [
        ("rektor", "/skole", "main a[href$='/kalender']", "5A", "syk"),
        ("teacher", "/uke/kalender", "main a[href^='/klasser/']", "Vennskap", "Bjørka"),
    ],
)
def test_a_calendar_is_read_by_its_secret_address_until_it_is_closed(
    who: str, on: str, way: str, seen: str, hidden: str, signed_in: Callable[..., Page], live: Live
) -> None:
    page = signed_in(who, phone=True)
    page.goto(on)
    page.locator(way).first.click()
    press(page, "form[action$='/ny'] button")
    assert (axe(page), overflow(page)) == ([], 0)
    address = page.locator("#calendar-address").inner_text()
    with urllib.request.urlopen(address) as answer:
        calendar = Calendar.from_ical(answer.read())
    events = calendar.walk("VEVENT")
    words = "\n".join(str(event["SUMMARY"]) for event in events)
    assert len({str(event["UID"]) for event in events}) == len(events) > 5
    assert seen in words and hidden not in words
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Oslo"]
    press(page, "form[action$='/steng'] button")
    with pytest.raises(urllib.error.HTTPError, match="410"):
        urllib.request.urlopen(address)


def test_back_from_a_calendar_that_was_saved_shows_what_was_looked_at(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("admin", language="en-GB", javascript=False)
    page.goto("/administrasjon/fridager/import")
    page.locator("[name=text]:visible").fill(f"fra;grunn\n{live.today.year}-11-10;Planleggingsdag")
    press(page, page.get_by_role("button", name="Look at the list"))
    expect(page.locator("main")).to_contain_text("What was understood")
    press(page, page.get_by_role("button", name="Save the new lines"))
    expect(page.locator("#notices")).to_contain_text("New lines: 1")
    page.go_back()
    expect(page.locator("main")).to_contain_text("What was understood")
    expect(page.locator("main")).to_contain_text("Planleggingsdag")
