"""A registration that a platform starts: noted down before it is asked for, and settled in one transaction after.

Between the two stands the platform, whose answer may never come and whose token works once. So the request is a row
from the beginning: loaded again, the page finds what became of it and asks the platform nothing twice; where the
program was stopped in between, the administrators see a request that was not finished, and the invitation still works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Delete, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError
from institute.i18n import Localised
from institute.people.institutes import InstituteUnknownError, WhichInstituteError, find_institute
from institute.people.models import Institute
from lti.platforms.dynamic_answer import PlatformAnswer, ask_platform
from lti.platforms.dynamic_configuration import PlatformConfiguration, fetch_configuration
from lti.platforms.dynamic_errors import (
    NOTED,
    AddressError,
    AnswerError,
    InstituteError,
    InvitationUsedError,
    OtherPlatformError,
    TooManyAtOnceError,
    TooManyWaitError,
)
from lti.platforms.dynamic_models import MAX_DETAIL, RegistrationRequest, RequestId, RequestState
from lti.platforms.invitations import CLAIM_LASTS, Claim, claim, digest, give_back, registered_by, use_up
from lti.platforms.models import MAX_URL_LENGTH, Deployment, DeploymentState, Registration
from lti.platforms.registering import register_platform
from lti.platforms.requests import draft_of, let_first_in
from lti.platforms.strings import is_clean, origin, web_address

KEPT_FOR: Final = timedelta(days=30)
MAX_WAITING: Final = 50
MOST_AT_ONCE: Final = 2
"""Requests without an invitation that are asked for at a time: each keeps a web process waiting for a stranger."""
UNDER_WAY: Final = timedelta(seconds=30)
Result = TypeVar("Result")
_FORGOTTEN: Final = (RequestState.ASKED, RequestState.FAILED, RequestState.REPLACED)


@dataclass(frozen=True, slots=True)
class RegistrationAddress:
    """The address as a platform opened it: its two parameters, and what was in it when it was pasted."""

    configuration_url: str
    token: str = field(default="", repr=False)
    invitation: str = field(default="", repr=False)
    institute_slug: str = ""


@dataclass(frozen=True, slots=True)
class _Begun:
    """A request that was noted down. ``is_answered``: the platform agreed in an earlier try that was not finished.

    ``issuer`` is the one platform that it may be for, where only one may; ``spent``: its invitation was used before.
    """

    id: RequestId
    claim: Claim | None
    name: Localised | None
    is_answered: bool
    issuer: str | None
    spent: bool


def answer_platform(sent: RegistrationAddress) -> RequestId:
    """Register the tool at the platform that opened the registration address, and return what was noted down of it.

    By an invitation the platform is registered here too; otherwise it waits for approval. A platform that opens the
    invitation it was registered by once more (its administrator chose "Update") asks like one without.

    Whatever fails at the platform is noted down with the request. Raises AddressError, InstituteError or an error of
    the invitation where nothing could begin.
    """
    if web_address(sent.configuration_url) is None or len(sent.configuration_url) > MAX_URL_LENGTH:
        raise AddressError
    begun = _again_if_overtaken(lambda: _begin(sent))
    if not isinstance(begun, _Begun):
        return begun
    try:
        if not begun.is_answered:
            configuration = fetch_configuration(sent.configuration_url, sent.token)
            _note_configuration(begun, configuration)
            _note_answer(begun, ask_platform(configuration, sent.token, begun.name))
        _again_if_overtaken(lambda: _settle(begun))
    except DomainError as error:
        _fail(begun, error)
    return begun.id


def _again_if_overtaken(do: Callable[[], Result]) -> Result:
    """Do something once more where another request made the same row first: now it finds that one."""
    try:
        return do()
    except IntegrityError:
        return do()


def _begin(sent: RegistrationAddress) -> _Begun | RequestId:
    """Note a request down and take its invitation in hand; return the id alone of one that needs nothing more."""
    at = now()
    token_hash = digest(f"{sent.configuration_url}\n{sent.token}") if sent.token else None
    with transaction() as session:
        same = RegistrationRequest.token_hash == token_hash
        known = (
            session.scalar(select(RegistrationRequest).where(same).with_for_update()) if token_hash else None
        )
        if known is not None and not _may_be_tried_again(known, at):
            return known.id
        spent = registered_by(sent.invitation) if sent.invitation else None
        taken = claim(sent.invitation) if sent.invitation and spent is None else None
        institute = _institute(sent, taken, spent)
        if taken is None:
            _require_room(session, at)
        request = known or RegistrationRequest(token_hash=token_hash)
        request.state, request.code, request.detail, request.asked_at = RequestState.ASKED, "", "", at
        request.invitation_id = taken.id if taken else None
        request.institute_id = institute.id if institute else None
        request.origins = [origin(sent.configuration_url)]
        session.add(request)
        session.execute(_outdated(at))
        session.flush()
        meant = session.get(Registration, taken.registration_id) if taken and taken.registration_id else spent
        return _Begun(
            id=request.id,
            claim=taken,
            name=institute.name if institute else None,
            is_answered=bool(request.client_id),
            issuer=meant.issuer if meant else None,
            spent=spent is not None,
        )


def _require_room(session: Session, at: datetime) -> None:
    """Raise TooManyAtOnceError while others without an invitation are under way: the invited always get through."""
    under_way = (
        RegistrationRequest.state == RequestState.ASKED,
        RegistrationRequest.invitation_id.is_(None),
        RegistrationRequest.asked_at > at - UNDER_WAY,
    )
    count = select(func.count()).select_from(RegistrationRequest).where(*under_way)
    if (session.scalar(count) or 0) >= MOST_AT_ONCE:
        raise TooManyAtOnceError


def _may_be_tried_again(known: RegistrationRequest, at: datetime) -> bool:
    if known.state is RequestState.ASKED:
        return known.asked_at < at - CLAIM_LASTS
    return known.state is RequestState.FAILED


def _institute(
    sent: RegistrationAddress, taken: Claim | None, spent: Registration | None
) -> Institute | None:
    """Return the institute that an address is for: that of its invitation, the named one, or the only one.

    Raises InstituteError.
    """
    if taken is not None or spent is not None:
        return db.session.get(Institute, taken.institute_id if taken else spent.institute_id if spent else 0)
    if not is_clean(sent.institute_slug):
        raise InstituteError
    try:
        return find_institute(sent.institute_slug or None)
    except InstituteUnknownError as error:
        raise InstituteError from error
    except WhichInstituteError:
        return None


def _note_configuration(begun: _Begun, configuration: PlatformConfiguration) -> None:
    """Write down who asks, before the platform is asked. Raises OtherPlatformError or InvitationUsedError."""
    with transaction() as session:
        request = session.get_one(RegistrationRequest, begun.id)
        request.issuer = configuration.issuer
        request.auth_url, request.token_url = configuration.auth_url, configuration.token_url
        request.jwks_url, request.token_audience = configuration.jwks_url, configuration.token_audience
        request.name, request.family = configuration.name, configuration.family
        request.version, request.origins = configuration.version, configuration.origins
    if begun.issuer not in {None, configuration.issuer}:
        raise InvitationUsedError if begun.spent else OtherPlatformError(detail=begun.issuer)


def _note_answer(begun: _Begun, answer: PlatformAnswer) -> None:
    """Write down what the platform calls the tool, at once: it says so only this time."""
    with transaction() as session:
        request = session.get_one(RegistrationRequest, begun.id)
        request.client_id, request.deployment_id = answer.client_id, answer.deployment_id
        request.answered_at = now()


def _settle(begun: _Begun) -> None:
    """Do what follows from the platform's answer, in one transaction."""
    with transaction() as session:
        request = session.get_one(RegistrationRequest, begun.id, with_for_update=True)
        if begun.claim is not None:
            if begun.issuer not in {None, request.issuer}:
                raise OtherPlatformError(detail=begun.issuer)
            use_up(begun.claim.id)
        if begun.claim is not None and _is_meant(begun.claim, request, session):
            _register(request, begun.claim.actor, session)
        else:
            _let_wait(request, session)


