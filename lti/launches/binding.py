"""Binding a platform's course to a cohort: once, by somebody who leads it there or here."""

from __future__ import annotations

from sqlalchemy import select, update

from courses.cohorts.models import Cohort, CohortId
from institute import audit, events
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import transaction
from institute.errors import DeniedError
from institute.i18n import lazy_gettext
from institute.web.models import LaunchSession
from lti.launches.errors import AlreadyBoundError, CohortUnknownError
from lti.launches.events import CourseBound
from lti.launches.models import Context, ContextId, LtiLaunch


class NotYoursToBindError(DeniedError):
    """Only who leads the course in the platform, or the institute, may bind it."""

    code = "LTI-BIND"
    title = lazy_gettext("This is for the course's teacher")
    sentence = lazy_gettext("Only a teacher of the course or an administrator can connect it to a cohort.")


def may_bind(launch: LtiLaunch, actor: Actor) -> bool:
    """Tell whether the actor may bind the course that this launch came from."""
    return Role.FACILITATOR in launch.roles or actor.has(Role.ADMINISTRATOR)


def bind_course(cohort_id: CohortId, *, enrol_learners: bool, actor: Actor) -> None:
    """Bind the course that the actor's launch came from, and let this session into the cohort.

    ``enrol_learners``: whether the platform's learners are enrolled when they first come. Raises
    NotYoursToBindError, CohortUnknownError, or AlreadyBoundError if somebody was faster; binding to the same
    cohort again changes nothing.
    """
    with transaction() as session:
        launch = session.scalar(select(LtiLaunch).where(LtiLaunch.session_id == actor.session_id))
        if launch is None or launch.context_id is None or not may_bind(launch, actor):
            raise NotYoursToBindError
        bind_context(launch.context_id, cohort_id, enrol_learners=enrol_learners, actor=actor)
        _let_into(cohort_id, launch, actor)


def bind_context(context_id: ContextId, cohort_id: CohortId, *, enrol_learners: bool, actor: Actor) -> None:
    """Bind a course of the actor's institute to a cohort of it. Binding to the same cohort again changes nothing.

    Raises CohortUnknownError, or AlreadyBoundError if it is bound to another.
    """
    with transaction() as session:
        cohort = session.get(Cohort, cohort_id)
        if cohort is None or cohort.institute_id != actor.institute_id:
            raise CohortUnknownError
        bound = session.execute(
            update(Context)
            .where(
                Context.id == context_id,
                Context.institute_id == actor.institute_id,
                Context.cohort_id.is_(None),
            )
            .values(
                cohort_id=cohort.id,
                enrol_learners=enrol_learners,
                bound_by_id=actor.person_id,
                bound_at=now(),
            )
            .returning(Context.id)
        ).one_or_none()
        if bound is None:
            held = session.scalar(select(Context.cohort_id).where(Context.id == context_id))
            if held != cohort.id:
                raise AlreadyBoundError
        else:
            audit.record(
                "cohort.bound",
                actor=actor,
                subject=("cohort", cohort.id),
                details={"context": context_id, "enrols_learners": enrol_learners},
            )
            events.publish(CourseBound(actor.institute_id, context_id))


def _let_into(cohort_id: CohortId, launch: LtiLaunch, actor: Actor) -> None:
    """Give the session the place and the roles that the launch would have had in a bound course."""
    with transaction() as session:
        row = session.get_one(LaunchSession, actor.session_id)
        row.place = cohort_id
        row.roles = list(launch.roles)
