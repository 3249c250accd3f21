"""Who must not score whom: nobody whom they coached or supervise, who coached or supervises them, nor themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from certificates.evidence.models import Submission
from certificates.scoring.models import DeclaredConflict, ScoreSheet, ScoringTask
from courses.cohorts.models import CoachAssignment, Enrolment
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people import standing
from institute.people.linking import rows_of, same_people, same_person
from institute.people.models import ConflictDeclaration, Person, Supervision

RATER: Final = "rater"
CANNOT_BE_OF_CANDIDATE: Final = frozenset({"coach", "supervisor"})

Column = InstrumentedAttribute[PersonId] | InstrumentedAttribute[PersonId | None]


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


def apart_from(raters: Mapping[PersonId, frozenset[PersonId]]) -> dict[PersonId, frozenset[PersonId]]:
    """Return for each rater, given with all of their rows, every row of whoever they must not score.

    The duties are those of ``may_rate``, found for all raters at once.
    """
    owner = {row: rater for rater, rows in raters.items() for row in rows}
    found: dict[PersonId, set[PersonId]] = {rater: set(rows) for rater, rows in raters.items()}
    for mine, query in _pairs():
        for row, person_id in db.session.execute(query.where(mine.in_(owner))):
            found[owner[row]].add(person_id)
    others = frozenset(person_id for people in found.values() for person_id in people)
    linked = db.session.scalars(select(Person.id).where(Person.linked, Person.id.in_(others))).all()
    whole = same_people(linked)
    return {
        rater: frozenset(people).union(*(whole[one] for one in people if one in whole))
        for rater, people in found.items()
    }


def duties_between(rater: frozenset[PersonId], candidate_id: PersonId) -> datetime | None:
    """Return when the first duty between a rater, given with all rows, and somebody began; None without one.

    A day counts from its beginning in UTC. To be one and the same person is a duty since ever.
    """
    candidate = same_person(candidate_id)
    if rater & candidate:
        return datetime.min.replace(tzinfo=UTC)
    coached = _either_way(CoachAssignment.coach_id, Enrolment.person_id, rater, candidate)
    queries: list[Select[Any]] = [
        select(func.min(CoachAssignment.since))
        .join(Enrolment, Enrolment.id == CoachAssignment.enrolment_id)
        .where(coached)
    ]
    for one, other, since in (
        (Supervision.supervisor_id, Supervision.subordinate_id, Supervision.since),
        (ConflictDeclaration.person_id, ConflictDeclaration.other_id, ConflictDeclaration.since),
        (DeclaredConflict.person_id, DeclaredConflict.other_id, DeclaredConflict.declared_at),
    ):
        queries.append(select(func.min(since)).where(_either_way(one, other, rater, candidate)))
    days = [day for query in queries if (day := db.session.scalar(query)) is not None]
    return min(
        (day if isinstance(day, datetime) else datetime.combine(day, time(), UTC) for day in days),
        default=None,
    )


def _either_way(
    one: Column, other: Column, rater: Collection[PersonId], candidate: Collection[PersonId]
) -> ColumnElement[bool]:
    return or_(one.in_(rater) & other.in_(candidate), one.in_(candidate) & other.in_(rater))


def _pairs() -> list[tuple[Column, Select[*tuple[Any, ...]]]]:
    """Return each duty, both ways round: whose it is, and the statement of them and the other."""
    coached = select(CoachAssignment.coach_id, Enrolment.person_id).join(
        Enrolment, Enrolment.id == CoachAssignment.enrolment_id
    )
    coaches = select(Enrolment.person_id, CoachAssignment.coach_id).join(
        CoachAssignment, Enrolment.id == CoachAssignment.enrolment_id
    )
    named = ConflictDeclaration.other_id.is_not(None)
    return [
        (CoachAssignment.coach_id, coached),
        (Enrolment.person_id, coaches),
        (Supervision.supervisor_id, select(Supervision.supervisor_id, Supervision.subordinate_id)),
        (Supervision.subordinate_id, select(Supervision.subordinate_id, Supervision.supervisor_id)),
        (DeclaredConflict.person_id, select(DeclaredConflict.person_id, DeclaredConflict.other_id)),
        (DeclaredConflict.other_id, select(DeclaredConflict.other_id, DeclaredConflict.person_id)),
        (
            ConflictDeclaration.person_id,
            select(ConflictDeclaration.person_id, ConflictDeclaration.other_id).where(named),
        ),
        (
            ConflictDeclaration.other_id,
            select(ConflictDeclaration.other_id, ConflictDeclaration.person_id).where(named),
        ),
    ]


def _bound(rater: Collection[PersonId]) -> tuple[Select[Any], ...]:
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
        select(ConflictDeclaration.other_id).where(
            ConflictDeclaration.person_id.in_(rater), ConflictDeclaration.other_id.is_not(None)
        ),
        select(ConflictDeclaration.person_id).where(ConflictDeclaration.other_id.in_(rater)),
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
                ScoreSheet.opened_at.is_not(None),
                Submission.person_id == candidate,
            )
        )
        found = ["rates"] if db.session.scalar(held.limit(1)) is not None else []
        declared = relation == "coach" and db.session.scalar(
            select(DeclaredConflict.id).where(_declared(rater, candidate)).limit(1)
        )
        return [*found, "declared"] if declared else found
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
