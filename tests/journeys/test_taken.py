"""“Klassen er opptatt”: the teacher proposes another day by the class's link, without an account, and the agent answers in one press."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import TEACHERS, overflow, press
from tests.journeys.browser import axe
from tests.journeys.letterbox import Letterbox

TAKEN = "main a[href$='/opptatt']"
SAY = "main form[method=post] button[type=submit]"


def say_taken(page: Page) -> str:
    """Say by the link that the class is taken this week, and wish for the first day that would do: that day."""
    page.goto(TEACHERS)
    page.locator(TAKEN).first.click()
    page.locator("[name=why]").select_option("Prøve")
    wish = page.locator("[name=wish] option").nth(1).get_attribute("value")
    assert wish is not None
    page.locator("[name=wish]").select_option(wish)
    assert overflow(page) == 0
    press(page, SAY)
    expect(page.locator("main")).to_contain_text("Sosialagenten har ikke svart ennå.")
    return wish


@pytest.mark.parametrize("javascript", [True, False])
def test_a_teacher_wishes_for_another_day_and_the_agent_moves_the_lesson_there_in_one_press(
    javascript: bool, visitor: Callable[..., Page], signed_in: Callable[..., Page], letterbox: Letterbox
) -> None:
    teacher = visitor(phone=True, javascript=javascript)
    wish = say_taken(teacher)
    agent = signed_in("agent", phone=True, javascript=javascript, language="en-GB")
    agent.goto("/uka-mi")
    waiting = agent.locator("#taken li")
    expect(waiting).to_have_count(2)  # another was waiting
    expect(waiting.first).to_contain_text("A test")
    press(agent, waiting.first.locator("button[value=flytt]"))
    expect(agent.locator("#notices")).to_contain_text("and the teacher is told.")
    expect(waiting).to_have_count(1)
    [mail] = letterbox.wait_for(1)
    assert mail["To"] == "teacher@demo.example"
    teacher.goto(f"{TEACHERS}/{_week(wish)}")
    expect(teacher.locator("main")).to_contain_text("sosialagenten har flyttet økta")

    letterbox.begin_anew()
    press(agent, "#notices .undo button")
    expect(agent.locator("#notices")).to_contain_text("The answer is taken back")
    assert len(letterbox.wait_for(1)) == 1
    teacher.goto(TEACHERS)
    expect(teacher.locator("main")).to_contain_text("Sosialagenten har ikke svart ennå.")


def test_the_agent_looks_at_the_days_and_says_not_now(visitor: Callable[..., Page], signed_in: Callable[..., Page]) -> None:
    teacher = visitor()
    say_taken(teacher)
    agent = signed_in("agent", language="en-GB")
    agent.goto("/uka-mi")
    agent.locator("#taken li").first.locator("a").click()
    expect(agent.locator("[name=where]:checked, select[name=where]")).to_be_visible()
    assert (axe(agent), overflow(agent)) == ([], 0)
    press(agent, "button[name=svar][value=nei]")
    expect(agent.locator("#notices")).to_contain_text("stays where it is")
    teacher.goto(TEACHERS)
    expect(teacher.locator("main")).to_contain_text("Snakk sammen.")


def test_it_is_said_once_and_a_second_time_is_refused_in_words(visitor: Callable[..., Page]) -> None:
    page = visitor(javascript=False)
    page.goto(TEACHERS)
    address = page.locator(TAKEN).first.get_attribute("href")
    assert page.context.cookies() == []
    other = page.context.new_page()
    other.goto(f"{address}")
    say_taken(page)
    page.goto(f"{address}")
    expect(page.locator("main")).to_contain_text("Sosialagenten har ikke svart ennå.")
    expect(page.locator("form")).to_have_count(0)
    assert press(other, SAY).status == 422
    expect(other.locator(".ds-error-summary")).to_contain_text("Sosialagenten har ikke svart")


def _week(day: str) -> str:
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"
