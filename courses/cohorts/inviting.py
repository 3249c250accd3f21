"""Entering many people at once, as a course's list names them, and noting who is on that list no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Date, Table, bindparam, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

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
from institute.db import UtcDateTime, transaction
from institute.parting import parts_of
from institute.people.models import Person

AT_ONCE: Final = 1000
_ENROLMENT: Final = cast("Table", Enrolment.__table__)


def invite_several(
    cohort_id: CohortId, person_ids: Collection[PersonId], *, actor: Actor
) -> list[EnrolmentId]:
    """Enter people who have not come yet; return the new enrolments. Whoever is in the cohort stays as they are.

    A coach of the cohort is not entered: lists of an LMS, which knows no coaches, call them learners. A cohort and
    people of another institute are none. All new ones are one event of the audit.
    """
    if not person_ids:
        return []
    with transaction() as session:
        connection = session.connection()
        asked = {
            "institute": actor.institute_id,
            "cohort": cohort_id,
            "people": list(person_ids),
            "today": local_day("UTC"),
            "at": now(),
        }
        made = list(connection.scalars(_entering(connection.dialect.name), asked))
        if made:
            audit.record(
                "enrolment.several-invited",
                actor=actor,
                subject=("cohort", cohort_id),
                details={"enrolments": sorted(made)},
            )
        return [EnrolmentId(one) for one in made]


@cache
def _entering(dialect: str) -> ReturningInsert[Any]:
    """Return the statement that enters people into a cohort of their institute, but for those who are in it."""
    coaches = (
        select(CoachAssignment.coach_id)
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(Enrolment.cohort_id == bindparam("cohort"), assigned_on(bindparam("today", type_=Date)))
    )
    row = (
        Cohort.institute_id,
        Cohort.id,
        Cohort.version_id,
        Person.id,
        literal(EnrolmentState.INVITED.value),
        bindparam("at", type_=UtcDateTime),
    )
    names = ["institute_id", "cohort_id", "version_id", "person_id", "state", "created_at"]
    chosen = (
        select(*row)
        .join(Person, Person.institute_id == Cohort.institute_id)
        .where(
            Cohort.id == bindparam("cohort"),
            Cohort.institute_id == bindparam("institute"),
            Person.id.in_(bindparam("people", expanding=True)),
            Person.id.not_in(coaches),
        )
    )
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return (
        build(_ENROLMENT)
        .from_select(names, chosen)
        .on_conflict_do_nothing(index_elements=["cohort_id", "person_id"])
        .returning(_ENROLMENT.c.id)
    )


def note_gone(cohort_id: CohortId, person_ids: Iterable[PersonId], *, actor: Actor) -> None:
    """Note that people are no longer listed in the course they came from. Their enrolments stay as they are."""
    _note(cohort_id, person_ids, gone=True, actor=actor)


def note_back(cohort_id: CohortId, person_ids: Iterable[PersonId], *, actor: Actor) -> None:
    """Note that people are listed again."""
    _note(cohort_id, person_ids, gone=False, actor=actor)


def _note(cohort_id: CohortId, person_ids: Iterable[PersonId], *, gone: bool, actor: Actor) -> None:
    with transaction():
        for some in parts_of(sorted(person_ids), AT_ONCE):
            _note_some(cohort_id, some, gone=gone, actor=actor)


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
