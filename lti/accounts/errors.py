"""Why two accounts cannot be connected."""

from __future__ import annotations

from institute.errors import ConflictError, DeniedError, InvalidError, NotFoundError, TooManyError
from institute.i18n import lazy_gettext


class NoAccountError(DeniedError):
    """The session came through no learning platform, or through one that does not say who comes."""

    code = "ACCOUNT-NONE"
    title = lazy_gettext("This page belongs to an account of a learning platform")
    sentence = lazy_gettext("You are here without one, so there is nothing to connect.")
    advice = lazy_gettext("Open the tool from your course and come back to this page.")


class CodeUnknownError(InvalidError):
    """No code like this is shown anywhere now."""

    code = "ACCOUNT-CODE"
    sentence = lazy_gettext(
        "This code is not known, or it is too old. Look at it once more, or show a new one."
    )


class OwnCodeError(InvalidError):
    """The code was typed in the account that shows it."""

    code = "ACCOUNT-CODE-OWN"
    sentence = lazy_gettext("This is the code of this very account. Type it in the other learning platform.")


class TooManyCodesError(TooManyError):
    """Somebody tries codes."""

    code = "ACCOUNT-CODE-TRIES"
    sentence = lazy_gettext("Too many codes were typed. Try again in an hour.")


class CodeGoneError(ConflictError):
    """The code was used, withdrawn or became too old in the meantime."""

    code = "ACCOUNT-CODE-GONE"
    sentence = lazy_gettext("This is no longer open: it was answered already, or too much time passed.")
    advice = lazy_gettext("Go back to “Your accounts” and begin again with a new code.")


class RightsError(DeniedError):
    """One of the accounts has rights that the institute gave it, and a platform is not trusted with them."""

    code = "ACCOUNT-RIGHTS"
    title = lazy_gettext("These accounts cannot be connected here")
    sentence = lazy_gettext(
        "The institute gave one of them rights that must not pass to an account of another learning platform."
    )
    advice = lazy_gettext("Ask an administrator of the institute.")


class ApartError(DeniedError):
    """One of the accounts coaches, supervises or scores the other."""

    code = "ACCOUNT-APART"
    title = lazy_gettext("These accounts cannot be connected")
    sentence = lazy_gettext(
        "One of them coaches, supervises or scores the other, so they were two people until now."
    )
    advice = lazy_gettext("Ask an administrator of the institute.")


class CodeMissingError(NotFoundError):
    """There is no such code for this person."""

    code = "ACCOUNT-CODE-MISSING"
    sentence = lazy_gettext("This is not one of your connections.")
