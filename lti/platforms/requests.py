"""Requests of platforms that wait for an administrator: decided on, given to an institute, listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, transaction
from lti.platforms.dynamic_errors import RequestDecidedError, RequestMissingError
from lti.platforms.dynamic_models import RegistrationRequest, RequestId, RequestState
from lti.platforms.models import Deployment, Family, Registration, RegistrationId
from lti.platforms.registering import PlatformDraft, register_platform

FIRST_DEPLOYMENT_WITHIN: Final = timedelta(days=7)
MAX_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A platform's request, as an administrator judges it. ``updates`` is the registration that it would change."""

    id: RequestId
    state: RequestState
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    name: str
    family: Family
    version: str
    deployment_id: str | None
    code: str
    asked_at: datetime
    institute_id: InstituteId | None
    updates: RegistrationId | None
    origins: tuple[str, ...]

    @property
    def is_waiting(self) -> bool:
        """Tell whether an administrator must decide."""
        return self.state is RequestState.WAITING


def list_waiting(institute_id: InstituteId) -> list[RequestRow]:
    """Return the requests that wait for an institute's decision, oldest first. One query."""
    return _rows(
        RegistrationRequest.institute_id == institute_id,
        RegistrationRequest.state == RequestState.WAITING,
        newest_first=False,
    )


def list_recent(institute_id: InstituteId | None = None, *, of_nobody: bool = False) -> list[RequestRow]:
    """Return the last hundred requests, whatever became of them: an institute's, nobody's, or all. One query."""
    if of_nobody:
        return _rows(RegistrationRequest.institute_id.is_(None))
    if institute_id is not None:
        return _rows(RegistrationRequest.institute_id == institute_id)
    return _rows()


def count_waiting(institute_id: InstituteId) -> int:
    """Return how many requests wait for an institute's decision."""
    waiting = (
        RegistrationRequest.institute_id == institute_id,
        RegistrationRequest.state == RequestState.WAITING,
    )
    return db.session.scalar(select(func.count()).select_from(RegistrationRequest).where(*waiting)) or 0


def is_waiting(issuer: str, client_id: str) -> bool:
    """Tell whether a platform that no registration knows asked to be registered and waits for approval."""
    waiting = (
        RegistrationRequest.issuer == issuer,
        RegistrationRequest.client_id == client_id,
        RegistrationRequest.state == RequestState.WAITING,
    )
    return db.session.scalar(select(RegistrationRequest.id).where(*waiting).limit(1)) is not None


def approve_request(request_id: RequestId, actor: Actor) -> RegistrationId:
    """Register what a platform asked for, or bring its registration up to date, and return the registration.

    Raises RequestMissingError, RequestDecidedError, or what ``register_platform`` raises.
    """
    with transaction() as session:
        request = _undecided(session, request_id, actor)
        registration_id = register_platform(draft_of(request), actor=actor)
        request.registration_id = registration_id
        let_first_in(request, session)
        _decide(request, RequestState.APPROVED, actor)
    return registration_id


def refuse_request(request_id: RequestId, actor: Actor) -> None:
    """Refuse what a platform asked for. Raises RequestMissingError or RequestDecidedError."""
    with transaction() as session:
        _decide(_undecided(session, request_id, actor), RequestState.REFUSED, actor)


def give_request(request_id: RequestId, actor: Actor) -> None:
    """Make a waiting request the actor's institute's, as an operator decides.

    Raises RequestMissingError or RequestDecidedError.
    """
    with transaction() as session:
        request = session.get(RegistrationRequest, request_id, with_for_update=True)
        if request is None:
            raise RequestMissingError
        if request.state is not RequestState.WAITING:
            raise RequestDecidedError
        request.institute_id = actor.institute_id
        audit.record("lti.request_given", actor=actor, subject=("lti_registration_request", request_id))


def let_first_in(request: RegistrationRequest, session: Session) -> None:
    """Let the first deployment in that comes within seven days, where the platform named none and none is known.

    An administrator wanted this registration, so the first placement is theirs; each later one is looked at.
    """
    known = select(Deployment.id).where(Deployment.registration_id == request.registration_id).limit(1)
    if request.deployment_id is None and session.scalar(known) is None:
        request.opens_first_until = now() + FIRST_DEPLOYMENT_WITHIN


def lets_first_in(registration_id: RegistrationId, session: Session) -> bool:
    """Tell whether a deployment that was never seen is the awaited first one; it is asked once with that answer."""
    awaited = (
        RegistrationRequest.registration_id == registration_id,
        RegistrationRequest.opens_first_until > now(),
    )
    used = session.execute(
        update(RegistrationRequest)
        .where(*awaited)
        .values(opens_first_until=None)
        .returning(RegistrationRequest.id)
        .execution_options(synchronize_session=False)
    )
    return used.first() is not None


def draft_of(request: RegistrationRequest) -> PlatformDraft:
    """Return what a request asks to be registered. The name is for a new registration: others keep theirs."""
    return PlatformDraft(
        issuer=request.issuer,
        client_id=request.client_id,
        auth_url=request.auth_url,
        token_url=request.token_url,
        jwks_url=request.jwks_url,
        deployment_id=request.deployment_id,
        token_audience=request.token_audience,
        name=(request.name or None) if _registered(request) is None else None,
        family=request.family,
        version=request.version or None,
    )


def _registered(request: RegistrationRequest) -> RegistrationId | None:
    named = (Registration.issuer == request.issuer, Registration.client_id == request.client_id)
    return db.session.scalar(select(Registration.id).where(*named))


def _undecided(session: Session, request_id: RequestId, actor: Actor) -> RegistrationRequest:
    request = session.get(RegistrationRequest, request_id, with_for_update=True)
    if request is None or request.institute_id != actor.institute_id:
        raise RequestMissingError
    if request.state is not RequestState.WAITING:
        raise RequestDecidedError
    return request


def _decide(request: RegistrationRequest, state: RequestState, actor: Actor) -> None:
    request.state, request.decided_at, request.decided_by = state, now(), actor.person_id
    audit.record(f"lti.request_{state}", actor=actor, subject=("lti_registration_request", request.id))


def _rows(*conditions: ColumnElement[bool], newest_first: bool = True) -> list[RequestRow]:
    named = (Registration.issuer == RegistrationRequest.issuer) & (
        Registration.client_id == RegistrationRequest.client_id
    )
    order = RegistrationRequest.id.desc() if newest_first else RegistrationRequest.id
    found = db.session.execute(
        select(RegistrationRequest, Registration.id)
        .outerjoin(Registration, named & (Registration.institute_id == RegistrationRequest.institute_id))
        .where(*conditions)
        .order_by(order)
        .limit(MAX_SHOWN)
    )
    return [
        RequestRow(
            id=one.id,
            state=one.state,
            issuer=one.issuer,
            client_id=one.client_id,
            auth_url=one.auth_url,
            token_url=one.token_url,
            jwks_url=one.jwks_url,
            name=one.name,
            family=one.family,
            version=one.version,
            deployment_id=one.deployment_id,
            code=one.code,
            asked_at=one.asked_at,
            institute_id=one.institute_id,
            updates=registration_id,
            origins=tuple(one.origins),
        )
        for one, registration_id in found
    ]
