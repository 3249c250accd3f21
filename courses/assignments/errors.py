"""What is refused about assignments and concerns, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class ReasonMissingError(InvalidError):
    """Who ends or passes on an assignment says why."""

    code = "ASSIGNMENT-REASON"
    sentence = lazy_gettext("Write in a sentence why.")


class CoachMissingError(InvalidError):
    """Nobody was chosen."""

    code = "ASSIGNMENT-COACH"
    sentence = lazy_gettext("Choose a coach.")


class DayError(InvalidError):
    """The day is none."""

    code = "ASSIGNMENT-DAY"
    sentence = lazy_gettext("Write a date.")


class ChoiceError(InvalidError):
    """None of the choices was chosen."""

    code = "ASSIGNMENT-CHOICE"
    sentence = lazy_gettext("Choose one of these.")


class SpanError(InvalidError):
    """The months of a span are none."""

    code = "ASSIGNMENT-SPAN"
    sentence = lazy_gettext("Write a whole number of months from 1 to %(most)s, or nothing.")


class WordsTooLongError(InvalidError):
    """A text has no room."""

    code = "ASSIGNMENT-WORDS"
    sentence = lazy_gettext("This text has %(length)s characters; there is room for %(most)s.")


class ConcernWordsError(InvalidError):
    """A concern says something."""

    code = "CONCERN-WORDS"
    sentence = lazy_gettext("Write what it is about.")


class ConcernOverError(ConflictError):
    """A concern that ended takes no further step."""

    code = "CONCERN-OVER"
    title = lazy_gettext("This concern has ended")
    sentence = lazy_gettext("Nothing can be added to a concern that has ended. Raise another one.")


class ConcernStepError(ConflictError):
    """The step is not the next one."""

    code = "CONCERN-STEP"
    sentence = lazy_gettext("This concern is at another step by now. Open it again.")


class ConcernThereError(ConflictError):
    """One open concern about one coaching is enough."""

    code = "CONCERN-THERE"
    sentence = lazy_gettext("You have raised a concern that is still open. Add to it.")


class LetterMissingError(InvalidError):
    """Without a letter of the organisation no name is kept confidential."""

    code = "RECIPIENT-LETTER"
    sentence = lazy_gettext("Choose the letter of the organisation.")


class PersonUnknownError(InvalidError):
    """Nobody, or more than one, is called so."""

    code = "COACH-PERSON"
    sentence = lazy_gettext(
        "Nobody here has this name or address, or several people have. Write the whole address."
    )


class CaseloadError(InvalidError):
    """The people of one coach are none."""

    code = "ASSIGNMENT-CASELOAD"
    sentence = lazy_gettext("Write how many people a coach usually has, from 1 to %(most)s.")
