"""What parents can hear: while the recording reads what they read, and never a word longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import summaries
from curriculum.base import Refused
from curriculum.ideabank import Document
from curriculum.people import AGENT, COORDINATOR, SMALL, TRANSLATOR, Assignment, Person
from curriculum.planning import CANCELLED, Lesson
from curriculum.summaries import Heard, Recording, Script
from curriculum.summaries.audio import spoken_words
from tests.curriculum.summaries.world import EARLY, MONDAY, NOW, TODAY, World, counted
from tests.sounds import sound, tone

READ = "Denne uka er temaet vennskap, for alle trenger noen.\n\nHva gjør en god venn?"


def script(world: World, tag: str = "nb", theme: Document | None = None) -> Script:
    return summaries.theme_script(world.db, world.district, theme or world.friends, tag, TODAY)


def record(world: World, script: Script, *, by: Person | None = None, seconds: float = 2, seen: str = "") -> Recording:
    by = by or world.agent
    return summaries.record(world.db, world.district, script, tone(seconds), seen=seen or script.hash, by=by, now=NOW)


def heard(world: World, lesson: Lesson, tag: str = "nb") -> Heard:
    return summaries.heard(world.db, world.district, world.summary(lesson, tag))


def clip(world: World, lesson: Lesson, tag: str = "nb") -> str:
    """The public id of what is heard of a lesson's summary, or nothing."""
    found = heard(world, lesson, tag).summary
    return found.public_id if found else ""


def find(world: World, recording: Recording, tag: str = "nb") -> Recording:
    return summaries.find_heard(world.db, world.school_class, recording.public_id, tag, TODAY)


# --- What is read ----------------------------------------------------------------------------------------------------------------------


def test_the_sentence_and_the_question_are_read_as_words(world: World) -> None:
    assert script(world).words == READ
    assert summaries.summary_script(world.summary(world.lesson(), "nb")) == script(world)


def test_what_is_read_is_in_the_readers_language_or_nothing(world: World) -> None:
    assert script(world, "so").words == ""
    world.translate(world.friends, "p1")
    assert script(world, "so").words == ""  # the question is still Norwegian
    world.translate(world.friends, "p2", words={"p2": "Su'aal <&> «maxay»?"})
    assert script(world, "so").words == "SO Denne uka er temaet vennskap, for alle trenger noen.\n\nSu'aal <&> «maxay»?"
    assert not script(world, "so").is_machine


def test_a_machines_words_are_said_to_be_so(world: World) -> None:
    world.district.parents_read = "draft"
    world.translate(world.friends, "p1", "p2", state="draft", origin="machine")
    assert script(world, "so").is_machine


def test_each_paragraph_and_list_item_is_a_line(world: World) -> None:
    assert spoken_words("<p>En <strong>god</strong>\nvenn.</p><ul><li>Først &amp; sist</li><li>Så</li></ul>") == (
        "En god venn.\nFørst & sist\nSå"
    )


def test_a_text_is_the_same_with_other_spaces_and_another_with_any_other_word() -> None:
    def said(words: str) -> str:
        return Script("summary:x", "nb", words).hash

    assert said("En  god\nvenn") == said("En god venn") != said("En god uvenn")
    assert Script("term:venn", "nb", "venn").kind == "term"


def test_a_theme_that_is_not_in_effect_cannot_be_read(world: World) -> None:
    with pytest.raises(LookupError):
        summaries.theme_script(world.db, world.district, world.friends, "nb", EARLY - timedelta(1))


def test_the_words_and_the_names_of_languages_are_read_as_they_are(world: World) -> None:
    terms = summaries.term_scripts(world.db, world.district, TODAY)
    assert {key: (one.language, one.words) for key, one in terms.items()} == {word: ("nb", word) for word in ("venn", "lytte", "trist")}
    world.vocabulary.retired_at = NOW
    world.db.flush()
    assert summaries.term_scripts(world.db, world.district, TODAY) == {}
    assert summaries.name_script("so") == Script("name:so", "so", "Af-Soomaali")


# --- Recording -------------------------------------------------------------------------------------------------------------------------


