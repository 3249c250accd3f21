"""Tickets: the way of a login out of a frame, where a browser keeps no cookies, into a window of its own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Final

from sqlalchemy import update

from institute.clock import now
from institute.db import transaction
from lti.launches.errors import WindowTicketError
from lti.launches.logins import LoginDraft, digest, spend_login
from lti.launches.models import Keeper, LoginId, LtiLogin

TICKET_VALID_FOR: Final = timedelta(seconds=60)
_DRAFT: Final = tuple(field.name for field in fields(LoginDraft))


@dataclass(frozen=True, slots=True)
class OfferedLogin:
    """A login that a ticket stands for: to be gone on with, or to be asked for again as the platform did."""

    id: LoginId
    state_hash: str
    nonce: str
    issuer: str
    client_id: str
    draft: LoginDraft

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the platform's request."""
        sent = {
            "iss": self.issuer,
            "client_id": self.client_id,
            "login_hint": self.draft.login_hint,
            "target_link_uri": self.draft.target_link_uri,
            "lti_message_hint": self.draft.message_hint,
            "lti_deployment_id": self.draft.deployment_hint,
            "lti_storage_target": self.draft.storage_target,
        }
        return {name: value for name, value in sent.items() if value}


def make_ticket(login_id: LoginId, *, good_for: timedelta = TICKET_VALID_FOR) -> str:
    """Return a ticket for a login, good once and for 60 s unless said otherwise; a ticket given before is void."""
    ticket = secrets.token_urlsafe(32)
    until = now() + good_for
    with transaction() as session:
        session.execute(
            update(LtiLogin)
            .where(LtiLogin.id == login_id)
            .values(ticket_hash=digest(ticket), ticket_expires_at=until, ticket_used_at=None)
        )
    return ticket


def give_up_token(login_id: LoginId, *, token: str) -> str:
    """Use a login up without believing its token, and return a ticket for another try.

    Raises ReplayError or StateExpiredError.
    """
    with transaction():
        spend_login(login_id, token=token, keep_hints=True)
        return make_ticket(login_id)


def renew_state(login_id: LoginId, keeper: Keeper) -> str:
    """Give a login that no launch used another state, whose proof ``keeper`` keeps, and return it.

    The state before is known to a cookie that did not come back, if to anything. Raises WindowTicketError.
    """
    state = secrets.token_urlsafe(32)
    with transaction() as session:
        renewed = session.scalar(
            update(LtiLogin)
            .where(LtiLogin.id == login_id, LtiLogin.used_at.is_(None), LtiLogin.expires_at > now())
            .values(state_hash=digest(state), kept_by=keeper)
            .returning(LtiLogin.id)
        )
    if renewed is None:
        raise WindowTicketError
    return state


def use_ticket(ticket: str) -> OfferedLogin:
    """Use a ticket up and return its login. Raises WindowTicketError."""
    at = now()
    wanted = ("id", "state_hash", "nonce", "issuer", "client_id", *_DRAFT)
    with transaction() as session:
        used = session.execute(
            update(LtiLogin)
            .where(
                LtiLogin.ticket_hash == digest(ticket),
                LtiLogin.ticket_used_at.is_(None),
                LtiLogin.ticket_expires_at > at,
                LtiLogin.login_hint != "",  # forgotten with the launch: the ticket is one for its session
            )
            .values(ticket_used_at=at)
            .returning(*(getattr(LtiLogin, name) for name in wanted))
        ).one_or_none()
    if used is None:
        raise WindowTicketError
    return OfferedLogin(
        id=used.id,
        state_hash=used.state_hash,
        nonce=used.nonce,
        issuer=used.issuer,
        client_id=used.client_id,
        draft=LoginDraft(**{name: getattr(used, name) for name in _DRAFT}),
    )
