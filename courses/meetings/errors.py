"""What the meetings refuse, in their own words."""

from __future__ import annotations

from institute.errors import ConflictError, DeniedError, InvalidError
from institute.i18n import lazy_gettext


class ChoiceError(InvalidError):
    """None of the choices was chosen."""

    code = "MEETING-CHOICE"
    sentence = lazy_gettext("Choose one of these.")


class DayError(InvalidError):
    """No day, or one that is none."""

    code = "MEETING-DAY"
    sentence = lazy_gettext("Write a date such as 2026-10-15.")


class DayTwiceError(InvalidError):
    """A series has a day twice."""

    code = "MEETING-DAY-TWICE"
    sentence = lazy_gettext("This date is written twice.")


class TimeError(InvalidError):
    """A time is not one."""

    code = "MEETING-TIME"
    sentence = lazy_gettext("Write a time such as 13:30.")


class TimeSkippedError(InvalidError):
    """Daylight saving leaves this time out on one of the days."""

    code = "MEETING-TIME-SKIPPED"
    sentence = lazy_gettext("On %(day)s the clocks go forward, so there is no %(time)s. Choose another time.")


class TimeTwiceError(InvalidError):
    """Daylight saving has this time twice on one of the days."""

    code = "MEETING-TIME-TWICE"
    sentence = lazy_gettext("On %(day)s the clocks go back, so %(time)s comes twice. Choose another time.")


class OrderError(InvalidError):
    """The end is not after the start."""

    code = "MEETING-ORDER"
    sentence = lazy_gettext("The end has to be after the start, on the same day.")


class TooLongError(InvalidError):
    """No meeting lasts that long."""

    code = "MEETING-TOO-LONG"
    sentence = lazy_gettext("A meeting lasts 12 hours at most. Make one for each day.")


class TextLengthError(InvalidError):
    """A text is longer than there is room for."""

    code = "MEETING-TEXT-LENGTH"
    sentence = lazy_gettext("This has %(length)s characters; there is room for %(most)s.")


class LinkError(InvalidError):
    """An address to join at that no browser opens."""

    code = "MEETING-LINK"
    sentence = lazy_gettext("Write the whole address, beginning with https://.")


class CapacityError(InvalidError):
    """No number of places."""

    code = "MEETING-CAPACITY"
    sentence = lazy_gettext("Write the number of places, from 1 to 5000, or leave it empty.")


class CapacityTakenError(InvalidError):
    """Fewer places than were given away."""

    code = "MEETING-CAPACITY-TAKEN"
    sentence = lazy_gettext("%(taken)s places are given away already. There cannot be fewer.")


class UnknownChoiceError(InvalidError):
    """A topic, a competency or a requirement that the institute does not have."""

    code = "MEETING-UNKNOWN"
    sentence = lazy_gettext("One of these is not on the institute's list any more. Choose again.")


class ReasonMissingError(InvalidError):
    """Nothing says why."""

    code = "MEETING-REASON"
    sentence = lazy_gettext("Say why in a few words: those concerned read it.")


class MeetingChangedError(ConflictError):
    """Somebody else changed it meanwhile."""

    code = "MEETING-CHANGED"
    title = lazy_gettext("The meeting was changed meanwhile")
    sentence = lazy_gettext("Somebody else changed this meeting after you opened the form.")
    advice = lazy_gettext("Open the meeting again, then make your change.")


class MeetingCancelledError(ConflictError):
    """It is cancelled."""

    code = "MEETING-CANCELLED"
    title = lazy_gettext("This meeting is cancelled")
    sentence = lazy_gettext("The meeting was cancelled, so nothing about it can be changed.")


class MeetingHeldError(ConflictError):
    """People attended: it cannot be cancelled or moved any more."""

    code = "MEETING-HELD"
    title = lazy_gettext("This meeting took place")
    sentence = lazy_gettext("The attendance of this meeting is recorded, so its time stays as it is.")


class MeetingOverError(ConflictError):
    """It has ended."""

    code = "MEETING-OVER"
    title = lazy_gettext("This meeting has ended")
    sentence = lazy_gettext("The meeting is over, so places in it cannot be taken or given back.")


class NotBegunError(ConflictError):
    """Attendance of something that has not begun."""

    code = "MEETING-NOT-BEGUN"
    title = lazy_gettext("This meeting has not begun")
    sentence = lazy_gettext("Attendance can be recorded once the meeting has begun.")


