"""A class's page for its parents: the chooser, the weeks, a lesson, and the same beside the Norwegian."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from curriculum import interchange, planning
from curriculum.base import new_code
from curriculum.people import HALF, PARENTS, SchoolClass, new_link, open_links
from curriculum.planning import HELD, Move, Series
from curriculum.text import LANGUAGES
from tests.cast import CONTENT, NOW, Cast, make_series, publish
from tests.states import state


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's series: last week, this week, next week."""
    publish(db, cast, "district-texts")
    made = make_series(db, cast, start=cast.today - timedelta(weeks=1), themes=("folelser", "vennskap", "samarbeid"))
    db.commit()
    assert [lesson.date - cast.today for lesson in made.lessons] == [timedelta(weeks=weeks) for weeks in (-1, 0, 1)]
    return made


def links(html: str) -> list[str]:
    return [link for link in re.findall(r'href="([^"]*)"', html) if link.startswith("/f/")]


def to_lessons(html: str) -> set[str]:
    """The links that lead to a lesson."""
    return {link for link in links(html) if link.count("/") == 4 and not link.endswith(("/om-oss", "/del"))}


def without_saved(html: str) -> str:
    """A page without the line that a telephone shows when it has saved it: that one has the day on which it was read."""
    page, found = re.subn(r"<div class=\"note\" data-saved hidden>.*?</div>", "", html, flags=re.S)
    assert found == 1
    return page


# --- The chooser ------------------------------------------------------------------------------------------------------------------------


def test_the_open_languages_are_offered_by_their_own_names_the_browsers_first(client: FlaskClient, cast: Cast) -> None:
    code = cast.parents_link.code
    html = client.get(f"/f/{code}", headers={"Accept-Language": "so-SO,en;q=0.5"}).text
    assert links(html) == [f"/f/{code}/{tag}" for tag in ("so", "nb", "en", "ur")]
    for tag in ("so", "nb", "en", "ur"):
        assert re.search(rf'lang="{tag}" dir="{LANGUAGES[tag].direction}" hreflang="{tag}">{LANGUAGES[tag].endonym}<', html)
    assert '<html lang="so" dir="ltr">' in html


def test_a_browser_in_a_closed_language_gets_the_districts_order(client: FlaskClient, cast: Cast) -> None:
    response = client.get(f"/f/{cast.parents_link.code}", headers={"Accept-Language": "ar"})
    assert links(response.text) == [f"/f/{cast.parents_link.code}/{tag}" for tag in ("nb", "en", "ur", "so")]
    assert response.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("tag", ["ar", "xx", "NB", "pl"])
def test_a_language_that_is_not_open_leads_to_the_chooser(tag: str, client: FlaskClient, cast: Cast, series: Series) -> None:
    code, lesson = cast.parents_link.code, series.lessons[1].public_id
    for path in (f"/f/{code}/{tag}", f"/f/{code}/{tag}/{lesson}", f"/f/{code}/{tag}/{lesson}/sammen"):
        response = client.get(path)
        assert (response.status_code, response.location) == (302, f"/f/{code}")


@pytest.mark.parametrize("path", ["", "/so", "/so/{lesson}", "/so/{lesson}/sammen"])
def test_a_mangled_code_leads_to_the_right_one_for_good(path: str, client: FlaskClient, cast: Cast, db: Session) -> None:
    cast.parents_link.code = "parent0a1k"
    db.commit()
    right = "/f/parent0a1k" + path.format(lesson="abc1d0")
    for typed in ("PARENT0A1K", "parentOalk", "parent 0a1k", "PARENT-OAIK"):
        for lesson in ("abc1d0", "ABCLDO"):
            response = client.get(f"/f/{typed}" + path.format(lesson=lesson))
            assert (response.status_code, response.location) == (308, right)


@pytest.mark.parametrize("path", ["", "/so", "/so/{lesson}", "/so/{lesson}/sammen"])
def test_a_slash_too_many_or_signs_nobody_sees_are_forgiven(path: str, client: FlaskClient, cast: Cast, series: Series) -> None:
    code, rest = cast.parents_link.code, path.format(lesson=series.lessons[1].public_id)
    for typed in (f"/f/{code}{rest}/", f"/f/{code}\u200b{rest}", f"/f/\ufeff{code}{rest}/"):
        response = client.get(typed)
        assert (response.status_code, response.location) == (308, f"/f/{code}{rest}")
    assert client.get("/f/\u200b").status_code in (308, 404)


