"""Days of a school calendar from lists and calendar files: what is understood, what is not, and what is saved."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.interchange import DAY_COLUMNS, DAY_EXAMPLE, DayList, TakenDays, read_days, take_days, template
from curriculum.people import School
from curriculum.planning import AVOIDED, CLOSED, HEEDED, Days
from tests.cast import TODAY, Cast, make_cast, make_series
from tests.states import state

YEAR = 2026
AUTUMN = Days(date(2026, 9, 28), date(2026, 10, 2), "Høstferie")


def ics(*events: str) -> str:
    """A calendar file of events, each a few lines."""
    inside = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Oslo\r\nEND:VTIMEZONE\r\n"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kommunen//NO\r\n{zone}{inside}END:VCALENDAR\r\n"


def event(start: str, end: str = "", name: str = "Fri", more: str = "") -> str:
    last = f"DTEND;VALUE=DATE:{end}\r\n" if end else ""
    return f"UID:1\r\nDTSTART;VALUE=DATE:{start}\r\n{last}SUMMARY:{name}\r\n{more}"


def days(found: DayList) -> list[Days]:
    return [line.days for line in found.lines if line.days]


def problems(found: DayList) -> list[tuple[int, str]]:
    """What is wrong, by line; 0 for the list as a whole."""
    return [(0, str(one)) for one in found.problems] + [(line.number, str(one)) for line in found.lines for one in line.problems]


# --- Lists --------------------------------------------------------------------------------------------------------------------------


def test_a_list_says_days_kinds_and_years() -> None:
    found = read_days(
        "Fra dato;Til;Grunn;Slag;Trinn\n"
        "28.09.2026;2.10.26;Høstferie;;\n"
        "2026-11-16;;Planleggingsdag;fri;\n"
        "14.09.2026;25.09.2026;Nasjonale prøver;Unngås;5 og 8\n"
        "8.2.2027;;Merkedag;hensyn;\n",
        YEAR,
    )
    assert problems(found) == []
    assert days(found) == [
        AUTUMN,
        Days(date(2026, 11, 16), date(2026, 11, 16), "Planleggingsdag"),
        Days(date(2026, 9, 14), date(2026, 9, 25), "Nasjonale prøver", AVOIDED, (5, 8)),
        Days(date(2027, 2, 8), date(2027, 2, 8), "Merkedag", HEEDED),
    ]


def test_days_of_which_nothing_is_said_are_what_the_form_says() -> None:
    assert [one.kind for one in days(read_days("fra;grunn;slag\n16.11.2026;Prøver;\n17.11.2026;Fri;fri\n", YEAR, AVOIDED))] == [
        AVOIDED,
        CLOSED,
    ]


def test_the_file_to_fill_in_is_understood() -> None:
    assert days(read_days(template(DAY_COLUMNS, DAY_EXAMPLE), YEAR)) == [AUTUMN]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("32.10.2026;;Fri;;", "is not a date"),
        ("12.10.2026;11.10.2026;Fri;;", "It ends before it begins."),
        ("12.10.2026;;;;", "“grunn” is empty."),
        ("12.10.2026;;Fri;kanskje;", "“kanskje” is no kind of day. Write one of: fri"),
        ("12.10.2026;;Fri;;5 og tre", "are not years of a school"),
        ("12.10.2026;;Ring 22 33 44 55;;", "telephone number"),
        ("12.10.2026;;=1+1;;", "as a formula does"),
        ("12.10.2027;;Fri;;", "The days are in the school year 2027–2028, not 2026–2027."),
        ("16.11.2026;;Noe annet;;", "The same days stand on line 2."),
    ],
)
def test_a_row_that_is_not_understood_does_not_spoil_the_others(row: str, words: str) -> None:
    found = read_days(f"fra;til;grunn;slag;trinn\n16.11.2026;;Fri;;\n{row}\n", YEAR)
    assert [one.from_date for one in days(found)] == [date(2026, 11, 16)]
    [(line, said)] = problems(found)
    assert (line, words in said) == (3, True), said


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "The list is empty."),
        ("dag;hvorfor\n1;2\n", "These columns are missing: fra, grunn."),
        ("fra;grunn\n12.10.2025;Fri\n13.10.2025;Fri\n", "The file is for the school year 2025–2026, not 2026–2027."),
        ("fra;grunn\n12.10.2025;Fri\n13.10.2027;Fri\n", "The file is for the school year 2025–2026, 2027–2028, not 2026–2027."),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "There is no event in the calendar file."),
        (ics(*[event("20261012")] * 201), "has 201 events; at most 200"),
        (ics(event("20251012")), "The file is for the school year 2025–2026, not 2026–2027."),
    ],
)
def test_a_file_that_does_not_fit_is_refused_as_a_whole(written: str, words: str) -> None:
    found = read_days(written, YEAR)
    assert found.lines == ()
    assert any(words in said for _, said in problems(found)), problems(found)


# --- Calendar files -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        (event("20261116"), (2026, 11, 16), (2026, 11, 16)),
        (event("20261116", "20261117"), (2026, 11, 16), (2026, 11, 16)),
        (event("20261116", "20261116"), (2026, 11, 16), (2026, 11, 16)),  # some programs write the same day
        (event("20260928", "20261003"), (2026, 9, 28), (2026, 10, 2)),
        (event("20261222", "20270104"), (2026, 12, 22), (2027, 1, 3)),
        (event("20261116", more="DURATION:P2D\r\n"), (2026, 11, 16), (2026, 11, 17)),
        ("DTSTART;TZID=America/New_York;VALUE=DATE:20261116\r\nSUMMARY:Fri", (2026, 11, 16), (2026, 11, 16)),
        (event("20201116", "20201118", more="RRULE:FREQ=YEARLY\r\n"), (2026, 11, 16), (2026, 11, 17)),
        (event("20200117", more="RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=17\r\n"), (2027, 1, 17), (2027, 1, 17)),
        (event("20221116", more="RRULE:FREQ=YEARLY;INTERVAL=2;COUNT=3\r\n"), (2026, 11, 16), (2026, 11, 16)),
        (event("20221116", more="RRULE:FREQ=YEARLY;UNTIL=20261116T000000Z\r\n"), (2026, 11, 16), (2026, 11, 16)),
    ],
)
def test_the_whole_days_of_an_event_are_understood(written: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert [(one.from_date, one.to_date, one.reason) for one in days(read_days(ics(written), YEAR))] == [
        (date(*first), date(*last), "Fri"),
    ]


GONE = "The event repeats every year, but not in the school year 2026–2027."
REPEATS = "Only what repeats once a year on the same date is understood"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("DTSTART:20261116T080000\r\nDTEND:20261116T100000\r\nSUMMARY:Møte", "has a time of day (16.11.2026 08:00)"),
        ("DTSTART:20261116T080000Z\r\nSUMMARY:Møte", "has a time of day (16.11.2026 09:00)"),
        ("DTSTART;VALUE=DATE:20261116\r\nDTEND:20261117T100000\r\nSUMMARY:Møte", "has a time of day"),
        (event("20261116", "20261115"), "It ends before it begins."),
        (event("20261116", more="DURATION:PT5H\r\n"), "How long the event lasts is not understood."),
        (event("20261116", more="STATUS:CANCELLED\r\n"), "The event is cancelled."),
        (event("20261116", more="RECURRENCE-ID;VALUE=DATE:20261116\r\n"), "one of several that repeat"),
        (event("20261116", more="RDATE;VALUE=DATE:20261117\r\n"), "one of several that repeat"),
        (event("20261116", more="RRULE:FREQ=WEEKLY\r\n"), REPEATS),
        (event("20261116", more="RRULE:FREQ=YEARLY;BYDAY=1MO\r\n"), REPEATS),
        (event("20261116", more="RRULE:FREQ=YEARLY;BYMONTH=3\r\n"), REPEATS),
        (event("20261116", more="RRULE:FREQ=YEARLY;INTERVAL=0\r\n"), REPEATS),
        (event("20261116", more="RRULE:FREQ=YEARLY\r\nRRULE:FREQ=YEARLY\r\n"), REPEATS),
        (event("20221116", more="RRULE:FREQ=YEARLY;INTERVAL=3\r\n"), GONE),
        (event("20221116", more="RRULE:FREQ=YEARLY;COUNT=2\r\n"), GONE),
        (event("20221116", more="RRULE:FREQ=YEARLY;UNTIL=20251231\r\n"), GONE),
        (event("20221116", more="RRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20261116\r\n"), GONE),
        (event("20240229", more="RRULE:FREQ=YEARLY\r\n"), GONE),
        (event("20271116", more="RRULE:FREQ=YEARLY\r\n"), GONE),
        (event("20261116", name=""), "The event has no name."),
        ("SUMMARY:Fri", "has no day on which it begins"),
        ("DTSTART;VALUE=DATE:20261116\r\nDTSTART;VALUE=DATE:20261117\r\nSUMMARY:Fri", "“DTSTART” stands there twice."),
        ("DTSTART;VALUE=DATE:i dag\r\nSUMMARY:Fri", "“DTSTART” is not understood."),
        ("dette er ingenting", "has no day on which it begins"),
        ("END:VALARM", "The event is damaged and cannot be read."),
        (event("20261116", name="x" * 20_001), "too long to be a day"),
        (event("20261116", name="Ring 22 33 44 55"), "telephone number"),
        (event("20271116"), "are in the school year 2027–2028"),
    ],
)
def test_an_event_that_is_not_understood_is_told_with_its_line_and_does_not_spoil_the_others(written: str, words: str) -> None:
    found = read_days(ics(event("20261012", "20261014"), written), YEAR)
    assert [one.from_date for one in days(found)] == [date(2026, 10, 12)]
    [(line, said)] = problems(found)
    assert (line, words in said) == (13, True), said


def test_a_file_that_is_cut_off_gives_what_it_has() -> None:
    whole = ics(event("20261012"), event("20261116"))
    for cut in ("SUMMARY", "END:VEVENT"):
        found = read_days(whole[: whole.rindex(cut)], YEAR)
        assert (len(days(found)), [line for line, _ in problems(found)]) == (1, [12])
        assert "cut off or damaged" in problems(found)[0][1]


def test_an_event_within_another_and_a_task_are_told() -> None:
    task = "BEGIN:VTODO\r\nSUMMARY:Husk\r\nEND:VTODO\r\n"
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\n"
    found = read_days(ics(event("20261012", more=alarm)).replace("END:VCALENDAR", f"{task}END:VCALENDAR"), YEAR)
    assert len(days(found)) == 1
    assert [said for _, said in problems(found)] == ["This is no event (VTODO), so it has no days."]
    doubled = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + ics(event("20261012")).split("\r\n", 4)[4]
    assert "cut off or damaged" in problems(read_days(doubled, YEAR))[0][1]


def test_two_names_of_an_event_are_one() -> None:
    assert [one.reason for one in days(read_days(ics(event("20261012", more="SUMMARY:Free\r\n")), YEAR))] == ["Fri"]


@given(
    st.lists(
        st.sampled_from(["DTSTART", "DTEND", "RRULE", "SUMMARY", "EXDATE", "DURATION", "STATUS", "BEGIN", "END"]).flatmap(
            lambda name: st.text(st.characters(codec="utf-8"), max_size=30).map(lambda value: f"{name}{value}")
        )
        | st.sampled_from(
            [
                "DTSTART;VALUE=DATE:20261116",
                "RRULE:FREQ=YEARLY;COUNT=x",
                "RRULE:FREQ=YEARLY;UNTIL=",
                "RRULE:COUNT=1",
                "RRULE:",
                "EXDATE:x",
                "EXDATE;VALUE=DATE:20261116,20271116",
                "DURATION:P99999999D",
                "DURATION:-P1D",
                "DTSTART;VALUE=PERIOD:20260101T000000Z/P1D",
                "DTSTART;VALUE=TIME:080000",
                "DTEND;VALUE=DATE:99991231",
                "DTSTART;VALUE=DATE:00010101",
            ]
        ),
        max_size=8,
    )
)
def test_whatever_stands_in_an_event_is_answered_in_words(lines: list[str]) -> None:
    found = read_days(ics("\r\n".join(lines), event("20261012")), YEAR)
    assert found.problems or all(line.days or line.problems for line in found.lines)


# --- Taking in ----------------------------------------------------------------------------------------------------------------------


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def take(db: Session, cast: Cast, written: str, *, save: bool = True, school: School | None = None, is_whole: bool = False) -> TakenDays:
    found = read_days(written, YEAR)
    return take_days(db, cast.district, school, found, year=YEAR, today=TODAY, save=save, is_whole=is_whole)


def rows(taken: TakenDays) -> list[tuple[int, str, list[str]]]:
    return [(row.line, row.state, [str(one) for one in row.problems]) for row in taken.rows]


def closed(db: Session, cast: Cast, school: School | None = None) -> list[str]:
    """The reasons of the closed days but the public holidays."""
    law = {*planning.public_holidays(2026).values(), *planning.public_holidays(2027).values()}
    [year] = planning.school_years(db, cast.district.id, school.id if school else None, [YEAR])
    return [one.reason for one in year.closed if one.reason not in law]


RULED = ["Høstferie", "Juleferie", "Vinterferie", "Påskeferie", "Inneklemt dag"]


def test_looking_saves_nothing_and_saving_does_what_was_looked_at(db: Session, cast: Cast) -> None:
    looked = take(db, cast, "fra;grunn\n16.11.2026;Planleggingsdag\n", save=False)
    assert (looked.is_saved, looked.can_be_saved, rows(looked)) == (False, True, [(2, "new", [])])
    assert (closed(db, cast), planning.school_years(db, cast.district.id, None, [YEAR])[0].is_by_rule) == (RULED, True)
    saved = take(db, cast, "fra;grunn\n16.11.2026;Planleggingsdag\n")
    assert (saved.is_saved, saved.digest) == (True, looked.digest)
    assert closed(db, cast) == ["Høstferie", "Planleggingsdag", *RULED[1:]]
    assert saved.days == (Days(date(2026, 11, 16), date(2026, 11, 16), "Planleggingsdag"),)


def test_days_over_held_lessons_are_kept_out_and_the_rest_is_taken(db: Session, cast: Cast) -> None:
    make_series(db, cast, start=date(2026, 10, 5), themes=("folelser", "vennskap", "samarbeid"))
    taken = take(db, cast, "fra;grunn\n07.10.2026;Fri\n21.10.2026;Kurs\n16.11.2026;Planleggingsdag\n")
    assert [(line, state) for line, state, _ in rows(taken)] == [(2, "error"), (3, "new"), (4, "new")]
    assert rows(taken)[0][2][0].startswith("Lessons were held on these days, or count as held: 5A 07.10.2026.")
    assert rows(taken)[1][2] == ["Lessons stand here and are not moved: 5A 21.10.2026."]
    assert closed(db, cast) == ["Høstferie", "Kurs", "Planleggingsdag", *RULED[1:]]


def test_what_stands_there_and_what_the_law_gives_is_told_and_not_doubled(db: Session, cast: Cast) -> None:
    planning.use_rule(db, cast.district, YEAR)
    taken = take(
        db,
        cast,
        "fra;til;grunn\n28.09.2026;02.10.2026;Høstferie\n17.05.2027;;Grunnlovsdag\n01.10.2026;06.10.2026;Lang ferie\n"
        "14.05.2027;18.05.2027;Lang helg\n",
    )
    assert rows(taken) == [
        (2, "same", []),
        (3, "same", ["A public holiday: it counts by itself."]),
        (4, "new", ["Overlaps with Høstferie, 2026-09-28 – 2026-10-02, which stands there already."]),
        (5, "new", []),  # around a public holiday
    ]


def test_advice_has_no_notes_and_is_no_closed_day(db: Session, cast: Cast) -> None:
    taken = take(db, cast, "fra;til;grunn;slag\n28.09.2026;02.10.2026;Prøver;unngås\n17.05.2027;;Fest;hensyn\n")
    assert [state for _, state, _ in rows(taken)] == ["new", "new"]
    assert closed(db, cast) == RULED


def test_a_list_that_is_the_whole_year_takes_the_place_of_the_guess(db: Session, cast: Cast) -> None:
    assert rows(take(db, cast, "fra;til;grunn\n05.10.2026;09.10.2026;Høstferie\n", save=False, is_whole=True)) == [(2, "new", [])]
    assert closed(db, cast) == RULED
    take(db, cast, "fra;til;grunn\n05.10.2026;09.10.2026;Høstferie\n", is_whole=True)
    assert closed(db, cast) == ["Høstferie"]
    take(db, cast, "fra;grunn\n16.11.2026;Fri\n", is_whole=True)  # no guess any more: it adds
    assert closed(db, cast) == ["Høstferie", "Fri"]


def test_days_of_one_school_close_that_school(db: Session, cast: Cast) -> None:
    take(db, cast, "fra;grunn\n16.11.2026;Fri\n", school=cast.school)
    assert ("Fri" in closed(db, cast, cast.school), "Fri" in closed(db, cast, cast.other_school)) == (True, False)


def test_a_list_of_which_nothing_is_new_is_not_saved(db: Session, cast: Cast) -> None:
    for written in ("fra;grunn\n17.05.2027;Grunnlovsdag\n", "fra;grunn\n12.10.2025;Fri\n"):
        taken = take(db, cast, written)
        assert (taken.is_saved, taken.can_be_saved) == (False, False)
    assert closed(db, cast) == RULED


def test_a_calendar_file_of_other_values_is_told(db: Session, cast: Cast) -> None:
    taken = take(db, cast, ics(event("20261116", name="x" * 121), event("20270630", "20270805")))
    assert [state for _, state, _ in rows(taken)] == ["error", "error"]
    assert "within one school year" in rows(taken)[1][2][0]
