"""An old phone on a bad line: what a parents' page costs it, that nothing jumps, and that it reads without style and script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import PARENTS, overflow

LANGUAGES = ("nb", "en", "ur", "so", "ar", "ta", "pl")
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 200_000 / 8}
"""A line of 400 kbit/s with 400 ms to and fro, as a bad mobile network has ("Slow 3G" of Chromium's own tools)."""

MEASURE = """() => new Promise(done => {
  let shift = 0
  const watch = new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (one.sources.some(at => at.node)) shift += one.value
  })
  watch.observe({ type: "layout-shift", buffered: true })
  const asked = performance.getEntriesByType("resource"), page = performance.getEntriesByType("navigation")[0]
  setTimeout(() => done({
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    bytes: page.transferSize,
    all: asked.reduce((sum, one) => sum + one.transferSize, page.transferSize),
    requests: asked.length + 1,
    shift,
  }), 500)
})"""


# What moves within the browser's own sound player has no node of the page, and moves nothing else: it is not counted.


def opened_slowly(page: Page, address: str) -> dict[str, Any]:
    """Open a page on the slow line with nothing kept, and tell what it cost."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Network.emulateNetworkConditions", SLOW)
    page.goto(address)
    page.wait_for_load_state("load")
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_of_a_lesson_is_seen_at_once_on_a_slow_line_and_nothing_jumps(language: str, visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, language=language)
    page.goto(f"{PARENTS}/{language}")
    lesson = page.locator(".weeks a").first.get_attribute("href")
    fresh = visitor(phone=True, language=language)
    cost = opened_slowly(fresh, f"{lesson}")
    assert cost["bytes"] <= 14_000
    assert cost["paint"] <= 3_000
    assert cost["requests"] <= 5
    assert cost["shift"] == 0


@pytest.mark.parametrize("place", ["", "/nb", "/ur/om-oss"])
def test_nothing_jumps_on_the_other_pages_either(place: str, visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True)
    assert opened_slowly(page, PARENTS + place)["shift"] == 0


@pytest.mark.parametrize("language", ["nb", "ur"])
def test_with_its_style_taken_away_the_page_is_read_in_the_same_order(language: str, visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, javascript=False, language=language)
    page.goto(f"{PARENTS}/{language}")
    page.locator(".weeks a").first.click()
    tops = "() => [...document.querySelectorAll('h1, h2')].map(one => one.getBoundingClientRect().top)"
    dressed = page.evaluate(tops)
    page.evaluate("() => document.querySelector('style').remove()")
    assert page.evaluate(tops) == sorted(page.evaluate(tops))
    assert dressed == sorted(dressed)
    expect(page.locator("footer a").last).to_be_visible()
    assert overflow(page) == 0
