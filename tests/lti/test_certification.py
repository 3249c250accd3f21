"""The certification checklist: what a launch must be refused for, and what it must be let in with."""

from __future__ import annotations

from typing import Any

import pytest

from institute import clock
from institute.clock import now
from tests.lti.acting import CONTEXT_ROLE, Course, rsa_key
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
