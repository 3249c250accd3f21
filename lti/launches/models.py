"""What a launch leaves behind: the login, who came, from where, through which link."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.cohorts.models import CohortId
from institute.actors import InstituteId, PersonId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only, enum_column
from lti.platforms.models import (
    MAX_ID_LENGTH,
    MAX_URL_LENGTH,
    Deployment,
    DeploymentId,
    Registration,
    RegistrationId,
)

LoginId = NewType("LoginId", int)
IdentityId = NewType("IdentityId", int)
ContextId = NewType("ContextId", int)
ResourceLinkId = NewType("ResourceLinkId", int)
LaunchId = NewType("LaunchId", int)
DeepLinkingRequestId = NewType("DeepLinkingRequestId", int)
ReviewId = NewType("ReviewId", int)
RefusalId = NewType("RefusalId", int)
NoticeId = NewType("NoticeId", int)
NoticeHandlerId = NewType("NoticeHandlerId", int)


class Keeper(StrEnum):
    """Who keeps a login's proof for a browser that does not bring its cookie in a frame by itself."""

    PLATFORM = "platform"
    """The platform, in its own window (LTI client side postMessages)."""
    ACCESS = "access"
    """The browser's cookies, which it brings where the person allowed it (Storage Access API)."""


class LtiLogin(Base):
    """A login that was started; one launch may use it, once.

    State and nonce stand in the same row, so neither can be swapped. The state is stored as its
    SHA-256 (hex); the hints go back to the platform if the person starts again in a new window, and are
    forgotten when a launch has used the login: they may name the person.
    """

    __tablename__ = "lti_login"
    __table_args__ = (
        UniqueConstraint("state_hash", name="state_hash"),
        UniqueConstraint("ticket_hash", name="ticket_hash"),
        Index(
            "ix_lti_login_unfinished",
            "expires_at",
            sqlite_where=text("used_at IS NULL"),
            postgresql_where=text("used_at IS NULL"),
        ),
        CheckConstraint("(ticket_hash IS NULL) = (ticket_expires_at IS NULL)", name="ticket_expires"),
    )

    id: Mapped[LoginId] = mapped_column(Integer, primary_key=True)
    registration_id: Mapped[RegistrationId] = mapped_column(ForeignKey("lti_registration.id"), index=True)
    state_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    issuer: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    client_id: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    deployment_hint: Mapped[str | None] = mapped_column(String(MAX_ID_LENGTH))
    target_link_uri: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    login_hint: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    message_hint: Mapped[str | None] = mapped_column(String(4000))
    storage_target: Mapped[str | None] = mapped_column(String(MAX_ID_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by_token: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 (hex) of the token that used it: a repeated POST is recognised by it."""
    kept_by: Mapped[Keeper | None] = enum_column(Keeper, name="kept_by", nullable=True)
    """Where the browser's proof is kept if not in the login's cookie alone; None for almost all."""
    ticket_hash: Mapped[str | None] = mapped_column(String(64))
    ticket_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    registration: Mapped[Registration] = relationship()


class LtiIdentity(Base):
    """A subject of one registration and the person it is; nothing else links two accounts.

    A platform whose deployments belong to several institutes has a subject's identity, and person, in each of them.
    """

    __tablename__ = "lti_identity"
    __table_args__ = (
        UniqueConstraint("registration_id", "institute_id", "sub", name="registration_institute_sub"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("length(sub) > 0", name="named_by_platform"),
    )

    id: Mapped[IdentityId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    registration_id: Mapped[RegistrationId] = mapped_column(ForeignKey("lti_registration.id"))
    sub: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    person_id: Mapped[PersonId] = mapped_column(Integer, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Context(Base):
    """A platform's course and the cohort it is bound to; unbound until an instructor chooses.

    ``origin_id`` is the course of which the platform says that this one is a copy.
    """

    __tablename__ = "lti_context"
    __table_args__ = (
        UniqueConstraint("deployment_id", "context_id", name="deployment_context"),
        ForeignKeyConstraint(
            ["institute_id", "deployment_id"], ["lti_deployment.institute_id", "lti_deployment.id"]
        ),
        ForeignKeyConstraint(["institute_id", "cohort_id"], ["cohort.institute_id", "cohort.id"]),
        ForeignKeyConstraint(["institute_id", "origin_id"], ["lti_context.institute_id", "lti_context.id"]),
        UniqueConstraint("institute_id", "id", name="tenant"),
        CheckConstraint("origin_id <> id", name="no_copy_of_itself"),
        CheckConstraint("(cohort_id IS NULL) = (bound_at IS NULL)", name="binding_dated"),
    )

    id: Mapped[ContextId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    deployment_id: Mapped[DeploymentId] = mapped_column(Integer)
    context_id: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    title: Mapped[str] = mapped_column(String(500), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    cohort_id: Mapped[CohortId | None] = mapped_column(Integer, index=True)
    enrol_learners: Mapped[bool] = mapped_column(default=True)
    bound_by_id: Mapped[PersonId | None] = mapped_column(ForeignKey("person.id"))
    bound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    origin_id: Mapped[ContextId | None] = mapped_column(Integer, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    deployment: Mapped[Deployment] = relationship()


class ResourceLink(Base):
    """A link in a platform's course, what it opens, and the services that its launches offered last.

    ``target`` is ``kind:key`` of an openable, or None for the cohort's home. ``ags_scopes`` are the
    scopes of the latest launch's claim: administrators cut them, so they are read at each launch.
    """

    __tablename__ = "lti_resource_link"
    __table_args__ = (
        UniqueConstraint("deployment_id", "resource_link_id", name="deployment_link"),
        ForeignKeyConstraint(
            ["institute_id", "deployment_id"], ["lti_deployment.institute_id", "lti_deployment.id"]
        ),
        CheckConstraint(
            "grade IN ('progress', 'hours', 'evidence', 'level', 'none')",
            name="grade_known",
        ),
    )

    id: Mapped[ResourceLinkId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    deployment_id: Mapped[DeploymentId] = mapped_column(Integer)
    context_id: Mapped[ContextId | None] = mapped_column(ForeignKey("lti_context.id"), index=True)
    resource_link_id: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    target: Mapped[str | None] = mapped_column(String(500))
    grade: Mapped[str | None] = mapped_column(String(20))
    """What its column in the gradebook shows, as somebody chose it; None for what suits the target."""
    copied: Mapped[bool] = mapped_column(default=False)
    """Whether the target was taken over from the link that this one is a copy of: its launches name none."""
    title: Mapped[str] = mapped_column(String(500), default="")
    lineitem_url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    lineitems_url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    ags_scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    nrps_url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    deployment: Mapped[Deployment] = relationship()
    context: Mapped[Context | None] = relationship()


class LtiLaunch(Base):
    """A launch that was let in, and the session it opened."""

    __tablename__ = "lti_launch"
    __table_args__ = (
        UniqueConstraint("session_id", name="session"),
        ForeignKeyConstraint(
            ["institute_id", "deployment_id"], ["lti_deployment.institute_id", "lti_deployment.id"]
        ),
    )

    id: Mapped[LaunchId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("launch_session.id"))
    login_id: Mapped[LoginId] = mapped_column(ForeignKey("lti_login.id"), index=True)
    deployment_id: Mapped[DeploymentId] = mapped_column(Integer)
    context_id: Mapped[ContextId | None] = mapped_column(ForeignKey("lti_context.id"), index=True)
    resource_link_id: Mapped[ResourceLinkId | None] = mapped_column(
        ForeignKey("lti_resource_link.id"), index=True
    )
    identity_id: Mapped[IdentityId | None] = mapped_column(ForeignKey("lti_identity.id"), index=True)
    message_type: Mapped[str] = mapped_column(String(60))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_learner: Mapped[bool] = mapped_column(default=False)
    is_test_user: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str | None] = mapped_column(String(20))
    return_url: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    mentored: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The platform's ids of the people whom a mentor accompanies, as this launch named them."""
    other_roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Role names of the launch that mean nothing here: an administrator may say what they mean."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    deployment: Mapped[Deployment] = relationship()
    context: Mapped[Context | None] = relationship()
    resource_link: Mapped[ResourceLink | None] = relationship()
    identity: Mapped[LtiIdentity | None] = relationship()


class DeepLinkingRequest(Base):
    """A platform's request for content: what it takes, and where the answer goes that the session's person makes.

    ``data`` goes back letter by letter. The truth values are None where the platform does not say.
    """

    __tablename__ = "lti_deep_linking_request"
    __table_args__ = (
        UniqueConstraint("session_id", name="session"),
        ForeignKeyConstraint(["institute_id", "context_id"], ["lti_context.institute_id", "lti_context.id"]),
    )

    id: Mapped[DeepLinkingRequestId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("launch_session.id"))
    context_id: Mapped[ContextId | None] = mapped_column(Integer, index=True)
    return_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    data: Mapped[str | None] = mapped_column(Text)
    accept_types: Mapped[list[str]] = mapped_column(JSON)
    accept_targets: Mapped[list[str]] = mapped_column(JSON)
    accept_media_types: Mapped[str | None] = mapped_column(String(1000))
    accept_multiple: Mapped[bool | None]
    accept_lineitem: Mapped[bool | None]
    auto_create: Mapped[bool | None]
    title: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class LtiReview(Base):
    """A platform's request to see somebody's work: whose, and in which column of its gradebook."""

    __tablename__ = "lti_review"
    __table_args__ = (UniqueConstraint("session_id", name="session"),)

    id: Mapped[ReviewId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("launch_session.id"))
    sub: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    lineitem_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class LtiRefusal(Base):
    """A login or launch that was refused: when, why, by which registration; never who."""

    __tablename__ = "lti_refusal"

    id: Mapped[RefusalId] = mapped_column(Integer, primary_key=True)
    registration_id: Mapped[RegistrationId | None] = mapped_column(
        ForeignKey("lti_registration.id"), index=True
    )
    code: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


class LtiNotice(Base):
    """A notice that a platform sent to one of its deployments and that was believed; known by the platform's id."""

    __tablename__ = "lti_notice"
    __table_args__ = (
        UniqueConstraint("deployment_id", "notice_id", name="deployment_notice"),
        ForeignKeyConstraint(
            ["institute_id", "deployment_id"], ["lti_deployment.institute_id", "lti_deployment.id"]
        ),
        CheckConstraint("length(notice_id) > 0", name="named_by_platform"),
    )

    id: Mapped[NoticeId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    deployment_id: Mapped[DeploymentId] = mapped_column(Integer)
    notice_id: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    notice_type: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    said_at: Mapped[str] = mapped_column(String(60), default="")
    """When the platform says that it happened, as it writes it."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class NoticeHandler(Base):
    """Our address for one type of notice as a platform has taken it, so that it is told once and after a change."""

    __tablename__ = "lti_notice_handler"
    __table_args__ = (
        UniqueConstraint("deployment_id", "notice_type", name="deployment_type"),
        ForeignKeyConstraint(
            ["institute_id", "deployment_id"], ["lti_deployment.institute_id", "lti_deployment.id"]
        ),
    )

    id: Mapped[NoticeHandlerId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    deployment_id: Mapped[DeploymentId] = mapped_column(Integer)
    notice_type: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    service_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    handler: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


append_only(cast("Table", LtiRefusal.__table__))
