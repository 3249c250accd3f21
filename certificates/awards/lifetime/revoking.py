"""What becomes of an award: suspended, reinstated, revoked. Each change is kept for ever."""

from __future__ import annotations

from certificates.awards.applications.stepping import SHORTEST_NOTE, read_note
from certificates.awards.errors import NoteMissingError, ReasonUnknownError
from certificates.awards.lifetime.changing import award_to_decide, change_status
from certificates.awards.models import AwardId
from certificates.awards.states import GIVEN, AwardStatus, ReasonClass
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
        award = award_to_decide(award_id, session=session, actor=actor)
        kept = read_note(note, needed=False)
        if len(kept) < SHORTEST_NOTE:
            raise NoteMissingError
        if actor.person_id is None:
            raise NotFoundError
        change_status(award, to, reason=reason, note=kept, actor=actor)


def _read_reason(reason: str) -> ReasonClass:
    if reason not in GIVEN:
        raise ReasonUnknownError
    return ReasonClass(reason)
