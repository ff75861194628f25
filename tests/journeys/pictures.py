"""The pictures of README and docs, taken of the demo: `make pictures`. Not a test; it is named so that tests do not find it."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.acts import address_of
from tests.journeys.browser import ROOT

PICTURES = ROOT / "docs" / "pictures"


def test_pictures(signed_in: Callable[..., Page], visitor: Callable[..., Page]) -> None:
    parent = visitor(phone=True)
    for language in ("nb", "so", "ur"):
        parent.goto(address_of(parent, "Vennskap", language))
        parent.set_viewport_size({"width": 390, "height": 780})
        _take(parent, f"parent-{language}")
    desk = {"width": 1180, "height": 780}
    for who, address, name in (
        ("coordinator", "/idebank/vennskap", "theme"),
        ("teacher", "/uke", "week"),
        ("agent", "/rekker", "series"),
    ):
        page = signed_in(who)
        page.set_viewport_size(desk)  # type: ignore[arg-type]
        page.goto(address)
        if name == "series":
            page.locator("article a").first.click()
        _take(page, name)


def _take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png", scale="css")
