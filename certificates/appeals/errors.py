"""What appeals refuse, in their own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class AppealClosedError(ConflictError):
    """There is nothing to appeal against now: it passed, a new version was begun, or the time is over."""

    code = "APPEAL-CLOSED"
    title = lazy_gettext("An appeal is not possible now")
    sentence = lazy_gettext(
        "These scores cannot be appealed: the time is over, or something else was begun since."
    )
    advice = lazy_gettext("Open your evidence to see where it stands.")


class AppealedAlreadyError(ConflictError):
    """One appeal is made for a submission, and it was made."""

    code = "APPEAL-MADE"
    title = lazy_gettext("You have appealed already")
    sentence = lazy_gettext(
        "An appeal against these scores was made already. Each version can be appealed once."
    )


class AppealReasonError(InvalidError):
    """The reason is missing or too long. ``sentence`` says which."""

    code = "APPEAL-REASON"
    title = lazy_gettext("The appeal needs a reason")
    sentence = lazy_gettext("Say what the readers should look at again.")


class AppealTooLongError(AppealReasonError):
    """The reason is too long."""

    code = "APPEAL-LONG"
    sentence = lazy_gettext("This text is too long: %(most)s characters at most.")
