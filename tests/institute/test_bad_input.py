"""No input gives a 500: bodies too large or broken, odd addresses, wrong methods. Each is answered with a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from institute.actors import Role
from institute.people.models import Person
from institute.web import forms
from tests.browsing import Visitor

MEGABYTE = 1024 * 1024
ANYWHERE = ("/", "/lti/login", "/lti/launch", "/link/nothing", "/s/12345678/language", "/nowhere")


@pytest.mark.parametrize("path", ANYWHERE)
def test_body_that_is_too_large_is_refused_with_a_page(app: Flask, path: str) -> None:
    sent = app.test_client().post(path, data={"text": "a" * (3 * MEGABYTE)})
    assert sent.status_code in {401, 404, 405, 413, 422}
    assert "</html>" in sent.text


def test_form_that_is_too_large_changes_nothing_in_a_session(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    sent = inside.post("/language", {"locale": "es", "text": "a" * (3 * MEGABYTE)})
    assert sent.status_code == 413
    assert "too large" in sent.text
    assert 'lang="en"' in inside.get("/participant/").text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nnothing like a part", "multipart/form-data; boundary=x"),
        (b"a", "multipart/form-data"),
        (b"a=%ff%fe&b=%00&=&&&", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "text/plain; charset=nonsense"),
        (b"{", "application/json"),
    ],
)
def test_broken_body_is_answered(
    body: bytes, kind: str, app: Flask, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    for path in (*ANYWHERE, f"/s/{inside.session_id}/language"):
        answer = inside.client.post(path, data=body, content_type=kind)
        assert 400 <= answer.status_code < 500, path


@pytest.mark.parametrize(
    "path", ["/?lang=%00", "/?lang=%ff", "/s/%00/x", "/%ff%fe", "/link/%00", "/static/x/%2e%2e/y"]
)
def test_odd_address_is_answered(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code < 500


def test_odd_fields_of_a_form_are_answered(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    inside = sign_in(make_person(), roles=[Role.PARTICIPANT])
    for value in (
        "\x00",
        "a" * 5000,
        "../../x",
        "<script>",
        "\u202e",
        "\ud800".encode("utf-8", "surrogatepass"),
    ):
        assert inside.post("/language", {"locale": value}).status_code == 422
        assert inside.post("/language", {"locale": "es", "next": value}).status_code == 303
        assert inside.post("/language", {"locale": "es", forms.ONCE_FIELD: value}).status_code == 303
