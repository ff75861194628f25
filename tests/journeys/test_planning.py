"""The agent plans a term: sees the dates, saves them, puts them into use, and moves a lesson."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from playwright.sync_api import Error, Page, Route, expect

from tests.journeys.acts import press
from tests.journeys.conftest import Live

MAKE = "#choices button[type=submit]:not([name])"
LESSONS = 8


def test_an_agent_makes_a_series_and_the_rules_speak_where_it_cannot_be(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto("/rekker")
    page.locator("a[href='/rekker/ny']").click()
    start = page.locator(".class-line", has=page.get_by_role("checkbox", name="5B", exact=True)).get_by_label("Starts at")
    expect(page.get_by_role("checkbox", name="5B", exact=True)).to_be_checked()
    page.wait_for_load_state()
    with page.expect_response("**/rekker/ny"):
        page.locator("[name=outline]").select_option("kursrekke-1")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#plan .on-line")).to_have_count(LESSONS)

    start.fill("10:15")
    expect(page.locator("#plan .when").first).to_have_text("10:15–11:15")
    _choose_a_holiday(page)
    expect(page.locator("#plan")).to_contain_text("There is no school in week")
    assert press(page, MAKE).status == 422
    expect(page.locator("#start-error")).to_contain_text("There is no school in week")
    expect(start).to_have_value("10:15")
    expect(page.locator("[name=agents]").first).to_be_checked()

    page.locator("[name=start]").select_option(index=1)
    expect(page.locator("#plan .on-line")).to_have_count(LESSONS)
    planned = page.locator("#plan .on-line").all_inner_texts()
    press(page, MAKE)
    expect(page.locator(".timeline .on-line")).to_have_count(LESSONS)
    assert [words.splitlines()[0] for words in page.locator(".timeline .on-line").all_inner_texts()] == [
        words.splitlines()[0] for words in planned
    ]

    press(page, "form[action$='/ta-i-bruk'] button")
    expect(page.locator("form[action$='/ta-i-bruk']")).to_have_count(0)
    _move_a_lesson(page, live.today)


def test_two_classes_are_planned_together_and_each_tick_shows_what_it_adds_up_to(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto("/rekker/ny")
    page.wait_for_load_state()
    page.locator("[name=outline]").select_option("kursrekke-2")
    expect(page.locator("[name=themes_of]")).to_have_value("kursrekke-2")
    expect(page.locator("#plan")).to_contain_text("Lessons: 7,")
    page.locator("[name=classes]:not(:checked):not([disabled])").first.check()
    expect(page.locator("#plan")).to_contain_text("Lessons: 14,")
    expect(page.locator(".class-time:visible")).to_have_count(2)

    fixed = page.locator(".theme-tick", has_text="fixed").get_by_role("checkbox")
    fixed.uncheck()
    expect(page.locator("#plan div.ds-alert")).to_contain_text("Without these the series cannot be put into use")
    expect(page.locator("#said")).to_contain_text("Lessons: 12,")
    fixed.check()
    expect(page.locator("#plan div.ds-alert")).to_have_count(0)
    page.locator("#themes summary").first.click()
    page.locator("#themes details [name=themes]").first.check()
    expect(page.locator("#plan")).to_contain_text("Lessons: 16,")
    expect(page.locator("#themes details [name=themes]").first).to_be_focused()

    press(page, MAKE)
    assert page.url.endswith("/rekker")
    expect(page.locator(".notices")).to_contain_text("Planned:")


def test_what_is_changed_while_another_template_is_on_its_way_is_kept(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto("/rekker/ny")
    page.wait_for_load_state()
    other = page.locator("[name=classes]:not(:checked):not([disabled])").first
    name = other.get_attribute("id") or ""
    start = page.locator(".class-line", has=page.locator(f"[id={name}]")).get_by_label("Starts at")

    def answer(route: Route) -> None:
        """The answer to the first request comes right after the next changes, quicker than a hand could make them."""
        page.unroute("**/rekker/ny")
        found = route.fetch()
        other.evaluate("box => box.click()")
        start.evaluate("field => { field.value = '13:15'; field.dispatchEvent(new Event('change', { bubbles: true })); }")
        with suppress(Error):  # nobody waits for it any longer
            route.fulfill(response=found)

    page.route("**/rekker/ny", answer)
    page.locator("[name=outline]").select_option("kursrekke-1")
    expect(page.locator("[name=themes_of]")).to_have_value("kursrekke-1")
    expect(page.locator("#plan .class-plan")).to_have_count(2)
    expect(page.locator("#plan")).to_contain_text("13:15–14:15")
    expect(page.locator(f"[id={name}]")).to_be_checked()
    expect(start).to_have_value("13:15")


def test_a_class_that_has_a_series_of_the_other_template_loses_its_tick(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto("/rekker/ny")
    page.wait_for_load_state()
    page.locator("[name=outline]").select_option("kursrekke-1")
    expect(page.locator("[name=themes_of]")).to_have_value("kursrekke-1")
    taken = page.locator(".class-line", has_text="has this series already:")
    expect(taken).not_to_have_count(0)
    expect(taken.locator("[name=classes]:checked")).to_have_count(0)


def _choose_a_holiday(page: Page) -> None:
    """A browser does not let anyone choose a week without school; an old page or a curious person does."""
    closed = page.locator("[name=start] option[disabled]").first
    week = closed.get_attribute("value")
    closed.evaluate("option => { option.disabled = false }")
    page.locator("[name=start]").select_option(week)


def _move_a_lesson(page: Page, today: date) -> None:
    first = page.locator(".timeline .on-line").first
    first.locator("summary").click()
    first.locator("a[href$='/flytt']").click()
    monday = date.fromisoformat(page.locator("[name=date]").input_value())
    monday -= timedelta(monday.weekday())
    saturday, thursday = monday + timedelta(5), monday + timedelta(3)
    page.locator("[name=date]").fill(saturday.isoformat())
    page.locator("[name=why]").fill("Klassen er på tur.")
    assert press(page, "main form button[type=submit]").status == 422
    expect(page.locator("#date-error")).to_contain_text("there is no school on a Saturday or a Sunday")
    expect(page.locator("[name=date]")).to_have_value(saturday.isoformat())
    expect(page.locator("[name=why]")).to_have_value("Klassen er på tur.")

    page.locator("[name=date]").fill(thursday.isoformat())
    press(page, "main form button[type=submit]")
    moved = page.locator(".timeline .on-line").first
    expect(moved).to_contain_text(f"Thursday {thursday.day} {thursday:%B}")
    press(page, ".undo button")
    expect(moved.locator("p.small").first).not_to_contain_text("Thursday")
