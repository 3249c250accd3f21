"""Launches of a real Moodle 4.5, replayed with the clock at the moment of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from courses.cohorts.models import Enrolment
from institute import clock
from institute.config import Settings
from institute.db import db, transaction
from institute.people.models import Person
from lti.launches.logins import digest
from lti.launches.messages import DEEP_LINKING_SETTINGS
from lti.launches.models import (
    Context,
    DeepLinkingRequest,
    LtiIdentity,
    LtiLogin,
    LtiReview,
    ResourceLink,
)
from lti.platforms.models import Deployment, Registration
from tests.lti.acting import Platform, follow, rsa_key, serving
from tests.lti.counting import rows
from tests.lti.entrance import session_of

RECORDINGS = Path(__file__).parents[1] / "recordings" / "moodle-4.5"
MOODLE = "http://127.0.0.1:8081"
DYNAMIC, MANUAL = ("kieGczu14oPUcrL", "1"), ("J8OU5EU1XVMkyR8", "2")


def recording(name: str) -> dict[str, Any]:
    """Read one recording."""
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return found


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The address under which the recorded Moodle knew its tool."""
    return replace(settings, public_url="http://localhost:9001")


@pytest.fixture
def moodle(register: Any) -> Iterator[Platform]:
    """Moodle's two registrations, with its recorded keys served over HTTP."""
    published = [*recording("jwks")["response"]["body"]["keys"], rsa_key("key-1").as_dict(private=False)]
    keys = json.dumps({"keys": published}).encode()
    with serving(Platform(issuer=MOODLE, auth_url=f"{MOODLE}/mod/lti/auth.php")) as platform:
        platform.answer = lambda: (200, "application/json", keys)
        for client_id, deployment_id in (DYNAMIC, MANUAL):
            known = replace(platform, client_id=client_id, deployment_id=deployment_id)
            assert register(known).exit_code == 0
        yield platform


@contextmanager
def at_the_time_of(name: str) -> Iterator[None]:
    """Stop the clock one second after a recorded token was made."""
    issued = recording(name)["id_token_decoded"]["claims"]["iat"]
    with clock.frozen(datetime.fromtimestamp(issued + 1, UTC)):
        yield


def signed_again(claims: dict[str, Any]) -> dict[str, str]:
    """Return the form of a launch of which only the claims were recorded, signed by a key of the test."""
    return {"state": f"state-{claims['iat']}", "id_token": Platform().sign(claims)}


def replay(browser: FlaskClient, name: str) -> TestResponse:
    """Launch with a recorded token, after the login that it belongs to."""
    recorded = recording(name)
    claims = recorded["id_token_decoded"]["claims"]
    form = recorded["request"]["form"] if "request" in recorded else signed_again(claims)
    registration = db.session.query(Registration).filter_by(client_id=claims["aud"]).one()
    with transaction() as session:
        session.add(
            LtiLogin(
                registration_id=registration.id,
                state_hash=digest(form["state"]),
                nonce=claims["nonce"],
                issuer=MOODLE,
                client_id=claims["aud"],
                target_link_uri=claims["https://purl.imsglobal.org/spec/lti/claim/target_link_uri"],
                login_hint=claims["sub"],
                expires_at=datetime.fromtimestamp(claims["iat"] + 60, UTC),
            )
        )
    cookie = "lti_state_" + digest(form["state"])[:16]
    browser.set_cookie(cookie, form["state"], path="/lti/", domain="localhost")
    return browser.post("/lti/launch", data=form)


@pytest.fixture
def bound_moodle(moodle: Platform, make_cohort: Any) -> int:
    """The cohort that Moodle's course 2 is bound to, from both registrations."""
    cohort_id: int = make_cohort()
    with transaction() as session:
        for deployment in session.query(Deployment).all():
            session.add(
                Context(
                    institute_id=deployment.institute_id,
                    deployment_id=deployment.id,
                    context_id="2",
                    cohort_id=cohort_id,
                    bound_at=clock.now(),
                )
            )
    return cohort_id


LAUNCHES: list[tuple[str, list[str], str]] = [
    ("launch-student", ["participant"], "vi"),
    ("launch-student-two-groups", ["participant"], "vi"),
    ("launch-student-two-lineitems-bound", ["participant"], "vi"),
    ("launch-student-chinese-no-url", ["participant"], "zh-Hant"),
    ("launch-student-rtl-resource3-no-lineitem", ["participant"], "ar"),
    ("launch-plain-activity-no-deep-linking", ["participant"], "vi"),
    ("launch-manual-registration", ["participant"], "vi"),
    ("launch-existing-window", ["participant"], "vi"),
    ("launch-window-container", ["participant"], "vi"),
    ("launch-privacy-never", ["participant"], "vi"),
    ("launch-teacher", ["facilitator"], "en"),
    ("launch-manager", ["facilitator"], "en"),
    ("launch-nonediting-teacher", ["facilitator"], "es"),
    ("launch-admin", ["facilitator", "platform_administrator"], "en"),
]


def test_recorded_launch_is_let_in_as_who_it_is(
    bound_moodle: int, browser: FlaskClient, subtests: pytest.Subtests
) -> None:
    for name, roles, language in LAUNCHES:
        with subtests.test(name), at_the_time_of(name):
            answer = replay(browser, name)
            assert answer.status_code == 303, answer.text
            assert (session_of(answer).roles, session_of(answer).place) == (roles, bound_moodle)
            page = follow(browser, answer)
            assert (page.status_code, f'<html lang="{language}"' in page.text) == (200, True)
    came = [
        recording(name)["id_token_decoded"]["claims"]
        for name, roles, _ in LAUNCHES
        if roles == ["participant"]
    ]
    people = {(claims["aud"], claims["sub"]) for claims in came}
    assert len(people) < len(came)
    assert db.session.query(Enrolment).count() == len(people)


