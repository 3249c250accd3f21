"""One award in the place of another: what the one before becomes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.errors import AwardStateError
from certificates.awards.lifetime.changing import change_status
from certificates.awards.models import Award, AwardId
from certificates.awards.states import AwardStatus, ReasonClass
from certificates.awards.wording import say_award_status
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.errors import NotFoundError


def make_way(award_id: AwardId, reason: ReasonClass, *, actor: Actor) -> Award:
    """Let an award give way to one that is issued in the same transaction, before that is inserted; return it.

    One that has expired stays so: nothing held between its end and the new one. Raises NotFoundError, and
    AwardStateError for one that is suspended, revoked, or gave way before.
    """
    with transaction() as session:
        award = session.get(Award, award_id, with_for_update=True)
        if award is None or award.institute_id != actor.institute_id:
            raise NotFoundError
        if award.status is AwardStatus.EXPIRED and _successor(award_id, award.institute_id, session) is None:
            return award
        if award.status is not AwardStatus.VALID:
            raise AwardStateError(
                state=say_award_status(award.status), wished=say_award_status(AwardStatus.SUPERSEDED)
            )
        change_status(award, AwardStatus.SUPERSEDED, reason=reason, actor=actor)
        return award


def successor_of(award: Award) -> Award | None:
    """Return the award that took the place of this one, corrected or renewed, or None."""
    return _successor(award.id, award.institute_id, db.session())


def predecessor_of(award: Award) -> Award | None:
    """Return the award in whose place this one stands, or None."""
    return db.session.get(Award, award.supersedes_id) if award.supersedes_id is not None else None


def _successor(award_id: AwardId, institute_id: InstituteId, session: Session) -> Award | None:
    return session.scalar(
        select(Award).where(Award.supersedes_id == award_id, Award.institute_id == institute_id)
    )
