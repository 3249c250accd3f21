"""An operator gives a platform or a deployment to another institute, as long as nothing of it is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from institute.audit.models import AuditEvent
from institute.db import db
from institute.jobs import worker
from institute.people.models import Institute
from lti.launches.models import LtiLaunch
from lti.platforms.dynamic_models import Invitation
from lti.platforms.invitations import invite
from lti.platforms.models import Deployment, DeploymentState, Registration, RegistrationId
from lti.setup.models import RegistrationCheck
from tests.lti.acting import AGS, CLIENT, DEPLOYMENT, ISSUER, NRPS, Course, Platform
from tests.lti.setup.conftest import LMS, Office, add_deployment, stored

Run = Callable[..., Result]


@pytest.fixture
def harbour(make_institute: Callable[..., Institute]) -> Institute:
    """A second institute."""
    return make_institute(slug="harbour")


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command of ``flask lti`` about the registered platform."""

    def command(*words: str, issuer: str = LMS, client: str = "made-1") -> Result:
        arguments = ["lti", *words, "--issuer", issuer, "--client-id", client]
        return app.test_cli_runner().invoke(args=arguments)

    return command


def test_platform_goes_with_its_deployments_and_its_addresses_are_withdrawn(
    run: Run, office: Office, harbour: Institute, registration_id: RegistrationId
) -> None:
    office.visitor.post(office.platform(registration_id, "/check"))
    invite(office.actor, registration_id)
    result = run("give", "--to", "harbour")
    assert (result.exit_code, "belongs to harbour now" in result.output) == (0, True)
    assert stored(registration_id).institute_id == harbour.id
    assert db.session.scalars(select(Deployment.institute_id)).one() == harbour.id
    assert db.session.scalars(select(Invitation)).one().withdrawn_at is not None
    assert office.visitor.get(office.platform(registration_id)).status_code == 404
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "lti.given")).all()
    assert {event.institute_id for event in events} == {office.actor.institute_id, harbour.id}


def test_giving_it_to_the_institute_that_has_it_changes_nothing(
    run: Run, institute: Institute, registration_id: RegistrationId
) -> None:
    assert run("give", "--to", institute.slug).exit_code == 0
    assert stored(registration_id).institute_id == institute.id


def test_platform_whose_people_are_known_stays(run: Run, course: Course, harbour: Institute) -> None:
    course.launch()
    result = run("give", "--to", "harbour", issuer=ISSUER, client=CLIENT)
    assert (result.exit_code, "known to its institute already" in result.output) == (2, True)
    assert db.session.scalars(select(Deployment.institute_id)).one() != harbour.id


@pytest.mark.parametrize("words", [("give",), ("give-deployment", "--deployment-id", "1")])
def test_what_is_not_there_is_a_sentence(
    run: Run, harbour: Institute, registration_id: RegistrationId, words: tuple[str, ...]
) -> None:
    unknown = run(*words, "--to", "harbour", client="nobody")
    assert (unknown.exit_code, "no registration" in unknown.output) == (2, True)
    nowhere = run(*words, "--to", "moon")
    assert (nowhere.exit_code, "no institute with this slug" in nowhere.output) == (2, True)


def test_deployment_that_is_not_there_is_a_sentence(
    run: Run, harbour: Institute, registration_id: RegistrationId
) -> None:
    result = run("give-deployment", "--deployment-id", "x", "--to", "harbour")
    assert (result.exit_code, "no deployment" in result.output) == (2, True)


def test_deployment_goes_alone_and_both_institutes_see_their_part(
    run: Run,
    office: Office,
    harbour: Institute,
    make_office: Callable[..., Office],
    registration_id: RegistrationId,
) -> None:
    given = add_deployment(registration_id, "campus-2", DeploymentState.PENDING)
    assert run("give-deployment", "--deployment-id", "campus-2", "--to", "harbour").exit_code == 0
    there = make_office(harbour)
    mine = office.visitor.get(office.platform(registration_id)).text
    assert "campus-2" not in mine
    assert "1 deployment belongs to another institute" in mine
    theirs = there.visitor.get(there.platform(registration_id)).text
    assert "campus-2" in theirs
    assert "Deployment 1" not in theirs
    assert "Check this registration" not in theirs
    assert "shared by another institute" in there.visitor.get("/administrator/platforms/").text
    part = f"/deployments/{given.id}/approve"
    assert office.visitor.post(office.platform(registration_id, part)).status_code == 404
    assert there.visitor.post(there.platform(registration_id, part)).status_code == 303
    for forbidden in ("/pause", "/edit", "/check", "/roles", "/invitation"):
        answer = there.visitor.post(
            there.platform(registration_id, forbidden), {"role": "R", "meaning": "staff"}
        )
        assert answer.status_code == 404, forbidden


def test_nothing_of_a_given_deployment_s_courses_comes_back_to_the_institute_that_gave_it(
    run: Run, office: Office, acting: Platform, browser: FlaskClient, harbour: Institute
) -> None:
    words = ("give-deployment", "--deployment-id", DEPLOYMENT, "--to", "harbour")
    assert run(*words, issuer=ISSUER, client=CLIENT).exit_code == 0
    offered: dict[str, Any] = {
        AGS: {"lineitems": "http://127.0.0.1:9/lineitems", "scope": []},
        NRPS: {"context_memberships_url": "http://127.0.0.1:9/roster"},
    }
    assert acting.launch(browser, roles=["urn:harbour:Pilot"], **offered).status_code == 303
    registration_id = db.session.scalars(select(Registration.id)).one()
    office.visitor.post(office.platform(registration_id, "/check"))
    worker.run_once(office.app)
    assert "urn:harbour:Pilot" not in office.visitor.get(office.platform(registration_id)).text
    found = dict(
        db.session.execute(
            select(RegistrationCheck.step, RegistrationCheck.finding).where(
                RegistrationCheck.step.in_(["roster", "lineitems"])
            )
        ).all()
    )
    assert found == {"roster": "roster-no-course", "lineitems": "lineitems-no-course"}


def test_launch_from_a_given_deployment_belongs_to_its_own_institute(
    run: Run, acting: Platform, browser: FlaskClient, harbour: Institute
) -> None:
    words = ("give-deployment", "--deployment-id", DEPLOYMENT, "--to", "harbour")
    assert run(*words, issuer=ISSUER, client=CLIENT).exit_code == 0
    assert acting.launch(browser).status_code == 303
    assert db.session.scalars(select(LtiLaunch.institute_id)).one() == harbour.id
    again = run(
        "give-deployment", "--deployment-id", DEPLOYMENT, "--to", "valley", issuer=ISSUER, client=CLIENT
    )
    assert again.exit_code == 2
