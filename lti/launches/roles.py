"""What a platform's role names mean here: a pure table, and the least privilege for all the rest.

The vocabulary is LTI 1.3, appendix A.2: context roles, institution roles, system roles. A role of the context
wins over the others, because only it says what somebody is in this course: a site administrator who is
enrolled as a learner is a learner there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from institute.actors import Role

_LIS: Final = "http://purl.imsglobal.org/vocab/lis/v2/"
CONTEXT: Final = _LIS + "membership"
INSTITUTION: Final = (_LIS + "institution/person", _LIS + "person")  # Moodle's roster uses the second
SYSTEM: Final = (_LIS + "system/person",)
TEST_USER: Final = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"


class _Standing(Enum):
    LEARNER = "learner"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


_IN_CONTEXT: Final = {
    "Learner": _Standing.LEARNER,
    "Instructor": _Standing.STAFF,
    "Administrator": _Standing.STAFF,
}
# Faculty, Student and the like say what somebody is at the university, not what they may do in this course.
_OUTSIDE: Final = {
    **{f"{prefix}#Administrator": _Standing.ADMINISTRATOR for prefix in INSTITUTION + SYSTEM},
    **{
        f"{prefix}#{name}": _Standing.ADMINISTRATOR
        for prefix in SYSTEM
        for name in ("SysAdmin", "AccountAdmin")
    },
}


@dataclass(frozen=True, slots=True)
class MappedRoles:
    """What a launch's role names amount to.

    ``is_learner``: the platform enrolled the person as a learner of this course. ``is_administrator``: the
    person runs the platform (not: the institute). ``is_test_user``: nobody real, never graded or enrolled.
    """

    is_learner: bool = False
    is_staff: bool = False
    is_administrator: bool = False
    is_test_user: bool = False

    @property
    def is_enrollable(self) -> bool:
        """Whether this is a real learner, whom a binding may enrol and who may be graded."""
        return self.is_learner and not self.is_test_user

    def held(self, *, trust_administrators: bool) -> frozenset[Role]:
        """Return the roles a session gets. Whoever is nothing else is a participant who is enrolled nowhere."""
        roles: set[Role] = set()
        if self.is_staff:
            roles.add(Role.FACILITATOR)
        if self.is_administrator:
            roles.add(Role.ADMINISTRATOR if trust_administrators else Role.PLATFORM_ADMINISTRATOR)
        if self.is_learner or not roles:
            roles.add(Role.PARTICIPANT)
        return frozenset(roles)


def map_roles(names: Iterable[str]) -> MappedRoles:
    """Return what the role names of one launch mean.

    Accepts full URIs, sub-roles (``…/membership/Instructor#PrimaryInstructor`` counts as its principal role) and
    the short names of context roles (``Instructor``). Names nobody knows count for nothing.
    """
    given = frozenset(names)
    here = {_IN_CONTEXT[name] for name in map(_context_role, given) if name in _IN_CONTEXT}
    outside = {_OUTSIDE[name] for name in given if name in _OUTSIDE}
    only_learner = here == {_Standing.LEARNER}
    return MappedRoles(
        is_learner=_Standing.LEARNER in here,
        is_staff=_Standing.STAFF in here,
        is_administrator=_Standing.ADMINISTRATOR in outside and not only_learner,
        is_test_user=TEST_USER in given,
    )


def _context_role(name: str) -> str:
    """Return the principal context role that ``name`` speaks of, or an empty string."""
    if not name.startswith(CONTEXT):
        return name if name.isalpha() else ""
    principal, _, specific = name.removeprefix(CONTEXT).partition("#")
    if principal.startswith("/"):
        return principal[1:] if specific else ""
    return specific if not principal else ""
