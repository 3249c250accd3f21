"""Appeals as a scoring lead sees them: what was asked and what came of it, never whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from certificates.appeals.models import Appeal, AppealDecision, AppealId, AppealOutcome
from certificates.evidence.models import Requirement, Submission
from certificates.scoring.conflicts import may_rate
from certificates.scoring.tasking import rater_of
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised

MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class FiledAppeal:
    """One appeal; ``outcome`` is None while it is being read."""

    id: AppealId
    title: Localised
    attempt: int
    reason: str
    filed_at: datetime
    outcome: AppealOutcome | None


def filed_appeals(actor: Actor) -> tuple[FiledAppeal, ...]:
    """Return the newest appeals, those that are being read first, but for people whom the actor has a duty towards."""
    rows = db.session.execute(
        select(Appeal, Requirement.title, Submission.attempt, AppealDecision.outcome)
        .join(Submission, Submission.id == Appeal.submission_id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .outerjoin(AppealDecision, AppealDecision.appeal_id == Appeal.id)
        .where(Appeal.institute_id == actor.institute_id, may_rate(rater_of(actor), Submission.person_id))
        .order_by(AppealDecision.appeal_id.is_not(None), Appeal.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        FiledAppeal(one.id, title, attempt, one.reason, one.filed_at, outcome)
        for one, title, attempt, outcome in rows
    )


def open_panel(actor: Actor) -> int | None:
    """Return how many appeals are being read, None where none is."""
    waiting = (
        select(func.count(Appeal.id))
        .outerjoin(AppealDecision, AppealDecision.appeal_id == Appeal.id)
        .where(Appeal.institute_id == actor.institute_id, AppealDecision.appeal_id.is_(None))
    )
    return db.session.scalar(waiting) or None
