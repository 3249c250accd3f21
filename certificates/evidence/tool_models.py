"""Tables of the tools outside that a programme holds places in, such as a service for coaching by video."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.evidence.models import LONGEST_ADDRESS
from courses.catalogue.models import ProgrammeId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime
from institute.i18n import Localised, LocalisedType

SlotId = NewType("SlotId", int)
SeatId = NewType("SeatId", int)
LONGEST_LICENCE: Final = 200
MOST_SEATS: Final = 100_000


class ToolSlot(Base):
    """A tool outside. ``seats`` is how many places the licence has, None where they are not counted.

    ``taken`` counts those that are given: the database refuses one more than there are.
    """

    __tablename__ = "tool_slot"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "programme_id"], ["programme.institute_id", "programme.id"]),
        CheckConstraint("seats IS NULL OR seats >= 1", name="some_seat"),
        CheckConstraint("taken >= 0 AND (seats IS NULL OR taken <= seats)", name="never_overfull"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
        Index("ix_tool_slot_programme_id", "programme_id"),
    )

    id: Mapped[SlotId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    programme_id: Mapped[ProgrammeId] = mapped_column(Integer)
    title: Mapped[Localised] = mapped_column(LocalisedType)
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    licence: Mapped[str] = mapped_column(String(LONGEST_LICENCE), default="")
    seats: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ToolSeat(Base):
    """Somebody's place in a tool; taken back, the row stays."""

    __tablename__ = "tool_seat"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "slot_id"], ["tool_slot.institute_id", "tool_slot.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "given_by"], ["person.institute_id", "person.id"]),
        Index(
            "uq_tool_seat_given",
            "slot_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_tool_seat_person_id", "person_id"),
    )

    id: Mapped[SeatId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    slot_id: Mapped[SlotId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    given_by: Mapped[PersonId | None] = mapped_column(Integer)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