# --- The code from paper ----------------------------------------------------------------------------------------------------------------


def test_a_parent_types_the_code_from_paper_on_the_front_page(client: FlaskClient, cast: Cast) -> None:
    front = client.get("/")
    assert 'action="/f"' in front.text and 'name="kode"' in front.text
    assert "Set-Cookie" not in front.headers
    code = cast.parents_link.code
    for typed in (code, f" {code[:5].upper()}-{code[5:]} ", f"https://kurs.example/f/{code}/so"):
        response = client.get("/f", query_string={"kode": typed})
        assert (response.status_code, response.location) == (302, f"/f/{code}")
        assert "Set-Cookie" not in response.headers


def test_an_unknown_code_is_told_so_with_the_field_to_try_again(client: FlaskClient, cast: Cast) -> None:
    response = client.get("/f?kode=zzzzzzzzzz", headers={"Accept-Language": "en"}, follow_redirects=True)
    assert response.status_code == 404
    assert "A letter in the address may be wrong" in response.text
    assert 'name="kode"' in response.text
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/f", "/f/", "/f?kode=", "/f?kode=%E2%80%8B"])
def test_no_code_at_all_is_asked_for(address: str, client: FlaskClient, cast: Cast) -> None:
    response = client.get(address, headers={"Accept-Language": "so"})
    assert response.status_code == 200
    assert '<html lang="so"' in response.text and 'name="kode"' in response.text
    assert "Set-Cookie" not in response.headers


# --- The weeks --------------------------------------------------------------------------------------------------------------------------


def test_the_weeks_so_far_can_be_opened_and_the_next_theme_is_only_named(client: FlaskClient, cast: Cast, series: Series) -> None:
    code = cast.parents_link.code
    html = client.get(f"/f/{code}/nb").text
    assert to_lessons(html) == {f"/f/{code}/nb/{lesson.public_id}" for lesson in series.lessons[:2]}
    assert "Samarbeid" in html
    assert client.get(f"/f/{code}/nb/{series.lessons[2].public_id}").status_code == 404


