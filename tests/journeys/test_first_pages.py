"""Each reader begins with what she needs: the agent on her phone, the translator at her desk, the head with the school."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import press
from tests.journeys.conftest import Live


def test_an_agent_on_her_phone_sees_today_and_confirms_two_parallel_lessons_at_once(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent", phone=True)
    expect(page).to_have_url(re.compile("/uka-mi$"))
    lessons = page.locator("article.mine h3")
    expect(lessons).to_contain_text(["5C1", "5C2"])
    expect(page.locator("article.mine").first).to_contain_text("Biblioteket")
    expect(page.locator("article.mine .run li").first).to_contain_text("08:30")
    expect(page.locator(".ticks :checked")).to_have_count(2)
    press(page, ".ticks button")
    expect(page).to_have_url(re.compile("/uka-mi$"))
    expect(page.locator("#notices")).to_contain_text(re.compile("5C1.*5C2"))
    expect(page.locator("article.mine .ds-tag[data-color=success]")).to_have_count(2)
    expect(page.locator(".ticks")).to_have_count(0)


def test_an_agent_without_javascript_finds_the_next_week_and_the_lesson_to_teach_from(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", javascript=False)
    page.locator("article.mine a[href^='/idebank/']").first.click()
    expect(page).to_have_url(re.compile("/opplegg"))
    expect(page.locator("main")).to_contain_text("08:30")
    page.goto("/uka-mi")
    page.locator(f".week-nav a[href$='-W{live.today.isocalendar().week + 1}']").click()
    expect(page).to_have_url(re.compile(f"-W{live.today.isocalendar().week + 1}$"))
    expect(page.locator(".mine-fold").first).to_contain_text("5C1")


def test_an_agent_puts_her_lessons_into_her_calendar_and_closes_the_address(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent3")
    page.goto("/uka-mi")
    page.locator("a[href='/uka-mi/kalender']").click()
    press(page, "form[action$='/ny'] button")
    address = page.locator("#calendar-address").inner_text()
    assert address.startswith(f"{live.url}/kalender/")
    with urllib.request.urlopen(address) as answer:
        file = answer.read().decode()
    assert "SUMMARY" in file and "Bjørka" in file
    press(page, "form[action$='/steng'] button")
    with pytest.raises(urllib.error.HTTPError, match="410"):
        urllib.request.urlopen(address)


def test_a_translator_finds_what_is_needed_first_and_what_has_changed(signed_in: Callable[..., Page]) -> None:
    page = signed_in("translator")
    expect(page).to_have_url(re.compile("/oversett$"))
    page.locator("main h2 a").click()
    expect(page.locator(".desk-line")).not_to_have_count(0)
    page.locator(".desk-line", has=page.locator("rect.bar-stale")).last.locator("h2 a").click()
    expect(page.locator(".beside ins").first).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)


def test_a_head_sees_how_far_each_class_has_come(signed_in: Callable[..., Page]) -> None:
    page = signed_in("rektor")
    expect(page).to_have_url(re.compile("/skole$"))
    expect(page.locator(".school-class h2").first).to_have_text("5A")
    expect(page.locator(".school-class progress").first).to_be_visible()
    page.locator(".school-class a").first.click()
    expect(page).to_have_url(re.compile("/rekker/"))
