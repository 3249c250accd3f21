"""What private notes refuse, in their own words."""

from __future__ import annotations

from institute.errors import InvalidError
from institute.i18n import lazy_gettext


class NoteTooLongError(InvalidError):
    """There is room for a few pages."""

    code = "PRIVATE-NOTE-LENGTH"
    sentence = lazy_gettext("A private note has at most %(most)s characters; this one has %(length)s.")
