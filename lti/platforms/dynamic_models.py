"""Registrations that begin at the platform: invitations to them, and what platforms asked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    JSON,
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

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from lti.platforms.models import MAX_ID_LENGTH, MAX_URL_LENGTH, MAX_VERSION_LENGTH, Family, RegistrationId

InvitationId = NewType("InvitationId", int)
RequestId = NewType("RequestId", int)

MAX_NAME: Final = 200
MAX_DETAIL: Final = 300
DIGEST_LENGTH: Final = 64


class RequestState(StrEnum):
    """How far a platform's request came.

    ``ASKED``: it is on its way, or the program was stopped before the platform's answer was noted down.
    """

    ASKED = "asked"
    WAITING = "waiting"
    REGISTERED = "registered"
    APPROVED = "approved"
    REFUSED = "refused"
    REPLACED = "replaced"
    FAILED = "failed"


class Invitation(Base):
    """An address that registers one platform, once, without anybody's approval: whoever made it approved beforehand.

    With ``registration_id`` it brings that registration up to date. ``made_through`` is the registration whose platform
    its maker administered, where the institute itself made them no administrator. ``claimed_at`` is when somebody began
    to use it: it is used up in the transaction that registers, so that a failure at the platform costs nothing.
    """

    __tablename__ = "lti_invitation"
    __table_args__ = (
        UniqueConstraint("token_hash", name="token_hash"),
        ForeignKeyConstraint(
            ["institute_id", "registration_id"], ["lti_registration.institute_id", "lti_registration.id"]
        ),
        CheckConstraint("expires_at > created_at", name="good_for_a_while"),
    )

    id: Mapped[InvitationId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    made_by: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"))
    made_through: Mapped[RegistrationId | None] = mapped_column(Integer)
    registration_id: Mapped[RegistrationId | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RegistrationRequest(Base):
    """What a platform asked through the registration address, and what became of it.

    ``token_hash`` is the digest of the platform's one-time token: a page that is loaded again finds its answer here.
    ``origins`` are those of the platform, which may frame the answer. ``code`` and ``detail`` say why it failed.
    Until ``opens_first_until`` the first deployment that comes is let in, where the platform named none.
    """

    __tablename__ = "lti_registration_request"
    __table_args__ = (
        UniqueConstraint("token_hash", name="token_hash"),
        CheckConstraint("(state = 'failed') = (length(code) > 0)", name="failed_says_why"),
        CheckConstraint(
            "state IN ('asked', 'failed') OR (length(issuer) > 0 AND length(client_id) > 0)",
            name="answered_is_named",
        ),
        CheckConstraint(
            "(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)", name="decided_has_time"
        ),
        CheckConstraint(
            "state NOT IN ('registered', 'approved') OR registration_id IS NOT NULL",
            name="done_has_registration",
        ),
        Index(
            "uq_lti_registration_request_waiting",
            "issuer",
            "client_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[RequestId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId | None] = mapped_column(ForeignKey("institute.id"), index=True)
    invitation_id: Mapped[InvitationId | None] = mapped_column(ForeignKey("lti_invitation.id"))
    token_hash: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    state: Mapped[RequestState] = enum_column(RequestState, name="state", default=RequestState.ASKED)
    origins: Mapped[list[str]] = mapped_column(JSON, default=list)
    issuer: Mapped[str] = mapped_column(String(MAX_ID_LENGTH), default="")
    client_id: Mapped[str] = mapped_column(String(MAX_ID_LENGTH), default="")
    auth_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH), default="")
    token_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH), default="")
    jwks_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH), default="")
    token_audience: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    name: Mapped[str] = mapped_column(String(MAX_NAME), default="")
    family: Mapped[Family] = enum_column(Family, name="family", default=Family.OTHER)
    version: Mapped[str] = mapped_column(String(MAX_VERSION_LENGTH), default="")
    deployment_id: Mapped[str | None] = mapped_column(String(MAX_ID_LENGTH))
    code: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[str] = mapped_column(String(MAX_DETAIL), default="")
    registration_id: Mapped[RegistrationId | None] = mapped_column(
        ForeignKey("lti_registration.id"), index=True
    )
    opens_first_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"))
