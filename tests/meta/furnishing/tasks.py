"""Giving tasks out: the lead looks at one that somebody holds."""

from __future__ import annotations

from sqlalchemy import select

from certificates.scoring.models import ScoringTask, TaskState
from institute.db import db
from tests.meta.furnishing.room import Room

FORM = {"days_open": "2", "due": "2026-12-24", "rater": ""}


def furnish(room: Room) -> dict[str, object]:
    """Return a task that is being scored."""
    held = select(ScoringTask.id).where(
        ScoringTask.institute_id == room.institute_id, ScoringTask.state == TaskState.HELD
    )
    return {"given_task_id": db.session.scalars(held.order_by(ScoringTask.id).limit(1)).one()}
