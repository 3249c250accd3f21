"""Releasing what a round of scoring came to: to the participant at once, or held until the scoring lead lets it out.

Nothing that was released is ever changed. An appeal is a round of its own with a release of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final as Fixed

from sqlalchemy.orm import Session

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.moving import move
from certificates.evidence.states import SubmissionState
from certificates.rubrics.policies import Releasing
from certificates.scoring.events import AppealJudged, ScoresReleased
from certificates.scoring.models import ConditionCode, SheetId
from certificates.scoring.outcomes.comments import freeze_words, readers_of, words_of
from certificates.scoring.outcomes.holding import HeldScores
from certificates.scoring.outcomes.results import CriterionScore, ScoreRelease, ScoringReturn
from certificates.scoring.sheets.deciding import Final
from certificates.scoring.sheets.judged import Judged, judged, rubric_of, write_levels
from courses.cohorts.models import Enrolment
from courses.media import comments as media
from institute import audit, events
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.messages import mail

RELEASED_MAIL: Fixed = "scores.released"
RETURNED_MAIL: Fixed = "evidence.returned"


def conclude(submission_id: SubmissionId, round_number: int, final: Final, *, actor: Actor) -> None:
    """Release what the scores of a round come to, or hold it for the scoring lead where the policy says so.

    In the transaction of whoever handed in last. The submission stands in SCORED or ADJUDICATED, in APPEALED in a
    later round. ``final.levels`` are those of the criteria that were scored, without those carried over.
    """
    with transaction() as session:
        submission = session.get_one(Submission, submission_id, with_for_update=True)
        if rubric_of(session, submission_id).rules.releasing is Releasing.LEAD:
            _hold(session, submission, round_number, final, actor=actor)
        else:
            release(session, submission, round_number, final, actor=actor)


def release(
    session: Session, submission: Submission, round_number: int, final: Final, *, actor: Actor
) -> ScoreRelease:
    """Release the scores of a round: frozen, told to the participant, wished for in the gradebook."""
    outcome = judged(session, submission.id, round_number, final)
    frozen = _freeze(session, submission, round_number, outcome)
    _move(submission, round_number, outcome, actor=actor)
    audit.record(
        "scores.released",
        actor=actor,
        subject=("submission", submission.id),
        details={
            "release": frozen.id,
            "round": round_number,
            "score": str(outcome.score),
            "passed": outcome.passed,
        },
    )
    events.publish(_event(session, submission, outcome, frozen.maximum))
    if round_number:
        events.publish(AppealJudged(submission.institute_id, submission.id, changed=outcome.raised))
    else:
        mail.tell(
            submission.person_id,
            RELEASED_MAIL,
            {"submission_id": submission.id},
            institute_id=submission.institute_id,
        )
    return frozen


def uphold(submission_id: SubmissionId, *, actor: Actor) -> None:
    """Let what stood stand after an appeal whose readers could not score the evidence."""
    with transaction() as session:
        submission = session.get_one(Submission, submission_id, with_for_update=True)
        move(submission.id, SubmissionState.UPHELD, actor=actor)
        events.publish(AppealJudged(submission.institute_id, submission.id, changed=False))


@dataclass(frozen=True, slots=True)
class Condition:
    """Why evidence cannot be scored, in a code and in words."""

    code: ConditionCode
    reason: str


def send_back(submission: Submission, sheet_id: SheetId, condition: Condition, *, actor: Actor) -> None:
    """Send evidence back that cannot be scored: the participant reads why, and may submit again.

    In the transaction of the rater who found it, who has closed their task.
    """
    with transaction() as session:
        session.add(
            ScoringReturn(
                institute_id=submission.institute_id,
                submission_id=submission.id,
                sheet_id=sheet_id,
                code=condition.code,
                reason=condition.reason,
            )
        )
        session.flush()
        move(submission.id, SubmissionState.RETURNED_UNSCORABLE, actor=actor)
        audit.record(
            "scoring.returned",
            actor=actor,
            subject=("submission", submission.id),
            details={"code": condition.code},
        )
        mail.tell(
            submission.person_id,
            RETURNED_MAIL,
            {"submission_id": submission.id},
            institute_id=submission.institute_id,
        )


def _hold(session: Session, submission: Submission, round_number: int, final: Final, *, actor: Actor) -> None:
    held = HeldScores(
        institute_id=submission.institute_id,
        submission_id=submission.id,
        round=round_number,
        method=final.method,
        levels=write_levels(final.levels),
        score_numerator=final.score.numerator,
        score_denominator=final.score.denominator,
        passed=final.passed,
        held_at=now(),
    )
    session.add(held)
    session.flush()
    audit.record(
        "scores.held",
        actor=actor,
        subject=("submission", submission.id),
        details={"round": round_number, "score": str(final.score), "passed": final.passed},
    )


def _freeze(session: Session, submission: Submission, round_number: int, outcome: Judged) -> ScoreRelease:
    frozen = ScoreRelease(
        institute_id=submission.institute_id,
        submission_id=submission.id,
        round=round_number,
        method=outcome.method,
        score_numerator=outcome.score.numerator,
        score_denominator=outcome.score.denominator,
        maximum=rubric_of(session, submission.id).levels,
        passed=outcome.passed,
    )
    session.add(frozen)
    session.flush()
    for criterion_id, level in outcome.levels.items():
        number, code = (None, level) if isinstance(level, ConditionCode) else (level, None)
        session.add(
            CriterionScore(
                release_id=frozen.id,
                criterion_id=criterion_id,
                level_numerator=number.numerator if number is not None else None,
                level_denominator=number.denominator if number is not None else None,
                condition=code,
                carried=criterion_id in outcome.carried,
            )
        )
    session.flush()
    freeze_words(session, frozen.id, words_of(session, submission.id, round_number, outcome.method))
    readers = readers_of(session, submission.id, round_number, outcome.method).values()
    media.release([reader.task_id for reader in readers], institute_id=submission.institute_id)
    return frozen


def _move(submission: Submission, round_number: int, outcome: Judged, *, actor: Actor) -> None:
    """Take the submission to where it stands after a release: what did not pass waits for its participant."""
    ways = [SubmissionState.RELEASED]
    if round_number:
        ways = [SubmissionState.CHANGED if outcome.raised else SubmissionState.UPHELD]
    if outcome.passed and SubmissionState.UPHELD not in ways:
        ways.append(SubmissionState.ACCEPTED)
    elif outcome.raised:
        ways.append(SubmissionState.REVISE)
    for state in ways:
        move(submission.id, state, actor=actor)


def _event(session: Session, submission: Submission, outcome: Judged, maximum: int) -> ScoresReleased:
    enrolment = session.get_one(Enrolment, submission.enrolment_id)
    requirement = session.get_one(Requirement, submission.requirement_id)
    return ScoresReleased(
        institute_id=submission.institute_id,
        cohort_id=enrolment.cohort_id,
        enrolment_id=enrolment.id,
        person_id=submission.person_id,
        submission_id=submission.id,
        requirement_id=requirement.id,
        requirement_key=requirement.key,
        score=outcome.score,
        maximum=Fraction(maximum),
        passed=outcome.passed,
    )
