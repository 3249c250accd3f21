"""What translating refuses."""

from __future__ import annotations

from institute.errors import InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class LanguageNotFoundError(NotFoundError):
    """The institute does not have this language, or it is the one that texts are written in."""

    code = "TRANSLATING-LANGUAGE"
    sentence = lazy_gettext("Nothing is translated into this language here.")


class PoUnreadableError(InvalidError):
    """The file is not a PO file."""

    code = "PO-UNREADABLE"
    sentence = lazy_gettext("This is not a PO file in UTF-8, or it is damaged.")
    advice = lazy_gettext("Save it as PO (gettext) in UTF-8, and choose it again. Nothing was changed.")


class PoTooLargeError(InvalidError):
    """The file is larger than any programme's texts."""

    code = "PO-TOO-LARGE"
    sentence = lazy_gettext("The file is larger than %(most)s MB.")


class PoNotChosenError(InvalidError):
    """The form came without a file."""

    code = "PO-NONE"
    sentence = lazy_gettext("Choose a file that ends in .po.")


class PoLanguageError(InvalidError):
    """The file says that it is in another language."""

    code = "PO-LANGUAGE"
    sentence = lazy_gettext(
        "The file is in another language (%(found)s) than the one you bring it in for (%(wanted)s)."
    )
