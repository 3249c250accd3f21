"""Handovers: a session that was opened in a frame without cookies goes on where the browser keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from institute.clock import now
from institute.db import transaction
from institute.web import sessions
from institute.web.models import LaunchSession
from lti.launches.errors import WindowTicketError
from lti.launches.logins import digest
from lti.launches.models import LoginId, LtiLaunch, LtiLogin
from lti.launches.windows import make_ticket

HANDOVER_VALID_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A session with its new secret. ``path`` is where to go, from the root of the site."""

    session_id: str
    secret: str
    path: str


def offer_handover(login_id: LoginId) -> str:
    """Return a ticket for the session that a login's launch opened, good once for 5 minutes."""
    return make_ticket(login_id, good_for=HANDOVER_VALID_FOR)


def take_over(ticket: str) -> HandedOver:
    """Use a ticket up and give its session a new secret: the one that no cookie kept opens nothing any more.

    Raises WindowTicketError if the ticket is used, too old or for no session, or the session has ended.
    """
    at = now()
    with transaction() as session:
        login_id = session.scalar(
            update(LtiLogin)
            .where(
                LtiLogin.ticket_hash == digest(ticket),
                LtiLogin.ticket_used_at.is_(None),
                LtiLogin.ticket_expires_at > at,
                LtiLogin.used_at.is_not(None),
            )
            .values(ticket_used_at=at)
            .returning(LtiLogin.id)
        )
        opened = session.execute(
            select(LaunchSession.id, LaunchSession.target)
            .join(LtiLaunch, LtiLaunch.session_id == LaunchSession.id)
            .where(LtiLaunch.login_id == login_id)
        ).one_or_none()
        secret = sessions.renew_secret(opened.id) if opened is not None else None
        if opened is None or secret is None:
            raise WindowTicketError
    return HandedOver(opened.id, secret, sessions.session_path(opened.id, opened.target))
