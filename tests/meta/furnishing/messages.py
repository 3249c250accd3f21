"""A message that could not be delivered."""

from __future__ import annotations

from sqlalchemy import select, update

from institute.db import db, transaction
from institute.jobs.models import JobState, OutboxRow
from institute.messages import mail
from institute.messages.asking import SIGN_IN
from tests.meta.furnishing.room import Room


def furnish(room: Room) -> dict[str, object]:
    """Wish for a message to Amina and let it fail for good."""
    with transaction() as session:
        mail.tell(room.people["amina"], SIGN_IN, {}, institute_id=room.institute_id)
        mine = OutboxRow.payload["person"].as_integer() == room.people["amina"]
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.kind == mail.JOB_KIND, mine)
            .values(state=JobState.DEAD, reason="address-refused")
        )
    ids = select(OutboxRow.id).where(OutboxRow.kind == mail.JOB_KIND, mine).order_by(OutboxRow.id.desc())
    mail_id = db.session.scalars(ids.limit(1)).one()
    return {"mail_id": mail_id}