def test_services_of_a_recorded_launch_are_kept_with_their_link(
    bound_moodle: int, browser: FlaskClient
) -> None:
    with at_the_time_of("launch-student"):
        assert replay(browser, "launch-student").status_code == 303
    link = db.session.query(ResourceLink).one()
    base = f"{MOODLE}/mod/lti/services.php"
    assert link.lineitems_url == f"{base}/2/lineitems?type_id=1"
    assert link.lineitem_url == f"{base}/2/lineitems/2/lineitem?type_id=1"
    assert link.nrps_url == f"{base}/CourseSection/2/bindings/1/memberships"
    assert len(link.ags_scopes) == 4
    assert link.title == "Mô-đun 1: Huấn luyện"


def test_copied_course_is_another_course_to_be_bound(bound_moodle: int, browser: FlaskClient) -> None:
    with at_the_time_of("launch-admin-in-course-copy"):
        page = follow(browser, replay(browser, "launch-admin-in-course-copy"))
    assert page.status_code == 200
    assert 'name="cohort"' in page.text


def test_person_who_shares_nothing_has_no_name_and_is_known_again(
    bound_moodle: int, browser: FlaskClient
) -> None:
    with at_the_time_of("launch-privacy-never"):
        answer = replay(browser, "launch-privacy-never")
    person = db.session.get_one(Person, session_of(answer).person_id)
    assert (person.name, person.email) == ("", "")


@pytest.mark.parametrize("name", ["deep-linking-request", "deep-linking-request-first-in-course"])
def test_recorded_request_for_content_is_kept_as_it_was_asked(
    bound_moodle: int, browser: FlaskClient, name: str
) -> None:
    settings = recording(name)["id_token_decoded"]["claims"][DEEP_LINKING_SETTINGS]
    with at_the_time_of(name):
        answer = replay(browser, name)
        assert answer.status_code == 303, answer.text
    session = session_of(answer)
    assert (session.roles, session.frame_origins) == (["facilitator"], [MOODLE])
    asked = db.session.query(DeepLinkingRequest).one()
    assert (asked.session_id, asked.return_url) == (session.id, settings["deep_link_return_url"])
    assert asked.accept_types == ["ltiResourceLink"]
    assert asked.accept_targets == ["frame", "iframe", "window"]
    assert (asked.accept_multiple, asked.auto_create, asked.accept_lineitem) == (True, False, None)
    assert (asked.data, asked.accept_media_types, asked.answered_at) == (None, None, None)
    assert asked.title == settings["title"]
    assert db.session.query(ResourceLink).count() == 0


def test_recorded_review_leads_to_the_person_whose_cell_it_was(
    bound_moodle: int, browser: FlaskClient
) -> None:
    """The column of the recorded review is another one than its link's: the link keeps what it knew."""
    claims = recording("submission-review-request")["id_token_decoded"]["claims"]
    whose = claims["https://purl.imsglobal.org/spec/lti/claim/for_user"]["user_id"]
    with at_the_time_of("launch-student"):
        student = session_of(replay(browser, "launch-student"))
    with at_the_time_of("submission-review-request"):
        answer = replay(browser, "submission-review-request")
        page = follow(browser, answer)
    identity = db.session.query(LtiIdentity).filter_by(sub=whose).one()
    assert identity.person_id == student.person_id
    assert (page.status_code, "/facilitator/cohort/members/" in page.request.path) == (200, True)
    reviewed = db.session.query(LtiReview).one()
    assert (reviewed.session_id, reviewed.sub) == (session_of(answer).id, whose)
    assert reviewed.lineitem_url.endswith("/2/lineitems/9/lineitem?type_id=1")
    links = {link.resource_link_id: link.lineitem_url for link in db.session.query(ResourceLink)}
    assert links["4"] is None


def test_recorded_review_of_somebody_who_never_came_says_so(bound_moodle: int, browser: FlaskClient) -> None:
    with at_the_time_of("submission-review-request"):
        page = follow(browser, replay(browser, "submission-review-request"))
    assert (page.status_code, "Nothing to see yet" in page.text) == (200, True)


def test_recorded_token_is_refused_at_another_time(bound_moodle: int, browser: FlaskClient) -> None:
    with clock.frozen(datetime(2027, 1, 1, tzinfo=UTC)):
        assert replay(browser, "launch-teacher").status_code == 401


def test_recorded_login_is_answered_with_what_moodle_wants(moodle: Platform, browser: FlaskClient) -> None:
    sent = recording("oidc-login-initiation-resource-link")["request"]["params"]
    answer = browser.post("/lti/login", data=sent)
    assert answer.status_code == 302
    assert answer.location.startswith(f"{MOODLE}/mod/lti/auth.php?")
    assert "redirect_uri=http%3A%2F%2Flocalhost%3A9001%2Flti%2Flaunch" in answer.location
    assert "prompt=none" in answer.location


def test_recorded_probe_is_answered_and_changes_nothing(moodle: Platform, browser: FlaskClient) -> None:
    before = rows()
    headers = recording("moodlebot-cartridge-probe")["request"]["headers"]
    kept = {name: value for name, value in headers.items() if name in {"Accept", "User-Agent"}}
    assert browser.get("/lti/launch", headers=kept).status_code == 200
    assert rows() == before
