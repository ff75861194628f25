"""The agent moves lessons on the board: with the mouse, with the keyboard, and with the form alone."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.acts import overflow, press
from tests.journeys.browser import axe
from tests.journeys.conftest import Live

BOARD = "/rekker/tavle"
FURTHEST = 40
TALL = {"width": 1280, "height": 3200}
"""All weeks in sight at once: a card that is carried is not scrolled away from under the mouse."""


def card_of(page: Page) -> Locator:
    """The first lesson that may be moved; others of its class come after it."""
    cards = page.locator(".board-card[data-move]")
    expect(cards.first).to_be_visible()
    return _of_class(page, cards.first).first


def last_card_of(page: Page) -> Locator:
    """The last lesson of the same class: what the template puts last has only free weeks after it."""
    return _of_class(page, card_of(page)).last


def _of_class(page: Page, card: Locator) -> Locator:
    return page.locator(f".board-card[data-move][data-class='{card.get_attribute('data-class')}']")


def cells_of(page: Page, card: Locator) -> Locator:
    """The weeks of the card's class that are not past."""
    return page.locator(f"td[data-week][data-class='{card.get_attribute('data-class')}']")


def week_of(card: Locator) -> str:
    week = card.locator("xpath=ancestor::td").get_attribute("data-week")
    assert week is not None
    return week


def named(page: Page, card: Locator) -> Locator:
    """The same card after the board came anew."""
    return page.locator(f"#{card.get_attribute('id')}")


def test_a_card_is_dragged_where_another_stands_and_they_change_places(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.set_viewport_size(TALL)  # type: ignore[arg-type]
    page.goto(BOARD)
    card = named(page, card_of(page))
    before = week_of(card)
    other = cells_of(page, card).nth(1).locator(".board-card")
    other = page.locator(f"#{other.first.get_attribute('id')}")
    there = week_of(other)
    card.drag_to(other.locator("xpath=ancestor::td"))
    answer = card.locator("#board-answer")
    expect(answer).to_contain_text("The two may change places.")
    expect(page.locator("[data-over], [data-carried]")).to_have_count(0)
    assert week_of(card) == before

    press(page, answer.locator("button"))
    expect(page.locator("#notices")).to_contain_text("have changed places")
    assert (week_of(card), week_of(other)) == (there, before)
    expect(card).to_be_focused()
    press(page, ".undo button")
    assert (week_of(card), week_of(other)) == (before, there)


def test_a_card_is_dragged_to_a_free_week_without_the_page_being_left(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.set_viewport_size(TALL)  # type: ignore[arg-type]
    page.goto(BOARD)
    card = named(page, last_card_of(page))
    cell = free_cell(page, card)
    week = cell.get_attribute("data-week")
    page.evaluate("() => { window.stayed = true }")
    card.drag_to(cell)
    expect(page.locator("#notices")).to_contain_text("is moved to")
    expect(card.locator("[data-handle]")).to_be_focused()
    assert (week_of(card), page.evaluate("() => window.stayed")) == (week, True)
    press(page, ".undo button")
    assert week_of(card) != week


def free_cell(page: Page, card: Locator) -> Locator:
    """The first week after the class's last lesson with nothing in it."""
    cells = cells_of(page, card).all()
    filled = [cell.locator(".board-card, .board-why").count() > 0 for cell in cells]
    last = max(number for number, cell in enumerate(cells) if cell.locator(".board-card").count())
    return cells[filled.index(False, last)]


def test_wherever_a_card_is_let_go_the_board_says_why_it_cannot_be_there(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.set_viewport_size(TALL)  # type: ignore[arg-type]
    page.goto(BOARD)
    card = named(page, card_of(page))
    before, answer = week_of(card), page.locator("#board-answer")
    mine = card.get_attribute("data-class")
    for place, words in (
        (f"td[data-week]:not([data-class='{mine}'])", "That is the column of another class."),
        ("#plan-board tr[data-closed]:visible td:visible", "Nothing can be moved to that week."),
        (f"td[data-week='{before}'][data-class='{mine}']", "It stays where it is."),
    ):
        card.drag_to(page.locator(place).first, source_position={"x": 4, "y": 4}, target_position={"x": 3, "y": 3})
        expect(answer).to_contain_text(words)
        expect(card).to_contain_text(words)
        expect(page.locator("[data-over], [data-carried]")).to_have_count(0)
    assert week_of(card) == before
    locked = page.locator(".board-card:not([data-move])", has_text="date locked").first
    assert locked.get_attribute("draggable") is None, "what is locked says so, and is not carried at all"


def test_a_card_is_moved_with_the_arrow_keys_and_what_is_chosen_is_said(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto(BOARD)
    card = named(page, last_card_of(page))
    said = page.locator("#board-said")
    card.locator("[data-handle]").focus()
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text(re.compile(r"^Week \d+: \w+"))
    expect(page.locator("td[data-over]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(said).to_have_text("It stays where it is.")
    expect(page.locator("td[data-over]")).to_have_count(0)

    week = free_cell(page, card).get_attribute("data-week")
    for _ in range(FURTHEST):
        page.keyboard.press("ArrowDown")
        if page.locator("td[data-over]").get_attribute("data-week") == week:
            break
    expect(said).to_have_text(re.compile(r"^Week \d+: free$"))
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("is moved to")
    expect(card.locator("[data-handle]")).to_be_focused()
    assert week_of(card) == week


def test_whoever_was_overtaken_sees_at_the_card_how_the_lesson_stands_now(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.set_viewport_size(TALL)  # type: ignore[arg-type]
    page.goto(BOARD)
    card = named(page, card_of(page))
    before = week_of(card)
    live.run("UPDATE lesson SET version = version + 1")
    card.drag_to(cells_of(page, card).nth(2))
    expect(card.locator("#board-answer")).to_contain_text("was changed after you opened the page")
    assert week_of(card) == before
    page.locator("#board-answer a", has_text="See how it is now").click()
    expect(page.locator("#board-answer")).to_be_empty()


def test_without_javascript_the_card_leads_to_a_form_that_shows_the_weeks(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", javascript=False)
    page.goto(BOARD)
    card = named(page, card_of(page))
    before = week_of(card)
    card.locator("[data-handle]").click()
    swap = page.locator("[name=where][value^='bytt:']").first
    swap.check()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(f"{BOARD}#okt-"))
    assert week_of(card) != before
    page.locator(".undo button").click()
    assert week_of(card) == before

    card.locator("summary").click()
    card.locator("[name=room]").fill("Biblioteket")
    card.locator("[name=room]").press("Enter")
    expect(card).to_contain_text("Biblioteket")
    card.locator("summary").click()
    card.locator("button[formaction$='/las']").click()
    expect(card.locator("[data-handle]")).to_have_count(0)


def test_on_a_phone_the_board_is_one_class_at_a_time(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", phone=True)
    page.goto(BOARD)
    assert overflow(page) == 0
    shown = {card.get_attribute("data-class") for card in page.locator(".board-card[data-move]:visible").all()}
    assert len(shown) == 1
    other = page.locator(".board-classes a:not([data-first])").last
    name = other.inner_text()
    other.click()
    expect(page.locator(".board-one")).to_contain_text(name)
    assert overflow(page) == 0


def test_the_board_has_no_accessibility_error(signed_in: Callable[..., Page], live: Live) -> None:
    for dark in (False, True):
        page = signed_in("agent", dark=dark)
        page.goto(BOARD)
        page.locator(".board-past > summary").click()
        page.locator(".board-card summary").first.click()
        assert axe(page) == []
        page.locator("[data-handle]").first.click()
        assert axe(page) == []
