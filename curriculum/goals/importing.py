"""Taking Udir's own words out of Grep responses into the aims we know: all of the files or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.goals.finding import aims_by_code
from curriculum.goals.grep import DEFAULT, Found, ReadAim, ReadCrossTheme, ReadPlan, read_grep
from curriculum.goals.models import Aim, CrossTheme, Framework, Official

NORWEGIAN = "no"
"""The language of a Norwegian text whose målform Grep does not tell."""

CROSS_THEMES = ("TT1", "TT2", "TT3")
"""LK20's cross-curricular themes (overordnet del, 2.5): folkehelse og livsmestring, demokrati og medborgerskap, bærekraftig utvikling."""


@dataclass(frozen=True)
class Imported:
    """The codes of what changed: plans, cross-curricular themes and aims; `unchanged` are those of which the files say nothing new.

    `told` are all aims of our list in the files; `unknown` is what is not in our list; `without_status` are retired aims that stay so
    because their response tells no status; `reduced` the places of explanations out of which HTML was taken.
    """

    plans: tuple[str, ...]
    cross_themes: tuple[str, ...]
    aims: tuple[str, ...]
    unchanged: tuple[str, ...]
    told: tuple[str, ...]
    unknown: tuple[Found, ...]
    without_status: tuple[ReadAim, ...]
    reduced: tuple[str, ...]


class GrepFaults(Refused):
    """Everything that is wrong with the files, one sentence each."""

    def __init__(self, faults: Iterable[Refused]) -> None:
        self.faults = tuple(faults)
        super().__init__(N_("%(count)s faults; nothing was taken in."), count=len(self.faults))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def import_grep(db: Session, paths: Iterable[Path]) -> Imported:
    """Keep the official text, TT1 tag and validity that these responses hold, for what is in our list; the rest is named.

    A response stands instead of what was known, whole: no text is put together from two. A bare title that is one of the known texts
    changes none. Raises GrepFaults for all that is wrong with any of the files; then nothing was changed.
    """
    found = _read(paths)
    rows = _Rows.of(db, found)
    _refuse_strangers(found, rows)
    before = rows.values()
    without_status = tuple(one for one in found if isinstance(one, ReadAim) and one.is_withdrawn is None and _is_withdrawn(one, rows.aims))
    for one in sorted(found, key=lambda one: not isinstance(one, ReadPlan)):  # plans first: they tell the language of the default text
        rows.keep(one)
    db.add_all(theme for theme in rows.cross_themes.values() if theme.official)
    db.flush()
    return _imported(found, rows, before, without_status)


def _is_withdrawn(one: ReadAim, aims: Mapping[str, Aim]) -> bool:
    return one.code in aims and aims[one.code].is_withdrawn


def _read(paths: Iterable[Path]) -> list[Found]:
    found: list[Found] = []
    faults: list[Refused] = []
    for path in paths:
        try:
            found += read_grep(path)
        except Refused as refused:
            faults.append(refused)
    if faults:
        raise GrepFaults(faults)
    return found


def _refuse_strangers(found: Iterable[Found], rows: _Rows) -> None:
    known = [one for one in found if not isinstance(one, ReadPlan) and one.code in rows.of_kind(one)]
    faults = [fault for one in known if isinstance(one, ReadAim) for fault in _mismatches(one, rows.aims[one.code])]
    faults += [_nameless(one) for one in known if not one.texts]
    if faults:
        raise GrepFaults(faults)


def _nameless(one: ReadAim | ReadCrossTheme) -> Refused:
    return Refused(N_("%(place)s: %(code)s has no title in a language we know."), place=one.place, code=one.code)


def _mismatches(one: ReadAim, aim: Aim) -> Iterator[Refused]:
    if one.plan and one.plan != aim.framework_code:
        problem = N_("%(place)s: Grep says that %(code)s belongs to the plan %(theirs)s, our list says %(ours)s.")
        yield Refused(problem, place=one.place, code=one.code, theirs=one.plan, ours=aim.framework_code)
    if one.goal_set and aim.goal_set and one.goal_set != aim.goal_set:
        problem = N_("%(place)s: Grep says that %(code)s belongs to the set of aims %(theirs)s, our list says %(ours)s.")
        yield Refused(problem, place=one.place, code=one.code, theirs=one.goal_set, ours=aim.goal_set)


