"""The hard rules in words, for refusals and explanations."""

from __future__ import annotations

from curriculum.base import N_, Msgid
from curriculum.planning.engine.problem import Agent, Helper, Presenter, Problem, Session, Words

WEEKDAYS = (
    Words(N_("Mondays")),
    Words(N_("Tuesdays")),
    Words(N_("Wednesdays")),
    Words(N_("Thursdays")),
    Words(N_("Fridays")),
    Words(N_("Saturdays")),
    Words(N_("Sundays")),
)

_RULES = {
    "H01": N_("each lesson is held once"),
    "H02": N_("the series runs from %(from)s to %(to)s"),
    "H03": N_("the class has no such lesson time"),
    "H04": N_("there is no school on a Saturday or a Sunday"),
    "H05": N_("the class is away"),
    "H06": N_("%(who)s is elsewhere on that weekday"),
    "H07": N_("%(who)s is not available"),
    "H08": N_("%(who)s has another lesson then, or too little time to get there"),
    "H09": N_("%(who)s would have too many lessons that day"),
    "H10": N_("%(who)s would have too many lessons that week"),
    "H11": N_("the series would have too many lessons that week"),
    "H12": N_("there are too few days between two lessons"),
    "H13": N_("there are too many school weeks between two lessons"),
    "H14": N_("the template puts “%(title)s” first"),
    "H15": N_("the room %(who)s cannot be used then"),
    "H16": N_("there is another lesson in the room %(who)s then"),
    "H17": N_("%(who)s cannot come then"),
    "H18": N_("%(who)s cannot be the second adult then"),
    "H19": N_("the class is taken at that time"),
    "H20": N_("the date is locked"),
    "H21": N_("the series begins when “%(title)s” has ended, in a later week"),
    "H22": N_("the time is too short for the theme"),
    "H23": N_("it is held together with “%(title)s”"),
}
_CLOSED = N_("the school is closed")
_LAST = N_("the template puts “%(title)s” last")
_BEFORE = N_("“%(title)s” comes before it")
_LISTED = N_("the lessons keep the order in which they are listed")
_NO_HELPER = N_("it needs a second adult")
_RULES_WITH_REASON = {
    "H04": N_("the school is closed (%(why)s)"),
    "H05": N_("the class is away (%(why)s)"),
    "H07": N_("%(who)s is not available (%(why)s)"),
    "H08": N_("%(who)s does not work at the school (%(why)s)"),
    "H15": N_("it needs a room with this: %(why)s"),
    "H19": N_("the class has another lesson at that time (%(why)s)"),
    "H17": N_("it needs somebody from outside with this: %(why)s"),
}


def because(problem: Problem, kind: str, owner: str, why: str = "") -> Words:
    """A broken rule as half a sentence, to stand after a colon or in brackets."""
    values: dict[str, object] = {"why": why, "who": _names(problem).get(owner, owner)}
    series = next((one for one in problem.series if one.id == owner), None)
    if series is not None:
        values |= {"from": max(problem.from_date, series.from_date), "to": min(problem.to_date, series.to_date)}
        values["title"] = next((one.title for one in problem.series if one.id == series.after), "")
    session = next((one for series in problem.series for one in series.sessions if one.id == owner), None)
    if session is not None:
        values["title"] = session.title
    msgid = _RULES_WITH_REASON.get(kind, _RULES[kind]) if why else _RULES[kind]
    if kind == "H14":
        msgid = _order(session)
    elif kind == "H04" and not why and any(not closed.reason for school in problem.schools for closed in school.closed):
        msgid = _CLOSED
    elif kind == "H18" and all(helper.id != owner for helper in problem.helpers):
        msgid = _NO_HELPER
    return Words(msgid, {name: value for name, value in values.items() if f"%({name})s" in msgid})


def _order(mark: Session | None) -> Msgid:
    """What H14 asks for: the listed order, or what the session does that is the rule's owner."""
    if mark is None:
        return _LISTED
    return {"first": _RULES["H14"], "last": _LAST}.get(mark.order, _BEFORE)


def _names(problem: Problem) -> dict[str, str]:
    rooms = (room for school in problem.schools for room in school.rooms)
    others: tuple[Helper | Presenter | Agent, ...] = (*problem.helpers, *problem.presenters, *problem.agents)
    return {room.id: room.name for room in rooms} | {one.id: one.name for one in others}
