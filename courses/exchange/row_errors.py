"""What keeps a row from being brought in, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class ValueMissingError(InvalidError):
    """A cell that must say something is empty."""

    code = "EXCHANGE-VALUE"
    sentence = lazy_gettext("Write something here: this column is needed in every row.")


class ValueTooLongError(InvalidError):
    """A text has no room."""

    code = "EXCHANGE-LONG"
    sentence = lazy_gettext("This has %(length)s characters; there is room for %(most)s.")


class WordUnknownError(InvalidError):
    """A word is none of those that this column knows."""

    code = "EXCHANGE-WORD"
    sentence = lazy_gettext("“%(text)s” is none of the words of this column: %(words)s.")


class NumberError(InvalidError):
    """What should be a number of minutes is none."""

    code = "EXCHANGE-NUMBER"
    sentence = lazy_gettext("“%(text)s” is no whole number of minutes.")


class AttendedAloneError(InvalidError):
    """Only of a group session somebody may have attended a part."""

    code = "EXCHANGE-ATTENDED"
    sentence = lazy_gettext("Only rows of the kind “group” say how long somebody attended.")


class PersonUnknownError(InvalidError):
    """Nobody here is meant by this."""

    code = "EXCHANGE-PERSON"
    sentence = lazy_gettext("Nobody of the institute has the e-mail address or key “%(text)s”.")


class PersonAmbiguousError(InvalidError):
    """Several people share an address."""

    code = "EXCHANGE-PERSONS"
    sentence = lazy_gettext(
        "Several people have the e-mail address “%(text)s”. Write the key of the one you mean."
    )


class CohortUnknownError(InvalidError):
    """There is no cohort of this name, or the person is not in it."""

    code = "EXCHANGE-COHORT"
    sentence = lazy_gettext("%(person)s is in no cohort “%(cohort)s”.")


class NotEnrolledError(InvalidError):
    """The person takes part in nothing."""

    code = "EXCHANGE-NOT-ENROLLED"
    sentence = lazy_gettext("%(person)s is enrolled in no cohort.")


class CohortNeededError(InvalidError):
    """The person is in several cohorts."""

    code = "EXCHANGE-WHICH-COHORT"
    sentence = lazy_gettext("%(person)s is in several cohorts. Name the one you mean in the column “cohort”.")


class NotCoachError(InvalidError):
    """The coach never coached the participant."""

    code = "EXCHANGE-NOT-COACH"
    sentence = lazy_gettext("This coach is not, and was not, assigned to this participant.")


class SegmentAddressError(InvalidError):
    """The participant's programme has no such segment."""

    code = "EXCHANGE-SEGMENT"
    sentence = lazy_gettext("The participant’s programme has no segment “%(text)s”. Write module/segment.")


class RowTwiceError(ConflictError):
    """Two rows have one number."""

    code = "EXCHANGE-TWICE"
    sentence = lazy_gettext("The row in line %(line)s has the same external_id.")


class MeetingUnknownError(InvalidError):
    """There is no such meeting."""

    code = "EXCHANGE-MEETING"
    sentence = lazy_gettext("There is no meeting with the key “%(text)s”.")


class NotInvitedError(InvalidError):
    """The meeting is not for this person."""

    code = "EXCHANGE-NOT-INVITED"
    sentence = lazy_gettext("This meeting is not for this person.")


class PersonTwiceError(ConflictError):
    """Two rows say how long somebody was at one meeting."""

    code = "EXCHANGE-PERSON-TWICE"
    sentence = lazy_gettext("The row in line %(line)s is about the same person at the same meeting.")


class RowOtherError(ConflictError):
    """A row of this number was brought in with other facts."""

    code = "EXCHANGE-OTHER"
    sentence = lazy_gettext(
        "A row with this external_id was brought in before and said something else. It was not changed: correct it "
        "on its own page, or give this row an external_id of its own."
    )


class RowsOverlapError(ConflictError):
    """Two rows of a file claim the same time of somebody."""

    code = "EXCHANGE-OVERLAP"
    sentence = lazy_gettext("This is at the same time as the session in line %(line)s, for the same person.")
