"""What is wrong is said to a person who fills in a form: beside its field, without the file's own writing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.coordinators.wording import IN_FIELD
from app.settings import ROOT
from tests.app.coordinators.screens import DRAFT, as_sent, publish
from tests.cast import Cast

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    Seen = Callable[[FlaskClient, str], str]

FRONT = f"{DRAFT}/del/front"


def beside(page: str, field: str) -> str:
    """What stands beside a field as wrong."""
    found = re.search(rf'id="{field}-error">(.*?)</div>', page, re.S)
    return re.sub(r"<[^>]*>", " ", found.group(1)).strip() if found else ""


def test_every_sentence_that_has_other_words_on_the_screen_is_one_the_rules_say() -> None:
    rules = "".join(path.read_text("utf-8") for path in (ROOT / "curriculum" / "ideabank").glob("*.py"))
    assert [sentence for sentence in IN_FIELD if sentence not in rules] == []


def test_why_an_aim_is_served_is_needed_and_asked_for_beside_its_field(coordinator: FlaskClient, draft: str) -> None:
    page = coordinator.get(FRONT).text
    assert "Why, in one sentence</label>" in page
    sent = as_sent(page)
    blank = next(name for name in sent if re.fullmatch(r"aims-\d+-code", name) and sent[name] == [""])
    sent["aims-0-code"], sent[blank] = [""], ["section 2.5.1"]
    note = blank.replace("code", "note")
    answer = coordinator.post(FRONT, data=sent | {note: [" "]})
    assert answer.status_code == 422
    assert beside(answer.text, note) == "This must be filled in."
    assert f'href="#{note}"' in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("aims-0-note", "Hei \u202enoe annet", "This holds a hidden character that turns the direction of the text. Delete it."),
        ("aims-0-note", "<b>Derfor</b>", "“&lt;b&gt;” cannot stand here. Write words only, without &lt; and &gt;."),
        ("title", "<b>Test</b>", "“&lt;b&gt;” cannot stand here. Write words only, without &lt; and &gt;."),
        ("define", "Hva\ner\x07 det?", "Line 2 holds a control character (U+0007) that cannot be seen. Delete it."),
        ("core_minutes", "mange", "Write a whole number.  Write from 1 to 45 minutes."),
        ("core_minutes", "", "This must be filled in."),
        ("full_minutes", "10", "This number cannot be used. Write a whole number from 45 to 60."),
    ],
)
def test_a_fact_that_cannot_be_kept_is_told_beside_its_field(
    coordinator: FlaskClient, draft: str, field: str, typed: str, words: str
) -> None:
    answer = coordinator.post(FRONT, data=as_sent(coordinator.get(FRONT).text) | {field: [typed]})
    assert answer.status_code == 422
    assert beside(answer.text, field) == words


def test_an_aim_chosen_twice_is_told_at_the_second(coordinator: FlaskClient, draft: str) -> None:
    sent = as_sent(coordinator.get(FRONT).text)
    answer = coordinator.post(FRONT, data=sent | {"aims-1-code": sent["aims-0-code"]})
    assert "is chosen twice. Take one of them away." in beside(answer.text, "aims-1-code")


def test_a_choice_that_is_not_offered_is_told_in_our_words(coordinator: FlaskClient, draft: str) -> None:
    sent = as_sent(coordinator.get(FRONT).text)
    assert "Choose among those that are offered." in coordinator.post(FRONT, data=sent | {"grades": ["99"]}).text
    coordinator.post("/sprak/nb")
    page = coordinator.post(FRONT, data=sent | {"grades": ["99", "x"], "room": ["månen"], "full_minutes": ["x"]}).text
    for words in ("valid choice", "Ugyldig valg", "gyldig valg", "Not a valid"):
        assert words not in page


def test_a_new_theme_with_markup_in_its_title_is_told_what_is_wrong_with_it(coordinator: FlaskClient, cast: Cast) -> None:
    answer = coordinator.post("/idebank/nytt-tema", data={"title": "<b>Test</b>"})
    assert beside(answer.text, "title") == "“&lt;b&gt;” cannot stand here. Write words only, without &lt; and &gt;."


def test_a_title_stands_on_one_line(coordinator: FlaskClient, draft: str) -> None:
    sent = as_sent(coordinator.get(FRONT).text) | {"title": ["Venner\r\nfor \n livet"]}
    assert coordinator.post(FRONT, data=sent).status_code == 303
    assert "Draft: Venner for livet" in coordinator.get(draft).text


@pytest.mark.parametrize(
    ("section", "typed", "words"),
    [
        ("purpose", "Ja.\n\n## Nytt", "Line 3: “Nytt” is too large a heading here. Begin its line with ### instead."),
        (
            "parents.try",
            "Ja.\n\n### Nytt",
            "Line 3: “Nytt” is a heading, and none can stand in what parents read.",
        ),
        ("parents.try", "Ja. {rart}", "Line 1: “rart” in braces means nothing here. Delete what stands in braces."),
    ],
)
def test_a_heading_or_a_mark_in_a_section_is_told_without_the_files_writing(
    coordinator: FlaskClient, draft: str, seen: Seen, section: str, typed: str, words: str
) -> None:
    answer = coordinator.post(f"{draft}/del/{section}", data={"markdown": typed, "seen_hash": seen(coordinator, section)})
    assert answer.status_code == 422
    assert words in beside(answer.text, "markdown")
    assert "{#" not in beside(answer.text, "markdown")


@pytest.mark.parametrize(("field", "line"), [("body", 2), ("say", 1), ("small", 3)])
def test_a_fault_in_a_part_stands_beside_its_field_at_its_line(
    coordinator: FlaskClient, draft: str, seen: Seen, field: str, line: int
) -> None:
    form = {"title": "Ring", "minutes": "5", "kind": "intro", "body": "En.\nTo.", "say": "Hei.", "small": "En.\n\nTo."}
    lines = form[field].split("\n")
    lines[line - 1] = "<b>x</b>"
    form |= {field: "\n".join(lines), "seen_hash": seen(coordinator, "steps.ring")}
    answer = coordinator.post(f"{draft}/del/steps.ring", data=form)
    assert beside(answer.text, field).startswith(f"Line {line}: “&lt;b&gt;” cannot stand here.")


def test_a_heading_of_a_part_within_a_part_is_told_once(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    form = {"title": "Ring", "minutes": "5", "kind": "intro", "body": "En.\n\n### Ny", "say": "", "small": ""}
    answer = coordinator.post(f"{draft}/del/steps.ring", data=form | {"seen_hash": seen(coordinator, "steps.ring")})
    assert beside(answer.text, "body") == "Line 3: “Ny” is too large a heading here. Begin its line with #### instead."


def test_what_must_be_written_before_publishing_is_not_called_optional(coordinator: FlaskClient, draft: str) -> None:
    optional = '<span class="optional">'
    for section in ("purpose", "teacher", "parents.ask", "parents.did"):
        assert optional not in coordinator.get(f"{draft}/del/{section}").text
    assert optional in coordinator.get(f"{draft}/del/parents.try").text


def test_a_form_that_came_without_its_text_empties_nothing(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    coordinator.get(draft)  # takes the notice that a draft was begun
    before = coordinator.get(draft).text
    for section, sent in (("purpose", {}), ("steps.ring", {"title": "Ring", "minutes": "5", "kind": "intro"}), ("front", {"title": "x"})):
        answer = coordinator.post(f"{draft}/del/{section}", data=sent | {"seen_hash": seen(coordinator, section)})
        assert answer.status_code == 400
    assert coordinator.get(draft).text == before


def test_a_link_or_an_image_readers_would_not_get_is_told_while_writing_and_stops_publishing(
    coordinator: FlaskClient, draft: str, seen: Seen
) -> None:
    words = "Se [her](javascript:alert(1)).\n\n![Bilde](https://example.org/x.png)"
    preview = coordinator.post(f"{draft}/forhandsvis", data={"section": "purpose", "markdown": words}).text
    assert "Line 1: The link “javascript:alert(1)” is not shown. Links begin with https://, mailto:, tel:, / or #." in preview
    assert "Line 3: The image “https://example.org/x.png” is not shown. Images come from this site: /…." in preview
    coordinator.post(f"{draft}/del/purpose", data={"markdown": words, "seen_hash": seen(coordinator, "purpose")})
    assert "The link “javascript:alert(1)” is not shown." in coordinator.get(draft).text
    assert publish(coordinator, "Lenker").status_code == 422


def test_the_draft_shows_dive_and_what_is_said_with_a_way_to_edit_them(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    sent = as_sent(coordinator.get(FRONT).text) | {"ideas": ["Spørre hverandre."]}
    coordinator.post(FRONT, data=sent)
    form = {"title": "Ring", "minutes": "5", "kind": "intro", "body": "En.", "say": "Hei, alle!", "small": "To og to."}
    coordinator.post(f"{draft}/del/steps.ring", data=form | {"seen_hash": seen(coordinator, "steps.ring")})
    page = coordinator.get(draft).text
    for words in ("Spørre hverandre.", "<p>Hei, alle!</p>", "<p>To og to.</p>", f'href="{FRONT}#define"'):
        assert words in page


def test_a_comparison_speaks_the_screens_words(coordinator: FlaskClient, draft: str, db: Session) -> None:
    sent = as_sent(coordinator.get(FRONT).text)
    changed = {"groups": ["small"], "room": ["gym"], "aims-0-note": ["Nytt."], "ideas": ["Spørre."], "sensitive": ["ask"]}
    coordinator.post(FRONT, data=sent | changed)
    assert publish(coordinator, "Nytt").status_code == 303
    page = coordinator.get("/idebank/vennskap/sammenlign?fra=1&til=2").text
    main = re.sub(r"<[^>]*>", "", page.split("<main", 1)[1])
    for words in ("gym", "open floor", "Main aim): ", "I – Ideas", "Ask your child"):
        assert words in main
    for code in ("floor-space", "role:", "note:", "define:", "ideas:", "code:", "section:"):
        assert code not in main


@pytest.mark.parametrize("number", ["1000000", "9" * 30, "9" * 5000])
def test_a_version_of_an_impossible_number_is_not_there(coordinator: FlaskClient, draft: str, number: str) -> None:
    assert coordinator.get(f"/idebank/vennskap/versjoner/{number}").status_code == 404
    assert coordinator.post(f"/idebank/vennskap/versjoner/{number}/kontrollert").status_code == 404
    for asked in ("fra", "til"):
        assert coordinator.get(f"/idebank/vennskap/sammenlign?{asked}={number}").status_code == (404 if len(number) < 4000 else 200)
