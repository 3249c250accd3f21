"""Making tasks: the first when evidence comes in, others as the policy of its rubric asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, select, text
from sqlalchemy.orm import Session, aliased

from certificates.evidence.events import EvidenceSubmitted
from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.rubrics.models import Rubric, RubricId
from certificates.scoring.giving.choosing import Facts, reasons
from certificates.scoring.giving.drawing import draw
from certificates.scoring.giving.settings import days_open
from certificates.scoring.models import Purpose, ScoringTask, SecondScore, TaskState, Why, any_place
from certificates.scoring.outcomes.results import ScoreRelease
from certificates.scoring.sheets.carried import carried_levels
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import insert_into, transaction
from institute.errors import NotFoundError
from institute.jobs import outbox

GIVE_OUT: Final = "scoring.give-out"
RATERS: Final = (Purpose.FIRST, Purpose.SECOND)


def make_task(event: EvidenceSubmitted) -> None:
    """Put submitted evidence into the queue, in the transaction that submits it."""
    with transaction() as session:
        _make(session, (event.submission_id,), actor=Actor(event.institute_id, event.person_id))


def make_missing_tasks(actor: Actor) -> None:
    """Put evidence into the queue that was submitted before its rubric was defined."""
    with transaction() as session:
        waiting = session.scalars(
            select(Submission.id)
            .outerjoin(ScoringTask, ScoringTask.submission_id == Submission.id)
            .where(
                Submission.institute_id == actor.institute_id,
                Submission.state == SubmissionState.SUBMITTED,
                ScoringTask.id.is_(None),
            )
        ).all()
        _make(session, waiting, actor=actor)


def open_round(submission_id: SubmissionId, round: int, *, actor: Actor) -> None:  # noqa: A002
    """Have evidence scored once more by two raters who never saw it, by the rubric of the round before.

    Done twice it changes nothing. Raises NotFoundError for what is not of the actor's institute or was never scored.
    """
    with transaction() as session:
        submission = session.get(Submission, submission_id, with_for_update=True)
        if submission is None or submission.institute_id != actor.institute_id:
            raise NotFoundError
        rubric_id = session.scalar(
            select(ScoringTask.rubric_id).where(
                ScoringTask.submission_id == submission_id,
                ScoringTask.round == 0,
                ScoringTask.purpose == Purpose.FIRST,
                ScoringTask.state != TaskState.WITHDRAWN,
            )
        )
        if rubric_id is None:
            raise NotFoundError
        rubric = session.get_one(Rubric, rubric_id)
        note_reasons(session, submission, round, {Why.APPEAL})
        for purpose in RATERS:
            put_task(session, submission, rubric, purpose, round)


def put_task(
    session: Session, submission: Submission, rubric: Rubric, purpose: Purpose, round_: int = 0
) -> None:
    """Make a task of a submission, unless there is one for that purpose, and wish that somebody gets it."""
    made = session.scalar(
        insert_into(session, ScoringTask)
        .values(
            institute_id=submission.institute_id,
            submission_id=submission.id,
            rubric_id=rubric.id,
            purpose=purpose,
            round=round_,
            place=any_place(),
            state=TaskState.OPEN,
            due=_due(session, submission, rubric),
            created_at=now(),
        )
        .on_conflict_do_nothing(
            index_elements=["submission_id", "round", "purpose"], index_where=text("state <> 'withdrawn'")
        )
        .returning(ScoringTask.id)
    )
    if made is not None:
        wish_to_give_out(submission.institute_id)


def wish_to_give_out(institute_id: InstituteId) -> None:
    """Have the worker give out what is open, where the institute does so at once; else it is done once a day."""
    if days_open(institute_id) == 0:
        outbox.put(kind=GIVE_OUT, key=str(institute_id))


def note_reasons(session: Session, submission: Submission, round_: int, found: Iterable[Why]) -> None:
    """Note why a round of a submission has a second score; what was noted stays."""
    for why in sorted(found):
        session.execute(
            insert_into(session, SecondScore)
            .values(
                institute_id=submission.institute_id,
                submission_id=submission.id,
                round=round_,
                why=why,
                found_at=now(),
            )
            .on_conflict_do_nothing(index_elements=["submission_id", "round", "why"])
        )


def is_retake() -> ColumnElement[bool]:
    """Return the condition that scores of an attempt before a submission were released."""
    earlier = aliased(Submission)
    return exists(
        select(ScoreRelease.id)
        .join(earlier, earlier.id == ScoreRelease.submission_id)
        .where(
            earlier.requirement_id == Submission.requirement_id,
            earlier.enrolment_id == Submission.enrolment_id,
            earlier.attempt < Submission.attempt,
        )
        .correlate(Submission)
    )


def _make(session: Session, submissions: Iterable[SubmissionId], *, actor: Actor) -> None:
    """Make the tasks of submissions that are scored: one each, and a second where it is known to be needed."""
    for submission_id in submissions:
        submission = session.get_one(Submission, submission_id)
        rubric = _rubric_for(session, submission)
        if rubric is None:
            continue
        put_task(session, submission, rubric, Purpose.FIRST)
        drawn = draw(session, submission_id, rubric.rules.share, actor=actor)
        found = reasons(
            Facts(
                round=0,
                retake=session.scalar(select(is_retake()).where(Submission.id == submission_id)) or False,
                cut=rubric.cut,
                number=drawn.number if drawn else None,
                carried=carried_levels(session, submission_id),
            ),
            rubric.rules,
        )
        if found:
            note_reasons(session, submission, 0, found)
            put_task(session, submission, rubric, Purpose.SECOND)


def _rubric_for(session: Session, submission: Submission) -> Rubric | None:
    """Return the newest version of the rubric, a retake's that of the attempt before; None where nothing is scored."""
    requirement = session.get_one(Requirement, submission.requirement_id)
    if not requirement.scored:
        return None
    before: RubricId | None = session.scalar(
        select(ScoringTask.rubric_id)
        .join(Submission, Submission.id == ScoringTask.submission_id)
        .join(ScoreRelease, ScoreRelease.submission_id == Submission.id)
        .where(
            Submission.requirement_id == submission.requirement_id,
            Submission.enrolment_id == submission.enrolment_id,
            Submission.attempt < submission.attempt,
        )
        .order_by(Submission.attempt.desc())
        .limit(1)
    )
    if before is not None:
        return session.get_one(Rubric, before)
    return session.scalar(
        select(Rubric)
        .where(Rubric.institute_id == submission.institute_id, Rubric.key == requirement.rubric_key)
        .order_by(Rubric.version.desc())
        .limit(1)
    )


def _due(session: Session, submission: Submission, rubric: Rubric) -> date:
    zone = session.scalars(
        select(Cohort.timezone)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.id == submission.enrolment_id)
    ).one()
    return local_day(zone) + timedelta(days=rubric.rules.days_to_score)
