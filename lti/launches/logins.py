"""Logins: started, spent once, and offered again in a new window where a browser kept no cookie."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from institute.clock import now
from institute.db import db, transaction
from institute.web.models import LaunchSession
from lti.launches.errors import ReplayError, StateError, StateExpiredError, WindowTicketError
from lti.launches.models import LoginId, LtiLaunch, LtiLogin, LtiRefusal
from lti.platforms.models import PlatformFacts, RegistrationId

LOGIN_VALID_FOR: Final = timedelta(minutes=10)
TICKET_VALID_FOR: Final = timedelta(seconds=60)
ABANDONED_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LoginDraft:
    """What a platform said when it asked for a login."""

    login_hint: str
    target_link_uri: str
    message_hint: str | None = None
    deployment_hint: str | None = None
    storage_target: str | None = None


_DRAFT: Final = tuple(field.name for field in fields(LoginDraft))


@dataclass(frozen=True, slots=True)
class RepeatedLogin:
    """A login request that is to be made again, as the platform made it."""

    issuer: str
    client_id: str
    draft: LoginDraft

    def parameters(self) -> dict[str, str]:
        """Return it as the parameters of the platform's request."""
        sent = {
            "iss": self.issuer,
            "client_id": self.client_id,
            "login_hint": self.draft.login_hint,
            "target_link_uri": self.draft.target_link_uri,
            "lti_message_hint": self.draft.message_hint,
            "lti_deployment_id": self.draft.deployment_hint,
        }
        return {name: value for name, value in sent.items() if value}


@dataclass(frozen=True, slots=True)
class StartedLogin:
    """The secrets of a new login: both go to the platform, ``state`` also into the browser's cookie."""

    state: str
    nonce: str


def start_login(platform: PlatformFacts, draft: LoginDraft) -> StartedLogin:
    """Note down a login and return its state and nonce, 256 bits each. Logins nobody finished are swept away."""
    started = StartedLogin(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32))
    at = now()
    with transaction() as session:
        session.execute(
            delete(LtiLogin).where(LtiLogin.expires_at < at - ABANDONED_AFTER, LtiLogin.used_at.is_(None))
        )
        session.add(
            LtiLogin(
                registration_id=platform.id,
                state_hash=digest(started.state),
                nonce=started.nonce,
                issuer=platform.issuer,
                client_id=platform.client_id,
                deployment_hint=draft.deployment_hint,
                target_link_uri=draft.target_link_uri,
                login_hint=draft.login_hint,
                message_hint=draft.message_hint,
                storage_target=draft.storage_target,
                expires_at=at + LOGIN_VALID_FOR,
            )
        )
    return started


def find_login_of(state: str) -> LtiLogin | None:
    """Return the login that a state belongs to, with its registration, or None."""
    named = select(LtiLogin).where(LtiLogin.state_hash == digest(state))
    return db.session.scalar(named.options(joinedload(LtiLogin.registration)))


def find_login(state: str) -> LtiLogin:
    """Return the login that a state belongs to. Raises StateError."""
    found = find_login_of(state)
    if found is None:
        raise StateError
    return found


def spend_login(login_id: LoginId, *, token: str) -> None:
    """Use a login up. Of two requests at once, one gets it: the row itself decides.

    Raises ReplayError if it was used, StateExpiredError if it is too old.
    """
    at = now()
    with transaction() as session:
        spent = session.execute(
            update(LtiLogin)
            .where(LtiLogin.id == login_id, LtiLogin.used_at.is_(None), LtiLogin.expires_at > at)
            .values(used_at=at, used_by_token=digest(token))
            .returning(LtiLogin.id)
        ).one_or_none()
        if spent is None:
            used = session.scalar(select(LtiLogin.used_at).where(LtiLogin.id == login_id))
            raise ReplayError if used is not None else StateExpiredError


def session_of_replay(login_id: LoginId, *, token: str) -> LaunchSession | None:
    """Return the live session that this very token opened before, or None."""
    found: LaunchSession | None = db.session.scalar(
        select(LaunchSession)
        .join(LtiLaunch, LtiLaunch.session_id == LaunchSession.id)
        .join(LtiLogin, LtiLogin.id == LtiLaunch.login_id)
        .where(
            LtiLogin.id == login_id,
            LtiLogin.used_by_token == digest(token),
            LaunchSession.ended_at.is_(None),
            LaunchSession.expires_at > now(),
        )
    )
    return found


def offer_window(login_id: LoginId, *, token: str) -> str:
    """Use a login up and return a ticket, good once for 60 s, that starts the same login in a new window.

    Raises as ``spend_login``.
    """
    ticket = secrets.token_urlsafe(32)
    with transaction() as session:
        spend_login(login_id, token=token)
        session.execute(
            update(LtiLogin)
            .where(LtiLogin.id == login_id)
            .values(ticket_hash=digest(ticket), ticket_expires_at=now() + TICKET_VALID_FOR)
        )
    return ticket


def use_ticket(ticket: str) -> RepeatedLogin:
    """Use a ticket up and return the login request to repeat. Raises WindowTicketError."""
    at = now()
    with transaction() as session:
        used = session.execute(
            update(LtiLogin)
            .where(
                LtiLogin.ticket_hash == digest(ticket),
                LtiLogin.ticket_used_at.is_(None),
                LtiLogin.ticket_expires_at > at,
            )
            .values(ticket_used_at=at)
            .returning(LtiLogin.issuer, LtiLogin.client_id, *(getattr(LtiLogin, name) for name in _DRAFT))
        ).one_or_none()
    if used is None:
        raise WindowTicketError
    draft = LoginDraft(**{name: getattr(used, name) for name in _DRAFT})
    return RepeatedLogin(used.issuer, used.client_id, draft)


def note_refusal(code: str, registration_id: RegistrationId | None) -> None:
    """Write down that a login or launch was refused: when, why, by which registration, never who."""
    with transaction() as session:
        session.add(LtiRefusal(code=code, registration_id=registration_id))


def digest(secret: str) -> str:
    """Return the SHA-256 (hex) under which a secret is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
