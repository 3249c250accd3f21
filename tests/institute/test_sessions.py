"""Sessions: each entrance is its own, and the id in the address opens nothing."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from institute import clock
from institute.actors import Actor, Role
from institute.people.granting import end_grant, grant_role
from institute.people.models import Institute, Person
from institute.web import sessions
from tests.browsing import Visitor

MakePerson = Callable[..., Person]
SignIn = Callable[..., Visitor]


def test_address_without_cookie_opens_nothing(app: Flask, make_person: MakePerson, sign_in: SignIn) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    assert inside.get("/participant/").status_code == 200
    assert app.test_client().get(f"/s/{inside.session_id}/participant/").status_code == 401


def test_cookie_of_one_session_does_not_open_another(make_person: MakePerson, sign_in: SignIn) -> None:
    one, other = sign_in(make_person(), roles=[Role.PARTICIPANT]), sign_in(make_person(), roles=[Role.COACH])
    secret = one.client.get_cookie(sessions.COOKIE, path=f"/s/{one.session_id}/")
    assert secret is not None
    path = f"/s/{other.session_id}/"
    one.client.set_cookie(sessions.COOKIE, secret.value, path=path)
    assert one.client.get(f"{path}coach/").status_code == 401


def test_two_sessions_in_one_browser_do_not_mix(make_person: MakePerson, sign_in: SignIn) -> None:
    lucia = sign_in(make_person(name="Lucía Ortega"), roles=[Role.PARTICIPANT])
    amina = sign_in(make_person(name="Amina Haddad"), roles=[Role.COACH])
    cookie = amina.client.get_cookie(sessions.COOKIE, path=f"/s/{amina.session_id}/")
    assert cookie is not None
    lucia.client.set_cookie(sessions.COOKIE, cookie.value, path=f"/s/{amina.session_id}/")
    amina.client = lucia.client
    assert "Lucía Ortega" in lucia.get("/participant/").text
    assert "Amina Haddad" in amina.get("/coach/").text
    assert lucia.get("/coach/").status_code == 403
    assert amina.get("/participant/").status_code == 403


def test_session_ends_after_its_hours(make_person: MakePerson, sign_in: SignIn) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    with clock.shift(seconds=8 * 3600 - 5):
        assert inside.get("/participant/").status_code == 200
    with clock.shift(seconds=8 * 3600 + 5):
        assert inside.get("/participant/").status_code == 401


def test_ending_a_door_ends_its_sessions_at_the_next_request(
    make_person: MakePerson, sign_in: SignIn
) -> None:
    shut = sign_in(make_person(), roles=[Role.PARTICIPANT], door="lti", door_key="registration/1")
    open_still = sign_in(make_person(), roles=[Role.PARTICIPANT], door="lti", door_key="registration/2")
    sessions.end_sessions(door="lti", door_key="registration/1")
    assert shut.get("/participant/").status_code == 401
    assert open_still.get("/participant/").status_code == 200


def test_grant_opens_and_closes_an_area_at_the_next_request(
    make_person: MakePerson, sign_in: SignIn, system: Actor
) -> None:
    ruth = make_person(name="Ruth Okafor")
    inside = sign_in(ruth)
    assert inside.get("/administrator/").status_code == 403
    grant_role(ruth.id, Role.ADMINISTRATOR, actor=system)
    assert inside.get("/administrator/").status_code == 200
    end_grant(ruth.id, Role.ADMINISTRATOR, actor=system)
    assert inside.get("/administrator/").status_code == 403


def test_session_cookie_is_partitioned_and_bound_to_its_path(app: Flask, make_person: MakePerson) -> None:
    person = make_person()
    opened, secret = sessions.open_session(
        institute_id=person.institute_id, person_id=person.id, door="test", door_key=""
    )
    response = app.response_class()
    sessions.set_cookie(response, opened.id, secret)
    cookie = response.headers["Set-Cookie"]
    for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", f"Path=/s/{opened.id}/"):
        assert part in cookie
    assert secret not in opened.secret_hash


def test_language_switch_holds_for_the_session_and_is_remembered(
    make_person: MakePerson, sign_in: SignIn, session: object
) -> None:
    lucia = make_person()
    inside = sign_in(lucia, roles=[Role.PARTICIPANT], locale="en")
    assert 'lang="en"' in inside.get("/participant/").text
    prefix = f"/s/{inside.session_id}"
    answer = inside.post("/language", {"locale": "ar", "next": f"{prefix}/participant/levels/"})
    assert (answer.status_code, answer.location) == (303, f"{prefix}/participant/levels/")
    page = inside.get("/participant/").text
    assert 'lang="ar"' in page
    assert 'dir="rtl"' in page
    assert lucia.locale == "ar"


def test_language_switch_leads_nowhere_else(make_person: MakePerson, sign_in: SignIn) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    for elsewhere in ("https://evil.example/", "//evil.example/", "/s/another-session/", "/static/x"):
        answer = inside.post("/language", {"locale": "es", "next": elsewhere})
        assert answer.location == f"/s/{inside.session_id}/"
    assert inside.post("/language", {"locale": "tlh"}).status_code == 422


def test_only_the_session_s_platform_may_frame_it(
    make_person: MakePerson, sign_in: SignIn, app: Flask
) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT], frame_origins=["https://lms.example.org"])
    policy = inside.get("/participant/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://lms.example.org" in policy
    assert "frame-ancestors 'none'" in app.test_client().get("/").headers["Content-Security-Policy"]


def test_institute_of_another_tenant_shows_its_own_name(
    make_institute: Callable[..., Institute], make_person: MakePerson, sign_in: SignIn
) -> None:
    elsewhere = make_institute(name="Harbour Institute")
    person = make_person(institute_id=elsewhere.id)
    assert "Harbour Institute" in sign_in(person, roles=[Role.PARTICIPANT]).get("/participant/").text
