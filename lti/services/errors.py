"""What can go wrong between the tool and a platform's services. No error carries a body: bodies hold people."""

from __future__ import annotations

from typing import ClassVar

from pylti1p3.exception import LtiException


class ServiceError(LtiException):
    """A service did not do what was asked. ``code`` is stable, ``status`` is the HTTP status (0: none came).

    ``retry_after`` is in seconds, where the platform named a time. ``of_platform``: whatever else is asked there will
    fail alike for now.
    """

    code: ClassVar[str] = "SERVICE"
    passing: ClassVar[bool] = False

    def __init__(self, status: int = 0, *, retry_after: int | None = None) -> None:
        super().__init__(f"{self.code} {status}" if status else self.code)
        self.status = status
        self.retry_after = retry_after
        self.of_platform = retry_after is not None


class UnreachableError(ServiceError):
    """No answer came: no connection, or not in time."""

    code = "UNREACHABLE"
    passing = True

    def __init__(self, status: int = 0, *, retry_after: int | None = None) -> None:
        super().__init__(status, retry_after=retry_after)
        self.of_platform = True


class BusyError(ServiceError):
    """The platform is over its limits (429, or Canvas' 403 "Rate Limit Exceeded") or broken for now (5xx)."""

    code = "BUSY"
    passing = True


class TooLargeError(ServiceError):
    """The answer is longer, or takes longer, than any right answer would."""

    code = "TOO-LARGE"


class UnreadableError(ServiceError):
    """The answer was a success in HTTP but is not what the standard says, such as a page of HTML."""

    code = "UNREADABLE"
    passing = True


class TokenRefusedError(ServiceError):
    """The token endpoint gave no token: the client, the key or the scope is not known there (yet)."""

    code = "TOKEN-REFUSED"
    passing = True


class NotAllowedError(ServiceError):
    """401 or 403 with a fresh token: the scope or the right is missing."""

    code = "NOT-ALLOWED"


class MissingError(ServiceError):
    """404 or 410: the line item, or whatever was asked for, is gone."""

    code = "MISSING"


class StaleError(ServiceError):
    """The platform holds a score with a timestamp that is not before ours."""

    code = "STALE"


class RefusedError(ServiceError):
    """Any other 4xx: the request will not be accepted as it is."""

    code = "REFUSED"


class NoLineItemError(ServiceError):
    """There is no column in the gradebook for this, and none may be made."""

    code = "NO-LINE-ITEM"


class ClaimedError(ServiceError):
    """Another worker is looking for the column, or making it, just now."""

    code = "CLAIMED"
