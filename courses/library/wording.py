"""The library's words: what kinds of resources are called, and languages in the reader's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

from courses.library.models import ResourceKind
from institute.i18n import LazyText, current_locale, gettext, lazy_gettext

_KILOBYTE: Final = 1024
_MEGABYTE: Final = 1024 * 1024
ICONS: Final = {
    ResourceKind.PROTOCOL: "list-check",
    ResourceKind.FRAMEWORK: "diagram-3",
    ResourceKind.RUBRIC: "card-checklist",
    ResourceKind.VIDEO: "play-circle",
    ResourceKind.AUDIO: "music-note-beamed",
    ResourceKind.IMAGE: "image",
    ResourceKind.DOCUMENT: "file-earmark-text",
    ResourceKind.LINK: "link-45deg",
    ResourceKind.OTHER: "archive",
}
_KINDS: Final[dict[ResourceKind, LazyText]] = {
    ResourceKind.PROTOCOL: lazy_gettext("Protocol"),
    ResourceKind.FRAMEWORK: lazy_gettext("Framework"),
    ResourceKind.RUBRIC: lazy_gettext("Rubric"),
    ResourceKind.VIDEO: lazy_gettext("Video"),
    ResourceKind.AUDIO: lazy_gettext("Audio"),
    ResourceKind.IMAGE: lazy_gettext("Picture"),
    ResourceKind.DOCUMENT: lazy_gettext("Document"),
    ResourceKind.LINK: lazy_gettext("Web page"),
    ResourceKind.OTHER: lazy_gettext("Other resource"),
}


def say_resource_kind(kind: ResourceKind) -> str:
    """Return what a kind of resource is called."""
    return str(_KINDS[kind])


def say_language(locale: str) -> str:
    """Return a language's name in the reader's own."""
    return Locale.parse(locale).get_display_name(current_locale()) or locale


def say_spoken(locales: Iterable[str]) -> str:
    """Return the names of several languages as the reader's language lists things."""
    return format_list([say_language(one) for one in locales], locale=current_locale())


def say_size(size: int) -> str:
    """Return how large a file is, in kilobytes or megabytes as people count them."""
    if size >= _MEGABYTE:
        return gettext("%(size)s MB", size=_number(size / _MEGABYTE))
    return gettext("%(size)s KB", size=_number(max(size // _KILOBYTE, 1)))


def _number(value: float) -> str:
    return format_decimal(round(value, 1), locale=current_locale())
