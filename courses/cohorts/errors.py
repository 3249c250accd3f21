"""What the cohorts refuse, in their own words."""

from __future__ import annotations

from datetime import date

from babel import dates

from institute.errors import ConflictError, DeniedError, InvalidError
from institute.i18n import current_locale, lazy_gettext


class UnlawfulTransitionError(ConflictError):
    """An enrolment cannot go from its state to the one asked for."""

    code = "ENROLMENT-STATE"
    title = lazy_gettext("The enrolment cannot change like this")
    sentence = lazy_gettext("An enrolment that is “%(state)s” cannot become “%(wished)s”.")


class EnrolmentNotActiveError(ConflictError):
    """Steps are ticked off only while the enrolment is active."""

    code = "ENROLMENT-NOT-ACTIVE"
    title = lazy_gettext("Your enrolment is not active")
    sentence = lazy_gettext("While an enrolment is “%(state)s”, nothing can be ticked off.")
    advice = lazy_gettext(
        "What you did before is kept. Your facilitator can make the enrolment active again."
    )


class EnrolmentClosedError(DeniedError):
    """The person left this cohort."""

    code = "ENROLMENT-CLOSED"
    title = lazy_gettext("You are not in this cohort any more")
    sentence = lazy_gettext("Your enrolment in this cohort has ended.")


class CoachIsParticipantError(ConflictError):
    """Nobody coaches oneself."""

    code = "COACH-SELF"
    sentence = lazy_gettext("A participant cannot be their own coach.")


class CoachSupervisesError(ConflictError):
    """A coach must not direct the work of the person who is coached."""

    code = "COACH-SUPERVISES"
    sentence = lazy_gettext(
        "This person supervises the participant in that time, so they cannot be the coach."
    )


class CoachInConflictError(ConflictError):
    """Another room reported a conflict between the two people."""

    code = "COACH-CONFLICT"
    sentence = lazy_gettext(
        "This person has another duty towards the participant that does not go with coaching."
    )


class AssignmentOrderError(InvalidError):
    """A new coach cannot begin before the present one did."""

    code = "COACH-ORDER"
    sentence = lazy_gettext("The present coach began on %(since)s; another can begin only after that day.")


class ProgrammeUnpublishedError(ConflictError):
    """Nobody can study what was never published."""

    code = "PROGRAMME-UNPUBLISHED"
    sentence = lazy_gettext("This programme has no published version yet.")


class SegmentClosedError(ConflictError):
    """A segment waits for what comes first, or for its day."""

    code = "SEGMENT-CLOSED"
    title = lazy_gettext("This segment is not open yet")
    sentence = lazy_gettext("Nothing can be ticked off in a segment that is not open yet.")
    advice = lazy_gettext("The page of the segment says what it waits for.")


class DoneOnItsPageError(ConflictError):
    """What is written, answered or handed in is done on its own page."""

    code = "STEP-ON-ITS-PAGE"
    title = lazy_gettext("This step is done on its own page")
    sentence = lazy_gettext(
        "A tick alone does not do it: there is something to read, to write or to hand in first."
    )
    advice = lazy_gettext("Open the step and press “Done” there.")


class AssignmentEndedError(ConflictError):
    """The assignment is over."""

    code = "COACH-ENDED"
    sentence = lazy_gettext("This assignment has ended already.")


class AssignmentEndError(InvalidError):
    """An assignment cannot end before it began."""

    code = "COACH-END"
    sentence = lazy_gettext("The last day is %(since)s at the earliest: that is when the assignment began.")

    def __init__(self, *, since: date) -> None:
        super().__init__(since=dates.format_date(since, "long", locale=current_locale()))


class RecipientTooEarlyError(InvalidError):
    """What is recorded is true already."""

    code = "RECIPIENT-DAY"
    sentence = lazy_gettext("Write the day from which it is true, today at the latest.")


class AlreadyConfidentialError(ConflictError):
    """One letter is enough."""

    code = "RECIPIENT-CONFIDENTIAL"
    sentence = lazy_gettext("This person’s name is kept confidential already.")
