"""Paper out of a browser: one page of A4 whatever the language, and texts that are copied as they stand."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import PARENTS, TEACHERS
from tests.journeys.conftest import Live
from tests.pdf import pages

OPEN = ("nb", "en", "ur", "so", "ar", "ta", "pl")
SIXTEEN = (*OPEN, "tr", "fa-AF", "fa", "kmr", "ckb", "sq", "vi", "ti", "uk")


def printed(page: Page, address: str) -> int:
    """How many pages come out of the printer."""
    answer = page.goto(address)
    assert answer is not None and answer.status == 200, address
    page.evaluate("document.fonts.ready.then(() => 1)")
    return pages(page.pdf(prefer_css_page_size=True))


@pytest.mark.parametrize("language", OPEN)
def test_every_lesson_is_one_page_for_the_fridge_in_every_language(language: str, visitor: Callable[..., Page]) -> None:
    page = visitor(language=language)
    page.goto(f"{PARENTS}/{language}")
    lessons = [str(link.get_attribute("href")) for link in page.locator(".weeks a[href]").all()]
    assert len(lessons) > 3
    assert {address: printed(page, f"{address}/ark") for address in lessons} == dict.fromkeys(lessons, 1)


def test_the_poster_and_the_words_for_the_wall_are_one_page_each_with_sixteen_languages(signed_in: Callable[..., Page], live: Live) -> None:
    for tag in SIXTEEN:
        live.run("UPDATE district_language SET is_open = 1 WHERE tag = ? AND district_id = 1", tag)
    page = signed_in("teacher")
    page.goto("/uke")
    poster = page.locator("a[href$='/plakat']").first.get_attribute("href")
    assert printed(page, str(poster)) == 1
    expect(page.locator(".poster-lines li")).to_have_count(16)
    assert printed(page, "/idebank/vennskap/ordplakat") == 1


def test_the_words_of_a_series_are_a_page_for_each_theme(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent")
    page.goto("/rekker")
    page.locator("main a[href^='/rekker/']:not([href$='/ny'], [href$='/tavle'])").first.click()
    address = str(page.locator("a[href$='/ordplakat']").get_attribute("href"))
    count = printed(page, address)
    assert count == page.locator("article.wall").count() > 3


def test_a_pdf_is_downloaded_from_the_page_that_is_printed(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent")
    page.goto("/uke")
    page.locator("a[href$='/plakat']").first.click()
    with page.expect_download(timeout=30_000) as downloading:  # it is made before it is sent
        page.locator("a[href$='.pdf']").click()
    assert re.fullmatch(r"plakat-[\w-]+\.pdf", downloading.value.suggested_filename)
    assert pages(downloading.value.path().read_bytes()) == 1


def test_the_file_of_a_sheet_is_one_page_in_every_language(signed_in: Callable[..., Page]) -> None:
    page = signed_in("teacher")
    page.goto("/uke")
    page.locator("a[href$='/del']").first.click()
    files = [str(link.get_attribute("href")) for link in page.locator("a[href*='/ark/'][href$='.pdf']").all()]
    assert len(files) == len(OPEN)
    assert {file: pages(page.request.get(file, timeout=60_000).body()) for file in files} == dict.fromkeys(files, 1)


@pytest.mark.parametrize("who", ["teacher", "link", "parent"])
def test_a_message_is_copied_as_it_stands(who: str, signed_in: Callable[..., Page], visitor: Callable[..., Page], live: Live) -> None:
    page = signed_in("teacher") if who == "teacher" else visitor()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live.url)
    page.goto({"teacher": "/uke", "link": TEACHERS, "parent": f"{PARENTS}/so/del"}[who])
    if who != "parent":
        page.locator("aside .fold summary").first.click()
    for id in ("message", "sms"):
        field = page.locator(f"textarea[id$='{id}']").first
        page.locator(f"[data-copy='{field.get_attribute('id')}']").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == field.input_value()
        assert copied.endswith(PARENTS)
    if who != "teacher":
        assert page.context.cookies() == []


def test_a_text_is_handed_to_another_program_where_the_phone_can(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True)
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve(); }")
    page.goto(f"{PARENTS}/nb/del")
    page.locator("[data-share=sms]").click()
    assert page.evaluate("window.shared.text") == page.locator("#sms").input_value()


def test_without_javascript_a_text_can_be_selected_and_no_button_stands_there_that_does_nothing(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, javascript=False)
    page.goto(f"{PARENTS}/ur/del")
    expect(page.locator("#message")).to_have_attribute("readonly", "")
    expect(page.locator("main button:visible")).to_have_count(0)
