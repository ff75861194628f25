"""Taking Udir's own words out of Grep responses into the aims we know: all of the files or none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.goals.finding import aims_by_code
from curriculum.goals.grep import DEFAULT, Found, ReadAim, ReadCrossTheme, ReadPlan, read_grep
from curriculum.goals.models import Aim, CrossTheme, Framework, Official

NORWEGIAN = "no"
"""The language of a Norwegian text whose målform Grep does not tell."""


@dataclass(frozen=True)
class Imported:
    """What came in: how many plans and cross-curricular themes, and the codes of aims.

    `unknown` are the aims and plans that are not in our list; `reduced` the places of explanations out of which HTML was taken.
    """

    plans: int
    cross_themes: int
    aims: tuple[str, ...]
    unknown: tuple[ReadAim | ReadPlan, ...]
    reduced: tuple[str, ...]


class GrepFaults(Refused):
    """Everything that is wrong with the files, one sentence each."""

    def __init__(self, faults: Iterable[Refused]) -> None:
        self.faults = tuple(faults)
        super().__init__(N_("%(count)s faults; nothing was taken in."), count=len(self.faults))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def import_grep(db: Session, paths: Iterable[Path]) -> Imported:
    """Keep the official text, TT1 tag and validity that these responses hold, for the aims and plans we know; others are named.

    Raises GrepFaults for all that is wrong with any of the files; then nothing was changed.
    """
    found = _read(paths)
    aims = aims_by_code(db, [one.code for one in found if isinstance(one, ReadAim)])
    plans = {plan.code: plan for plan in db.scalars(select(Framework))}
    _refuse_strangers(found, aims)
    _keep_plans(found, plans)
    _keep_cross_themes(db, found)
    for one in found:
        if isinstance(one, ReadAim) and one.code in aims:
            _keep_aim(aims[one.code], one, plans)
    db.flush()
    return _imported(found, aims, plans)


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


def _refuse_strangers(found: Iterable[Found], aims: Mapping[str, Aim]) -> None:
    faults = [fault for one in found if isinstance(one, ReadAim) and one.code in aims for fault in _mismatches(one, aims[one.code])]
    if faults:
        raise GrepFaults(faults)


def _mismatches(one: ReadAim, aim: Aim) -> Iterator[Refused]:
    if one.plan and one.plan != aim.framework_code:
        problem = N_("%(place)s: Grep says that %(code)s belongs to the plan %(theirs)s, our list says %(ours)s.")
        yield Refused(problem, place=one.place, code=one.code, theirs=one.plan, ours=aim.framework_code)
    if one.goal_set and aim.goal_set and one.goal_set != aim.goal_set:
        problem = N_("%(place)s: Grep says that %(code)s belongs to the set of aims %(theirs)s, our list says %(ours)s.")
        yield Refused(problem, place=one.place, code=one.code, theirs=one.goal_set, ours=aim.goal_set)
    if not one.texts:
        yield Refused(N_("%(place)s: %(code)s has no title in a language we know."), place=one.place, code=one.code)


def _keep_plans(found: Iterable[Found], plans: Mapping[str, Framework]) -> None:
    for one in found:
        if isinstance(one, ReadPlan) and one.code in plans:
            plan = plans[one.code]
            plan.language = one.language or plan.language
            plan.valid_from = one.valid_from or plan.valid_from
            plan.valid_to = one.valid_to or plan.valid_to


def _keep_cross_themes(db: Session, found: Iterable[Found]) -> None:
    for one in found:
        if isinstance(one, ReadCrossTheme):
            db.merge(CrossTheme(code=one.code, official=_resolved(one.texts, None)))


def _keep_aim(aim: Aim, one: ReadAim, plans: Mapping[str, Framework]) -> None:
    language = plans[aim.framework_code].language
    aim.official = _merged(aim.official, _resolved(one.texts, language))
    if one.explanation:
        aim.explanation = _merged(aim.explanation, _resolved(one.explanation, language))
    aim.after_year = one.after_year or aim.after_year
    aim.tt1 = aim.tt1 if one.tt1 is None else one.tt1
    aim.is_withdrawn = one.is_withdrawn
    aim.uri = aim.uri or one.uri


def _resolved(texts: Mapping[str, str], language: str | None) -> Official:
    """Texts by language, the default one under its plan's målform; dropped where it says what another already says."""
    named = {tag: words for tag, words in texts.items() if tag != DEFAULT}
    words = texts.get(DEFAULT)
    if words is None or words in named.values():
        return named
    return {language or NORWEGIAN: words} | named


def _merged(before: Official | None, new: Official) -> Official:
    """What was known, renewed. A Norwegian text of unknown målform stands only while there is no other."""
    merged = {**(before or {}), **new}
    if merged.keys() & {"nb", "nn"}:
        merged.pop(NORWEGIAN, None)
    return merged


def _imported(found: Iterable[Found], aims: Mapping[str, Aim], plans: Collection[str]) -> Imported:
    taken: dict[type[Found], dict[str, Found]] = {ReadAim: {}, ReadPlan: {}, ReadCrossTheme: {}}
    unknown: list[ReadAim | ReadPlan] = []
    reduced: list[str] = []
    for one in found:
        if isinstance(one, ReadCrossTheme) or one.code in (aims if isinstance(one, ReadAim) else plans):
            taken[type(one)][one.code] = one
            reduced += one.reduced if isinstance(one, ReadAim) else ()
        else:
            unknown.append(one)
    return Imported(len(taken[ReadPlan]), len(taken[ReadCrossTheme]), tuple(taken[ReadAim]), tuple(unknown), tuple(reduced))
