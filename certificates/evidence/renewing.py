"""Attempts: how many a requirement has, and who else may refuse a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.errors import AttemptsUsedError
from certificates.evidence.models import Requirement, Submission
from certificates.evidence.states import SubmissionState
from certificates.rubrics.models import Rubric
from certificates.rubrics.policies import read_policy
from institute.db import db
from institute.errors import DomainError

Refusal = Callable[[Submission, Session], DomainError | None]


def provide(app: Flask, refusal: Refusal) -> None:
    """Have ``refusal`` asked before an attempt begins anew after a submission, and before a renewed one is submitted.

    It gets the submission that came back, and returns what keeps another attempt from being made.
    """
    cast("list[Refusal]", app.extensions["evidence.refusals"]).append(refusal)


def init_app(app: Flask) -> None:
    """Give the application an empty list of refusals."""
    app.extensions["evidence.refusals"] = []


def why_not(previous: Submission, session: Session) -> DomainError | None:
    """Return what keeps another attempt from being made after ``previous``, None where nothing does."""
    for refusal in cast("list[Refusal]", current_app.extensions["evidence.refusals"]):
        found = refusal(previous, session)
        if found is not None:
            return found
    return None


def attempts_of(requirement: Requirement) -> int | None:
    """Return how many attempts there are: the requirement's own number, or that of its rubric; None without an end."""
    if requirement.most_attempts is not None or not requirement.scored:
        return requirement.most_attempts
    policy = db.session.scalar(
        select(Rubric.policy)
        .where(Rubric.institute_id == requirement.institute_id, Rubric.key == requirement.rubric_key)
        .order_by(Rubric.version.desc())
        .limit(1)
    )
    return read_policy(policy).attempts if policy is not None else None


def refuse_used(requirement: Requirement, latest: Submission) -> None:
    """Refuse another attempt where all are used; what could not be scored was none. Raises AttemptsUsedError.

    Of what is scored, scoring counts what was released, and knows of a coordinator's leave to try once more.
    """
    most = attempts_of(requirement)
    if most is None or requirement.scored:
        return
    used = db.session.scalars(
        select(func.count(Submission.id)).where(
            Submission.requirement_id == requirement.id,
            Submission.enrolment_id == latest.enrolment_id,
            Submission.state != SubmissionState.RETURNED_UNSCORABLE,
        )
    ).one()
    if used >= most:
        raise AttemptsUsedError(most=most)


def refusal_of(requirement: Requirement, latest: Submission, session: Session) -> DomainError | None:
    """Return what keeps another attempt from being made after ``latest``, whoever says so; None where nothing does."""
    try:
        refuse_used(requirement, latest)
    except AttemptsUsedError as error:
        return error
    return why_not(latest, session)
