"""Moving people to another version of their programme. What they did stays: it belongs to the steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import ProgrammeVersion, ProgrammeVersionId
from courses.cohorts.events import ProgressChanged
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId, EnrolmentState
from institute import audit, events
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError

STUDYING: Final = (EnrolmentState.INVITED, EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def move_cohort(cohort_id: CohortId, version_id: ProgrammeVersionId, *, actor: Actor) -> int:
    """Let a cohort study a version from now on, with everybody who has not finished or left; return how many moved.

    Whoever comes later gets the version too. Raises NotFoundError if cohort or version is not of the actor's
    institute, or the version is another programme's.
    """
    with transaction() as session:
        cohort = _cohort(cohort_id, version_id, session=session, actor=actor)
        before, cohort.version_id = cohort.version_id, version_id
        enrolments = session.scalars(
            select(Enrolment)
            .where(
                Enrolment.cohort_id == cohort_id,
                Enrolment.version_id != version_id,
                Enrolment.state.in_(STUDYING),
            )
            .order_by(Enrolment.id)
            .with_for_update()
        ).all()
        if before != version_id or enrolments:
            audit.record(
                "cohort.moved",
                actor=actor,
                subject=("cohort", cohort_id),
                details={"from": before, "to": version_id, "people": len(enrolments)},
            )
        _move(enrolments, cohort, version_id, session=session)
        return len(enrolments)


def move_people(
    cohort_id: CohortId,
    enrolment_ids: Collection[EnrolmentId],
    version_id: ProgrammeVersionId,
    *,
    actor: Actor,
) -> int:
    """Let some people of a cohort study a version from now on; return how many moved.

    Those who have finished or left stay where they are, and so does the cohort. Raises as ``move_cohort``, and
    NotFoundError if one of the enrolments is not of the cohort.
    """
    with transaction() as session:
        cohort = _cohort(cohort_id, version_id, session=session, actor=actor)
        found = session.scalars(
            select(Enrolment)
            .where(Enrolment.cohort_id == cohort_id, Enrolment.id.in_(enrolment_ids))
            .order_by(Enrolment.id)
            .with_for_update()
        ).all()
        if len(found) != len(set(enrolment_ids)):
            raise NotFoundError
        moving = [one for one in found if one.state in STUDYING and one.version_id != version_id]
        for enrolment in moving:
            audit.record(
                "enrolment.moved",
                actor=actor,
                subject=("enrolment", enrolment.id),
                details={"from": enrolment.version_id, "to": version_id},
            )
        _move(moving, cohort, version_id, session=session)
        return len(moving)


def _cohort(cohort_id: CohortId, version_id: ProgrammeVersionId, *, session: Session, actor: Actor) -> Cohort:
    cohort = session.get(Cohort, cohort_id, with_for_update=True)
    version = session.get(ProgrammeVersion, version_id)
    if cohort is None or version is None or cohort.institute_id != actor.institute_id:
        raise NotFoundError
    if version.programme_id != cohort.programme_id:
        raise NotFoundError
    return cohort


def _move(
    enrolments: Sequence[Enrolment], cohort: Cohort, version_id: ProgrammeVersionId, *, session: Session
) -> None:
    for enrolment in enrolments:
        enrolment.version_id = version_id
    session.flush()
    for enrolment in enrolments:
        events.publish(
            ProgressChanged(
                institute_id=enrolment.institute_id,
                cohort_id=cohort.id,
                enrolment_id=enrolment.id,
                person_id=enrolment.person_id,
                segment_id=None,
                module_id=None,
                programme_id=cohort.programme_id,
            )
        )
