"""What administrators decide while a launch is under way counts for that launch."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from flask import Flask
from sqlalchemy import select

from institute.actors import Actor
from institute.db import db, transaction
from lti.launches.models import Context
from lti.platforms.models import Deployment, DeploymentPolicy, Registration, RegistrationState
from lti.setup.courses import unbind_course
from lti.setup.deciding import pause
from tests.lti.acting import CONTEXT_ROLE, Course
from tests.lti.entrance import session_of

ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
Meanwhile = Callable[..., None]


@pytest.fixture
def meanwhile(app: Flask, course: Course) -> Meanwhile:
    """Change the registration in the middle of the next launch, while the platform's keys are fetched."""

    def change(**wanted: object) -> None:
        body = json.dumps({"keys": [key.as_dict(private=False) for key in course.platform.keys]}).encode()

        def answer() -> tuple[int, str, bytes]:
            with app.app_context(), transaction() as session:
                registration = session.query(Registration).one()
                for name, value in wanted.items():
                    setattr(registration, name, value)
            return 200, "application/json", body

        course.platform.answer = answer

    return change


def test_administrator_of_a_platform_that_is_trusted_no_longer_is_none(
    course: Course, meanwhile: Meanwhile
) -> None:
    with transaction() as session:
        session.query(Registration).one().trust_administrators = True
    meanwhile(trust_administrators=False)
    assert session_of(course.launch(roles=[ADMINISTRATOR])).roles == ["platform_administrator"]


def test_role_means_what_was_said_last(course: Course, meanwhile: Meanwhile) -> None:
    meanwhile(role_overrides={"Instructor": "nothing"})
    assert session_of(course.launch(roles=[CONTEXT_ROLE + "Instructor"])).roles == ["participant"]


def test_new_deployment_waits_if_new_ones_wait_by_now(course: Course, meanwhile: Meanwhile) -> None:
    with transaction() as session:
        session.query(Registration).one().deployment_policy = DeploymentPolicy.APPROVE
    meanwhile(deployment_policy=DeploymentPolicy.PENDING)
    assert "LTI-DEPLOYMENT-PENDING" in course.launch(deployment_id="campus-9").text


def test_platform_that_was_paused_lets_nobody_in(course: Course, meanwhile: Meanwhile) -> None:
    meanwhile(state=RegistrationState.DISABLED)
    assert course.launch().status_code == 403


@pytest.mark.parametrize("decision", ["pause", "unbind"])
def test_decision_waits_for_launches_under_way_so_that_it_ends_their_sessions(
    app: Flask, course: Course, system: Actor, decision: str
) -> None:
    deployment_id = db.session.scalars(select(Deployment.id)).one()
    context_id = db.session.scalars(select(Context.id)).one()
    db.session.remove()

    def decide() -> None:
        with app.app_context():
            if decision == "pause":
                pause(deployment_id, actor=system)
            else:
                unbind_course(context_id, actor=system)

    with ThreadPoolExecutor(1) as thread:
        with transaction() as session:  # what a launch holds until its session is open
            session.execute(select(Registration.id).with_for_update(key_share=True))
            deciding = thread.submit(decide)
            assert not wait([deciding], timeout=1).done
        deciding.result(timeout=60)
