"""The planner's file format "sosialplan/1" (JSON): problems and their plans read, with file and place in every refusal, and written.

Needed are ids, names, dates, times and what refers to something else; what has a natural "none" may be missing or null. A field that the
format does not have is refused, so that a slip of the pen does not lift a rule. Whether a plan keeps the rules is the checker's to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date, time
from typing import Any, Literal, cast

from curriculum.base import N_
from curriculum.planning.engine.problem import (
    TRAVEL_MINUTES,
    WEIGHTS,
    Agent,
    Busy,
    Closed,
    Cycle,
    Group,
    Helper,
    Needs,
    Offer,
    Pin,
    Placed,
    Plan,
    Presenter,
    Problem,
    Room,
    School,
    SeriesProblem,
    Session,
    Slot,
    Travel,
    WeeklyTime,
    WelfareDay,
)
from curriculum.planning.engine.reading import Fields, Names, Place, refuse_twice

FORMAT = "sosialplan/1"
LONGEST_DAYS = 3 * 366
"""As long a problem may be: nobody plans more years than that, and a year 2099 is a slip of the pen."""

FIELDS: Mapping[type, tuple[str, str]] = {
    Problem: (
        "format name from to schools agents groups series",
        "seed default_travel_minutes weights travel presenters helpers together plan",
    ),
    School: ("id name", "district closed rooms"),
    Room: ("id name", "features busy"),
    Closed: ("from to", "reason"),
    WeeklyTime: ("weekday start end", ""),
    Travel: ("between minutes", ""),
    Agent: ("id name", "schools welfare_weekday max_per_day max_per_week target_per_day target_per_week absences busy"),
    WelfareDay: ("weekday", "from to"),
    Busy: ("weekday start end", "from to"),
    Group: ("id name school slots", "level kind pupils blocked overlaps"),
    Slot: ("id weekday start end", "penalty from to cycle"),
    Cycle: ("anchor every weeks", ""),
    Presenter: ("id name skill", "schools offers max_per_day"),
    Offer: ("date start end", ""),
    Helper: ("id name school", "weekly absences"),
    SeriesProblem: (
        "id group title from to sessions",
        "agent agents prefer_finish_by max_per_week min_gap_days max_gap_weeks order precedence after",
    ),
    Session: ("id theme title", "minutes needs pin delivered"),
    Needs: ("", "room presenter helper"),
    Pin: ("date slot", "room presenter helper"),
    Plan: ("sessions", "terms objective bound status"),
    Placed: ("session date slot", "room presenter helper"),
}
"""The format's fields of each thing: those that must be there, and those that may be missing or null."""

_Status = Literal["optimal", "gap", "greedy", "stopped"]
_DAY, _LARGE = 24 * 60, 1_000_000_000


# --- Reading ------------------------------------------------------------------------------------------------------------------------


def read_problem(text: str, name: str) -> tuple[Problem, Plan | None]:
    """The problem a file states, and the plan in it if there is one; `name` is what refusals call the file.

    Raises Refused, with the place in the file, for what is not JSON, not this format, missing, unknown, of the wrong kind, twice there, or
    points to nothing.
    """
    top = Place.of_text(text, name)
    fields = top.fields(*FIELDS[Problem])
    if fields["format"].value != FORMAT:
        raise fields["format"].refused(N_("%(place)s: the format is not %(format)s."), format=FORMAT)
    names = Names()
    problem = _problem(fields, names)
    names.settle()
    _refuse_circles(fields, problem)
    return problem, fields.get("plan", _plan, None)


def _problem(fields: Fields, names: Names) -> Problem:
    first, last = fields.span()
    if (last - first).days > LONGEST_DAYS:
        raise fields["to"].refused(N_("%(place)s: a plan is for at most %(count)s days."), count=LONGEST_DAYS)
    together = fields.many("together", lambda place: [*place.items(2)])
    list(refuse_twice(place for joint in together for place in joint))
    return Problem(
        fields["name"].text(),
        first,
        last,
        fields.many("schools", lambda place: _school(place, names)),
        fields.many("agents", lambda place: _agent(place, names)),
        fields.many("groups", lambda place: _group(place, names)),
        fields.many("series", lambda place: _series(place, names)),
        {**WEIGHTS, **fields.get("weights", lambda place: _by_term(place, 1_000_000), {})},
        fields.many("presenters", lambda place: _presenter(place, names)),
        fields.many("helpers", lambda place: _helper(place, names)),
        _travels(fields, names),
        fields.get("default_travel_minutes", lambda place: place.number(0, _DAY), TRAVEL_MINUTES),
        tuple(tuple(names.use("session", place) for place in joint) for joint in together),
        fields.get("seed", lambda place: place.number(0, _LARGE), 1),
    )


