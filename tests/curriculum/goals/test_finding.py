"""Udir's words in the language that is read, and the line of an aim's successors."""

import pytest

from curriculum.goals import Retired, words_in
from curriculum.goals.retiring import Standing, retired_of


@pytest.mark.parametrize(
    ("official", "language", "found"),
    [
        ({"nb": "mot", "nn": "mot på nynorsk", "en": "courage"}, "en", ("courage", "en")),
        ({"nn": "mot på nynorsk"}, "nb", ("mot på nynorsk", "nn")),
        ({"nb": "mot", "nn": "mot på nynorsk"}, "en", ("mot", "nb")),
        ({"no": "mot", "se": "jálu"}, "en", ("mot", "no")),
        ({"sma": "x", "se": "jálu"}, "nb", ("jálu", "se")),
        ({}, "nb", None),
        (None, "nb", None),
    ],
)
def test_a_missing_language_is_stood_in_for_by_the_nearest(
    official: dict[str, str] | None, language: str, found: tuple[str, str] | None
) -> None:
    assert words_in(official, language) == found


def test_the_successor_is_the_aim_in_force_at_the_end_of_the_line() -> None:
    line = [Standing("KM1", None, True), Standing("KM2", "KM1", True), Standing("KM3", "KM2", False)]
    assert retired_of(line) == {"KM1": Retired("KM1", None, "KM3"), "KM2": Retired("KM2", None, "KM3")}


def test_a_line_that_ends_or_turns_in_a_ring_has_no_successor() -> None:
    ring = [Standing("KM1", "KM2", True), Standing("KM2", "KM1", True), Standing("KM3", None, True)]
    assert {one.successor for one in retired_of(ring).values()} == {None}
