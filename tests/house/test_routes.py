"""Every address has a rule of who may come in, and answers as its rule says: signed out, in each role, asked and sent to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.access import EVERYONE, SIGNED_IN, WITHOUT_ROLE
from curriculum.people import ROLES, roles
from tests.cast import TODAY, Cast, sign_in

MAY_WRITE_WHEN_OPENED = {"administrators.look_at_days"}
"""Endpoints whose GET writes: one tries what a list would do, and takes all of it back."""

FOR_EVERYONE = {
    "accounts.choose_language",
    "accounts.favicon",
    "accounts.front",
    "accounts.healthz",
    "accounts.new_password",
    "accounts.robots",
    "accounts.sign_in",
    "accounts.sign_out",
    "agents.calendar_file",
    "parents.about",
    "parents.choose",
    "parents.find",
    "parents.lesson",
    "parents.share",
    "parents.sheet",
    "parents.thanks",
    "parents.understood",
    "parents.sound",
    "parents.together",
    "parents.weeks",
    "parents.worker",
    "teachers.link_run_sheet",
    "teachers.link_taken",
    "teachers.link_this_week",
    "teachers.link_week",
}
"""Endpoints open without an account: the whole list, so that a new one is noticed."""

WHO = ["nobody", "agent", "teacher", "coordinator", "translator", "head", "manager", "administrator", "former"]


def rule_of(app: Flask, rule: Rule) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(app.view_functions[rule.endpoint], "open_to", ())
    return found


def addresses(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Every route that takes this method, with an address that fits it and leads to nothing that is there."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule, re.sub(r"<(?:(\w+)(?:\((\w+)[^)]*\))?:)?\w+>", _something, rule.rule)


def _something(variable: re.Match[str]) -> str:
    kind, first_choice = variable.groups()
    return {"int": "7", "any": first_choice}.get(kind, "zzzzzz")


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    known = {EVERYONE, SIGNED_IN, *ROLES}
    unsaid = [rule.endpoint for rule in app.url_map.iter_rules() if not rule_of(app, rule) or not set(rule_of(app, rule)) <= known]
    assert unsaid == []


def test_what_is_open_without_an_account_is_listed(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if EVERYONE in rule_of(app, rule)} <= FOR_EVERYONE


def test_what_may_write_when_it_is_opened_is_listed(app: Flask) -> None:
    writing = {rule.endpoint for rule in app.url_map.iter_rules() if getattr(app.view_functions[rule.endpoint], "writes", False)}
    assert writing == MAY_WRITE_WHEN_OPENED


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_each_route_lets_in_whom_its_rule_names(who: str, app: Flask, client: FlaskClient, cast: Cast) -> None:
    person = cast.persons.get(who)
    if person:
        sign_in(client, person)
    mine = roles(person, TODAY) if person else set()
    for method in ("GET", "POST"):
        for rule, address in addresses(app, method):
            if rule.endpoint in ("accounts.sign_out", "parents.choose"):
                continue
            response = client.open(address, method=method)
            named = rule_of(app, rule)
            hers = mine | {SIGNED_IN} if mine or (person and rule.endpoint == WITHOUT_ROLE) else set()
            said = (rule.endpoint, method, response.status_code)
            if EVERYONE in named or hers & set(named):
                assert response.status_code not in (401, 403), said
                assert not (response.location or "").startswith("/logg-inn"), said
            elif person is None:
                assert said == (rule.endpoint, method, 302 if method == "GET" else 401)
                assert method == "POST" or response.location == f"/logg-inn?next={address}"
            else:
                assert said == (rule.endpoint, method, 403)
            assert response.status_code < 500, said


@pytest.mark.own_app
def test_a_route_without_a_rule_is_closed_to_everyone(app: Flask, client: FlaskClient, cast: Cast) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "come in", endpoint="forgotten")
    assert client.get("/forgotten").status_code == 302
    sign_in(client, cast.administrator)
    assert client.get("/forgotten").status_code == 403
