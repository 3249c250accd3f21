"""What was answered, as the page after it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from institute.db import db
from institute.errors import NotFoundError
from lti.deep_linking.asking import Asked
from lti.deep_linking.models import LinkingAnswer


@dataclass(frozen=True, slots=True)
class Answer:
    """The titles of the items, in order, and when they were handed over; ``zone`` names the cohort's time zone."""

    titles: tuple[str, ...]
    at: datetime
    zone: str


def find_answer(asked: Asked) -> Answer:
    """Return what was answered to a request. Raises NotFoundError."""
    held = db.session.scalar(select(LinkingAnswer).where(LinkingAnswer.session_id == asked.session_id))
    if held is None:
        raise NotFoundError
    return Answer(tuple(item["title"] for item in held.items), held.signed_at, str(asked.zone or "UTC"))
