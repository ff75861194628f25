"""“Jeg er borte i dag” on a phone: three taps, those it touches get a mail from a real mail server, and one press takes all of it back."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.journeys.acts import overflow, press
from tests.journeys.browser import axe
from tests.journeys.conftest import Live
from tests.journeys.letterbox import Letterbox
from tests.journeys.test_replanning import Hand

AWAY = "a[href='/borte']"
CONFIRM = "main form[method=post] button[type=submit]"
TODAY, TOMORROW = "button[name=dag][value=i-dag]", "button[name=dag][value=i-morgen]"


def test_an_agent_who_is_away_today_is_done_in_three_taps_on_her_phone_and_the_class_gets_its_lesson(
    signed_in: Callable[..., Page], letterbox: Letterbox
) -> None:
    page = signed_in("agent2", phone=True, language="en-GB")
    page.goto("/uka-mi")
    hand = Hand(page)
    hand.press(AWAY)
    assert (axe(page), overflow(page)) == ([], 0)
    hand.press(TODAY)
    assert (axe(page), overflow(page)) == ([], 0)
    expect(page.locator(".away-lesson")).to_have_count(1)
    expect(page.locator(".away-lesson")).to_contain_text("5B")
    hand.press(CONFIRM)
    assert hand.clicks == 3
    expect(page.locator("#notices")).to_contain_text("Amir Lyngdal is away, and her lessons are dealt with.")
    expect(page.locator("main ul li").first).to_contain_text("5B")
    assert (axe(page), overflow(page)) == ([], 0)


def test_the_teacher_and_the_colleague_get_a_mail_at_once_and_another_when_it_is_undone(
    signed_in: Callable[..., Page], letterbox: Letterbox, live: Live
) -> None:
    page = signed_in("agent", phone=True, language="en-GB")
    page.goto("/uka-mi")
    before = _lessons(page)
    page.locator(AWAY).click()
    page.locator("main details summary").click()
    page.locator("[name=fra]").fill(f"{live.today + timedelta(1)}")
    page.locator("[name=til]").fill(f"{live.today + timedelta(2)}")
    press(page, "main details button")
    _choose(page, "5A", "teacher")
    _choose(page, "6A", "colleague:")
    press(page, CONFIRM)
    expect(page.locator("main")).to_contain_text("get a mail")
    told = letterbox.wait_for(2)
    assert {mail["Subject"] for mail in told} == {"Kursrekka: ei økt er endret"}
    said = {mail["To"]: mail.get_content() for mail in told}
    colleague = (said.keys() - {"teacher@demo.example"}).pop()
    assert "5A" in said["teacher@demo.example"] and "6A" not in said["teacher@demo.example"]
    assert "6A" in said[colleague] and "i stedet for Ingrid Solfeng" in said[colleague]

    letterbox.begin_anew()
    press(page, "form[action$='/angre'] button")
    expect(page.locator("#notices")).to_contain_text("Ingrid Solfeng is not away after all.")
    assert {mail["To"] for mail in letterbox.wait_for(2)} == said.keys()
    page.goto("/uka-mi")
    assert _lessons(page) == before


def _choose(page: Page, school_class: str, way: str) -> None:
    """What becomes of the lesson of a class: the first of the ways that begin so."""
    field = page.locator(".away-lesson", has=page.locator("label", has_text=f"{school_class}:")).locator("select")
    field.select_option(field.locator(f"option[value^='{way}']").first.get_attribute("value"))


def _lessons(page: Page) -> list[str]:
    """The lessons of the week as they stand."""
    return page.locator(".mine h3, .mine-fold summary").all_inner_texts()


def test_the_coordinator_says_it_for_her_without_javascript_and_chooses_for_each_lesson(
    signed_in: Callable[..., Page], letterbox: Letterbox
) -> None:
    page = signed_in("coordinator", javascript=False)
    page.goto("/borte")
    page.locator("select[name=for]").select_option(label="Ingrid Solfeng")
    press(page, TOMORROW)
    page.locator(".away-lesson select").select_option("teacher")
    press(page, CONFIRM)
    expect(page.locator("#teams + p")).to_contain_text("5A")
    mails = {mail["To"]: mail.get_content() for mail in letterbox.wait_for(2)}
    assert mails.keys() == {"teacher@demo.example", "agent@demo.example"}
    sheet = next(word for word in mails["teacher@demo.example"].split() if "/opplegg?" in word)
    answer = signed_in("teacher").goto(sheet)
    assert answer is not None and answer.status == 200


def test_days_that_cannot_be_are_refused_in_words_and_what_was_typed_stays(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("agent", language="en-GB")
    first, last = live.today + timedelta(5), live.today + timedelta(1)
    page.goto(f"/borte?fra={first}&til={last}")
    expect(page.locator("[name=fra]")).to_have_value(f"{first}")
    expect(page.locator(".ds-error-summary")).to_be_visible()
    assert axe(page) == []
