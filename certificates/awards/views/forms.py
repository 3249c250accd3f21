"""What the forms of these pages share: a refusal that is shown beside its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import request

from certificates.awards.errors import (
    DecisionUnknownError,
    LanguageUnknownError,
    NoteTooLongError,
    ReasonMissingError,
    ReasonUnknownError,
)
from certificates.documents.fitting import CertificateNameError
from institute.errors import InvalidError
from institute.i18n import LazyText

LARGEST_PAGE: Final = 1_000_000
_FIELDS: Final[dict[type[InvalidError], str]] = {
    CertificateNameError: "name",
    LanguageUnknownError: "second_locale",
    ReasonUnknownError: "reason_class",
    DecisionUnknownError: "decision",
    ReasonMissingError: "reason",
    NoteTooLongError: "reason",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: the field, why, and what to do."""

    field: str
    text: str
    advice: LazyText | None

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The one error as the summary on top of a page shows it."""
        return [(self.field, self.text)]

    def at(self, field: str) -> str:
        """Return what stands below a field."""
        if field != self.field:
            return ""
        return f"{self.text} {self.advice}" if self.advice else self.text


def try_form(send: Callable[[], object], *, field: str = "reason") -> Refused | None:
    """Send a form; return why it was refused, if what was typed is the reason. ``field`` holds its free text."""
    try:
        send()
    except InvalidError as error:
        named = next((name for kind, name in _FIELDS.items() if isinstance(error, kind)), field)
        return Refused(field if named == "reason" else named, error.text, error.advice)
    return None


def page_number() -> int:
    """Return the page of a list that the address names, 1 where it names none."""
    text = request.args.get("page", "1")
    return min(int(text), LARGEST_PAGE) if text.isascii() and text.isdigit() and len(text) < 10 else 1  # noqa: PLR2004


def chosen_number(name: str) -> int | None:
    """Return the number that a field of the form or the address names, None where it names none."""
    return _number(request.values.get(name, ""))


def chosen_numbers(name: str) -> list[int]:
    """Return the different numbers that the boxes of a form name; whatever else is sent is passed over."""
    found = (_number(text) for text in request.form.getlist(name))
    return sorted({one for one in found if one is not None})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004
