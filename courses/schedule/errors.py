"""What the schedule refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class PlanDayError(InvalidError):
    """The date is not one."""

    code = "SCHEDULE-DAY"
    sentence = lazy_gettext("Write the date of the session.")


class PlanTimeError(InvalidError):
    """A time is not one."""

    code = "SCHEDULE-TIME"
    sentence = lazy_gettext("Write a time such as 15:30.")


class PlanTimeSkippedError(InvalidError):
    """Daylight saving leaves this time out."""

    code = "SCHEDULE-TIME-SKIPPED"
    sentence = lazy_gettext("The clocks go forward that night, so there is no %(time)s. Choose another time.")


class PlanTimeTwiceError(InvalidError):
    """Daylight saving has this time twice."""

    code = "SCHEDULE-TIME-TWICE"
    sentence = lazy_gettext(
        "The clocks go back that night, so there is %(time)s twice. Which one do you mean?"
    )


class PlanOrderError(InvalidError):
    """The end is not after the start."""

    code = "SCHEDULE-ORDER"
    sentence = lazy_gettext("The end is not after the start. Choose a later one.")


class PlanPastError(InvalidError):
    """Only what is to come is planned."""

    code = "SCHEDULE-PAST"
    sentence = lazy_gettext("This time has passed. Choose one that is to come, or log the session.")


class PlanChoiceError(InvalidError):
    """None of the choices was chosen."""

    code = "SCHEDULE-CHOICE"
    sentence = lazy_gettext("Choose one of these.")


class PlanMembersError(InvalidError):
    """Nobody was chosen, or somebody whom the coach does not coach that day."""

    code = "SCHEDULE-MEMBERS"
    sentence = lazy_gettext("Choose with whom: those whom you coach on that day.")


class PlanCohortsError(InvalidError):
    """A group is of one cohort."""

    code = "SCHEDULE-COHORTS"
    sentence = lazy_gettext("Choose people of one cohort: each cohort has its own clock.")


class PlanSegmentError(InvalidError):
    """The segment is not of the programme."""

    code = "SCHEDULE-SEGMENT"
    sentence = lazy_gettext("Choose a segment of their programme, or none.")


class PlanTextError(InvalidError):
    """A text has no room."""

    code = "SCHEDULE-TEXT"
    sentence = lazy_gettext("This text has %(length)s characters; there is room for %(most)s.")


class PlanWordError(InvalidError):
    """Who asks for another time says which."""

    code = "SCHEDULE-WORD"
    sentence = lazy_gettext("Write which time would suit you.")


class PlanClosedError(ConflictError):
    """It was held or cancelled."""

    code = "SCHEDULE-CLOSED"
    title = lazy_gettext("This session is not planned any more")
    sentence = lazy_gettext("It was held or cancelled meanwhile, so its plan stays as it is.")
    advice = lazy_gettext("Plan a new session instead.")


class PlanStaleError(ConflictError):
    """Somebody changed it meanwhile."""

    code = "SCHEDULE-STALE"
    title = lazy_gettext("This session was changed meanwhile")
    sentence = lazy_gettext("Look at it again before you change it.")
