"""A flag on the certificate that was issued: a session under it was changed."""

from __future__ import annotations

from sqlalchemy import select

from certificates.awards.models import Award, AwardFlag
from courses.sessions.models import SessionAmendment
from institute.clock import now
from institute.db import transaction
from tests.meta.furnishing.room import Room


def furnish(room: Room) -> dict[str, object]:
    """Flag Lucía's certificate because of the change that waits."""
    with transaction() as session:
        award_id = session.scalars(select(Award.id).where(Award.institute_id == room.institute_id)).first()
        amended = session.scalars(
            select(SessionAmendment.id).where(SessionAmendment.institute_id == room.institute_id)
        ).first()
        flag = AwardFlag(
            institute_id=room.institute_id,
            award_id=award_id,
            amendment_id=amended,
            minutes_before=60,
            minutes_after=30,
            at=now(),
        )
        session.add(flag)
        session.flush()
        return {"flag_id": flag.id}
