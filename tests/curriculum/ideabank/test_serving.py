"""What each version of a theme serves of the curriculum."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from curriculum.goals import Aim
from curriculum.ideabank import served_by
from tests.cast import Cast, publish, version_of


def test_a_theme_serves_its_aims_and_sections_in_its_own_order(db: Session, cast: Cast) -> None:
    publish(db, cast, "vennskap")
    version = version_of(db, cast, "vennskap").id
    served = served_by(db, [version])[version]
    assert [(one.code, one.role) for one in served] == [
        ("2.5.1", "main"),
        ("KM14683", "main"),
        ("KM14604", "supporting"),
        ("KM14668", "supporting"),
        ("KM14722", "supporting"),
    ]
    [section] = [one for one in served if one.is_section]
    assert (section.aim, section.section is not None, section.is_main) == (None, True, True)
    assert all(one.aim is not None and one.aim.framework.subject_nb for one in served if not one.is_section)


def test_a_code_we_do_not_know_is_kept_without_its_words(db: Session, cast: Cast) -> None:
    publish(db, cast, "vennskap")
    db.execute(delete(Aim).where(Aim.code == "KM14683"))
    version = version_of(db, cast, "vennskap").id
    [unknown] = [one for one in served_by(db, [version])[version] if one.code == "KM14683"]
    assert (unknown.aim, unknown.section, unknown.is_section) == (None, None, False)


def test_a_version_that_serves_nothing_and_no_version_at_all_are_no_fault(db: Session, cast: Cast) -> None:
    vocabulary = publish(db, cast, "vennskap")[0].id
    assert served_by(db, [vocabulary]) == {vocabulary: []}
    assert served_by(db, []) == {}
