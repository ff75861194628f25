"""A parent has no connection, or a bad one: what she has read is there, says so, and is gone when the class's link is closed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.acts import PARENTS
from tests.journeys.browser import axe
from tests.journeys.conftest import PHONE, Live

SAVED, UNREAD = "[data-saved]", "[data-unread]"


def kept(page: Page) -> list[str]:
    """The paths of what is saved on the telephone, the oldest first."""
    found: list[str] = page.evaluate(
        "async () => (await caches.has('parents-pages')) ? (await (await caches.open('parents-pages')).keys())"
        ".map(one => new URL(one.url).pathname) : []"
    )
    return found


def wait_until_kept(page: Page, *paths: str) -> None:
    """Return when just these are saved: that happens after the page has come."""
    end = time.monotonic() + 5
    while sorted(kept(page)) != sorted(paths):
        assert time.monotonic() < end, (kept(page), paths)
        page.wait_for_timeout(50)


def read_a_lesson(page: Page, language: str) -> str:
    """Open the weeks and then this week's lesson; returns its path, when both are saved."""
    page.goto(f"{PARENTS}/{language}")
    wait_until_kept(page, f"{PARENTS}/{language}")
    page.locator(".weeks a").first.click()
    lesson = urlsplit(page.url).path
    wait_until_kept(page, f"{PARENTS}/{language}", lesson)
    return lesson


@pytest.mark.parametrize(("language", "saved"), [("nb", "Lagret "), ("ur", "محفوظ ہوا")])
def test_without_a_connection_what_was_read_is_read_again_and_says_when_it_was_saved(
    language: str, saved: str, visitor: Callable[..., Page]
) -> None:
    page = visitor(phone=True, language=language)
    lesson = read_a_lesson(page, language)
    expect(page.locator(SAVED)).not_to_be_visible()
    page.context.set_offline(True)
    page.goto(f"{lesson}?fbclid=x")
    expect(page.locator("h1")).to_have_text("Vennskap")
    expect(page.locator(SAVED)).to_contain_text(saved)
    assert axe(page) == []
    page.goto(f"{PARENTS}/{language}")
    expect(page.locator(SAVED)).to_be_visible()
    expect(page.locator(UNREAD)).not_to_be_visible()
    page.locator(".weeks a").nth(1).click()
    expect(page.locator(UNREAD)).to_be_visible()
    expect(page.locator(".weeks a").first).to_be_visible()
    page.context.set_offline(False)
    page.goto(lesson)
    expect(page.locator("h1")).to_have_text("Vennskap")
    expect(page.locator(SAVED)).not_to_be_visible()
    assert page.context.cookies() == []


def test_when_the_link_is_closed_what_was_saved_of_the_class_is_gone(visitor: Callable[..., Page], live: Live) -> None:
    page = visitor(phone=True)
    lesson = read_a_lesson(page, "nb")
    live.run("UPDATE link SET revoked_at = '2026-01-01 00:00:00.000000'")
    answer = page.goto(lesson)
    assert answer is not None and answer.status == 410
    wait_until_kept(page)
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{PARENTS}/nb")


def test_a_parent_stops_the_saving_and_begins_it_again(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True)
    read_a_lesson(page, "nb")
    page.goto(f"{PARENTS}/nb/om-oss")
    place = page.locator("[data-keep]")
    place.get_by_role("button").click()
    expect(place.get_by_role("status")).to_have_text("Ingenting av det du leser her, lagres på denne telefonen.")
    assert kept(page) == []
    page.goto(f"{PARENTS}/nb")
    page.locator(".weeks a").first.click()
    page.wait_for_load_state("networkidle")
    assert kept(page) == []
    page.goto(f"{PARENTS}/nb/om-oss")
    expect(place.get_by_role("button")).to_have_text("Lagre det jeg leser")
    place.get_by_role("button").click()
    expect(place.get_by_role("button")).to_have_text("Ikke lagre noe, og slett det som er lagret")
    page.goto(f"{PARENTS}/nb")
    page.locator(".weeks a").first.click()
    page.goto(f"{PARENTS}/nb")
    wait_until_kept(page, *sorted({*kept(page), f"{PARENTS}/nb"}))


def test_a_telephone_saves_a_fixed_number_of_pages_and_lets_go_of_the_oldest(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True)
    read_a_lesson(page, "nb")
    page.evaluate(
        "async () => { const store = await caches.open('parents-pages');"
        " for (let n = 0; n < 40; n++) await store.put(`/f/other/so/${n}`, new Response('')); }"
    )
    page.goto(f"{PARENTS}/en")
    end = time.monotonic() + 5
    while len(kept(page)) != 30 and time.monotonic() < end:
        page.wait_for_timeout(50)
    assert (len(kept(page)), kept(page)[-1], "/f/other/so/39" in kept(page), f"{PARENTS}/nb" in kept(page)) == (
        30,
        f"{PARENTS}/en",
        True,
        False,
    )


def test_what_is_asked_for_outside_the_pages_that_are_read_is_not_saved(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True)
    lesson = read_a_lesson(page, "nb")
    for address in (f"{lesson}/ark", f"{PARENTS}/nb/del", f"{PARENTS}/nb/zzzzzz", "/f/finnesikke"):
        page.goto(address)
    page.wait_for_load_state("networkidle")
    page.goto(lesson)
    wait_until_kept(page, f"{PARENTS}/nb", lesson)


# --- A line so bad that no answer comes --------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """A line to the server that can be made to stand still."""

    port: int
    server: socket.socket
    is_still: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.open = [self.server]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port))
            self.open += [near, far]
            for here, there in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(here, there), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while data := here.recv(65536):
                while self.is_still.is_set():
                    time.sleep(0.05)
                there.sendall(data)
        except OSError:
            pass
        finally:
            there.close()

    def close(self) -> None:
        self.is_still.clear()
        for one in self.open:
            one.close()


@pytest.fixture
def line(live: Live) -> Iterator[Line]:
    """A line to the running server."""
    made = Line(urlsplit(live.url).port or 0, socket.create_server(("127.0.0.1", 0)))
    yield made
    made.close()


def test_on_a_line_that_stands_still_the_saved_page_comes_after_some_seconds(browser: Browser, line: Line) -> None:
    context = browser.new_context(base_url=f"http://127.0.0.1:{line.server.getsockname()[1]}", viewport=PHONE, locale="nb-NO")  # type: ignore[arg-type]
    page = context.new_page()
    lesson = read_a_lesson(page, "nb")
    line.is_still.set()
    began = time.monotonic()
    page.goto(lesson)
    waited = time.monotonic() - began
    expect(page.locator(SAVED)).to_be_visible()
    assert 2.5 < waited < 8
    line.is_still.clear()
    page.goto(lesson)
    expect(page.locator(SAVED)).not_to_be_visible()
    context.close()
