"""The administrator of a platform reads how it is connected and what the latest check found, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from institute.actors import Role
from institute.db import db
from institute.jobs import worker
from institute.people.models import Institute, Person
from lti.platforms.models import DeploymentState, Family, RegistrationId
from lti.setup.giving import give_deployment
from lti.setup.models import RegistrationCheck
from tests.browsing import Visitor, visit
from tests.lti.setup.conftest import LMS, Office, add_deployment

PAGE = "/platform-administrator/settings/"


def enter(app: Flask, person: Person, registration_id: RegistrationId) -> Visitor:
    """Come in as an administrator of a platform."""
    key = f"registration/{registration_id}"
    return visit(app, person, roles=[Role.PLATFORM_ADMINISTRATOR], door="lti", door_key=key)


def test_software_addresses_and_check_are_shown(
    app: Flask,
    office: Office,
    make_person: Callable[..., Person],
    make_registration: Callable[..., RegistrationId],
) -> None:
    nowhere = "http://127.0.0.1:9/x"
    registration_id = make_registration(
        family=Family.MOODLE, version="4.5.5+", auth_url=nowhere, token_url=nowhere, jwks_url=nowhere
    )
    visitor = enter(app, make_person(name="Wim"), registration_id)
    page = visitor.get(PAGE).text
    assert "Moodle 4.5.5+" in page
    assert "http://127.0.0.1:8000/lti/deep-link" in page
    assert "The latest check" not in page
    office.visitor.post(office.platform(registration_id, "/check"))
    worker.run_once(app)
    assert db.session.scalars(select(RegistrationCheck)).first() is not None
    page = visitor.get(PAGE).text
    assert "The latest check" in page
    assert "No server answers at this address." in page
    assert "/check" not in page


def test_of_a_shared_platform_each_institute_sees_its_own_deployments(
    app: Flask,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    registration_id: RegistrationId,
) -> None:
    harbour = make_institute(slug="harbour")
    add_deployment(registration_id, "campus-2", DeploymentState.ACTIVE)
    visitor = enter(app, make_person(name="Wim", institute_id=harbour.id), registration_id)
    assert visitor.get(PAGE).status_code == 404
    give_deployment(LMS, "made-1", "campus-2", harbour.id)
    page = visitor.get(PAGE).text
    assert "campus-2" in page
    assert "<strong>1</strong>" not in page
