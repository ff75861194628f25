"""A class's links: made through its school year, closed, and opened again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.people import (
    PARENTS,
    TEACHER,
    close_link,
    close_open_link,
    make_link,
    make_links,
    new_link,
    open_links,
    reopen_link,
    set_last_day,
)
from tests.cast import NOW, TODAY

if TYPE_CHECKING:
    from tests.cast import Cast


def test_a_class_gets_the_links_it_lacks_through_its_school_year(db: Session, cast: Cast) -> None:
    made = make_links(db, cast.b5, by=cast.agent, today=TODAY, now=NOW)
    assert [(link.kind, link.expires, len(link.code)) for link in made] == [
        (PARENTS, date(2027, 7, 31), 10),
        (TEACHER, date(2027, 7, 31), 26),
    ]
    assert make_links(db, cast.b5, by=cast.agent, today=TODAY, now=NOW) == []


def test_a_school_year_that_is_over_gets_no_link(db: Session, cast: Cast) -> None:
    after = date(2027, 8, 1)
    assert make_links(db, cast.b5, by=cast.agent, today=after, now=NOW) == []
    with pytest.raises(Refused, match="school year of the class is over"):
        make_link(db, cast.b5, PARENTS, by=cast.agent, today=after, now=NOW)


def test_a_second_link_of_a_kind_is_refused_until_the_first_is_closed(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="Close it first"):
        make_link(db, cast.a5, PARENTS, by=cast.agent, today=TODAY, now=NOW)
    close_link(db, cast.parents_link, by=cast.agent, now=NOW)
    new = make_link(db, cast.a5, PARENTS, by=cast.agent, today=TODAY, now=NOW)
    assert open_links(db, cast.a5, TODAY)[PARENTS] is new
    with pytest.raises(Refused, match="Close it first"):
        reopen_link(db, cast.a5, PARENTS, by=cast.agent, today=TODAY, now=NOW)


def test_a_half_has_the_links_of_its_whole_class_and_none_of_its_own(db: Session, cast: Cast) -> None:
    made = make_links(db, cast.half, by=cast.agent, today=TODAY, now=NOW)
    assert [(link.kind, link.school_class) for link in made] == [(PARENTS, cast.b5), (TEACHER, cast.b5)]
    assert make_links(db, cast.half, by=cast.agent, today=TODAY, now=NOW) == []
    assert open_links(db, cast.half, TODAY) == open_links(db, cast.b5, TODAY) == {link.kind: link for link in made}
    close_link(db, made[0], by=cast.agent, now=NOW)
    assert reopen_link(db, cast.half, PARENTS, by=cast.agent, today=TODAY, now=NOW) is made[0]
    assert new_link(db, cast.half, PARENTS, expires=TODAY).school_class is cast.b5


def test_a_closed_link_is_opened_again(db: Session, cast: Cast) -> None:
    close_link(db, cast.parents_link, by=cast.agent, now=NOW)
    assert PARENTS not in open_links(db, cast.a5, TODAY)
    assert reopen_link(db, cast.a5, PARENTS, by=cast.agent, today=TODAY, now=NOW) is cast.parents_link
    with pytest.raises(Refused, match="no link to open again"):
        reopen_link(db, cast.b5, PARENTS, by=cast.agent, today=TODAY, now=NOW)


def test_a_link_is_closed_by_its_own_code_only(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="closed already"):
        close_open_link(db, cast.a5, PARENTS, "other", by=cast.agent, today=TODAY, now=NOW)
    closed = close_open_link(db, cast.a5, PARENTS, cast.parents_link.code, by=cast.agent, today=TODAY, now=NOW)
    assert closed.revoked_at == NOW
    with pytest.raises(Refused, match="closed already"):
        close_open_link(db, cast.a5, PARENTS, closed.code, by=cast.agent, today=TODAY, now=NOW)


def test_a_links_last_day_lies_within_its_school_year(db: Session, cast: Cast) -> None:
    set_last_day(db, cast.parents_link, TODAY, by=cast.agent, today=TODAY, now=NOW)
    assert cast.parents_link.expires == TODAY
    for day in (date(2026, 10, 13), date(2027, 8, 1)):
        with pytest.raises(Refused, match="Choose a day from"):
            set_last_day(db, cast.parents_link, day, by=cast.agent, today=TODAY, now=NOW)
    close_link(db, cast.parents_link, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="closed already"):
        set_last_day(db, cast.parents_link, TODAY, by=cast.agent, today=TODAY, now=NOW)
