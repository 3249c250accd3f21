"""Why something about a platform cannot be done."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class PlatformGoneError(NotFoundError):
    """The institute has no such platform."""

    code = "LTI-PLATFORM-MISSING"
    title = lazy_gettext("This platform is not here")
    sentence = lazy_gettext("The institute has no platform at this address.")
    advice = lazy_gettext("Go back to the list of platforms and choose it there.")


class CourseGoneError(NotFoundError):
    """The platform has no such course."""

    code = "LTI-COURSE-MISSING"
    title = lazy_gettext("This course is not here")
    sentence = lazy_gettext("Nobody has opened the tool from this course yet.")


class CohortChoiceError(InvalidError):
    """No cohort of the institute was chosen."""

    code = "LTI-COHORT-CHOICE"
    sentence = lazy_gettext("Choose a cohort.")


class RoleNameError(InvalidError):
    """The role's name cannot be one."""

    code = "LTI-ROLE-NAME"
    sentence = lazy_gettext(
        "Write the role's name as the platform sends it, 1 to 255 characters on one line."
    )


class RoleMeaningError(InvalidError):
    """No meaning was chosen."""

    code = "LTI-ROLE-MEANING"
    sentence = lazy_gettext("Choose what the role means here.")


class TooManyRolesError(ConflictError):
    """There are as many role names as are useful."""

    code = "LTI-ROLES-MANY"
    sentence = lazy_gettext("%(most)s roles are set already. Remove one that is no longer needed.")
