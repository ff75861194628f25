"""Lists of classes and people: looked at and saved by one function, all or nothing, and the same again when repeated."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.interchange import CLASS_COLUMNS, STAFF_COLUMNS, Taken, read_sheet, take_classes, take_staff
from curriculum.people import Assignment, Person, SchoolClass
from tests.cast import TODAY, Cast, make_cast, make_series
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def classes(db: Session, cast: Cast, *rows: str, save: bool = True, head: str = "skole;klasse;trinn;slag;antall;av") -> Taken:
    sheet = read_sheet("\n".join((head, *rows)), CLASS_COLUMNS)
    return take_classes(db, cast.district, sheet, year=2026, save=save)


def staff(db: Session, cast: Cast, *rows: str, save: bool = True) -> Taken:
    sheet = read_sheet("\n".join(("navn;e-post;rolle;skole;klasse;språk;fra;til", *rows)), STAFF_COLUMNS)
    return take_staff(db, cast.district, sheet, year=2026, today=TODAY, save=save)


def states(taken: Taken) -> list[str]:
    return [row.state for row in taken.rows]


def problem(taken: Taken) -> str:
    """The one thing that is wrong."""
    [one] = [problem for row in taken.rows for problem in row.problems]
    return str(one)


def named(db: Session, name: str) -> SchoolClass | None:
    return db.scalars(select(SchoolClass).where(SchoolClass.name == name)).first()


def someone(db: Session, email: str) -> Person | None:
    return db.scalars(select(Person).where(Person.email == email)).first()


# --- Classes --------------------------------------------------------------------------------------------------------------------------


def test_looking_saves_nothing_and_saving_does_what_was_looked_at(db: Session, cast: Cast) -> None:
    rows = ("Granlia skole;5C;5;klasse;20;", "Granlia skole;5A;5;klasse;25;", "Granlia skole;5B;5;klasse;22;")
    looked = classes(db, cast, *rows, save=False)
    assert (states(looked), looked.is_whole, looked.is_saved) == (["new", "changed", "same"], True, False)
    assert (named(db, "5C"), cast.a5.head_count) == (None, 24)
    saved = classes(db, cast, *rows)
    assert (saved.digest, saved.is_saved) == (looked.digest, True)
    made = named(db, "5C")
    assert made is not None
    assert ([(one.grade, one.cohort) for one in made.grades], made.head_count, cast.a5.head_count) == ([(5, 2022)], 20, 25)
    assert states(classes(db, cast, *rows)) == ["same", "same", "same"]


def test_one_wrong_row_stops_them_all(db: Session, cast: Cast) -> None:
    taken = classes(db, cast, "Granlia skole;5C;5;;;", "Granlia skole;5D;15;;;", "Granlia skole;5E;5;;;")
    assert (states(taken), taken.is_saved, taken.count("new")) == (["new", "error", "new"], False, 2)
    assert (named(db, "5C"), named(db, "5E")) == (None, None)


def test_a_row_that_cannot_be_read_is_an_error_and_the_others_are_looked_at(db: Session, cast: Cast) -> None:
    taken = classes(db, cast, "Granlia skole;=5C;5;;;", "Granlia skole;5D;5;;;")
    assert (states(taken), problem(taken)[:24]) == (["error", "new"], "“klasse” begins with =, ")


def test_a_list_that_cannot_be_read_is_not_whole(db: Session, cast: Cast) -> None:
    taken = classes(db, cast, "Granlia skole;5C", head="skole;klasse")
    assert (taken.rows, taken.is_whole, str(taken.problems[0])) == ((), False, "These columns are missing: trinn.")


def test_a_half_may_stand_above_its_class(db: Session, cast: Cast) -> None:
    rows = ("Granlia skole;5C1;5;delt klasse;;5C", "Granlia skole;5C;5;klasse;;", "Granlia skole;Eika;5;gruppe;6;5C og 5B")
    assert states(classes(db, cast, *rows)) == ["new", "new", "new"]
    half, small = named(db, "5C1"), named(db, "Eika")
    assert half is not None and small is not None
    assert (half.kind, [one.name for one in half.taken_from]) == ("half", ["5C"])
    assert (small.kind, sorted(one.name for one in small.taken_from)) == ("small", ["5B", "5C"])
    assert states(classes(db, cast, *rows)) == ["same", "same", "same"]


def test_an_empty_cell_leaves_what_stands_there(db: Session, cast: Cast) -> None:
    assert states(classes(db, cast, "Granlia skole;5B gruppe 1;5;;;", "elvesvingen SKOLE;5–6;5 og 6;;;")) == ["same", "same"]
    assert states(classes(db, cast, "Elvesvingen skole;5–6;5. trinn;;;")) == ["changed"]
    assert [one.grade for one in cast.mixed56.grades] == [5]


@pytest.mark.parametrize("written", ["5 og 6", "5,6", "5/6", "5-6", "5. og 6. trinn", "5+6", "6 5"])
def test_years_are_read_as_people_write_them(db: Session, cast: Cast, written: str) -> None:
    assert states(classes(db, cast, f"Granlia skole;5C;{written};;;")) == ["new"]
    made = named(db, "5C")
    assert made is not None
    assert [one.grade for one in made.grades] == [5, 6]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Granli skole;5C;5;;;", "There is no school “Granli skole”. Is it “Granlia skole”?"),
        ("Fjellet;5C;5;;;", "There is no school “Fjellet”. Add it first."),
        ("Granlia skole;5C;femte;;;", "“femte” are not years of a school. Write 5, or 5 og 6 for a mixed class."),
        ("Granlia skole;5C;9-5;;;", "“9-5” are not years of a school. Write 5, or 5 og 6 for a mixed class."),
        ("Granlia skole;5C;5;kor;;", "“kor” is no kind of class. Write klasse, delt klasse or gruppe."),
        ("Granlia skole;5C;5;;mange;", "“mange” is not how many are in a class. Write a number from 1 to 60."),
        ("Granlia skole;5C;5;;61;", "“61” is not how many are in a class. Write a number from 1 to 60."),
        ("Granlia skole;5C;5;delt;;", "Write in the column “av” which class this is a half of."),
        ("Granlia skole;5C;5;delt;;9Z", "There is no class “9Z” in the school year 2026–2027."),
        ("Granlia skole;…;5;;;", "A name is missing."),
    ],
)
def test_a_class_that_cannot_be_taken_in_says_why(db: Session, cast: Cast, row: str, words: str) -> None:
    taken = classes(db, cast, row)
    assert (problem(taken), taken.is_saved) == (words, False)


def test_everything_that_is_wrong_with_a_row_is_said_at_once(db: Session, cast: Cast) -> None:
    wrong = [str(one) for one in classes(db, cast, "Fjellet;5C;femte;kor;61;").rows[0].problems]
    assert wrong == [
        "There is no school “Fjellet”. Add it first.",
        "“femte” are not years of a school. Write 5, or 5 og 6 for a mixed class.",
        "“kor” is no kind of class. Write klasse, delt klasse or gruppe.",
        "“61” is not how many are in a class. Write a number from 1 to 60.",
    ]
    wrong = [str(one) for one in staff(db, cast, "Åse Lindmo;aase;konge;;;;i morgen;").rows[0].problems]
    assert [words.split(".")[0] for words in wrong] == [
        "There is no role “konge”",
        "“aase” is not an e-mail address",
        "“i morgen” in the column “fra” is not a date",
    ]


def test_a_small_group_is_said_to_be_confidential_before_it_is_saved(db: Session, cast: Cast) -> None:
    taken = classes(db, cast, "Granlia skole;Lyset;5;liten  gruppe;4;5A", "Granlia skole;5Å;5;;;")
    assert [row.is_confidential for row in taken.rows] == [True, False]


def test_a_class_that_stands_twice_is_refused_with_the_other_line(db: Session, cast: Cast) -> None:
    assert problem(classes(db, cast, "Granlia skole;5C;5;;;", "Granlia skole;5c;5;;;")) == "The same stands on line 2."
    assert problem(classes(db, cast, "Granlia skole;5C;5;;;", "Granlia skole;5C;6;;;")) == "The same class stands on line 2."
    assert problem(classes(db, cast, "Granlia skole;5A;5;;20;", "Granlia skole;5A;5;;21;")) == "The same class stands on line 2."


def test_a_class_with_a_series_stays_what_it_is(db: Session, cast: Cast) -> None:
    make_series(db, cast)
    assert "cannot become another kind" in problem(classes(db, cast, "Granlia skole;5A;5;gruppe;;5B"))


# --- People ---------------------------------------------------------------------------------------------------------------------------


def test_people_are_taken_in_with_their_roles_and_a_second_time_nothing_changes(db: Session, cast: Cast) -> None:
    rows = (
        "Åse Lindmo;Aase@example.com;Sosialagent;Granlia skole;5A;;17.08.2026;18.6.27",
        "Åse Lindmo;aase@example.com;sosialagent;;5B;;2026-08-17;",
        "Jon Dahl;jon@example.com;rektor;Elvesvingen skole;;;;",
        "Jon Dahl;jon@example.com;oversetter;;;Somali;;",
        "Jonas Brekkmo;teacher@example.com;kontaktlærer;Granlia skole;5A;;;",
        "Ingrid Solfjell;agent@example.com;sosialagent;;5A;;;",
        "Marit Ekelund;coordinator@example.com;fagansvarlig;;;;;31.12.2026",
    )
    looked = staff(db, cast, *rows, save=False)
    assert states(looked) == ["new", "new", "new", "new", "same", "changed", "changed"]
    assert (someone(db, "aase@example.com"), looked.people) == (None, ())
    taken = staff(db, cast, *rows)
    made = [someone(db, email) for email in ("aase@example.com", "jon@example.com")]
    assert taken.people == tuple(one.public_id for one in made if one)
    assert made[0] is not None and made[1] is not None
    assert [(one.role, one.class_id, one.from_date, one.to_date) for one in made[0].assignments] == [
        ("agent", cast.a5.id, date(2026, 8, 17), date(2027, 6, 18)),
        ("agent", cast.b5.id, date(2026, 8, 17), None),
    ]
    assert [(one.role, one.school_id, one.language) for one in made[1].assignments] == [
        ("head", cast.other_school.id, None),
        ("translator", None, "so"),
    ]
    assert (cast.agent.name, cast.coordinator.assignments[0].to_date) == ("Ingrid Solfjell", date(2026, 12, 31))
    assert set(states(staff(db, cast, *rows))) == {"same"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Åse;aase;rektor;Granlia skole;;;;", "“aase” is not an e-mail address."),
        ("Åse;outsider@example.com;rektor;Granlia skole;;;;", "outsider@example.com has an account already."),
        ("…;aase@example.com;rektor;Granlia skole;;;;", "A name is missing."),
        ("Åse;aase@example.com;rekor;Granlia skole;;;;", "There is no role “rekor”. Is it “rektor”?"),
        ("Åse;aase@example.com;rektor;;;;;", "For “rektor” the column “skole” must be filled in."),
        ("Åse;aase@example.com;rektor;Granlia skole;5A;;;", "For “rektor” the column “klasse” must be empty."),
        ("Åse;aase@example.com;fagansvarlig;Granlia skole;;;;", "For “fagansvarlig” the column “skole” must be empty."),
        ("Åse;aase@example.com;sosialagent;;9Z;;;", "There is no class “9Z” in the school year 2026–2027."),
        ("Åse;aase@example.com;sosialagent;Fjellet;5A;;;", "There is no school “Fjellet”. Add it first."),
        ("Åse;aase@example.com;oversetter;;;klingon;;", "There is no language “klingon”."),
        ("Åse;aase@example.com;rektor;Granlia skole;;;i dag;", "“i dag” in the column “fra” is not a date. Write it as 17.08.2026."),
        (
            "Åse;aase@example.com;rektor;Granlia skole;;;;31.02.2027",
            "“31.02.2027” in the column “til” is not a date. Write it as 17.08.2026.",
        ),
        ("Åse;aase@example.com;rektor;Granlia skole;;;;2020-01-01", "The last day is over already."),
        ("Marit Ekelund;coordinator@example.com;fagansvarlig;;;;2026-12-01;2026-11-30", "The last day is before the first."),
    ],
)
def test_a_person_who_cannot_be_taken_in_says_why(db: Session, cast: Cast, row: str, words: str) -> None:
    before = db.scalar(select(func.count()).select_from(Person)), db.scalar(select(func.count()).select_from(Assignment))
    taken = staff(db, cast, row)
    assert (problem(taken), taken.is_saved) == (words, False)
    assert (db.scalar(select(func.count()).select_from(Person)), db.scalar(select(func.count()).select_from(Assignment))) == before


def test_a_role_that_nobody_has_is_answered_with_those_there_are(db: Session, cast: Cast) -> None:
    assert problem(staff(db, cast, "Åse;aase@example.com;kokk;;;;;")).startswith("There is no role “kokk”. The roles are: sosialagent,")


def test_a_person_refused_on_one_row_is_still_new_on_the_next(db: Session, cast: Cast) -> None:
    rows = ("Åse;aase@example.com;rektor;Granlia skole;;;;2020-01-01", "Åse;aase@example.com;fagansvarlig;;;;;")
    assert states(staff(db, cast, *rows)) == ["error", "new"]
    assert someone(db, "aase@example.com") is None


def test_a_class_that_several_schools_have_must_name_its_school(db: Session, cast: Cast) -> None:
    classes(db, cast, "Elvesvingen skole;5A;5;;;")
    assert (
        problem(staff(db, cast, "Åse;aase@example.com;sosialagent;;5A;;;"))
        == "Several schools have a class “5A”: Elvesvingen skole, Granlia skole. Name the school."
    )


def test_one_address_has_one_name(db: Session, cast: Cast) -> None:
    rows = ("Åse;aase@example.com;fagansvarlig;;;;;", "Aase;AASE@example.com;rektor;Granlia skole;;;;")
    assert problem(staff(db, cast, *rows)) == "On line 2 the same e-mail belongs to Åse."


def test_the_same_role_twice_is_refused_with_the_other_line(db: Session, cast: Cast) -> None:
    rows = ("Åse;aase@example.com;fagansvarlig;;;;;", "Åse;aase@example.com;fagansvarlig;;;;2026-11-01;")
    assert problem(staff(db, cast, *rows)) == "The same role of the same person stands on line 2."


def test_an_ended_account_is_not_opened_by_a_list(db: Session, cast: Cast) -> None:
    cast.teacher.is_active = False
    assert (
        problem(staff(db, cast, "Jonas Brekkmo;teacher@example.com;kontaktlærer;;5A;;;"))
        == "The account of Jonas Brekkmo is ended. Open it again first."
    )


def test_a_role_that_is_over_with_just_these_dates_is_the_same(db: Session, cast: Cast) -> None:
    row = "Siv Nordli;former@example.com;sosialagent;;5A;;01.08.2026;13.10.2026"
    assert states(staff(db, cast, row)) == ["same"]


def test_a_list_cannot_leave_the_district_without_an_administrator(db: Session, cast: Cast) -> None:
    taken = staff(db, cast, "Pål Granmo;administrator@example.com;administrator;;;;;2026-12-31")
    with pytest.raises(Refused, match="no administrator from"):
        raise taken.rows[0].problems[0]


def test_a_changed_row_tells_what_stood_there(db: Session, cast: Cast) -> None:
    taken = classes(db, cast, "Granlia skole;5A;6;;25;", "Granlia skole;5B gruppe 1;5;gruppe;11;5A", save=False)
    assert [dict(row.before) for row in taken.rows] == [{"trinn": "5", "antall": "24"}, {"slag": "delt klasse", "av": "5B"}]
    name, email = cast.teacher.name, cast.teacher.email
    assert dict(staff(db, cast, f"Ny {name};{email};kontaktlærer;;5A;;;31.07.2027", save=False).rows[0].before) == {
        "navn": name,
        "til": "–",
    }


def test_the_example_row_of_the_file_is_taken_for_nothing_else(db: Session, cast: Cast) -> None:
    assert problem(classes(db, cast, "Eksempel skole;5A;5;klasse;24;")) == "This is the example row of the file to fill in. Delete it."
