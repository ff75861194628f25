"""One request, one transaction: what is answered well is kept, all else leaves nothing behind, and what was typed comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask, Response, abort, make_response, render_template_string, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField

from app.access import EVERYONE, open_to
from app.database import make_engine, remember, session
from app.pages import Form, FreeText, done
from curriculum.base import N_, Refused, WroteWhileReading, writing
from curriculum.people import TEACHER, AuditEvent, HelpLine, School
from tests.cast import Cast, looking, sign_in

NOW = datetime(2026, 10, 14, 8, tzinfo=UTC)
TYPED = "Vi tar med dette i neste møte, og skriver til rektor."


class PhoneForm(Form):
    phone = StringField(N_("Phone"))
    note = TextAreaField(N_("Note"), validators=[FreeText()])


PHONE_PAGE = """<form method="post"><p>{{ school.phone }}</p>
{% for field in form %}{{ field() }}{% for words in field.errors %}<b>{{ field.name }}: {{ words }}</b>{% endfor %}{% endfor %}
{% for words in form.form_errors %}<b>{{ words }}</b>{% endfor %}</form>"""


@open_to(EVERYONE)
def edit_phone() -> AnyResponse:
    """A page as the rooms write them: a form, a rule of the domain, and on to the next page."""
    form = PhoneForm()
    school = session().scalars(select(School).order_by(School.id)).first()
    assert school is not None
    if form.validate_on_submit():
        school.phone = str(form.phone.data)
        _rule(school)
        return done("Saved.", "accounts.front")
    return make_response(render_template_string(PHONE_PAGE, form=form, school=school), 422 if request.method == "POST" else 200)


def _rule(school: School) -> None:
    """The domain: it flushes, and may refuse after that."""
    remember(AuditEvent(at=NOW, kind="phone changed", about=school.phone))
    session().flush()
    match school.phone:
        case "refused":
            raise Refused(N_("There are %(count)s phones too many."), at="phone", count=3)
        case "refused elsewhere":
            raise Refused(N_("Not today."), at="no such field")
        case "fault":
            raise RuntimeError("ours")
        case "gone":
            abort(404)
        case "overtaken":
            set_committed_value(school, "version", 4711)
            school.phone = "0"
        case "broken rule":
            session().add(HelpLine(district_id=4711, position=1, name="x", phone="1"))
        case "disk full":
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))


@open_to(EVERYONE)
def press() -> AnyResponse:
    """A button without a form class: nowhere to show a refusal but on a page of its own."""
    school = session().scalars(select(School).order_by(School.id)).first()
    assert school is not None
    school.phone = request.form["phone"]
    if request.args.get("first"):
        raise Refused(N_("Not today."))
    _rule(school)
    return done("Pressed.", "accounts.front")


@open_to(EVERYONE)
def look() -> Response:
    """A GET, and what it should never do."""
    match request.args.get("slip"):
        case "adds":
            session().add(HelpLine(district_id=1, position=9, name="x", phone="1"))
        case "changes":
            session().scalars(select(School)).first().phone = "9"  # type: ignore[union-attr]
        case "flushes":
            session().scalars(select(School)).first().phone = "9"  # type: ignore[union-attr]
            session().flush()
        case "commits":
            session().scalars(select(School)).first().phone = "9"  # type: ignore[union-attr]
            session().commit()
        case "refuses":
            raise Refused(N_("There are %(count)s phones too many."), count=3)
    return make_response("looked")


def add_pages(app: Flask) -> None:
    app.add_url_rule("/phone", view_func=edit_phone, methods=["GET", "POST"])
    app.add_url_rule("/press", view_func=press, methods=["POST"])
    app.add_url_rule("/look", view_func=look)
    app.add_url_rule("/return", view_func=come_back)
    app.add_url_rule("/teachers-only", view_func=teachers_only, methods=["GET", "POST"])


pytestmark = pytest.mark.pages(add=add_pages)


@open_to(TEACHER)
def teachers_only() -> Response:
    return make_response("for teachers")


@open_to(EVERYONE, writes=True)
def come_back() -> Response:
    session().scalars(select(School).order_by(School.id)).first().phone = "9"  # type: ignore[union-attr]
    return make_response("written")


@pytest.fixture
def unseen(app: Flask) -> Iterator[None]:
    """Faults are answered as for anyone, not thrown at the test."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield


def phone(db: Session, cast: Cast) -> str:
    with looking(db) as fresh:
        return fresh.get_one(School, cast.school.id).phone


def events(db: Session) -> list[tuple[str, str]]:
    with looking(db) as fresh:
        return [(event.kind, event.about) for event in fresh.scalars(select(AuditEvent).order_by(AuditEvent.id))]


# --- What is answered well is kept -------------------------------------------------------------------------------------------------


def test_a_form_that_is_right_is_saved_before_the_answer_leaves(client: FlaskClient, cast: Cast, db: Session) -> None:
    response = client.post("/phone", data={"phone": "22 11 11 11", "note": TYPED})
    assert (response.status_code, response.location) == (303, "/")
    assert phone(db, cast) == "22 11 11 11"
    assert events(db) == [("phone changed", "22 11 11 11")]
    assert "Saved." in client.get("/logg-inn").text


@pytest.mark.own_app
def test_what_fails_after_the_commit_does_not_undo_it(app: Flask, client: FlaskClient, cast: Cast, db: Session, unseen: None) -> None:
    @app.after_request
    def stumble(response: Response) -> Response:
        if response.status_code == 303:
            raise RuntimeError("after the commit")
        return response

    assert client.post("/phone", data={"phone": "22 11 11 11"}).status_code == 500
    assert phone(db, cast) == "22 11 11 11"


