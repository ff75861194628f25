"""Who may import whom: each contract in pyproject.toml is kept by the code, and is broken by the import it is there to refuse."""

from copy import deepcopy

import grimp
import pytest
from importlinter import api
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from sqlalchemy.orm import configure_mappers

import curriculum.tables  # noqa: F401
from curriculum.base import Base

KINDS = {kind.type_name: kind for kind in (ForbiddenContract, LayersContract, ProtectedContract)}
OPTIONS = api.read_configuration("pyproject.toml")
CONTRACTS = {options["id"]: options for options in OPTIONS["contracts_options"]}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("app", "curriculum", include_external_packages=True, cache_dir=None)


def keeps(contract: str, imports: grimp.ImportGraph) -> bool:
    options = CONTRACTS[contract]
    kind = KINDS[options["type"]]
    return kind(options["name"], OPTIONS["session_options"], options).check(deepcopy(imports), verbose=False).kept


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_code_keeps(contract: str, imports: grimp.ImportGraph) -> None:
    assert keeps(contract, imports)


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [
        ("web-on-top", "curriculum.base", "app.settings"),
        ("no-web-in-curriculum", "curriculum.planning", "flask"),
        ("no-web-in-curriculum", "curriculum.text", "jinja2"),
        ("rooms", "curriculum.text", "curriculum.people"),
        ("rooms", "curriculum.ideabank", "curriculum.summaries"),
        ("rooms", "curriculum.base", "curriculum.tables"),
        ("readers", "app.parents", "app.teachers"),
        ("readers", "app.commands", "app.accounts"),
        ("readers", "app.settings", "app.database"),
        ("readers", "app.access", "app.pages"),
        ("doors", "app.coordinators", "curriculum.ideabank.publishing"),
        ("doors", "app.access", "curriculum.people.models"),
        ("engine", "curriculum.planning.engine.problem", "curriculum.planning.models"),
        ("engine", "curriculum.planning.engine.exact", "curriculum.people"),
        ("checker", "curriculum.planning.engine.checking_people", "curriculum.planning.engine.possible"),
        ("doorstep", "app.doorstep", "app.database"),
        ("doorstep", "app.doorstep", "curriculum.summaries"),
        ("assets", "app.assets", "curriculum.base"),
    ],
)
def test_a_contract_refuses(contract: str, importer: str, imported: str, imports: grimp.ImportGraph) -> None:
    graph = deepcopy(imports)
    graph.add_module(imported, is_squashed=imported in ("flask", "jinja2"))
    graph.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    assert not keeps(contract, graph)


@pytest.mark.parametrize(("contract", "room"), [("rooms", "curriculum.newroom"), ("readers", "app.newroom")])
def test_a_new_room_must_get_its_place(contract: str, room: str, imports: grimp.ImportGraph) -> None:
    graph = deepcopy(imports)
    graph.add_module(room)
    assert not keeps(contract, graph)


def test_every_contract_is_shown_to_break() -> None:
    marks = test_a_contract_refuses.pytestmark  # type: ignore[attr-defined]
    assert {case[0] for case in marks[0].args[1]} == set(CONTRACTS)


def test_the_doorstep_is_kept_from_every_other_room(imports: grimp.ImportGraph) -> None:
    named = set(CONTRACTS["doorstep"]["forbidden_modules"])
    assert imports.find_children("app") - named == {"app.doorstep", "app.settings"}


def test_no_table_points_at_a_room_above_its_own() -> None:
    """A foreign key or a relationship names its target in a string, which the contracts cannot see."""
    configure_mappers()
    rooms = {mapper.local_table: _room(mapper.class_.__module__) for mapper in Base.registry.mappers}
    pointing = {(rooms[table], rooms[key.column.table]) for table in rooms for key in table.foreign_keys if key.column.table in rooms}
    pointing |= {(_room(m.class_.__module__), _room(r.entity.class_.__module__)) for m in Base.registry.mappers for r in m.relationships}
    order = [room.strip("() ") for layer in CONTRACTS["rooms"]["layers"] for room in layer.split("|")]
    assert [(source, target) for source, target in sorted(pointing) if order.index(source) > order.index(target)] == []


def _room(module: str) -> str:
    return module.split(".")[1]
