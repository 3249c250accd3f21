"""What the pages about platforms show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from courses.cohorts.models import Cohort, CohortId
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised
from lti.launches.models import Context, ContextId
from lti.launches.queries import roles_met
from lti.platforms.models import (
    Deployment,
    DeploymentId,
    DeploymentState,
    Family,
    Registration,
    RegistrationId,
)
from lti.setup.checks import CheckPage, latest_check
from lti.setup.errors import CourseGoneError, PlatformGoneError
from lti.setup.listing import last_launches
from lti.setup.sheets import PlatformSheet

MOST_COURSES: Final = 500
"""Courses of one platform that its page lists, those that were opened last first."""


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of the platform that the tool was opened from, and the cohort it is bound to."""

    id: ContextId
    title: str
    cohort_id: CohortId | None
    cohort: Localised | None
    enrols: bool


@dataclass(frozen=True, slots=True)
class DeploymentPart:
    """A deployment with the courses that came from it."""

    id: DeploymentId
    deployment_id: str
    state: DeploymentState
    created_at: datetime
    courses: tuple[CourseRow, ...]


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """A cohort that a course may be bound to."""

    id: CohortId
    name: Localised


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """One platform. ``saved`` is what its form shows; ``came_by_it``: the reader's own visit came through it."""

    id: RegistrationId
    name: str
    issuer: str
    client_id: str
    family: Family
    version: str
    is_active: bool
    own: bool
    edition: int
    created_at: datetime
    saved: PlatformSheet
    overrides: tuple[tuple[str, str], ...]
    roles_met: tuple[str, ...]
    deployments: tuple[DeploymentPart, ...]
    elsewhere: int
    cohorts: tuple[CohortChoice, ...]
    check: CheckPage | None
    came_by_it: bool
    last_launch_at: datetime | None


def show_platform(registration_id: RegistrationId, actor: Actor) -> PlatformPage:
    """Return one platform of the institute, or one of another of which it has a deployment.

    Raises PlatformGoneError.
    """
    row = db.session.get(Registration, registration_id)
    if row is None:
        raise PlatformGoneError
    own = row.institute_id == actor.institute_id
    deployments = db.session.scalars(
        select(Deployment)
        .where(Deployment.registration_id == registration_id, Deployment.institute_id == actor.institute_id)
        .order_by(Deployment.id)
    ).all()
    if not own and not deployments:
        raise PlatformGoneError
    courses = _courses([one.id for one in deployments], actor)
    return PlatformPage(
        id=row.id,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        family=row.family,
        version=row.version,
        is_active=row.is_active,
        own=own,
        edition=row.edition,
        created_at=row.created_at,
        saved=PlatformSheet.shown(row),
        overrides=tuple(sorted(row.role_overrides.items())),
        roles_met=_roles_met(row) if own else (),
        deployments=tuple(
            DeploymentPart(one.id, one.deployment_id, one.state, one.created_at, courses.get(one.id, ()))
            for one in sorted(deployments, key=lambda one: one.state is not DeploymentState.PENDING)
        ),
        elsewhere=_count_elsewhere(registration_id, actor) if own else 0,
        cohorts=_cohorts(actor),
        check=latest_check(registration_id) if own else None,
        came_by_it=actor.door_key == row.door_key,
        last_launch_at=last_launches([row.id], actor).get(row.id),
    )


def show_own_platform(registration_id: RegistrationId, actor: Actor) -> PlatformPage:
    """Return one platform whose registration is the institute's own. Raises PlatformGoneError."""
    found = show_platform(registration_id, actor)
    if not found.own:
        raise PlatformGoneError
    return found


def show_platform_of(
    registration_id: RegistrationId, deployment_id: DeploymentId, actor: Actor
) -> PlatformPage:
    """Return the platform that a deployment of the institute is of. Raises PlatformGoneError."""
    found = show_platform(registration_id, actor)
    if all(one.id != deployment_id for one in found.deployments):
        raise PlatformGoneError
    return found


def show_course(
    registration_id: RegistrationId, context_id: ContextId, actor: Actor
) -> tuple[PlatformPage, CourseRow]:
    """Return a course of a platform, with the platform. Raises PlatformGoneError or CourseGoneError."""
    found = show_platform(registration_id, actor)
    row = db.session.execute(
        select(Context, Cohort.name)
        .outerjoin(Cohort, Cohort.id == Context.cohort_id)
        .where(
            Context.id == context_id,
            Context.institute_id == actor.institute_id,
            Context.deployment_id.in_([one.id for one in found.deployments]),
        )
    ).one_or_none()
    if row is None:
        raise CourseGoneError
    return found, _course(*row)


def _courses(ids: Iterable[DeploymentId], actor: Actor) -> dict[DeploymentId, tuple[CourseRow, ...]]:
    found: dict[DeploymentId, list[CourseRow]] = {}
    for context, cohort_name in db.session.execute(
        select(Context, Cohort.name)
        .outerjoin(Cohort, Cohort.id == Context.cohort_id)
        .where(Context.deployment_id.in_(list(ids)), Context.institute_id == actor.institute_id)
        .order_by(Context.id.desc())
        .limit(MOST_COURSES)
    ):
        found.setdefault(context.deployment_id, []).append(_course(context, cohort_name))
    return {key: tuple(rows) for key, rows in found.items()}


def _course(context: Context, cohort: Localised | None) -> CourseRow:
    title = context.title or context.label
    return CourseRow(context.id, title, context.cohort_id, cohort, enrols=context.enrol_learners)


def _roles_met(row: Registration) -> tuple[str, ...]:
    """Return the names that launches brought and that mean nothing here yet."""
    return tuple(name for name in roles_met(row.id, row.institute_id) if name not in row.role_overrides)


def _count_elsewhere(registration_id: RegistrationId, actor: Actor) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Deployment)
            .where(
                Deployment.registration_id == registration_id, Deployment.institute_id != actor.institute_id
            )
        )
        or 0
    )


def _cohorts(actor: Actor) -> tuple[CohortChoice, ...]:
    found = db.session.scalars(
        select(Cohort)
        .where(Cohort.institute_id == actor.institute_id)
        .order_by(Cohort.starts.desc(), Cohort.id)
    )
    return tuple(CohortChoice(one.id, one.name) for one in found)
