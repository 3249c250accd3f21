"""Notices of a platform: each proven like a launch, each taken once; and the platform told where to send them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from institute import clock
from institute.clock import now
from institute.db import db, transaction
from institute.jobs import worker
from institute.jobs.models import JobState, OutboxRow
from lti.launches.handlers import JOB_KIND, SCOPE
from lti.launches.models import Context, LtiNotice, NoticeHandler
from lti.platforms.models import Deployment, DeploymentState, Registration, RegistrationState
from tests.lti.acting import CLAIM, ISSUER, Course, Platform, ec_key, rsa_key
from tests.lti.counting import refusals, rows
from tests.lti.services.scripted import Say, ScriptedPlatform

SERVICE = CLAIM + "platformnotificationservice"
HELLO, COPY = "LtiHelloWorldNotice", "LtiContextCopyNotice"
HANDLERS = "/notices/handlers"


def notice(platform: Platform, kind: str = HELLO, number: str = "notice-1", **changed: Any) -> dict[str, Any]:
    """Return the claims of a right notice, changed as given; ``...`` takes a claim away."""
    at = int(now().timestamp())
    claims: dict[str, Any] = {
        "iss": platform.issuer,
        "aud": platform.client_id,
        "iat": at,
        "exp": at + 300,
        "nonce": "n",
        CLAIM + "version": "1.3.0",
        CLAIM + "deployment_id": platform.deployment_id,
        CLAIM + "notice": {"id": number, "timestamp": "2026-11-22T10:00:00Z", "type": kind},
    }
    for name, value in changed.items():
        full = name if name in {"iss", "aud", "azp", "iat", "exp", "nbf"} else CLAIM + name
        claims.pop(full, None)
        if value is not ...:
            claims[full] = value
    return claims


def copied(platform: Platform, course: str, *origins: Any, number: str = "notice-1") -> dict[str, Any]:
    """Return the claims of a notice that a course was copied."""
    return notice(platform, COPY, number, context={"id": course}, origin_contexts=list(origins))


@pytest.fixture
def deployment_id(acting: Platform) -> int:
    """Our number of the platform's deployment."""
    return db.session.scalars(select(Deployment.id)).one()


@pytest.fixture
def send(acting: Platform, browser: FlaskClient, deployment_id: int) -> Callable[..., TestResponse]:
    """Send signed notices in one batch: claims, or tokens as they are."""

    def post(*told: Any) -> TestResponse:
        tokens = [one if isinstance(one, str) else acting.sign(one) for one in told]
        body = {"notices": [{"jwt": token} for token in tokens]}
        return browser.post(f"/lti/notices/{deployment_id}", json=body)

    return post


@pytest.fixture
def service() -> Iterator[ScriptedPlatform]:
    """The platform's token endpoint and its notification service."""
    with ScriptedPlatform.serving() as server:
        yield server


def test_notice_is_taken_once_whatever_is_sent_again(acting: Platform, send: Callable[..., Any]) -> None:
    first = send(notice(acting))
    assert (first.status_code, first.json) == (200, {"taken": 1, "known": 0, "refused": []})
    again = send(notice(acting))
    assert (again.status_code, again.json) == (200, {"taken": 0, "known": 1, "refused": []})
    row = db.session.query(LtiNotice).one()
    assert (row.notice_id, row.notice_type, row.said_at) == ("notice-1", HELLO, "2026-11-22T10:00:00Z")


def test_batch_keeps_its_good_notices_and_names_the_bad_ones(
    acting: Platform, send: Callable[..., Any]
) -> None:
    answer = send(
        notice(acting), notice(acting, number="notice-2", aud="x"), "", notice(acting, number="notice-3")
    )
    assert (answer.status_code, answer.json) == (
        200,
        {"taken": 2, "known": 0, "refused": ["LTI-AUDIENCE", "LTI-TOKEN"]},
    )
    assert db.session.query(LtiNotice).count() == 2
    assert refusals() == ["LTI-AUDIENCE", "LTI-TOKEN"]


def test_notice_twice_in_one_batch_is_taken_once(acting: Platform, send: Callable[..., Any]) -> None:
    assert send(notice(acting), notice(acting)).json == {"taken": 1, "known": 1, "refused": []}


