"""An administrator in front of the pages about platforms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.people.models import Institute, Person
from lti.platforms.models import Deployment, DeploymentState, Registration, RegistrationId
from lti.platforms.registering import PlatformDraft, register_platform
from tests.browsing import Visitor

LMS = "https://lms.example.test"
TYPED = {
    "name": "Our Moodle",
    "family": "moodle",
    "issuer": LMS,
    "client_id": "client-1",
    "deployment_id": "",
    "auth_url": f"{LMS}/mod/lti/auth.php",
    "token_url": f"{LMS}/mod/lti/token.php",
    "jwks_url": f"{LMS}/mod/lti/certs.php",
    "token_audience": "",
}
"""A whole form of a platform."""


@dataclass(frozen=True)
class Office:
    """An administrator with a browser, and what the pages are about."""

    app: Flask
    visitor: Visitor
    actor: Actor

    def platform(self, registration_id: RegistrationId, part: str = "") -> str:
        """Return the path of a platform's page."""
        return f"/administrator/platforms/{registration_id}{part}"


@pytest.fixture
def make_office(
    app: Flask, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Callable[..., Office]:
    """Seat an administrator of an institute."""

    def make(institute: Institute, **given: Any) -> Office:
        person = make_person(name="Grace Palmer", institute_id=institute.id)
        visitor = sign_in(person, roles=[Role.ADMINISTRATOR], **given)
        return Office(app, visitor, Actor(institute_id=institute.id, person_id=person.id))

    return make


@pytest.fixture
def office(make_office: Callable[..., Office], institute: Institute) -> Office:
    """The administrator of the institute."""
    return make_office(institute)


@pytest.fixture
def make_registration(system: Actor) -> Callable[..., RegistrationId]:
    """Register a platform, for the institute unless another actor is given."""
    count = 0

    def make(*, actor: Actor | None = None, **changed: Any) -> RegistrationId:
        nonlocal count
        count += 1
        given = {key: TYPED[key] for key in ("issuer", "auth_url", "token_url", "jwks_url", "name")}
        draft = PlatformDraft(**{**given, "client_id": f"made-{count}", **changed})
        return register_platform(draft, actor=actor or system)

    return make


@pytest.fixture
def registration_id(make_registration: Callable[..., RegistrationId]) -> RegistrationId:
    """A registered platform whose deployment ``"1"`` is active."""
    return make_registration(deployment_id="1")


def stored(registration_id: RegistrationId) -> Registration:
    """Return a registration as it is stored now."""
    db.session.rollback()
    return db.session.get_one(Registration, registration_id, populate_existing=True)


def add_deployment(registration_id: RegistrationId, name: str, state: DeploymentState) -> Deployment:
    """Note down a deployment of a registration, for the registration's institute."""
    with transaction() as session:
        registration = session.get_one(Registration, registration_id)
        made = Deployment(
            institute_id=registration.institute_id,
            registration_id=registration_id,
            deployment_id=name,
            state=state,
        )
        session.add(made)
        session.flush()
        return made
