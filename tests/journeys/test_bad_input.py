"""What goes wrong is said in words at its place, and nothing that was written is lost."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.acts import PARENTS, SAVE, TEACHERS, begin_draft, press
from tests.journeys.conftest import Live

TRIES = 10
FODSELSNUMMER = "01010750160"
TOO_MUCH, LINE = 5_000_000, "ord " * 2_499 + "til\n"
MINE = "Vi øver på å være modige, og på å be om hjelp."


def test_ten_wrong_passwords_close_the_door_for_a_while_and_the_right_one_too(visitor: Callable[..., Page], live: Live) -> None:
    page = visitor(language="en-GB")
    page.goto("/logg-inn")
    page.locator("[name=email]").fill("rektor@demo.example")
    for _ in range(TRIES):
        page.locator("[name=password]").fill("wrong")
        assert press(page, "main form button").status == 422
        expect(page.locator("[name=email]")).to_have_value("rektor@demo.example")
        expect(page.locator("#password-error")).to_have_text("The e-mail and the password do not belong together.")
    page.locator("[name=password]").fill(live.password)
    press(page, "main form button")
    expect(page.locator("#password-error")).to_contain_text("Too many wrong tries.")


def test_a_revoked_link_says_so(visitor: Callable[..., Page], live: Live) -> None:
    page = visitor(language="en-GB", phone=True)
    assert page.goto(f"{PARENTS}/en").status == 200  # type: ignore[union-attr]
    live.run("UPDATE link SET revoked_at = '2026-01-01 00:00:00.000000'")
    for address in (PARENTS, f"{PARENTS}/en", TEACHERS):
        assert page.goto(address).status == 410  # type: ignore[union-attr]
        expect(page.locator("h1")).to_have_text("This link is no longer open")
    assert page.context.cookies() == []


def test_a_mangled_code_is_forgiven(page: Page) -> None:
    page.goto("/f/PARENT-5A7K/so")
    expect(page).to_have_url(f"{PARENTS}/so")
    page.goto("/f/%20Parent%205a7k")
    expect(page).to_have_url(PARENTS)


def test_five_megabytes_are_refused_in_words_and_stay_in_the_browser(signed_in: Callable[..., Page]) -> None:
    page = signed_in("coordinator", language="en-GB")
    begin_draft(page, "selvfolelse")
    page.goto("/idebank/selvfolelse/utkast/del/reflection")
    page.set_default_timeout(30_000)  # a browser lays out five megabytes slowly
    page.locator("[name=markdown]").evaluate("(field, lines) => { field.value = lines }", LINE * (TOO_MUCH // len(LINE)))
    assert press(page, SAVE).status == 413
    expect(page.locator("h1")).to_have_text("That was too much at once")
    page.go_back()
    assert page.locator("[name=markdown]").evaluate("field => field.value.length") == TOO_MUCH


def test_a_fodselsnummer_is_refused_beside_its_field_and_the_text_stays(signed_in: Callable[..., Page]) -> None:
    page = signed_in("coordinator", language="en-GB")
    begin_draft(page, "selvfolelse")
    page.goto("/idebank/selvfolelse/utkast/del/reflection")
    page.locator("[name=markdown]").fill(f"{MINE} {FODSELSNUMMER}")
    assert press(page, SAVE).status == 422
    expect(page.locator("#markdown-error")).to_contain_text("fødselsnummer")
    expect(page.locator("[name=markdown]")).to_have_value(f"{MINE} {FODSELSNUMMER}")
    expect(page.locator(".ds-error-summary")).to_be_focused()


def test_signing_out_kills_the_old_cookie(signed_in: Callable[..., Page], visitor: Callable[..., Page]) -> None:
    page = signed_in("coordinator")
    cookies = page.context.cookies()
    press(page, "form[action='/logg-ut'] button")
    expect(page.locator("[name=password]")).to_be_visible()
    thief = visitor()
    thief.context.add_cookies(cookies)  # type: ignore[arg-type]
    thief.goto("/idebank")
    expect(thief.locator("[name=password]")).to_be_visible()


def test_a_sign_in_that_ran_out_while_writing_loses_nothing(signed_in: Callable[..., Page], live: Live) -> None:
    page = signed_in("coordinator")
    begin_draft(page, "selvfolelse")
    section = "/idebank/selvfolelse/utkast/del/reflection"
    page.goto(section)
    page.locator("[name=markdown]").fill(MINE)
    live.run("UPDATE sign_in SET ended_at = created_at")
    assert press(page, SAVE).status == 401
    expect(page.locator("textarea")).to_have_value(MINE)
    page.locator("a[href='/logg-inn']").click()
    page.locator("[name=email]").fill("coordinator@demo.example")
    page.locator("[name=password]").fill(live.password)
    press(page, "main form button")
    page.goto(section)
    page.locator("[data-restore]").click()
    expect(page.locator("[name=markdown]")).to_have_value(MINE)
    press(page, SAVE)
    expect(page.locator("#reflection")).to_contain_text(MINE)
