"""Writing in a draft, section by section, also when two write at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import Draft
from tests.app.coordinators.screens import DRAFT, FACTS, as_sent, hidden
from tests.app.coordinators.screens import publish as publish_draft
from tests.cast import Cast, document, publish, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    Seen = Callable[[FlaskClient, str], str]

BORN = "01010750160"
"""A made-up number that passes the check digits of a fødselsnummer."""


def save(client: FlaskClient, section: str, markdown: str, seen_hash: str) -> int:
    return client.post(f"{DRAFT}/del/{section}", data={"markdown": markdown, "seen_hash": seen_hash}).status_code


def said(db: Session, cast: Cast) -> ideabank.ThemeDocument:
    """What the draft says now. The read ends at once: an open one would keep the app waiting."""
    query = select(Draft).where(Draft.document_id == document(db, cast, "vennskap").id)
    theme = ideabank.read_draft(db.scalars(query.execution_options(populate_existing=True)).one()).document
    db.commit()
    assert isinstance(theme, ideabank.ThemeDocument)
    return theme


def test_a_new_theme_begins_with_a_title_and_a_draft(coordinator: FlaskClient, cast: Cast) -> None:
    answer = coordinator.post("/idebank/nytt-tema", data={"title": "Å være modig"}, follow_redirects=True)
    assert "Draft: Å være modig" in answer.text
    assert "This must be put right before the draft can be published" in answer.text
    assert "Not published yet" in coordinator.get("/idebank").text


def test_a_new_theme_without_a_title_is_refused(coordinator: FlaskClient, cast: Cast) -> None:
    answer = coordinator.post("/idebank/nytt-tema", data={"title": " "})
    assert answer.status_code == 422
    assert "Give the theme a title of at most 200 characters." in answer.text


def test_others_do_not_see_a_theme_that_is_only_a_draft(coordinator: FlaskClient, app: object, client: FlaskClient, cast: Cast) -> None:
    coordinator.post("/idebank/nytt-tema", data={"title": "Hemmelig"})
    sign_in(client, cast.agent)
    assert "Hemmelig" not in client.get("/idebank").text
    assert client.get("/idebank/hemmelig").status_code == 404


def test_a_section_is_saved_alone(coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast) -> None:
    before = said(db, cast)
    assert save(coordinator, "purpose", "Vi øver på å være *venner*.", seen(coordinator, "purpose")) == 303
    after = said(db, cast)
    assert after.sections["purpose"] == "Vi øver på å være *venner*."
    assert (after.steps, after.parents, after.sections["teacher"]) == (before.steps, before.parents, before.sections["teacher"])


def test_readers_see_the_published_text_while_a_draft_is_written(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    save(coordinator, "purpose", "Noe helt nytt.", seen(coordinator, "purpose"))
    page = coordinator.get("/idebank/vennskap").text
    assert "Noe helt nytt." not in page
    assert "A draft is being written" in page


def test_two_who_write_different_sections_do_not_meet(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    mine, hers = seen(coordinator, "purpose"), seen(other, "teacher")
    assert save(other, "teacher", "Hennes ord.", hers) == 303
    assert save(coordinator, "purpose", "Mine ord.", mine) == 303
    assert (said(db, cast).sections["purpose"], said(db, cast).sections["teacher"]) == ("Mine ord.", "Hennes ord.")


def test_two_who_write_one_section_see_both_texts_and_lose_none(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    mine = seen(coordinator, "purpose")
    save(other, "purpose", "Hennes formål.", seen(other, "purpose"))
    answer = coordinator.post(f"{draft}/del/purpose", data={"markdown": "Mitt formål.", "seen_hash": mine})
    assert answer.status_code == 409
    assert "Samira Fossnes has changed this section since you opened it" in answer.text
    assert '<pre class="theirs" lang="nb">Hennes formål.</pre>' in answer.text
    assert re.search(r"<textarea[^>]*>\s*Mitt formål.</textarea>", answer.text)
    assert said(db, cast).sections["purpose"] == "Hennes formål."
    assert save(coordinator, "purpose", "Vårt formål.", hidden(answer, "seen_hash")) == 303
    assert said(db, cast).sections["purpose"] == "Vårt formål."


def test_a_part_somebody_removed_meanwhile_is_a_conflict_and_the_text_is_kept(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen
) -> None:
    mine = seen(coordinator, "steps.ring")
    other.post(f"{draft}/deler/ring/fjern", data={"seen_hash": mine})
    form = {"title": "Ring", "minutes": "5", "kind": "intro", "is_core": "y", "body": "Mine ord om ringen."}
    form |= {"say": "", "small": "", "seen_hash": mine}
    answer = coordinator.post(f"{draft}/del/steps.ring", data=form)
    assert answer.status_code == 409
    assert "This section has been removed or emptied." in answer.text
    assert "Mine ord om ringen.</textarea>" in answer.text


def test_the_facts_are_saved_by_form_and_the_words_keep_their_order(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    form = FACTS | {
        "title": "Vennskap og venner",
        "core_minutes": "45",
        "full_minutes": "60",
        "series": "kursrekke-1",
        "grades": ["5"],
        "groups": ["class"],
        "room": ["quiet", "floor-space"],
        "terms": ["inkludere", "lytte", "venn", "respekt"],
        "aims-0-code": "section 2.5.1",
        "aims-0-role": "main",
        "aims-0-note": "Derfor.",
        "aims-1-code": "",
        "aims-1-role": "supporting",
        "aims-1-note": "",
        "sources": "En bok\nEn annen",
        "seen_hash": seen(coordinator, "front"),
    }
    assert coordinator.post(f"{draft}/del/front", data=form).status_code == 303
    theme = said(db, cast)
    assert (theme.title, theme.grades, theme.room) == ("Vennskap og venner", (5,), ("floor-space", "quiet"))
    assert theme.terms == ("venn", "lytte", "inkludere", "respekt")
    assert theme.aims == (ideabank.AimPart("2.5.1", True, "main", "Derfor."),)
    assert (theme.sources, dict(theme.dive)) == (("En bok", "En annen"), {})


def test_the_facts_form_sent_as_it_stands_changes_nothing(coordinator: FlaskClient, draft: str, db: Session, cast: Cast) -> None:
    before = said(db, cast)
    page = coordinator.get(f"{draft}/del/front").text
    assert coordinator.post(f"{draft}/del/front", data=as_sent(page)).status_code == 303
    assert said(db, cast) == before


def test_a_part_is_edited_by_form(coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast) -> None:
    form = {
        "title": "I ring",
        "minutes": "4",
        "kind": "talk",
        "body": "Alle sitter.",
        "say": "Hei!",
        "small": "",
        "seen_hash": seen(coordinator, "steps.ring"),
    }
    assert coordinator.post(f"{draft}/del/steps.ring", data=form).status_code == 303
    step = said(db, cast).step("ring")
    assert step == ideabank.StepPart("ring", "I ring", 4, "talk", False, "Alle sitter.", "Hei!")


def test_a_part_is_moved_added_and_removed_and_can_be_put_back(coordinator: FlaskClient, draft: str, db: Session, cast: Cast) -> None:
    first = [step.uid for step in said(db, cast).steps]
    coordinator.post(f"{draft}/deler/{first[0]}/ned")
    assert [step.uid for step in said(db, cast).steps][:2] == [first[1], first[0]]
    coordinator.post(f"{draft}/deler/{first[0]}/opp")
    page = coordinator.get(draft).text
    seen_hash = re.search(rf'deler/{first[1]}/fjern".*?name="seen_hash" value="(\w+)"', page, re.S)
    assert seen_hash is not None
    page = coordinator.post(f"{draft}/deler/{first[1]}/fjern", data={"seen_hash": seen_hash.group(1)}, follow_redirects=True).text
    assert first[1] not in [step.uid for step in said(db, cast).steps]
    assert f'action="{draft}/deler/{first[1]}/angre"' in page
    coordinator.post(f"{draft}/deler/{first[1]}/angre")
    assert [step.uid for step in said(db, cast).steps] == first
    assert coordinator.post(f"{draft}/deler").status_code == 303
    assert len(said(db, cast).steps) == len(first) + 1


def test_putting_a_part_back_keeps_what_others_wrote_since(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    coordinator.post(f"{draft}/deler/ring/fjern", data={"seen_hash": seen(coordinator, "steps.ring")})
    save(other, "teacher", "Skrevet imens.", seen(other, "teacher"))
    coordinator.post(f"{draft}/deler/ring/angre")
    theme = said(db, cast)
    assert (theme.steps[0].uid, theme.sections["teacher"]) == ("ring", "Skrevet imens.")


def test_a_draft_thrown_away_can_be_brought_back(coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast) -> None:
    save(coordinator, "purpose", "Mye arbeid.", seen(coordinator, "purpose"))
    page = coordinator.post(f"{draft}/forkast", follow_redirects=True).text
    assert f'action="{draft}/hent-tilbake"' in page
    assert coordinator.get(draft).status_code == 404
    coordinator.post(f"{draft}/hent-tilbake")
    assert said(db, cast).sections["purpose"] == "Mye arbeid."


def test_a_new_theme_thrown_away_is_gone_from_the_bank_and_can_be_brought_back(coordinator: FlaskClient, cast: Cast) -> None:
    coordinator.post("/idebank/nytt-tema", data={"title": "Mot"})
    coordinator.post("/idebank/mot/utkast/forkast")
    coordinator.get("/idebank")
    assert "/idebank/mot" not in coordinator.get("/idebank").text
    coordinator.post("/idebank/mot/utkast/hent-tilbake")
    assert "/idebank/mot" in coordinator.get("/idebank").text


def test_the_editor_hides_the_names_of_sentences_and_they_stay(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    assert "{#" not in coordinator.get(f"{draft}/del/parents.hard").text
    save(coordinator, "parents.hard", "Er du bekymret? Snakk gjerne med læreren. Skolen skal hjelpe.", seen(coordinator, "parents.hard"))
    assert [block.uid for block in said(db, cast).parents["hard"]] == ["p15"]


def test_a_fault_stands_at_its_line_and_nothing_is_saved(coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast) -> None:
    before = said(db, cast)
    answer = coordinator.post(
        f"{draft}/del/parents.try", data={"markdown": "Lek sammen.\n\n> Sitat", "seen_hash": seen(coordinator, "parents.try")}
    )
    assert answer.status_code == 422
    assert "Line 3: Only paragraphs and lists may stand in what parents read." in answer.text
    assert "&gt; Sitat</textarea>" in answer.text
    assert said(db, cast) == before


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (f"Spør om {BORN}.", "The text holds a national identity number"),
        ("Ring 22 33 44 55.", "it holds a telephone number"),
        ("x" * 50_001, "This text has 50,001 characters; at most 50,000 fit here."),
        ("Noe \u202eskjult.", "This holds a hidden character that turns the direction of the text."),
        ("En linje.\n\nNoe \u202eskjult.", "Line 3 holds a hidden character that turns the direction of the text."),
    ],
)
def test_what_no_text_may_hold_is_refused_and_stays_in_the_field(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast, markdown: str, words: str
) -> None:
    before = said(db, cast)
    answer = coordinator.post(f"{draft}/del/purpose", data={"markdown": markdown, "seen_hash": seen(coordinator, "purpose")})
    assert answer.status_code == 422
    assert words in answer.text
    assert f"{markdown}</textarea>" in answer.text
    assert said(db, cast) == before


def test_a_section_that_does_not_exist_is_a_404(coordinator: FlaskClient, draft: str) -> None:
    assert coordinator.get(f"{draft}/del/noe-annet").status_code == 404
    assert coordinator.get(f"{draft}/del/steps.ukjent").status_code == 404


def test_the_preview_shows_what_readers_will_see(coordinator: FlaskClient, draft: str) -> None:
    answer = coordinator.post(f"{draft}/forhandsvis", data={"section": "parents.ask", "markdown": "Hva er **en venn**?"})
    assert answer.status_code == 200
    assert "<p>Hva er <strong>en venn</strong>?</p>" in answer.text
    assert "<main" not in answer.text
    assert "4 words, LIX" in answer.text


def test_the_preview_of_a_part_shows_its_minutes_and_what_is_said(coordinator: FlaskClient, draft: str) -> None:
    form = {"section": "steps.ring", "title": "Ring", "minutes": "7", "kind": "intro", "body": "Stå.", "say": "Hei!"}
    text = coordinator.post(f"{draft}/forhandsvis", data=form).text
    assert "7 min · Intro · if there is time" in text
    assert "<p>Hei!</p>" in text


@pytest.mark.parametrize("section", ["purpose", "parents.try", "steps.ring"])
def test_hostile_markdown_does_no_harm_in_the_preview(coordinator: FlaskClient, draft: str, section: str) -> None:
    words = "<script>alert(1)</script> <img src=x onerror=alert(1)> [her](javascript:alert(1)) ![x](https://evil.example/x.png)"
    form = {"section": section, "markdown": words, "title": words, "minutes": "5", "kind": "intro", "body": words, "say": words}
    answer = coordinator.post(f"{draft}/forhandsvis", data=form)
    assert answer.status_code == 200
    for harm in ("<script", "<img", "onerror=alert(1)>", 'href="javascript', 'evil.example/x.png"'):
        assert harm not in answer.text


def test_a_preview_that_is_too_large_is_answered_with_a_few_lines(coordinator: FlaskClient, draft: str) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = coordinator.post(f"{draft}/forhandsvis", data={"section": "purpose", "markdown": "x" * 2_100_000}, headers=headers)
    assert answer.status_code == 413
    assert "A section of a theme holds at most 50,000 characters" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("size", [60_000, 200_001])
def test_the_preview_of_too_long_a_text_says_so(coordinator: FlaskClient, draft: str, size: int) -> None:
    answer = coordinator.post(f"{draft}/forhandsvis", data={"section": "purpose", "markdown": "z" * size})
    assert answer.status_code == 200
    assert "ds-validation-message" in answer.text


def test_the_vocabulary_is_edited_as_one_text_with_faults_at_their_line(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast)
    db.commit()
    coordinator.post("/idebank/vocabulary/utkast/begynn")
    page = coordinator.get("/idebank/vocabulary/utkast")
    answer = coordinator.post("/idebank/vocabulary/utkast", data={"text": "format = 1\nkind = [", "seen_hash": hidden(page, "seen_hash")})
    assert answer.status_code == 422
    assert "Line 2:" in answer.text
    sent = as_sent(page.text)
    sent["text"] = [sent["text"][0].replace("som vil deg vel", "som ønsker deg godt")]
    assert coordinator.post("/idebank/vocabulary/utkast", data=sent).status_code == 303
    publish_draft(coordinator, "Klarere ord", "/idebank/vocabulary/utkast", **{"venn.meaning": "typo"})
    assert "som ønsker deg godt" in coordinator.get("/idebank/vocabulary").text


def test_two_who_write_one_whole_text_see_both(coordinator: FlaskClient, other: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast)
    db.commit()
    coordinator.post("/idebank/vocabulary/utkast/begynn")
    mine, hers = (as_sent(one.get("/idebank/vocabulary/utkast").text) for one in (coordinator, other))
    hers["text"] = [hers["text"][0].replace("som vil deg vel", "som er snill")]
    mine["text"] = [mine["text"][0].replace("som vil deg vel", "som er god")]
    assert other.post("/idebank/vocabulary/utkast", data=hers).status_code == 303
    answer = coordinator.post("/idebank/vocabulary/utkast", data=mine)
    assert answer.status_code == 409
    assert "som er snill" in answer.text
    assert "som er god" in answer.text
    mine["seen_hash"] = [hidden(answer, "seen_hash")]
    assert coordinator.post("/idebank/vocabulary/utkast", data=mine).status_code == 303


def test_a_theme_does_not_take_anothers_title_and_the_other_is_shown(coordinator: FlaskClient, theme: object) -> None:
    answer = coordinator.post("/idebank/nytt-tema", data={"title": "  vennskap "})
    assert answer.status_code == 422
    assert "There is a theme called “Vennskap” already." in answer.text
    assert 'href="/idebank/vennskap">See the theme that is there' in answer.text
    coordinator.post("/idebank/nytt-tema", data={"title": "Mot"})
    assert 'href="/idebank/mot">' in coordinator.post("/idebank/nytt-tema", data={"title": "MOT"}).text


def test_a_title_without_letters_is_refused(coordinator: FlaskClient, cast: Cast) -> None:
    answer = coordinator.post("/idebank/nytt-tema", data={"title": "😀"})
    assert answer.status_code == 422
    assert "Give the theme a title with letters in it." in answer.text
