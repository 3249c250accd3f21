"""Refusals in the domain's own words. institute.web.errors turns each kind into one HTTP status."""

from __future__ import annotations

from typing import Any, ClassVar

from institute.i18n import LazyText, lazy_gettext


class DomainError(Exception):
    """A refusal with a stable ``code`` and a sentence for the person who reads it.

    Keyword arguments fill the sentence's named placeholders. Derive from one of the kinds below.
    """

    code: ClassVar[str] = "REFUSED"
    title: ClassVar[LazyText] = lazy_gettext("This could not be done")
    sentence: ClassVar[LazyText] = lazy_gettext("The request was refused.")
    advice: ClassVar[LazyText | None] = None

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        """Return the code alone: facts may name a person and must not reach a log."""
        return self.code

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        text = str(self.sentence)
        return text % self.facts if self.facts else text


class NotFoundError(DomainError):
    """Nothing is there, or nothing the reader may know of."""

    code = "NOT-FOUND"
    title = lazy_gettext("This page is not here")
    sentence = lazy_gettext("The page was moved or removed, or it belongs to somebody else.")
    advice = lazy_gettext("Go back to the course and open its link again.")


class DeniedError(DomainError):
    """The reader may know of it but may not do this."""

    code = "DENIED"
    title = lazy_gettext("This page is for another role")
    sentence = lazy_gettext("Your role here does not include this page.")


class ConflictError(DomainError):
    """The state of things forbids it now."""

    code = "CONFLICT"


class InvalidError(DomainError):
    """What was sent cannot be understood or breaks a rule."""

    code = "INVALID"


class UnavailableError(DomainError):
    """Something that is needed does not answer at the moment."""

    code = "UNAVAILABLE"


class TooManyError(DomainError):
    """Too many requests in too short a time."""

    code = "TOO-MANY"
    title = lazy_gettext("That was too often")
    sentence = lazy_gettext("Too many requests came from your address.")
    advice = lazy_gettext("Wait a minute, then try again.")
