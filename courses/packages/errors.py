"""Why a package is not taken in or out."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class UploadNotFoundError(NotFoundError):
    """No such package waits for this person."""

    code = "PACKAGE-UPLOAD"
    title = lazy_gettext("This package is not here any more")
    sentence = lazy_gettext(
        "A package waits for a day; then it is forgotten. It may also have been brought in already."
    )
    advice = lazy_gettext("Choose the file once more.")


class ProgrammeNotFoundError(NotFoundError):
    """The institute has no such programme."""

    code = "PACKAGE-PROGRAMME"
    sentence = lazy_gettext("There is no programme “%(slug)s”.")


class NotPublishedError(ConflictError):
    """There is no version to be exported yet."""

    code = "PACKAGE-UNPUBLISHED"
    title = lazy_gettext("Nothing is published yet")
    sentence = lazy_gettext("The programme “%(slug)s” has no version yet: only its draft can be exported.")


class PlanChangedError(ConflictError):
    """What was confirmed is not what would happen now."""

    code = "PACKAGE-CHANGED"
    title = lazy_gettext("The programme has changed meanwhile")
    sentence = lazy_gettext(
        "Somebody wrote in this programme after the page was made, so nothing was brought in."
    )
    advice = lazy_gettext("Go back, look at what would change now, and confirm that.")


class PackageNotChosenError(InvalidError):
    """The form came without a file."""

    code = "PACKAGE-NONE"
    sentence = lazy_gettext("Choose a package, a file that ends in .zip.")


class PackageTooLargeError(InvalidError):
    """The file is larger than packages may be."""

    code = "PACKAGE-SIZE"
    sentence = lazy_gettext("“%(file)s” is larger than %(most)s MB.")
