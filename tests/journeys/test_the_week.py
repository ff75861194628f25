"""The teacher sees the week: with an account, and by the class's link without one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import TEACHERS
from tests.journeys.conftest import Live


@pytest.mark.parametrize("address", ["/uke", TEACHERS])
def test_a_teacher_sees_the_week_and_the_weeks_around_it_and_copies_the_text_for_the_weekly_plan(
    address: str, signed_in: Callable[..., Page], visitor: Callable[..., Page], live: Live
) -> None:
    page = signed_in("teacher") if address == "/uke" else visitor()
    if address == "/uke":
        expect(page).to_have_url(re.compile("/uke$"))  # a teacher's first page
    page.goto(address)
    expect(page.locator(".teaching h2")).to_have_text("Vennskap")
    expect(page.locator(".teaching .role")).to_contain_text("Du er med hele tiden")

    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live.url)
    page.locator("[data-copy$='-plan']").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("[id$='-plan']").inner_text()
    assert "vennskap" in copied and len(copied) <= 250

    number = live.today.isocalendar().week
    page.locator(".week-nav a").first.click()
    expect(page).to_have_url(re.compile(f"-W{number - 1}$"))
    expect(page.locator(".teaching h2")).to_have_text("Å forstå egne og andres følelser")
    page.locator(".week-nav a").last.click()
    page.locator(".week-nav a").last.click()
    expect(page).to_have_url(re.compile(f"-W{number + 1}$"))
    expect(page.locator(".teaching h2")).to_have_text("Samarbeid")
    if address == TEACHERS:
        assert page.context.cookies() == []


def test_on_paper_stands_what_was_unfolded_and_no_heading_is_bare(signed_in: Callable[..., Page]) -> None:
    page = signed_in("teacher")
    page.goto("/uke")
    folds = page.locator(".fold")
    assert folds.count() > 1
    folds.first.locator("summary").click()
    page.emulate_media(media="print")
    expect(folds.first.locator("p, li").first).to_be_visible()
    for fold in folds.all()[1:]:
        expect(fold).not_to_be_visible()
    expect(page.locator("[data-copy]").first).not_to_be_visible()
