"""Which open tasks a rater may take themselves: the rules of ``eligible``, as conditions for a list."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from certificates.evidence.models import Submission
from certificates.rubrics.models import Rubric
from certificates.scoring.conflicts import may_rate
from certificates.scoring.giving.qualification import unqualified
from certificates.scoring.giving.raters import Rater, agencies_of, newest_recipient, rater_alone
from certificates.scoring.models import Purpose, ScoringTask, TaskScore, TaskState
from courses.cohorts.models import Recipient
from institute.actors import InstituteId, PersonId, Role
from institute.db import db
from institute.people.models import Grant


def open_to(
    rater_id: PersonId, institute_id: InstituteId, *, leads: bool = False
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of what is open to a rater, over ScoringTask joined with Submission.

    What two raters disagree about is open to leads, and to every rater where nobody leads.
    """
    rater = rater_alone(institute_id, rater_id, leads=leads)
    other = aliased(ScoringTask)
    found: list[ColumnElement[bool]] = [
        ScoringTask.institute_id == institute_id,
        ScoringTask.state == TaskState.OPEN,
        may_rate(rater_id, Submission.person_id),
        or_(Submission.author_id.not_in(rater.rows), Submission.author_id == Submission.person_id),
        ~exists().where(
            other.submission_id == ScoringTask.submission_id,
            other.rater_id.in_(rater.rows),
            other.state != TaskState.WITHDRAWN,
        ),
    ]
    if not leads and _somebody_leads(institute_id):
        found.append(ScoringTask.purpose != Purpose.ADJUDICATION)
    return (*found, *_by_policy(rater, institute_id))


def _by_policy(rater: Rater, institute_id: InstituteId) -> list[ColumnElement[bool]]:
    """Return what the policies of the rubrics that something is open for ask of a rater."""
    open_rubrics = select(ScoringTask.rubric_id).where(
        ScoringTask.institute_id == institute_id, ScoringTask.state == TaskState.OPEN
    )
    new, apart, unfit = set(), set(), set()
    for rubric in db.session.scalars(select(Rubric).where(Rubric.id.in_(open_rubrics))):
        policy = rubric.rules
        if policy.retakes:
            new.add(rubric.id)
        if policy.apart_by_employer:
            apart.add(rubric.id)
        if unqualified([rater], rubric, policy):
            unfit.add(rubric.id)
    found: list[ColumnElement[bool]] = []
    if unfit:
        found.append(ScoringTask.rubric_id.not_in(unfit))
    if new:
        found.append(or_(ScoringTask.rubric_id.not_in(new), ~_scored_before(rater)))
    if apart and rater.employers:
        found.append(or_(ScoringTask.rubric_id.not_in(apart), ~_same_employer(rater, institute_id)))
    return found


def _scored_before(rater: Rater) -> ColumnElement[bool]:
    earlier, task = aliased(Submission), aliased(ScoringTask)
    return exists(
        select(TaskScore.id)
        .join(task, task.id == TaskScore.task_id)
        .join(earlier, earlier.id == task.submission_id)
        .where(
            TaskScore.rater_id.in_(rater.rows),
            earlier.requirement_id == Submission.requirement_id,
            earlier.enrolment_id == Submission.enrolment_id,
            earlier.attempt < Submission.attempt,
        )
        .correlate(Submission)
    )


def _same_employer(rater: Rater, institute_id: InstituteId) -> ColumnElement[bool]:
    agencies = agencies_of(institute_id)
    sites = [one for one, agency in agencies.items() if agency in rater.employers]
    return Submission.enrolment_id.in_(
        select(Recipient.enrolment_id).where(
            Recipient.id.in_(newest_recipient()), Recipient.site_id.in_(sites)
        )
    )


def _somebody_leads(institute_id: InstituteId) -> bool:
    leads = select(Grant.id).where(
        Grant.institute_id == institute_id, Grant.role == Role.SCORING_LEAD, Grant.ended_at.is_(None)
    )
    return db.session.scalar(leads.limit(1)) is not None