def test_a_recording_stands_beside_a_copy_of_what_it_reads(world: World) -> None:
    made = summaries.record(
        world.db, world.district, script(world), sound("browser.webm"), seen=script(world).hash, by=world.agent, now=NOW
    )
    assert (made.about, made.language, made.text, made.type, made.size) == ("summary:vennskap", "nb", READ, "audio/webm", 3380)
    assert (round(made.seconds, 2), made.by, made.at, made.withdrawn_at) == (1.52, world.agent, NOW, None)


@pytest.mark.parametrize(
    ("tag", "data", "seen", "words"),
    [
        ("so", tone(2), "", "no text in this language"),
        ("nb", tone(2), "0123456789abcdef", "The text has changed"),
        ("nb", b"<html>", "", "This is not a sound"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_the_sound(world: World, tag: str, data: bytes, seen: str, words: str) -> None:
    read = script(world, tag)
    with pytest.raises(Refused, match=words) as refused:
        summaries.record(world.db, world.district, read, data, seen=seen or read.hash, by=world.agent, now=NOW)
    assert refused.value.at == "sound"


def test_who_may_read_to_parents(world: World) -> None:
    def person(name: str, *assignments: Assignment) -> Person:
        made = Person(district_id=world.district.id, name=name, email=f"{name}@fjelldalen.example", assignments=list(assignments))
        for one in assignments:
            one.district_id, one.from_date = world.district.id, EARLY
        world.db.add(made)
        world.db.flush()
        return made

    def may(person: Person, tag: str) -> bool:
        return summaries.may_record(world.db, person, world.friends, tag, TODAY)

    translator = person("Hodan", Assignment(role=TRANSLATOR, language="so"))
    coordinator = person("Marit", Assignment(role=COORDINATOR))
    other = person("Odd", Assignment(role=AGENT, class_id=world.group("6A").class_id))
    small = person("Tuva", Assignment(role=AGENT, class_id=world.group("Bjørka", SMALL).class_id))
    assert not may(world.agent, "ur")  # none of her classes has it
    world.lesson()
    assert [(may(one, "so"), may(one, "ur")) for one in (world.agent, translator, coordinator, other, small)] == [
        (True, True), (True, False), (True, True), (False, False), (False, False),
    ]  # fmt: skip


def test_what_has_been_recorded_is_told_for_each_text(world: World) -> None:
    world.translate_all()
    read = [script(world), script(world, "so"), script(world, "ur")]
    first = record(world, read[0])
    record(world, read[1])
    world.publish(world.friends, "Hva gjør en god venn?", "Hva er en god venn?", p2="meaning")
    old, new = first.text_hash, script(world)
    told = summaries.states(world.db, world.district, [new, script(world, "so"), read[2]])
    assert [(one.recording, one.has_moved) for one in told] == [(None, True), (told[1].recording, False), (None, False)]
    assert old != new.hash
    later = record(world, new)
    assert summaries.states(world.db, world.district, [new])[0].recording is later
    with counted(world.db) as sent:
        summaries.states(world.db, world.district, [new, *read])
    assert len([one for one in sent if "recording" in one]) == 1


# --- Hearing ---------------------------------------------------------------------------------------------------------------------------


def test_parents_hear_the_newest_recording_in_their_language_alone(world: World) -> None:
    world.translate_all()
    lesson = world.lesson()
    assert heard(world, lesson) == Heard(has_words=True)
    record(world, script(world))
    newest = record(world, script(world))
    assert clip(world, lesson) == newest.public_id
    assert clip(world, lesson, "so") == ""
    found = heard(world, lesson).summary
    assert found is not None
    assert (found.type, found.file_name, found.is_trial) == ("audio/wav", "vennskap-nb.wav", False)


def test_a_recording_falls_silent_when_the_text_moves_and_is_there_again_when_it_comes_back(world: World) -> None:
    lesson = world.lesson(day=TODAY)
    made = record(world, script(world))
    world.publish(world.friends, "Hva gjør en god venn?", "Hva er en god venn?", p2="meaning")
    assert clip(world, lesson) == ""
    with pytest.raises(LookupError):
        find(world, made)
    world.publish(world.friends, "Hva er en god venn?", "Hva gjør en god venn?", p2="meaning")
    assert clip(world, lesson) == made.public_id
    assert find(world, made) is made


def test_a_lesson_that_shows_an_older_text_is_heard_as_it_reads(world: World) -> None:
    made = record(world, script(world))
    pinned = world.lesson(pinned_version=world.friends.versions[-1])
    world.publish(world.friends, "Hva gjør en god venn?", "Hva er en god venn?", p2="meaning")
    assert clip(world, pinned) == made.public_id
    assert find(world, made) is made


def test_a_recording_that_is_withdrawn_is_not_heard_and_can_be_brought_back(world: World) -> None:
    lesson = world.lesson()
    first, second = record(world, script(world)), record(world, script(world))
    summaries.withdraw(world.db, second, by=world.agent, now=NOW)
    assert (second.withdrawn_at, second.withdrawn_by_id) == (NOW, world.agent.id)
    assert clip(world, lesson) == first.public_id
    with pytest.raises(LookupError):
        find(world, second)
    with pytest.raises(Refused, match="withdrawn already"):
        summaries.withdraw(world.db, second, by=world.agent, now=NOW)
    summaries.bring_back(world.db, second)
    assert (second.withdrawn_at, second.withdrawn_by_id) == (None, None)
    assert clip(world, lesson) == second.public_id


def test_a_cancelled_lesson_is_not_read_aloud(world: World) -> None:
    made = record(world, script(world))
    lesson = world.lesson(state=CANCELLED)
    assert heard(world, lesson) == Heard()
    with pytest.raises(LookupError):
        find(world, made)


def test_a_word_is_heard_in_norwegian_by_parents_of_all_languages(world: World) -> None:
    world.translate_all()
    lesson, terms = world.lesson(), summaries.term_scripts(world.db, world.district, TODAY)
    made = record(world, terms["venn"])
    assert {tag: {key: one.public_id for key, one in heard(world, lesson, tag).terms.items()} for tag in ("nb", "so")} == {
        tag: {"venn": made.public_id} for tag in ("nb", "so")
    }
    assert find(world, made, "so") is made
    world.publish(world.vocabulary, 'word = "venn"', 'word = "kamerat"')
    assert heard(world, lesson).terms == {}
    with pytest.raises(LookupError):
        find(world, made)


def test_a_word_that_is_gone_is_not_heard(world: World) -> None:
    made = record(world, Script("term:borte", "nb", "borte"))
    with pytest.raises(LookupError):
        find(world, made)


def test_the_names_of_open_languages_are_heard(world: World) -> None:
    made = {tag: record(world, summaries.name_script(tag)) for tag in ("so", "pl")}
    assert {tag: one.public_id for tag, one in summaries.names_heard(world.db, world.district).items()} == {"so": made["so"].public_id}
    assert find(world, made["so"], "so") is made["so"]
    with pytest.raises(LookupError):
        find(world, made["so"], "ur")


def test_a_sound_of_a_theme_that_a_class_does_not_read_yet_is_not_there(world: World, db: Session) -> None:
    made = record(world, script(world))
    with pytest.raises(LookupError):
        find(world, made)
    lesson = world.lesson(day=MONDAY + timedelta(weeks=1))
    with pytest.raises(LookupError):
        find(world, made)
    lesson.date = MONDAY
    db.flush()
    assert find(world, made) is made
    with pytest.raises(LookupError):
        find(world, made, "so")
    with pytest.raises(LookupError):
        summaries.find_heard(db, world.school_class, "nosuchclip", "nb", TODAY)


def test_what_is_heard_takes_one_query_whatever_there_is(world: World) -> None:
    world.translate_all()
    summary = world.summary(world.lesson(), "so")
    terms = summaries.term_scripts(world.db, world.district, TODAY)
    for script_ in (script(world, "so"), *terms.values()):
        record(world, script_)
    with counted(world.db) as sent:
        found = summaries.heard(world.db, world.district, summary)
    assert found.summary is not None and set(found.terms) == {"venn", "lytte", "trist"}
    assert len([one for one in sent if "recording" in one]) == 1
    assert not any("recording.data" in one for one in sent)  # a list does not carry the sounds
