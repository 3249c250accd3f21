"""Forms: only this session's, answered once, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from institute import clock
from institute.actors import Role
from institute.people.models import Person
from institute.web import forms
from institute.web.models import AnsweredForm
from tests.browsing import Visitor

MakePerson = Callable[..., Person]
SignIn = Callable[..., Visitor]


def test_form_without_the_session_s_token_changes_nothing(make_person: MakePerson, sign_in: SignIn) -> None:
    person = make_person()
    inside, other = sign_in(person, roles=[Role.PARTICIPANT]), sign_in(person, roles=[Role.PARTICIPANT])
    for token in ("", "x", "é" * 64, other.token):
        refused = inside.post("/language", {"locale": "es", forms.TOKEN_FIELD: token})
        assert refused.status_code == 403
        assert "FORM-TOKEN" in refused.text
    assert 'lang="en"' in inside.get("/participant/").text


def test_form_sent_twice_lands_on_the_first_answer(
    make_person: MakePerson, sign_in: SignIn, session: Session
) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    first = inside.post("/language", {"locale": "es", forms.ONCE_FIELD: "the-same-form"})
    again = inside.post("/language", {"locale": "vi", forms.ONCE_FIELD: "the-same-form"})
    assert (again.status_code, again.location) == (303, first.location)
    assert 'lang="es"' in inside.get("/participant/").text
    assert session.scalar(select(func.count()).select_from(AnsweredForm)) == 1


def test_refused_form_may_be_corrected_and_sent_again(make_person: MakePerson, sign_in: SignIn) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    assert inside.post("/language", {"locale": "??", forms.ONCE_FIELD: "one-form-only"}).status_code == 422
    assert inside.post("/language", {"locale": "es", forms.ONCE_FIELD: "one-form-only"}).status_code == 303
    assert 'lang="es"' in inside.get("/participant/").text


def test_text_of_a_form_sent_after_the_session_ended_survives(
    make_person: MakePerson, sign_in: SignIn
) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    written = "Three things I learnt today <b>& more</b>"
    with clock.shift(seconds=9 * 3600):
        answer = inside.post("/language", {"locale": "es", "reflection": written})
    assert answer.status_code == 401
    assert "Three things I learnt today &lt;b&gt;&amp; more&lt;/b&gt;" in answer.text


def test_odd_once_keys_do_no_harm(make_person: MakePerson, sign_in: SignIn) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    for key in ("", "short", "x" * 65, "' OR 1=1 --", "\x00" * 10):
        assert inside.post("/language", {"locale": "es", forms.ONCE_FIELD: key}).status_code == 303


def test_an_error_page_gives_no_credential_back(app: Flask) -> None:
    with app.test_request_context(
        "/lti/launch", method="POST", data={"id_token": "eyJ.a.b", "note": "words"}
    ):
        assert forms.typed() == [("note", "words")]


def test_an_error_page_gives_back_what_was_written_and_not_what_was_chosen(app: Flask) -> None:
    chosen = {"do": "save", "questions-1-was": "156d40987d0f95fc", "minutes": "60", "tags": "values/family"}
    with app.test_request_context(
        "/", method="POST", data={**chosen, "title": "1. Trust", "note": "and/or so"}
    ):
        assert forms.typed() == [("title", "1. Trust"), ("note", "and/or so")]
