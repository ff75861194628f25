"""Making series: choose classes and themes, see the dates and what they add up to, save all at once."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curriculum import ideabank
from curriculum.base import new_code
from curriculum.people import AGENT, HALF, Assignment, ClassGrade, SchoolClass
from curriculum.planning import Elsewhere, Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, publish, sign_in
from tests.cast import _shipped as shipped
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.usefixtures("outline")

OUTLINE = "rekke-vennskap"
ADDRESS = "/rekker/ny"


@state
def outline(db: Session, cast: Cast) -> None:
    """A template of one theme, used by 5B already, and by no other class."""
    make_series(db, cast, cast.b5)
    db.commit()


def times(group: SchoolClass, weekday: str = "3", start: str = "10:15", minutes: str = "60") -> dict[str, str]:
    """A class's line of the form."""
    line = f"time_{group.public_id}"
    return {f"{line}-weekday": weekday, f"{line}-start_time": start, f"{line}-minutes": minutes}


def wishes(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the form sends: 5A, on Thursdays at 10:15 from this week, held by its agent, with the template's theme."""
    plain = {
        "classes": [cast.a5.public_id],
        "outline": OUTLINE,
        "start": "2026-W42",
        "agents": [cast.agent.public_id],
        "themes": ["vennskap"],
        "themes_of": OUTLINE,
    }
    return plain | times(cast.a5) | changes


def series_of(db: Session, *groups: SchoolClass) -> list[Series]:
    """What is saved for these classes now; the transaction is over afterwards, or the next request would wait for it."""
    db.expire_all()
    query = select(Series).where(Series.class_id.in_([group.id for group in groups])).options(selectinload(Series.lessons))
    found = list(db.scalars(query.order_by(Series.id)))
    db.commit()
    return found


def template(db: Session, cast: Cast, key: str, *places: str) -> None:
    """A published template; a place is a theme's key, with what else is said of it."""
    said = "".join(f"\n[[places]]\ntheme = {place}\n" for place in places)
    text = f'format = 1\nkind = "outline"\nid = "{key}"\ntitle = "{key}"\ndescription = "Til prøver."\norigin = "human"\n{said}'
    ideabank.load_document(db, cast.district, text, f"outlines/{key}.toml", now=NOW, today=date(2026, 8, 1))


def also_of(db: Session, cast: Cast, *groups: SchoolClass) -> None:
    """The agent has these classes too."""
    for group in groups:
        db.add(Assignment(district_id=cast.district.id, person=cast.agent, role=AGENT, class_id=group.id, from_date=date(2026, 8, 1)))
    db.commit()


def plan(page: str) -> str:
    return page.split('id="plan"', 1)[1]


# --- One class ------------------------------------------------------------------------------------------------------------------------


def test_the_page_opens_with_a_class_the_nearest_week_and_a_plan_and_saves_nothing(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.get(ADDRESS)
    assert page.status_code == 200
    assert 'selected value="2026-W43"' in page.text
    assert re.search(rf'value="{cast.a5.public_id}" checked', page.text)
    assert "Lessons: 1, from 19 October to 19 October" in page.text
    assert series_of(db, cast.a5) == []


def test_show_the_plan_shows_the_dates_and_saves_nothing(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post(ADDRESS, data=wishes(cast, show="1"))
    assert page.status_code == 200
    assert "Thursday 15 October" in plan(page.text)
    assert "Lessons: 1, from 15 October to 15 October (week 42)." in plan(page.text)
    assert 'value="10:15"' in page.text
    assert series_of(db, cast.a5) == []


def test_a_new_series_has_the_dates_that_were_shown(agent: FlaskClient, cast: Cast, db: Session) -> None:
    answer = agent.post(ADDRESS, data=wishes(cast))
    made = series_of(db, cast.a5)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/rekker/{made[0].public_id}")
    assert [(lesson.date, lesson.start.isoformat("minutes")) for lesson in made[0].lessons] == [(date(2026, 10, 15), "10:15")]
    assert made[0].in_use is False
    assert "Thursday 15 October" in agent.get(answer.headers["Location"]).text


def test_a_series_begins_today_at_the_earliest_though_its_week_began_before(agent: FlaskClient, cast: Cast, db: Session) -> None:
    agent.post(ADDRESS, data=wishes(cast, **times(cast.a5, "0")))
    [made] = series_of(db, cast.a5)
    assert made.lessons[0].date == date(2026, 10, 19)


def test_a_start_in_a_week_that_has_passed_is_refused(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post(ADDRESS, data=wishes(cast, start="2026-W41"))
    assert (page.status_code, "That week has passed. Choose this week or a later one." in page.text) == (422, True)
    assert series_of(db, cast.a5) == []


def test_a_class_that_has_the_themes_already_this_year_is_named_at_the_plan(agent: FlaskClient, cast: Cast, db: Session) -> None:
    template(db, cast, "fast", '"vennskap"')
    db.commit()
    one = wishes(cast, classes=[cast.b5.public_id], outline="fast", themes_of="fast", show="1") | times(cast.b5, "1")
    assert "5B already has these themes this school year:" in plan(agent.post(ADDRESS, data=one).text)


def test_a_class_that_loses_its_tick_with_another_template_is_named_at_the_plan(agent: FlaskClient, cast: Cast, db: Session) -> None:
    template(db, cast, "fast", '"vennskap"')
    db.commit()
    one = wishes(cast, classes=[cast.b5.public_id, cast.a5.public_id], themes_of="fast", show="1") | times(cast.b5, "1")
    assert "5B has a series from this template already, and is not chosen any longer." in plan(agent.post(ADDRESS, data=one).text)


def test_a_mixed_class_that_had_a_theme_this_year_is_told_so_once(agent: FlaskClient, cast: Cast, db: Session) -> None:
    had = make_series(db, cast, cast.mixed56, themes=("vennskap",), agents=[_agent_of(db, cast, cast.mixed56)])
    had.lessons[0].date = date(2026, 9, 2)
    template(db, cast, "fast", '"vennskap"')
    db.commit()
    data = wishes(cast, classes=[cast.mixed56.public_id], outline="fast", themes_of="fast", show="1") | times(cast.mixed56, "1")
    page = agent.post(ADDRESS, data=data).text
    assert re.findall(r'<p class="had">(.*?)</p>', page) == ["5–6 has had this earlier this school year"]


def test_a_start_in_the_holidays_is_refused_at_its_field_and_nothing_typed_is_lost(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post(ADDRESS, data=wishes(cast, start="2026-W53", **times(cast.a5, minutes="90")))
    assert page.status_code == 422
    assert "There is no school in week 53 2026 (Juleferie). The first possible week is week 1 2027." in page.text
    assert 'aria-describedby="start-help start-error"' in page.text
    assert 'value="10:15"' in page.text
    assert 'selected value="90"' in page.text
    assert series_of(db, cast.a5) == []


def test_holidays_stand_in_the_list_of_weeks_and_cannot_be_chosen(agent: FlaskClient) -> None:
    assert '<option disabled value="2026-W53">Week 53: Juleferie</option>' in agent.get(ADDRESS).text


def test_show_the_plan_refuses_in_the_same_words_as_saving(agent: FlaskClient, cast: Cast) -> None:
    shown = agent.post(ADDRESS, data=wishes(cast, start="2026-W53", show="1"))
    assert shown.status_code == 422
    assert "There is no school in week 53 2026 (Juleferie)." in plan(shown.text)


def test_a_day_on_which_the_agent_is_elsewhere_shows_what_would_do_instead(agent: FlaskClient, cast: Cast, db: Session) -> None:
    db.add(Elsewhere(district_id=cast.district.id, person_id=cast.agent.id, weekday=3, from_date=date(2026, 8, 1)))
    db.commit()
    shown = agent.post(ADDRESS, data=wishes(cast, show="1"))
    assert shown.status_code == 200
    assert "Ingrid Solfeng is elsewhere on Thursdays, so this time never works." in shown.text
    assert "<li>Choose Mondays.</li>" in shown.text
    saved = agent.post(ADDRESS, data=wishes(cast))
    assert saved.status_code == 422
    assert f'id="time_{cast.a5.public_id}-weekday-error"' in saved.text
    assert series_of(db, cast.a5) == []


def test_a_proposed_time_is_free_and_not_on_her_other_day(agent: FlaskClient, cast: Cast, db: Session) -> None:
    db.add(Elsewhere(district_id=cast.district.id, person_id=cast.agent.id, weekday=0, from_date=date(2026, 8, 1)))
    db.commit()
    page = agent.get(ADDRESS).text
    line = page.split(f'id="time_{cast.a5.public_id}-weekday"', 1)[1].split("</select>", 1)[0]
    assert re.search(r'<option selected value="(\d)">', line)[1] == "1"  # type: ignore[index]


def test_someone_must_hold_the_lessons(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post(ADDRESS, data=wishes(cast, agents=[]))
    assert page.status_code == 422
    assert "Choose one to three agents." in page.text
    assert series_of(db, cast.a5) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"start_time": "half past"},
        {"start_time": ""},
        {"weekday": "Friday"},
        {"weekday": "6"},
        {"minutes": "-1"},
        {"start": "2026-W99"},
        {"start": "x"},
        {"outline": "unknown"},
        {"agents": ["nobody"]},
        {"themes": ["unknown"]},
        {"classes": []},
        {"classes": ["zzzzzz"]},
    ],
)
def test_what_is_not_a_choice_is_refused_and_nothing_is_saved(agent: FlaskClient, cast: Cast, db: Session, broken: dict[str, Any]) -> None:
    in_line = {f"time_{cast.a5.public_id}-{name}": value for name, value in broken.items() if name in ("start_time", "weekday", "minutes")}
    page = agent.post(ADDRESS, data=wishes(cast, **(in_line or broken)))
    assert page.status_code == 422 or "outline" in broken
    assert series_of(db, cast.a5) == []


def test_a_time_that_is_none_is_named_with_its_class_and_stays_as_typed(agent: FlaskClient, cast: Cast) -> None:
    page = agent.post(ADDRESS, data=wishes(cast, **times(cast.a5, start="half past"))).text
    assert "5A, Starts at: Write a time, for example 08:30." in page
    assert 'value="half past"' in page


def test_the_line_of_a_class_that_is_not_chosen_is_not_looked_at(agent: FlaskClient, cast: Cast, db: Session) -> None:
    also_of(db, cast, cast.a6)
    assert agent.post(ADDRESS, data=wishes(cast, **times(cast.a6, start="half past"))).status_code == 303


@pytest.mark.parametrize("group", ["a6", "small"])
def test_an_agent_makes_no_series_for_another_agents_class(agent: FlaskClient, cast: Cast, db: Session, group: str) -> None:
    other = cast.classes[group]
    answer = agent.post(ADDRESS, data=wishes(cast, classes=[other.public_id], **times(other)))
    assert answer.status_code == 422
    assert list(db.scalars(select(Series.class_id))) == [cast.b5.id]


def test_an_agent_whose_assignment_ended_yesterday_holds_no_new_series(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post(ADDRESS, data=wishes(cast, agents=[cast.former.public_id]))
    assert page.status_code == 422
    assert cast.former.name not in page.text
    assert series_of(db, cast.a5) == []


def test_the_choice_of_classes_is_her_own(agent: FlaskClient) -> None:
    page = agent.get(ADDRESS).text
    assert ("Granlia skole" in page, ">5A" in page, ">5B" in page) == (True, True, True)
    assert ("6A" in page, "Bjørka" in page, "Elvesvingen" in page) == (False, False, False)


@pytest.mark.parametrize("who", ["teacher", "coordinator", "head", "administrator", "translator", "former"])
def test_only_agents_make_series(client: FlaskClient, cast: Cast, who: str) -> None:
    assert sign_in(client, cast.persons[who]).get(ADDRESS).status_code == 403


# --- Several classes --------------------------------------------------------------------------------------------------------------------


def test_two_classes_are_planned_at_once_each_at_its_own_time(agent: FlaskClient, cast: Cast, db: Session) -> None:
    also_of(db, cast, cast.a6)
    both = wishes(cast, classes=[cast.a5.public_id, cast.a6.public_id], **times(cast.a6, "1", "08:30"))
    shown = agent.post(ADDRESS, data=both | {"show": "1"})
    assert ("<h3>5A</h3>" in plan(shown.text), "<h3>6A</h3>" in plan(shown.text)) == (True, True)
    assert "Lessons: 2, the last in week 43." in plan(shown.text)
    answer = agent.post(ADDRESS, data=both)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rekker")
    assert "Planned: 6A, 5A." in agent.get("/rekker").text
    made = series_of(db, cast.a5, cast.a6)
    assert {(one.class_id, one.lessons[0].date, one.lessons[0].start) for one in made} == {
        (cast.a5.id, date(2026, 10, 15), time(10, 15)),
        (cast.a6.id, date(2026, 10, 20), time(8, 30)),
    }


@pytest.mark.parametrize(
    ("line", "words", "field"),
    [
        ({"start": "10:45"}, "6A has its lesson from 10:15 to 11:15 that day. Choose another time.", "start_time"),
        ({"start": "12:00", "minutes": "30"}, "Choose among those that are offered.", "minutes"),
        ({"start": "16:30"}, "Lessons are held between 07:00 and 17:00.", "start_time"),
    ],
)
def test_what_one_class_cannot_have_stands_on_its_line_and_none_is_made(
    agent: FlaskClient, cast: Cast, db: Session, line: dict[str, str], words: str, field: str
) -> None:
    also_of(db, cast, cast.a6)
    both = wishes(cast, classes=[cast.a6.public_id, cast.a5.public_id], **(times(cast.a6) | times(cast.a5, **line)))
    page = agent.post(ADDRESS, data=both)
    assert page.status_code == 422
    at_field = page.text.split(f'id="time_{cast.a5.public_id}-{field}-error"', 1)[1]
    assert words in at_field.split("</div>", 1)[0]
    assert f'value="{line["start"]}"' in page.text
    assert series_of(db, cast.a5, cast.a6) == []


def test_an_agent_who_is_not_the_other_classs_is_named_with_the_class(agent: FlaskClient, cast: Cast, db: Session) -> None:
    also_of(db, cast, cast.a6)
    data = wishes(cast, agents=[cast.agent.public_id, cast.other_agent.public_id])
    page = agent.post(ADDRESS, data=data)
    assert page.status_code == 422
    assert "Amir Lyngdal is not an agent of 5A." in page.text


def test_a_class_that_has_the_series_is_shown_as_such_and_cannot_be_chosen(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.get(ADDRESS).text
    assert re.search(rf'value="{cast.b5.public_id}" disabled', page)
    [made] = db.scalars(select(Series.public_id).where(Series.class_id == cast.b5.id))
    db.commit()
    assert f'href="/rekker/{made}"' in page
    forced = agent.post(ADDRESS, data=wishes(cast, classes=[cast.b5.public_id], **times(cast.b5)))
    assert forced.status_code == 422
    assert "5B already has a series from “Prøverekka” this school year." in forced.text


def test_halves_stand_under_their_class_and_are_proposed_together(agent: FlaskClient, cast: Cast, db: Session) -> None:
    halves = [_half(db, cast, cast.a5, "5A gruppe 1"), _half(db, cast, cast.a5, "5A gruppe 2")]
    also_of(db, cast, *halves)
    page = agent.get(ADDRESS).text
    ticked = re.findall(r'name="classes"[^>]*value="(\w+)" checked', page)
    assert ticked == [half.public_id for half in halves]
    assert "taught in halves" in page
    names = re.findall(r'data-weight="regular" for="classes-\w+">([^<\n]+)', page)
    assert [name.strip() for name in names][:3] == ["5A", "5A gruppe 1", "5A gruppe 2"]
    both = agent.post(ADDRESS, data=wishes(cast, classes=[cast.a5.public_id, halves[0].public_id], **times(halves[0], "1")))
    assert "5A gruppe 1 is a part of 5A. Choose the whole class or its parts." in both.text


def test_a_whole_class_is_not_to_be_chosen_beside_its_halves_that_have_a_series(agent: FlaskClient, cast: Cast, db: Session) -> None:
    half = _half(db, cast, cast.a5, "5A gruppe 1")
    also_of(db, cast, half)
    make_series(db, cast, half, agents=[cast.agent])
    db.commit()
    page = agent.get(ADDRESS).text
    assert "5A gruppe 1 has a series, and the pupils are the same." in page
    box = re.search(rf'<input[^>]*value="{cast.a5.public_id}"[^>]*>', page)
    assert box is not None
    assert (" disabled" in box[0], " checked" in box[0]) == (True, False), box[0]
    sent = agent.post(ADDRESS, data=wishes(cast))
    assert (sent.status_code, "they would have the course twice" in sent.text) == (422, True)


def _half(db: Session, cast: Cast, whole: SchoolClass, name: str) -> SchoolClass:
    half = SchoolClass(
        district_id=cast.district.id, school_id=whole.school_id, school_year=whole.school_year, name=name, kind=HALF, taken_from=[whole],
        grades=[ClassGrade(grade=5, cohort=2022)], public_id=new_code(6),
    )  # fmt: skip
    db.add(half)
    db.flush()
    return half


def test_a_mixed_class_says_which_years_it_holds(agent: FlaskClient, cast: Cast, db: Session) -> None:
    also_of(db, cast, cast.mixed56)
    assert "years 5–6" in agent.get(ADDRESS).text


def test_classes_of_the_next_school_year_have_its_weeks(agent: FlaskClient, cast: Cast, db: Session) -> None:
    later = SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2027, name="6A", grades=[])
    db.add(later)
    db.flush()
    also_of(db, cast, later)
    page = agent.get(ADDRESS).text
    assert '<optgroup label="School year 2027–2028">' in page
    assert "Granlia skole, School year 2027–2028" in page
    wrong = agent.post(ADDRESS, data=wishes(cast, classes=[later.public_id], **times(later)))
    assert "Week 42 2026 is not in the class’s school year, 2027–2028." in wrong.text


# --- Themes -----------------------------------------------------------------------------------------------------------------------------


def test_other_themes_of_the_bank_can_be_ticked_and_come_before_the_last(agent: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "folelser", "respekt", "avslutning")
    template(db, cast, "kort", '"folelser"\nfixed = true', '"avslutning"\nfixed = false\nlast = true')
    db.commit()
    page = agent.post(ADDRESS, data=wishes(cast, outline="kort", show="1")).text
    assert re.findall(r'name="themes"[^>]*value="([\w-]+)" checked', page) == ["folelser", "avslutning"]
    assert "More from the idea bank" in page
    ticked = ["avslutning", "folelser", "respekt"]
    answer = agent.post(ADDRESS, data=wishes(cast, outline="kort", themes_of="kort", themes=ticked))
    assert answer.status_code == 303
    keys = {document.id: document.key for document in db.scalars(select(ideabank.Document))}
    db.commit()
    assert [keys[lesson.theme_id] for lesson in series_of(db, cast.a5)[0].lessons] == ["folelser", "respekt", "avslutning"]


def test_another_template_is_looked_at_before_it_is_saved(agent: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "folelser")
    template(db, cast, "kort", '"folelser"\nfixed = false')
    db.commit()
    page = agent.post(ADDRESS, data=wishes(cast, outline="kort"))
    assert page.status_code == 200
    assert 'name="themes_of" type="hidden" value="kort"' in page.text
    assert series_of(db, cast.a5) == []


def test_no_theme_at_all_is_refused_at_the_themes(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post(ADDRESS, data=wishes(cast, themes=[]))
    assert page.status_code == 422
    assert "Choose at least one theme." in page.text.split('id="themes-error"', 1)[1].split("</div>", 1)[0]
    assert series_of(db, cast.a5) == []


def test_leaving_out_a_fixed_theme_is_possible_but_says_what_it_costs(agent: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "folelser")
    template(db, cast, "fast", '"folelser"\nfixed = true', '"vennskap"\nfixed = false')
    db.commit()
    data = wishes(cast, outline="fast", themes_of="fast", show="1")
    page = plan(agent.post(ADDRESS, data=data).text)
    assert "Without these the series cannot be put into use before you have given a waiver with a reason:" in page
    assert "Fixed themes are left out" not in agent.post(ADDRESS, data=data | {"themes": ["vennskap", "folelser"]}).text


def test_a_theme_of_the_template_that_is_not_published_is_said_and_not_planned(agent: FlaskClient, cast: Cast, db: Session) -> None:
    path, text = shipped()["folelser"]
    ideabank.load_document(db, cast.district, text, path, now=NOW, today=date(2027, 1, 1))
    template(db, cast, "halv", '"folelser"\nfixed = true', '"vennskap"\nfixed = false')
    db.commit()
    page = agent.post(ADDRESS, data=wishes(cast, outline="halv", show="1"))
    assert page.status_code == 200
    assert "“folelser” belongs here too, but has not been published yet." in page.text
    assert "Fixed themes are left out" in plan(page.text)
    assert "Lessons: 1," in plan(page.text)


def test_the_aims_add_up_and_the_aims_left_over_are_named_with_the_themes_that_serve_them(
    agent: FlaskClient, cast: Cast, db: Session
) -> None:
    publish(db, cast, "folelser", "respekt")
    db.commit()
    one = plan(agent.post(ADDRESS, data=wishes(cast, show="1")).text)
    assert "The themes serve 2 main aims and 3 supporting ones of LK20, in:" in one
    assert "Aims that none of these themes serves" in one
    assert ">Respekt" in one.split("Aims that none of these themes serves", 1)[1]
    all_three = plan(agent.post(ADDRESS, data=wishes(cast, show="1", themes=["vennskap", "folelser", "respekt"])).text)
    assert "Aims that none of these themes serves" not in all_three
    assert "Served by other themes" not in all_three


def test_what_the_cohort_had_is_hinted_and_left_out_at_one_press_but_for_fixed_themes(agent: FlaskClient, cast: Cast, db: Session) -> None:
    last_year = SchoolClass(
        district_id=cast.district.id, school_id=cast.school.id, school_year=2025, name="4A", grades=[ClassGrade(grade=4, cohort=2022)]
    )
    db.add(last_year)
    db.flush()
    db.add(Assignment(district_id=cast.district.id, person=cast.agent, role=AGENT, class_id=last_year.id, from_date=date(2025, 8, 1)))
    old = make_series(db, cast, cast.mixed56, themes=("vennskap", "folelser"), agents=[_agent_of(db, cast, cast.mixed56)])
    old.school_class = last_year
    for number, lesson in enumerate(old.lessons):
        lesson.date = date(2026, 3, 4 + 7 * number)
    template(db, cast, "fast", '"folelser"\nfixed = true', '"vennskap"\nfixed = false')
    db.commit()
    data = wishes(cast, outline="fast", themes_of="fast", themes=["folelser", "vennskap"])
    page = agent.post(ADDRESS, data=data | {"show": "1"}).text
    assert page.count("4A had this in year 4 (2025–2026)") == 2
    left = agent.post(ADDRESS, data=data | {"leave_out": "1"})
    assert left.status_code == 200
    assert re.findall(r'name="themes"[^>]*value="([\w-]+)" checked', left.text) == ["folelser"]
    assert "Leave out what they had" not in left.text


def _agent_of(db: Session, cast: Cast, group: SchoolClass) -> Any:
    also_of(db, cast, group)
    return cast.agent


def test_the_queries_do_not_grow_with_classes_and_themes(app: Flask, agent: FlaskClient, cast: Cast, db: Session) -> None:
    one = queries(app, lambda: agent.post(ADDRESS, data=wishes(cast, show="1")))
    more = [
        SchoolClass(district_id=cast.district.id, school_id=school.id, school_year=2026, name=f"7{letter}", grades=[])
        for school, letters in ((cast.school, "ABC"), (cast.other_school, "ABC"))
        for letter in letters
    ]
    db.add_all(more)
    db.flush()
    also_of(db, cast, *more)
    publish(db, cast, "folelser", "respekt", "samarbeid")
    db.commit()
    lines: dict[str, str] = {}
    for number, group in enumerate(more):
        lines |= times(group, str(number % 3), f"{8 + 2 * (number // 3):02}:00")
    data = wishes(
        cast, classes=[cast.a5.public_id, *(group.public_id for group in more)], themes=["vennskap", "folelser", "respekt"], **lines
    )
    shown = agent.post(ADDRESS, data=data | {"show": "1"})
    assert "Lessons: 21, the last in week 45." in shown.text
    assert queries(app, lambda: agent.post(ADDRESS, data=data | {"show": "1"})) == one


def test_where_every_class_has_a_series_none_is_ticked_and_the_page_asks_for_one(agent: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast)
    template(db, cast, "fast", '"vennskap"')
    db.commit()
    page = agent.get(ADDRESS)
    assert (page.status_code, re.findall(r'name="classes"[^>]*value="(\w+)" checked', page.text)) == (200, [])
    assert "Choose at least one class." in plan(page.text)


def test_a_second_series_in_the_same_weeks_is_told_before_it_is_saved(agent: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "folelser")
    template(db, cast, "fast", '"folelser"')
    make_series(db, cast, start=date(2026, 10, 19))
    db.commit()
    data = wishes(cast, outline="fast", themes_of="fast", themes=["folelser"], show="1")
    told = "5A has another course series in the same weeks, and so two lessons a week: 43."
    assert told in plan(agent.post(ADDRESS, data=data | {"start": "2026-W43"}).text)
    assert "another course series in the same weeks" not in plan(agent.post(ADDRESS, data=data).text)
