"""A parent reads the week's theme: in her own language, on an old phone, without JavaScript, cookie or any other server."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import PARENTS, overflow

LANGUAGES = {"nb": "ltr", "so": "ltr", "ur": "rtl"}


@pytest.mark.parametrize(("language", "direction"), LANGUAGES.items())
def test_a_parent_comes_from_the_code_to_the_lesson_and_reads_it_beside_the_norwegian(
    language: str, direction: str, visitor: Callable[..., Page]
) -> None:
    page = visitor(phone=True, javascript=False, language=language)
    page.goto("/f/PARENT-5A7K")
    _fits(page, direction)
    chosen = page.locator(".languages a").first
    expect(chosen).to_have_attribute("lang", language)
    chosen.click()
    _fits(page, direction)
    page.locator(".weeks a", has_text="Vennskap").click()
    expect(page.locator("h1")).to_have_text("Vennskap")
    expect(page.locator(".first [lang], .first[lang]")).to_have_count(0)  # her own language, not a fallback
    _fits(page, direction)
    folded = page.locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    _fits(page, direction)
    if language != "nb":
        page.locator("a[href$='/sammen']").click()
        expect(page.locator(".together [lang=nb]").first).to_contain_text("Denne uka er temaet vennskap")
        _fits(page, direction)
    assert page.context.cookies() == []


def _fits(page: Page, direction: str) -> None:
    """The page runs the way its language does, without scrolling sideways, also when the reader has doubled the size of text."""
    expect(page.locator("html")).to_have_attribute("dir", direction)
    assert overflow(page) == 0, page.url
    sizes = page.context.new_cdp_session(page)
    sizes.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert overflow(page) == 0, f"{page.url} at twice the size of text"
    sizes.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})


def test_what_a_parent_prints_is_all_unfolded(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, javascript=False)
    page.goto(f"{PARENTS}/nb")
    page.locator(".weeks a", has_text="Vennskap").click()
    folded = page.locator("details:not([open]) > :last-child").first
    expect(folded).not_to_be_visible()
    page.emulate_media(media="print")
    expect(folded).to_be_visible()
    expect(page.locator("footer")).not_to_be_visible()
