"""The certification checklist: what a launch must be refused for, and what it must be let in with."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from courses.cohorts.models import Enrolment
from institute import clock
from institute.clock import now
from institute.db import db, transaction
from lti.launches.models import DeepLinkingRequest, LtiIdentity
from lti.platforms.models import Registration
from tests.lti.acting import AGS, CONTEXT_ROLE, Course, follow, rsa_key
from tests.lti.counting import refusals, rows

BOTH = pytest.mark.parametrize("role", ["Instructor", "Learner"])
LONG = "x" * 256


Refused = tuple[str, dict[str, Any], int, str]
Accepted = tuple[str, dict[str, Any]]

CLAIMS_REFUSED: list[Refused] = [
    ("wrong version", {"version": "1.1.0"}, 400, "LTI-VERSION"),
    ("no version", {"version": ...}, 400, "LTI-VERSION"),
    ("no message type", {"message_type": ...}, 400, "LTI-MESSAGE-TYPE"),
    ("unknown message type", {"message_type": "LtiSomethingRequest"}, 400, "LTI-MESSAGE-TYPE"),
    ("message type of a wrong type", {"message_type": ["LtiResourceLinkRequest"]}, 400, "LTI-MESSAGE-TYPE"),
    ("no roles", {"roles": ...}, 400, "LTI-CLAIM"),
    ("roles as text", {"roles": "Learner"}, 400, "LTI-CLAIM"),
    ("no deployment", {"deployment_id": ...}, 400, "LTI-CLAIM"),
    ("empty deployment", {"deployment_id": ""}, 400, "LTI-CLAIM"),
    ("deployment as number", {"deployment_id": 1}, 400, "LTI-CLAIM"),
    ("deployment too long", {"deployment_id": LONG}, 400, "LTI-CLAIM"),
    ("no resource link", {"resource_link": ...}, 400, "LTI-CLAIM"),
    ("no resource link id", {"resource_link": {"title": "Module 1"}}, 400, "LTI-CLAIM"),
    ("resource link as text", {"resource_link": "link-1"}, 400, "LTI-CLAIM"),
    ("resource link too long", {"resource_link": {"id": LONG}}, 400, "LTI-CLAIM"),
    ("no target", {"target_link_uri": ...}, 400, "LTI-CLAIM"),
    ("target is no address", {"target_link_uri": "javascript:alert(1)"}, 400, "LTI-CLAIM"),
    ("no sub", {"sub": ...}, 400, "LTI-CLAIM"),
    ("sub too long", {"sub": LONG}, 400, "LTI-CLAIM"),
    ("sub as number", {"sub": 7}, 400, "LTI-CLAIM"),
    ("context without id", {"context": {"title": "Coaching"}}, 400, "LTI-CLAIM"),
    ("context as list", {"context": ["course-1"]}, 400, "LTI-CLAIM"),
    ("context too long", {"context": {"id": LONG}}, 400, "LTI-CLAIM"),
    ("custom as list", {"custom": ["target"]}, 400, "LTI-CLAIM"),
    ("several claims missing", {"roles": ..., "resource_link": ..., "version": ...}, 400, "LTI-VERSION"),
    ("no iss", {"iss": ...}, 401, "LTI-ISSUER"),
    ("no aud", {"aud": ...}, 401, "LTI-AUDIENCE"),
    ("aud of another tool", {"aud": "client-9"}, 401, "LTI-AUDIENCE"),
    ("several aud without azp", {"aud": ["client-1", "client-9"]}, 401, "LTI-AUDIENCE"),
    ("azp of another tool", {"azp": "client-9"}, 401, "LTI-AUDIENCE"),
    ("empty azp", {"azp": None}, 401, "LTI-AUDIENCE"),
    ("aud with an object", {"aud": ["client-1", {}], "azp": "client-1"}, 401, "LTI-AUDIENCE"),
    ("no nonce", {"nonce": ...}, 401, "LTI-NONCE"),
    ("another nonce", {"nonce": "another"}, 401, "LTI-NONCE"),
    ("nonce as list", {"nonce": ["another"]}, 401, "LTI-NONCE"),
    ("no exp", {"exp": ...}, 401, "LTI-TIME"),
    ("no iat", {"iat": ...}, 401, "LTI-TIME"),
    ("exp as text", {"exp": "tomorrow"}, 401, "LTI-TIME"),
    ("iat as truth", {"iat": True}, 401, "LTI-TIME"),
    ("iat beyond numbers", {"iat": 10**400}, 401, "LTI-TIME"),
]


@BOTH
def test_launch_with_a_wrong_claim_is_refused_and_writes_nothing(
    course: Course, role: str, subtests: pytest.Subtests
) -> None:
    before = rows()
    for what, changed, status, code in CLAIMS_REFUSED:
        with subtests.test(what):
            answer = course.launch(role=role, **changed)
            assert (answer.status_code, code in answer.text) == (status, True), answer.text
            assert rows() == before
            assert refusals()[-1] == code


@BOTH
def test_token_of_another_time_is_refused(course: Course, role: str, subtests: pytest.Subtests) -> None:
    at = now()
    present = int(at.timestamp())
    for issued, expires in [(-3601, 300), (61, 300), (-300, -61), (-10, -3600), (3600 * 24, 3600 * 25)]:
        with subtests.test(issued=issued, expires=expires), clock.frozen(at):
            answer = course.launch(role=role, iat=present + issued, exp=present + expires)
            assert (answer.status_code, "LTI-TIME" in answer.text) == (401, True)


@BOTH
def test_clocks_may_differ_by_less_than_a_minute(
    course: Course, role: str, subtests: pytest.Subtests
) -> None:
    at = now()
    present = int(at.timestamp())
    for issued, expires in [(59, 300), (-300, -59), (-3590, 300), (-10, 3600 * 24 * 365)]:
        with subtests.test(issued=issued, expires=expires), clock.frozen(at):
            answer = course.launch(role=role, iat=present + issued, exp=present + expires)
            assert answer.status_code == 303


@BOTH
def test_token_without_key_id_is_refused(course: Course, role: str) -> None:
    answer = course.launch(role=role, header={"kid": ...})
    assert (answer.status_code, "LTI-KEY" in answer.text) == (401, True)


@BOTH
def test_token_with_an_unknown_key_id_is_refused(course: Course, role: str) -> None:
    answer = course.launch(role=role, header={"kid": "no-such-key"})
    assert (answer.status_code, "LTI-KEY" in answer.text) == (401, True)


@BOTH
def test_token_of_another_key_with_the_same_id_is_refused(course: Course, role: str) -> None:
    answer = course.launch(role=role, key=rsa_key("forged"), header={"kid": "key-1"})
    assert (answer.status_code, "LTI-SIGNATURE" in answer.text) == (401, True)


@BOTH
def test_token_that_is_no_lti_message_is_refused(course: Course, role: str) -> None:
    state, nonce = course.platform.begin(course.browser)
    plain = {
        name: value for name, value in course.platform.claims(nonce, role=role).items() if "/" not in name
    }
    answer = course.browser.post(
        "/lti/launch", data={"state": state, "id_token": course.platform.sign(plain)}
    )
    assert (answer.status_code, "LTI-CLAIM" in answer.text) == (400, True)


ACCEPTED: list[Accepted] = [
    ("plain", {}),
    ("several roles", {"roles": [CONTEXT_ROLE + "{role}", CONTEXT_ROLE + "Mentor", "urn:unknown"]}),
    ("short role", {"roles": ["{role}"]}),
    ("unknown role", {"roles": ["http://example.test/unknown#Role"]}),
    ("empty role", {"roles": [""]}),
    ("no role", {"roles": []}),
    ("e-mail only", {"name": ...}),
    ("names only", {"email": ..., "name": ..., "given_name": "Lucía", "family_name": "Ortega"}),
    ("no personal data", {"email": ..., "name": ...}),
    ("e-mail without context", {"name": ..., "context": ...}),
    ("aud as list", {"aud": ["client-1"]}),
    ("several aud with azp", {"aud": ["client-1", "client-9"], "azp": "client-1"}),
]


@BOTH
def test_right_launch_is_let_in(course: Course, role: str, subtests: pytest.Subtests) -> None:
    for what, changed in ACCEPTED:
        roles = {"roles": [one.format(role=role) for one in changed["roles"]]} if "roles" in changed else {}
        with subtests.test(what):
            assert course.enter(role=role, **{**changed, **roles}).status_code == 200


SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
ASKED: dict[str, Any] = {
    "deep_link_return_url": "https://lms.example.test/return?course=1",
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe", "window"],
}


def ask(course: Course, role: str, settings: Any, **changed: Any) -> TestResponse:
    """Ask for content."""
    given: dict[str, Any] = {
        "message_type": "LtiDeepLinkingRequest",
        "resource_link": ...,
        SETTINGS: settings,
    }
    return course.launch(role=role, **{**given, **changed})


SETTINGS_REFUSED: list[tuple[str, Any]] = [
    ("no settings", ...),
    ("empty settings", {}),
    ("settings as text", "all"),
    ("no return address", {"deep_link_return_url": ...}),
    ("return address is no address", {"deep_link_return_url": "javascript:alert(1)"}),
    ("return address with a line break", {"deep_link_return_url": "https://lms.example.test/\r\nx"}),
    ("return address as list", {"deep_link_return_url": ["https://lms.example.test/"]}),
    ("return address too long", {"deep_link_return_url": "https://lms.example.test/" + "x" * 2000}),
    ("no types", {"accept_types": ...}),
    ("empty types", {"accept_types": []}),
    ("types as text", {"accept_types": "ltiResourceLink"}),
    ("a type as number", {"accept_types": ["ltiResourceLink", 1]}),
    ("a type too long", {"accept_types": ["x" * 300]}),
    ("no presentation targets", {"accept_presentation_document_targets": ...}),
    ("presentation targets as text", {"accept_presentation_document_targets": "iframe"}),
    ("several or one as text", {"accept_multiple": "true"}),
    ("line items as number", {"accept_lineitem": 1}),
    ("creating as object", {"auto_create": {}}),
    ("data as object", {"data": {"a": 1}}),
    ("data that cannot be kept", {"data": "a\x00b"}),
    ("data without end", {"data": "x" * 70_000}),
    ("title as list", {"title": ["Choose"]}),
    ("text as number", {"text": 7}),
]


@BOTH
def test_request_for_content_with_a_wrong_claim_is_refused_and_writes_nothing(
    course: Course, role: str, subtests: pytest.Subtests
) -> None:
    before = rows()
    for what, changed in SETTINGS_REFUSED:
        settings = {**ASKED, **changed} if isinstance(changed, dict) and changed else changed
        if isinstance(settings, dict):
            settings = {name: value for name, value in settings.items() if value is not ...}
        with subtests.test(what):
            answer = ask(course, role, settings)
            assert (answer.status_code, "LTI-CLAIM" in answer.text) == (400, True), answer.text
            assert rows() == before


@BOTH
def test_request_for_content_needs_its_other_claims_too(
    course: Course, role: str, subtests: pytest.Subtests
) -> None:
    for what, changed, status, code in CLAIMS_REFUSED:
        if (
            "resource_link" not in changed
            and "target_link_uri" not in changed
            and "message_type" not in changed
        ):
            with subtests.test(what):
                answer = ask(course, role, ASKED, **changed)
                assert (answer.status_code, code in answer.text) == (status, True), answer.text


SETTINGS_ACCEPTED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("plain", {}, {}),
    ("without target_link_uri", {}, {"target_link_uri": ...}),
    ("with a link that it speaks not of", {}, {"resource_link": {"id": "link-1"}}),
    ("outside a course", {}, {"context": ...}),
    ("in a course that is not bound", {}, {"context": {"id": "course-9"}}),
    ("without personal data", {}, {"name": ..., "email": ...}),
    ("with data", {"data": 'o p\naque=\u202e"<&'}, {}),
    ("empty data", {"data": ""}, {}),
    ("data of nothing", {"data": None}, {}),
    ("one item", {"accept_multiple": False}, {}),
    ("line items", {"accept_lineitem": True, "auto_create": True}, {}),
    ("other types", {"accept_types": ["link", "html", "urn:example:new"]}, {}),
    ("media types", {"accept_media_types": "image/*,text/html"}, {}),
    ("title and text", {"title": "Choose\tone", "text": "for \u202e week 1"}, {}),
]


@BOTH
def test_right_request_for_content_is_let_in_and_enrols_nobody(
    course: Course, role: str, subtests: pytest.Subtests
) -> None:
    for what, settings, changed in SETTINGS_ACCEPTED:
        with subtests.test(what):
            answer = ask(course, role, {**ASKED, **settings}, **changed)
            assert answer.status_code == 303, answer.text
            assert follow(course.browser, answer).status_code in {200, 403}
            asked = db.session.query(DeepLinkingRequest).order_by(DeepLinkingRequest.id.desc()).first()
            assert asked is not None
            assert asked.data == settings.get("data")
            assert asked.accept_types == settings.get("accept_types", ["ltiResourceLink"])
            assert asked.accept_multiple is settings.get("accept_multiple")
    assert db.session.query(Enrolment).count() == 0


@BOTH
def test_right_review_is_answered_with_a_page(course: Course, role: str) -> None:
    course.enter()
    column = {"scope": [], "lineitem": "https://lms.example.test/lineitems/1"}
    for changed in ({}, {"target_link_uri": ...}, {"resource_link": ...}):
        page = course.enter(
            role=role,
            sub="person-1" if role == "Learner" else "teacher-1",
            message_type="LtiSubmissionReviewRequest",
            for_user={"user_id": "person-1", "name": "Somebody else"},
            **{AGS: column},
            **changed,
        )
        assert page.status_code == 200
        assert "Somebody else" not in page.text


@BOTH
def test_launch_without_a_subject_is_let_in_only_where_anonymity_is_allowed(
    course: Course, role: str
) -> None:
    assert course.launch(role=role, sub=...).status_code == 400
    with transaction() as session:
        session.query(Registration).one().allow_anonymous = True
    for changed in ({}, {"name": ..., "email": ...}):
        assert course.enter(role=role, sub=..., **changed).status_code == 200
    answer = ask(course, role, ASKED, sub=...)
    assert answer.status_code == 303
    assert db.session.query(LtiIdentity).count() == 0