def test_copy_notice_says_what_a_course_was_copied_from(course: Course, send: Callable[..., Any]) -> None:
    course.enter()
    answer = send(copied(course.platform, "course-2", "course-0", "course-1"))
    assert answer.json == {"taken": 1, "known": 0, "refused": []}
    copy = db.session.query(Context).filter_by(context_id="course-2").one()
    origin = db.session.query(Context).filter_by(context_id="course-1").one()
    assert (copy.origin_id, copy.cohort_id) == (origin.id, None)


def test_origins_may_be_named_as_contexts_are(course: Course, send: Callable[..., Any]) -> None:
    course.enter()
    assert send(copied(course.platform, "course-2", {"id": "course-1"})).json["taken"] == 1
    assert db.session.query(Context).filter_by(context_id="course-2").one().origin_id is not None


def test_unknown_kind_of_notice_is_noted_and_does_nothing(acting: Platform, send: Callable[..., Any]) -> None:
    assert send(notice(acting, "LtiSomethingElseNotice")).json["taken"] == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"aud": "another-tool"}, "LTI-AUDIENCE"),
        ({"aud": ...}, "LTI-AUDIENCE"),
        ({"aud": ["client-1", "other"]}, "LTI-AUDIENCE"),
        ({"iss": "https://other.test"}, "LTI-ISSUER"),
        ({"exp": 1}, "LTI-TIME"),
        ({"exp": ...}, "LTI-TIME"),
        ({"iat": ...}, "LTI-TIME"),
        ({"iat": 10**40}, "LTI-TIME"),
        ({"deployment_id": "deployment-2"}, "LTI-CLAIM"),
        ({"deployment_id": ...}, "LTI-CLAIM"),
        ({"version": "1.1"}, "LTI-VERSION"),
        ({"notice": ...}, "LTI-CLAIM"),
        ({"notice": "hello"}, "LTI-CLAIM"),
        ({"notice": {"type": HELLO}}, "LTI-CLAIM"),
        ({"notice": {"id": "x" * 256, "type": HELLO}}, "LTI-CLAIM"),
        ({"notice": {"id": "a\x00", "type": HELLO}}, "LTI-CLAIM"),
        ({"notice": {"id": 7, "type": HELLO}}, "LTI-CLAIM"),
        ({"notice": {"id": "1", "type": HELLO, "timestamp": 5}}, "LTI-CLAIM"),
        ({"notice": {"id": "1", "type": COPY}}, "LTI-CLAIM"),
        ({"notice": {"id": "1", "type": COPY}, "context": {"id": "c"}}, "LTI-CLAIM"),
        (
            {"notice": {"id": "1", "type": COPY}, "context": {"id": "c"}, "origin_contexts": "c0"},
            "LTI-CLAIM",
        ),
        (
            {"notice": {"id": "1", "type": COPY}, "context": {"id": "c"}, "origin_contexts": [None]},
            "LTI-CLAIM",
        ),
    ],
)
def test_notice_that_proves_nothing_is_refused(
    acting: Platform, send: Callable[..., Any], changed: dict[str, Any], code: str
) -> None:
    before = rows()
    answer = send(notice(acting, **changed))
    assert (answer.status_code, answer.json["refused"], refusals(), rows()) == (401, [code], [code], before)


@pytest.mark.parametrize("claims", [[], 7, b"no json", b"\xff"])
def test_payload_that_is_no_object_is_refused(
    acting: Platform, send: Callable[..., Any], claims: Any
) -> None:
    assert send(acting.sign(claims)).json["refused"] == ["LTI-TOKEN"]


def test_notice_signed_by_somebody_else_is_refused(acting: Platform, send: Callable[..., Any]) -> None:
    forged = [
        acting.sign(notice(acting), key=rsa_key("other"), kid="key-1"),
        acting.sign(notice(acting), key=ec_key("unknown")),
        acting.sign(notice(acting), kid=...),
    ]
    codes = ["LTI-SIGNATURE", "LTI-KEY", "LTI-KEY"]
    assert send(*forged).json == {"taken": 0, "known": 0, "refused": codes}


