"""What an author's form may have to mend: each sentence stands beside its field."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class TextNeededError(InvalidError):
    """A text that must be there is empty."""

    code = "AUTHORING-TEXT-NEEDED"
    sentence = lazy_gettext("Write something here.")


class TextLongError(InvalidError):
    """A text has more characters than fit."""

    code = "AUTHORING-TEXT-LONG"
    sentence = lazy_gettext("This text has %(length)s characters; there is room for %(most)s.")


class MinutesError(InvalidError):
    """What was typed is no number of minutes."""

    code = "AUTHORING-MINUTES"
    sentence = lazy_gettext("Write whole minutes, %(most)s at most.")


class RangeError(InvalidError):
    """A range ends before it begins."""

    code = "AUTHORING-RANGE"
    sentence = lazy_gettext("The second number is the larger one: from %(least)s to %(most)s does not go.")


class WholeNumberError(InvalidError):
    """What was typed is no whole number between two bounds."""

    code = "AUTHORING-NUMBER"
    sentence = lazy_gettext("Write a whole number from %(least)s to %(most)s.")


class NotOfferedError(InvalidError):
    """What was chosen is not among the choices, or nothing was."""

    code = "AUTHORING-CHOICE"
    sentence = lazy_gettext("Choose one of these.")


class SessionUntickedError(InvalidError):
    """A session was written, and the box that says there is one is not ticked."""

    code = "AUTHORING-SESSION-UNTICKED"
    sentence = lazy_gettext("Tick this to keep the session that you wrote below, or empty its fields.")


class GoneChoiceError(InvalidError):
    """What was chosen does not exist any more."""

    code = "AUTHORING-GONE"
    sentence = lazy_gettext("%(name)s is not there any more. Choose another, or none.")


class OwnAddressError(InvalidError):
    """A segment waits for itself or for the module it stands in."""

    code = "AUTHORING-OWN-ADDRESS"
    sentence = lazy_gettext("A segment cannot wait for itself or for its own module.")


class WebAddressError(InvalidError):
    """What was typed is no address on the web."""

    code = "AUTHORING-WEB-ADDRESS"
    sentence = lazy_gettext("Write the whole address, beginning with https:// or http://.")


class TooManyRowsError(InvalidError):
    """A list has more rows than fit."""

    code = "AUTHORING-ROWS"
    sentence = lazy_gettext("There is room for %(most)s here.")


class NoOrderError(InvalidError):
    """Areas would be put in order by an instrument that is answered in rounds."""

    code = "AUTHORING-NO-ORDER"
    sentence = lazy_gettext("Only a self-assessment puts areas in order. Leave this empty.")


class SameValueError(InvalidError):
    """Two points of a scale have the same value."""

    code = "AUTHORING-SAME-VALUE"
    sentence = lazy_gettext("Another point of the scale has this value already.")


class MaterialInUseError(ConflictError):
    """An activity or the onboarding still needs a material that was to be removed."""

    code = "AUTHORING-MATERIAL-IN-USE"
    title = lazy_gettext("This material is still used")
    sentence = lazy_gettext("It is used by: %(names)s.")
    advice = lazy_gettext("Choose another material there first. Nothing was changed.")


class LockedError(ConflictError):
    """A part of the core, which whoever extends a programme leaves as it is, was to be changed."""

    code = "AUTHORING-LOCKED"
    title = lazy_gettext("This belongs to the core")
    sentence = lazy_gettext(
        "The core is kept by those who wrote it. You can add activities, materials and a note of your own."
    )


class MeanwhileError(ConflictError):
    """Somebody saved between opening and pressing, in the very moment."""

    code = "AUTHORING-MEANWHILE"
    title = lazy_gettext("Changed a moment ago")
    sentence = lazy_gettext(
        "Somebody else saved this part in this very moment. Nothing of yours was changed."
    )
    advice = lazy_gettext("Open the page again and press once more.")
