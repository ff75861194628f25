"""Reading documents wholly in TOML: the vocabulary, outlines, the district's texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from curriculum.base import N_
from curriculum.ideabank.blocks import check_uids, name_blocks, read_blocks
from curriculum.ideabank.documents import (
    DISTRICT_KEYS,
    FORMAT,
    ORIGINS,
    AnyDocument,
    DistrictTexts,
    OutlineDocument,
    PlacePart,
    TermPart,
    TextPart,
    VocabularyDocument,
)
from curriculum.ideabank.fields import Table, Where, read_toml, toml_lines
from curriculum.ideabank.models import DISTRICT_TEXTS, OUTLINE, VOCABULARY
from curriculum.ideabank.problems import Problems


def read_toml_document(text: str, problems: Problems, lines: dict[Where, int]) -> AnyDocument | None:
    """The document a TOML text says, by its kind; None, with problems noted, when that cannot be told."""
    values = read_toml(text, problems)
    if values is None:
        return None
    lines.update(toml_lines(text))
    table = Table(values, problems, lines)
    readers: dict[str, Callable[[Table], AnyDocument]] = {
        VOCABULARY: _vocabulary,
        OUTLINE: _outline,
        DISTRICT_TEXTS: _district_texts,
    }
    kind = table.choice("kind", list(readers))
    if kind not in readers:
        return None
    check_format(table)
    document = readers[kind](table)
    table.finish()
    return document


def check_format(table: Table) -> None:
    """Note a format that a later program wrote."""
    if table.number("format", 1, 1_000_000) != FORMAT:
        table.add("format", N_("This program does not know format %(written)s."), N_("Write format = 1."), written=table.values["format"])


def _vocabulary(table: Table) -> VocabularyDocument:
    terms = tuple(_term(entry) for entry in table.tables("terms"))
    refuse_doubled(table, "terms", "id", [term.key for term in terms])
    return VocabularyDocument(table.key("id"), table.line_of_text("title"), read_origin(table), terms)


def read_origin(table: Table) -> str:
    """Who wrote it; a human where nothing is said."""
    return table.choice("origin", ORIGINS, "human")


def _term(table: Table) -> TermPart:
    term = TermPart(
        table.key("id"),
        table.line_of_text("word", most=80),
        table.texts("forms"),
        table.line_of_text("meaning", most=1_000),
        table.line_of_text("say", most=1_000),
        table.flag("sensitive"),
    )
    table.finish()
    return term


def refuse_doubled(table: Table, name: str, field_name: str, keys: Sequence[str]) -> None:
    """Note each key of the tables `name` that an earlier one has."""
    for index, key in enumerate(keys):
        if key and key in keys[:index]:
            line = table.lines.get((*table.where, name, index, field_name), table.line(name))
            at = table.at(f"{name}.{index}.{field_name}")
            table.problems.add(line, N_("“%(value)s” stands twice."), N_("Give this one another name, or delete it."), at=at, value=key)


def _outline(table: Table) -> OutlineDocument:
    places = tuple(_place(entry) for entry in table.tables("places"))
    refuse_doubled(table, "places", "theme", [place.theme for place in places])
    if not places:
        table.add("places", N_("The outline holds no theme."), N_("Write [[places]] and theme = “…” below it."), is_grave=False)
    return OutlineDocument(table.key("id"), table.line_of_text("title"), table.text("description", ""), read_origin(table), places)


def _place(table: Table) -> PlacePart:
    place = PlacePart(table.key("theme"), table.flag("fixed"), table.flag("first"), table.flag("last"))
    table.finish()
    return place


def _district_texts(table: Table) -> DistrictTexts:
    places: list[tuple[str, int, str]] = []
    texts = [_text(entry, places) for entry in table.tables("texts")]
    refuse_doubled(table, "texts", "key", [part.key for part in texts])
    taken = check_uids(places, table.problems)
    named = tuple(replace(part, blocks=name_blocks(part.blocks, taken)) for part in texts)
    return DistrictTexts(table.key("id"), table.line_of_text("title"), read_origin(table), named)


def _text(table: Table, places: list[tuple[str, int, str]]) -> TextPart:
    """One text; `places` takes in where each of its blocks stands."""
    key = table.choice("key", DISTRICT_KEYS)
    title = table.line_of_text("title")
    written = table.values.get("body")
    body = table.text("body")
    line = table.line("body")
    if isinstance(written, str) and "\n" in written.strip("\n"):
        line += 1 + len(written) - len(written.lstrip("\n"))
    found = read_blocks(body.split("\n"), key, table.problems, line, table.at("body"))
    places += [(one.block.uid, line + one.last, table.at("body")) for one in found]
    table.finish()
    return TextPart(key, title, tuple(one.block for one in found))
