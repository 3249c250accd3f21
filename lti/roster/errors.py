"""Why a roster cannot be read on, beside what any service may answer."""

from __future__ import annotations

from institute.errors import DeniedError, NotFoundError
from institute.i18n import lazy_gettext
from lti.services.errors import ServiceError


class EndlessError(ServiceError):
    """The platform names one page after the other and nobody new, or more pages than any course has."""

    code = "ENDLESS"


class EmptyListError(ServiceError):
    """The list is empty, though the course has people: its teacher at least."""

    code = "EMPTY"


class ElsewhereError(ServiceError):
    """The list goes on at another host, or without encryption: the token that would be sent there is not theirs."""

    code = "ELSEWHERE"


class NoCourseHereError(NotFoundError):
    """No course of the open cohort has a roster to read."""

    code = "ROSTER-NONE"
    sentence = lazy_gettext("No course of a learning platform is connected to this cohort.")


class LeftAloneError(DeniedError):
    """The platform asked to be left alone for a while."""

    code = "ROSTER-PAUSED"
    sentence = lazy_gettext(
        "The learning platform asked for a pause. The list is read again by itself after it."
    )
