"""Reading a theme: its facts in TOML, then its sections."""

from __future__ import annotations

from curriculum.base import N_
from curriculum.ideabank.documents import (
    AIM_ROLES,
    AUDIENCES,
    DISTRICT_KEYS,
    DIVE,
    GROUPS,
    MOST_CORE_MINUTES,
    MOST_FULL_MINUTES,
    PARENTS,
    ROOMS,
    AimPart,
    ThemeDocument,
)
from curriculum.ideabank.fields import Table, Where, read_toml, toml_lines
from curriculum.ideabank.lacking import check_theme
from curriculum.ideabank.problems import Problems
from curriculum.ideabank.reading_sections import Body, Span
from curriculum.ideabank.reading_toml import check_format, read_origin, refuse_doubled

FENCE = "+++"
LONGEST_NOTE = 500
"""Characters of the note on why a theme serves an aim."""


def read_theme(text: str, problems: Problems, lines: dict[Where, int], spans: dict[str, Span]) -> ThemeDocument | None:
    """The theme a text says; None, with problems noted, when its facts cannot be read."""
    written = text.split("\n")
    start = next((index for index, line in enumerate(written) if line), 0)
    end = next((index for index in range(start + 1, len(written)) if written[index] == FENCE), None)
    if written[start] != FENCE or end is None:
        problem = N_("The facts of the theme never end.") if written[start] == FENCE else N_("The facts of the theme are missing.")
        problems.add(start + 1, problem, N_("Write a line +++, then the facts such as title = “…”, then a line +++ again."), at="front")
        return None
    spans["front"] = (start + 1, end)
    front = "\n".join(written[start + 1 : end])
    values = read_toml(front, problems, start + 2)
    lines.update(toml_lines(front, start + 2))
    body = Body(written, end + 1, problems, spans)
    body.read()
    if values is None:
        return None
    theme = _theme(Table(values, problems, lines, first=start + 1), body)
    check_theme(theme, problems, lines, body)
    return theme


def _theme(table: Table, body: Body) -> ThemeDocument:
    check_format(table)
    core = table.number("core_minutes", 1, MOST_CORE_MINUTES)
    theme = ThemeDocument(
        key=table.key("id"),
        title=table.line_of_text("title"),
        series=table.key("series", ""),
        audience=table.choice("audience", AUDIENCES),
        core_minutes=core,
        full_minutes=table.number("full_minutes", core, MOST_FULL_MINUTES),
        grades=table.numbers("grades", 1, 10, is_required=True),
        groups=table.choices("groups", GROUPS),
        presenter=table.line_of_text("presenter", "", most=60),
        room=table.choices("room", ROOMS),
        terms=table.keys("terms", is_required=True),
        sensitive=table.choices("sensitive", PARENTS),
        district_texts=table.choices("district_texts", DISTRICT_KEYS),
        origin=read_origin(table),
        sources=table.texts("sources", public=False),
        licence=table.line_of_text("licence", "CC BY 4.0"),
        aims=tuple(_aim(entry) for entry in table.tables("aims")),
        dive=_dive(table.table("dive")),
        headings=body.headings,
        sections=body.sections,
        steps=tuple(body.steps),
        parents=body.parents,
    )
    refuse_doubled(table, "aims", "code", [aim.code for aim in theme.aims])
    table.finish()
    return theme


def _aim(table: Table) -> AimPart:
    is_section = "section" in table.values and "code" not in table.values
    code = table.line_of_text("section" if is_section else "code", most=20)
    if {"section", "code"} <= table.values.keys():
        table.text("section")
        table.add("section", N_("An aim has either a code or a section."), N_("Delete one of them."))
    aim = AimPart(code, is_section, table.choice("role", AIM_ROLES), table.line_of_text("note", most=LONGEST_NOTE))
    table.finish()
    return aim


def _dive(table: Table) -> dict[str, str]:
    dive = {step: table.text(step, "") for step in DIVE}
    table.finish()
    return {step: words for step, words in dive.items() if words}
