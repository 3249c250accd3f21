"""Letting platforms in and shutting them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import String, cast, or_, select, update
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.i18n import lazy_gettext
from institute.web import sessions
from institute.web.models import LaunchSession
from lti.platforms.errors import (
    AlreadyRegisteredError,
    DeploymentMissingError,
    OtherInstituteError,
    PlatformFieldError,
    RegistrationMissingError,
)
from lti.platforms.keys import ensure_key
from lti.platforms.models import (
    DOOR,
    MAX_ID_LENGTH,
    MAX_URL_LENGTH,
    MAX_VERSION_LENGTH,
    Deployment,
    DeploymentId,
    DeploymentPolicy,
    DeploymentState,
    Family,
    Registration,
    RegistrationId,
    RegistrationState,
)
from lti.platforms.strings import is_clean, web_address

MAX_NAME: Final = 200
MADE_AS: Final = {
    Family.MOODLE: "Moodle",
    Family.CANVAS: "Canvas",
    Family.BRIGHTSPACE: "Brightspace",
    Family.BLACKBOARD: "Blackboard",
    Family.OPENEDX: "Open edX",
    Family.SAKAI: "Sakai",
}
"""What makers call their platforms, in every language."""


@dataclass(frozen=True, slots=True)
class PlatformDraft:
    """What a platform's administrator hands over. None leaves the present value as it is."""

    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    deployment_id: str | None = None
    name: str | None = None
    token_audience: str | None = None
    trust_administrators: bool | None = None
    allow_anonymous: bool | None = None
    deployment_policy: DeploymentPolicy | None = None
    family: Family | None = None
    version: str | None = None


def register_platform(draft: PlatformDraft, *, actor: Actor, only_new: bool = False) -> RegistrationId:
    """Register a platform for the actor's institute, or bring its registration up to date.

    Issuer and client id together name it; its named deployment is active at once. Said twice, it changes nothing.
    Raises PlatformFieldError for a bad value, OtherInstituteError if another institute has it, and with ``only_new``
    AlreadyRegisteredError if this institute has.
    """
    _check(draft)
    ensure_key()
    with transaction() as session:
        found = _find(session, draft.issuer, draft.client_id)
        made = found is None and _insert(draft, actor, session)
        registration = found or _find(session, draft.issuer, draft.client_id)
        if registration is None:
            raise RegistrationMissingError
        if registration.institute_id != actor.institute_id:
            raise OtherInstituteError
        if only_new and not made:
            raise AlreadyRegisteredError
        was_trusted = registration.trust_administrators
        _update(registration, draft)
        changed = made or session.is_modified(registration)
        if was_trusted and not registration.trust_administrators:
            end_sessions_with(registration, Role.ADMINISTRATOR)
        if changed and not made:
            registration.edition += 1
        session.flush()
        if draft.deployment_id is not None:
            changed = _activate(registration, draft.deployment_id, session) or changed
        if changed:
            audit.record("lti.registered", actor=actor, subject=("lti_registration", registration.id))
        return registration.id


def disable_platform(registration_id: RegistrationId, *, actor: Actor) -> None:
    """Let no launch of a platform in any more and end its sessions from the next request on.

    Raises RegistrationMissingError if the actor's institute has no such registration.
    """
    with transaction() as session:
        registration = _owned(session, registration_id, actor)
        registration.state = RegistrationState.DISABLED
        sessions.end_sessions(door=DOOR, door_key=registration.door_key)
        audit.record("lti.disabled", actor=actor, subject=("lti_registration", registration_id))


def enable_platform(registration_id: RegistrationId, *, actor: Actor) -> None:
    """Let launches of a platform in again. Raises RegistrationMissingError."""
    with transaction() as session:
        _owned(session, registration_id, actor).state = RegistrationState.ACTIVE
        audit.record("lti.enabled", actor=actor, subject=("lti_registration", registration_id))


def end_sessions_with(registration: Registration, *roles: Role) -> None:
    """End the sessions that came through a registration and hold one of ``roles``, from the next request on."""
    held = cast(LaunchSession.roles, String)
    with transaction() as session:
        session.execute(
            update(LaunchSession)
            .where(
                LaunchSession.door == DOOR,
                LaunchSession.door_key == registration.door_key,
                LaunchSession.ended_at.is_(None),
                or_(*(held.contains(f'"{role.value}"') for role in roles)),
            )
            .values(ended_at=now())
            .execution_options(synchronize_session=False)
        )


def decide_deployment(deployment_id: DeploymentId, state: DeploymentState, *, actor: Actor) -> None:
    """Approve a deployment (``ACTIVE``) or switch it off. Raises DeploymentMissingError.

    Its platform's launches that are under way are waited for: whoever comes after them meets the decision.
    """
    with transaction() as session:
        lock_launches(deployment_id, session)
        deployment = session.get(Deployment, deployment_id, with_for_update=True)
        if deployment is None or deployment.institute_id != actor.institute_id:
            raise DeploymentMissingError
        deployment.state = state
        audit.record(f"lti.deployment_{state}", actor=actor, subject=("lti_deployment", deployment_id))


