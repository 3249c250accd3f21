"""Tokens that prove nothing, and keys that come and go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from institute import clock
from tests.lti.acting import Course, ec_key, rsa_key
from tests.lti.counting import refusals, rows


def part(value: object) -> str:
    """Encode one part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def payload(body: bytes) -> str:
    """Encode a token with a right header and this payload."""
    return (
        f"{part({'alg': 'RS256', 'kid': 'key-1'})}.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.x"
    )


def send(course: Course, make: Callable[[str], str]) -> tuple[int, list[str]]:
    """Do a login, then launch with the token that ``make`` makes for its nonce; return status and refusals."""
    state, nonce = course.platform.begin(course.browser)
    answer = course.browser.post("/lti/launch", data={"state": state, "id_token": make(nonce)})
    return answer.status_code, refusals()


def test_unsigned_token_is_refused(course: Course) -> None:
    header = part({"alg": "none", "kid": "key-1"})
    refused = send(course, lambda nonce: f"{header}.{part(course.platform.claims(nonce))}.")
    assert refused == (401, ["LTI-ALGORITHM"])


def test_token_signed_with_the_public_key_as_a_secret_is_refused(course: Course) -> None:
    secret = rsa_key("key-1").as_pem(private=False)

    def forge(nonce: str) -> str:
        signed = f"{part({'alg': 'HS256', 'kid': 'key-1'})}.{part(course.platform.claims(nonce))}"
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    assert send(course, forge) == (401, ["LTI-ALGORITHM"])


def test_algorithm_of_another_key_type_is_refused(course: Course) -> None:
    course.platform.keys = [rsa_key("key-1")]
    forged = ec_key("key-1")
    refused = send(course, lambda nonce: course.platform.sign(course.platform.claims(nonce), key=forged))
    assert refused == (401, ["LTI-ALGORITHM"])


def test_token_with_another_rsa_algorithm_is_refused(course: Course) -> None:
    refused = send(course, lambda nonce: course.platform.sign(course.platform.claims(nonce), alg="RS384"))
    assert refused == (401, ["LTI-ALGORITHM"])


def test_elliptic_curve_key_is_as_good(course: Course) -> None:
    course.platform.keys = [ec_key("ec-1")]
    assert course.launch().status_code == 303


NO_TOKENS = {
    "two parts": "two.parts",
    "no base64": "a.b.c",
    "empty": "",
    "dots": "...",
    "not ascii": "é.è.ê",
    "header": f"{part([])}.{part({})}.x",
    "payload": payload(b'["no", "object"]'),
    "deep": payload(b"[" * 100_000),
    "NaN": payload(b'{"iat": NaN}'),
    "bytes": payload(b"\xff\xfe"),
    "long": "x" * 400_000,
}


def test_what_is_no_token_is_refused_with_a_page(course: Course, subtests: pytest.Subtests) -> None:
    before = rows()
    for what, token in NO_TOKENS.items():
        with subtests.test(what):
            status, codes = send(course, lambda _, token=token: token)  # type: ignore[misc]
            assert (status, codes[-1]) == (400, "LTI-TOKEN")
            assert rows() == before


def test_payload_that_is_signed_and_no_object_is_refused(course: Course) -> None:
    assert send(course, lambda _: course.platform.sign(b'"text"')) == (400, ["LTI-TOKEN"])


def test_rotated_key_is_found_at_the_next_launch(course: Course) -> None:
    assert course.launch().status_code == 303
    course.platform.keys = [rsa_key("key-2")]
    assert course.launch().status_code == 303
    assert course.platform.fetches == 2


def test_keys_are_fetched_once_for_many_launches(course: Course) -> None:
    for _ in range(4):
        assert course.launch().status_code == 303
    assert course.platform.fetches == 1


def test_invented_key_ids_do_not_make_us_hammer_the_platform(course: Course) -> None:
    for number in range(9):
        assert course.launch(header={"kid": f"invented-{number}"}).status_code == 401
    assert course.platform.fetches == 5
    assert course.launch().status_code == 303
    with clock.shift(seconds=61):
        course.platform.keys = [rsa_key("key-2")]
        assert course.launch().status_code == 303


RUBBISH = {
    "503": (503, "text/plain", b"busy"),
    "503 json": (503, "application/json", json.dumps({"keys": []}).encode()),
    "html": (200, "text/html", b"<!doctype html><title>Sign in</title>"),
    "empty": (200, "application/json", b""),
    "object": (200, "application/json", b"{}"),
    "list": (200, "application/json", b"[]"),
    "rubbish": (
        200,
        "application/json",
        b'{"keys": [1, null, {"kty": "RSA"}, {"kty": "RSA", "kid": "key-1", "n": 5}]}',
    ),
    "oct": (200, "application/json", b'{"keys": [{"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"}]}'),
}


def test_rubbish_instead_of_keys_is_never_kept(course: Course, subtests: pytest.Subtests) -> None:
    for minutes, (what, answer) in enumerate(RUBBISH.items()):
        course.platform.answer = lambda answer=answer: answer
        with subtests.test(what), clock.shift(seconds=90 * minutes):
            refused = course.launch()
            assert (refused.status_code, refusals()[-1]) == (503, "LTI-KEYS")
    course.platform.answer = None
    with clock.shift(seconds=90 * len(RUBBISH)):
        assert course.launch().status_code == 303


def test_last_keys_go_on_serving_while_the_platform_is_down(course: Course) -> None:
    assert course.launch().status_code == 303
    course.platform.answer = lambda: (503, "text/html", b"down")
    with clock.shift(seconds=7200):
        assert course.launch().status_code == 303
    assert course.platform.fetches == 2


def test_key_without_an_algorithm_serves_as_its_type_says(course: Course) -> None:
    keys = [rsa_key("key-1").as_dict(private=False)]
    assert "alg" not in keys[0]
    course.platform.answer = lambda: (200, "text/html", json.dumps({"keys": keys}).encode())
    assert course.launch().status_code == 303


def test_small_and_private_purpose_keys_are_not_used(course: Course) -> None:
    key = {**rsa_key("key-1").as_dict(private=False), "use": "enc"}
    course.platform.answer = lambda: (200, "application/json", json.dumps({"keys": [key]}).encode())
    assert course.launch().status_code == 503