class NotOverError(ConflictError):
    """Making up for something that is still to come."""

    code = "MEETING-NOT-OVER"
    title = lazy_gettext("This meeting has not ended")
    sentence = lazy_gettext("What was missed can be made up for once the meeting is over.")


class CodeError(InvalidError):
    """A code that is not the one on the wall."""

    code = "MEETING-CODE"
    sentence = lazy_gettext("This is not the code shown now. It changes each minute: type the one you see.")


class SignInClosedError(ConflictError):
    """Too early or too late to sign in."""

    code = "MEETING-SIGN-IN-CLOSED"
    title = lazy_gettext("Signing in is not open")
    sentence = lazy_gettext("You can sign in from 30 minutes before the meeting until its end.")
    advice = lazy_gettext("If you were there, ask whoever led the meeting to enter you in the list.")


class PassError(ConflictError):
    """The mailed way in is too old."""

    code = "MEETING-PASS"
    title = lazy_gettext("This way in no longer works")
    sentence = lazy_gettext("It works for 30 minutes after the code was scanned.")
    advice = lazy_gettext("Scan the code again, or ask whoever leads the meeting to enter you in the list.")


class NoPlaceError(DeniedError):
    """On the waiting list, or not registered, while all places are taken."""

    code = "MEETING-NO-PLACE"
    title = lazy_gettext("All places are taken")
    sentence = lazy_gettext("You have no place in this meeting yet, so you cannot sign yourself in.")
    advice = lazy_gettext("If there is room for you, whoever leads the meeting enters you in the list.")


class MinutesError(InvalidError):
    """No number of minutes, or more than the meeting lasted."""

    code = "MEETING-MINUTES"
    sentence = lazy_gettext("Write whole minutes, together no more than the %(most)s of the meeting.")


class ExternalTakenError(ConflictError):
    """A name from another system stands for something else already."""

    code = "MEETING-EXTERNAL"
    sentence = lazy_gettext("This row's own number was imported before, for another meeting or person.")


class StrangerError(InvalidError):
    """Nobody of the institute has this address."""

    code = "MEETING-STRANGER"
    sentence = lazy_gettext("Nobody of the institute is known by this address.")


class AddressError(InvalidError):
    """No address that mail can be sent to."""

    code = "MEETING-ADDRESS"
    sentence = lazy_gettext("Write an e-mail address, such as name@example.org.")


class OwnAddressError(InvalidError):
    """Nobody verifies what they report themselves."""

    code = "MEETING-OWN-ADDRESS"
    sentence = lazy_gettext("This is an address of your own. Write that of somebody at the employer.")


class NameMissingError(InvalidError):
    """A name is missing."""

    code = "MEETING-NAME"
    sentence = lazy_gettext("Write a name.")


class MakeUpDayError(InvalidError):
    """A day before the meeting, or one that is still to come."""

    code = "MAKE-UP-DAY"
    sentence = lazy_gettext("Write a date from the meeting's day on, and not later than today.")


class MakeUpMinutesError(InvalidError):
    """No number of minutes, or more than was missed."""

    code = "MAKE-UP-MINUTES"
    sentence = lazy_gettext("Write whole minutes, at most the %(most)s of the meeting.")


class MakeUpStandsError(ConflictError):
    """One was reported already."""

    code = "MAKE-UP-STANDS"
    title = lazy_gettext("This was reported already")
    sentence = lazy_gettext("A make-up for this meeting waits for the employer or is verified already.")


class NothingMissedError(ConflictError):
    """There is nothing to make up for."""

    code = "MAKE-UP-NOTHING"
    title = lazy_gettext("Nothing was missed")
    sentence = lazy_gettext("The whole meeting is recorded as attended, so there is nothing to make up for.")


class MakeUpSettledError(ConflictError):
    """It is decided."""

    code = "MAKE-UP-SETTLED"
    title = lazy_gettext("This is settled")
    sentence = lazy_gettext("The make-up was decided on meanwhile.")


class SheetMissingError(InvalidError):
    """Nothing shows who attended."""

    code = "MAKE-UP-SHEET"
    sentence = lazy_gettext("Add the sign-in sheet: a photograph or a scan will do.")


class AnswerMissingError(InvalidError):
    """Neither yes nor no."""

    code = "MAKE-UP-ANSWER"
    sentence = lazy_gettext("Choose whether it took place like this.")
