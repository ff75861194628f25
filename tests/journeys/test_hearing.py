"""Somebody reads aloud to the parents, in a real browser with a microphone, and a parent who does not read hears it on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.acts import PARENTS, address_of, overflow, press
from tests.sounds import SOUNDS

SAVE = "form[enctype] button[type=submit]"
THEME = "Vennskap"

VOICE = """
    window.said = [];
    class Utterance { constructor(words) { this.words = words; } }
    window.SpeechSynthesisUtterance = Utterance;
    const voices = [{ lang: "pl-PL", localService: true }, { lang: "ta-IN", localService: false }];
    Object.defineProperty(window, "speechSynthesis", { value: {
      getVoices: () => voices, addEventListener() {}, speaking: false, cancel() { this.speaking = false; },
      speak(one) { this.speaking = true; window.said.push([one.lang, one.words.trim()]); },
    } });
"""
"""A telephone with a voice of its own for Polish, and one for Tamil that would send the words to somebody else."""


def plays(audio: Locator) -> None:
    """The sound really runs: its time moves."""
    audio.evaluate("audio => audio.play()")
    expect(audio).to_have_js_property("paused", False)
    assert audio.evaluate("audio => new Promise(done => audio.addEventListener('timeupdate', () => audio.currentTime > 0 && done(true)))")


def test_an_agent_records_in_the_browser_and_a_parent_hears_it(signed_in: Callable[..., Page], visitor: Callable[..., Page]) -> None:
    page = signed_in("agent", phone=True)
    page.goto("/uka-mi")
    folded = page.locator("details:not([open]):has(a[href='/opptak/vennskap']) > summary").first
    folded.click()
    page.locator("details[open] a[href='/opptak/vennskap']").first.click()
    page.locator("a[href='/opptak/ta/vennskap']").click()
    expect(page.locator(".script[lang=ta]")).to_be_visible()
    page.locator("[data-start]").click()
    expect(page.locator("[data-time]")).to_contain_text("0:02")
    page.locator("[data-stop]").click()
    plays(page.locator("[data-listen]"))
    press(page, SAVE)
    plays(page.locator("section audio"))
    assert overflow(page) == 0

    parent = visitor(phone=True, language="ta")
    parent.goto(address_of(parent, THEME, "ta"))
    player = parent.locator(".listen audio")
    expect(player).to_be_in_viewport()
    expect(parent.locator("[data-call]")).not_to_be_visible()
    plays(player)
    assert player.evaluate("audio => audio.error") is None


def test_without_javascript_a_file_is_chosen_and_the_browsers_player_is_there(
    signed_in: Callable[..., Page], visitor: Callable[..., Page]
) -> None:
    page = signed_in("translator", javascript=False)
    page.goto("/oversett/so/vennskap")
    page.locator("a[href='/opptak/so/vennskap']").click()
    expect(page.locator("[data-recorder]")).not_to_be_visible()
    page.locator("[name=sound]").set_input_files(SOUNDS / "telephone.m4a")
    page.locator(SAVE).click()
    expect(page.locator("#notices .undo")).to_be_visible()
    clip = str(page.locator("section audio").get_attribute("src")).rpartition("/")[2]

    parent = visitor(phone=True, javascript=False, language="so")
    parent.goto(address_of(parent, THEME, "so"))
    player = parent.locator(".listen audio[controls]")
    expect(player).to_have_attribute("src", f"{PARENTS}/so/lyd/{clip}")
    expect(player).to_be_in_viewport()
    expect(parent.locator(".first")).to_be_attached()
    with parent.expect_download() as saved:
        parent.locator("a.share").click()
    assert saved.value.suggested_filename == "vennskap-so.m4a"
    assert Path(saved.value.path()).read_bytes() == (SOUNDS / "telephone.m4a").read_bytes()


def test_a_recording_is_withdrawn_and_brought_back(signed_in: Callable[..., Page]) -> None:
    page = signed_in("translator")
    page.goto("/opptak/so/vennskap")
    before = page.locator("section audio").get_attribute("src")
    press(page, "form[action$='/trekk'] button")
    expect(page.locator("section audio")).to_have_count(0)
    press(page, "#notices .undo button")
    expect(page.locator("section audio")).to_have_attribute("src", str(before))


def test_a_language_is_chosen_by_ear_and_a_word_is_heard_by_one_button(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, language="ur")
    page.goto(PARENTS)
    button = page.locator("li:has(a[hreflang=so]) button.hear")
    button.click()
    expect(button).to_have_text("❚❚")
    other = page.locator("li:has(a[hreflang=ur]) button.hear")
    other.click()
    expect(button).to_have_text("▶")  # one at a time
    expect(page.locator("li:has(a[hreflang=pl]) button.hear")).not_to_be_visible()  # nothing recorded, and no voice here
    page.goto(address_of(page, THEME, "ur"))
    word = page.locator(".words button.hear").first
    word.click()
    expect(word).to_have_text("❚❚")
    expect(word).to_have_text("▶")  # it ends by itself


def test_a_voice_of_the_telephones_own_reads_where_nothing_is_recorded_and_no_other(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, language="pl")
    page.add_init_script(VOICE)
    page.goto(PARENTS)
    page.locator("li:has(a[hreflang=pl]) button.hear").click()
    assert page.evaluate("() => said") == [["pl-PL", "Polski"]]
    expect(page.locator("li:has(a[hreflang=ta]) button.hear")).not_to_be_visible()
    page.goto(address_of(page, THEME, "pl"))
    button = page.locator("[data-voice=pl]")
    expect(button).to_be_in_viewport()
    button.click()
    assert page.evaluate("() => said.map(([tag]) => tag)") == ["pl-PL", "pl-PL"]
    assert page.evaluate("() => said[0][1]") == page.locator(".first").inner_text().strip()
    button.click()
    assert page.evaluate("() => speechSynthesis.speaking") is False
    page.goto(address_of(page, THEME, "ta"))
    expect(page.locator("[data-voice=ta]")).not_to_be_visible()
    expect(page.locator("[data-call] a[href^='tel:']")).to_be_visible()


def test_what_this_telephone_cannot_play_says_whom_to_ring(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, language="so")
    page.route("**/lyd/*", lambda route: route.fulfill(body=b"nothing that plays", content_type="audio/wav"))
    page.goto(address_of(page, THEME, "so"))
    expect(page.locator("[data-call]")).not_to_be_visible()
    page.locator(".listen audio").evaluate("audio => { audio.play().catch(() => {}) }")
    expect(page.locator("[data-call]")).to_be_visible()


def test_a_sound_is_sent_on_as_a_file_where_the_telephone_can(visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, language="so")
    page.add_init_script(
        "navigator.canShare = () => true;"
        " navigator.share = async ({ files: [file] }) => { window.sent = [file.name, file.type, file.size] }"
    )
    page.goto(address_of(page, THEME, "so"))
    page.locator("a.share").click()
    page.locator("a.share").evaluate(
        "() => new Promise(done => { const look = () => window.sent ? done() : setTimeout(look, 20); look() })"
    )
    assert page.evaluate("() => sent") == ["vennskap-so.wav", "audio/wav", 12044]


@pytest.mark.parametrize("language", ["nb", "so", "ur", "ta"])
def test_nothing_jumps_when_the_sounds_come(language: str, visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True, language=language)
    page.add_init_script(
        VOICE.replace("pl-PL", language)
        + "window.jumps = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) window.jumps += one.value })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    for address in (PARENTS, address_of(page, THEME, language)):
        page.goto(address)
        expect(page.locator("button.hear").first).to_be_attached()
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 200)))")
        assert page.evaluate("() => jumps") < 0.01
        assert overflow(page) == 0
