"""What is dear to add later stands on every table: whose it is, a public name, and who was there first."""

from __future__ import annotations

from sqlalchemy import Table

from curriculum.base import Base
from curriculum.tables import metadata

GLOBAL = {"framework", "aim", "core_section", "cross_theme", "change_counter"}
"""Facts that are the same for every district."""


def points_at(table: Table) -> set[str]:
    return {key.column.table.name for key in table.foreign_keys if key.column.table is not table}


def leads_to_a_district(table: Table, seen: frozenset[str] = frozenset()) -> bool:
    if "district_id" in table.columns or table.name == "district":
        return True
    return any(leads_to_a_district(metadata.tables[name], seen | {table.name}) for name in points_at(table) - seen)


def test_every_row_belongs_to_a_district() -> None:
    assert {table.name for table in metadata.tables.values() if not leads_to_a_district(table)} == GLOBAL | {"sign_in_failure"}


def test_a_table_that_is_listed_by_district_points_at_it() -> None:
    for table in metadata.tables.values():
        if "district_id" in table.columns:
            column = table.columns["district_id"]
            assert {key.column.table.name for key in column.foreign_keys} == {"district"}
            assert column.index or column.primary_key or any(column.name in index.columns for index in table.indexes), table.name


def test_what_has_a_public_name_has_it_alone() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            if column.name in ("public_id", "code", "token_hash") and table.name not in GLOBAL | {"aim_link"}:
                assert column.unique, f"{table.name}.{column.name}"


def test_what_is_edited_by_hand_tells_the_second_editor() -> None:
    versioned = {mapper.local_table.name for mapper in Base.registry.mappers if mapper.version_id_col is not None}  # type: ignore[attr-defined]
    assert versioned >= {
        "district",
        "school",
        "school_class",
        "person",
        "document",
        "draft",
        "proposal",
        "series",
        "lesson",
        "school_calendar",
    }
