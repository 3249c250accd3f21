"""Entering many people at once, as a course's list names them, and noting who is on that list no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, cast

from sqlalchemy import Date, Table, bindparam, select, update

from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.models import (
    CoachAssignment,
    Cohort,
    CohortId,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from institute import audit
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import insert_into, transaction
from institute.errors import NotFoundError

AT_ONCE: Final = 1000
_ENROLMENT: Final = cast("Table", Enrolment.__table__)
_COACHES: Final = (
    select(CoachAssignment.coach_id)
    .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
    .where(
        Enrolment.cohort_id == bindparam("cohort"),
        CoachAssignment.coach_id.in_(bindparam("people", expanding=True)),
        assigned_on(bindparam("today", type_=Date)),
    )
    .distinct()
)


def invite_several(
    cohort_id: CohortId, person_ids: Collection[PersonId], *, actor: Actor
) -> list[EnrolmentId]:
    """Enter people who have not come yet; return the new enrolments. Whoever is in the cohort stays as they are.

    A coach of the cohort is not entered: lists of an LMS, which knows no coaches, call them learners. All new ones are
    one event of the audit. The people are of the actor's institute, or the database refuses. Raises NotFoundError if
    the cohort is not.
    """
    if not person_ids:
        return []
    with transaction() as session:
        cohort = session.get(Cohort, cohort_id)
        if cohort is None or cohort.institute_id != actor.institute_id:
            raise NotFoundError
        asked = {"cohort": cohort_id, "people": list(person_ids), "today": local_day(cohort.timezone)}
        coaches = set(session.scalars(_COACHES, asked))
        common = {
            "institute_id": actor.institute_id,
            "cohort_id": cohort_id,
            "state": EnrolmentState.INVITED,
            "created_at": now(),
        }
        rows = [{**common, "person_id": one} for one in sorted(person_ids) if one not in coaches]
        if not rows:
            return []
        entering = insert_into(session, Enrolment).on_conflict_do_nothing(
            index_elements=["cohort_id", "person_id"]
        )
        made = list(session.scalars(entering.returning(_ENROLMENT.c.id), rows))
        if made:
            audit.record(
                "enrolment.several-invited",
                actor=actor,
                subject=("cohort", cohort_id),
                details={"enrolments": sorted(made)},
            )
        return [EnrolmentId(one) for one in made]


def note_gone(cohort_id: CohortId, person_ids: Iterable[PersonId], *, actor: Actor) -> None:
    """Note that people are no longer listed in the course they came from. Their enrolments stay as they are."""
    _note(cohort_id, person_ids, gone=True, actor=actor)


def note_back(cohort_id: CohortId, person_ids: Iterable[PersonId], *, actor: Actor) -> None:
    """Note that people are listed again."""
    _note(cohort_id, person_ids, gone=False, actor=actor)


def _note(cohort_id: CohortId, person_ids: Iterable[PersonId], *, gone: bool, actor: Actor) -> None:
    with transaction():
        everybody = sorted(person_ids)
        for start in range(0, len(everybody), AT_ONCE):
            _note_some(cohort_id, everybody[start : start + AT_ONCE], gone=gone, actor=actor)


def _note_some(cohort_id: CohortId, people: Collection[PersonId], *, gone: bool, actor: Actor) -> None:
    with transaction() as session:
        changed = session.scalars(
            update(Enrolment)
            .where(
                Enrolment.institute_id == actor.institute_id,
                Enrolment.cohort_id == cohort_id,
                Enrolment.person_id.in_(people),
                Enrolment.left_at.is_(None) if gone else Enrolment.left_at.is_not(None),
            )
            .values(left_at=now() if gone else None)
            .returning(Enrolment.id)
            .execution_options(synchronize_session=False)
        ).all()
        if changed:
            audit.record(
                "enrolment.several-gone" if gone else "enrolment.several-back",
                actor=actor,
                subject=("cohort", cohort_id),
                details={"enrolments": sorted(changed)},
            )
