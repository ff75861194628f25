"""Every form works where no script runs."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.acts import begin_draft, press, publish, write


def test_a_section_is_edited_and_published_without_javascript(signed_in: Callable[..., Page]) -> None:
    page = signed_in("coordinator", javascript=False)
    begin_draft(page, "selvfolelse")
    write(page, "selvfolelse", "watch-out", "- Ros det barnet *gjør*.")
    expect(page.locator("#watch-out em")).to_have_text("gjør")
    publish(page, "selvfolelse", "Ett råd i stedet for mange.")
    expect(page.locator("[aria-labelledby=watch-out] em")).to_have_text("gjør")


def test_a_series_is_made_without_javascript(signed_in: Callable[..., Page]) -> None:
    page = signed_in("agent", javascript=False)
    page.goto("/rekker/ny")
    page.locator(".class-time:visible [name$=-weekday]").select_option("3")
    page.locator(".class-time:visible [name$=-start_time]").fill("12:00")
    page.locator("#themes [name=themes]:checked").last.uncheck()
    assert press(page, "#choices button[name=show]").status == 200
    expect(page.locator("#plan .when").first).to_have_text("12:00–13:00")
    planned = page.locator("#plan .on-line .when").count()
    press(page, "#choices button[type=submit]:not([name])")
    expect(page.locator(".timeline .on-line")).to_have_count(planned)
