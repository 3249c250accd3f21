"""What the hours refuse, in their own words."""

from __future__ import annotations

from institute.errors import DeniedError, InvalidError
from institute.i18n import lazy_gettext


class LengthError(InvalidError):
    """A length of time is no number of minutes, or none that can be."""

    code = "HOURS-LENGTH"
    sentence = lazy_gettext("Write hours and minutes such as 4:30, from %(least)s to %(most)s.")


class NumberError(InvalidError):
    """A number is none, or not within what makes sense."""

    code = "HOURS-NUMBER"
    sentence = lazy_gettext("Write a whole number from %(least)s to %(most)s.")


class TargetBelowMinimumError(InvalidError):
    """The target lies below the minimum."""

    code = "HOURS-TARGET"
    sentence = lazy_gettext(
        "The target is below the minimum. Write at least %(minimum)s, or a smaller minimum."
    )


class NothingCountsError(InvalidError):
    """A minimum is asked for, and no session fills it."""

    code = "HOURS-NOTHING-COUNTS"
    sentence = lazy_gettext(
        "Choose at least one kind of session that counts: otherwise nobody can reach the minimum."
    )


class CapTwiceError(InvalidError):
    """Two limits are about the same."""

    code = "HOURS-LIMIT-TWICE"
    sentence = lazy_gettext(
        "There is another limit for the same sessions and the same period. Keep one of them."
    )


class CapIncompleteError(InvalidError):
    """A limit lacks its subject or its length."""

    code = "HOURS-LIMIT"
    sentence = lazy_gettext(
        "Choose what is limited and write how much of it counts, or leave the whole line empty."
    )


class MonthMissingError(InvalidError):
    """No month of the participant's was chosen."""

    code = "HOURS-MONTH"
    sentence = lazy_gettext("Choose a month of this list.")


class ExcuseReasonError(InvalidError):
    """A month is excused with a reason."""

    code = "HOURS-EXCUSE-REASON"
    sentence = lazy_gettext(
        "Write why nothing is asked of this month. The participant and the coach read it."
    )


class ExcuseTooLongError(InvalidError):
    """The reason has no room."""

    code = "HOURS-EXCUSE-TOO-LONG"
    sentence = lazy_gettext("This text has %(length)s characters; there is room for %(most)s.")


class OwnMonthError(DeniedError):
    """Nobody excuses their own months."""

    code = "HOURS-OWN-MONTH"
    title = lazy_gettext("Somebody else has to decide this")
    sentence = lazy_gettext("Nobody can excuse their own months. Ask another coordinator.")
