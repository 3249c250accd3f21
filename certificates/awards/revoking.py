"""What becomes of an award: suspended, reinstated, revoked. Each change is kept for ever."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.awards import duties
from certificates.awards.applying import SHORTEST_NOTE, read_note
from certificates.awards.errors import AwardStateError, NoteMissingError, ReasonUnknownError
from certificates.awards.events import AwardChanged
from certificates.awards.models import Award, AwardChange, AwardId
from certificates.awards.states import AWARD_WAYS, AwardStatus, ReasonClass
from certificates.awards.statuses import want_list
from certificates.awards.wording import say_award_status
from institute import audit, events
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError


def revoke(award_id: AwardId, *, reason: str, note: str, actor: Actor) -> None:
    """Revoke an award for good. The public reads when and the class of the reason; the note stays inside.

    Raises NotFoundError, DutiesError, ReasonUnknownError, NoteMissingError, NoteTooLongError, AwardStateError.
    """
    _change(award_id, AwardStatus.REVOKED, reason=_read_reason(reason), note=note, actor=actor)


def suspend(award_id: AwardId, *, reason: str, note: str, actor: Actor) -> None:
    """Suspend an award until it is reinstated or revoked. Raises as ``revoke``."""
    _change(award_id, AwardStatus.SUSPENDED, reason=_read_reason(reason), note=note, actor=actor)


def reinstate(award_id: AwardId, *, note: str, actor: Actor) -> None:
    """Let a suspended award be valid again. Raises as ``revoke``, but for the class of the reason."""
    _change(award_id, AwardStatus.VALID, reason=None, note=note, actor=actor)


def _change(
    award_id: AwardId, to: AwardStatus, *, reason: ReasonClass | None, note: str, actor: Actor
) -> None:
    with transaction() as session:
        award = _find(award_id, session, actor)
        kept = read_note(note, needed=False)
        if len(kept) < SHORTEST_NOTE:
            raise NoteMissingError
        if to not in AWARD_WAYS[award.status]:
            raise AwardStateError(state=say_award_status(award.status), wished=say_award_status(to))
        before = award.status
        session.execute(update(Award).where(Award.id == award.id, Award.status == before).values(status=to))
        if actor.person_id is None:
            raise NotFoundError
        session.add(
            AwardChange(
                institute_id=award.institute_id,
                award_id=award.id,
                status=to,
                reason=reason,
                note=kept,
                person_id=actor.person_id,
            )
        )
        want_list(award.institute_id)
        events.publish(AwardChanged(award.institute_id, award.person_id, award.id))
        audit.record(
            f"award.{to}",
            actor=actor,
            subject=("award", award.id),
            details={"from": before, "reason": reason},
        )


def _find(award_id: AwardId, session: Session, actor: Actor) -> Award:
    award = session.get(Award, award_id, with_for_update=True)
    if award is None or award.institute_id != actor.institute_id:
        raise NotFoundError
    duties.require_apart(actor, award.person_id, award.enrolment_id, award.rule_set_id)
    return award


def _read_reason(reason: str) -> ReasonClass:
    if reason not in list(ReasonClass):
        raise ReasonUnknownError
    return ReasonClass(reason)
