"""Why something about a framework or a vocabulary could not be done."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class KeyTakenError(ConflictError):
    """The key names something else already: frameworks and vocabularies share their names."""

    code = "FRAMEWORK-KEY-TAKEN"
    sentence = lazy_gettext("“%(key)s” is the short name of something else here already.")


class KeyMalformedError(InvalidError):
    """The key is not one."""

    code = "FRAMEWORK-KEY"
    sentence = lazy_gettext(
        "A short name is made of lower-case letters, digits and single hyphens, 60 at most."
    )


class TextMissingError(InvalidError):
    """A text that must be there is empty in the language that others are translated from."""

    code = "FRAMEWORK-TEXT"
    sentence = lazy_gettext("This is needed, in the language that the others are translated from.")


class TextTooLongError(InvalidError):
    """A text is longer than there is room for."""

    code = "FRAMEWORK-LONG"
    sentence = lazy_gettext("This may have %(most)s characters at most.")


class AudienceMissingError(InvalidError):
    """A framework is for nobody."""

    code = "FRAMEWORK-AUDIENCE"
    sentence = lazy_gettext("Choose whose competencies these are.")


class FrameworkUnsoundError(InvalidError):
    """A framework or vocabulary that was handed in whole contradicts itself at a key."""

    code = "FRAMEWORK-UNSOUND"
    sentence = lazy_gettext(
        "“%(key)s” stands twice, is not a short name, or names a column that is not there."
    )


class TooDeepError(ConflictError):
    """An element would stand deeper than an indicator."""

    code = "FRAMEWORK-DEPTH"
    sentence = lazy_gettext("Nothing stands below an indicator.")


class StillUsedError(ConflictError):
    """What is used cannot be deleted."""

    code = "FRAMEWORK-USED"
    sentence = lazy_gettext("This is used, so it stays. Retired, it is offered to nobody any more.")