def test_platform_whose_keys_cannot_be_fetched_is_asked_to_send_again(
    acting: Platform, send: Callable[..., Any]
) -> None:
    acting.answer = lambda: (503, "text/html", b"down")
    assert send(notice(acting)).status_code == 503
    acting.answer = None
    assert send(notice(acting)).json["taken"] == 1


@pytest.mark.parametrize("state", [DeploymentState.PENDING, DeploymentState.DISABLED])
def test_deployment_that_is_not_let_in_tells_nothing(
    acting: Platform, send: Callable[..., Any], state: DeploymentState
) -> None:
    with transaction() as session:
        session.query(Deployment).one().state = state
    assert send(notice(acting)).status_code == 401
    assert db.session.query(LtiNotice).count() == 0


def test_registration_that_is_paused_tells_nothing(acting: Platform, send: Callable[..., Any]) -> None:
    with transaction() as session:
        session.query(Registration).one().state = RegistrationState.DISABLED
    assert send(notice(acting)).json["refused"] == ["LTI-DISABLED"]


def test_other_deployment_takes_no_notice_of_this_one(
    acting: Platform, send: Callable[..., Any], register: Callable[..., Result], browser: FlaskClient
) -> None:
    assert register(acting, deployment_id="deployment-2").exit_code == 0
    other = db.session.scalars(select(Deployment.id).filter_by(deployment_id="deployment-2")).one()
    body = {"notices": [{"jwt": acting.sign(notice(acting))}]}
    answer = browser.post(f"/lti/notices/{other}", json=body)
    assert (answer.status_code, refusals()) == (401, ["LTI-CLAIM"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"7",
        b'{"notices": {}}',
        b'{"notices": []}',
        b'{"notices": null}',
        json.dumps({"notices": [{"jwt": "a.b.c"}] * 101}).encode(),
        b"[" * 100_000,
    ],
)
def test_body_that_is_no_batch_is_refused(browser: FlaskClient, deployment_id: int, body: bytes) -> None:
    answer = browser.post(f"/lti/notices/{deployment_id}", data=body, content_type="application/json")
    assert (answer.status_code, refusals()) == (400, [])


@pytest.mark.parametrize("one", [None, 7, "text", [], {}, {"jwt": None}, {"jwt": 7}, {"jwt": "\ud800"}])
def test_entry_that_is_no_notice_is_refused_alone(
    acting: Platform, browser: FlaskClient, deployment_id: int, one: Any
) -> None:
    body = {"notices": [one, {"jwt": acting.sign(notice(acting))}]}
    answer = browser.post(f"/lti/notices/{deployment_id}", json=body)
    assert (answer.status_code, answer.json) == (200, {"taken": 1, "known": 0, "refused": ["LTI-TOKEN"]})


def test_addresses_of_no_deployment_are_not_there(acting: Platform, browser: FlaskClient) -> None:
    body = {"notices": [{"jwt": acting.sign(notice(acting))}]}
    for number in (0, 999, 10**30):
        assert browser.post(f"/lti/notices/{number}", json=body).status_code == 404
    assert browser.get("/lti/notices/1").status_code == 405


def offered(service: ScriptedPlatform, **changed: Any) -> dict[str, Any]:
    """Return the claim of a launch that offers notices; ``...`` takes a part away."""
    claim = {
        "service_versions": ["1.0"],
        "platform_notification_service_url": service.url + HANDLERS,
        "scope": [SCOPE],
        "notice_types_supported": [HELLO, COPY, "LtiOtherNotice"],
        **changed,
    }
    return {name: value for name, value in claim.items() if value is not ...}


@pytest.fixture
def offering(course: Course, register: Callable[..., Result], service: ScriptedPlatform) -> Course:
    """A course whose platform has the service."""
    assert register(course.platform, token_url=f"{service.url}/token").exit_code == 0
    service.tell("PUT", HANDLERS, Say(200, {}))
    return course


def wishes() -> list[OutboxRow]:
    """Return the jobs that tell a platform where its notices go."""
    return list(db.session.scalars(select(OutboxRow).where(OutboxRow.kind == JOB_KIND)))


