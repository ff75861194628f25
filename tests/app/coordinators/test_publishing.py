"""Publishing a draft, comparing versions, and answering proposals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import ideabank, summaries
from curriculum.ideabank import DocumentVersion, Segment, SegmentChange
from curriculum.people import AuditEvent
from tests.app.coordinators.screens import publish
from tests.cast import CONTENT, NOW, Cast, document, make_series, version_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    Seen = Callable[[FlaskClient, str], str]

ASK = "Hva kan en god venn si når noen står utenfor?"


def write_ask(client: FlaskClient, draft: str, seen: Seen) -> None:
    """Change the question that parents read."""
    client.post(f"{draft}/del/parents.ask", data={"markdown": ASK, "seen_hash": seen(client, "parents.ask")})


def test_publishing_shows_what_changes_and_asks_what_kind_of_change_it_is(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    write_ask(coordinator, draft, seen)
    page = coordinator.get(f"{draft}/publiser").text
    assert "To the parents: Ask your child" in page
    assert ">gjøre<" in page
    assert "A slip of the pen" in page
    assert "The old translations are withdrawn at once." in page
    assert 'value="meaning" checked' in page


def test_a_published_draft_is_the_next_version_with_its_note_and_marks(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    write_ask(coordinator, draft, seen)
    assert publish(coordinator, "Klarere spørsmål", p2="critical").status_code == 303
    page = coordinator.get("/idebank/vennskap").text
    assert "Version 2 is published." in page
    assert "Published by Marit Ekelund on 14 October 2026." in page
    assert "Klarere spørsmål" in page
    assert ASK in page
    version = version_of(db, cast, "vennskap")
    changes = db.scalars(select(SegmentChange).where(SegmentChange.version_id == version.id)).all()
    assert [(one.uid, one.mark) for one in changes] == [("p2", "critical")]
    assert [one.about for one in db.scalars(select(AuditEvent).where(AuditEvent.kind == "publication"))] == ["vennskap 2"]


def test_a_note_is_required_and_what_was_chosen_stays(coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast) -> None:
    write_ask(coordinator, draft, seen)
    answer = publish(coordinator, " ", p2="typo")
    assert answer.status_code == 422
    assert "Say in a few words what is new" in answer.text
    assert 'value="typo" checked' in answer.text
    assert version_of(db, cast, "vennskap").number == 1


def test_a_draft_with_faults_is_refused_with_a_way_to_each(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    coordinator.post(f"{draft}/del/purpose", data={"markdown": "", "seen_hash": seen(coordinator, "purpose")})
    answer = publish(coordinator, "Tømt")
    assert answer.status_code == 422
    assert f'href="{draft}/del/purpose"' in answer.text
    assert "Write it before you publish." in answer.text
    assert "Tømt</textarea>" in answer.text
    assert version_of(db, cast, "vennskap").number == 1


def change_now(db: Session, cast: Cast) -> str:
    """What a publisher of the draft would see now."""
    seen = ideabank.change_hash(document(db, cast, "vennskap"))
    db.commit()
    return seen


def test_a_draft_that_says_nothing_new_has_nothing_to_publish(coordinator: FlaskClient, draft: str, db: Session, cast: Cast) -> None:
    page = coordinator.get(f"{draft}/publiser").text
    assert "The draft says the same as version 1, so there is nothing to publish." in page
    assert ">Publish</button>" not in page
    assert 'name="why"' not in page
    sent = {"why": "Ingenting", "seen": change_now(db, cast)}
    answer = coordinator.post(f"{draft}/publiser", data=sent)
    assert answer.status_code == 422
    assert "The draft says the same as the newest version." in answer.text


def test_where_two_must_publish_the_writer_alone_cannot_and_the_other_can(
    coordinator: FlaskClient, other: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    cast.district.two_to_publish = True
    db.commit()
    write_ask(coordinator, draft, seen)
    assert "Another person must publish what you wrote alone." in publish(coordinator, "Nytt").text
    assert publish(other, "Nytt").status_code == 303


def test_the_versions_are_listed_and_compared_with_marks_that_can_be_heard(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    write_ask(coordinator, draft, seen)
    publish(coordinator, "Klarere spørsmål")
    assert "Klarere spørsmål" in coordinator.get("/idebank/vennskap/versjoner").text
    page = coordinator.get("/idebank/vennskap/sammenlign?fra=1&til=2").text
    assert '<del><span class="ds-sr-only" lang="en">removed: </span>gjøre' in page
    assert '<ins><span class="ds-sr-only" lang="en">added: </span>si' in page
    assert "This is an older version." in coordinator.get("/idebank/vennskap/versjoner/1").text


def test_a_changed_part_is_compared_in_words(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    form = {"title": "Velkommen i ring", "minutes": "4", "kind": "intro", "body": "Stå.", "say": "", "small": ""}
    form["seen_hash"] = seen(coordinator, "steps.ring")
    coordinator.post(f"{draft}/del/steps.ring", data=form)
    page = coordinator.get(f"{draft}/publiser").text
    assert "min · Intro" in page
    assert "if there is time" in page
    assert "kind=intro" not in page


def test_a_file_that_differs_from_an_edited_theme_waits_as_a_proposal_and_becomes_the_draft(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    write_ask(coordinator, draft, seen)
    publish(coordinator, "Nytt")
    db.expire_all()
    path = "kursrekke-1/06-vennskap.md"
    text = (CONTENT / path).read_text("utf-8").replace("I dag øver vi på å være en god venn.", "I dag øver vi på vennskap.")
    assert ideabank.load_document(db, cast.district, text, path, now=NOW, today=cast.today) == "proposal"
    db.commit()
    assert "It waits for your answer" in coordinator.get("/idebank/vennskap").text
    assert "Make it the draft" in coordinator.get("/idebank/vennskap/forslag").text
    (waiting,) = ideabank.waiting_proposals(db, document(db, cast, "vennskap"))
    db.commit()
    coordinator.post("/idebank/vennskap/forslag/bruk", data={"hash": waiting.hash})
    assert "I dag øver vi på vennskap." in coordinator.get(draft).text


def test_an_agent_reads_older_versions_and_comparisons(client: FlaskClient, cast: Cast, theme: DocumentVersion) -> None:
    from tests.cast import sign_in

    sign_in(client, cast.agent)
    for address in ("versjoner", "versjoner/1", "sammenlign"):
        assert client.get(f"/idebank/vennskap/{address}").status_code == 200
    assert client.get("/idebank/vennskap/utkast").status_code == 403


def test_a_publisher_who_vouches_for_her_own_version_is_told_and_it_is_seen_and_logged(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session
) -> None:
    write_ask(coordinator, draft, seen)
    publish(coordinator, "Klarere", p2="typo")
    address = "/idebank/vennskap/versjoner/2/kontrollert"
    assert "You published this version yourself." in coordinator.get(address).text
    coordinator.post(address, data={"has_read": "y"})
    assert "The same person published it." in coordinator.get("/idebank/vennskap").text
    assert [one.about for one in db.scalars(select(AuditEvent).where(AuditEvent.kind == "review"))] == ["vennskap 2"]


def test_publishing_says_before_and_after_which_lessons_and_translations_it_touches(
    coordinator: FlaskClient, draft: str, seen: Seen, db: Session, cast: Cast
) -> None:
    make_series(db, cast, cast.a5, date(2026, 9, 7))
    make_series(db, cast, cast.b5, date(2026, 11, 16))
    theme = version_of(db, cast, "vennskap")
    asked = db.scalars(select(Segment).where(Segment.version_id == theme.id, Segment.uid == "p2")).one()
    for tag in ("so", "ur"):
        summaries.add_translation(
            db,
            document=theme.document,
            segment_uid="p2",
            language=tag,
            source_text=asked.text,
            source_hash=asked.hash,
            text="x",
            state="translated",
            origin="human",
            now=NOW,
        )
    db.commit()
    write_ask(coordinator, draft, seen)
    lessons = "Lessons ahead that you may see and that follow it from today: 1 (classes: 1)."
    stale = "Sentences whose translation is out of date from now on: Af-Soomaali 1, اردو 1."
    page = coordinator.get(f"{draft}/publiser").text
    assert lessons in page
    assert stale in page
    publish(coordinator, "Klarere", p2="meaning")
    page = coordinator.get("/idebank/vennskap").text
    assert f"Version 2 is published. {lessons} {stale}" in page


def test_a_slip_of_the_pen_makes_no_translation_out_of_date(coordinator: FlaskClient, draft: str, seen: Seen) -> None:
    write_ask(coordinator, draft, seen)
    publish(coordinator, "Klarere", p2="typo")
    assert "out of date" not in coordinator.get("/idebank/vennskap").text
