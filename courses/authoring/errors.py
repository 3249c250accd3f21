"""What authoring refuses."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class PartNotFoundError(NotFoundError):
    """The programme has no such part."""

    code = "PART-NOT-FOUND"
    sentence = lazy_gettext("This part of the programme is not here, or it belongs to somebody else.")
    advice = lazy_gettext("Open the programme's outline again and choose the part from there.")


class AddressTakenError(ConflictError):
    """Something beside it has the same short name."""

    code = "ADDRESS-TAKEN"
    sentence = lazy_gettext("“%(slug)s” already names something here.")
    advice = lazy_gettext("Choose another title or another short name. What was removed keeps its name.")


class CoreFixedError(ConflictError):
    """The part belongs to the core of another institute's programme."""

    code = "CORE-FIXED"
    title = lazy_gettext("This part is the same everywhere")
    sentence = lazy_gettext(
        "It belongs to the shared core, so it stays as it is. Not taken over: %(fields)s."
    )
    advice = lazy_gettext("You can translate it, add a local note, and add local activities and materials.")


class TooLongError(InvalidError):
    """A text is longer than anybody would read."""

    code = "TEXT-TOO-LONG"
    sentence = lazy_gettext("One text has %(length)s characters. At most %(most)s fit.")
    advice = lazy_gettext(
        "Nothing was saved, and what you typed is still in your browser. Go back, and cut the text into parts."
    )


class NowhereError(InvalidError):
    """A part was sent to a place that is none."""

    code = "NOWHERE"
    sentence = lazy_gettext("The part cannot stand there.")


class UnpublishableError(ConflictError):
    """The programme has mistakes that nobody could study around."""

    code = "UNPUBLISHABLE"
    sentence = lazy_gettext("The programme cannot be published before its mistakes are mended.")


class TranslationsOpenError(ConflictError):
    """Translations are missing or older than their source, and nobody said that this is known."""

    code = "TRANSLATIONS-OPEN"
    sentence = lazy_gettext("Some translations are missing or older than their text.")
    advice = lazy_gettext("Tick that you know it, or have them translated first.")


class NothingNewerError(ConflictError):
    """The core that a programme extends has no newer version here."""

    code = "CORE-NOTHING-NEWER"
    title = lazy_gettext("Nothing newer")
    sentence = lazy_gettext("What is being written holds the newest version of the core already.")
    advice = lazy_gettext("A core of another institute comes as a package: bring in the newer one.")


class CoreChangedError(ConflictError):
    """Another version of the core came out between looking and deciding."""

    code = "CORE-CHANGED"
    title = lazy_gettext("The core has changed once more")
    sentence = lazy_gettext(
        "Version %(number)s of the core came out a moment ago, so nothing was taken over."
    )
    advice = lazy_gettext("Go back, look at what is new in it, and decide again.")
