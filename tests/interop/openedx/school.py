"""The platform's course and people, and the parts of the LMS that the consumer asks for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from django.contrib.auth.models import User
from lti_consumer.models import CourseAllowPIISharingInLTIFlag, Lti1p3Passport, LtiConfiguration
from lti_consumer.plugin import compat
from opaque_keys.edx.keys import CourseKey, UsageKey

COURSE: Final = CourseKey.from_string("course-v1:Valley+COACH+2026")
UNIT: Final = UsageKey.from_string("block-v1:Valley+COACH+2026+type@lti_consumer+block@coaching")
ROLES: Final = {"grace": "instructor", "lucia": "student", "hoa": "student", "omar": "student"}
NAMES: Final = {"grace": "Grace Okafor", "lucia": "Lucía Ortega", "hoa": "Nguyễn Thị Hoa", "omar": "عمر حداد"}


@dataclass
class Unit:
    """The unit of the course that holds the tool, as the consumer's grading sees it; it keeps the grades."""

    has_score: bool = True
    accept_grades_past_due: bool = True
    grades: dict[str, dict[str, Any]] = field(default_factory=dict)
    scope_ids: Any = field(default_factory=lambda: SimpleNamespace(usage_id=UNIT))

    def is_past_due(self) -> bool:
        """Tell that grades are still taken."""
        return False

    def max_score(self) -> int:
        """Return the most that the unit is worth."""
        return 10

    def set_user_module_score(self, user: str, score: float, maximum: int, comment: str | None) -> None:
        """Keep a grade, as the LMS does in its own tables."""
        self.grades[user] = {"share": score, "maximum": maximum, "comment": comment}


UNIT_IN_COURSE: Final = Unit()


def external_id(name: str) -> str:
    """Return the id by which a tool knows somebody."""
    return f"external-{name}"


def fill(tool_url: str) -> None:
    """Make the people, allow names to be shared, and place the tool in the course with all its services."""
    for name in ROLES:
        User.objects.create(username=name, email=f"{name}@edx.example.test")
    CourseAllowPIISharingInLTIFlag.objects.create(course_id=COURSE, enabled=True)
    passport = Lti1p3Passport.objects.create(name="Coaching", lti_1p3_tool_keyset_url=f"{tool_url}/lti/jwks")
    LtiConfiguration.objects.create(
        lti_1p3_passport=passport,
        version=LtiConfiguration.LTI_1P3,
        config_store=LtiConfiguration.CONFIG_ON_DB,
        location=UNIT,
        lti_1p3_oidc_url=f"{tool_url}/lti/login",
        lti_1p3_launch_url=f"{tool_url}/lti/launch",
        lti_1p3_redirect_uris=[f"{tool_url}/lti/launch"],
        lti_advantage_enable_nrps=True,
        lti_advantage_deep_linking_enabled=True,
        lti_advantage_deep_linking_launch_url=f"{tool_url}/lti/deep-link",
        lti_advantage_ags_mode=LtiConfiguration.LTI_ADVANTAGE_AGS_PROGRAMMATIC,
    )


def _members(_course: CourseKey) -> dict[int, dict[str, Any]]:
    return {
        user.id: {
            "id": user.id,
            "username": user.username,
            "email": user.email,
            "name": NAMES[user.username],
            "roles": [ROLES[user.username]],
        }
        for user in User.objects.all()
    }


def _external_ids(users: Any) -> dict[int, SimpleNamespace]:
    # The consumer asks for profiles, which are a table of the LMS, together with the users.
    found = users.prefetch_related(None)
    return {user.id: SimpleNamespace(external_user_id=external_id(user.username)) for user in found}


def _user_of(external: str) -> str:
    name = external.removeprefix("external-")
    if name not in ROLES:
        raise LookupError(name)
    return name


# What follows stands for the LMS itself, which the published consumer reaches through these functions.
compat.get_course_members = _members
compat.batch_get_or_create_externalids = _external_ids
compat.get_user_from_external_user_id = _user_of
compat.merge_course_forum_roles = lambda _course, _members: None
compat.nrps_pii_disallowed = lambda: False
compat.user_has_studio_write_access = lambda _user, _course: True
compat.load_block_as_user = lambda _location: UNIT_IN_COURSE
