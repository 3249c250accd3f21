"""Who must not score whom: nobody whom they coached or supervise, who coached or supervises them, nor themselves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from certificates.evidence.models import Submission
from certificates.scoring.models import DeclaredConflict, ScoreSheet, ScoringTask
from courses.cohorts.models import CoachAssignment, Enrolment
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people import standing
from institute.people.linking import rows_of, same_person
from institute.people.models import Person, Supervision

RATER: Final = "rater"
CANNOT_BE_OF_CANDIDATE: Final = frozenset({"coach", "supervisor"})

Column = InstrumentedAttribute[PersonId]


def may_rate(rater_id: PersonId, candidate: Column) -> ColumnElement[bool]:
    """Return the condition that nothing stands between a rater and the ``candidate`` of a row: for lists.

    The duties are those that ``refusals`` knows: whatever one of the two ever was to the other, with any of their
    rows. Where nobody concerned has a second row that costs one query.
    """
    bound = _bound({rater_id})
    linked = Person.linked & (Person.id.in_(union(*bound)) | (Person.id == rater_id))
    several = set(db.session.scalars(select(Person.id).where(linked)))
    if several:
        rater = same_person(rater_id) if rater_id in several else frozenset({rater_id})
        bound = _bound(rater)
        others = rows_of(
            db.session.scalars(select(Person.id).where(Person.linked, Person.id.in_(union(*bound))))
        )
        return and_(candidate.not_in(rater | others), *(candidate.not_in(people) for people in bound))
    return and_(candidate != rater_id, *(candidate.not_in(people) for people in bound))


def _bound(rater: Collection[PersonId]) -> tuple[Select[PersonId], ...]:
    """Return who has a duty towards somebody with these rows: each list is read once, whoever the candidates are."""
    assigned = Enrolment.id == CoachAssignment.enrolment_id
    return (
        select(Enrolment.person_id)
        .join(CoachAssignment, assigned)
        .where(CoachAssignment.coach_id.in_(rater)),
        select(CoachAssignment.coach_id).join(Enrolment, assigned).where(Enrolment.person_id.in_(rater)),
        select(Supervision.subordinate_id).where(Supervision.supervisor_id.in_(rater)),
        select(Supervision.supervisor_id).where(Supervision.subordinate_id.in_(rater)),
        select(DeclaredConflict.other_id).where(DeclaredConflict.person_id.in_(rater)),
        select(DeclaredConflict.person_id).where(DeclaredConflict.other_id.in_(rater)),
    )


def refusals(institute_id: InstituteId, rater_id: PersonId, candidate_id: PersonId) -> list[str]:
    """Return the reasons (stable codes) why one must not score the other; every room is asked."""
    if rater_id == candidate_id:
        return ["self"]
    there = standing.conflicts_between(institute_id, rater_id, candidate_id, RATER)
    return there + standing.conflicts_between(institute_id, candidate_id, rater_id, RATER)


def report_conflicts(institute_id: int, one: int, other: int, relation: str) -> list[str]:
    """Tell other rooms who rated whom, and every room who must not rate whom."""
    rater, candidate = PersonId(one), PersonId(other)
    if relation in CANNOT_BE_OF_CANDIDATE:
        held = (
            select(ScoreSheet.id)
            .join(ScoringTask, ScoringTask.id == ScoreSheet.task_id)
            .join(Submission, Submission.id == ScoringTask.submission_id)
            .where(
                ScoreSheet.institute_id == institute_id,
                ScoreSheet.rater_id == rater,
                Submission.person_id == candidate,
            )
        )
        return ["rates"] if db.session.scalar(held.limit(1)) is not None else []
    if relation != RATER:
        return []
    found = []
    if db.session.scalar(select(Supervision.id).where(_supervision(rater, candidate)).limit(1)) is not None:
        found.append("supervises")
    if db.session.scalar(select(DeclaredConflict.id).where(_declared(rater, candidate)).limit(1)) is not None:
        found.append("declared")
    return found


def _supervision(one: PersonId, other: PersonId) -> ColumnElement[bool]:
    return or_(
        (Supervision.supervisor_id == one) & (Supervision.subordinate_id == other),
        (Supervision.supervisor_id == other) & (Supervision.subordinate_id == one),
    )


def _declared(one: PersonId, other: PersonId) -> ColumnElement[bool]:
    return or_(
        (DeclaredConflict.person_id == one) & (DeclaredConflict.other_id == other),
        (DeclaredConflict.person_id == other) & (DeclaredConflict.other_id == one),
    )