def _travels(fields: Fields, names: Names) -> tuple[Travel, ...]:
    found: set[frozenset[str]] = set()

    def travel(place: Place) -> Travel:
        of = place.fields(*FIELDS[Travel])
        one, other = (names.use("school", school) for school in refuse_twice(of["between"].items(2, 2)))
        if frozenset((one, other)) in found:
            raise of["between"].refused(N_("%(place)s: the way between these schools is there twice."))
        found.add(frozenset((one, other)))
        return Travel((one, other), of["minutes"].number(0, _DAY))

    return fields.many("travel", travel)


def _closed(place: Place) -> Closed:
    fields = place.fields(*FIELDS[Closed])
    return Closed(*fields.span(), fields.get("reason", Place.text, ""))


def _weekday(place: Place) -> int:
    return place.number(0, 6)


def _weekly(place: Place) -> WeeklyTime:
    fields = place.fields(*FIELDS[WeeklyTime])
    return WeeklyTime(_weekday(fields["weekday"]), *fields.hours())


def _school(place: Place, names: Names) -> School:
    fields = place.fields(*FIELDS[School])
    id = names.new("school", fields["id"])

    def room(place: Place) -> Room:
        of = place.fields(*FIELDS[Room])
        room_id = names.new("room", of["id"], id)
        return Room(room_id, of["name"].text(), of.many("features", Place.text), of.many("busy", _weekly))

    closed, rooms = fields.many("closed", _closed), fields.many("rooms", room)
    return School(id, fields["name"].text(), closed, rooms, fields.get("district", Place.text, ""))


def _agent(place: Place, names: Names) -> Agent:
    fields = place.fields(*FIELDS[Agent])
    return Agent(
        names.new("agent", fields["id"]),
        fields["name"].text(),
        fields.get("welfare_weekday", _welfare, ()),
        fields.many("absences", _closed),
        fields.many("busy", _busy),
        _schools(fields, names),
        fields.get("max_per_day", Place.number, None),
        fields.get("max_per_week", Place.number, None),
        fields.get("target_per_day", Place.number, None),
        fields.get("target_per_week", Place.number, None),
    )


def _schools(fields: Fields, names: Names) -> tuple[str, ...] | None:
    """The schools somebody serves; None where the file does not say."""
    return fields.many("schools", lambda place: names.use("school", place)) if "schools" in fields else None


def _welfare(place: Place) -> tuple[WelfareDay, ...]:
    """A weekday, or a list of weekdays with dates."""
    if not isinstance(place.value, list):
        return (WelfareDay(_weekday(place)),)
    dated = [one.fields(*FIELDS[WelfareDay]) for one in place.items()]
    return tuple(WelfareDay(_weekday(fields["weekday"]), *fields.open_span()) for fields in dated)


def _busy(place: Place) -> Busy:
    fields = place.fields(*FIELDS[Busy])
    return Busy(_weekday(fields["weekday"]), *fields.hours(), *fields.open_span())


def _group(place: Place, names: Names) -> Group:
    fields = place.fields(*FIELDS[Group])
    id = names.new("group", fields["id"])
    return Group(
        id,
        fields["name"].text(),
        names.use("school", fields["school"]),
        fields.many("slots", lambda place: _slot(place, names, id)),
        fields.many("blocked", _closed),
        fields.get("level", lambda place: place.text() if isinstance(place.value, str) else str(place.number()), ""),
        fields.get("kind", lambda place: cast(Literal["class", "half", "small"], place.one_of(("class", "half", "small"))), "class"),
        fields.get("pupils", Place.number, None),
        fields.many("overlaps", lambda place: names.use("group", place)),
    )


