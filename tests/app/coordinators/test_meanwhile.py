"""What others do to a draft while one is writing, or about to publish."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.ideabank import SegmentChange
from tests.app.coordinators.screens import DRAFT, as_sent, publish
from tests.cast import Cast, version_of
from tests.cast import publish as load

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    Seen = Callable[[FlaskClient, str], str]

ASK = "Hva kan en god venn si når noen står utenfor?"


def write(client: FlaskClient, seen: Seen, section: str, words: str) -> None:
    client.post(f"{DRAFT}/del/{section}", data={"markdown": words, "seen_hash": seen(client, section)})


def carried_on(page: str) -> tuple[str, dict[str, str]]:
    """The form that takes what was typed along into a new draft: its address and what it sends."""
    found = re.search(r'<form method="post" action="([^"]*/fortsett/[^"]*)">(.*?)</form>', page, re.S)
    assert found is not None
    return found.group(1), dict(re.findall(r'name="([^"]*)" value="([^"]*)"', found.group(2)))


def test_nobody_publishes_what_another_wrote_after_the_page_was_opened(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    write(coordinator, seen, "teacher", "Mine ord til læreren.")
    sent = as_sent(coordinator.get(f"{draft}/publiser").text) | {"why": ["Nye ord til læreren"]}
    write(other, seen, "parents.ask", ASK)
    answer = coordinator.post(f"{draft}/publiser", data=sent)
    assert answer.status_code == 409
    assert "The draft has changed since you opened this page." in answer.text
    assert "To the parents: Ask your child" in answer.text
    assert "Nye ord til læreren</textarea>" in answer.text
    assert not re.search(r'name="mark-p2"[^>]* checked', answer.text)
    assert version_of(db, cast, "vennskap").number == 1
    db.commit()
    again = as_sent(answer.text)
    refused = coordinator.post(f"{draft}/publiser", data=again)
    assert refused.status_code == 422
    assert 'id="mark-p2-error">Say what kind of change this is.' in refused.text
    assert coordinator.post(f"{draft}/publiser", data=again | {"mark-p2": ["typo"]}).status_code == 303
    assert [(one.uid, one.mark) for one in db.scalars(select(SegmentChange))] == [("p2", "typo")]


def test_what_was_marked_before_another_saved_stays_marked(coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen) -> None:
    write(coordinator, seen, "parents.ask", ASK)
    sent = as_sent(coordinator.get(f"{draft}/publiser").text) | {"why": ["Klarere"], "mark-p2": ["critical"]}
    write(other, seen, "teacher", "Hennes ord.")
    answer = coordinator.post(f"{draft}/publiser", data=sent)
    assert answer.status_code == 409
    assert re.search(r'name="mark-p2"[^>]* value="critical" checked', answer.text)


@pytest.mark.parametrize("mark", ["", "liten"])
def test_a_sentence_without_a_known_mark_is_refused_at_its_place(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast, mark: str
) -> None:
    write(coordinator, seen, "parents.ask", ASK)
    answer = publish(coordinator, "Klarere", p2=mark)
    assert answer.status_code == 422
    assert 'aria-describedby="mark-p2-error"' in answer.text
    assert version_of(db, cast, "vennskap").number == 1


def test_whoever_saves_after_the_draft_was_published_keeps_her_words_and_carries_on(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    mine = seen(coordinator, "purpose")
    write(other, seen, "teacher", "Hennes ord.")
    assert publish(other, "Hennes").status_code == 303
    answer = coordinator.post(f"{draft}/del/purpose", data={"markdown": "Kort.", "seen_hash": mine})
    assert answer.status_code == 409
    assert "Samira Fossnes published the draft as version 2 on 14 October, while you had it open." in answer.text
    assert "Kort.</textarea>" in answer.text
    address, sent = carried_on(answer.text)
    page = coordinator.post(address, data=sent, follow_redirects=True)
    assert page.status_code == 200
    assert "<p>Kort.</p>" in page.text
    assert "Draft of version 3." in page.text
    assert "Hennes ord." in page.text


def test_words_for_a_section_that_was_published_otherwise_meet_it_before_anything_is_saved(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen
) -> None:
    mine = seen(coordinator, "purpose")
    write(other, seen, "purpose", "Hennes formål.")
    publish(other, "Hennes")
    address, sent = carried_on(coordinator.post(f"{draft}/del/purpose", data={"markdown": "Mitt formål.", "seen_hash": mine}).text)
    answer = coordinator.post(address, data=sent, follow_redirects=True)
    assert answer.status_code == 409
    assert "Hennes formål." in answer.text
    assert "Mitt formål.</textarea>" in answer.text


def test_whoever_saves_after_the_draft_was_thrown_away_is_told_by_whom(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen
) -> None:
    mine = seen(coordinator, "purpose")
    other.post(f"{draft}/forkast")
    answer = coordinator.post(f"{draft}/del/purpose", data={"markdown": "Mitt.", "seen_hash": mine})
    assert answer.status_code == 409
    assert "Samira Fossnes threw the draft away on 14 October, while you had it open." in answer.text
    assert "Mitt.</textarea>" in answer.text


def test_a_new_theme_that_was_thrown_away_comes_back_with_what_was_being_written(
    coordinator: FlaskClient, other: FlaskClient, cast: Cast
) -> None:
    coordinator.post("/idebank/nytt-tema", data={"title": "Mot"})
    page = as_sent(coordinator.get("/idebank/mot/utkast/del/purpose").text)
    other.post("/idebank/mot/utkast/forkast")
    answer = coordinator.post("/idebank/mot/utkast/del/purpose", data=page | {"markdown": ["Mitt."]})
    address, sent = carried_on(answer.text)
    assert "<p>Mitt.</p>" in coordinator.post(address, data=sent, follow_redirects=True).text


def test_a_whole_text_typed_for_an_ended_draft_never_overwrites_what_was_published(
    coordinator: FlaskClient, other: FlaskClient, cast: Cast, db: Session
) -> None:
    load(db, cast)
    db.commit()
    draft = "/idebank/vocabulary/utkast"
    coordinator.post(f"{draft}/begynn")
    mine, hers = (as_sent(one.get(draft).text) for one in (coordinator, other))
    hers["text"] = [hers["text"][0].replace("som vil deg vel", "som er snill")]
    mine["text"] = [mine["text"][0].replace("som vil deg vel", "som er god")]
    other.post(draft, data=hers)
    assert publish(other, "Snill", draft).status_code == 303
    answer = coordinator.post(draft, data=mine)
    assert answer.status_code == 409
    coordinator.post(f"{draft}/begynn")
    answer = coordinator.post(draft, data=mine)
    assert answer.status_code == 409
    assert "som er snill" in answer.text


def test_the_second_of_two_who_publish_at_once_is_told_who_was_first_and_keeps_the_note(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen
) -> None:
    write(other, seen, "teacher", "Hennes ord.")
    mine = as_sent(coordinator.get(f"{draft}/publiser").text) | {"why": ["Min merknad"]}
    publish(other, "Hennes merknad")
    answer = coordinator.post(f"{draft}/publiser", data=mine)
    assert answer.status_code == 409
    assert "Samira Fossnes published the draft as version 2" in answer.text
    assert "Min merknad</textarea>" in answer.text


def test_the_preview_of_a_draft_that_has_ended_says_so_in_its_pane(coordinator: FlaskClient, other: FlaskClient, draft: str) -> None:
    other.post(f"{draft}/forkast")
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = coordinator.post(f"{draft}/forhandsvis", data={"section": "purpose", "markdown": "x"}, headers=headers)
    assert answer.status_code == 409
    assert "threw the draft away" in answer.text
    assert "<html" not in answer.text


def test_two_who_change_the_facts_see_the_difference_in_the_screens_words(coordinator: FlaskClient, other: FlaskClient, draft: str) -> None:
    mine, hers = (as_sent(one.get(f"{draft}/del/front").text) for one in (coordinator, other))
    other.post(f"{draft}/del/front", data=hers | {"presenter": ["Brannvesenet"]})
    answer = coordinator.post(f"{draft}/del/front", data=mine | {"room": ["gym"], "aims-0-role": ["supporting"]})
    assert answer.status_code == 409
    assert "Brannvesenet" in answer.text
    shown = answer.text.split("From theirs to yours", 1)[1].split("<form", 1)[0]
    assert "gym" in shown
    for code in ("floor-space", "role", "note", "presenter =", "[[aims]]"):
        assert code not in shown


def test_two_who_change_a_part_see_no_marks_of_the_file(coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen) -> None:
    form = {"title": "Ring", "minutes": "5", "kind": "intro", "is_core": "y", "say": "", "small": ""}
    mine = seen(coordinator, "steps.ring")
    other.post(f"{draft}/del/steps.ring", data=form | {"body": "Hennes.", "seen_hash": seen(other, "steps.ring")})
    answer = coordinator.post(f"{draft}/del/steps.ring", data=form | {"body": "Mine.", "seen_hash": mine})
    assert answer.status_code == 409
    assert "kind=intro" not in answer.text
    assert "5 min · Intro" in answer.text


def test_the_draft_says_which_version_it_becomes(coordinator: FlaskClient, draft: str) -> None:
    assert "Draft of version 2." in coordinator.get(draft).text


def test_lines_that_neither_changed_are_no_difference_whatever_ends_the_browser_gives_them(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen
) -> None:
    mine = seen(coordinator, "teacher")
    write(other, seen, "teacher", "En.\r\n\r\n- *To*.\r\n- Tre.\r\n")
    answer = coordinator.post(f"{draft}/del/teacher", data={"markdown": "En.\r\n\r\n- *To*.\r\n- Fire.\r\n", "seen_hash": mine})
    assert answer.status_code == 409
    shown = answer.text.split("From theirs to yours", 1)[1].split("</section>", 1)[0]
    assert (shown.count("<ins>"), shown.count("<del>")) == (1, 1)
    assert "En.\n\n• To.\n• <del>" in shown


@pytest.mark.parametrize("address", ["", "/del/purpose", "/del/front", "/publiser"])
def test_whoever_looks_for_a_draft_that_was_published_is_told_by_whom_and_as_what(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen, address: str
) -> None:
    write(other, seen, "teacher", "Hennes ord.")
    publish(other, "Hennes")
    answer = coordinator.get(draft + address)
    assert answer.status_code == 404
    assert "Samira Fossnes published the draft as version 2 on 14 October." in answer.text
    assert 'href="/idebank/vennskap"' in answer.text
    assert "Nothing of yours was saved" not in answer.text


def test_whoever_looks_for_a_draft_that_was_thrown_away_is_told_by_whom(coordinator: FlaskClient, other: FlaskClient, draft: str) -> None:
    other.post(f"{draft}/forkast")
    assert "Samira Fossnes threw the draft away on 14 October." in coordinator.get(draft).text
