"""Logins: started, found by their state, and spent once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from institute.clock import now
from institute.db import db, transaction
from institute.web.models import LaunchSession
from lti.launches.errors import ReplayError, StateError, StateExpiredError
from lti.launches.models import LoginId, LtiLaunch, LtiLogin, LtiRefusal
from lti.platforms.models import PlatformFacts, RegistrationId

LOGIN_VALID_FOR: Final = timedelta(minutes=10)
ABANDONED_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LoginDraft:
    """What a platform said when it asked for a login."""

    login_hint: str
    target_link_uri: str
    message_hint: str | None = None
    deployment_hint: str | None = None
    storage_target: str | None = None


@dataclass(frozen=True, slots=True)
class StartedLogin:
    """The secrets of a new login: both go to the platform, ``state`` also into the browser's cookie."""

    id: LoginId
    state: str
    nonce: str


def start_login(platform: PlatformFacts, draft: LoginDraft) -> StartedLogin:
    """Note down a login and return its state and nonce, 256 bits each. Logins nobody finished are swept away."""
    state, nonce, at = secrets.token_urlsafe(32), secrets.token_urlsafe(32), now()
    with transaction() as session:
        session.execute(
            delete(LtiLogin).where(LtiLogin.expires_at < at - ABANDONED_AFTER, LtiLogin.used_at.is_(None))
        )
        login = LtiLogin(
            registration_id=platform.id,
            state_hash=digest(state),
            nonce=nonce,
            issuer=platform.issuer,
            client_id=platform.client_id,
            deployment_hint=draft.deployment_hint,
            target_link_uri=draft.target_link_uri,
            login_hint=draft.login_hint,
            message_hint=draft.message_hint,
            storage_target=draft.storage_target,
            expires_at=at + LOGIN_VALID_FOR,
        )
        session.add(login)
        session.flush()
        return StartedLogin(login.id, state, nonce)


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


def spend_login(login_id: LoginId, *, token: str, keep_hints: bool = False) -> None:
    """Use a login up. Of two requests at once, one gets it: the row itself decides.

    The platform's hints are forgotten, unless the login is to be asked for again.

    Raises ReplayError if it was used, StateExpiredError if it is too old.
    """
    at = now()
    forgotten = {} if keep_hints else {"login_hint": "", "message_hint": None}
    with transaction() as session:
        spent = session.execute(
            update(LtiLogin)
            .where(LtiLogin.id == login_id, LtiLogin.used_at.is_(None), LtiLogin.expires_at > at)
            .values(used_at=at, used_by_token=digest(token), **forgotten)
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


def note_refusal(code: str, registration_id: RegistrationId | None) -> None:
    """Write down that a login or launch was refused: when, why, by which registration, never who."""
    with transaction() as session:
        session.add(LtiRefusal(code=code, registration_id=registration_id))


def digest(secret: str) -> str:
    """Return the SHA-256 (hex) under which a secret is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
