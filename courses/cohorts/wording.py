"""The states of an enrolment in words and signs, the same everywhere."""

from __future__ import annotations

from courses.cohorts.listing import Show
from courses.cohorts.models import EnrolmentState
from institute.i18n import pgettext


def say_state(state: EnrolmentState) -> str:
    """Return an enrolment's state as one word for the reader."""
    match state:
        case EnrolmentState.INVITED:
            return pgettext("enrolment", "invited")
        case EnrolmentState.ACTIVE:
            return pgettext("enrolment", "active")
        case EnrolmentState.PAUSED:
            return pgettext("enrolment", "paused")
        case EnrolmentState.COMPLETED:
            return pgettext("enrolment", "completed")
        case EnrolmentState.WITHDRAWN:
            return pgettext("enrolment", "withdrawn")
        case EnrolmentState.TRANSFERRED:
            return pgettext("enrolment", "transferred")


def say_change(wished: EnrolmentState) -> str:
    """Return what a button says that takes an enrolment to this state."""
    match wished:
        case EnrolmentState.INVITED | EnrolmentState.ACTIVE:
            return pgettext("enrolment", "Make active")
        case EnrolmentState.PAUSED:
            return pgettext("enrolment", "Pause")
        case EnrolmentState.COMPLETED:
            return pgettext("enrolment", "Mark as completed")
        case EnrolmentState.WITHDRAWN:
            return pgettext("enrolment", "Withdraw")
        case EnrolmentState.TRANSFERRED:
            return pgettext("enrolment", "Mark as transferred")


def say_show(show: Show) -> str:
    """Return what a filter of the cohort's members is called."""
    match show:
        case Show.PRESENT:
            return pgettext("members", "In the cohort")
        case Show.ACTIVE:
            return pgettext("members", "Active")
        case Show.INVITED:
            return pgettext("members", "Not opened yet")
        case Show.LEFT:
            return pgettext("members", "Left")
