"""Registrations of platforms, their deployments, and the keys by which the tool signs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column

RegistrationId = NewType("RegistrationId", int)
DeploymentId = NewType("DeploymentId", int)
ToolKeyId = NewType("ToolKeyId", int)

MAX_ID_LENGTH: Final = 255
"""Longest issuer-chosen id in characters (LTI 1.3, "deployment_id", "sub", "resource_link.id")."""

MAX_URL_LENGTH: Final = 2000
MAX_VERSION_LENGTH: Final = 100
DOOR: Final = "lti"
"""The name of this door in sessions and in the audit."""


class RegistrationState(StrEnum):
    """Whether a platform may open the tool."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DeploymentPolicy(StrEnum):
    """What happens to a deployment that is seen for the first time."""

    PENDING = "pending"
    APPROVE = "approve"


class DeploymentState(StrEnum):
    """Whether launches from a deployment are let in."""

    ACTIVE = "active"
    PENDING = "pending"
    DISABLED = "disabled"


class Family(StrEnum):
    """Which software a platform runs, where it is known: what helps there differs."""

    MOODLE = "moodle"
    CANVAS = "canvas"
    BRIGHTSPACE = "brightspace"
    BLACKBOARD = "blackboard"
    OPENEDX = "openedx"
    SAKAI = "sakai"
    OTHER = "other"


class RoleMeaning(StrEnum):
    """What a role name of a platform means in this tool, where an administrator says so."""

    LEARNER = "learner"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"
    MENTOR = "mentor"
    NOTHING = "nothing"


class Registration(Base):
    """A platform's agreement with the tool, known by issuer and client id together.

    One issuer may have many clients: Canvas' cloud uses one issuer for all its customers.
    ``token_audience`` is sent verbatim where a platform wants another ``aud`` than its token address.
    ``role_overrides`` maps a role name to a RoleMeaning. ``version`` is the platform's own; ``edition`` counts what
    administrators saved here, so that a late save is noticed.
    """

    __tablename__ = "lti_registration"
    __table_args__ = (
        UniqueConstraint("issuer", "client_id", name="issuer_client"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        CheckConstraint("length(issuer) > 0 AND length(client_id) > 0", name="named_by_platform"),
        CheckConstraint("edition >= 1", name="edition_counts_from_one"),
    )

    id: Mapped[RegistrationId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    name: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    client_id: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    auth_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    token_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    jwks_url: Mapped[str] = mapped_column(String(MAX_URL_LENGTH))
    token_audience: Mapped[str | None] = mapped_column(String(MAX_URL_LENGTH))
    state: Mapped[RegistrationState] = enum_column(RegistrationState, name="state")
    allow_anonymous: Mapped[bool] = mapped_column(default=False)
    trust_administrators: Mapped[bool] = mapped_column(default=False)
    deployment_policy: Mapped[DeploymentPolicy] = enum_column(DeploymentPolicy, name="deployment_policy")
    role_overrides: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    family: Mapped[Family] = enum_column(Family, name="family", default=Family.OTHER)
    version: Mapped[str] = mapped_column(String(MAX_VERSION_LENGTH), default="")
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def is_active(self) -> bool:
        """Tell whether launches of this platform are let in."""
        return self.state is RegistrationState.ACTIVE

    @property
    def door_key(self) -> str:
        """Return the name under which sessions of this registration can be ended together."""
        return door_key(self.id)


def door_key(registration_id: RegistrationId) -> str:
    """Return the name under which sessions of a registration can be ended together."""
    return f"registration/{registration_id}"


def registration_of(door: str, key: str) -> RegistrationId | None:
    """Return the registration that somebody came through whose door has this key, None for other doors."""
    number = key.removeprefix("registration/")
    return RegistrationId(int(number)) if door == DOOR and number.isascii() and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What a login and a launch need of a registration: a row of ``PLATFORM_COLUMNS``, in their order."""

    id: RegistrationId
    institute_id: InstituteId
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    token_audience: str | None
    state: RegistrationState
    allow_anonymous: bool
    trust_administrators: bool
    deployment_policy: DeploymentPolicy
    role_overrides: dict[str, str]

    @property
    def is_active(self) -> bool:
        """Tell whether launches of this platform are let in."""
        return self.state is RegistrationState.ACTIVE

    @property
    def door_key(self) -> str:
        """Return the name under which sessions of this registration can be ended together."""
        return door_key(self.id)


PLATFORM_COLUMNS: Final = tuple(Registration.__table__.c[field.name] for field in fields(PlatformFacts))


class Deployment(Base):
    """One placement of the tool in a platform; Blackboard has one per institution, others one per course.

    It may belong to another institute than its registration: what is launched from it belongs to its own.
    """

    __tablename__ = "lti_deployment"
    __table_args__ = (
        UniqueConstraint("registration_id", "deployment_id", name="registration_deployment"),
        UniqueConstraint("institute_id", "id", name="tenant"),
        CheckConstraint("length(deployment_id) > 0", name="named_by_platform"),
    )

    id: Mapped[DeploymentId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    registration_id: Mapped[RegistrationId] = mapped_column(ForeignKey("lti_registration.id"))
    deployment_id: Mapped[str] = mapped_column(String(MAX_ID_LENGTH))
    state: Mapped[DeploymentState] = enum_column(DeploymentState, name="state")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    registration: Mapped[Registration] = relationship()


class ToolKey(Base):
    """A signing key of the tool; its private half is sealed, its public half is served until retired.

    It is published before it signs (``signs_from``): a platform that holds the older set knows it by then.
    """

    __tablename__ = "lti_tool_key"
    __table_args__ = (
        UniqueConstraint("kid", name="kid"),
        CheckConstraint("algorithm = 'RS256'", name="algorithm_known"),
    )

    id: Mapped[ToolKeyId] = mapped_column(Integer, primary_key=True)
    kid: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(10), default="RS256")
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    private_pem_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    signs_from: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
