"""Everything is reached, seen and pressed with the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Live

FURTHEST = 120
IS_SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  const box = document.activeElement.getBoundingClientRect();
  const marked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  return marked && box.width > 1 && box.height > 1;
}"""


def test_the_bank_is_edited_from_sign_in_to_saved_section_by_the_keyboard(visitor: Callable[..., Page], live: Live) -> None:
    page = visitor()
    page.goto("/logg-inn")
    page.keyboard.press("Tab")
    skip = page.locator("a[href='#main']")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    _tab_to(page, "input[name=email]")
    page.keyboard.type("coordinator@demo.example")
    _tab_to(page, "input[name=password]")
    page.keyboard.type(live.password)
    _enter(page, to="/idebank")
    _press(page, "main a[href='/idebank/vennskap']", to="/idebank/vennskap")
    _press(page, "form[action$='/utkast/begynn'] button", to="/idebank/vennskap/utkast")
    _press(page, "a[href$='/del/purpose']", to="/idebank/vennskap/utkast/del/purpose")
    _tab_to(page, "textarea[name=markdown]")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n- be om hjelp")
    _press(page, "form[data-keep] button[type=submit]", to="/idebank/vennskap/utkast#purpose")
    expect(page.locator("#purpose li").last).to_have_text("be om hjelp")


def test_being_away_is_said_and_taken_back_by_the_keyboard(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent")
    page.goto("/uka-mi")
    _press(page, "a[href='/borte']", to="/borte")
    _press(page, "button[name=dag][value=i-morgen]", to="/borte*dag=i-morgen*")
    _press(page, "main form[method=post] button", to="/borte/1")
    _press(page, "form[action$='/angre'] button", to="/borte")


def _tab_to(page: Page, place: str) -> None:
    """Tab until the focus is there; it must be visible wherever it stops on the way."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            continue  # the browser's own bars
        assert page.evaluate(IS_SEEN), page.evaluate("() => document.activeElement.outerHTML")
        if page.evaluate("place => document.activeElement.matches(place)", place):
            return
    raise AssertionError(f"{place} cannot be reached with Tab on {page.url}")


def _press(page: Page, place: str, *, to: str) -> None:
    _tab_to(page, place)
    _enter(page, to=to)


def _enter(page: Page, *, to: str) -> None:
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{to}")
