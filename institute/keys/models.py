"""The keys an institute signs with. A retired one keeps its public half for ever: what it signed stays verifiable."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

InstituteKeyId = NewType("InstituteKeyId", int)


class KeyPurpose(StrEnum):
    """What a key signs."""

    DOCUMENT = "document"
    """PDF documents: P-256 with a self-signed X.509 certificate that carries the institute's name."""
    BADGE = "badge"
    """Open Badges and status lists with an embedded proof: Ed25519."""
    BADGE_JWT = "badge_jwt"
    """Open Badges as a JWT: RSA of 2048 bits."""


class InstituteKey(Base):
    """A key pair of one institute for one purpose. One is in use at a time; the others are retired.

    Retiring deletes the private half, which signs nothing more; the public half and the certificate stay.
    """

    __tablename__ = "institute_key"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        CheckConstraint("retired_at IS NULL OR retired_at >= created_at", name="in_order"),
        CheckConstraint("(retired_at IS NULL) = (sealed_private IS NOT NULL)", name="private_while_in_use"),
        CheckConstraint("leaked_at IS NULL OR retired_at IS NOT NULL", name="leaked_is_retired"),
        CheckConstraint(
            "(purpose = 'document') = (certificate_der IS NOT NULL)", name="documents_have_certificate"
        ),
        Index(
            "uq_institute_key_in_use",
            "institute_id",
            "purpose",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[InstituteKeyId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    purpose: Mapped[KeyPurpose] = enum_column(KeyPurpose, name="purpose")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leaked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_private: Mapped[bytes | None] = mapped_column(LargeBinary)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    certificate_der: Mapped[bytes | None] = mapped_column(LargeBinary)
