"""Changes of plans are recorded, and taking one back leaves everything exactly as it was."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.planning import CANCELLED, PLANNED, Lesson, Series, Slot
from curriculum.planning.recording import changes_of, recorded, state_of_lesson, undo
from tests.cast import Cast, make_series
from tests.states import state

NOW = datetime(2026, 9, 2, 12, tzinfo=UTC)


@state
def series(db: Session, cast: Cast) -> Series:
    return make_series(db, cast, themes=("vennskap", "folelser", "samarbeid"))


def _ahead(series: Series) -> list[Lesson]:
    return [lesson for lesson in series.lessons if lesson.date > NOW.date()]


def _stand(series: Series) -> dict[str, object]:
    return {lesson.public_id: state_of_lesson(lesson) for lesson in series.lessons}


def test_a_move_is_taken_back_exactly(db: Session, cast: Cast, series: Series) -> None:
    before, lesson = _stand(series), _ahead(series)[-1]
    with recorded(db, [series], "moved", by=cast.agent, now=NOW) as recording:
        planning.move_lesson(db, lesson, lesson.date + timedelta(1), by=cast.agent, now=NOW)
    assert recording.change is not None and _stand(series) != before
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert _stand(series) == before
    assert [move.kind for move in lesson.moves] == ["moved", "moved"]


def test_what_changes_nothing_is_no_change(db: Session, cast: Cast, series: Series) -> None:
    with recorded(db, [series], "moved", by=cast.agent, now=NOW) as recording:
        pass
    assert recording.change is None
    assert changes_of(db, [series]) == []


def test_a_refusal_records_nothing_and_the_next_change_is_recorded(db: Session, cast: Cast, series: Series) -> None:
    lesson = _ahead(series)[-1]
    with pytest.raises(Refused), recorded(db, [series], "moved", by=cast.agent, now=NOW):
        planning.move_lesson(db, lesson, series.to_date + timedelta(400), by=cast.agent, now=NOW)
    with recorded(db, [series], "cancelled", by=cast.agent, now=NOW):
        planning.cancel_lesson(db, lesson, by=cast.agent, now=NOW)
    assert [change.kind for change in changes_of(db, [series])] == ["cancelled"]


def test_a_change_within_a_change_is_part_of_it(db: Session, cast: Cast, series: Series) -> None:
    before, [*_, one, other] = _stand(series), _ahead(series)
    with recorded(db, [series], "away", by=cast.agent, now=NOW) as recording:
        with recorded(db, [series], "cancelled", by=cast.agent, now=NOW) as within:
            planning.cancel_lesson(db, one, by=cast.agent, now=NOW)
        planning.cancel_lesson(db, other, by=cast.agent, now=NOW)
    assert within.change is None and recording.change is not None
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert _stand(series) == before and {one.state, other.state} == {PLANNED}


def test_several_steps_are_taken_back_the_newest_first(db: Session, cast: Cast, series: Series) -> None:
    stands, lesson = [_stand(series)], _ahead(series)[-1]
    for day in (1, 2):
        with recorded(db, [series], "moved", by=cast.agent, now=NOW):
            planning.move_lesson(db, lesson, lesson.date + timedelta(1), by=cast.agent, now=NOW)
        stands.append(_stand(series))
        assert len(changes_of(db, [series])) == day
    newest, oldest = changes_of(db, [series])
    with pytest.raises(Refused, match="changed since"):
        undo(db, oldest, by=cast.agent, now=NOW)
    undo(db, newest, by=cast.agent, now=NOW)
    assert _stand(series) == stands[1]
    undo(db, oldest, by=cast.agent, now=NOW)
    assert _stand(series) == stands[0] and changes_of(db, [series]) == []
    with pytest.raises(Refused, match="already"):
        undo(db, oldest, by=cast.agent, now=NOW)


def test_an_added_lesson_goes_and_one_taken_out_comes_back_with_its_code(db: Session, cast: Cast, series: Series) -> None:
    gone, before = _ahead(series)[-1], _stand(series)
    code = gone.public_id
    with recorded(db, [series], "taken out", by=cast.agent, now=NOW) as recording:
        series.lessons.remove(gone)
        db.delete(gone)
    assert recording.change is not None and code not in _stand(series)
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert _stand(series) == before
    with recorded(db, [series], "added", by=cast.agent, now=NOW) as recording:
        first = series.lessons[0]
        series.lessons.append(
            Lesson(
                district_id=series.district_id,
                theme_id=first.theme_id,
                position=99,
                minutes=60,
                classes=[cast.a5],
                staff=[cast.agent],
                date=series.lessons[-1].date + timedelta(2),
                start=time(8, 30),
                end=time(9, 30),
            )
        )
    assert recording.change is not None and len(series.lessons) == len(before) + 1
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert _stand(series) == before


def test_a_lesson_with_a_history_of_its_own_is_not_taken_out(db: Session, cast: Cast, series: Series) -> None:
    first = series.lessons[0]
    with recorded(db, [series], "added", by=cast.agent, now=NOW) as recording:
        added = Lesson(
            district_id=series.district_id, theme_id=first.theme_id, position=99, minutes=60, classes=[cast.a5], staff=[cast.agent],
            date=series.lessons[-1].date + timedelta(1), start=time(8, 30), end=time(9, 30),
        )  # fmt: skip
        series.lessons.append(added)
    planning.cancel_lesson(db, added, by=cast.agent, now=NOW)
    planning.restore_lesson(db, added, by=cast.agent, now=NOW)
    assert recording.change is not None
    with pytest.raises(Refused, match="has a history"):
        undo(db, recording.change, by=cast.agent, now=NOW)


def test_weekly_times_come_back(db: Session, cast: Cast, series: Series) -> None:
    before, times = _stand(series), [(slot.weekday, slot.start) for slot in series.slots]
    with recorded(db, [series], "weekly time", by=cast.agent, now=NOW) as recording:
        series.slots.append(
            Slot(
                weekday=4,
                start=time(10),
                end=time(11),
                from_date=series.from_date,
                cycle_anchor=series.from_date,
                cycle_every=2,
                cycle_weeks=[1],
            )
        )
    assert recording.change is not None and len(series.slots) == len(times) + 1
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert [(slot.weekday, slot.start) for slot in series.slots] == times and _stand(series) == before
    with recorded(db, [series], "weekly time", by=cast.agent, now=NOW) as recording:
        series.slots[0].weekday = (series.slots[0].weekday + 1) % 5
    series.slots[0].start = time(12)
    assert recording.change is not None
    with pytest.raises(Refused, match="weekly times have been changed"):
        undo(db, recording.change, by=cast.agent, now=NOW)


def test_staff_and_classes_come_back(db: Session, cast: Cast, series: Series) -> None:
    before, lesson = _stand(series), _ahead(series)[0]
    with recorded(db, [series], "covered", by=cast.agent, now=NOW) as recording:
        lesson.staff = [cast.other_agent]
        lesson.classes = [cast.a5, cast.b5]
    assert recording.change is not None
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert _stand(series) == before


def test_a_held_lesson_is_not_taken_back(db: Session, cast: Cast, series: Series) -> None:
    lesson = _ahead(series)[0]
    with recorded(db, [series], "cancelled", by=cast.agent, now=NOW) as recording:
        lesson.room = "Rom 2"
    lesson.state, lesson.held_record = "held", {"at": "then"}
    assert recording.change is not None
    with pytest.raises(Refused, match="has been held"):
        undo(db, recording.change, by=cast.agent, now=NOW)


def test_nothing_is_taken_back_onto_a_time_that_is_taken_now(db: Session, cast: Cast, series: Series) -> None:
    lesson, other = _ahead(series)[-2:]
    stood = lesson.date
    with recorded(db, [series], "moved", by=cast.agent, now=NOW) as recording:
        planning.move_lesson(db, lesson, lesson.date + timedelta(1), by=cast.agent, now=NOW)
    planning.move_lesson(db, other, stood, by=cast.agent, now=NOW)
    assert recording.change is not None
    with pytest.raises(Refused, match="cannot be taken back now: the class is taken at that time"):
        undo(db, recording.change, by=cast.agent, now=NOW)


def test_what_became_of_a_lesson_that_is_gone_since_is_not_taken_back(db: Session, cast: Cast, series: Series) -> None:
    lesson = _ahead(series)[-1]
    with recorded(db, [series], "room", by=cast.agent, now=NOW) as recording:
        lesson.room = "Rom 2"
    stood = lesson.date
    series.lessons.remove(lesson)
    db.delete(lesson)
    db.flush()
    assert recording.change is not None
    with pytest.raises(Refused, match=f"The lesson on {stood} has been changed since"):
        undo(db, recording.change, by=cast.agent, now=NOW)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["move", "cancel", "lock", "room"])), min_size=1, max_size=6))
def test_whatever_is_done_is_taken_back_exactly(db: Session, cast: Cast, series: Series, acts: list[tuple[int, str]]) -> None:
    stands = []
    for which, act in acts:
        lesson, before = _ahead(series)[which % len(_ahead(series))], _stand(series)
        try:
            with recorded(db, [series], act, by=cast.agent, now=NOW) as recording:
                _do(db, act, lesson, cast)
        except Refused:
            continue
        if recording.change is not None:
            stands.append(before)
    for stand in reversed(stands):
        undo(db, changes_of(db, [series])[0], by=cast.agent, now=NOW)
        assert _stand(series) == stand


def _do(db: Session, act: str, lesson: Lesson, cast: Cast) -> None:
    if act == "move":
        planning.move_lesson(db, lesson, lesson.date + timedelta(1 if lesson.date.weekday() < 4 else 3), by=cast.agent, now=NOW)
    elif act == "cancel" and lesson.state == CANCELLED:
        planning.restore_lesson(db, lesson, by=cast.agent, now=NOW)
    elif act == "cancel":
        planning.cancel_lesson(db, lesson, by=cast.agent, now=NOW)
    elif act == "lock":
        planning.lock_lesson(db, lesson, not lesson.date_locked, by=cast.agent, now=NOW)
    else:
        planning.set_room(db, lesson, f"{lesson.room}1", by=cast.agent, now=NOW)
