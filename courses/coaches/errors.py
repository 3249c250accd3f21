"""What is refused about coaches and their qualifications, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class CoachNotQualifiedError(ConflictError):
    """Something is missing before this person may coach."""

    code = "COACH-NOT-QUALIFIED"
    title = lazy_gettext("Not everything that a coach needs is there")
    sentence = lazy_gettext("This person cannot be assigned yet. Missing: %(missing)s.")
    advice = lazy_gettext(
        "Enter what was verified, or a waiver, on the coach’s page. Then assign them again."
    )


class OwnQualificationError(ConflictError):
    """Nobody verifies what they bring themselves."""

    code = "COACH-OWN-RECORD"
    sentence = lazy_gettext("Nobody verifies their own qualification. Ask another coordinator.")


class RequirementDayError(InvalidError):
    """The day is none, or still to come."""

    code = "COACH-DAY"
    sentence = lazy_gettext("Write the day on which it was verified, today at the latest.")


class ExpiryError(InvalidError):
    """The end is none, or before the beginning."""

    code = "COACH-EXPIRY"
    sentence = lazy_gettext("Write the last day on which it holds, not before it begins.")


class WaiverWordsError(InvalidError):
    """A waiver says why, and what leads there instead."""

    code = "COACH-WAIVER"
    sentence = lazy_gettext("Write a sentence.")


class MinutesError(InvalidError):
    """The minutes of a training are none."""

    code = "COACH-MINUTES"
    sentence = lazy_gettext("Write the time attended in whole minutes.")


class WordsTooLongError(InvalidError):
    """A text has no room."""

    code = "COACH-WORDS"
    sentence = lazy_gettext("This text has %(length)s characters; there is room for %(most)s.")


class ReasonMissingError(InvalidError):
    """Who ends something says why."""

    code = "COACH-REASON"
    sentence = lazy_gettext("Write in a sentence why.")


class TitleMissingError(InvalidError):
    """A requirement has a name."""

    code = "COACH-TITLE"
    sentence = lazy_gettext("Write what is asked of a coach.")


class MonthsError(InvalidError):
    """A number of months is none."""

    code = "COACH-MONTHS"
    sentence = lazy_gettext("Write a whole number of months, %(most)s at most.")


class KindError(InvalidError):
    """None of the kinds was chosen."""

    code = "COACH-KIND"
    sentence = lazy_gettext("Choose one of these.")
