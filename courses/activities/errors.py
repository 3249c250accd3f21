"""What the work refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class WorkClosedError(ConflictError):
    """Work is written only while the enrolment is active."""

    code = "WORK-CLOSED"
    title = lazy_gettext("Your enrolment is not active")
    sentence = lazy_gettext("While an enrolment is “%(state)s”, nothing can be written or handed in.")
    advice = lazy_gettext(
        "What you saved before is kept. Your facilitator can make the enrolment active again."
    )


class WorkDoneError(ConflictError):
    """What is done is changed only after saying so."""

    code = "WORK-DONE"
    title = lazy_gettext("This is done already")
    sentence = lazy_gettext("You marked this as done, perhaps in another window.")
    advice = lazy_gettext("Open the page again and press “Change it”. What you wrote is kept there.")


class NothingToWriteError(InvalidError):
    """The step is done in another way than the form says."""

    code = "WORK-KIND"
    sentence = lazy_gettext("There is nothing of this kind to do here.")


class TextMissingError(InvalidError):
    """A step that is written needs words."""

    code = "WORK-TEXT"
    sentence = lazy_gettext("Write a few words first.")


class TextTooLongError(InvalidError):
    """A text is longer than what is kept."""

    code = "WORK-LONG"
    sentence = lazy_gettext(
        "The text has %(length)s characters; %(most)s are possible. Shorten it before you save."
    )


class FileMissingError(InvalidError):
    """An upload needs a file."""

    code = "WORK-FILE"
    sentence = lazy_gettext("Add a file first.")


class AnswerMissingError(InvalidError):
    """A statement is not answered."""

    code = "WORK-ANSWER"
    sentence = lazy_gettext("Choose one of the answers.")


class OffTheScaleError(InvalidError):
    """A value is not on the scale, or a place is not among those to choose."""

    code = "WORK-SCALE"
    sentence = lazy_gettext("This answer is not one of those to choose from.")


class SamePlaceError(InvalidError):
    """Two areas cannot have one place."""

    code = "WORK-PLACE"
    sentence = lazy_gettext("Two areas have the place %(place)s. Give each its own.")


class NothingFirstError(InvalidError):
    """No area was put first."""

    code = "WORK-FIRST"
    sentence = lazy_gettext("Choose at least what comes first.")