def test_an_address_that_says_so_may_write_when_it_is_opened(client: FlaskClient, cast: Cast, db: Session) -> None:
    assert client.get("/return").text == "written"
    assert phone(db, cast) == "9"


# --- Whatever else happens, nothing is kept, and what was typed comes back ----------------------------------------------------------


def test_a_refusal_shows_the_same_page_with_its_words_at_the_field_and_everything_typed(
    client: FlaskClient, cast: Cast, db: Session
) -> None:
    response = client.post("/phone", data={"phone": "refused", "note": TYPED})
    assert response.status_code == 422
    assert "<b>phone: There are 3 phones too many.</b>" in response.text
    assert 'value="refused"' in response.text
    assert TYPED in response.text
    assert f"<p>{cast.school.phone}</p>" in response.text
    assert phone(db, cast) == "22 00 00 00"


def test_a_refusal_that_belongs_to_no_field_stands_above_the_form(client: FlaskClient, cast: Cast) -> None:
    response = client.post("/phone", data={"phone": "refused elsewhere", "note": TYPED})
    assert response.status_code == 422
    assert "<b>Not today.</b>" in response.text
    assert TYPED in response.text


def test_a_field_that_is_wrong_and_a_refusal_are_both_said(client: FlaskClient, cast: Cast, db: Session) -> None:
    response = client.post("/phone", data={"phone": "1", "note": "Født 13097248022."})
    assert response.status_code == 422
    assert "fødselsnummer" in response.text
    assert "13097248022" in response.text
    assert phone(db, cast) == "22 00 00 00"


@pytest.mark.parametrize("address", ["/press", "/press?first=yes"])
def test_a_refused_button_has_a_page_of_its_own(address: str, client: FlaskClient, cast: Cast, db: Session) -> None:
    response = client.post(address, data={"phone": "refused elsewhere", "note": TYPED})
    assert response.status_code == 422
    assert "Not today." in response.text
    assert TYPED in response.text
    assert phone(db, cast) == "22 00 00 00"


def test_events_outlive_the_refusal(client: FlaskClient, cast: Cast, db: Session) -> None:
    client.post("/phone", data={"phone": "refused"})
    assert events(db) == [("phone changed", "refused")]


@pytest.mark.parametrize(("typed", "status"), [("overtaken", 409), ("broken rule", 409), ("gone", 404), ("disk full", 503), ("fault", 500)])
def test_a_fault_saves_nothing_and_gives_back_what_was_typed(
    typed: str, status: int, client: FlaskClient, cast: Cast, db: Session, unseen: None
) -> None:
    response = client.post("/phone", data={"phone": typed, "note": TYPED})
    assert response.status_code == status
    assert TYPED in response.text
    assert phone(db, cast) == "22 00 00 00"
    with looking(db) as fresh:
        assert fresh.scalar(select(func.count()).select_from(HelpLine)) == 1
    assert "Saved." not in client.get("/").text


def test_events_of_a_request_stopped_at_the_door_are_kept(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.administrator)
    assert client.get("/teachers-only").status_code == 403
    assert client.post("/teachers-only").status_code == 403
    assert events(db)[1:] == [("refused", "teachers_only")] * 2
    assert phone(db, cast) == "22 00 00 00"


@pytest.mark.own_app
def test_a_post_that_is_answered_with_a_fault_of_its_own_saves_nothing(app: Flask, client: FlaskClient, cast: Cast, db: Session) -> None:
    @open_to(EVERYONE)
    def half_done() -> Response:
        session().scalars(select(School).order_by(School.id)).first().phone = "9"  # type: ignore[union-attr]
        session().flush()
        return make_response("no", 400)

    app.add_url_rule("/half", view_func=half_done, methods=["POST"])
    assert client.post("/half").status_code == 400
    assert phone(db, cast) == "22 00 00 00"


# --- A GET never writes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("slip", ["flushes", "commits"])
def test_a_get_that_writes_is_a_fault_of_ours(slip: str, method: str, client: FlaskClient, cast: Cast, db: Session) -> None:
    with pytest.raises(WroteWhileReading, match="a reading request wrote: UPDATE school"):
        client.open(f"/look?slip={slip}", method=method)
    assert phone(db, cast) == "22 00 00 00"


@pytest.mark.parametrize("slip", ["adds", "changes"])
def test_a_get_that_leaves_changes_nobody_commits_fails_in_the_test(slip: str, client: FlaskClient, cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="left changes uncommitted"):
        client.get(f"/look?slip={slip}")


@pytest.mark.own_app
def test_a_post_that_changes_something_after_its_commit_fails_in_the_test(app: Flask, client: FlaskClient, cast: Cast) -> None:
    @app.after_request
    def too_late(response: Response) -> Response:
        session().add(HelpLine(district_id=1, position=9, name="x", phone="1"))
        return response

    with pytest.raises(RuntimeError, match="left changes uncommitted"):
        client.post("/phone", data={"phone": "22 11 11 11"})


def test_a_get_that_the_rules_refuse_is_answered_in_words(client: FlaskClient, cast: Cast) -> None:
    response = client.get("/look?slip=refuses")
    assert response.status_code == 422
    assert "There are 3 phones too many." in response.text


@pytest.mark.own_app
def test_while_a_page_is_read_another_may_write(app: Flask, client: FlaskClient, cast: Cast, database_url: str) -> None:
    """On SQLite a reader that took the write lock would hold everyone up."""
    engine = make_engine(database_url)

    @open_to(EVERYONE)
    def slow() -> Response:
        session().scalars(select(School)).all()
        with writing(), Session(engine) as other:
            other.get_one(School, cast.school.id).phone = "33"
            other.commit()
        return make_response("done")

    app.add_url_rule("/slow", view_func=slow)
    assert client.get("/slow").text == "done"
    engine.dispose()
