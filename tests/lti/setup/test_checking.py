"""A check says what works and what to change, step by step, and keeps nothing of what the platform answered."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from institute import clock
from institute.db import db, transaction
from institute.jobs import outbox, worker
from institute.jobs.models import OutboxRow
from institute.people.models import Institute
from lti.http import WHOLE_ANSWER_S
from lti.launches.models import Context, ResourceLink
from lti.platforms.models import Deployment, Family, RegistrationId
from lti.platforms.tool import SCOPES
from lti.services.assertions import ASSERTION_TYPE
from lti.setup import checking
from lti.setup.checking import STEPS, ask_check
from lti.setup.errors import PlatformGoneError
from lti.setup.findings import ADVICE, SENTENCES, say_finding
from lti.setup.models import CheckState, RegistrationCheck
from lti.setup.probes import token_step
from tests.lti.acting import ec_key, rsa_key
from tests.lti.services.scripted import Say, ScriptedPlatform
from tests.lti.setup.conftest import Office

Results = dict[str, tuple[CheckState, str]]
SCORE = next(scope for scope in SCOPES if scope.endswith("/score"))
MEMBERS = [
    {"user_id": "learner-number-1", "name": "Lucía Ortega", "email": "lucia@example.test"},
    {"user_id": "u2"},
]


@pytest.fixture
def lms() -> Iterator[ScriptedPlatform]:
    """A platform where everything works."""
    with ScriptedPlatform.serving() as platform:
        platform.tell("GET", "/jwks", Say(200, {"keys": [rsa_key("key-1").as_dict(private=False)]}))
        platform.tell("GET", "/auth", Say(400))
        platform.tell("GET", "/roster", Say(200, {"members": MEMBERS}))
        platform.tell("GET", "/lineitems", Say(200, [{"id": "1"}]))
        yield platform


@pytest.fixture
def make_checked(
    app: Flask, office: Office, lms: ScriptedPlatform, make_registration: Callable[..., RegistrationId]
) -> Callable[..., Results]:
    """Register the platform, ask for a check on its page, let the worker work and return what was found."""

    def make(*, course: bool = True, **changed: object) -> Results:
        addresses = {
            "auth_url": f"{lms.url}/auth",
            "token_url": f"{lms.url}/token",
            "jwks_url": f"{lms.url}/jwks",
        }
        registration_id = make_registration(deployment_id="1", **{**addresses, **changed})
        if course:
            add_course(registration_id, lms.url)
        assert office.visitor.post(office.platform(registration_id, "/check")).status_code == 303
        worker.run_once(app)
        return results(registration_id)

    return make


def add_course(registration_id: RegistrationId, url: str) -> None:
    """Note down a course with a roster and a gradebook."""
    with transaction() as session:
        deployment = session.scalars(
            select(Deployment).where(Deployment.registration_id == registration_id)
        ).one()
        context = Context(
            institute_id=deployment.institute_id, deployment_id=deployment.id, context_id="course-1"
        )
        session.add(context)
        session.flush()
        session.add(
            ResourceLink(
                institute_id=deployment.institute_id,
                deployment_id=deployment.id,
                context_id=context.id,
                resource_link_id="link-1",
                nrps_url=f"{url}/roster",
                lineitems_url=f"{url}/lineitems?type_id=2",
            )
        )


def results(registration_id: RegistrationId) -> Results:
    """Return the latest check as it is stored."""
    db.session.rollback()
    rows = db.session.scalars(
        select(RegistrationCheck)
        .where(RegistrationCheck.registration_id == registration_id)
        .order_by(RegistrationCheck.place)
    ).all()
    return {row.step: (row.state, row.finding) for row in rows}


def only_registration() -> RegistrationId:
    """Return the platform that was checked."""
    return db.session.scalars(select(RegistrationCheck.registration_id).distinct()).one()


def test_everything_works_where_everything_works(
    make_checked: Callable[..., Results], office: Office
) -> None:
    found = make_checked()
    assert list(found) == list(STEPS)
    assert {state for state, _code in found.values()} == {CheckState.PASSED}
    page = html.unescape(office.visitor.get(office.platform(only_registration())).text)
    for words in ("all that could be checked works", "One page was read: 2 people.", "1 column was read."):
        assert words in page


def test_each_scope_is_asked_for_by_itself_and_the_roster_is_read_once(
    make_checked: Callable[..., Results], lms: ScriptedPlatform
) -> None:
    make_checked()
    asked = [one.form for one in lms.asked_for("/token")]
    assert [form["scope"] for form in asked] == list(SCOPES)
    assert {form["client_assertion_type"] for form in asked} == {ASSERTION_TYPE}
    assert len(lms.asked_for("/roster")) == len(lms.asked_for("/lineitems")) == 1
    assert lms.asked_for("/lineitems")[0].query == {"type_id": ["2"]}


def test_nothing_of_an_answer_is_kept(make_checked: Callable[..., Results], office: Office) -> None:
    make_checked()
    rows = db.session.scalars(select(RegistrationCheck)).all()
    kept = json.dumps([[row.step, row.finding, row.about] for row in rows])
    kept += office.visitor.get(office.platform(only_registration())).text
    kept += json.dumps([row.payload for row in db.session.scalars(select(OutboxRow))])
    for secret in ("token-1", "Lucía", "lucia@example", "learner-number-1", "eyJ"):
        assert secret not in kept.replace(office.visitor.token, "")
    assert all(isinstance(value, int) for row in rows for value in row.about.values())


def test_without_a_course_roster_and_gradebook_wait_for_a_first_visit(
    make_checked: Callable[..., Results], office: Office
) -> None:
    found = make_checked(course=False)
    assert found["roster"] == (CheckState.SKIPPED, "roster-no-course")
    assert found["lineitems"] == (CheckState.SKIPPED, "lineitems-no-course")
    page = html.unescape(office.visitor.get(office.platform(only_registration())).text)
    assert "Open the tool once from a course" in page


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Say(404), "keys-status"),
        (Say(503), "keys-status"),
        (Say(200, b"<html>"), "keys-unreadable"),
        (Say(200, b"[]"), "keys-unreadable"),
        (Say(200, {"keys": "x"}), "keys-unreadable"),
        (Say(200, {"keys": []}), "keys-unusable"),
        (Say(200, {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}, 7, None]}), "keys-unusable"),
        (Say(200, b"x" * 6_000_000), "too-large"),
        (Say(302, b"", {"Location": "/jwks"}), "redirected"),
    ],
)
def test_keys_that_no_launch_can_be_checked_with_are_found(
    make_checked: Callable[..., Results], lms: ScriptedPlatform, answer: Say, code: str
) -> None:
    lms.tell("GET", "/jwks", answer)
    found = make_checked()
    assert found["keys"] == (CheckState.FAILED, code)
    assert found["lineitems"][0] is CheckState.PASSED


def test_elliptic_keys_are_usable(make_checked: Callable[..., Results], lms: ScriptedPlatform) -> None:
    lms.tell("GET", "/jwks", Say(200, {"keys": [ec_key("e").as_dict(private=False)]}))
    assert make_checked()["keys"] == (CheckState.PASSED, "keys-usable")


@pytest.mark.parametrize(
    ("family", "status", "state"),
    [
        ("other", 200, CheckState.PASSED),
        ("other", 302, CheckState.PASSED),
        ("other", 405, CheckState.PASSED),
        ("other", 404, CheckState.FAILED),
        ("moodle", 404, CheckState.PASSED),
        ("moodle", 503, CheckState.FAILED),
    ],
)
def test_login_address_answers_or_not(
    make_checked: Callable[..., Results], lms: ScriptedPlatform, family: str, status: int, state: CheckState
) -> None:
    lms.tell("GET", "/auth", Say(status, b"", {"Location": "/elsewhere"} if status == 302 else {}))
    assert make_checked(family=Family(family))["login"][0] is state
    assert not lms.asked_for("/elsewhere")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Say(400, {"error": "invalid_scope"}), "token-invalid-scope"),
        (Say(400, {"error": "invalid_client"}), "token-invalid-client"),
        (Say(401, {"error": "unauthorized_client"}), "token-unauthorized-client"),
        (Say(400, {"error": "<script>"}), "token-refused"),
        (Say(400, {"error": ["x"]}), "token-refused"),
        (Say(400, b"Bad"), "token-refused"),
        (Say(404, b""), "token-missing"),
        (Say(429, b"", {"Retry-After": "5"}), "token-busy"),
        (Say(403, b"403 Forbidden (Rate Limit Exceeded)"), "token-busy"),
        (Say(502, b""), "token-busy"),
        (Say(200, b"<html>"), "token-unreadable"),
        (Say(200, {"access_token": "a\nb"}), "token-unreadable"),
        (Say(200, {"access_token": 7}), "token-unreadable"),
        (Say(200, {"access_token": "t", "scope": "https://example.org/other"}), "token-other-scope"),
        (Say(302, b"", {"Location": "/login"}), "token-refused"),
    ],
)
def test_refused_token_is_explained_by_its_reason(
    make_checked: Callable[..., Results], lms: ScriptedPlatform, answer: Say, code: str
) -> None:
    lms.tell("POST", "/token", answer)
    found = make_checked()
    assert {found[token_step(scope)] for scope in SCOPES} == {(CheckState.FAILED, code)}
    assert found["roster"] == (CheckState.SKIPPED, "roster-no-token")
    assert found["lineitems"] == (CheckState.SKIPPED, "lineitems-no-token")


def test_one_missing_permission_is_told_apart_from_the_others(
    make_checked: Callable[..., Results], lms: ScriptedPlatform, office: Office
) -> None:
    given, refused = Say(200, {"access_token": "t"}), Say(400, {"error": "invalid_scope"})
    lms.tell("POST", "/token", *(refused if scope == SCORE else given for scope in SCOPES))
    found = make_checked(family=Family.MOODLE)
    wrong = [step for step, (state, _code) in found.items() if state is CheckState.FAILED]
    assert wrong == [token_step(SCORE)]
    page = html.unescape(office.visitor.get(office.platform(only_registration())).text)
    assert "IMS LTI Assignment and Grade Services" in page
    assert "1 thing does not work" in page


@pytest.mark.parametrize(
    ("step", "answer", "code"),
    [
        ("roster", Say(401), "roster-refused"),
        ("roster", Say(404), "roster-status"),
        ("roster", Say(429), "roster-busy"),
        ("roster", Say(200, b"{"), "roster-unreadable"),
        ("roster", Say(200, {"members": 5}), "roster-unreadable"),
        ("lineitems", Say(403), "lineitems-refused"),
        ("lineitems", Say(500), "lineitems-busy"),
        ("lineitems", Say(200, {"a": 1}), "lineitems-unreadable"),
    ],
)
def test_services_that_do_not_work_are_found(
    make_checked: Callable[..., Results], lms: ScriptedPlatform, step: str, answer: Say, code: str
) -> None:
    lms.tell("GET", f"/{step}", answer)
    assert make_checked()[step] == (CheckState.FAILED, code)


def test_roster_without_names_works_and_says_so(
    make_checked: Callable[..., Results], lms: ScriptedPlatform, office: Office
) -> None:
    lms.tell("GET", "/roster", Say(200, {"members": [{"user_id": "1"}, {"user_id": "2"}, "odd"]}))
    assert make_checked()["roster"] == (CheckState.PASSED, "roster-nameless")
    page = html.unescape(office.visitor.get(office.platform(only_registration())).text)
    assert "2 people, all without names" in page


def test_server_that_is_not_there_is_a_finding(make_checked: Callable[..., Results]) -> None:
    nowhere = "http://127.0.0.1:9"
    found = make_checked(auth_url=nowhere, token_url=nowhere, jwks_url=nowhere)
    assert {code for state, code in found.values() if state is CheckState.FAILED} == {"unreachable"}


def test_platform_that_hardly_answers_does_not_hold_the_worker(
    make_checked: Callable[..., Results],
    lms: ScriptedPlatform,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert outbox.LEASE.total_seconds() > checking.PATIENCE_S + WHOLE_ANSWER_S
    monkeypatch.setattr(checking, "PATIENCE_S", 0.2)
    lms.tell("GET", "/auth", Say(400, meanwhile=lambda: time.sleep(0.3)))
    found = make_checked()
    assert [found[step][0] for step in ("keys", "login")] == [CheckState.PASSED] * 2
    assert {found[step] for step in STEPS[2:]} == {(CheckState.SKIPPED, "no-time")}
    assert not lms.asked_for("/token")
    page = html.unescape(office.visitor.get(office.platform(only_registration())).text)
    assert "the platform takes very long to answer" in page


def test_private_network_is_a_finding(make_checked: Callable[..., Results]) -> None:
    assert make_checked(jwks_url="http://10.1.2.3/keys")["keys"] == (CheckState.FAILED, "network-refused")


def test_progress_is_visible_while_the_worker_has_not_come_yet(
    office: Office, registration_id: RegistrationId
) -> None:
    office.visitor.post(office.platform(registration_id, "/check"))
    page = office.visitor.get(office.platform(registration_id)).text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "data-watch" in page
    assert page.count("Waits</span>") == len(STEPS)


def test_finished_check_is_not_renewed(make_checked: Callable[..., Results], office: Office) -> None:
    make_checked()
    page = office.visitor.get(office.platform(only_registration())).text
    assert 'http-equiv="refresh"' not in page
    assert "data-watch" not in page


def test_check_that_is_under_way_is_not_begun_anew_until_it_must_have_died(
    office: Office, registration_id: RegistrationId
) -> None:
    path = office.platform(registration_id, "/check")
    office.visitor.post(path)
    first = db.session.scalars(select(RegistrationCheck.asked_at).limit(1)).one()
    office.visitor.post(path)
    assert db.session.scalars(select(RegistrationCheck.asked_at).limit(1)).one() == first
    with clock.shift(seconds=60):
        ask_check(registration_id, actor=office.actor)
    db.session.rollback()
    assert db.session.scalars(select(RegistrationCheck.asked_at).limit(1)).one() > first


def test_new_check_replaces_the_one_before(
    app: Flask, make_checked: Callable[..., Results], lms: ScriptedPlatform, office: Office
) -> None:
    lms.tell("GET", "/jwks", Say(404))
    make_checked()
    registration_id = only_registration()
    lms.tell("GET", "/jwks", Say(200, {"keys": [rsa_key("key-1").as_dict(private=False)]}))
    office.visitor.post(office.platform(registration_id, "/check"))
    worker.run_once(app)
    assert results(registration_id)["keys"] == (CheckState.PASSED, "keys-usable")
    assert len(results(registration_id)) == len(STEPS)


def test_nobody_checks_another_institute_s_platform(
    make_institute: Callable[..., Institute],
    make_office: Callable[..., Office],
    registration_id: RegistrationId,
) -> None:
    other = make_office(make_institute(slug="harbour"))
    with pytest.raises(PlatformGoneError):
        ask_check(registration_id, actor=other.actor)


def test_every_finding_has_its_sentence_and_every_advice_a_finding() -> None:
    counted = {"keys-usable", "roster-read", "roster-nameless", "lineitems-read"}
    assert set(ADVICE) <= set(SENTENCES) | counted


def test_finding_of_a_later_version_is_no_error(app: Flask) -> None:
    with app.test_request_context():
        assert say_finding("from-the-future", {}) == "Not known."
        assert say_finding("", {}) == ""
