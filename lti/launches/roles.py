"""What a platform's role names mean here: a pure table, and the least privilege for all the rest.

The vocabulary is LTI 1.3, appendix A.2: context roles, institution roles, system roles. A role of the context
wins over the others, because only it says what somebody is in this course: a site administrator who is
enrolled as a learner is a learner there. What an administrator says of a name wins over the table, and what is said
of a sub-role over its principal role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from institute.actors import Role
from lti.platforms.models import RoleMeaning

_LIS: Final = "http://purl.imsglobal.org/vocab/lis/v2/"
CONTEXT: Final = _LIS + "membership"
INSTITUTION: Final = _LIS + "institution/person"
SYSTEM: Final = _LIS + "system/person"
SHORT_INSTITUTION: Final = _LIS + "person#"
"""How Moodle's roster begins the institution roles."""

TEST_USER: Final = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
NOTHING_SAID: Final[Mapping[str, str]] = MappingProxyType({})

# Faculty, Student and the like say what somebody is at the university, not what they may do in this course.
_MEANINGS: Final = {
    f"{CONTEXT}#Learner": RoleMeaning.LEARNER,
    f"{CONTEXT}#Instructor": RoleMeaning.STAFF,
    f"{CONTEXT}#Administrator": RoleMeaning.STAFF,
    f"{CONTEXT}#Mentor": RoleMeaning.MENTOR,
    f"{INSTITUTION}#Administrator": RoleMeaning.ADMINISTRATOR,
    f"{SYSTEM}#Administrator": RoleMeaning.ADMINISTRATOR,
    f"{SYSTEM}#SysAdmin": RoleMeaning.ADMINISTRATOR,
    f"{SYSTEM}#AccountAdmin": RoleMeaning.ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class MappedRoles:
    """What a launch's role names amount to.

    ``is_learner``: the platform enrolled the person as a learner of this course. ``is_administrator``: the
    person runs the platform (not: the institute). ``is_mentor``: they accompany people whom the launch names.
    ``is_test_user``: nobody real, never graded or enrolled.
    """

    is_learner: bool = False
    is_staff: bool = False
    is_administrator: bool = False
    is_mentor: bool = False
    is_test_user: bool = False

    @property
    def learns(self) -> bool:
        """Whether they take part and do not lead: who does both is not graded by what they do to try it."""
        return self.is_learner and not self.is_staff and not self.is_administrator

    @property
    def is_enrollable(self) -> bool:
        """Whether this is a real learner, whom a binding may enrol and who may be graded."""
        return self.learns and not self.is_test_user

    def held(self, *, trust_administrators: bool) -> frozenset[Role]:
        """Return the roles a session gets. Whoever is nothing else is a participant who is enrolled nowhere."""
        roles: set[Role] = set()
        if self.is_staff:
            roles.add(Role.FACILITATOR)
        if self.is_administrator:
            roles.add(Role.ADMINISTRATOR if trust_administrators else Role.PLATFORM_ADMINISTRATOR)
        if self.is_mentor:
            roles.add(Role.MENTOR)
        if self.is_learner or not roles:
            roles.add(Role.PARTICIPANT)
        return frozenset(roles)


def map_roles(names: Iterable[str], said: Mapping[str, str] = NOTHING_SAID) -> MappedRoles:
    """Return what the role names of one person mean.

    Accepts full URIs, sub-roles (``…/membership/Instructor#PrimaryInstructor`` counts as its principal role) and
    the short names of context roles (``Instructor``), as a token and a roster send them. Names nobody knows count for
    nothing. ``said`` is what administrators say of names (``Registration.role_overrides``): values of RoleMeaning.
    """
    given = frozenset(map(_whole, names))
    rules = {_whole(name): meaning for name, meaning in said.items()} if said else {}
    settled = {_principal(name) for name in given if name in rules} if rules else set()
    here: set[str | None] = set()
    outside: set[str | None] = set()
    for name in given:
        if name in settled and name not in rules:
            continue  # a sub-role of it says more
        meaning = rules.get(name) or rules.get(_principal(name)) or _MEANINGS.get(_principal(name))
        (here if name.startswith(CONTEXT) else outside).add(meaning)
    meant = here | outside
    only_learner = RoleMeaning.LEARNER in here and here.isdisjoint(_LEADING)
    return MappedRoles(
        is_learner=RoleMeaning.LEARNER in meant,
        is_staff=RoleMeaning.STAFF in meant,
        is_administrator=RoleMeaning.ADMINISTRATOR in meant and not only_learner,
        is_mentor=RoleMeaning.MENTOR in meant,
        is_test_user=TEST_USER in given,
    )


_LEADING: Final = frozenset({RoleMeaning.STAFF, RoleMeaning.ADMINISTRATOR})


def without_meaning(names: Iterable[str]) -> list[str]:
    """Return the role names that mean nothing here unless an administrator says what, in order."""
    return sorted({name for name in names if name != TEST_USER and _principal(_whole(name)) not in _MEANINGS})


def _whole(name: str) -> str:
    """Return a role's whole name: context roles may come short, and Moodle's roster shortens its own way."""
    if name.isalpha():
        return f"{CONTEXT}#{name}"
    if name.startswith(SHORT_INSTITUTION):
        return f"{INSTITUTION}#{name.removeprefix(SHORT_INSTITUTION)}"
    return name


def _principal(name: str) -> str:
    """Return the principal role of a context's sub-role; any other name is its own."""
    if not name.startswith(f"{CONTEXT}/"):
        return name
    principal, _, specific = name.removeprefix(f"{CONTEXT}/").partition("#")
    return f"{CONTEXT}#{principal}" if specific else ""
