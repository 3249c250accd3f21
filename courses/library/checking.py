"""What every resource and collection must be, whoever hands it in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from courses.frameworks.naming import is_slug, keys_of
from courses.library.drafts import CollectionDraft, HeldFile, ResourceDraft
from courses.library.errors import (
    AddressMalformedError,
    FileNotHeldError,
    KeyMalformedError,
    LanguageUnknownError,
    LicenceAddressError,
    TextTooLongError,
)
from courses.library.models import LONGEST_ADDRESS, LONGEST_LINE, ResourceKind
from institute.actors import InstituteId
from institute.db import db
from institute.files.storage import current_storage
from institute.i18n import LOCALES, Localised
from institute.people.models import Institute
from institute.web.forms import storable

LONGEST_TITLE: Final = 300
LONGEST_SUMMARY: Final = 2000
LONGEST_BODY: Final = 100_000
RESERVED: Final = frozenset({"new", "collections"})  # addresses of their own
_PLAYED: Final = frozenset({ResourceKind.VIDEO, ResourceKind.AUDIO})


def is_key(text: str) -> bool:
    """Tell whether ``text`` may be the key of a resource or a collection."""
    return is_slug(text) and text not in RESERVED


def languages_here(institute_id: InstituteId) -> tuple[str, ...]:
    """Return the institute's languages, the one it is named in first."""
    institute = db.session.get_one(Institute, institute_id)
    ordered = dict.fromkeys((institute.name.source, *institute.languages.split()))
    return tuple(locale for locale in ordered if locale in LOCALES)


def languages_of(draft: ResourceDraft) -> tuple[str, ...]:
    """Return the languages that a resource can be read, seen or heard in."""
    told = [file.locale for file in draft.files] + list(draft.languages)
    if draft.body is not None:
        told += list(draft.body.texts)
    return tuple(sorted(set(told))) or (draft.title.source,)


def is_ready(draft: ResourceDraft) -> bool:
    """Tell whether a resource has what its kind needs for a reader to make use of it."""
    if draft.kind is ResourceKind.LINK:
        return draft.url is not None
    if draft.kind is ResourceKind.IMAGE:
        return bool(draft.files)
    if draft.kind in _PLAYED:
        return bool(draft.files) or draft.url is not None
    return bool(draft.files) or draft.url is not None or draft.body is not None


def check_resource(draft: ResourceDraft) -> None:
    """Raise the ResourceRefusedError that says what is wrong with a resource."""
    if not is_key(draft.key):
        raise KeyMalformedError
    if draft.url is not None and not is_web_address(draft.url):
        raise AddressMalformedError
    if draft.licence_url is not None and not is_web_address(draft.licence_url):
        raise LicenceAddressError
    _check_lengths(draft)
    _check_files(draft)


def tidied(draft: ResourceDraft) -> ResourceDraft:
    """Return a draft as it is kept: texts without control characters, one file for a language, nothing twice."""
    return replace(
        draft,
        title=_tidied_text(draft.title) or draft.title,
        summary=_tidied_text(draft.summary),
        body=_tidied_text(draft.body),
        alt=_tidied_text(draft.alt),
        licence=_tidied_line(draft.licence),
        version=_tidied_line(draft.version),
        source=_tidied_line(draft.source),
        url=draft.url or None,
        licence_url=draft.licence_url or None,
        files=_by_language(draft.files),
        captions=_by_language(draft.captions),
        languages=tuple(sorted(set(draft.languages))),
        tags=_labels(draft.tags),
        elements=_labels(draft.elements),
    )


def check_collection(draft: CollectionDraft) -> None:
    """Raise the ResourceRefusedError that says what is wrong with a collection."""
    if not is_key(draft.key):
        raise KeyMalformedError
    _check_length("title", draft.title, LONGEST_TITLE)
    _check_length("summary", draft.summary, LONGEST_SUMMARY)


def is_web_address(text: str) -> bool:
    """Tell whether ``text`` is a whole address of the web that every browser reads alike."""
    try:
        parts = urlsplit(text)
        fine = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, brackets that do not close
        return False
    plain = text.isprintable() and not any(one in text for one in ' <>"\\')
    return fine and plain and text.startswith(("https://", "http://")) and len(text) <= LONGEST_ADDRESS


def _check_lengths(draft: ResourceDraft) -> None:
    _check_length("title", draft.title, LONGEST_TITLE)
    _check_length("summary", draft.summary, LONGEST_SUMMARY)
    _check_length("alt", draft.alt, LONGEST_SUMMARY)
    _check_length("body", draft.body, LONGEST_BODY)
    for field, line in (("licence", draft.licence), ("version", draft.version), ("source", draft.source)):
        if len(line) > LONGEST_LINE:
            raise TextTooLongError(at=field, length=len(line), most=LONGEST_LINE)


def _check_files(draft: ResourceDraft) -> None:
    files = (*draft.files, *draft.captions)
    if not {*draft.languages, *(file.locale for file in files)} <= set(LOCALES):
        raise LanguageUnknownError
    storage = current_storage()
    for file in files:
        if not storage.exists(file.sha256):
            raise FileNotHeldError(file=file.name)


def _tidied_line(line: str) -> str:
    return " ".join(storable(line).split())


def _tidied_text(text: Localised | None) -> Localised | None:
    if text is None or all(storable(one) == one for one in text.texts.values()):
        return text
    return Localised(
        {locale: storable(one) for locale, one in text.texts.items()}, text.source, dict(text.origins)
    )


def _by_language(files: tuple[HeldFile, ...]) -> tuple[HeldFile, ...]:
    by_locale = {file.locale: file for file in files}
    return tuple(by_locale[locale] for locale in sorted(by_locale))


def _labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return labels without those that cannot be one."""
    return tuple(dict.fromkeys(one for one in labels if keys_of(one)))


def _check_length(field: str, text: Localised | None, most: int) -> None:
    for locale, one in (text.texts if text is not None else {}).items():
        if len(one) > most:
            raise TextTooLongError(at=f"{field}-{locale}", length=len(one), most=most)
