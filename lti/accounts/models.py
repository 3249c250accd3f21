"""The codes by which somebody shows that two accounts are theirs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.people.models import PersonLinkId
from lti.launches.models import IdentityId

AccountCodeId = NewType("AccountCodeId", int)


class CodeState(StrEnum):
    """How far two accounts have come: shown in one, typed in the other, confirmed there, confirmed here."""

    SHOWN = "shown"
    TYPED = "typed"
    CONFIRMED = "confirmed"
    LINKED = "linked"
    WITHDRAWN = "withdrawn"


class AccountCode(Base):
    """A code that was shown in one platform, to be typed in another within minutes.

    The code itself is made from ``salt`` and the tool's secret whenever its owner looks; kept is its SHA-256 (hex).
    """

    __tablename__ = "lti_account_code"
    __table_args__ = (
        UniqueConstraint("code_hash", name="code_hash"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "typed_person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "link_id"], ["person_link.institute_id", "person_link.id"]),
        CheckConstraint("(typed_identity_id IS NULL) = (typed_person_id IS NULL)", name="typed_whole"),
        CheckConstraint(
            "state IN ('shown', 'withdrawn') OR typed_identity_id IS NOT NULL", name="typed_by_somebody"
        ),
        CheckConstraint("(state = 'linked') = (link_id IS NOT NULL)", name="linked_names_link"),
        CheckConstraint("typed_identity_id IS NULL OR typed_identity_id <> identity_id", name="two_accounts"),
        Index("ix_lti_account_code_person_id", "person_id"),
        Index("ix_lti_account_code_typed_person_id", "typed_person_id"),
    )

    id: Mapped[AccountCodeId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    identity_id: Mapped[IdentityId] = mapped_column(ForeignKey("lti_identity.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    salt: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[CodeState] = enum_column(CodeState, name="state", default=CodeState.SHOWN)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    typed_identity_id: Mapped[IdentityId | None] = mapped_column(ForeignKey("lti_identity.id"))
    typed_person_id: Mapped[PersonId | None] = mapped_column(Integer)
    link_id: Mapped[PersonLinkId | None] = mapped_column(Integer)
