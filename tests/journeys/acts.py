"""What people do again and again in the journeys; things are found by names and addresses, so that words may be in any language."""

import re

from playwright.sync_api import Locator, Page, Response, expect

PARENTS, TEACHERS = "/f/parent5a7k", "/l/teacher5a7k000000000000000"
SAVE = "form[data-keep] button[type=submit]"


def press(page: Page, button: str | Locator) -> Response:
    """Press a button that sends a form, and wait for the page that answers."""
    where = page.locator(button) if isinstance(button, str) else button
    page.locator("html").evaluate("html => html.setAttribute('data-left', '')")
    with page.expect_response(_is_the_answer) as coming:
        where.click()
    expect(page.locator("html[data-left]")).to_have_count(0)
    return coming.value


def _is_the_answer(answer: Response) -> bool:
    return answer.request.is_navigation_request() and answer.status != 303


def press_past_the_browser(page: Page, button: str) -> Response:
    """Press a button as in a browser that looks at no field itself: the server is asked."""
    page.locator(button).first.evaluate("button => { button.form.noValidate = true }")
    return press(page, button)


def begin_draft(page: Page, theme: str) -> None:
    """Open a theme in the bank and begin a draft of it."""
    page.goto(f"/idebank/{theme}")
    press(page, "form[action$='/utkast/begynn'] button")
    expect(page).to_have_url(re.compile(f"/idebank/{theme}/utkast$"))


def write(page: Page, theme: str, section: str, words: str) -> Response:
    """Replace the words of a section of the draft, and save."""
    page.goto(f"/idebank/{theme}/utkast/del/{section}")
    page.locator("[name=markdown]").fill(words)
    return press(page, SAVE)


def publish(page: Page, theme: str, why: str, mark: str = "") -> None:
    """Publish the draft with a note; every changed sentence of the parents gets the same mark."""
    page.goto(f"/idebank/{theme}/utkast/publiser")
    for choice in page.locator(f"[name^=mark-][value='{mark}']").all():
        choice.check()
    page.locator("[name=why]").fill(why)
    press(page, SAVE)
    expect(page).to_have_url(re.compile(f"/idebank/{theme}$"))


def address_of(page: Page, theme: str, language: str) -> str:
    """Where the parents of 5A read about a theme in a language."""
    page.goto(f"{PARENTS}/{language}")
    address = page.locator(".weeks a", has_text=theme).get_attribute("href")
    assert address is not None
    return address


def overflow(page: Page) -> int:
    """How many pixels one must scroll sideways to see the whole page; 0 is right (WCAG 2.2, 1.4.10)."""
    pixels: int = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return pixels
