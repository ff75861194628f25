"""Every page, in its languages, at both widths, light and dark: nothing for axe or for the Nu checker to say, and no scrolling sideways."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.acts import PARENTS, SAVE, TEACHERS, address_of, begin_draft, overflow, press, publish, write
from tests.journeys.browser import axe, nu
from tests.journeys.conftest import DESK, PHONE, Live

LANGUAGES = ("nb", "en", "ur", "so", "ar", "ta", "pl")
DRAFT = "/idebank/vennskap/utkast"


@dataclass
class Inspection:
    """Looks at pages as they are passed by, and remembers what is wrong with each."""

    language: str
    pages: dict[str, str]
    faults: list[str] = field(default_factory=list)

    def visit(self, page: Page, address: str, status: int = 200) -> None:
        """Go to an address and look at what stands there."""
        answer = page.goto(address)
        assert answer is not None
        self.look(page, answer.text(), address, answer.status, status)

    def press(self, page: Page, button: str | Locator, name: str, status: int) -> None:
        """Send a form and look at the answer."""
        answer = press(page, button)
        self.look(page, answer.text(), name, answer.status, status)

    def look(self, page: Page, html: str, name: str, status: int, expected: int) -> None:
        """Look at the page as it is."""
        if status != expected:
            self.faults.append(f"{name}: {status} instead of {expected}")
        self.pages[f"{name} in {self.language}"] = html
        at_a_desk = page.viewport_size == DESK
        for size in (PHONE, DESK) if at_a_desk else (DESK, PHONE):  # ends with the width it had
            page.set_viewport_size(size)  # type: ignore[arg-type]
            if overflow(page):
                self.faults.append(f"{name}: {overflow(page)} pixels too wide at {size['width']}")
        foreign = self.language == "en"  # colours know no language: those of the staff's pages are looked at in Norwegian
        self.faults += [f"{name}: {fault}" for fault in axe(page, without=["color-contrast"] if foreign else [])]
        if not foreign:
            page.emulate_media(color_scheme="dark")
            self.faults += [f"{name} in the dark: {fault}" for fault in axe(page, "color-contrast")]
            page.emulate_media(color_scheme="light")
        if page.locator("html").get_attribute("lang") != self.language:
            self.faults.append(f"{name}: not in {self.language}")


Inspect = Callable[[str], AbstractContextManager[Inspection]]


@pytest.fixture(scope="module")
def seen() -> Iterator[dict[str, str]]:
    """All pages that were looked at, for the Nu checker at the end: each call of it costs seconds."""
    pages: dict[str, str] = {}
    yield pages
    assert nu(pages) == []


@pytest.fixture
def inspection(seen: dict[str, str]) -> Inspect:
    """Begin an inspection of pages in a language; it ends with all that was found."""

    @contextmanager
    def inspect(language: str) -> Iterator[Inspection]:
        inspecting = Inspection(language, seen)
        yield inspecting
        assert inspecting.faults == []

    return inspect


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_parents_page_has_no_fault(language: str, visitor: Callable[..., Page], inspection: Inspect) -> None:
    page = visitor(phone=True, language=language)
    lesson = address_of(page, "Vennskap", language)
    with inspection(language) as inspecting:
        for address in (
            "/f",
            PARENTS,
            f"{PARENTS}/{language}",
            lesson,
            f"{lesson}/sammen",
            f"{lesson}/takk",
            f"{lesson}/ark",
            f"{PARENTS}/{language}/om-oss",
            f"{PARENTS}/{language}/del",
        ):
            inspecting.visit(page, address)


@pytest.fixture(params=["nb", "en-GB"])
def staff(request: pytest.FixtureRequest, signed_in: Callable[..., Page]) -> Callable[[str], Page]:
    """Someone of the staff, in Norwegian or in English."""
    return lambda name: signed_in(name, language=request.param)


def _language(page: Page) -> str:
    return str(page.locator("html").get_attribute("lang"))


def test_a_page_of_the_idea_bank_has_no_fault(staff: Callable[[str], Page], inspection: Inspect) -> None:
    page = staff("coordinator")
    begin_draft(page, "vennskap")
    write(page, "vennskap", "parents.sentence", "Denne uka handler om vennskap.")
    publish(page, "vennskap", "Kortere.", mark="meaning")
    begin_draft(page, "vennskap")
    write(page, "vennskap", "parents.sentence", "Denne uka handler det om vennskap.")
    with inspection(_language(page)) as inspecting:
        for place in ("", "/nytt-tema", "/vennskap", "/vennskap/versjoner", "/vennskap/versjoner/1", "/vennskap/sammenlign"):
            inspecting.visit(page, f"/idebank{place}")
        for place in ("/kursrekke-1", "/vocabulary", "/district-texts"):
            inspecting.visit(page, f"/idebank{place}")
        for place in ("", "/del/front", "/del/purpose", "/del/steps.ring", "/del/parents.did", "/publiser"):
            inspecting.visit(page, f"{DRAFT}{place}")
        page.locator("[name=why]").fill("  ")
        inspecting.press(page, SAVE, "refused publishing", 422)
        begin_draft(page, "vocabulary")
        inspecting.visit(page, "/idebank/vocabulary/utkast")


def test_a_page_of_the_series_and_the_week_has_no_fault(staff: Callable[[str], Page], inspection: Inspect) -> None:
    page = staff("agent")
    with inspection(_language(page)) as inspecting:
        for address in (
            "/rekker",
            "/rekker/tavle",
            "/rekker/ny",
            "/uke",
            "/idebank/dekning",
            "/idebank?sok=venner",
            "/idebank/vennskap",
            "/velkommen",
        ):
            inspecting.visit(page, address)
        for address in ("/idebank?maal=KM1696", "/idebank/vennskap/opplegg?start=08:30", "/idebank/vennskap/ordkort"):
            inspecting.visit(page, address)
        page.goto("/uke")
        inspecting.visit(page, f"{page.locator('a[href$=plakat]').first.get_attribute('href')}")
        inspecting.visit(page, "/idebank/vennskap/ordplakat")
        page.goto("/uke")
        sending = page.locator("a[href$='/del']").first.get_attribute("href")
        for address in (f"{sending}", f"{sending}".replace("/del", "/ark/ur")):
            inspecting.visit(page, address)
        page.goto("/rekker")
        series = page.locator("main a[href^='/rekker/']:not([href$='/ny'], [href$='/tavle'])").first.get_attribute("href")
        inspecting.visit(page, f"{series}")
        change = page.locator("a[href$='/flytt']").first.get_attribute("href")
        for address in (f"{change}", f"{change}".replace("/flytt", "/avlys"), f"{series}/unntak", f"{series}/nytt-tema"):
            inspecting.visit(page, address)


@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        ("agent", ("/opptak/vennskap", "/opptak/ur/vennskap", "/opptak/ord", "/opptak/ord/venn", "/uka-mi", "/uka-mi/kalender")),
        ("agent3", ("/uka-mi",)),
        ("translator", ("/oversett", "/oversett/so", "/oversett/so/konflikt-1", "/oversett/so/vocabulary", "/opptak/so/vennskap")),
        ("rektor", ("/skole", "/rom-og-inviterte")),
        ("leader", ("/skole", "/bydel", "/rom-og-inviterte")),
        (
            "coordinator",
            (
                "/bydel",
                "/bydel/reisetid",
                "/rekkevidde",
                "/for-foreldre",
                "/for-foreldre/treff/nytt",
                "/for-foreldre/fritid/nytt",
                "/borte",
                "/rekker/tavle",
                "/rom-og-inviterte",
                "/inviterte/registeret",
            ),
        ),
        ("teacher", ("/uke/kalender",)),
    ],
)
def test_a_first_page_of_a_role_has_no_fault(
    who: str, addresses: tuple[str, ...], staff: Callable[[str], Page], inspection: Inspect
) -> None:
    page = staff(who)
    with inspection(_language(page)) as inspecting:
        for address in addresses:
            inspecting.visit(page, address)
        if who == "agent":
            inspecting.press(page, "form[action$='/kalender/ny'] button", "a new calendar address", 200)


def test_a_page_of_the_administration_has_no_fault(staff: Callable[[str], Page], inspection: Inspect) -> None:
    page = staff("admin")
    with inspection(_language(page)) as inspecting:
        for place in ("", "/personer/ny", "/skoler", "/skoler/ny", "/fridager", "/fridager/ny", "/lenker", "/sprak", "/foreldre"):
            inspecting.visit(page, f"/administrasjon{place}")
        inspecting.visit(page, "/opptak/navn/so")
        inspecting.press(page, "main form[enctype] button[type=submit]", "a name without a sound", 422)
        for place in ("/rutenett", "/skoledager", "/neste-ar", "/import"):
            inspecting.visit(page, f"/administrasjon/fridager{place}")
        for place in ("/telefoner/ny", "/import", "/import/klasser"):
            inspecting.visit(page, f"/administrasjon{place}")
        page.locator("[name=text]").fill("skole;klasse;trinn\nUkjent skole;7A;7")
        inspecting.press(page, "form.stack button", "a list with a fault", 422)
        page.goto("/administrasjon")
        person = page.locator("tbody th a").first.get_attribute("href")
        for place in ("", "/endre", "/oppdrag/ny", "/annen-ukedag"):
            inspecting.visit(page, f"{person}{place}")
        page.goto("/administrasjon/skoler")
        for end in ("/endre", "/del"):
            address = page.locator(f"tbody a[href$='{end}']").first.get_attribute("href")
            inspecting.visit(page, str(address))
            page.goto("/administrasjon/skoler")
        page.goto("/administrasjon/fridager/rutenett")
        school = str(page.locator("a[href*='skole=']").first.get_attribute("href")).partition("skole=")[2].partition("&")[0]
        inspecting.visit(page, f"/arshjul/{school}")


def _link(page: Page, end: str) -> str:
    """The first address on the page that ends so."""
    return str(page.locator(f"main a[href$='{end}'], main a[href*='{end}?']").first.get_attribute("href"))


def test_a_page_for_a_day_away_or_a_taken_class_has_no_fault(staff: Callable[[str], Page], inspection: Inspect) -> None:
    page = staff("agent")
    with inspection(_language(page)) as inspecting:
        page.goto("/uka-mi")
        inspecting.visit(page, str(page.locator("#taken a").first.get_attribute("href")))
        inspecting.press(page, "button[name=svar][value=nei]", "not now", 200)
        inspecting.press(page, "#notices .undo button", "a proposal that waits again", 200)
        for address in ("/borte", "/borte?dag=i-dag", "/borte?dag=i-morgen"):
            inspecting.visit(page, address)
        inspecting.press(page, "main form[method=post] button", "away", 200)
    teacher = staff("teacher")
    with inspection(_language(teacher)) as inspecting:
        inspecting.visit(teacher, "/uke")
        teacher.locator(".week-nav a").last.click()
        teacher.locator(".week-nav a").last.click()
        inspecting.visit(teacher, _link(teacher, "/opptatt"))
        inspecting.press(teacher, "main form[method=post] button", "the class is taken", 200)


def test_a_page_where_a_plan_is_changed_has_no_fault(staff: Callable[[str], Page], inspection: Inspect) -> None:
    page = staff("agent")
    with inspection(_language(page)) as inspecting:
        page.goto("/rekker/tavle")
        lost = page.locator("a[href^='/rekker/tapt/']").first.get_attribute("href")
        for address in ("/rekker/legg-pa-nytt", f"{lost}"):
            inspecting.visit(page, address)
        page.goto("/rekker")
        series = page.locator("main a[href^='/rekker/']:not([href$='/ny'], [href$='/tavle'])").first.get_attribute("href")
        for end in ("/legg-pa-nytt", "/ukestid", "/avslutt"):
            inspecting.visit(page, f"{series}{end}")
        page.goto("/rekker/tavle")
        lesson = page.locator("a[href*='/sammen']").first.get_attribute("href")
        for end in ("sammen", "ikke-ferdig", "deler", "rom"):
            inspecting.visit(page, f"{lesson}".replace("/sammen", f"/{end}"))
        page.goto("/rom-og-inviterte")
        inspecting.visit(page, _link(page, "/besok"))


def test_a_page_of_the_district_or_a_school_has_no_fault(staff: Callable[[str], Page], inspection: Inspect) -> None:
    page = staff("coordinator")
    with inspection(_language(page)) as inspecting:
        page.goto("/bydel")
        inspecting.visit(page, str(page.locator("main a[href^='/bydel/agenter/']").first.get_attribute("href")))
        page.locator("[name=max_per_week]").fill("-1")
        page.locator("main form[method=post]").evaluate("form => { form.noValidate = true }")
        inspecting.press(page, "main form[method=post] button", "a limit that cannot be", 422)
        page.goto("/bydel/reisetid")
        page.locator("[name^=way-]").first.fill("9999")
        page.locator("main form[method=post]").evaluate("form => { form.noValidate = true }")
        inspecting.press(page, "main form[method=post] button", "a way that cannot be", 422)
        page.goto("/inviterte/registeret")
        inspecting.visit(page, str(page.locator("main a[href^='/inviterte/registeret/']").first.get_attribute("href")))
    head = staff("rektor")
    with inspection(_language(head)) as inspecting:
        head.goto("/skole")
        wheel, rooms, calendar = (
            str(head.locator(f"main a[href{end}]").first.get_attribute("href")) for end in ("^='/arshjul/'", "$='/rom'", "$='/kalender'")
        )
        for address in (wheel, f"{wheel}?uten=grupper", rooms, calendar):
            inspecting.visit(head, address)
        inspecting.press(head, "form[action$='/kalender/ny'] button", "a new address of the school's calendar", 200)
        head.goto(rooms)
        inspecting.visit(head, str(head.locator(f"main a[href^='{rooms}/']").first.get_attribute("href")))
    teacher = staff("teacher")
    with inspection(_language(teacher)) as inspecting:
        teacher.goto("/uke/kalender")
        inspecting.visit(teacher, str(teacher.locator("main a[href^='/klasser/']").first.get_attribute("href")))
        inspecting.press(teacher, "form[action$='/kalender/ny'] button", "a new address of the class's calendar", 200)


def test_a_page_that_says_no_has_no_fault(staff: Callable[[str], Page], inspection: Inspect, live: Live) -> None:
    page = staff("coordinator")
    begin_draft(page, "vennskap")
    with inspection(_language(page)) as inspecting:
        inspecting.visit(page, "/idebank/finnes-ikke", 404)
        inspecting.visit(page, "/rekker/ny", 403)
        page.goto(f"{DRAFT}/del/purpose")
        page.locator("[name=markdown]").evaluate("field => { field.value = ('a'.repeat(99) + '\\n').repeat(21_000) }")
        inspecting.press(page, SAVE, "too much", 413)
        page.goto(f"{DRAFT}/del/teacher")
        page.locator("[name=markdown]").fill("Ring 22 00 00 00.")
        inspecting.press(page, SAVE, "a telephone number", 422)
        live.run("UPDATE draft SET text = replace(text, 'Denne uka', 'I denne uka'), version = version + 1")
        page.goto(f"{DRAFT}/del/parents.sentence")
        live.run("UPDATE draft SET text = replace(text, 'I denne uka', 'Nå'), version = version + 1")
        page.locator("[name=markdown]").fill("Noe helt annet.")
        inspecting.press(page, SAVE, "a conflict", 409)
        page.locator("[name=markdown]").fill("Dette er også noe helt annet.")
        live.run("UPDATE sign_in SET ended_at = created_at")
        inspecting.press(page, SAVE, "signed out", 401)


@pytest.mark.parametrize("language", ["nb", "en-GB"])
def test_a_page_without_account_has_no_fault(language: str, visitor: Callable[..., Page], inspection: Inspect, live: Live) -> None:
    page = visitor(language=language)
    with inspection(language[:2]) as inspecting:
        for address in ("/", "/logg-inn"):
            inspecting.visit(page, address)
        page.goto("/logg-inn")
        page.locator("[name=email]").fill("rektor@demo.example")
        page.locator("[name=password]").fill("wrong")
        inspecting.press(page, "main form button", "wrong password", 422)
        inspecting.visit(page, "/f/finnesikke", 404)
        live.run("UPDATE link SET revoked_at = '2026-01-01 00:00:00.000000'")
        inspecting.visit(page, TEACHERS, 410)
        inspecting.visit(page, PARENTS, 410)


def test_a_teachers_link_speaks_the_districts_language_and_has_no_fault(
    visitor: Callable[..., Page], inspection: Inspect, live: Live
) -> None:
    page = visitor(language="en-GB")
    with inspection("nb") as inspecting:
        for address in (TEACHERS, f"{TEACHERS}/{live.today.year}-W40"):
            inspecting.visit(page, address)
        page.goto(TEACHERS)
        inspecting.visit(page, _link(page, "/opptatt"))
        live.run("UPDATE lesson SET by_teacher = 1 WHERE state = 'planned'")
        page.goto(TEACHERS)
        inspecting.visit(page, _link(page, "/opplegg"))
