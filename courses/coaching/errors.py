"""What coaching refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, DeniedError, InvalidError
from institute.i18n import lazy_gettext


class DayMissingError(InvalidError):
    """The date is not one."""

    code = "SESSION-DAY"
    sentence = lazy_gettext("Write the date of the session.")


class TimeMissingError(InvalidError):
    """A time is not one."""

    code = "SESSION-TIME"
    sentence = lazy_gettext("Write a time such as 15:30.")


class TimeSkippedError(InvalidError):
    """Daylight saving left this time out."""

    code = "SESSION-TIME-SKIPPED"
    sentence = lazy_gettext(
        "The clocks went forward that night, so there was no %(time)s. Write the time that the clock showed."
    )


class TimeTwiceError(InvalidError):
    """Daylight saving had this time twice."""

    code = "SESSION-TIME-TWICE"
    sentence = lazy_gettext("The clocks went back that night, so there was %(time)s twice. Which one was it?")


class EndFirstError(InvalidError):
    """The end is not after the start."""

    code = "SESSION-ORDER"
    sentence = lazy_gettext("The end is before the start. Did you mean %(time)s, %(length)s?")


class SessionTooLongError(InvalidError):
    """Nobody coaches for more than a day."""

    code = "SESSION-TOO-LONG"
    sentence = lazy_gettext("A session lasts 24 hours at most. Check the date and the times.")


class FutureSessionError(InvalidError):
    """Only what happened is logged."""

    code = "SESSION-FUTURE"
    sentence = lazy_gettext("This session has not ended yet. Log it afterwards.")


class BreakError(InvalidError):
    """The break is no number of minutes, or leaves nothing."""

    code = "SESSION-BREAK"
    sentence = lazy_gettext("Write the break in whole minutes, shorter than the session.")


class ChoiceMissingError(InvalidError):
    """None of the choices was chosen."""

    code = "SESSION-CHOICE"
    sentence = lazy_gettext("Choose one of these.")


class TextTooLongError(InvalidError):
    """A text has no room."""

    code = "SESSION-TEXT"
    sentence = lazy_gettext("This text has %(length)s characters; there is room for %(most)s.")


class NextStepsMissingError(InvalidError):
    """A log is sent with what was agreed."""

    code = "SESSION-NEXT-STEPS"
    sentence = lazy_gettext("Write what you agreed for the next time. It opens the next session.")


class LongReasonMissingError(InvalidError):
    """More than eight hours need a reason."""

    code = "SESSION-LONG"
    sentence = lazy_gettext("That makes %(length)s of coaching on one day. Write why it was so long.")


class OverlapError(ConflictError):
    """One of the two has another session at that time."""

    code = "SESSION-OVERLAP"
    title = lazy_gettext("Two sessions at the same time")
    sentence = lazy_gettext("There is another session from %(begins)s to %(ends)s that day.")
    advice = lazy_gettext("Sessions may touch but not overlap. Change the times, or the other log.")


class OverlapAtOnceError(ConflictError):
    """The other session was logged in this very moment."""

    code = "SESSION-OVERLAP-AT-ONCE"
    title = lazy_gettext("Two sessions at the same time")
    sentence = lazy_gettext("Another session at that time was logged a moment ago.")
    advice = lazy_gettext("Sessions may touch but not overlap. Change the times, or the other log.")


class NotCoachThatDayError(DeniedError):
    """Somebody else, or nobody, coached the participant on that day."""

    code = "SESSION-NOT-COACH"
    title = lazy_gettext("You were not the coach on that day")
    sentence = lazy_gettext("You were not this participant’s coach on that day.")


class SupervisedThatDayError(DeniedError):
    """A session between a supervisor and the person supervised is no coaching."""

    code = "SESSION-SUPERVISED"
    title = lazy_gettext("This is not coaching")
    sentence = lazy_gettext(
        "On that day one of you supervised the other, so the session cannot be logged as coaching."
    )


class SegmentUnknownError(InvalidError):
    """The segment is not of the participant's programme."""

    code = "SESSION-SEGMENT"
    sentence = lazy_gettext("Choose a segment of the participant’s programme.")


class SessionClosedError(ConflictError):
    """No lawful way leads from the log's state to what was asked for."""

    code = "SESSION-CLOSED"
    title = lazy_gettext("This log cannot change any more")
    sentence = lazy_gettext("The log is “%(state)s”, so this is not possible any more.")
    advice = lazy_gettext("Open the log again to see how it stands. Nothing was changed.")


class SessionChangedError(ConflictError):
    """The log is not any more what the reader saw."""

    code = "SESSION-CHANGED"
    title = lazy_gettext("The log was changed meanwhile")
    sentence = lazy_gettext("The log was changed after you opened this page, so nothing was saved.")
    advice = lazy_gettext("Open the log again and look at what it says now.")


class OwnLogError(DeniedError):
    """Nobody confirms what they wrote."""

    code = "SESSION-OWN"
    title = lazy_gettext("Somebody else has to confirm this")
    sentence = lazy_gettext("Nobody can confirm what they wrote themselves.")


class DifferenceMissingError(InvalidError):
    """A dispute says what is different."""

    code = "SESSION-DIFFERENCE"
    sentence = lazy_gettext("Choose what is different.")


class ReasonMissingError(InvalidError):
    """A dispute says how the reader remembers it."""

    code = "SESSION-REASON"
    sentence = lazy_gettext("Write how you remember it, so that your coach can correct the log.")


class AttendedError(InvalidError):
    """The attended minutes are none, or more than the group session had."""

    code = "SESSION-ATTENDED"
    sentence = lazy_gettext("Write how many minutes were attended, from 1 to %(most)s.")


class MinutesError(InvalidError):
    """The minutes are no number of a day's."""

    code = "SESSION-MINUTES"
    sentence = lazy_gettext("Write whole minutes, from 1 to 1440.")


class DueError(InvalidError):
    """What is agreed on is to be done after the session."""

    code = "SESSION-DUE"
    sentence = lazy_gettext("Write a day on or after that of the session.")


class PracticesError(InvalidError):
    """More was ticked than one session can have been about."""

    code = "SESSION-PRACTICES"
    sentence = lazy_gettext("Choose %(most)s practices at most.")


class TermUnknownError(InvalidError):
    """The institute has no such practice or source of funding."""

    code = "SESSION-TERM"
    sentence = lazy_gettext("Choose one of those that your institute offers.")


class GroupFullError(ConflictError):
    """A group has as many members as the programme allows."""

    code = "SESSION-GROUP-FULL"
    title = lazy_gettext("The group is full")
    sentence = lazy_gettext("A group session has %(most)s members at most.")


class GroupEmptyError(InvalidError):
    """A group session needs somebody."""

    code = "SESSION-GROUP-EMPTY"
    sentence = lazy_gettext("Choose who took part.")


class GroupSettledError(ConflictError):
    """A member confirmed when the group met, so the others cannot have met at another time."""

    code = "SESSION-GROUP-SETTLED"
    title = lazy_gettext("Somebody confirmed these times")
    sentence = lazy_gettext("Somebody confirmed already that the group met from %(begins)s to %(ends)s.")
    advice = lazy_gettext("Propose a change in the log of whoever confirmed.")


class WhyMissingError(InvalidError):
    """What is not done any more is dropped with a word."""

    code = "AGREED-ACTION-WHY"
    sentence = lazy_gettext("Write in a few words why it is not needed any more.")
