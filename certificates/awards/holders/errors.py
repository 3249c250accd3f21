"""What the holder's door refuses."""

from __future__ import annotations

from institute.errors import InvalidError, TooManyError
from institute.i18n import lazy_gettext


class AddressError(InvalidError):
    """What was typed is no address that mail can be sent to."""

    code = "HOLDER-ADDRESS"
    sentence = lazy_gettext("Write your e-mail address, such as name@example.org.")


class TooManyLettersError(TooManyError):
    """Somebody asks for one letter after the other."""

    code = "HOLDER-LETTERS"
    sentence = lazy_gettext("Too many letters were asked for. Try again in an hour.")
