"""Whatever a platform sends: a page with the right status, and nothing written that should not be."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from institute.db import db
from institute.people.models import Person
from lti.launches.models import Context, LtiLaunch, LtiLogin, LtiRefusal, ResourceLink
from tests.lti.acting import CLAIM, Course, Platform, follow
from tests.lti.counting import rows

HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "a\x00b",
    "\ud800 half",
    "Robert'); DROP TABLE person;--",
    "{{ 7 * 7 }}",
    "%(name)s %s",
    "أمينة حداد",
    "𝒜" * 400,
    " \n\t ",
]

SLOW = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def test_hostile_names_are_shown_as_text_or_not_at_all(course: Course, subtests: pytest.Subtests) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        with subtests.test(number=number):
            page = course.enter(
                sub=f"person-{number}", name=name, context=context(name), resource_link=link(name)
            )
            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert "\u202e" not in page.text
    assert all(len(person.name) <= 300 for person in db.session.query(Person))


def context(title: str) -> dict[str, str]:
    """Return a context claim with this title."""
    return {"id": "course-1", "title": title, "label": title}


def link(title: str) -> dict[str, str]:
    """Return a resource link claim with this title."""
    return {"id": "link-1", "title": title, "description": title * 10}


def test_twenty_kilobytes_of_custom_parameters_are_read_and_not_kept(course: Course) -> None:
    custom = {f"parameter_{number}": "x" * 200 for number in range(100)}
    assert course.launch(custom=custom).status_code == 303
    assert course.launch(custom={**custom, "target": "x" * 20_000}).location.endswith("/lti/gone")
    row = db.session.query(ResourceLink).one()
    assert len(row.target or "") <= 500


@pytest.mark.parametrize("wrong", ["a%00b", "a\x00b", "a\ud800b", "%ff%00," * 5000])
def test_history_that_is_none_is_passed_over(course: Course, wrong: str) -> None:
    custom = {"context_history": wrong, "resource_link_history": wrong}
    answer = course.launch(custom=custom, context={"id": "course-9"}, resource_link={"id": "link-9"})
    assert answer.status_code == 303


@pytest.mark.parametrize("where", ["deployment_id", "sub", "resource_link", "context"])
@pytest.mark.parametrize("wrong", ["x" * 256, "", "a\x00b", "a\ud800b", "a\nb"])
def test_id_that_is_none_is_refused(course: Course, where: str, wrong: str) -> None:
    before = rows()
    value: Any = {"id": wrong} if where in {"resource_link", "context"} else wrong
    state, nonce = course.platform.begin(course.browser, lti_deployment_id=...)
    token = course.platform.sign(course.platform.claims(nonce, **{where: value}))
    answer = course.browser.post("/lti/launch", data={"state": state, "id_token": token})
    assert (answer.status_code, "LTI-CLAIM" in answer.text) == (400, True)
    assert rows() == before


def test_ids_of_exactly_255_characters_are_let_in(course: Course) -> None:
    long = "é" * 255
    answer = course.launch(sub=long, resource_link={"id": long}, context={"id": long})
    assert answer.status_code == 303
    assert db.session.query(Context).filter_by(context_id=long).count() == 1


def test_claims_of_no_use_and_null_values_are_let_in(course: Course) -> None:
    custom = {"target": None, "number": 5, "list": [1], "": "x"}
    answer = course.launch(
        custom=custom,
        launch_presentation=None,
        lis=["rubbish"],
        ext="rubbish",
        tool_platform=7,
        name=None,
        email=None,
        context={"id": "course-1", "title": None, "type": "rubbish"},
    )
    assert answer.status_code == 303


@SLOW
@given(data=st.data())
def test_mutated_claims_give_a_page_and_write_nothing_if_refused(course: Course, data: st.DataObject) -> None:
    before = rows()
    state, nonce = course.platform.begin(course.browser, lti_deployment_id=...)
    claims = course.platform.claims(
        nonce,
        custom={"target": "module:programme-1/module-1"},
        launch_presentation={"locale": "es", "return_url": "https://lms.example.test/back"},
    )
    where = data.draw(st.sampled_from(paths(claims)))
    mutated = replaced(claims, where, data.draw(json_values))
    answer = course.browser.post(
        "/lti/launch", data={"state": state, "id_token": course.platform.sign(mutated)}
    )
    assert answer.status_code in {303, 400, 401, 403}, (where, mutated)
    if answer.status_code == 303:
        assert follow(course.browser, answer).status_code in {200, 404}
    elif where != (CLAIM + "deployment_id",):
        assert rows() == before


def paths(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a value."""
    found = [prefix] if prefix else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        found += paths(inner, (*prefix, name))
    return found


def replaced(value: Any, where: tuple[Any, ...], by: Any) -> Any:
    """Return a copy with the value at ``where`` replaced."""
    changed = copy.deepcopy(value)
    holder = changed
    for step in where[:-1]:
        holder = holder[step]
    holder[where[-1]] = by
    return changed


@SLOW
@given(form=st.dictionaries(st.sampled_from(["state", "id_token", "error", "x"]), st.text(max_size=60)))
@example(form={"state": "\x00", "id_token": "\ud7ff.\x00.\x00"})
def test_any_form_at_the_launch_address_gives_a_page(
    acting: Platform, browser: FlaskClient, form: dict[str, str]
) -> None:
    assert browser.post("/lti/launch", data=form).status_code in {400, 401}
    assert db.session.query(LtiLaunch).count() == 0


@SLOW
@given(
    form=st.dictionaries(
        st.sampled_from(["iss", "client_id", "login_hint", "target_link_uri", "lti_message_hint"]),
        st.text(max_size=60) | st.sampled_from(["https://lms.example.test", "http://127.0.0.1:8000/x"]),
    )
)
def test_any_form_at_the_login_address_gives_a_page(
    acting: Platform, browser: FlaskClient, form: dict[str, str]
) -> None:
    assert browser.post("/lti/login", data=form).status_code in {302, 400, 403}
    assert browser.get("/lti/login", query_string=form).status_code in {302, 400, 403}


def test_refusals_are_noted_without_what_was_sent(course: Course) -> None:
    course.launch(sub="x" * 256, name="Lucía Ortega")
    row = db.session.query(LtiRefusal).one()
    assert (row.code, row.registration_id is not None) == ("LTI-CLAIM", True)
    assert {column.key for column in LtiRefusal.__table__.columns} == {
        "id",
        "registration_id",
        "code",
        "created_at",
    }
    assert db.session.query(LtiLogin).one().used_at is not None
