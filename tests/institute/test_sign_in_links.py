"""One-time sign-in: a link works once, by a button, for 15 minutes."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask

from institute import clock
from institute.people.models import Institute


def _link(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["institute", "admin-link"])
    assert result.exit_code == 0, result.output
    return urlsplit(result.output.splitlines()[0]).path


def test_link_signs_an_administrator_in_once(app: Flask, institute: Institute) -> None:
    path, client = _link(app), app.test_client()
    for _look in range(3):
        assert client.get(path).status_code == 200
    entered = client.post(path)
    assert entered.status_code == 303
    assert client.get(entered.location, follow_redirects=True).status_code == 200
    assert client.get(path).status_code == 422
    assert client.post(path).status_code == 422


def test_old_and_unknown_links_answer_alike(app: Flask, institute: Institute) -> None:
    path, client = _link(app), app.test_client()
    with clock.shift(seconds=15 * 60 + 1):
        old = client.post(path)
    unknown = client.post("/link/nothing-like-it")
    assert (old.status_code, unknown.status_code) == (422, 422)
    assert "LINK-USED" in old.text
    assert "LINK-USED" in unknown.text


def test_link_without_an_institute_is_a_sentence(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["institute", "admin-link"])
    assert result.exit_code == 1
    assert result.output == "Error: Name the institute: there is not exactly one.\n"


def test_guessing_links_is_stopped_after_thirty_a_minute(app: Flask) -> None:
    client = app.test_client()
    assert [client.get("/link/guess").status_code for _ in range(30)] == [422] * 30
    stopped = client.get("/link/guess")
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0
    assert "</html>" in stopped.text
