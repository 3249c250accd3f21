"""Invitations: addresses that let one platform register itself, made by an administrator, stored hashed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor, InstituteId, PersonId, Role, live_roles
from institute.clock import now
from institute.db import db, transaction
from lti.platforms.dynamic_errors import (
    InvitationBusyError,
    InvitationMakerError,
    InvitationOldError,
    InvitationUnknownError,
    InvitationUsedError,
)
from lti.platforms.dynamic_models import Invitation, InvitationId, RegistrationRequest, RequestState
from lti.platforms.errors import RegistrationMissingError
from lti.platforms.models import Registration, RegistrationId, registration_of
from lti.platforms.tool import tool_values

VALID_FOR: Final = timedelta(days=7)
CLAIM_LASTS: Final = timedelta(minutes=2)
"""Longer than a platform may take to answer; after that, whoever began is taken for stopped."""


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that was not used yet: the address itself was shown once and is kept nowhere."""

    id: InvitationId
    made_at: datetime
    expires_at: datetime
    registration_id: RegistrationId | None


@dataclass(frozen=True, slots=True)
class Claim:
    """An invitation that is being used: for which institute, by whose will, for which registration."""

    id: InvitationId
    institute_id: InstituteId
    made_by: PersonId | None
    registration_id: RegistrationId | None

    @property
    def actor(self) -> Actor:
        """Return whoever made the invitation: what it registers is their deed."""
        return Actor(institute_id=self.institute_id, person_id=self.made_by)


def invite(actor: Actor, registration_id: RegistrationId | None = None) -> str:
    """Make an invitation and return the address to paste into a platform, good once and for seven days.

    With ``registration_id`` it brings that registration up to date. Raises RegistrationMissingError if the actor's
    institute has no such registration.
    """
    secret = secrets.token_urlsafe(32)
    with transaction() as session:
        if registration_id is not None:
            registration = session.get(Registration, registration_id)
            if registration is None or registration.institute_id != actor.institute_id:
                raise RegistrationMissingError
        made = Invitation(
            institute_id=actor.institute_id,
            token_hash=digest(secret),
            made_by=actor.person_id,
            made_through=registration_of(actor.door, actor.door_key),
            registration_id=registration_id,
            created_at=now(),
            expires_at=now() + VALID_FOR,
        )
        session.add(made)
        session.flush()
        audit.record("lti.invited", actor=actor, subject=("lti_invitation", made.id))
    return f"{tool_values().register_url}?invitation={secret}"


def withdraw(invitation_id: InvitationId, actor: Actor) -> None:
    """Make an unused invitation worthless. Raises InvitationUnknownError or InvitationUsedError."""
    with transaction() as session:
        found = session.get(Invitation, invitation_id, with_for_update=True)
        if found is None or found.institute_id != actor.institute_id:
            raise InvitationUnknownError
        if found.used_at is not None:
            raise InvitationUsedError
        if found.withdrawn_at is None:
            found.withdrawn_at = now()
            audit.record("lti.invitation_withdrawn", actor=actor, subject=("lti_invitation", invitation_id))


def list_open(institute_id: InstituteId) -> list[InvitationRow]:
    """Return the invitations of an institute that can still be used, newest first. One query."""
    usable = (
        Invitation.institute_id == institute_id,
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now(),
    )
    columns = (Invitation.id, Invitation.created_at, Invitation.expires_at, Invitation.registration_id)
    rows = db.session.execute(select(*columns).where(*usable).order_by(Invitation.id.desc()))
    return [InvitationRow(*row) for row in rows]


def claim(secret: str) -> Claim:
    """Begin to use an invitation, in the transaction that is open: of two at once, one gets it.

    Raises InvitationUnknownError, InvitationUsedError, InvitationOldError, InvitationBusyError, or
    InvitationMakerError where its maker could not make it any more.
    """
    at = now()
    with transaction() as session:
        claimed = session.execute(
            update(Invitation)
            .where(
                Invitation.token_hash == digest(secret),
                Invitation.used_at.is_(None),
                Invitation.withdrawn_at.is_(None),
                Invitation.expires_at > at,
                Invitation.claimed_at.is_(None) | (Invitation.claimed_at < at - CLAIM_LASTS),
            )
            .values(claimed_at=at)
            .returning(Invitation)
            .execution_options(populate_existing=True)
        ).scalar_one_or_none()
        if claimed is None:
            found = session.scalar(select(Invitation).where(Invitation.token_hash == digest(secret)))
            raise _why_not(found, at)
        if not _may_still_invite(claimed, session):
            raise InvitationMakerError
        return Claim(claimed.id, claimed.institute_id, claimed.made_by, claimed.registration_id)


def _may_still_invite(made: Invitation, session: Session) -> bool:
    """Tell whether the maker is an administrator still: by the institute's word, or by that of a trusted platform."""
    if made.made_by is None or Role.ADMINISTRATOR in live_roles(made.made_by, None):
        return True
    through = session.get(Registration, made.made_through) if made.made_through is not None else None
    return (
        through is not None
        and through.institute_id == made.institute_id
        and through.is_active
        and through.trust_administrators
    )


def _why_not(
    found: Invitation | None, at: datetime
) -> InvitationUnknownError | InvitationUsedError | InvitationOldError | InvitationBusyError:
    if found is None:
        return InvitationUnknownError()
    if found.used_at is not None:
        return InvitationUsedError()
    if found.withdrawn_at is not None or found.expires_at <= at:
        return InvitationOldError()
    return InvitationBusyError()


def registered_by(secret: str) -> Registration | None:
    """Return what a used invitation registered, or None where it registered nothing yet or is none."""
    made = (
        Invitation.token_hash == digest(secret),
        Invitation.used_at.is_not(None),
        RegistrationRequest.state == RequestState.REGISTERED,
    )
    return db.session.scalar(
        select(Registration)
        .join(RegistrationRequest, RegistrationRequest.registration_id == Registration.id)
        .join(Invitation, Invitation.id == RegistrationRequest.invitation_id)
        .where(*made)
        .limit(1)
    )


def use_up(invitation_id: InvitationId) -> None:
    """Use an invitation up, in the transaction that registers. Raises InvitationUsedError."""
    with transaction() as session:
        unused = (Invitation.id == invitation_id, Invitation.used_at.is_(None))
        used = session.execute(
            update(Invitation).where(*unused).values(used_at=now(), claimed_at=None).returning(Invitation.id)
        )
        if used.one_or_none() is None:
            raise InvitationUsedError


def give_back(invitation_id: InvitationId) -> None:
    """Let an invitation be used again, because nothing was registered."""
    with transaction() as session:
        session.execute(update(Invitation).where(Invitation.id == invitation_id).values(claimed_at=None))


def digest(secret: str) -> str:
    """Return the SHA-256 (hex) under which a secret is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
