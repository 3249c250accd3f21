"""One-time sign-in: a link works once, by a button, for 15 minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from institute import clock
from institute.actors import Actor, Role
from institute.messages.models import SignInLink
from institute.people.granting import grant_role
from institute.people.models import Institute, Person


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


def test_form_of_another_site_signs_nobody_in(app: Flask, institute: Institute) -> None:
    path, client = _link(app), app.test_client()
    for site in ("cross-site", "same-site"):
        answer = client.post(path, headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.location) == (303, path)
        assert "Set-Cookie" not in answer.headers
    assert client.post(path, headers={"Sec-Fetch-Site": "same-origin"}).location.startswith("/s/")


def test_link_for_an_address_goes_to_the_administrator_who_has_it(
    app: Flask, institute: Institute, make_person: Callable[..., Person], session: Session
) -> None:
    command = Actor(institute_id=institute.id, person_id=None)
    make_person(email="ruth@example.org")
    ruth = make_person(email="ruth@example.org")
    grant_role(ruth.id, Role.ADMINISTRATOR, actor=command)
    make_person(email="other@example.org")
    for email, whose in (("Ruth@Example.org", {ruth.id}), ("other@example.org", set())):
        done = app.test_cli_runner().invoke(args=["institute", "admin-link", "--email", email])
        assert done.exit_code == 0, done.output
        address = done.output.splitlines()[0]
        row = session.get_one(SignInLink, hashlib.sha256(address.rpartition("/")[2].encode()).hexdigest())
        before = {person.id for person in session.scalars(select(Person)) if not person.provisioned}
        assert ({row.person_id} & before) == whose


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
