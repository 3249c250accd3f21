"""What the logbook refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError
from institute.i18n import lazy_gettext


class MonthUnsettledError(ConflictError):
    """A session of the month waits for an answer or a correction."""

    code = "MONTH-UNSETTLED"
    title = lazy_gettext("The month is not settled yet")
    sentence = lazy_gettext("A session of this month still waits for an answer. Settle it first, then sign.")


class MonthRunningError(ConflictError):
    """A month is signed when it ends."""

    code = "MONTH-RUNNING"
    title = lazy_gettext("The month is not over")
    sentence = lazy_gettext("A month can be signed from its last day on: %(day)s.")


class MonthEmptyError(ConflictError):
    """There is nothing to put one's name to."""

    code = "MONTH-EMPTY"
    title = lazy_gettext("There is nothing to sign")
    sentence = lazy_gettext("No session of this month is confirmed.")


class MonthChangedError(ConflictError):
    """The month says something else than what was looked at."""

    code = "MONTH-CHANGED"
    title = lazy_gettext("The month changed meanwhile")
    sentence = lazy_gettext("The log of this month says something else by now. Look at it again, then sign.")