@dataclass(frozen=True)
class _Rows:
    """What is in our list of all that the files tell of, by code."""

    plans: Mapping[str, Framework]
    aims: Mapping[str, Aim]
    cross_themes: Mapping[str, CrossTheme]

    @classmethod
    def of(cls, db: Session, found: Iterable[Found]) -> _Rows:
        aims = aims_by_code(db, [one.code for one in found if isinstance(one, ReadAim)])
        plans = {plan.code: plan for plan in db.scalars(select(Framework))}
        themes = {code: db.get(CrossTheme, code) or CrossTheme(code=code, official={}) for code in CROSS_THEMES}
        return cls(plans, aims, themes)

    def of_kind(self, one: Found) -> Mapping[str, Framework] | Mapping[str, Aim] | Mapping[str, CrossTheme]:
        match one:
            case ReadPlan():
                return self.plans
            case ReadAim():
                return self.aims
            case _:
                return self.cross_themes

    def values(self) -> dict[str, tuple[Any, ...]]:
        """What stands of each, to be compared."""
        plans = {code: (plan.language, plan.valid_from, plan.valid_to) for code, plan in self.plans.items()}
        aims = {code: _aim_values(aim) for code, aim in self.aims.items()}
        return {**plans, **aims, **{code: (theme.official,) for code, theme in self.cross_themes.items()}}

    def keep(self, one: Found) -> None:
        if one.code not in self.of_kind(one):
            return
        match one:
            case ReadPlan():
                _keep_plan(self.plans[one.code], one)
            case ReadAim():
                _keep_aim(self.aims[one.code], one, self.plans)
            case _:
                theme = self.cross_themes[one.code]
                theme.official = _renewed(theme.official, one, None)


def _aim_values(aim: Aim) -> tuple[Any, ...]:
    return aim.official, aim.explanation, aim.after_year, aim.tt1, aim.is_withdrawn, aim.uri


def _keep_plan(plan: Framework, one: ReadPlan) -> None:
    plan.language = one.language or plan.language
    plan.valid_from = one.valid_from or plan.valid_from
    plan.valid_to = one.valid_to or plan.valid_to


def _keep_aim(aim: Aim, one: ReadAim, plans: Mapping[str, Framework]) -> None:
    language = plans[aim.framework_code].language
    aim.official = _renewed(aim.official, one, language)
    if one.explanation is not None:
        aim.explanation = _resolved(one.explanation, language) or None
    aim.after_year = one.after_year or aim.after_year
    aim.tt1 = aim.tt1 if one.tt1 is None else one.tt1
    aim.is_withdrawn = aim.is_withdrawn if one.is_withdrawn is None else one.is_withdrawn
    aim.uri = aim.uri or one.uri


def _renewed(before: Official | None, one: ReadAim | ReadCrossTheme, language: str | None) -> Official:
    """What the response says instead of what was known; a bare title that is one of the known texts changes nothing."""
    said = _resolved(one.texts, language)
    return before if before and one.is_bare and set(said.values()) <= set(before.values()) else said


def _resolved(texts: Mapping[str, str], language: str | None) -> Official:
    """Texts by language, the default one under its plan's målform; dropped where it says what another already says."""
    named = {tag: words for tag, words in texts.items() if tag != DEFAULT}
    words = texts.get(DEFAULT)
    if words is None or words in named.values():
        return named
    return {language or NORWEGIAN: words} | named


def _imported(found: Iterable[Found], rows: _Rows, before: Mapping[str, tuple[Any, ...]], without_status: tuple[ReadAim, ...]) -> Imported:
    told: dict[str, Found] = {}
    unknown: list[Found] = []
    for one in found:
        if one.code in rows.of_kind(one):
            told[one.code] = one
        else:
            unknown.append(one)
    after = rows.values()
    changed = {code: one for code, one in told.items() if after[code] != before[code]}

    def codes(kind: type[Found]) -> tuple[str, ...]:
        return tuple(code for code, one in changed.items() if isinstance(one, kind))

    return Imported(
        codes(ReadPlan),
        codes(ReadCrossTheme),
        codes(ReadAim),
        tuple(code for code in told if code not in changed),
        tuple(code for code, one in told.items() if isinstance(one, ReadAim)),
        tuple(unknown),
        without_status,
        tuple(place for one in found if isinstance(one, ReadAim) and one.code in rows.aims for place in one.reduced),
    )
