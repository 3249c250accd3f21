"""Released scores: for the level's rules, for the participant, for the LMS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from sqlalchemy import Row, bindparam, select

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.scoring.models import (
    ConditionCode,
    Criterion,
    CriterionLevel,
    CriterionScore,
    ReleaseId,
    ScoreRelease,
    ScoreSheet,
    ScoringReturn,
)
from courses.cohorts.models import CohortId, Enrolment, EnrolmentId
from institute.actors import Actor, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Result:
    """The released scores of a requirement's latest attempt that has any, exact."""

    submission_id: SubmissionId
    score: Fraction
    maximum: Fraction
    passed: bool
    criteria: Mapping[str, int]
    released_at: datetime
    rater_ids: frozenset[PersonId]
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A criterion with the level it was given and the rater's words."""

    title: Localised
    level: int
    level_name: Localised
    descriptor: Localised
    comment: str


@dataclass(frozen=True, slots=True)
class ReleasedScores:
    """The scores of one submission as its participant reads them; who gave them is not told."""

    score: Fraction
    maximum: int
    passed: bool
    released_at: datetime
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """Why evidence could not be scored."""

    code: ConditionCode
    reason: str
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What scoring came to, for the participant: scores, or a return."""

    submission_id: SubmissionId
    requirement_key: str
    requirement_title: Localised
    attempt: int
    released: ReleasedScores | None
    returned: Returned | None


# Built once: making a statement costs more than asking the database.
_RELEASED: Final = (
    select(Requirement.key, Submission.submitted_at, ScoreRelease, ScoreSheet.rater_id)
    .join(Submission, Submission.id == ScoreRelease.submission_id)
    .join(Requirement, Requirement.id == Submission.requirement_id)
    .join(ScoreSheet, ScoreSheet.id == ScoreRelease.sheet_id)
    .order_by(Submission.attempt)
)
_OF_ENROLMENT: Final = _RELEASED.where(Submission.enrolment_id == bindparam("enrolment"))
_IN_COHORT: Final = (
    _RELEASED.join(Enrolment, Enrolment.id == Submission.enrolment_id)
    .where(Enrolment.cohort_id == bindparam("cohort"), Enrolment.person_id == bindparam("person"))
)  # fmt: skip


def results_of(enrolment_id: EnrolmentId) -> dict[str, Result]:
    """Return the latest released result of each requirement that has one, in two queries."""
    return _results(db.session.execute(_OF_ENROLMENT, {"enrolment": enrolment_id}).all())


def results_in_cohort(person_id: PersonId, cohort_id: CohortId) -> dict[str, Result]:
    """Return the same for a person in a cohort; one query where nothing was released."""
    return _results(db.session.execute(_IN_COHORT, {"person": person_id, "cohort": cohort_id}).all())


def released_for(submission_id: SubmissionId, actor: Actor) -> Outcome | None:
    """Return what scoring came to for the actor's own submission; None while there is nothing, or it is not theirs."""
    row = db.session.execute(
        select(Submission, Requirement, ScoreRelease, ScoringReturn)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .outerjoin(ScoreRelease, ScoreRelease.submission_id == Submission.id)
        .outerjoin(ScoringReturn, ScoringReturn.submission_id == Submission.id)
        .where(
            Submission.id == submission_id,
            Submission.institute_id == actor.institute_id,
            Submission.person_id == actor.person_id,
        )
    ).one_or_none()
    if row is None or (row.ScoreRelease is None and row.ScoringReturn is None):
        return None
    submission: Submission = row.Submission
    release: ScoreRelease | None = row.ScoreRelease
    returned: ScoringReturn | None = row.ScoringReturn
    return Outcome(
        submission_id=submission.id,
        requirement_key=row.Requirement.key,
        requirement_title=row.Requirement.title,
        attempt=submission.attempt,
        released=_released(release) if release else None,
        returned=Returned(returned.code, returned.reason, returned.returned_at) if returned else None,
    )


def score_lines(release_id: ReleaseId) -> tuple[ScoreLine, ...]:
    """Return the criteria of a release with what they were given, in the rubric's order."""
    rows = db.session.execute(
        select(Criterion.title, CriterionLevel, CriterionScore.comment)
        .join(Criterion, Criterion.id == CriterionScore.criterion_id)
        .join(
            CriterionLevel,
            (CriterionLevel.criterion_id == CriterionScore.criterion_id)
            & (CriterionLevel.number == CriterionScore.level),
        )
        .where(CriterionScore.release_id == release_id)
        .order_by(Criterion.position)
    )
    return tuple(
        ScoreLine(title, level.number, level.name, level.descriptor, comment)
        for title, level, comment in rows
    )


def summary_of(submission_id: SubmissionId, locale: str, *, longest: int) -> str:
    """Return the released scores as plain text for a gradebook, a line for each criterion, cut at ``longest``."""
    release = db.session.scalars(
        select(ScoreRelease).where(ScoreRelease.submission_id == submission_id)
    ).one()
    lines = [
        f"{line.title.in_(locale)}: {line.level}/{release.maximum} – {line.level_name.in_(locale)}."
        + (f" {line.comment}" if line.comment else "")
        for line in score_lines(release.id)
    ]
    text = "\n".join(lines)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _released(release: ScoreRelease) -> ReleasedScores:
    return ReleasedScores(
        score=release.score,
        maximum=release.maximum,
        passed=release.passed,
        released_at=release.released_at,
        lines=score_lines(release.id),
    )


def _results(rows: Sequence[Row[str, datetime | None, ScoreRelease, PersonId]]) -> dict[str, Result]:
    """Keep the latest attempt of each requirement: rows come in the order of attempts."""
    if not rows:
        return {}
    latest = {row.key: row for row in rows}
    levels: dict[ReleaseId, dict[str, int]] = {row.ScoreRelease.id: {} for row in latest.values()}
    found = db.session.execute(
        select(CriterionScore.release_id, Criterion.key, CriterionScore.level)
        .join(Criterion, Criterion.id == CriterionScore.criterion_id)
        .where(CriterionScore.release_id.in_(levels))
        .order_by(Criterion.position)
    )
    for release_id, key, level in found:
        levels[release_id][key] = level
    return {
        key: Result(
            submission_id=row.ScoreRelease.submission_id,
            score=row.ScoreRelease.score,
            maximum=Fraction(row.ScoreRelease.maximum),
            passed=row.ScoreRelease.passed,
            criteria=levels[row.ScoreRelease.id],
            released_at=row.ScoreRelease.released_at,
            rater_ids=frozenset({row.rater_id}),
            submitted_at=row.submitted_at,
        )
        for key, row in latest.items()
    }


def own_outcome(submission_id: SubmissionId, *, actor: Actor) -> Outcome:
    """Return what scoring came to for the actor's own submission. Raises NotFoundError while there is nothing."""
    outcome = released_for(submission_id, actor)
    if outcome is None:
        raise NotFoundError
    return outcome
