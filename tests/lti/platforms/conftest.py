"""A platform that registers the tool, and an administrator who invites it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from institute.actors import Actor, Role
from institute.people.granting import grant_role
from institute.people.models import Institute, Person
from lti.platforms.invitations import invite
from tests.lti.platforms.registrar import Registrar, registrar

Open = Callable[..., TestResponse]


@pytest.fixture
def moodle() -> Iterator[Registrar]:
    """The registration side of the recorded Moodle."""
    with registrar() as platform:
        yield platform


@pytest.fixture
def administrator(institute: Institute, make_person: Callable[..., Person], system: Actor) -> Actor:
    """An administrator of the test's institute."""
    person_id = make_person(name="Grace Lee").id
    grant_role(person_id, Role.ADMINISTRATOR, actor=system)
    return Actor(institute_id=institute.id, person_id=person_id)


@pytest.fixture
def make_invitation(administrator: Actor) -> Callable[..., str]:
    """Return the secret of a new invitation."""

    def make(*, actor: Actor | None = None, registration_id: int | None = None) -> str:
        address = invite(actor or administrator, registration_id)  # type: ignore[arg-type]
        return parse_qs(urlsplit(address).query)["invitation"][0]

    return make


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """The browser of a platform's administrator."""
    return app.test_client()


@pytest.fixture
def open_address(browser: FlaskClient, moodle: Registrar) -> Open:
    """Open the registration address as the platform does, and the page that it leads to."""

    def open_it(*, headers: dict[str, str] | None = None, **more: str) -> TestResponse:
        answer = browser.get(moodle.address(**{"registration_token": "token-1", **more}), headers=headers)
        return browser.get(answer.location, headers=headers) if answer.status_code == 303 else answer

    return open_it
