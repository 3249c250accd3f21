"""What follows a score that was handed in: a second one, a third person, or the end of the round."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from certificates.evidence.models import Submission, SubmissionId
from certificates.rubrics.models import Rubric
from certificates.scoring.giving.choosing import Facts, Scored, reasons
from certificates.scoring.giving.drawing import draw
from certificates.scoring.giving.making import RATERS, is_retake, note_reasons, put_task
from certificates.scoring.models import (
    Purpose,
    ScoringTask,
    TaskCriterionScore,
    TaskScore,
    TaskState,
)
from certificates.scoring.outcomes import releasing
from certificates.scoring.sheets.adjudicating import settle
from certificates.scoring.sheets.carried import carried_levels
from certificates.scoring.sheets.deciding import Final, NeedsAdjudication
from institute.actors import Actor


def after_score(submission_id: SubmissionId, round: int, *, session: Session, actor: Actor) -> None:  # noqa: A002
    """Go on with a round of a submission, one of whose scores was just handed in, in the caller's transaction.

    A second task is made where the policy finds a reason; the task of a third person where two raters lie apart; else
    the round is concluded. Nothing happens while a score is missing. Of raters who hand in at once, each sees what
    those before have done: they hold the submission, one after the other.
    """
    submission = session.get_one(Submission, submission_id, with_for_update=True)
    tasks = _tasks(session, submission_id, round)
    first = tasks[Purpose.FIRST]
    rubric = session.get_one(Rubric, first.rubric_id)
    if Purpose.ADJUDICATION not in tasks:
        found = reasons(_facts(session, submission, rubric, round, actor), rubric.rules)
        note_reasons(session, submission, round, found)
        if found and Purpose.SECOND not in tasks:
            put_task(session, submission, rubric, Purpose.SECOND, round)
            return
    if any(task.state is not TaskState.SCORED for task in tasks.values()):
        return
    decision = settle(submission_id, round, session=session, actor=actor)
    if isinstance(decision, NeedsAdjudication):
        put_task(session, submission, rubric, Purpose.ADJUDICATION, round)
    elif isinstance(decision, Final):
        releasing.conclude(submission_id, round, decision, actor=actor)


def _tasks(session: Session, submission_id: SubmissionId, round_: int) -> dict[Purpose, ScoringTask]:
    found = session.scalars(
        select(ScoringTask)
        .where(
            ScoringTask.submission_id == submission_id,
            ScoringTask.round == round_,
            ScoringTask.state != TaskState.WITHDRAWN,
        )
        .execution_options(populate_existing=True)
    )
    return {task.purpose: task for task in found}


def _facts(session: Session, submission: Submission, rubric: Rubric, round_: int, actor: Actor) -> Facts:
    drawn = draw(session, submission.id, rubric.rules.share, actor=actor) if not round_ else None
    return Facts(
        round=round_,
        retake=session.scalar(select(is_retake()).where(Submission.id == submission.id)) or False,
        cut=rubric.cut,
        number=drawn.number if drawn else None,
        scores=_scores(session, submission.id, round_, rubric.key),
        carried=carried_levels(session, submission.id),
    )


def _scores(session: Session, submission_id: SubmissionId, round_: int, rubric_key: str) -> list[Scored]:
    """Return the raters' scores of a round, each with how many of that rubric its rater had handed in before it."""
    other, task, rubric = aliased(TaskScore), aliased(ScoringTask), aliased(Rubric)
    before = (
        select(func.count(other.id))
        .join(task, task.id == other.task_id)
        .join(rubric, rubric.id == task.rubric_id)
        .where(
            other.rater_id == TaskScore.rater_id,
            other.id < TaskScore.id,
            task.purpose.in_(RATERS),
            rubric.key == rubric_key,
        )
        .correlate(TaskScore)
        .scalar_subquery()
    )
    rows = session.execute(
        select(TaskScore.id, before.label("before"))
        .join(ScoringTask, ScoringTask.id == TaskScore.task_id)
        .where(
            ScoringTask.submission_id == submission_id,
            ScoringTask.round == round_,
            ScoringTask.purpose.in_(RATERS),
        )
    ).all()
    given: dict[int, dict[object, object]] = {row.id: {} for row in rows}
    for one in session.scalars(select(TaskCriterionScore).where(TaskCriterionScore.task_score_id.in_(given))):
        given[one.task_score_id][one.criterion_id] = one.condition if one.level is None else one.level
    return [Scored(row.before, given[row.id]) for row in rows]  # type: ignore[arg-type]
