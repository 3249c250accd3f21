"""Connecting a platform by hand, changing what is saved about it, pausing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from institute import audit
from institute.actors import Actor, Role
from institute.db import transaction
from institute.i18n import LazyText, lazy_gettext
from lti.platforms.errors import AlreadyRegisteredError, OtherInstituteError
from lti.platforms.models import Registration, RegistrationId
from lti.platforms.registering import (
    disable_platform,
    enable_platform,
    end_sessions_with,
    register_platform,
)
from lti.setup.errors import PlatformGoneError
from lti.setup.families import Preset, fill
from lti.setup.sheets import PlatformSheet

TAKEN_ELSEWHERE: Final = lazy_gettext(
    "A platform with this issuer and client id belongs to another institute of this installation."
)
EDITABLE: Final = ("name", "auth_url", "token_url", "jwks_url")


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form: the platform, or what has to be mended.

    ``stale``: somebody saved something else meanwhile, so nothing was saved now.
    """

    registration_id: RegistrationId | None = None
    problems: Mapping[str, LazyText] = field(default_factory=dict)
    stale: bool = False


def complete(sheet: PlatformSheet, preset: Preset | None) -> PlatformSheet:
    """Fill in an address that follows from the client id and was left empty: Blackboard's keys are for one client."""
    if preset is None or sheet.jwks_url or not sheet.client_id or "{client_id}" not in preset.jwks_url:
        return sheet
    return replace(sheet, jwks_url=fill(preset, base="", client_id=sheet.client_id)["jwks_url"])


def connect_platform(sheet: PlatformSheet, *, actor: Actor) -> Saved:
    """Register a platform that was typed in. One that is registered already is not touched."""
    problems = sheet.problems(named=True)
    if problems:
        return Saved(problems=problems)
    try:
        return Saved(register_platform(sheet.draft(), actor=actor, only_new=True))
    except AlreadyRegisteredError:
        return Saved(problems={"client_id": AlreadyRegisteredError.sentence})
    except OtherInstituteError:
        return Saved(problems={"client_id": TAKEN_ELSEWHERE})


def change_platform(
    registration_id: RegistrationId, sheet: PlatformSheet, *, edition: int, actor: Actor
) -> Saved:
    """Save what was changed about a platform, unless it was changed by somebody else since ``edition``.

    Whoever is an administrator here only because the platform's administrators were trusted is one no longer when they
    are not: those sessions end. Raises PlatformGoneError.
    """
    with transaction() as session:
        row = owned(registration_id, actor)
        problems = sheet.problems(named=False)
        if problems:
            return Saved(problems=problems)
        if row.edition != edition:
            return Saved(stale=True)
        wanted: dict[str, object] = {name: getattr(sheet, name) for name in EDITABLE}
        wanted |= {
            "family": sheet.software,
            "token_audience": sheet.token_audience or None,
            "trust_administrators": bool(sheet.trust_administrators),
            "allow_anonymous": bool(sheet.allow_anonymous),
            "deployment_policy": sheet.policy,
        }
        changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if changes:
            for name, value in changes.items():
                setattr(row, name, value)
            row.edition += 1
            session.flush()
            if changes.get("trust_administrators") is False:
                end_sessions_with(row, Role.ADMINISTRATOR)
            audit.record(
                "lti.changed",
                actor=actor,
                subject=("lti_registration", registration_id),
                details={"fields": sorted(changes), "edition": row.edition},
            )
    return Saved(registration_id)


def pause_platform(registration_id: RegistrationId, *, actor: Actor) -> None:
    """Let nobody of a platform in, and end the sessions that came from it. Raises PlatformGoneError."""
    with transaction():
        owned(registration_id, actor)
        disable_platform(registration_id, actor=actor)


def resume_platform(registration_id: RegistrationId, *, actor: Actor) -> None:
    """Let the people of a platform in again. Raises PlatformGoneError."""
    with transaction():
        owned(registration_id, actor)
        enable_platform(registration_id, actor=actor)


def owned(registration_id: RegistrationId, actor: Actor) -> Registration:
    """Return a registration of the actor's institute, locked for this transaction. Raises PlatformGoneError."""
    with transaction() as session:
        row = session.get(Registration, registration_id, with_for_update=True)
        if row is None or row.institute_id != actor.institute_id:
            raise PlatformGoneError
        return row
