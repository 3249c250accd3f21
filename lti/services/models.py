"""Tables of the services: tokens shared between processes, gradebook columns, and each person's score in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from lti.launches.models import ContextId, IdentityId, ResourceLinkId
from lti.platforms.models import MAX_URL_LENGTH, RegistrationId

AccessTokenId = NewType("AccessTokenId", int)
LineItemId = NewType("LineItemId", int)
ScoreId = NewType("ScoreId", int)

PROGRESS_TAG: Final = "progress"
EVIDENCE_TAG: Final = "evidence"
LONGEST_COMMENT: Final = 1000
LONGEST_LABEL: Final = 500


class AccessToken(Base):
    """A platform's permission to use services, sealed. Registration stands for issuer and client id together."""

    __tablename__ = "lti_access_token"
    __table_args__ = (UniqueConstraint("registration_id", "scopes_hash", name="registration_scopes"),)

    id: Mapped[AccessTokenId] = mapped_column(Integer, primary_key=True)
    registration_id: Mapped[RegistrationId] = mapped_column(
        ForeignKey("lti_registration.id", ondelete="CASCADE")
    )
    scopes_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 (hex) of token address, client id, audience and the sorted scopes."""
    token_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LineItem(Base):
    """A column of a platform's gradebook: of one of its links, or of the course alone.

    A link's column is called as the link, a course's by its ``label``. ``url`` is None until the column is found or
    made; ``gone_url`` is the one that turned out to be deleted, so that it is not taken again from the link's
    launches. ``claimed_until``: a worker is looking for it or making it.
    """

    __tablename__ = "lti_line_item"
    __table_args__ = (
        UniqueConstraint("resource_link_id", "tag", name="link_tag"),
        UniqueConstraint("context_id", "tag", "resource_id", name="course_resource"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "context_id"], ["lti_context.institute_id", "lti_context.id"]),
        CheckConstraint("(resource_link_id IS NULL) <> (context_id IS NULL)", name="of_link_or_course"),
        CheckConstraint("score_maximum >= 1", name="maximum_positive"),
        CheckConstraint("url IS NULL OR length(url) > 0", name="url_not_empty"),
    )

    id: Mapped[LineItemId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    resource_link_id: Mapped[ResourceLinkId | None] = mapped_column(ForeignKey("lti_resource_link.id"))
    context_id: Mapped[ContextId | None] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), default="")
    tag: Mapped[str] = mapped_column(String(60), default=PROGRESS_TAG)
    resource_id: Mapped[str] = mapped_column(String(255))
    score_maximum: Mapped[int] = mapped_column(default=100)
    url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    gone_url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ScoreState(StrEnum):
    """Where a person's score stands. ``idle``: nothing was done yet, so nothing is sent."""

    IDLE = "idle"
    WAITING = "waiting"
    SENT = "sent"
    NOT_IN_COURSE = "not_in_course"
    FAILED = "failed"


class LtiScore(Base):
    """What a platform should show for one person in one column: a desired state, of which the latest is sent.

    ``version`` counts what was wished, ``sent_version`` is the newest the platform took. ``last_timestamp`` is the
    latest that was reserved for sending; platforms refuse one that is not later.
    """

    __tablename__ = "lti_score"
    __table_args__ = (
        UniqueConstraint("line_item_id", "person_id", name="line_item_person"),
        ForeignKeyConstraint(
            ["institute_id", "line_item_id"], ["lti_line_item.institute_id", "lti_line_item.id"]
        ),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("given >= 0 AND given <= maximum", name="given_within_maximum"),
        CheckConstraint("maximum >= 1", name="maximum_positive"),
        CheckConstraint("sent_version >= 0 AND sent_version <= version", name="sent_was_wished"),
        CheckConstraint("state <> 'sent' OR sent_version = version", name="sent_is_latest"),
        CheckConstraint("failures >= 0 AND stale_answers >= 0", name="tries_counted"),
        Index("ix_lti_score_state", "institute_id", "state"),
        Index("ix_lti_score_person_id", "person_id"),
        Index("ix_lti_score_line_item", "line_item_id", "state", "reason"),
    )

    id: Mapped[ScoreId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    line_item_id: Mapped[LineItemId] = mapped_column(Integer)
    person_id: Mapped[PersonId] = mapped_column(Integer)
    identity_id: Mapped[IdentityId] = mapped_column(ForeignKey("lti_identity.id"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    given: Mapped[int] = mapped_column(default=0)
    maximum: Mapped[int] = mapped_column(default=1)
    comment: Mapped[str | None] = mapped_column(String(LONGEST_COMMENT))
    complete: Mapped[bool | None]
    """Whether the work is done, where the figures alone do not tell it: None means at the full score."""
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    """When what the score tells was done."""
    state: Mapped[ScoreState] = enum_column(ScoreState, name="state", default=ScoreState.IDLE)
    reason: Mapped[str] = mapped_column(String(40), default="")
    sent_version: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_timestamp: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    """Tries in a row that did not get through; a success sets it back."""
    stale_answers: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
