"""What was decided, and the chain that shows that nothing was taken out afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NewType

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from institute.clock import now
from institute.db import Base, UtcDateTime, append_only

AuditEventId = NewType("AuditEventId", int)


class AuditEvent(Base):
    """One decision: who, what, about what. Ids and digests only, never names."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "institute_id", "subject_kind", "subject_id"),)

    id: Mapped[AuditEventId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[int] = mapped_column(ForeignKey("institute.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    action: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(Integer)
    door: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditSeal(Base):
    """A link of the chain: the event's digest, bound to the digest before it."""

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("event_id", name="event"),)

    position: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    event_id: Mapped[AuditEventId] = mapped_column(ForeignKey("audit_event.id"))
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class AuditHead(Base):
    """The chain's last digest of a day, signed, so that a rewritten chain shows."""

    __tablename__ = "audit_head"
    __table_args__ = (UniqueConstraint("day", name="day"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    public_key: Mapped[str] = mapped_column(String(64))


for _model in (AuditEvent, AuditSeal, AuditHead):
    append_only(_model.metadata.tables[_model.__tablename__])
