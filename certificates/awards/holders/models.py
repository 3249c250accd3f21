"""Tables of holders: what they allow to be shown, where they are written to, and the links that let them in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from certificates.awards.models import AwardId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

HolderLinkId = NewType("HolderLinkId", int)
LONGEST_ADDRESS: Final = 254
SALT: Final = 64


class HolderChoice(Base):
    """What the holder of one award lets others see; without a row, nothing beside what stands on the certificate.

    ``evidence`` are the keys of those requirements whose accepted evidence may be named.
    """

    __tablename__ = "holder_choice"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "award_id"], ["award.institute_id", "award.id"]),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        Index("ix_holder_choice_person_id", "person_id"),
        Index("ix_holder_choice_listed", "institute_id", "listed"),
    )

    award_id: Mapped[AwardId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    hours: Mapped[bool] = mapped_column(default=False)
    competencies: Mapped[bool] = mapped_column(default=False)
    listed: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class HolderAddress(Base):
    """An address of the holder's own, confirmed by a link: it opens their certificates after every course has ended."""

    __tablename__ = "holder_address"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(address) > 0", name="address_said"),
        Index("ix_holder_address_address", "address"),
    )

    person_id: Mapped[PersonId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(Integer)
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class LinkPurpose(StrEnum):
    """What a holder's link is for."""

    ENTER = "enter"
    CONFIRM = "confirm"


class HolderLink(Base):
    """A wish for a link by mail, and the link: used once, for half an hour.

    To enter, anybody may wish for any address, so no person stands here then: who has it is looked up when the letter
    is written. To confirm an address, ``person_id`` says whose it is to be. The token is made from ``salt`` and the
    secret key; only its SHA-256 is kept.
    """

    __tablename__ = "holder_link"
    __table_args__ = (
        UniqueConstraint("token_hash", name="token_hash"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        CheckConstraint(
            "(purpose = 'confirm') = (person_id IS NOT NULL) AND (person_id IS NULL) = (institute_id IS NULL)",
            name="confirmed_for_somebody",
        ),
        Index("ix_holder_link_expires_at", "expires_at"),
        Index("ix_holder_link_person_id", "person_id"),
    )

    id: Mapped[HolderLinkId] = mapped_column(Integer, primary_key=True)
    purpose: Mapped[LinkPurpose] = enum_column(LinkPurpose, name="purpose")
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    salt: Mapped[str] = mapped_column(String(SALT))
    token_hash: Mapped[str] = mapped_column(String(64))
    institute_id: Mapped[InstituteId | None] = mapped_column(Integer)
    person_id: Mapped[PersonId | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
