"""How many clicks a year takes, and a lost day: counted as a person makes them. And a card moved with a finger."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.acts import overflow, press
from tests.journeys.browser import axe
from tests.journeys.conftest import Live
from tests.journeys.test_board import BOARD, free_cell, last_card_of, named, week_of


@dataclass
class Hand:
    """Clicks, and counts them."""

    page: Page
    clicks: int = 0

    def click(self, where: str | Locator) -> None:
        """Click on what shows something."""
        (self.page.locator(where) if isinstance(where, str) else where).click()
        self.clicks += 1

    def press(self, where: str | Locator) -> None:
        """Press a button that leads to another page."""
        press(self.page, where)
        self.clicks += 1


def test_two_classes_are_planned_from_nothing_and_put_into_use_in_twelve_clicks(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto("/uka-mi")
    hand = Hand(page)
    hand.press("nav a[href='/rekker']")
    hand.press("a[href='/rekker/ny']")
    page.locator("[name=outline]").select_option("kursrekke-2")
    expect(page.locator("[name=themes_of]")).to_have_value("kursrekke-2")
    hand.clicks += 2
    expect(page.locator("#plan")).to_contain_text("Lessons: 7,")
    hand.click(page.locator(".class-line:not(:has-text('taught in halves')) [name=classes]:not(:checked):not([disabled])").first)
    expect(page.locator("#plan")).to_contain_text("Lessons: 14,")
    hand.press("#choices button[type=submit]:not([name])")
    expect(page.locator(".notices")).to_contain_text("Planned:")
    for _ in range(2):
        hand.press(page.locator("article, .ds-card, li").filter(has_text="being planned").locator("a[href^='/rekker/']").first)
        hand.press("form[action$='/ta-i-bruk'] button")
        page.goto("/rekker")
        hand.clicks += 1
    assert hand.clicks <= 12


def test_a_lost_day_is_mended_in_three_clicks_and_taken_back_in_one(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    page.goto(BOARD)
    hand, row = Hand(page), page.locator("tr", has=page.locator(".board-lost")).nth(1)
    cards = row.locator(".board-card[data-move]")
    before = {card.get_attribute("id"): week_of(card) for card in cards.all()}
    hand.click(row.locator(".board-lost summary"))
    assert axe(page) == []
    day = row.locator(".board-lost a").first.inner_text()
    hand.press(row.locator(".board-lost a").first)
    expect(page.locator("main")).to_contain_text("Nothing is saved yet.")
    assert (axe(page), overflow(page)) == ([], 0)
    hand.press("main form button[type=submit]")
    expect(page.locator("#notices")).to_contain_text("New dates are saved.")
    assert hand.clicks <= 3
    expect(page.locator(".board-card[data-move] .board-facts").filter(has_text=day)).to_have_count(0)

    page.locator("#changes summary").click()
    expect(page.locator("#changes li").first).to_contain_text("A lost day")
    press(page, page.locator("#changes form button").first)
    expect(page.locator("#notices")).to_contain_text("The change is taken back.")
    assert {id: week_of(page.locator(f"#{id}")) for id in before} == before


def test_a_card_is_moved_with_a_finger_after_a_long_press_and_a_short_one_only_scrolls(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB", phone=True)
    page.goto(BOARD)
    card = named(page, last_card_of(page))
    card.scroll_into_view_if_needed()
    before, cell = week_of(card), free_cell(page, card)
    week, there = cell.get_attribute("data-week"), cell.locator("xpath=..")
    there.evaluate("row => row.scrollIntoView({ block: 'center' })")
    _touch(page, card, there, hold=100)
    expect(page.locator("[data-lifted]")).to_have_count(0)
    assert week_of(card) == before
    _touch(page, card, there, hold=700)
    expect(page.locator("#notices")).to_contain_text("is moved to")
    assert week_of(card) == week


def _touch(page: Page, card: Locator, to: Locator, hold: int) -> None:
    """Put a finger on a card, wait so many milliseconds, and go to a place."""
    start, end = card.locator(".board-title").bounding_box(), to.bounding_box()
    assert start is not None and end is not None
    finger = page.context.new_cdp_session(page)
    x, y = start["x"] + 20, start["y"] + 5
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    page.wait_for_timeout(hold)
    for part in range(1, 6):
        point = {"x": x + (end["x"] + 20 - x) * part / 5, "y": y + (end["y"] + 10 - y) * part / 5}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    page.wait_for_timeout(100)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
