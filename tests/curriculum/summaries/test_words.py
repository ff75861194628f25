"""The words that school and home share, by themselves."""

from datetime import date

from sqlalchemy.orm import Session

from curriculum.people import District
from curriculum.summaries import SharedWords, newest_lesson, words_in
from tests.curriculum.summaries.world import MONDAY, TODAY, World, counted

LISTS = [("venn", "lytte"), ("trist", "ukjent"), ()]


def test_in_the_source_language_they_are_the_vocabularys_own(world: World) -> None:
    assert words_in(world.db, world.district, LISTS, "nb", TODAY) == [
        SharedWords({"venn": "venn", "lytte": "lytte"}),
        SharedWords({"trist": "trist"}),
        SharedWords({}),
    ]


def test_a_translated_list_is_in_the_other_language(world: World) -> None:
    world.translate(world.vocabulary)
    assert words_in(world.db, world.district, LISTS[:1], "so", TODAY) == [SharedWords({"venn": "SO venn", "lytte": "SO lytte"})]


def test_a_list_of_which_one_word_is_missing_is_not_read_at_all_and_its_sentences_are_not_missed(world: World) -> None:
    world.translate(world.vocabulary, "venn.word", "trist.word")
    found = words_in(world.db, world.district, LISTS, "so", TODAY)
    assert [one.by_key for one in found] == [{}, {"trist": "SO trist"}, {}]


def test_a_machines_words_are_told_where_they_may_be_read_at_all(world: World) -> None:
    world.translate(world.vocabulary, "lytte.word", state="draft", origin="machine:x")
    assert words_in(world.db, world.district, [("lytte",)], "so", TODAY) == [SharedWords({})]
    world.district.parents_read = "draft"
    assert words_in(world.db, world.district, [("lytte",)], "so", TODAY) == [SharedWords({"lytte": "SO lytte"}, is_machine=True)]


def test_as_few_queries_for_many_lists_as_for_one(world: World) -> None:
    world.translate(world.vocabulary)
    numbers = []
    for lists in (LISTS[:1], LISTS * 5):
        with counted(world.db) as statements:
            words_in(world.db, world.district, lists, "so", TODAY)
        numbers.append(len(statements))
    assert numbers[1] <= numbers[0]


def test_a_district_without_a_vocabulary_has_none(db: Session) -> None:
    district = District(key="tom", name="Tom")
    db.add(district)
    db.flush()
    assert words_in(db, district, LISTS, "nb", TODAY) == [SharedWords({})] * 3


# --- What there is to tell ----------------------------------------------------------------------------------------------------------------


def newest(world: World) -> str:
    found = newest_lesson(world.db, world.school_class, TODAY)
    return found.public_id if found else ""


def test_before_the_first_week_there_is_nothing_to_tell(world: World) -> None:
    world.lesson(day=date(2026, 10, 19))
    assert newest(world) == ""


def test_it_is_this_weeks_lesson_else_the_last_before(world: World) -> None:
    before = world.lesson(day=date(2026, 9, 28))
    assert newest(world) == before.public_id
    this = world.lesson(world.teamwork, day=MONDAY)
    world.lesson(day=date(2026, 10, 19))
    assert newest(world) == this.public_id


def test_a_cancelled_lesson_is_told_of_only_when_no_other_is_held_in_its_week(world: World) -> None:
    cancelled = world.lesson(day=date(2026, 10, 15), state="cancelled")
    assert newest(world) == cancelled.public_id
    held = world.lesson(world.teamwork, day=MONDAY)
    assert newest(world) == held.public_id
