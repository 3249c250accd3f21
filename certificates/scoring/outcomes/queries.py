"""Released scores: for the level's rules, for the participant, for the LMS."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from sqlalchemy import ColumnElement, Row, bindparam, func, select
from sqlalchemy.orm import aliased

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.states import SENT_BACK, SubmissionState
from certificates.rubrics.models import Criterion
from certificates.scoring.models import ConditionCode, ScoringTask, TaskScore
from certificates.scoring.outcomes.feedback import CommentedFile, commented_files
from certificates.scoring.outcomes.lines import ScoreLine, say_line, score_lines
from certificates.scoring.outcomes.results import (
    CriterionScore,
    ReleaseId,
    ScoreRelease,
    ScoringReturn,
)
from certificates.scoring.outcomes.retaking import Retake, retake_of
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId, EnrolmentState
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
    criteria: Mapping[str, Fraction]
    released_at: datetime
    rater_ids: frozenset[PersonId]
    submitted_at: datetime


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
    """What scoring came to, for the participant: scores, or a return.

    ``before`` are the scores that an appeal looked at, ``retake`` tells whether a new version can be sent;
    ``is_latest`` whether no other attempt was begun since.
    """

    submission_id: SubmissionId
    requirement_key: str
    requirement_title: Localised
    attempt: int
    state: SubmissionState
    zone: str
    is_latest: bool
    is_enrolled: bool
    released: ReleasedScores | None
    before: ReleasedScores | None
    returned: Returned | None
    retake: Retake | None
    files: tuple[CommentedFile, ...] = ()

    @property
    def again(self) -> bool:
        """Whether the participant may begin a new version now."""
        return (
            self.is_latest
            and self.is_enrolled
            and self.state in SENT_BACK
            and (self.retake is None or self.retake.open)
        )


# Built once: making a statement costs more than asking the database.
_RELEASED: Final = (
    select(Requirement.key, Submission.submitted_at, ScoreRelease)
    .join(Submission, Submission.id == ScoreRelease.submission_id)
    .join(Requirement, Requirement.id == Submission.requirement_id)
    .order_by(Submission.attempt, ScoreRelease.round)
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
        select(Submission, Requirement, ScoreRelease, ScoringReturn, Enrolment.state, Cohort.timezone)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(ScoreRelease, (ScoreRelease.submission_id == Submission.id) & is_latest_release())
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
    later = aliased(Submission)
    is_latest = not db.session.scalar(
        select(func.count(later.id)).where(
            later.requirement_id == submission.requirement_id,
            later.enrolment_id == submission.enrolment_id,
            later.attempt > submission.attempt,
        )
    )
    return Outcome(
        submission_id=submission.id,
        requirement_key=row.Requirement.key,
        requirement_title=row.Requirement.title,
        attempt=submission.attempt,
        state=submission.state,
        zone=row.timezone,
        is_latest=is_latest,
        is_enrolled=row.state is EnrolmentState.ACTIVE,
        released=_released(release) if release else None,
        before=_before(release) if release and release.round else None,
        returned=Returned(returned.code, returned.reason, returned.returned_at) if returned else None,
        retake=retake_of(db.session(), submission.id) if is_latest else None,
        files=commented_files(submission.id) if release else (),
    )


def summary_of(submission_id: SubmissionId, locale: str, *, longest: int) -> str:
    """Return the released scores as plain text for a gradebook, a line for each criterion, cut at ``longest``."""
    release = db.session.scalars(
        select(ScoreRelease).where(ScoreRelease.submission_id == submission_id, is_latest_release())
    ).one()
    found = score_lines(release.id, submission_id, passed=release.passed)
    lines = [say_line(line, release.maximum, locale) for line in found]
    text = "\n".join(lines)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _released(release: ScoreRelease) -> ReleasedScores:
    return ReleasedScores(
        score=release.score,
        maximum=release.maximum,
        passed=release.passed,
        released_at=release.released_at,
        lines=score_lines(release.id, release.submission_id, passed=release.passed),
    )


def _before(release: ScoreRelease) -> ReleasedScores | None:
    earlier = db.session.scalar(
        select(ScoreRelease)
        .where(ScoreRelease.submission_id == release.submission_id, ScoreRelease.round < release.round)
        .order_by(ScoreRelease.round.desc())
        .limit(1)
    )
    return _released(earlier) if earlier else None


def _results(rows: Sequence[Row[str, datetime | None, ScoreRelease]]) -> dict[str, Result]:
    """Keep the latest attempt and round of each requirement: rows come in their order."""
    if not rows:
        return {}
    latest = {row.key: row for row in rows}
    levels: dict[ReleaseId, dict[str, Fraction]] = {row.ScoreRelease.id: {} for row in latest.values()}
    found = db.session.execute(
        select(CriterionScore, Criterion.key)
        .join(Criterion, Criterion.id == CriterionScore.criterion_id)
        .where(CriterionScore.release_id.in_(levels))
        .order_by(Criterion.position)
    )
    for score, key in found:
        if score.level is not None:
            levels[score.release_id][key] = score.level
    raters = _raters({row.ScoreRelease.submission_id for row in latest.values()})
    return {
        key: Result(
            submission_id=row.ScoreRelease.submission_id,
            score=row.ScoreRelease.score,
            maximum=Fraction(row.ScoreRelease.maximum),
            passed=row.ScoreRelease.passed,
            criteria=levels[row.ScoreRelease.id],
            released_at=row.ScoreRelease.released_at,
            rater_ids=raters.get(row.ScoreRelease.submission_id, frozenset()),
            submitted_at=row.submitted_at,
        )
        for key, row in latest.items()
    }


def _raters(submissions: Collection[SubmissionId]) -> dict[SubmissionId, frozenset[PersonId]]:
    """Return who scored each submission, in whatever round."""
    found: dict[SubmissionId, set[PersonId]] = {}
    for submission_id, rater_id in db.session.execute(
        select(ScoringTask.submission_id, TaskScore.rater_id)
        .join(TaskScore, TaskScore.task_id == ScoringTask.id)
        .where(ScoringTask.submission_id.in_(submissions))
    ):
        if submission_id is not None:
            found.setdefault(submission_id, set()).add(rater_id)
    return {submission_id: frozenset(raters) for submission_id, raters in found.items()}


def is_latest_release() -> ColumnElement[bool]:
    """Return the condition that a release is the one of its submission's last round."""
    later = aliased(ScoreRelease)
    newest = select(func.max(later.round)).where(later.submission_id == ScoreRelease.submission_id)
    return ScoreRelease.round == newest.correlate(ScoreRelease).scalar_subquery()


def own_outcome(submission_id: SubmissionId, *, actor: Actor) -> Outcome:
    """Return what scoring came to for the actor's own submission. Raises NotFoundError while there is nothing."""
    outcome = released_for(submission_id, actor)
    if outcome is None:
        raise NotFoundError
    return outcome
