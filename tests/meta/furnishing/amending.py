"""A session that both confirmed, and a change to it that Amina proposed and nobody answered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from courses.coaching.amending import Proposal, propose_amendment
from courses.coaching.answering import confirm_session
from courses.coaching.sheets import Sheet
from courses.coaching.writing import log_session
from courses.sessions.models import SessionLog, Side
from institute.actors import Role
from institute.clock import now
from institute.db import db
from tests.meta.furnishing.room import Room

FORM = {"words": "Both agree.", "shown": "1:1"}


def furnish(room: Room) -> dict[str, object]:
    """Log an hour of three days ago, confirm it, and propose half an hour."""
    day = (now() - timedelta(days=4)).date().isoformat()
    sheet = Sheet(
        day=day, begins="14:00", ends="15:00", mode="video", kind="one_to_one", next_steps="Read on."
    )
    coach = room.actor("amina", Role.COACH)
    log_id = log_session(room.enrolment_id, sheet, send=True, actor=coach).log_id
    assert log_id is not None
    version = db.session.scalars(select(SessionLog.version).where(SessionLog.id == log_id)).one()
    confirm_session(log_id, version=version, actor=room.actor("lucia", Role.PARTICIPANT))
    shorter = Sheet(
        day=day, begins="14:00", ends="14:30", mode="video", kind="one_to_one", next_steps="Read on."
    )
    made = propose_amendment(log_id, Proposal(shorter, "It was shorter."), side=Side.COACH, actor=coach)
    assert made.amendment_id is not None, made.checked.problems
    return {"agreed_id": log_id, "amendment_id": made.amendment_id}
