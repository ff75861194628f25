"""Whether a translation still says what the Norwegian says."""

from datetime import date

import pytest

from curriculum.summaries import CURRENT, OLD, UNLINKED, WITHDRAWN, Change, Verdict, judge

SPRING, SUMMER, AUTUMN = date(2026, 4, 1), date(2026, 6, 1), date(2026, 9, 1)


def chain(*steps: tuple[str, str]) -> list[Change]:
    """Changes such as ("ab", "typo"): from a to b, one each season."""
    return [Change(way[0], way[1], mark, on) for (way, mark), on in zip(steps, (SPRING, SUMMER, AUTUMN), strict=False)]


def test_a_translation_of_just_this_text_is_current() -> None:
    assert judge("a", "a", chain(("ab", "critical"))) == Verdict(CURRENT)


def test_typos_however_many_leave_a_translation_current() -> None:
    assert judge("a", "d", chain(("ab", "typo"), ("bc", "typo"), ("cd", "typo"))) == Verdict(CURRENT)


def test_a_change_of_meaning_makes_it_old_from_the_day_of_the_latest() -> None:
    assert judge("a", "d", chain(("ab", "meaning"), ("bc", "meaning"), ("cd", "typo"))) == Verdict(OLD, SUMMER)


@pytest.mark.parametrize("marks", [("critical", "typo", "meaning"), ("meaning", "critical", "typo"), ("typo", "meaning", "critical")])
def test_a_critical_change_anywhere_on_the_way_withdraws_it(marks: tuple[str, str, str]) -> None:
    assert judge("a", "d", chain(*zip(("ab", "bc", "cd"), marks, strict=True))).standing == WITHDRAWN


def test_the_last_mark_for_a_change_holds() -> None:
    assert judge("a", "b", chain(("ab", "critical"), ("ab", "typo"))) == Verdict(CURRENT)
    assert judge("a", "b", chain(("ab", "typo"), ("ab", "meaning"))) == Verdict(OLD, SUMMER)


def test_changes_after_the_text_that_is_shown_do_not_count() -> None:
    assert judge("a", "b", chain(("ab", "typo"), ("bc", "critical"))) == Verdict(CURRENT)
    assert judge("a", "b", chain(("ab", "meaning"), ("bc", "critical"))) == Verdict(OLD, SPRING)


def test_a_text_taken_back_is_not_made_current_by_the_way_back() -> None:
    there_and_back = chain(("ab", "critical"), ("ba", "typo"))
    assert judge("a", "b", there_and_back).standing == WITHDRAWN
    assert judge("b", "a", there_and_back) == Verdict(CURRENT)


def test_a_held_lessons_earlier_text_may_have_a_later_translation() -> None:
    assert judge("b", "a", chain(("ab", "typo"))) == Verdict(CURRENT)
    assert judge("c", "a", chain(("ab", "meaning"), ("bc", "typo"))) == Verdict(OLD, SPRING)


def test_a_text_nobody_has_tied_to_this_one_is_not_its_translation() -> None:
    assert judge("x", "a", chain(("ab", "typo"))) == Verdict(UNLINKED)
