"""What the planning tests may ask for."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from curriculum.people import TEACHER, Person
from curriculum.planning import Lesson
from tests.curriculum.planning.house import House, build
from tests.states import state


@pytest.fixture
def imported() -> Callable[[Path], set[str]]:
    """The modules a file imports: the standard library's by their package, ours in full."""

    def names(file: Path) -> set[str]:
        found = {node.module or "" for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)}
        return {name if name.startswith("curriculum") else name.split(".")[0] for name in found} - {"__future__"}

    return names


@state
def house(db: Session) -> House:
    return build(db)


@pytest.fixture
def teacher(house: House) -> Person:
    """The teacher of 5A."""
    return house.person("Nora Vik", TEACHER, house.class_5a)


@state
def lesson(house: House) -> Lesson:
    """The second of three: Tuesday 8 September at 09:00."""
    return house.make().lessons[1]
