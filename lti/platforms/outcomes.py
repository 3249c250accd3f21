"""What a platform's administrator is shown of a registration: what became of it and what to do next."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from institute.clock import now
from institute.config import current_settings
from institute.db import db
from institute.errors import DomainError
from institute.i18n import Localised
from institute.people.models import Institute
from lti.platforms.dynamic_errors import NOTED, RequestMissingError
from lti.platforms.dynamic_models import Invitation, RegistrationRequest, RequestId, RequestState
from lti.platforms.models import Family, Registration

SHOWN_FOR: Final = timedelta(days=1)
MARK_LENGTH: Final = 32
LARGEST_ID: Final = 18


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a registration. ``error`` says why it failed; ``number`` is for quoting it.

    ``was_known``: an earlier registration was brought up to date. ``is_beside``: it was meant to be, but the platform
    gave a new client id, so that there are two now. ``is_paused``: the registration is switched off here.
    ``was_invited``: it came by an address that was made for it.
    """

    state: RequestState
    platform: str
    issuer: str
    institute: Localised | None
    family: Family
    client_id: str
    deployment_id: str | None
    opens_first_until: datetime | None
    was_known: bool
    is_beside: bool
    is_paused: bool
    was_invited: bool
    error: DomainError | None
    number: str
    asked_at: datetime
    origins: tuple[str, ...]


def key_of(request_id: RequestId) -> str:
    """Return the key of a request's page: the id, and a mark that only the server can make."""
    return f"{request_id}-{_mark(request_id)}"


def show_outcome(key: str) -> Outcome:
    """Return what became of the request whose page has this key, for a day.

    Raises RequestMissingError for a key that is none, or is too old.
    """
    number, _, mark = key.partition("-")
    usable = number.isascii() and number.isdigit() and len(number) <= LARGEST_ID
    if not usable or not hmac.compare_digest(mark.encode(), _mark(RequestId(int(number))).encode()):
        raise RequestMissingError
    request = db.session.get(RegistrationRequest, int(number))
    if request is None or request.asked_at < now() - SHOWN_FOR:
        raise RequestMissingError
    registration = db.session.get(Registration, request.registration_id) if request.registration_id else None
    institute = db.session.get(Institute, request.institute_id) if request.institute_id else None
    invitation = db.session.get(Invitation, request.invitation_id) if request.invitation_id else None
    meant = invitation.registration_id if invitation else None
    return Outcome(
        state=request.state,
        platform=request.name or request.issuer or request.origins[0],
        issuer=request.issuer,
        institute=institute.name if institute else None,
        family=request.family,
        client_id=request.client_id,
        deployment_id=request.deployment_id,
        opens_first_until=request.opens_first_until,
        was_known=registration is not None and registration.created_at < request.asked_at,
        is_beside=registration is not None and meant not in {None, registration.id},
        is_paused=registration is not None and not registration.is_active,
        was_invited=invitation is not None,
        error=NOTED[request.code](detail=request.detail) if request.code else None,
        number=f"{request.code or 'LTI-REGISTER'}-{request.id}",
        asked_at=request.asked_at,
        origins=tuple(request.origins),
    )


def _mark(request_id: RequestId) -> str:
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"registration:{request_id}".encode(), hashlib.sha256).hexdigest()[:MARK_LENGTH]