def test_launch_that_offers_notices_has_the_platform_told_once(
    app: Flask, offering: Course, service: ScriptedPlatform, deployment_id: int
) -> None:
    assert offering.launch(**{SERVICE: offered(service)}).status_code == 303
    worker.run_once(app)
    asked = service.asked_for(HANDLERS)
    handler = f"http://127.0.0.1:8000/lti/notices/{deployment_id}"
    told = [(one.method, one.json) for one in asked]
    assert told == [("PUT", {"notice_type": kind, "handler": handler}) for kind in (HELLO, COPY)]
    assert {one.headers["Authorization"] for one in asked} == {"Bearer token-1"}
    assert service.asked_for("/token")[0].form["scope"] == SCOPE
    assert db.session.query(NoticeHandler).count() == 2
    offering.launch(**{SERVICE: offered(service)})
    app.extensions["lti_notice_services"].clear()  # as in another process
    offering.launch(**{SERVICE: offered(service)})
    worker.run_once(app)
    assert len(service.asked_for(HANDLERS)) == 2


def test_service_that_moved_is_told_again(app: Flask, offering: Course, service: ScriptedPlatform) -> None:
    offering.launch(**{SERVICE: offered(service, notice_types_supported=[HELLO])})
    worker.run_once(app)
    service.tell("PUT", "/moved", Say(200, {}))
    moved = offered(service, platform_notification_service_url=f"{service.url}/moved")
    offering.launch(**{SERVICE: moved})
    worker.run_once(app)
    assert [one.json["notice_type"] for one in service.asked_for("/moved")] == [HELLO, COPY]
    assert db.session.query(NoticeHandler).count() == 2


@pytest.mark.parametrize(
    ("status", "state"), [(503, JobState.READY), (403, JobState.DEAD), (400, JobState.DEAD)]
)
def test_service_that_refuses_loses_nothing_and_is_told_when_it_takes_it(
    app: Flask, offering: Course, service: ScriptedPlatform, status: int, state: JobState
) -> None:
    service.tell("PUT", HANDLERS, Say(status))
    offering.launch(**{SERVICE: offered(service)})
    worker.run_once(app)
    assert [one.state for one in wishes()] == [state]
    service.tell("PUT", HANDLERS, Say(200, {}))
    app.extensions["lti_notice_services"].clear()
    with clock.shift(seconds=120):
        offering.launch(**{SERVICE: offered(service)})
        worker.run_once(app)
    assert db.session.query(NoticeHandler).count() == 2


@pytest.mark.parametrize(
    "claim",
    [
        None,
        7,
        "text",
        [],
        {},
        {"platform_notification_service_url": 7},
        {"platform_notification_service_url": "ftp://x"},
        {"platform_notification_service_url": ISSUER},
        {"platform_notification_service_url": ISSUER, "notice_types_supported": "all"},
        {"platform_notification_service_url": ISSUER, "notice_types_supported": [{}, None, "Other"]},
        {"platform_notification_service_url": ISSUER, "notice_types_supported": [HELLO], "scope": ["x"]},
        {"platform_notification_service_url": "https://x/" + "y" * 3000, "notice_types_supported": [HELLO]},
    ],
)
def test_no_launch_fails_for_a_service_that_cannot_be_read(course: Course, claim: Any) -> None:
    assert course.launch(**{SERVICE: claim}).status_code == 303
    assert wishes() == []


def test_service_without_a_list_of_scopes_is_told_all_the_same(
    app: Flask, offering: Course, service: ScriptedPlatform
) -> None:
    offering.launch(**{SERVICE: offered(service, scope=...)})
    worker.run_once(app)
    assert len(service.asked_for(HANDLERS)) == 2


def test_registration_paused_in_the_meantime_is_told_nothing(
    app: Flask, offering: Course, service: ScriptedPlatform
) -> None:
    offering.launch(**{SERVICE: offered(service)})
    with transaction() as session:
        session.query(Registration).one().state = RegistrationState.DISABLED
    worker.run_once(app)
    assert service.asked_for(HANDLERS) == []
    assert [one.state for one in wishes()] == [JobState.DONE]
