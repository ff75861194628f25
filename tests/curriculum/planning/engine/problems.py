"""Problems to plan: small ones in words, and any by chance."""

from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import strategies as st

from curriculum.planning.engine.problem import Agent, Busy, Closed, Group, Pin, Problem, School, SeriesProblem, Session, Slot, WelfareDay

MONDAY = date(2026, 11, 2)
"""Monday of week 45; 2026 has 53 ISO weeks."""

TUESDAY_AT_NINE = Slot("tue", 1, time(9), time(9, 45))
AGENT = Agent("kari", "Kari Solvang")


def problem(
    lessons: int = 3,
    weeks: int = 6,
    *,
    closed: tuple[Closed, ...] = (),
    blocked: tuple[Closed, ...] = (),
    slots: tuple[Slot, ...] = (TUESDAY_AT_NINE,),
    agent: Agent = AGENT,
    sessions: tuple[Session, ...] | None = None,
    prefer_finish_by: date | None = None,
    earlier: int = 0,
) -> Problem:
    """5A has `lessons` lessons to be held in `weeks` weeks from MONDAY on, and could begin `earlier` weeks before."""
    last = MONDAY + timedelta(7 * weeks - 1)
    wanted = sessions if sessions is not None else tuple(Session(f"s{n}", f"theme-{n}", f"Theme {n}", 45) for n in range(lessons))
    series = SeriesProblem("series", "5a", (agent.id,), "Course", MONDAY, last, wanted, prefer_finish_by, begin_at_once=True)
    return Problem(
        "test",
        MONDAY - timedelta(7 * earlier),
        last,
        (School("solbakken", "Solbakken skole", closed),),
        (agent,),
        (Group("5a", "5A", "solbakken", slots, blocked),),
        (series,),
    )


def week(number: int, weekday: int = 1) -> date:
    """A day (by default the Tuesday) of the n-th week of the problem, from 0."""
    return MONDAY + timedelta(7 * number + weekday)


def span(first: date, days: int = 1, reason: str = "Høstferie") -> Closed:
    return Closed(first, first + timedelta(days - 1), reason)


WEEKS = 6
LESSONS = st.integers(1, 4)
days = st.integers(0, 7 * WEEKS - 1).map(lambda n: MONDAY + timedelta(n))
spans = st.builds(span, days, st.integers(1, 8), st.sampled_from(("Høstferie", "Planleggingsdag")))
hours = st.integers(8, 13)


@st.composite
def slots(draw: st.DrawFn, id: str) -> Slot:
    hour = draw(hours)
    first, last = draw(st.none() | days), draw(st.none() | days)
    length = draw(st.sampled_from((45, 59)))
    return Slot(id, draw(st.integers(0, 4)), time(hour), time(hour, length), draw(st.integers(0, 2)), first, last)


@st.composite
def agents(draw: st.DrawFn) -> Agent:
    welfare = draw(st.lists(st.builds(WelfareDay, st.integers(0, 4), st.none() | days, st.none() | days), max_size=1))
    busy = draw(st.lists(st.builds(lambda day, hour: Busy(day.weekday(), time(hour), time(hour + 1), day, day), days, hours), max_size=2))
    return Agent("kari", "Kari Solvang", tuple(welfare), tuple(draw(st.lists(spans, max_size=1))), tuple(busy))


@st.composite
def problems(draw: st.DrawFn, lessons: st.SearchStrategy[int] = LESSONS, *, most_slots: int = 2, pins: bool = True) -> Problem:
    """Any small problem, solvable or not; with `pins` some sessions are locked or delivered somewhere, sensible or not."""
    weekly = tuple(draw(slots(f"slot-{n}")) for n in range(draw(st.integers(1, most_slots))))
    made = problem(
        draw(lessons),
        WEEKS,
        closed=tuple(draw(st.lists(spans, max_size=2))),
        blocked=tuple(draw(st.lists(spans, max_size=1))),
        slots=weekly,
        agent=draw(agents()),
        prefer_finish_by=draw(st.none() | days),
        earlier=draw(st.integers(0, 2)),
    )
    if not pins:
        return made
    series = made.series[0]
    sessions = tuple(draw(_perhaps_pinned(session, weekly)) for session in series.sessions)
    return replace(made, series=(replace(series, sessions=sessions),))


@st.composite
def _perhaps_pinned(draw: st.DrawFn, session: Session, weekly: tuple[Slot, ...]) -> Session:
    if draw(st.integers(0, 3)):
        return session
    slot = draw(st.sampled_from(weekly))
    day = draw(st.integers(0, WEEKS - 1)) * 7 + slot.weekday
    pin = Pin(MONDAY + timedelta(day), draw(st.sampled_from((slot.id, slot.id, slot.id, "gone"))))
    return replace(session, pin=pin, delivered=draw(st.booleans()))