def _slot(place: Place, names: Names, group: str) -> Slot:
    fields = place.fields(*FIELDS[Slot])
    id = names.new("slot", fields["id"], group)
    penalty = fields.get("penalty", lambda place: place.number(0, 1_000_000), 0)
    return Slot(id, _weekday(fields["weekday"]), *fields.hours(), penalty, *fields.open_span(), fields.get("cycle", _cycle, None))


def _cycle(place: Place) -> Cycle:
    fields = place.fields(*FIELDS[Cycle])
    every = fields["every"].number(1, 53)
    return Cycle(fields["anchor"].date(), every, tuple(week.number(0, every - 1) for week in fields["weeks"].items(1)))


def _presenter(place: Place, names: Names) -> Presenter:
    fields = place.fields(*FIELDS[Presenter])

    def offer(place: Place) -> Offer:
        of = place.fields(*FIELDS[Offer])
        return Offer(of["date"].date(), *of.hours())

    id, schools, offers = names.new("presenter", fields["id"]), _schools(fields, names), fields.many("offers", offer)
    return Presenter(id, fields["name"].text(), fields["skill"].text(), schools, offers, fields.get("max_per_day", Place.number, None))


def _helper(place: Place, names: Names) -> Helper:
    fields = place.fields(*FIELDS[Helper])
    id, school = names.new("helper", fields["id"]), names.use("school", fields["school"])
    return Helper(id, fields["name"].text(), school, fields.many("weekly", _weekly), fields.many("absences", _closed))


def _series(place: Place, names: Names) -> SeriesProblem:
    fields = place.fields(*FIELDS[SeriesProblem])
    id = names.new("series", fields["id"])

    def pair(place: Place) -> tuple[str, str]:
        one, other = (names.use("session of the series", session, id) for session in refuse_twice(place.items(2, 2)))
        return one, other

    return SeriesProblem(
        id,
        names.use("group", fields["group"]),
        _held_by(place, fields, names),
        fields["title"].text(),
        *fields.span(),
        fields.many("sessions", lambda place: _session(place, names, id)),
        fields.get("prefer_finish_by", Place.date, None),
        fields.get("order", lambda place: cast(Literal["flexible", "listed"], place.one_of(("flexible", "listed"))), "flexible"),
        fields.many("precedence", pair),
        fields.get("after", lambda place: names.use("series", place), None),
        fields.get("max_per_week", Place.number, None),
        fields.get("min_gap_days", Place.number, None),
        fields.get("max_gap_weeks", Place.number, None),
    )


def _held_by(place: Place, fields: Fields, names: Names) -> tuple[str, ...]:
    """The series' agents: one in `agent`, or up to three in `agents`."""
    if ("agent" in fields) == ("agents" in fields):
        raise place.refused(N_("%(place)s: one of the fields “agent” and “agents” must be there, and not both."))
    return fields.get("agent", lambda agent: (names.use("agent", agent),), ()) or tuple(
        names.use("agent", agent) for agent in refuse_twice(fields["agents"].items(1, 3))
    )


def _session(place: Place, names: Names, series: str) -> Session:
    fields = place.fields(*FIELDS[Session])
    id = names.new("session", fields["id"])
    names.new("session of the series", fields["id"], series)
    pin, delivered = fields.get("pin", _pin, None), fields.get("delivered", Place.truth, False)
    if delivered and pin is None:
        raise fields["delivered"].refused(N_("%(place)s: “%(id)s” is delivered, but no pin says when."), id=id)
    minutes, needs = fields.get("minutes", lambda place: place.number(0, _DAY), 0), fields.get("needs", _needs, Needs())
    return Session(id, fields["theme"].text(), fields["title"].text(), minutes, pin, delivered, needs=needs)


def _needs(place: Place) -> Needs:
    fields = place.fields(*FIELDS[Needs])
    return Needs(fields.get("room", Place.text, ""), fields.get("presenter", Place.text, ""), fields.get("helper", Place.truth, False))


_WITH = ("room", "presenter", "helper")


