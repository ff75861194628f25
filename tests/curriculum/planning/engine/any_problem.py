"""Any small problem of one series with every rule of the format that laying out knows, and all of its plans by trying."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import strategies as st

from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import Agent, Busy, Cycle, Placed, Plan, Problem, Session
from tests.curriculum.planning.engine.problems import MONDAY, days, hours, problems, spans

WEEKS = 5
OLA = Agent("ola", "Ola Lunde")


@st.composite
def any_problem(draw: st.DrawFn, *, most_lessons: int = 4) -> Problem:
    """One series with any order, gaps, maxima, targets, cycles, soft days, pins and holders, solvable or not."""
    made = draw(problems(st.integers(1, most_lessons)))
    [series], [group], [agent] = made.series, made.groups, made.agents
    sessions = tuple(draw(_session(session)) for session in series.sessions)
    most = draw(st.sampled_from((None, None, 1, 2)))
    if most == 2:  # loads of different holders in one week are not told apart
        sessions = tuple(replace(session, agents=None) for session in sessions)
    ids = [session.id for session in sessions]
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda pair: pair[0] != pair[1])
    precedence = draw(st.lists(pairs, max_size=2)) if len(ids) > 1 and draw(st.booleans()) else []
    series = replace(
        series,
        to_date=MONDAY + timedelta(7 * WEEKS - 1),
        sessions=sessions,
        order=draw(st.sampled_from(("flexible", "flexible", "flexible", "listed"))),
        precedence=tuple(precedence),
        max_per_week=most,
        min_gap_days=draw(st.sampled_from((None, None, 2, 8))),
        max_gap_weeks=draw(st.sampled_from((None, None, 1, 2))),
        begin_at_once=draw(st.booleans()),
    )
    numbers = st.sampled_from((None, None, 1, 2))
    taught = draw(st.lists(st.builds(lambda day, hour: Busy(day.weekday(), time(hour), time(hour, 30), day, day), days, hours), max_size=1))
    agent = replace(
        agent,
        busy=agent.busy + tuple(replace(busy, is_lesson=True) for busy in taught),
        max_per_day=draw(numbers),
        max_per_week=draw(numbers),
        target_per_day=draw(st.sampled_from((None, 0, 1))),
        target_per_week=draw(st.sampled_from((None, 0, 1))),
        schools=draw(st.sampled_from((None, None, None, ("solbakken",), ()))),
    )
    weekly = tuple(replace(slot, cycle=draw(cycles), penalty=slot.penalty * draw(st.sampled_from((1, 5)))) for slot in group.slots)
    pupils = draw(st.lists(st.builds(lambda day, hour: Busy(day.weekday(), time(hour), time(hour, 30), day, day), days, hours), max_size=1))
    group = replace(group, slots=weekly, busy=tuple(pupils), soft=tuple(draw(st.lists(spans, max_size=1))))
    weights = dict(made.weights) | draw(st.sampled_from(({}, {}, {"idle_weeks": 3, "order_shift": 7})))
    return replace(made, series=(series,), groups=(group,), agents=(agent, OLA), weights=weights)


cycles = st.none() | st.builds(Cycle, days, st.just(2), st.sampled_from(((0,), (1,))))


@st.composite
def _session(draw: st.DrawFn, session: Session) -> Session:
    return replace(
        session,
        minutes=draw(st.sampled_from((45, 45, 45, 50))),
        order=draw(st.sampled_from(("", "", "", "", "first", "last"))),
        agents=draw(st.sampled_from((None, None, None, None, None, (), ("ola",)))),
    )


def plans_of(asked: Problem) -> Iterator[Plan]:
    """Every plan that the checker lets pass: one lesson a week unless the series says more, what is free after what is delivered."""
    [series], [group] = asked.series, asked.groups
    held = [session.pin.date for session in series.sessions if session.pin and session.delivered]
    after = max(held, default=date.min)
    last = (series.to_date - MONDAY).days
    spots = [(MONDAY + timedelta(n), slot.id) for n in range(last + 1) for slot in group.slots if n % 7 == slot.weekday]
    spots = [spot for spot in spots if spot[0] > after]
    pinned = [Placed(session.id, session.pin.date, session.pin.slot) for session in series.sessions if session.pin]
    free = [session for session in series.sessions if not session.pin]
    for placed in _tried(asked, pinned, free, spots):
        order = {session.id: index for index, session in enumerate(series.sessions)}
        plan = Plan(tuple(sorted(placed, key=lambda one: order[one.session])), {}, 0, 0, "greedy")
        if check(asked, plan).is_clean:
            yield plan


def _tried(asked: Problem, placed: list[Placed], free: list[Session], spots: list[tuple[date, str]]) -> Iterator[list[Placed]]:
    """Each way to place the free sessions too that breaks no rule which more sessions could not mend."""
    found = check(asked, Plan(tuple(placed), {}, 0, 0, "greedy")).violations
    if any(violation.rule not in ("H01", "H13") for violation in found):
        return
    if not free:
        yield placed
        return
    weeks = {one.date.isocalendar()[:2] for one in placed}
    for day, slot in spots:
        if asked.series[0].max_per_week is not None or day.isocalendar()[:2] not in weeks:
            yield from _tried(asked, [*placed, Placed(free[0].id, day, slot)], free[1:], spots)


# --- What a plan costs, reckoned anew -------------------------------------------------------------------------------------------------


def cost(asked: Problem, plan: Plan) -> int:
    """The format's objective of a plan of one series."""
    [series], slots, weights = asked.series, {slot.id: slot for slot in asked.groups[0].slots}, asked.weights
    count, mondays = len(plan.sessions), [one.date - timedelta(one.date.weekday()) for one in plan.sessions]
    wish = series.prefer_finish_by or date.max - timedelta(7)
    late = max(0, (max(mondays) - (wish - timedelta(wish.weekday()))).days // 7)
    places = [slots[one.slot].start if one.slot in slots else time.min for one in plan.sessions]
    held = sorted(range(count), key=lambda n: (plan.sessions[n].date, places[n], n))
    used = [one.slot for one in plan.sessions]
    total = weights["late_weeks"] * late + weights["idle_weeks"] * len(_teaching(asked, min(mondays), max(mondays)) - set(mondays))
    total += weights["off_slot"] * (count - max(used.count(slot) for slot in used))
    total += weights["order_shift"] * sum(abs(place - listed) for place, listed in enumerate(held))
    total += weights["slot_penalty"] * sum(slots[slot].penalty for slot in used if slot in slots)
    own = [one.date for one, session in zip(plan.sessions, series.sessions, strict=True) if session.agents is None]
    kari = asked.agents[0]
    if kari.target_per_day is not None:
        total += weights["overload_day"] * sum(max(0, own.count(day) - kari.target_per_day) for day in set(own))
    if kari.target_per_week is not None:
        weeks = [day.isocalendar()[:2] for day in own]
        total += weights["overload_week"] * sum(max(0, weeks.count(week) - kari.target_per_week) for week in set(weeks))
    return total


def price(asked: Problem, plan: Plan) -> int:
    """The objective, and three idle weeks for a free lesson on a soft day, and two for each teaching week before a beginning at once."""
    [series], [group], idle = asked.series, asked.groups, asked.weights["idle_weeks"]
    pinned = {session.id for session in series.sessions if session.pin}
    soft = [
        one for one in plan.sessions if one.session not in pinned and any(span.from_date <= one.date <= span.to_date for span in group.soft)
    ]
    first = min(one.date for one in plan.sessions)
    waited = _teaching(asked, MONDAY, first - timedelta(first.weekday() + 1)) if series.begin_at_once else set()
    return cost(asked, plan) + idle * (3 * len(soft) + 2 * len(waited))


def _teaching(asked: Problem, first: date, last: date) -> set[date]:
    """The Mondays of the teaching weeks from one day to another."""
    found = set()
    for n in range((last - first).days + 7):
        day = first + timedelta(n)
        closed = any(span.from_date <= day <= span.to_date for span in asked.schools[0].closed)
        if day.weekday() < 5 and not closed and day - timedelta(day.weekday()) <= last:
            found.add(day - timedelta(day.weekday()))
    return found
