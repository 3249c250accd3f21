"""Tables of the roster: how far a course's list of people has been read, and who is on it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from lti.launches.models import ContextId, IdentityId
from lti.platforms.models import MAX_URL_LENGTH

RosterId = NewType("RosterId", int)
MemberId = NewType("MemberId", int)


class RosterState(StrEnum):
    """Where the reading of a course's roster stands."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


class Roster(Base):
    """The roster of one course, and the place in it up to which it has been read.

    A pass reads the whole list or, where ``is_whole`` is false, what has changed since the last one. ``page_number``
    pages of the present pass are stored and ``next_url`` is the one that follows; whoever stores a page advances
    both, so a page is stored once and a killed worker's successor goes on. ``due_at``: no launch asks for a reading
    before then. ``paused_until``: the platform asked to be left alone so long.
    """

    __tablename__ = "lti_roster"
    __table_args__ = (
        UniqueConstraint("context_id", name="context"),
        ForeignKeyConstraint(["institute_id", "context_id"], ["lti_context.institute_id", "lti_context.id"]),
        CheckConstraint("page_number >= 0 AND stale_pages >= 0 AND failures >= 0", name="counted"),
        CheckConstraint("state <> 'failed' OR length(reason) > 0", name="failure_named"),
        CheckConstraint("state <> 'read' OR read_at IS NOT NULL", name="reading_dated"),
    )

    id: Mapped[RosterId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    context_id: Mapped[ContextId] = mapped_column(Integer)
    state: Mapped[RosterState] = enum_column(RosterState, name="state", default=RosterState.WAITING)
    reason: Mapped[str] = mapped_column(String(40), default="")
    pass_number: Mapped[int] = mapped_column(default=0)
    is_whole: Mapped[bool] = mapped_column(default=True)
    page_number: Mapped[int] = mapped_column(default=0)
    stale_pages: Mapped[int] = mapped_column(default=0)
    """Pages in a row that named nobody new: a platform that sends the same page for ever is found out by them."""
    whole_pass: Mapped[int] = mapped_column(default=0)
    """The last pass that read the whole list to its end."""
    next_url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    differences_url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a pass last came to its end."""
    whole_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    members: Mapped[int] = mapped_column(default=0)
    """How many people the course had when it was last read."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Member(Base):
    """Somebody whom a course's roster names, or named: ``left_at`` is when it was found to name them no more.

    ``seen_pass`` is the last pass of the roster that named them. What the roles amount to is kept beside them, as the
    registration's rules were when they were read.
    """

    __tablename__ = "lti_member"
    __table_args__ = (
        UniqueConstraint("context_id", "identity_id", name="context_identity"),
        ForeignKeyConstraint(["institute_id", "context_id"], ["lti_context.institute_id", "lti_context.id"]),
    )

    id: Mapped[MemberId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    context_id: Mapped[ContextId] = mapped_column(Integer)
    identity_id: Mapped[IdentityId] = mapped_column(ForeignKey("lti_identity.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    learns: Mapped[bool] = mapped_column(default=False)
    """Whether this is a real learner: no member of the staff and no test user."""
    seen_pass: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
