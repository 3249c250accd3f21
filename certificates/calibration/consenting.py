"""Asking authors of released evidence whether raters may learn from it; their answer may change at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from certificates.calibration.building import find_set
from certificates.calibration.models import AnchorConsent, AnchorConsentId, CalibrationSetId, ConsentState
from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.states import SubmissionState
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised

RELEASED = (
    SubmissionState.RELEASED,
    SubmissionState.ACCEPTED,
    SubmissionState.REVISE,
    SubmissionState.UPHELD,
)
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """Released evidence that might become a paper; nobody is named. ``consent`` is None while nobody asked."""

    submission_id: SubmissionId
    title: Localised
    attempt: int
    submitted_at: datetime
    accepted: bool
    consent: ConsentState | None


def candidates(rubric_key: str, *, actor: Actor) -> list[Candidate]:
    """Return the newest released evidence of a rubric, without names."""
    rows = db.session.execute(
        select(Submission, Requirement.title, AnchorConsent.state)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .outerjoin(AnchorConsent, AnchorConsent.submission_id == Submission.id)
        .where(
            Submission.institute_id == actor.institute_id,
            Requirement.rubric_key == rubric_key,
            Submission.state.in_(RELEASED),
        )
        .order_by(Submission.submitted_at.desc())
        .limit(MOST_SHOWN)
    )
    return [
        Candidate(
            submission_id=submission.id,
            title=title,
            attempt=submission.attempt,
            submitted_at=submission.submitted_at or submission.saved_at,
            accepted=submission.state is SubmissionState.ACCEPTED,
            consent=consent,
        )
        for submission, title, consent in rows
    ]


def ask(submission_id: SubmissionId, *, set_id: CalibrationSetId | None = None, actor: Actor) -> None:
    """Ask the author of released evidence, for an own set where one is named. Asked again, nothing changes.

    Raises NotFoundError.
    """
    with transaction() as session:
        if set_id is not None:
            find_set(session, set_id, actor)
        found = session.scalar(
            select(Submission.id).where(
                Submission.id == submission_id,
                Submission.institute_id == actor.institute_id,
                Submission.state.in_(RELEASED),
            )
        )
        if found is None:
            raise NotFoundError
        session.execute(
            insert_into(session, AnchorConsent)
            .values(
                institute_id=actor.institute_id,
                submission_id=submission_id,
                state=ConsentState.ASKED,
                asked_by=actor.person_id,
                asked_at=now(),
            )
            .on_conflict_do_nothing(index_elements=["submission_id"])
        )


def asked_of(actor: Actor, submission_id: int) -> AnchorConsent | None:
    """Return the question to the actor about their own evidence, None where there is none."""
    return db.session.scalar(
        select(AnchorConsent)
        .join(Submission, Submission.id == AnchorConsent.submission_id)
        .where(
            AnchorConsent.submission_id == submission_id,
            Submission.person_id == actor.person_id,
            Submission.institute_id == actor.institute_id,
        )
    )


def answer(consent_id: AnchorConsentId, *, agrees: bool, actor: Actor) -> SubmissionId:
    """Keep the answer of the evidence's author, whatever it was before, and return the evidence.

    Raises NotFoundError for what is not theirs.
    """
    with transaction() as session:
        found = session.scalar(
            select(AnchorConsent)
            .join(Submission, Submission.id == AnchorConsent.submission_id)
            .where(
                AnchorConsent.id == consent_id,
                AnchorConsent.institute_id == actor.institute_id,
                Submission.person_id == actor.person_id,
            )
        )
        if found is None:
            raise NotFoundError
        found.state = ConsentState.AGREED if agrees else ConsentState.DECLINED
        found.answered_at = now()
        audit.record(
            "calibration.consent",
            actor=actor,
            subject=("anchor_consent", found.id),
            details={"state": found.state},
        )
        return found.submission_id
