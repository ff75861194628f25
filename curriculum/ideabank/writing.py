"""Writing a document: one canonical text for what it says, so that equal documents are equal files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tomli_w

from curriculum.ideabank.blocks import write_blocks
from curriculum.ideabank.documents import (
    DIVE,
    FORMAT,
    PARENTS,
    SECTIONS,
    AnyDocument,
    DistrictTexts,
    OutlineDocument,
    StepPart,
    ThemeDocument,
    VocabularyDocument,
)


def write(document: AnyDocument, *, blanks: bool = False) -> str:
    """The canonical text: parsing it gives the document back. `blanks` also writes a theme's empty sections, for drafts."""
    if isinstance(document, ThemeDocument):
        return f"+++\n{write_toml(front_values(document))}+++\n{_body(document, blanks)}"
    head = {"format": FORMAT, "kind": document.kind, "id": document.key, "title": document.title}
    if isinstance(document, OutlineDocument):
        return write_toml(head | {"description": document.description, "origin": document.origin, "places": _places(document)})
    entries = {"terms": _terms(document)} if isinstance(document, VocabularyDocument) else {"texts": _texts(document)}
    return write_toml(head | {"origin": document.origin} | entries)


def _places(outline: OutlineDocument) -> list[dict[str, Any]]:
    return [
        {"theme": place.theme, "fixed": place.fixed} | {name: True for name in ("first", "last") if getattr(place, name)}
        for place in outline.places
    ]


def _terms(vocabulary: VocabularyDocument) -> list[dict[str, Any]]:
    return [
        {
            "id": term.key,
            "word": term.word,
            "forms": list(term.forms),
            "meaning": term.meaning,
            "say": term.say,
            "sensitive": term.is_sensitive,
        }
        for term in vocabulary.terms
    ]


def _texts(texts: DistrictTexts) -> list[dict[str, Any]]:
    return [{"key": part.key, "title": part.title, "body": write_blocks(part.blocks) + "\n"} for part in texts.texts]


def front_values(theme: ThemeDocument) -> dict[str, Any]:
    """A theme's facts as they stand between the lines +++: what a form shows and `write_toml` writes."""
    return {
        "format": FORMAT,
        "id": theme.key,
        "title": theme.title,
        "series": theme.series,
        "audience": theme.audience,
        "core_minutes": theme.core_minutes,
        "full_minutes": theme.full_minutes,
        "grades": list(theme.grades),
        "groups": list(theme.groups),
        "presenter": theme.presenter,
        "room": list(theme.room),
        "terms": list(theme.terms),
        "sensitive": list(theme.sensitive),
        "district_texts": list(theme.district_texts),
        "origin": theme.origin,
        "sources": list(theme.sources),
        "licence": theme.licence,
        "aims": [{"section" if aim.is_section else "code": aim.code, "role": aim.role, "note": aim.note} for aim in theme.aims],
        "dive": {step: theme.dive.get(step, "") for step in DIVE} if theme.dive else {},
    }


def write_toml(values: Mapping[str, Any]) -> str:
    """Values as TOML, lists on one line and tables below."""
    plain = "".join(_field(name, value) for name, value in values.items() if not _is_nested(value))
    nested = (table for name, value in values.items() if _is_nested(value) for table in _tables(name, value))
    return plain + "".join(nested)


def _is_nested(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(entry, dict) for entry in value))


def _tables(name: str, value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        return [f"\n[{name}]\n" + "".join(_field(*entry) for entry in value.items())] if value else []
    return [f"\n[[{name}]]\n" + "".join(_field(*pair) for pair in entry.items()) for entry in value]


def _field(name: str, value: object) -> str:
    return f"{name} = {_value(value)}\n"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    return tomli_w.dumps({"v": value}, multiline_strings=True).removeprefix("v = ").removesuffix("\n")


def _body(theme: ThemeDocument, blanks: bool) -> str:
    return "".join(_section(theme, key, blanks) for key in SECTIONS)


def _section(theme: ThemeDocument, key: str, blanks: bool) -> str:
    heading = f"\n## {theme.headings[key]} {{#{key}}}\n"
    if key == "steps":
        words = "".join(f"\n{write_step(step)}\n" for step in theme.steps)
    elif key == "parents":
        words = "".join(_parents(theme, part, blanks) for part in PARENTS)
    else:
        words = f"\n{theme.sections[key]}\n" if theme.sections[key] else ""
    return heading + words if words or blanks else ""


def _parents(theme: ThemeDocument, key: str, blanks: bool) -> str:
    blocks = theme.parents[key]
    if not blocks and not blanks:
        return ""
    heading = " ".join(part for part in ("###", theme.headings[f"parents.{key}"], f"{{#{key}}}") if part)
    return f"\n{heading}\n" + (f"\n{write_blocks(blocks)}\n" if blocks else "")


def write_step(step: StepPart, *, with_name: bool = True) -> str:
    """One step with its heading; without its name as an editor shows it."""
    marks = [f"#{step.uid}"] if with_name and step.uid else []
    marks += [f"minutes={step.minutes}", f"kind={step.kind}"] + (["core"] if step.is_core else [])
    parts = [f"### {step.title} {{{' '.join(marks)}}}", step.body]
    parts += [f"#### {step.say_heading} {{.say}}\n\n{step.say}"] if step.say else []
    parts += [f"#### {step.small_heading} {{.small}}\n\n{step.small}"] if step.small else []
    return "\n\n".join(part for part in parts if part)