def _is_meant(invitation: Claim, request: RegistrationRequest, session: Session) -> bool:
    """Tell whether whoever made an invitation agreed to what it would do to a registration that is there already.

    An invitation connects a platform, or brings the one registration up to date that it was made for. It lets nobody
    lead another registration's sign-ins and keys elsewhere, and no deployment in again that an administrator paused.
    """
    named = (Registration.issuer == request.issuer, Registration.client_id == request.client_id)
    held = session.scalar(select(Registration).where(*named).with_for_update())
    if held is None or held.institute_id != invitation.institute_id:
        return True
    paused = select(Deployment.id).where(
        Deployment.registration_id == held.id,
        Deployment.deployment_id == request.deployment_id,
        Deployment.state == DeploymentState.DISABLED,
    )
    if session.scalar(paused) is not None:
        return False
    stays = request.token_audience in {None, held.token_audience} and _origins(request) == _origins(held)
    return stays or invitation.registration_id == held.id


def _origins(one: RegistrationRequest | Registration) -> list[str]:
    return [origin(address) for address in (one.auth_url, one.token_url, one.jwks_url)]


def _register(request: RegistrationRequest, actor: Actor, session: Session) -> None:
    request.registration_id = register_platform(draft_of(request), actor=actor)
    request.state = RequestState.REGISTERED
    let_first_in(request, session)
    audit.record(
        "lti.invitation_used",
        actor=actor,
        subject=("lti_registration_request", request.id),
        details={"registration": request.registration_id},
    )


