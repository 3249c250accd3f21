"""Somebody who was entered beforehand is found at the first launch, once, and never with power that was not meant."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from institute.actors import Actor, PersonId, Role
from institute.people.granting import grant_role
from institute.people.institutes import put_person
from lti.launches.models import LtiIdentity
from tests.lti.acting import Course, Platform

RUTH = "ruth@example.test"


def _entered(system: Actor) -> PersonId:
    return put_person(key="ruth", name="Ruth", email=RUTH, locale=None, actor=system)


def _person_of(session: Session, sub: str) -> PersonId:
    return session.scalars(select(LtiIdentity.person_id).where(LtiIdentity.sub == sub)).one()


def test_first_launch_with_the_entered_e_mail_is_that_person(
    course: Course, system: Actor, session: Session
) -> None:
    ruth = _entered(system)
    course.enter(sub="a", email="Ruth@Example.test")
    course.enter(sub="b", email=RUTH)
    assert _person_of(session, "a") == ruth
    assert _person_of(session, "b") != ruth


def test_e_mail_alone_gives_nobody_a_grant(course: Course, system: Actor, session: Session) -> None:
    ruth = _entered(system)
    grant_role(ruth, Role.ADMINISTRATOR, actor=system)
    course.enter(sub="somebody", email=RUTH)
    assert _person_of(session, "somebody") != ruth


def test_trusted_platform_may_bring_a_person_with_a_grant(
    app: Flask, course: Course, register: Callable[..., Result], system: Actor, session: Session
) -> None:
    ruth = _entered(system)
    grant_role(ruth, Role.ADMINISTRATOR, actor=system)
    platform: Platform = course.platform
    assert register(platform, "--trust-administrators").exit_code == 0
    course.enter(sub="ruth-of-the-lms", email=RUTH)
    assert _person_of(session, "ruth-of-the-lms") == ruth