def test_the_next_theme_says_its_year_only_when_that_is_another(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    code, last = cast.parents_link.code, series.lessons[2]
    for when, said in ((last.date, f"Uke {last.date.isocalendar().week}</bdi>"), (date(2027, 1, 6), "Uke 1</bdi> <bdi>(2027)</bdi>")):
        last.date = when
        db.commit()
        for path in (f"/f/{code}/nb", f"/f/{code}/nb/{series.lessons[1].public_id}"):
            page = client.get(path).text
            assert (said in page, "(20" in page) == (True, when.year == 2027)
    assert "<bdi>(2027)</bdi>" in client.get(f"/f/{code}/ur").text


def test_parents_read_the_week_and_never_the_day_the_time_or_the_room(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    series.lessons[1].room = "Musikkrommet"
    db.commit()
    code = cast.parents_link.code
    for path in ("/en", f"/en/{series.lessons[1].public_id}", f"/en/{series.lessons[1].public_id}/sammen"):
        html = without_saved(client.get(f"/f/{code}{path}").text)
        assert "42" in html
        for secret in ("Musikkrommet", "08:30", "Wednesday", "onsdag", "14 October", "14. oktober"):
            assert secret not in html


def test_before_a_series_is_in_use_there_are_no_weeks_and_no_lesson(client: FlaskClient, cast: Cast, db: Session) -> None:
    planned = make_series(db, cast, in_use=False)
    db.commit()
    code = cast.parents_link.code
    assert to_lessons(client.get(f"/f/{code}/nb").text) == set()
    assert client.get(f"/f/{code}/nb/{planned.lessons[0].public_id}").status_code == 404


def test_a_lesson_of_another_class_is_not_there(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    other = make_series(db, cast, cast.small)
    db.commit()
    for suffix in ("", "/sammen"):
        assert client.get(f"/f/{cast.parents_link.code}/nb/{other.lessons[0].public_id}{suffix}").status_code == 404


def test_a_teachers_code_does_not_open_the_parents_page(client: FlaskClient, cast: Cast) -> None:
    assert client.get(f"/f/{cast.teacher_link.code}").status_code == 404


def test_whose_page_it_is_stands_on_it_but_a_small_groups_names_only_the_school(client: FlaskClient, cast: Cast, db: Session) -> None:
    small = new_link(db, cast.small, "parents", expires=cast.today)
    db.commit()
    assert "5A" in client.get(f"/f/{cast.parents_link.code}/en").text
    html = client.get(f"/f/{small.code}/en").text
    assert "Granlia skole" in html
    assert "Bjørka" not in html


# --- A lesson ---------------------------------------------------------------------------------------------------------------------------


def test_without_a_translation_a_parent_reads_norwegian_and_is_told_so(client: FlaskClient, cast: Cast, series: Series) -> None:
    html = client.get(f"/f/{cast.parents_link.code}/so/{series.lessons[1].public_id}").text
    assert '<html lang="so" dir="ltr">' in html
    assert 'lang="nb" dir="ltr"' in html
    assert "Vennskap" in html


def translate(db: Session, cast: Cast, tag: str) -> None:
    """Machine drafts as they are shipped, in a district that lets parents read them."""
    cast.district.parents_read = "draft"
    interchange.import_po(db, cast.district, tag, CONTENT.parent / "translations" / tag / "themes.po", now=NOW)
    db.commit()


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["so", "ur"])
def test_a_parent_reads_the_lesson_in_her_language_and_beside_the_norwegian(tag: str, client: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "district-texts", *(["intro", "identitet-1", "identitet-2", "selvfolelse", "folelser", "samarbeid", "konflikt-1"]))
    series = make_series(db, cast)
    translate(db, cast, tag)
    code, lesson = cast.parents_link.code, series.lessons[0].public_id
    html, beside = client.get(f"/f/{code}/{tag}/{lesson}").text, client.get(f"/f/{code}/{tag}/{lesson}/sammen").text
    for page in (html, beside):
        assert f'<html lang="{tag}" dir="{LANGUAGES[tag].direction}">' in page
    norwegian = client.get(f"/f/{code}/nb/{lesson}").text
    weeks = client.get(f"/f/{code}/{tag}").text
    ours = re.search(r'class="first"[^>]*>\s*<p[^>]*>(.*?)</p>', html, re.S)
    assert ours is not None and ours.group(1) in weeks
    assert 'class="sentence"' not in client.get(f"/f/{code}/nb").text
    machine = re.search(r'class="note"[^>]*>\s*<p>(.*?)</p>', weeks, re.S)
    assert machine is not None and machine.group(1) in html  # a machine's words are said to be a machine's here too
    first = re.search(r'class="first"[^>]*>\s*<p[^>]*>(.*?)</p>', norwegian, re.S)
    assert first is not None
    assert first.group(1) not in html
    assert first.group(1) in beside


def test_a_sentence_that_is_not_translated_is_marked_in_the_list_of_weeks(client: FlaskClient, cast: Cast, series: Series) -> None:
    html = client.get(f"/f/{cast.parents_link.code}/en").text
    assert html.count('<div lang="nb" dir="ltr">') >= 2
    assert "This part has not been translated yet." in html


@pytest.mark.slow
def test_beside_the_norwegian_each_word_stands_by_its_own_translation(client: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "district-texts")
    lesson = make_series(db, cast).lessons[0].public_id
    cast.district.parents_read = "draft"
    interchange.import_po(db, cast.district, "so", CONTENT.parent / "translations" / "so", now=NOW)
    db.commit()
    html = client.get(f"/f/{cast.parents_link.code}/so/{lesson}/sammen").text
    pairs = re.findall(r'<div class="pair">\s*<div>(.*?)</div>\s*<div lang="nb" dir="ltr">(.*?)</div>', html, re.S)
    words = [(ours.count("<strong>"), theirs.count("<strong>")) for ours, theirs in pairs if "<strong>" in ours]
    assert len(words) >= 3 and set(words) == {(1, 1)}


def test_a_number_stands_under_its_name(client: FlaskClient, cast: Cast, series: Series) -> None:
    html = client.get(f"/f/{cast.parents_link.code}/so/{series.lessons[1].public_id}").text
    assert re.search(r'<ul class="reach">\s*<li><bdi lang="nb" dir="ltr">Granlia skole[^<]*</bdi><br><a href="tel:', html)


def test_each_page_leads_to_the_others(client: FlaskClient, cast: Cast, series: Series) -> None:
    code, lesson = cast.parents_link.code, series.lessons[1].public_id
    assert {f"/f/{code}", f"/f/{code}/so", f"/f/{code}/so/{lesson}/sammen"} <= set(links(client.get(f"/f/{code}/so/{lesson}").text))
    assert {f"/f/{code}", f"/f/{code}/so", f"/f/{code}/so/{lesson}"} <= set(links(client.get(f"/f/{code}/so/{lesson}/sammen").text))
    assert f"/f/{code}/nb/{lesson}/sammen" not in links(client.get(f"/f/{code}/nb/{lesson}").text)


def test_every_link_of_every_page_leads_somewhere(client: FlaskClient, cast: Cast, series: Series) -> None:
    code = cast.parents_link.code
    seen: set[str] = set()
    waiting = [f"/f/{code}"]
    while waiting:
        path = waiting.pop()
        if path not in seen and len(seen) < 15:
            seen.add(path)
            response = client.get(path)
            assert response.status_code == 200, path
            waiting += [link for link in links(response.text) if link.startswith("/f/") and ("/so" in link or link.count("/") == 2)]
    assert len(seen) > 5


# --- About us ---------------------------------------------------------------------------------------------------------------------------


def test_about_us_is_one_press_away_from_every_page_in_a_language(client: FlaskClient, cast: Cast, series: Series) -> None:
    code, lesson = cast.parents_link.code, series.lessons[1].public_id
    for path, tag in (("/so", "so"), (f"/so/{lesson}", "so"), (f"/so/{lesson}/sammen", "so"), ("/nb", "nb")):
        html = client.get(f"/f/{code}{path}", headers={"Accept-Language": tag}).text
        assert f"/f/{code}/{tag}/om-oss" in links(html), path


def test_about_us_says_who_holds_the_course_their_duties_and_whom_to_ring(
    client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    cast.agent.shows_first_name = True
    db.commit()
    html = client.get(f"/f/{cast.parents_link.code}/nb/om-oss").text
    for words in (
        "Vi som holder kurset, kalles sosialagenter.",
        "Vi har taushetsplikt.",
        "Du kan få tolk",
        "Snakk først med læreren",
        "Ingrid",
    ):
        assert words in html
    assert 'href="tel:' in html
    assert "Solfeng" not in html


def test_about_us_forgives_a_slash_and_a_mangled_code_and_a_closed_language_leads_to_the_chooser(client: FlaskClient, cast: Cast) -> None:
    code = cast.parents_link.code
    for typed in (f"/f/{code}/so/om-oss/", f"/f/{code[:5]}-{code[5:]}/so/om-oss"):
        assert (client.get(typed).status_code, client.get(typed).location) == (308, f"/f/{code}/so/om-oss")
    assert client.get(f"/f/{code}/ar/om-oss").location == f"/f/{code}"
    assert client.get("/f/zzzzzzzzzz/so/om-oss").status_code == 404


def test_no_lesson_can_have_the_address_of_about_us(client: FlaskClient, cast: Cast, series: Series) -> None:
    assert all(new_code(6).isalnum() for _ in range(50))
    assert client.get(f"/f/{cast.parents_link.code}/so/om-oss").text != client.get(f"/f/{cast.parents_link.code}/so/omoss").text


def test_a_small_groups_page_about_us_does_not_name_it(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.small)
    small = new_link(db, cast.small, "parents", expires=cast.today)
    db.commit()
    html = client.get(f"/f/{small.code}/nb/om-oss").text
    assert ("Granlia skole" in html, "Bjørka" in html) == (True, False)


# --- Halves, moved and cancelled --------------------------------------------------------------------------------------------------------


def test_a_class_in_halves_has_one_line_a_week_that_names_a_half_only_for_what_is_so_of_it_alone(
    client: FlaskClient, cast: Cast, db: Session
) -> None:
    second = SchoolClass(district_id=cast.district.id, school=cast.school, school_year=2026, name="5B-to", kind=HALF, taken_from=[cast.b5])
    db.add(second)
    db.flush()
    made = [make_series(db, cast, half, agents=[cast.agent], weekday=day) for half, day in ((cast.half, 2), (second, 3))]
    db.commit()
    code = open_links(db, cast.b5, cast.today)[PARENTS].code
    weeks = client.get(f"/f/{code}/nb").text
    assert len(to_lessons(weeks)) == 1
    pages = [client.get(f"/f/{code}/nb/{one.lessons[0].public_id}") for one in made]
    assert [page.status_code for page in pages] == [200, 200]
    for html in (weeks, *(page.text for page in pages), client.get(f"/f/{code}/nb/om-oss").text):
        assert ("5B" in html, cast.half.name in html, second.name in html) == (True, False, False)
    planning.cancel_lesson(db, made[0].lessons[0], by=cast.agent, now=NOW)
    db.commit()
    text = client.get(f"/f/{code}/en").text
    assert f"<bdi>{cast.half.name}</bdi>: cancelled" in text
    for path in ("", "/sammen"):
        one = client.get(f"/f/{code}/en/{made[1].lessons[0].public_id}{path}").text
        assert f"{cast.half.name}: The lesson in week 42 is cancelled." in one
    planning.cancel_lesson(db, made[1].lessons[0], by=cast.agent, now=NOW)
    db.commit()
    assert "this week · cancelled" in client.get(f"/f/{code}/en").text


@pytest.mark.parametrize("weeks_ahead", [0, -1])
def test_a_cancelled_week_says_there_is_no_lesson_and_folds_what_it_would_have_been_about(
    weeks_ahead: int, client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    lesson = series.lessons[1 + weeks_ahead]
    planning.cancel_lesson(db, lesson, by=cast.agent, now=NOW)
    db.commit()
    code = cast.parents_link.code
    for suffix in ("", "/sammen"):
        html = client.get(f"/f/{code}/nb/{lesson.public_id}{suffix}").text
        assert f"Kurset er avlyst i uke {42 + weeks_ahead}." in html
        assert ("Tema denne uka" in html, "Spør barnet ditt" in html, "Temaet som var planlagt" in html) == (False, False, True)
        assert "Ord vi bruker" in html
    assert 'class="first"' not in client.get(f"/f/{code}/nb/{lesson.public_id}").text
    assert client.get(f"/f/{code}/en").text.count('class="sentence"') == 1


def test_the_text_of_a_week_gone_by_is_said_to_be_of_that_week(client: FlaskClient, cast: Cast, series: Series) -> None:
    code = cast.parents_link.code
    for lesson, is_past in ((series.lessons[0], True), (series.lessons[1], False)):
        for suffix in ("", "/sammen"):
            html = client.get(f"/f/{code}/nb/{lesson.public_id}{suffix}").text
            assert ("Teksten er skrevet for uke 41." in html) == is_past


def test_parents_of_a_small_group_do_not_read_that_it_is_for_the_whole_class(client: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "district-texts")
    lessons = {group: make_series(db, cast, group).lessons[0].public_id for group in (cast.a5, cast.small)}
    small = new_link(db, cast.small, "parents", expires=cast.today)
    db.commit()
    for group, code in ((cast.a5, cast.parents_link.code), (cast.small, small.code)):
        pages = [client.get(f"/f/{code}/nb{path}").text for path in ("", "/om-oss", f"/{lessons[group]}", f"/{lessons[group]}/sammen")]
        is_small = group is cast.small
        assert ("Dette jobber vi med" in pages[0], "Dette jobber klassen med" in pages[0]) == (is_small, not is_small)
        assert ["hele klassen" in page for page in pages[1:]] == [not is_small] * 3


def test_a_moved_lesson_says_from_which_week_and_this_week_says_to_which(
    client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    code, lesson = cast.parents_link.code, series.lessons[1]
    db.add(
        Move(district_id=lesson.district_id, lesson_id=lesson.id, old_date=lesson.date - timedelta(weeks=1), new_date=lesson.date, at=NOW)
    )
    later = series.lessons[2]
    db.add(Move(district_id=lesson.district_id, lesson_id=later.id, old_date=lesson.date, new_date=later.date, at=NOW))
    db.commit()
    html = client.get(f"/f/{code}/en").text
    assert ("moved from week 41" in html, "moved to week 43" in html) == (True, True)
    assert "The lesson was moved here from week 41." in client.get(f"/f/{code}/en/{lesson.public_id}").text


def test_before_it_is_this_weeks_theme_and_afterwards_what_we_did(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    code, lesson = cast.parents_link.code, series.lessons[1]
    assert "Tema denne uka" in client.get(f"/f/{code}/nb/{lesson.public_id}").text
    lesson.state = HELD
    db.commit()
    assert "Dette gjorde vi" in client.get(f"/f/{code}/nb/{lesson.public_id}").text


def test_a_lesson_stands_in_the_order_it_is_needed(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    series.lessons[1].state = HELD
    db.commit()
    html = client.get(f"/f/{cast.parents_link.code}/en/{series.lessons[1].public_id}").text
    order = re.findall(r"<h[12][^>]*>(?:<bdi[^>]*>)?([^<]+)", html)
    wanted = [
        "Vennskap",
        "Ask your child",
        "Words we use",
        "What we did",
        "Try together",
        "More to talk about",
        "If it is difficult",
        "Talk with us",
    ]
    assert order[: len(wanted) + 1] == [*wanted, "Next theme"]
