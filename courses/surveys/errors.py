"""What the surveys refuse, in their own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class SurveyClosedError(ConflictError):
    """The round is not open."""

    code = "SURVEY-CLOSED"
    title = lazy_gettext("This is not open now")
    sentence = lazy_gettext("It is open from %(opens)s to %(closes)s.")
    advice = lazy_gettext("What you answered before is kept. Your facilitator sets the days.")


class SurveyPausedError(ConflictError):
    """The enrolment is paused or has ended."""

    code = "SURVEY-PAUSED"
    title = lazy_gettext("This enrolment is not active")
    sentence = lazy_gettext("While an enrolment is “%(state)s”, nothing is answered.")


class AlreadySentError(ConflictError):
    """The answers were sent before."""

    code = "SURVEY-SENT"
    title = lazy_gettext("You have sent this already")
    sentence = lazy_gettext(
        "Your answers were sent before, perhaps in another window. They stay as they were."
    )


class AlreadyAnsweredError(ConflictError):
    """An evaluation was answered before."""

    code = "SURVEY-ANSWERED"
    title = lazy_gettext("You have answered this already")
    sentence = lazy_gettext(
        "Everybody answers an evaluation once, and nobody can find your answers to change them."
    )


class RoundFixedError(ConflictError):
    """The window of a round whose answers may have been read already."""

    code = "SURVEY-FIXED"
    title = lazy_gettext("This round is over")
    sentence = lazy_gettext(
        "Its results can be read now. Opening it again would show who answered later, so its days stay as they are."
    )


class StatementOpenError(InvalidError):
    """A statement has no answer."""

    code = "SURVEY-OPEN"
    sentence = lazy_gettext("Choose an answer.")


class NothingAnsweredError(InvalidError):
    """Nothing was answered."""

    code = "SURVEY-NOTHING"
    sentence = lazy_gettext("Answer one statement at least, or write something.")


class OffScaleError(InvalidError):
    """An answer is none of the scale."""

    code = "SURVEY-SCALE"
    sentence = lazy_gettext("This is none of the answers. Choose one of them.")


class AnswerLongError(InvalidError):
    """A text is too long."""

    code = "SURVEY-LONG"
    sentence = lazy_gettext("This text has %(length)s characters; there is room for %(most)s.")


class TimingMissingError(InvalidError):
    """Nothing says how a window is set."""

    code = "SURVEY-TIMING"
    sentence = lazy_gettext("Choose one of these.")


class DayNumberError(InvalidError):
    """A day is no whole number."""

    code = "SURVEY-DAY-NUMBER"
    sentence = lazy_gettext("Write a whole number of days, from 0 to %(most)s.")


class DayUnreadableError(InvalidError):
    """A day could not be read."""

    code = "SURVEY-DAY"
    sentence = lazy_gettext("Write the day as year-month-day, such as 2026-09-01.")


class WindowOrderError(InvalidError):
    """A window ends before it begins."""

    code = "SURVEY-ORDER"
    sentence = lazy_gettext("The last day comes before the first.")
