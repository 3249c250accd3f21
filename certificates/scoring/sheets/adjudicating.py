"""Settling a round: what its sheets come to, and what the third person sees once their own sheet is handed in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.moving import change_state
from certificates.evidence.states import SubmissionState
from certificates.rubrics.models import Criterion, CriterionId, Rubric
from certificates.rubrics.policies import Settled
from certificates.scoring.models import (
    ConditionCode,
    Purpose,
    ScoringTask,
    SheetId,
    TaskCriterionScore,
    TaskId,
    TaskScore,
    TaskScoreId,
    TaskState,
)
from certificates.scoring.outcomes.releasing import Condition, send_back, uphold
from certificates.scoring.sheets.carried import carried_levels
from certificates.scoring.sheets.deciding import (
    Decision,
    Given,
    NeedsAdjudication,
    RubricFacts,
    Sheet,
    Unscorable,
    decide,
)
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised


def settle(submission_id: SubmissionId, round: int, *, session: Session, actor: Actor) -> Decision:  # noqa: A002
    """Decide a round whose sheets are all handed in, and take the submission on, in the caller's transaction.

    What cannot be scored goes back at once; in an appeal what stood then stands. In an appeal the submission's state
    tells nothing of the readers' progress.
    """
    submission = session.get_one(Submission, submission_id, with_for_update=True)
    tasks = _handed_in(session, submission_id, round)
    rubric = session.get_one(Rubric, tasks[0][0].rubric_id)
    given = given_by(session, [score.id for _, score in tasks])
    sheets = [Sheet(given[score.id], task.purpose is Purpose.ADJUDICATION) for task, score in tasks]
    decision = decide(sheets, _facts(session, rubric, submission_id), rubric.rules)
    if round == 0:
        _take_on(submission, decision, actor=actor)
    if isinstance(decision, Unscorable):
        if round:
            uphold(submission_id, actor=actor)
        else:
            sheet_id, condition = _condition(session, tasks, decision)
            send_back(submission, sheet_id, condition, actor=actor)
    return decision


def given_by(session: Session, scores: list[TaskScoreId]) -> dict[TaskScoreId, dict[CriterionId, Given]]:
    """Return what sheets that were handed in gave each criterion."""
    found: dict[TaskScoreId, dict[CriterionId, Given]] = {score: {} for score in scores}
    for one in session.scalars(
        select(TaskCriterionScore).where(TaskCriterionScore.task_score_id.in_(scores))
    ):
        given = one.level if one.level is not None else one.condition
        if given is not None:
            found[one.task_score_id][one.criterion_id] = given
    return found


def _handed_in(
    session: Session, submission_id: SubmissionId, round_: int
) -> list[tuple[ScoringTask, TaskScore]]:
    rows = session.execute(
        select(ScoringTask, TaskScore)
        .join(TaskScore, TaskScore.task_id == ScoringTask.id)
        .where(
            ScoringTask.submission_id == submission_id,
            ScoringTask.round == round_,
            ScoringTask.state == TaskState.SCORED,
        )
        .order_by(TaskScore.id)
    )
    return [(task, score) for task, score in rows]


def _facts(session: Session, rubric: Rubric, submission_id: SubmissionId) -> RubricFacts:
    minimums = session.execute(
        select(Criterion.id, Criterion.minimum).where(
            Criterion.rubric_id == rubric.id, Criterion.minimum.is_not(None)
        )
    )
    return RubricFacts(
        levels=rubric.levels,
        cut=rubric.cut,
        minimums={row.id: row.minimum for row in minimums},
        carried=carried_levels(session, submission_id),
    )


def _take_on(submission: Submission, decision: Decision, *, actor: Actor) -> None:
    """Go from state to state as the sheets come in. What is unscorable goes back from where it stands."""
    if isinstance(decision, Unscorable):
        return
    if submission.state is SubmissionState.ADJUDICATING:
        change_state(submission, SubmissionState.ADJUDICATED, actor=actor)
        return
    change_state(submission, SubmissionState.SCORED, actor=actor)
    if isinstance(decision, NeedsAdjudication):
        change_state(submission, SubmissionState.ADJUDICATING, actor=actor)


def _condition(
    session: Session, tasks: list[tuple[ScoringTask, TaskScore]], decision: Unscorable
) -> tuple[SheetId, Condition]:
    """Return the sheet that said so last, and its words: the code of the first criterion stands for all."""
    score = tasks[-1][1]
    words = session.scalars(
        select(TaskCriterionScore.comment)
        .join(Criterion, Criterion.id == TaskCriterionScore.criterion_id)
        .where(
            TaskCriterionScore.task_score_id == score.id,
            TaskCriterionScore.condition.is_not(None),
            TaskCriterionScore.comment != "",
        )
        .order_by(Criterion.position)
    )
    first = next(iter(decision.codes.values()))
    return score.sheet_id, Condition(first, "\n\n".join(words))


@dataclass(frozen=True, slots=True)
class GivenLine:
    """What one rater gave one criterion, and why."""

    level: int | None
    condition: ConditionCode | None
    comment: str


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One criterion as both raters and the third person scored it, in this order; ``apart`` where the two disagree."""

    title: Localised
    given: tuple[GivenLine, ...]
    apart: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The three sheets of a round. ``alone`` tells whether the third person's scores count by themselves."""

    lines: tuple[ComparedLine, ...]
    alone: bool


def comparison_of(task_id: TaskId, *, actor: Actor) -> Comparison | None:
    """Return the sheets of a round beside each other: for its third person, once they have handed in, and nobody else.

    The raters are not named and stand in no order that tells anything.
    """
    session = db.session()
    own = session.scalar(
        select(ScoringTask).where(
            ScoringTask.id == task_id,
            ScoringTask.institute_id == actor.institute_id,
            ScoringTask.rater_id == actor.person_id,
            ScoringTask.purpose == Purpose.ADJUDICATION,
            ScoringTask.state == TaskState.SCORED,
        )
    )
    if own is None or own.submission_id is None:
        return None
    tasks = _handed_in(session, own.submission_id, own.round)
    scores = [score.id for task, score in sorted(tasks, key=lambda row: (row[0].id == own.id, row[0].place))]
    rubric = session.get_one(Rubric, own.rubric_id)
    found: dict[CriterionId, dict[TaskScoreId, TaskCriterionScore]] = {}
    for one in session.scalars(
        select(TaskCriterionScore).where(TaskCriterionScore.task_score_id.in_(scores))
    ):
        found.setdefault(one.criterion_id, {})[one.task_score_id] = one
    lines = []
    for criterion in rubric.criteria:
        given = [found[criterion.id][score] for score in scores] if criterion.id in found else []
        if given:
            lines.append(_compared(criterion.title, given, rubric.rules.gap))
    return Comparison(tuple(lines), alone=rubric.rules.settled is Settled.ADJUDICATOR)


def _compared(title: Localised, given: list[TaskCriterionScore], gap: int) -> ComparedLine:
    one, other = given[0], given[1]
    apart = one.condition is not other.condition or (
        one.level is not None and other.level is not None and abs(one.level - other.level) >= gap
    )
    return ComparedLine(
        title, tuple(GivenLine(each.level, each.condition, each.comment) for each in given), apart
    )
