"""What amendments refuse, in their own words."""

from __future__ import annotations

from institute.errors import ConflictError, DeniedError, InvalidError
from institute.i18n import lazy_gettext


class NotAgreedYetError(ConflictError):
    """A log that waits for an answer is changed without an amendment."""

    code = "AMENDMENT-EARLY"
    title = lazy_gettext("This session is not confirmed yet")
    sentence = lazy_gettext("Only what both sides confirmed needs both to change it.")


class AmendmentOpenError(ConflictError):
    """One change at a time."""

    code = "AMENDMENT-OPEN"
    title = lazy_gettext("A change waits already")
    sentence = lazy_gettext("Somebody proposed a change to this session, and it waits for an answer.")
    advice = lazy_gettext("Open the session and look at it first.")


class AmendmentSettledError(ConflictError):
    """It was answered or taken back otherwise meanwhile."""

    code = "AMENDMENT-SETTLED"
    title = lazy_gettext("This change was settled meanwhile")
    sentence = lazy_gettext("The change was answered or taken back while you looked at it.")
    advice = lazy_gettext("Open the session again and look at what it says now.")


class OwnAmendmentError(DeniedError):
    """Nobody consents to what they proposed themselves, nor for the other side."""

    code = "AMENDMENT-OWN"
    title = lazy_gettext("Somebody else has to answer this")
    sentence = lazy_gettext("Nobody can answer a change that they proposed or that is about themselves.")


class AnswerStillDueError(ConflictError):
    """The other side still has time to answer for itself."""

    code = "AMENDMENT-DUE"
    title = lazy_gettext("The other side still has time")
    sentence = lazy_gettext("A coordinator may answer from %(day)s on, if nobody did by then.")


class NothingChangesError(InvalidError):
    """The proposal says what the log says already."""

    code = "AMENDMENT-NOTHING"
    sentence = lazy_gettext("Nothing is different from what you both confirmed. Change what was wrong.")


class WhyChangeError(InvalidError):
    """An amendment says why."""

    code = "AMENDMENT-REASON"
    sentence = lazy_gettext("Write why it has to change, so that the other side can follow.")


class WhyInPlaceError(InvalidError):
    """Who answers in somebody's place says on what grounds."""

    code = "AMENDMENT-GROUNDS"
    sentence = lazy_gettext("Write on what grounds you answer in their place.")