def _let_wait(request: RegistrationRequest, session: Session) -> None:
    """Have an open request wait for approval, unless it asks for what is registered already, word by word.

    A registration's institute decides on what would change it. A platform that asks again replaces what it asked.
    """
    named = (Registration.issuer == request.issuer, Registration.client_id == request.client_id)
    registration = session.scalar(select(Registration).where(*named))
    if registration is not None:
        request.institute_id = registration.institute_id
        if _changes_nothing(request, registration, session):
            request.state, request.registration_id = RequestState.REGISTERED, registration.id
            return
    waiting = select(RegistrationRequest).where(RegistrationRequest.state == RequestState.WAITING)
    same = (RegistrationRequest.issuer == request.issuer, RegistrationRequest.client_id == request.client_id)
    with session.no_autoflush:
        for earlier in session.scalars(waiting.where(*same).with_for_update()):
            earlier.state = RequestState.REPLACED
    session.flush()
    others = waiting.where(RegistrationRequest.institute_id.is_not_distinct_from(request.institute_id))
    count = select(func.count()).select_from(others.subquery())
    if (session.scalar(count) or 0) >= MAX_WAITING:
        raise TooManyWaitError
    request.state = RequestState.WAITING


def _changes_nothing(request: RegistrationRequest, registration: Registration, session: Session) -> bool:
    asked = (request.auth_url, request.token_url, request.jwks_url, request.token_audience)
    held = (
        registration.auth_url,
        registration.token_url,
        registration.jwks_url,
        registration.token_audience if request.token_audience else None,
    )
    let_in = (
        Deployment.registration_id == registration.id,
        Deployment.deployment_id == request.deployment_id,
        Deployment.state == DeploymentState.ACTIVE,
    )
    placed = request.deployment_id is None or session.scalar(select(Deployment.id).where(*let_in)) is not None
    return asked == held and placed


def _fail(begun: _Begun, error: DomainError) -> None:
    """Note down why nothing was registered here, and give the invitation back."""
    noted = error if error.code in NOTED else AnswerError(detail=error.code)
    with transaction() as session:
        request = session.get_one(RegistrationRequest, begun.id, with_for_update=True)
        request.state, request.code = RequestState.FAILED, noted.code
        request.detail = str(noted.facts.get("detail", ""))[:MAX_DETAIL]
        if begun.claim is not None:
            give_back(begun.claim.id)


def _outdated(at: datetime) -> Delete:
    """Return the statement that forgets requests which nobody decided on and nothing came of."""
    return delete(RegistrationRequest).where(
        RegistrationRequest.state.in_(_FORGOTTEN), RegistrationRequest.asked_at < at - KEPT_FOR
    )
