"""Letting a platform's course go from its cohort, or binding it to another one."""

from __future__ import annotations

from sqlalchemy import select, update

from courses.cohorts.models import Cohort, CohortId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.web.models import LaunchSession
from lti.launches.binding import bind_context
from lti.launches.models import Context, ContextId, LtiLaunch
from lti.platforms.registering import lock_launches
from lti.setup.errors import CohortChoiceError, CourseGoneError


def unbind_course(context_id: ContextId, *, actor: Actor) -> None:
    """Let a course go: from now on its next teacher chooses a cohort. Nobody is taken out of the cohort.

    Sessions that came from the course end, because they stand in a cohort that it no longer belongs to. Letting go
    of a course that is free changes nothing. Raises CourseGoneError.
    """
    with transaction() as session:
        context = _owned(context_id, actor)
        if context.cohort_id is None:
            return
        audit.record(
            "cohort.unbound",
            actor=actor,
            subject=("cohort", context.cohort_id),
            details={"context": context_id},
        )
        context.cohort_id = context.bound_at = context.bound_by_id = None
        session.flush()
        came = select(LtiLaunch.session_id).where(LtiLaunch.context_id == context_id)
        session.execute(
            update(LaunchSession)
            .where(LaunchSession.id.in_(came), LaunchSession.ended_at.is_(None))
            .values(ended_at=now())
            .execution_options(synchronize_session=False)
        )


def rebind_course(
    context_id: ContextId, cohort_id: CohortId | None, *, enrol_learners: bool, actor: Actor
) -> None:
    """Bind a course to a cohort, whatever it was bound to before. The same cohort changes nothing.

    Raises CourseGoneError or CohortChoiceError.
    """
    with transaction() as session:
        context = _owned(context_id, actor)
        cohort = session.get(Cohort, cohort_id) if cohort_id is not None else None
        if cohort is None or cohort.institute_id != actor.institute_id:
            raise CohortChoiceError
        if context.cohort_id == cohort.id:
            return
        unbind_course(context_id, actor=actor)
        bind_context(context_id, cohort.id, enrol_learners=enrol_learners, actor=actor)


def _owned(context_id: ContextId, actor: Actor) -> Context:
    """Return a course of the institute; launches from it wait until this transaction ends. Raises CourseGoneError."""
    with transaction() as session:
        context = session.get(Context, context_id)
        if context is None or context.institute_id != actor.institute_id:
            raise CourseGoneError
        lock_launches(context.deployment_id, session)
        session.refresh(context, with_for_update=True)
        return context
