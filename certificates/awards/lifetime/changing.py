"""The one place where an award's status changes: by a lawful way, kept for ever, told to whoever shows it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.awards.applications import duties
from certificates.awards.errors import AwardStateError
from certificates.awards.events import AwardChanged
from certificates.awards.models import Award, AwardChange, AwardId
from certificates.awards.proof.statuses import want_list
from certificates.awards.states import AWARD_WAYS, AwardStatus, ReasonClass
from certificates.awards.wording import say_award_status
from institute import audit, events
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError
from institute.messages import mail

LETTER: Final = "certificate.changed"


def award_to_decide(award_id: AwardId, *, session: Session, actor: Actor) -> Award:
    """Return an award of the actor's institute, locked, if the actor may decide about its holder.

    Raises NotFoundError, DutiesError.
    """
    award = session.get(Award, award_id, with_for_update=True)
    if award is None or award.institute_id != actor.institute_id:
        raise NotFoundError
    duties.require_apart(actor, award.person_id, award.enrolment_id, award.rule_set_id)
    return award


def change_status(
    award: Award, to: AwardStatus, *, reason: ReasonClass | None, note: str = "", actor: Actor
) -> None:
    """Change the status of an award that the caller has locked; without a person, time did it.

    Raises AwardStateError where no way leads there.
    """
    if to not in AWARD_WAYS[award.status]:
        raise AwardStateError(state=say_award_status(award.status), wished=say_award_status(to))
    before = award.status
    with transaction() as session:
        session.execute(update(Award).where(Award.id == award.id, Award.status == before).values(status=to))
        change = AwardChange(
            institute_id=award.institute_id,
            award_id=award.id,
            status=to,
            reason=reason,
            note=note,
            person_id=actor.person_id,
        )
        session.add(change)
        session.flush()
        session.refresh(award)
        want_list(award.institute_id)
        events.publish(AwardChanged(award.institute_id, award.person_id, award.id))
        if to is not AwardStatus.SUPERSEDED:  # the letter about what took its place says so
            about = {"award_id": award.id, "change_id": change.id}
            mail.tell(award.person_id, LETTER, about, institute_id=award.institute_id)
        audit.record(
            f"award.{to}",
            actor=actor,
            subject=("award", award.id),
            institute_id=award.institute_id,
            details={"from": before, "reason": reason},
        )
