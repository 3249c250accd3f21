"""Logins: started, found by their state, and spent once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Final, cast

from flask import current_app
from sqlalchemy import Table, bindparam, delete, insert, select, update

from institute.clock import now
from institute.db import db, transaction
from institute.web.models import LaunchSession
from lti.launches.errors import ReplayError, StateError, StateExpiredError
from lti.launches.models import Keeper, LoginId, LtiLaunch, LtiLogin, LtiRefusal
from lti.platforms.models import PLATFORM_COLUMNS, PlatformFacts, Registration, RegistrationId

LOGIN_VALID_FOR: Final = timedelta(minutes=10)
ABANDONED_AFTER: Final = timedelta(days=1)
SWEEP_EVERY: Final = timedelta(minutes=10)
_SWEPT: Final = "lti_swept_at"


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


@dataclass(frozen=True, slots=True)
class Login:
    """A login that was started, and the platform that it was for."""

    id: LoginId
    nonce: str
    issuer: str
    client_id: str
    deployment_hint: str | None
    expires_at: datetime
    used_at: datetime | None
    kept_by: Keeper | None
    storage_target: str | None
    platform: PlatformFacts

    def require_unused(self) -> None:
        """Raise ReplayError or StateExpiredError if no launch can use it. ``spend_login`` alone decides."""
        if self.used_at is not None:
            raise ReplayError
        if self.expires_at <= now():
            raise StateExpiredError


_LOGIN: Final = cast("Table", LtiLogin.__table__)
_OWN: Final = tuple(one.name for one in fields(Login) if one.name != "platform")
_FIND: Final = (
    select(*(_LOGIN.c[name] for name in _OWN), *PLATFORM_COLUMNS)
    .join(Registration.__table__, PLATFORM_COLUMNS[0] == _LOGIN.c.registration_id)
    .where(_LOGIN.c.state_hash == bindparam("state"))
)
_START: Final = insert(_LOGIN).returning(_LOGIN.c.id)
_SPEND: Final = (
    update(_LOGIN)
    .where(
        _LOGIN.c.id == bindparam("login"), _LOGIN.c.used_at.is_(None), _LOGIN.c.expires_at > bindparam("at")
    )
    .values(used_at=bindparam("at"), used_by_token=bindparam("token"))
)
_SPEND_AND_FORGET: Final = _SPEND.values(login_hint="", message_hint=None)
_SWEEP: Final = delete(_LOGIN).where(_LOGIN.c.expires_at < bindparam("before"), _LOGIN.c.used_at.is_(None))


def start_login(platform: PlatformFacts, draft: LoginDraft) -> StartedLogin:
    """Note down a login and return its state and nonce, 256 bits each. Logins nobody finished are swept away.

    A login that a power cut takes back is asked for again by opening the link again: nobody waits for the disk.
    """
    state, nonce, at = secrets.token_urlsafe(32), secrets.token_urlsafe(32), now()
    with transaction(durable=False) as session:
        if _sweep_is_due(at):
            session.execute(_SWEEP, {"before": at - ABANDONED_AFTER})
        values = {
            "registration_id": platform.id,
            "state_hash": digest(state),
            "nonce": nonce,
            "issuer": platform.issuer,
            "client_id": platform.client_id,
            "expires_at": at + LOGIN_VALID_FOR,
            **asdict(draft),
        }
        login_id: LoginId = session.connection().execute(_START, values).scalar_one()
    return StartedLogin(login_id, state, nonce)


def _sweep_is_due(at: datetime) -> bool:
    """Tell whether this process swept long enough ago, and remember that it does so now."""
    swept: datetime | None = current_app.extensions.get(_SWEPT)
    if swept is not None and abs(at - swept) < SWEEP_EVERY:
        return False
    current_app.extensions[_SWEPT] = at
    return True


def find_login_of(state: str) -> Login | None:
    """Return the login that a state belongs to, with its platform, or None."""
    row = db.session.connection().execute(_FIND, {"state": digest(state)}).one_or_none()
    if row is None:
        return None
    values = tuple(row)
    own, platform = values[: -len(PLATFORM_COLUMNS)], values[-len(PLATFORM_COLUMNS) :]
    return Login(**dict(zip(_OWN, own, strict=True)), platform=PlatformFacts(*platform))


def find_login(state: str) -> Login:
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
    with transaction() as session:
        values = {"login": login_id, "at": now(), "token": digest(token)}
        spent = session.connection().execute(_SPEND if keep_hints else _SPEND_AND_FORGET, values)
        if spent.rowcount == 0:
            used = session.scalar(select(LtiLogin.used_at).where(LtiLogin.id == login_id))
            raise ReplayError if used is not None else StateExpiredError


@contextmanager
def used_up(login_id: LoginId, *, token: str) -> Iterator[None]:
    """Use a login up even where the block refuses the launch, so that nobody tries twice with one login.

    A launch that is let in uses its login in the transaction that lets it in.
    """
    try:
        yield
    except Exception:
        with suppress(ReplayError, StateExpiredError):
            spend_login(login_id, token=token)
        raise


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
