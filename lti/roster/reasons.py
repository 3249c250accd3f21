"""Why a roster was not read, in plain words, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from institute.i18n import LazyText, lazy_gettext
from lti.roster.errors import ElsewhereError, EmptyListError, EndlessError
from lti.roster.passes import NO_SERVICE, NOT_ACTIVE
from lti.services.errors import (
    BusyError,
    MissingError,
    NotAllowedError,
    TokenRefusedError,
    TooLargeError,
    UnreachableError,
    UnreadableError,
)

_ALLOW: Final = lazy_gettext(
    "Somebody who administers the platform can allow it there: “Names and Role Provisioning Services” for this tool."
)
_BY_ITSELF: Final = lazy_gettext("It is tried again by itself. Nobody has to do anything.")
_TELL: Final = lazy_gettext("Please tell somebody who administers the platform.")

REASONS: Final[Mapping[str, tuple[LazyText, LazyText]]] = {
    NO_SERVICE: (
        lazy_gettext("The platform does not offer its list of people to this tool."),
        _ALLOW,
    ),
    NOT_ACTIVE: (
        lazy_gettext("The platform is paused here, or its place in the platform waits for approval."),
        lazy_gettext("An administrator of the institute can make it active on the page of the platform."),
    ),
    NotAllowedError.code: (
        lazy_gettext("The platform does not let the tool read its list of people."),
        _ALLOW,
    ),
    TokenRefusedError.code: (
        lazy_gettext("The platform does not let the tool in."),
        lazy_gettext(
            "Check there that the tool is active, knows its key set and may read the list of people."
        ),
    ),
    MissingError.code: (
        lazy_gettext("The platform says that this course, or its list of people, is not there any more."),
        lazy_gettext("If the course still exists, open one of its links once: that names the list anew."),
    ),
    UnreachableError.code: (lazy_gettext("The platform does not answer."), _BY_ITSELF),
    BusyError.code: (lazy_gettext("The platform is overloaded or out of order."), _BY_ITSELF),
    UnreadableError.code: (
        lazy_gettext("The platform answers with something else than a list, such as a page for people."),
        _BY_ITSELF,
    ),
    TooLargeError.code: (
        lazy_gettext("The platform's answer is larger than any list of people."),
        _TELL,
    ),
    EndlessError.code: (
        lazy_gettext("The platform's list has no end: it names the same people page after page."),
        _TELL,
    ),
    ElsewhereError.code: (
        lazy_gettext(
            "The platform's list goes on at another address, where this tool's permission is not shown."
        ),
        _TELL,
    ),
    EmptyListError.code: (
        lazy_gettext(
            "The platform sent an empty list, though the course has people. Nobody was marked as gone."
        ),
        _BY_ITSELF,
    ),
}
OTHERWISE: Final = (lazy_gettext("The platform refuses to give its list of people."), _TELL)


def explain(code: str) -> tuple[str, str]:
    """Return what went wrong and what can be done, as two sentences."""
    sentence, advice = REASONS.get(code, OTHERWISE)
    return str(sentence), str(advice)