def _pin(place: Place) -> Pin:
    fields = place.fields(*FIELDS[Pin])
    return Pin(fields["date"].date(), fields["slot"].text(), *(fields.get(name, Place.text, None) for name in _WITH))


def _plan(place: Place) -> Plan:
    fields = place.fields(*FIELDS[Plan])

    def placed(place: Place) -> Placed:
        of = place.fields(*FIELDS[Placed])
        given = (of.get(name, Place.text, None) for name in _WITH)
        return Placed(of["session"].text(), of["date"].date(), of["slot"].text(), *given)

    return Plan(
        fields.many("sessions", placed),
        fields.get("terms", lambda place: _by_term(place, _LARGE), {}),
        fields.get("objective", lambda place: place.number(0, _LARGE), 0),
        fields.get("bound", lambda place: place.number(0, _LARGE), 0),
        fields.get("status", lambda place: cast(_Status, place.one_of(("optimal", "gap", "greedy", "stopped"))), "greedy"),
    )


def _by_term(place: Place, most: int) -> dict[str, int]:
    fields = place.fields("", " ".join(WEIGHTS))
    return {name: fields[name].number(0, most) for name in fields.places}


def _refuse_circles(fields: Fields, problem: Problem) -> None:
    """Raise Refused at a series that follows itself, at once or by way of others."""
    after = {series.id: series.after for series in problem.series}
    for place, series in zip(fields["series"].items(), problem.series, strict=True):
        before, seen = series.after, set[str]()
        while before is not None and before not in seen:
            seen.add(before)
            before = after[before]
        if series.id in seen:
            raise place.refused(N_("%(place)s: the series “%(id)s” follows itself."), id=series.id)


# --- Writing ------------------------------------------------------------------------------------------------------------------------


def write_plan(problem: Problem, plan: Plan | None = None) -> str:
    """A problem and its plan as a file: the same values give the same bytes.

    What the format has no field for is not written (why an agent is busy, for one); that a session is first or last is written as pairs.
    """
    return _json(_plain(problem) | ({"plan": _plain(plan)} if plan else {}))


def put_plan(text: str, plan: Plan) -> str:
    """The same file, which `read_problem` has read, with this plan in it."""
    return _json(json.loads(text.removeprefix("\ufeff")) | {"plan": _plain(plan)})


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    """A value of the problem as JSON has it: the format's fields, but for what may be missing and is None."""
    if is_dataclass(value):
        held = {_RENAMED.get(name, name): one for name, one in vars(value).items()} | _INSTEAD.get(type(value), lambda _: {})(value)
        needed, optional = FIELDS[type(value)]
        known = [name for name in f"{needed} {optional}".split() if held.get(name) is not None or name not in _MAY_LACK]
        return {name: _plain(held[name]) for name in known}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return f"{value:%H:%M}" if isinstance(value, time) else value.isoformat() if isinstance(value, date) else value


_RENAMED = {"from_date": "from", "to_date": "to"}
_MAY_LACK = ("from", "to", "cycle", "schools", "agent", "agents", "plan")


def _agent_words(agent: Agent) -> dict[str, object]:
    """A single weekday without dates is written as its number."""
    days = agent.welfare_weekday
    if not days:
        return {"welfare_weekday": None}
    return {"welfare_weekday": days[0].weekday if days == (WelfareDay(days[0].weekday),) else days}


def _series_words(series: SeriesProblem) -> dict[str, object]:
    """One agent is written as such; that a session is first or last as pairs with all others."""
    marks = [(one, other) for one in series.sessions if one.order for other in series.sessions if other.order != one.order]
    pairs = [(one.id, other.id) if one.order == "first" else (other.id, one.id) for one, other in marks]
    one = len(series.agents) == 1
    return {
        "agent": series.agents[0] if one else None,
        "agents": None if one else series.agents,
        "precedence": tuple(dict.fromkeys((*series.precedence, *pairs))),
    }


def _level(group: Group) -> dict[str, object]:
    return {"level": int(group.level) if re.fullmatch("0|[1-9][0-9]{0,3}", group.level) else group.level}


_INSTEAD: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    Problem: lambda _: {"format": FORMAT},
    Agent: _agent_words,
    Group: _level,
    SeriesProblem: _series_words,
}
