"""The hard rules in words, for refusals and explanations."""

from __future__ import annotations

from curriculum.base import N_
from curriculum.planning.problem import Problem, Words

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
    "H04": N_("the school is closed"),
    "H05": N_("the class is away"),
    "H06": N_("%(who)s is elsewhere on that weekday"),
    "H07": N_("%(who)s is not available"),
    "H14": N_("the template puts “%(title)s” first"),
    "H19": N_("the class has another lesson at that time"),
    "H20": N_("the date is locked"),
    "H22": N_("the time is too short for the theme"),
}
_LAST = N_("the template puts “%(title)s” last")
_RULES_WITH_REASON = {
    "H04": N_("the school is closed (%(why)s)"),
    "H05": N_("the class is away (%(why)s)"),
    "H07": N_("%(who)s is not available (%(why)s)"),
}


def because(problem: Problem, kind: str, owner: str, why: str = "") -> Words:
    """A broken rule as half a sentence, to stand after a colon or in brackets."""
    msgid = _RULES_WITH_REASON.get(kind, _RULES[kind]) if why else _RULES[kind]
    names = {agent.id: agent.name for agent in problem.agents}
    values: dict[str, object] = {"why": why, "who": names.get(owner, owner)}
    for series in problem.series:
        if series.id == owner:
            values |= {"from": max(problem.from_date, series.from_date), "to": min(problem.to_date, series.to_date)}
        for session in series.sessions:
            if kind == "H14" and session.id == owner:
                msgid, values["title"] = _LAST if session.order == "last" else msgid, session.title
    return Words(msgid, {name: value for name, value in values.items() if f"%({name})s" in msgid})
