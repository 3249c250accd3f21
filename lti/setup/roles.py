"""What a role name of one platform means here, where its administrators use names in a way of their own."""

from __future__ import annotations

from typing import Final

from institute import audit
from institute.actors import Actor, Role
from institute.db import transaction
from institute.web.forms import storable
from lti.platforms.models import MAX_ID_LENGTH, RegistrationId, RoleMeaning
from lti.platforms.registering import end_sessions_with
from lti.setup.connecting import owned
from lti.setup.errors import RoleMeaningError, RoleNameError, TooManyRolesError

MOST: Final = 50
MORE_THAN_LEARNERS: Final = (
    Role.FACILITATOR,
    Role.ADMINISTRATOR,
    Role.PLATFORM_ADMINISTRATOR,
    Role.MENTOR,
)
USUAL: Final = (
    "Learner",
    "Instructor",
    "Mentor",
    "ContentDeveloper",
    "Administrator",
    "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant",
    "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#PrimaryInstructor",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Staff",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Observer",
)
"""Names that platforms are known to send, offered while a name is typed."""


def say_role(registration_id: RegistrationId, name: str, meaning: str, *, actor: Actor) -> None:
    """Let a role name mean something from the next launch on.

    Sessions of people who lead, administer or accompany others end, because the role they came with may mean less
    now. Raises PlatformGoneError, RoleNameError, RoleMeaningError or TooManyRolesError.
    """
    typed = " ".join(storable(name).split())
    with transaction():
        row = owned(registration_id, actor)
        if not 0 < len(typed) <= MAX_ID_LENGTH:
            raise RoleNameError
        if meaning not in list(RoleMeaning):
            raise RoleMeaningError
        held = dict(row.role_overrides)
        if typed not in held and len(held) >= MOST:
            raise TooManyRolesError(most=MOST)
        if held.get(typed) == meaning:
            return
        row.role_overrides = {**held, typed: meaning}
        end_sessions_with(row, *MORE_THAN_LEARNERS)
        audit.record(
            "lti.role_said",
            actor=actor,
            subject=("lti_registration", registration_id),
            details={"role": typed, "means": meaning},
        )


def forget_role(registration_id: RegistrationId, name: str, *, actor: Actor) -> None:
    """Let a role name mean again what the standard says. One that is not set is none to forget.

    Raises PlatformGoneError.
    """
    with transaction():
        row = owned(registration_id, actor)
        held = dict(row.role_overrides)
        if held.pop(name, None) is None:
            return
        row.role_overrides = held
        end_sessions_with(row, *MORE_THAN_LEARNERS)
        audit.record(
            "lti.role_forgotten",
            actor=actor,
            subject=("lti_registration", registration_id),
            details={"role": name},
        )
