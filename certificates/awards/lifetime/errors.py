"""What the life of an award refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class SameNameError(InvalidError):
    """The name is the one that the certificate bears."""

    code = "AWARD-NAME-SAME"
    sentence = lazy_gettext("The certificate bears this name already.")


class CorrectionOpenError(ConflictError):
    """The holder has asked for another name already."""

    code = "CORRECTION-OPEN"
    title = lazy_gettext("You have asked already")
    sentence = lazy_gettext("Your institute is looking at the name that you asked for.")


class CorrectionDecidedError(ConflictError):
    """Somebody decided before."""

    code = "CORRECTION-DECIDED"
    title = lazy_gettext("This has been decided")
    sentence = lazy_gettext("Somebody has answered this request for another name already.")


class NotRenewableError(ConflictError):
    """The award never ends, its level has no rules for it, or something took its place."""

    code = "RENEWAL-NONE"
    title = lazy_gettext("This certificate cannot be renewed")
    sentence = lazy_gettext("It has no end, or its level says nothing about renewing it.")


class RenewalWindowError(ConflictError):
    """It is too early or too late."""

    code = "RENEWAL-WINDOW"
    title = lazy_gettext("Not at this time")
    sentence = lazy_gettext("This certificate can be renewed from %(opens)s until %(closes)s.")


class RenewalOpenError(ConflictError):
    """There is an application that renews it."""

    code = "RENEWAL-OPEN"
    title = lazy_gettext("You have applied already")
    sentence = lazy_gettext("Your application to renew this certificate is with your institute.")


class KeyExpiredError(ConflictError):
    """The X.509 certificate of the key that signs documents holds no more, or not yet."""

    code = "KEY-EXPIRED"
    title = lazy_gettext("The signing key has expired")
    sentence = lazy_gettext("Nothing is issued with a key whose certificate holds no longer.")
    advice = lazy_gettext("Replace the key on the page “Signing keys”, then issue again. Nothing is lost.")


class KeyPurposeError(InvalidError):
    """Keys are for other things than this."""

    code = "KEY-PURPOSE"
    sentence = lazy_gettext("Choose which key is to be replaced.")
