"""What the plans refuse, in their own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class PlanClosedError(ConflictError):
    """A plan is written only while the enrolment is active."""

    code = "PLAN-CLOSED"
    title = lazy_gettext("Your enrolment is not active")
    sentence = lazy_gettext("While an enrolment is “%(state)s”, its plan cannot be changed.")
    advice = lazy_gettext(
        "What you wrote before is kept. Your facilitator can make the enrolment active again."
    )


class WordsMissingError(InvalidError):
    """A goal or an action says nothing."""

    code = "PLAN-WORDS"
    sentence = lazy_gettext("Write a few words.")


class WordsTooLongError(InvalidError):
    """A goal or an action is longer than a line of a plan."""

    code = "PLAN-LONG"
    sentence = lazy_gettext("This has %(length)s characters; %(most)s are possible.")


class DayUnreadableError(InvalidError):
    """A day could not be read."""

    code = "PLAN-DAY"
    sentence = lazy_gettext("This is not a day. Write it like 2027-03-31, or leave it empty.")


class PlanFullError(ConflictError):
    """A plan that nobody can follow any more."""

    code = "PLAN-FULL"
    title = lazy_gettext("There is no room for more")
    sentence = lazy_gettext("Remove something that does not matter any more, then add this.")


class PlanEmptyError(ConflictError):
    """Nothing to hand in."""

    code = "PLAN-EMPTY"
    title = lazy_gettext("There is no goal yet")
    sentence = lazy_gettext("Write a goal first, then hand in your plan.")


class PlanReviewedError(ConflictError):
    """A version was reviewed already, or is not the newest any more."""

    code = "PLAN-REVIEWED"
    title = lazy_gettext("This has gone on meanwhile")
    sentence = lazy_gettext("It was reviewed already, or a newer version was handed in.")
    advice = lazy_gettext("Open the plan again and look at its newest version.")


class OutcomeMissingError(InvalidError):
    """A review says nothing of the outcome."""

    code = "PLAN-OUTCOME"
    sentence = lazy_gettext("Choose one of these.")


class WebAddressError(InvalidError):
    """What was typed is no address on the web."""

    code = "PLAN-WEB-ADDRESS"
    sentence = lazy_gettext("Write the whole address, beginning with https:// or http://.")


class EvidenceMissingError(InvalidError):
    """Evidence without an address and without a file."""

    code = "PLAN-EVIDENCE"
    sentence = lazy_gettext("Write an address, or choose a file.")


class CompetencyGoneError(InvalidError):
    """A competency that cannot be chosen."""

    code = "PLAN-COMPETENCY"
    sentence = lazy_gettext("%(name)s cannot be chosen any more.")


class ManyCompetenciesError(InvalidError):
    """A goal about everything."""

    code = "PLAN-COMPETENCIES"
    sentence = lazy_gettext("Choose %(most)s competencies at most.")