def lock_launches(deployment_id: DeploymentId, session: Session) -> None:
    """Wait for the launches of a deployment's platform that are under way, and keep others waiting.

    A launch holds its registration from where it reads what it may do to where its session is open.
    """
    platform = select(Deployment.registration_id).where(Deployment.id == deployment_id).scalar_subquery()
    session.execute(
        select(Registration.id).where(Registration.id == platform).with_for_update(key_share=True)
    )


def find_registration(issuer: str, client_id: str, *, actor: Actor) -> RegistrationId:
    """Return the id of a registration of the actor's institute. Raises RegistrationMissingError."""
    named = (Registration.issuer == issuer, Registration.client_id == client_id)
    found = db.session.scalar(
        select(Registration.id).where(*named, Registration.institute_id == actor.institute_id)
    )
    if found is None:
        raise RegistrationMissingError
    return found


def find_deployment(registration_id: RegistrationId, deployment_id: str) -> DeploymentId:
    """Return the id of the deployment that a platform calls ``deployment_id``. Raises DeploymentMissingError."""
    named = (Deployment.registration_id == registration_id, Deployment.deployment_id == deployment_id)
    found = db.session.scalar(select(Deployment.id).where(*named))
    if found is None:
        raise DeploymentMissingError
    return found


def _check(draft: PlatformDraft) -> None:
    for name, value in (
        ("issuer", draft.issuer),
        ("client-id", draft.client_id),
        ("deployment-id", draft.deployment_id),
    ):
        if value is not None and (not 0 < len(value) <= MAX_ID_LENGTH or not is_clean(value)):
            raise PlatformFieldError(name=name, reason=lazy_gettext("it must have 1 to 255 characters."))
    for name, url in (
        ("auth-url", draft.auth_url),
        ("token-url", draft.token_url),
        ("jwks-url", draft.jwks_url),
    ):
        if web_address(url) is None or len(url) > MAX_URL_LENGTH or "#" in url:
            raise PlatformFieldError(
                name=name, reason=lazy_gettext("it must be an address that begins with https:// or http://.")
            )
    for name, text, longest in (
        ("token-audience", draft.token_audience, MAX_URL_LENGTH),
        ("name", draft.name, MAX_NAME),
        ("version", draft.version, MAX_VERSION_LENGTH),
    ):
        if text is not None and (len(text) > longest or not is_clean(text)):
            raise PlatformFieldError(
                name=name, reason=lazy_gettext("it is too long or holds control characters.")
            )


def _find(session: Session, issuer: str, client_id: str) -> Registration | None:
    named = (Registration.issuer == issuer, Registration.client_id == client_id)
    return session.scalar(select(Registration).where(*named).with_for_update())


def _owned(session: Session, registration_id: RegistrationId, actor: Actor) -> Registration:
    registration = session.get(Registration, registration_id, with_for_update=True)
    if registration is None or registration.institute_id != actor.institute_id:
        raise RegistrationMissingError
    return registration


def _insert(draft: PlatformDraft, actor: Actor, session: Session) -> bool:
    """Insert a registration unless somebody else just did; tell whether it is this one."""
    values = {
        "institute_id": actor.institute_id,
        "name": draft.name or called(draft.family, draft.issuer),
        "issuer": draft.issuer,
        "client_id": draft.client_id,
        "auth_url": draft.auth_url,
        "token_url": draft.token_url,
        "jwks_url": draft.jwks_url,
        "state": RegistrationState.ACTIVE,
        "deployment_policy": DeploymentPolicy.PENDING,
        "allow_anonymous": False,
        "trust_administrators": False,
        "role_overrides": {},
        "family": Family.OTHER,
        "version": "",
        "edition": 1,
        "created_at": now(),
    }
    made = session.execute(
        insert_into(session, Registration)
        .values(values)
        .on_conflict_do_nothing(index_elements=["issuer", "client_id"])
        .returning(Registration.id)
    )
    return made.one_or_none() is not None


def _update(registration: Registration, draft: PlatformDraft) -> None:
    for field in (
        "auth_url",
        "token_url",
        "jwks_url",
        "name",
        "token_audience",
        "trust_administrators",
        "allow_anonymous",
        "deployment_policy",
        "family",
        "version",
    ):
        value = getattr(draft, field)
        if value is not None:
            setattr(registration, field, value or None if field == "token_audience" else value)


def _activate(registration: Registration, deployment_id: str, session: Session) -> bool:
    """Make the named deployment active; tell whether that changed anything."""
    found = session.scalar(
        select(Deployment).where(
            Deployment.registration_id == registration.id, Deployment.deployment_id == deployment_id
        )
    )
    if found is None:
        session.add(
            Deployment(
                institute_id=registration.institute_id,
                registration_id=registration.id,
                deployment_id=deployment_id,
                state=DeploymentState.ACTIVE,
            )
        )
        return True
    changed = found.state is not DeploymentState.ACTIVE
    found.state = DeploymentState.ACTIVE
    return changed


def called(family: Family | None, issuer: str) -> str:
    """Return what a platform is called that gave no name: by its maker and its host, ``Moodle (lms.example.org)``."""
    host = urlsplit(issuer).netloc or issuer
    made_as = MADE_AS.get(family) if family is not None else None
    return (f"{made_as} ({host})" if made_as else host)[:MAX_NAME]
