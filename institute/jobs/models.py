"""The outbox: one row per (kind, key), a desired state of which the latest wins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

OutboxId = NewType("OutboxId", int)


class JobState(StrEnum):
    """Where a job is. ``dead`` waits for a person to decide."""

    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"


class OutboxRow(Base):
    """Something that must leave the house. ``version`` counts wishes; a lease remembers which it works for."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("kind", "key", name="kind_key"),
        CheckConstraint("(state = 'leased') = (leased_until IS NOT NULL)", name="lease_whole"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        Index("ix_outbox_due", "state", "next_at"),
    )

    id: Mapped[OutboxId] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[JobState] = enum_column(JobState, name="state", default=JobState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkerBeat(Base):
    """When a worker last said that it lives."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
