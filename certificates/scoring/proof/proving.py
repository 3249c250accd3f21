"""Proving, submission by submission, that evidence was scored as the policy of its rubric says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from certificates.rubrics.models import Criterion, CriterionId, Rubric, RubricId
from certificates.scoring.conflicts import apart_from, duties_between
from certificates.scoring.giving.eligible import scored_earlier
from certificates.scoring.giving.making import RATERS, is_retake
from certificates.scoring.models import (
    Draw,
    DrawingSeed,
    Purpose,
    ScoringTask,
    SecondScore,
    TaskScore,
    TaskState,
    Why,
)
from certificates.scoring.outcomes.holding import HeldScores
from certificates.scoring.outcomes.results import ScoreRelease, ScoringReturn
from certificates.scoring.proof.proofs import Drawn, Proof, RoundFacts, ScoreGiven, prove
from certificates.scoring.sheets.adjudicating import given_by
from certificates.scoring.sheets.carried import carried_of
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people.linking import same_people

AT_ONCE: Final = 500
Round = tuple[SubmissionId, int]


def proofs_of(institute_id: InstituteId) -> Iterator[Proof]:
    """Prove every round of an institute that has a score, newest submission first, some hundred at a time."""
    newest: SubmissionId | None = None
    while found := scored_submissions(institute_id, before=newest, most=AT_ONCE):
        yield from proofs_for(institute_id, found)
        newest = found[-1]


def scored_submissions(
    institute_id: InstituteId, *, before: SubmissionId | None, most: int
) -> list[SubmissionId]:
    """Return submissions of an institute that have a score, newest first, from below ``before`` on."""
    condition: list[ColumnElement[bool]] = [ScoringTask.submission_id.is_not(None)]
    if before is not None:
        condition.append(ScoringTask.submission_id < before)
    rows = db.session.scalars(
        select(ScoringTask.submission_id)
        .join(TaskScore, TaskScore.task_id == ScoringTask.id)
        .where(ScoringTask.institute_id == institute_id, *condition)
        .distinct()
        .order_by(ScoringTask.submission_id.desc())
        .limit(most)
    )
    return [one for one in rows if one is not None]


def proofs_for(institute_id: InstituteId, submissions: Sequence[SubmissionId]) -> list[Proof]:
    """Prove the rounds of some submissions, in their order."""
    rows = db.session.execute(
        select(
            Submission.id,
            Submission.person_id,
            Submission.attempt,
            Submission.state,
            Requirement.title,
            ScoringTask.round,
            ScoringTask.rubric_id,
            is_retake().label("retake"),
        )
        .join(ScoringTask, ScoringTask.submission_id == Submission.id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .where(
            Submission.institute_id == institute_id,
            Submission.id.in_(submissions),
            ScoringTask.purpose == Purpose.FIRST,
            ScoringTask.state != TaskState.WITHDRAWN,
        )
        .order_by(Submission.id.desc(), ScoringTask.round)
    ).all()
    rubrics, minimums = _rubrics({row.rubric_id for row in rows})
    scores = _scores(institute_id, {row.id: row.person_id for row in rows})
    draws, noted, carried = _draws(submissions), _noted(submissions), carried_of(db.session(), submissions)
    ended, unscorable = _ended(submissions)

    def facts(row: Row[*tuple[Any, ...]]) -> RoundFacts:
        rubric, here = rubrics[row.rubric_id], (row.id, row.round)
        return RoundFacts(
            submission_id=row.id,
            title=row.title,
            attempt=row.attempt,
            round=row.round,
            rubric=f"{rubric.key} {rubric.version}",
            policy=rubric.rules,
            levels=rubric.levels,
            cut=rubric.cut,
            minimums=minimums.get(rubric.id, {}),
            carried=carried.get(row.id, {}),
            retake=row.retake,
            drawn=draws.get(row.id) if not row.round else None,
            noted=frozenset(noted.get(here, ())),
            scores=scores.get(here, ()),
            ended=here in ended or row.id in unscorable or _is_heard(row),
            unscorable=row.id in unscorable and here not in ended,
        )

    return [prove(facts(row)) for row in rows]


def _rubrics(
    wanted: Collection[RubricId],
) -> tuple[dict[RubricId, Rubric], dict[RubricId, dict[CriterionId, int]]]:
    rubrics = {one.id: one for one in db.session.scalars(select(Rubric).where(Rubric.id.in_(wanted)))}
    minimums: dict[RubricId, dict[CriterionId, int]] = {}
    for one in db.session.scalars(
        select(Criterion).where(Criterion.rubric_id.in_(wanted), Criterion.minimum.is_not(None))
    ):
        minimums.setdefault(one.rubric_id, {})[one.id] = one.minimum or 1
    return rubrics, minimums


def _scores(
    institute_id: InstituteId, authors: Mapping[SubmissionId, PersonId]
) -> dict[Round, list[ScoreGiven]]:
    """Return the scores of each round, in the order in which they were handed in."""
    counted = (
        select(
            TaskScore.id,
            (
                func.row_number().over(partition_by=(TaskScore.rater_id, Rubric.key), order_by=TaskScore.id)
                - 1
            ).label("before"),
        )
        .join(ScoringTask, ScoringTask.id == TaskScore.task_id)
        .join(Rubric, Rubric.id == ScoringTask.rubric_id)
        .where(TaskScore.institute_id == institute_id, ScoringTask.purpose.in_(RATERS))
        .subquery()
    )
    rows = db.session.execute(
        select(TaskScore, ScoringTask.submission_id, ScoringTask.round, ScoringTask.purpose, counted.c.before)
        .join(ScoringTask, ScoringTask.id == TaskScore.task_id)
        .outerjoin(counted, counted.c.id == TaskScore.id)
        .where(ScoringTask.submission_id.in_(authors))
        .order_by(TaskScore.id)
    ).all()
    people = same_people({row.TaskScore.rater_id for row in rows})
    apart = apart_from(people) if people else {}
    given = given_by(db.session(), [row.TaskScore.id for row in rows])
    earlier = scored_earlier(authors)
    found: dict[Round, list[ScoreGiven]] = {}
    for row in rows:
        score, author = row.TaskScore, authors[row.submission_id]
        duty: datetime | None = None
        if author in apart[score.rater_id]:
            duty = duties_between(people[score.rater_id], author)
        found.setdefault((row.submission_id, row.round), []).append(
            ScoreGiven(
                row.purpose,
                score.rater_id,
                people[score.rater_id],
                score.handed_in_at,
                row.before or 0,
                given[score.id],
                duty,
                not people[score.rater_id].isdisjoint(earlier.get(row.submission_id, ())),
            )
        )
    return found


def _draws(submissions: Collection[SubmissionId]) -> dict[SubmissionId, Drawn]:
    rows = db.session.execute(
        select(Draw.submission_id, Draw.number, Draw.share, DrawingSeed.seed)
        .join(DrawingSeed, DrawingSeed.id == Draw.seed_id)
        .where(Draw.submission_id.in_(submissions))
    )
    return {row.submission_id: Drawn(row.number, row.share, row.seed) for row in rows}


def _noted(submissions: Collection[SubmissionId]) -> dict[Round, set[Why]]:
    found: dict[Round, set[Why]] = {}
    for one in db.session.scalars(select(SecondScore).where(SecondScore.submission_id.in_(submissions))):
        found.setdefault((one.submission_id, one.round), set()).add(one.why)
    return found


def _is_heard(row: Row[*tuple[Any, ...]]) -> bool:
    """Tell whether an appeal came to an end: one that changes nothing has no release of its own."""
    return bool(row.round) and row.state in {SubmissionState.UPHELD, SubmissionState.CHANGED}


def _ended(submissions: Collection[SubmissionId]) -> tuple[set[Round], set[SubmissionId]]:
    """Return the rounds that came to a score, held for the lead or released, and what went back unscored."""
    ended: set[Round] = set()
    for model in (ScoreRelease, HeldScores):
        rows = db.session.execute(
            select(model.submission_id, model.round).where(model.submission_id.in_(submissions))
        )
        ended |= {(row.submission_id, row.round) for row in rows}
    returned = db.session.scalars(
        select(ScoringReturn.submission_id).where(ScoringReturn.submission_id.in_(submissions))
    )
    return ended, set(returned)
