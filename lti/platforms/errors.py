"""Why a platform cannot be registered or changed."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class PlatformFieldError(InvalidError):
    """A field of a registration has a wrong value."""

    code = "LTI-REGISTRATION"
    sentence = lazy_gettext("The value of “%(name)s” is wrong: %(reason)s")


class OtherInstituteError(ConflictError):
    """The registration belongs to another institute."""

    code = "LTI-REGISTRATION-TAKEN"
    sentence = lazy_gettext("This issuer and client id are registered for another institute.")


class AlreadyRegisteredError(ConflictError):
    """The registration is there already, and a new one was wanted."""

    code = "LTI-REGISTRATION-THERE"
    sentence = lazy_gettext("A platform with this issuer and client id is connected already.")


class RegistrationMissingError(NotFoundError):
    """There is no such registration."""

    code = "LTI-REGISTRATION-MISSING"
    sentence = lazy_gettext("There is no registration with this issuer and client id.")


class DeploymentMissingError(NotFoundError):
    """There is no such deployment."""

    code = "LTI-DEPLOYMENT-MISSING"
    sentence = lazy_gettext("There is no deployment with this id.")
