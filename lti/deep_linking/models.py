"""What was answered to a platform's request for content, so that sending it again says the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NewType

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime

LinkingAnswerId = NewType("LinkingAnswerId", int)


class LinkingAnswer(Base):
    """The items that somebody chose, as the platform gets them; an empty list where they cancelled.

    ``nonce`` and ``signed_at`` are those of the message that was made last: with them it can be made once more, letter
    by letter. ``sendings`` counts the messages.
    """

    __tablename__ = "lti_deep_linking_answer"
    __table_args__ = (
        UniqueConstraint("session_id", name="session"),
        CheckConstraint("sendings >= 1", name="sent_once_at_least"),
        CheckConstraint("length(nonce) > 0", name="nonce_not_empty"),
    )

    id: Mapped[LinkingAnswerId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("launch_session.id"))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    nonce: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sendings: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
