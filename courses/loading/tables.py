"""TOML read strictly: every value has the type that is asked for, and a refusal names the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from courses.catalogue.naming import is_slug
from institute.errors import InvalidError
from institute.i18n import LOCALES, Localised, lazy_gettext

E = TypeVar("E", bound=StrEnum)

NUMBERS_END: Final = 100_000
LONGEST_TEXT: Final = 300


class FolderError(InvalidError):
    """A file of the folder cannot be used. ``file`` and ``key`` say where."""

    code = "FOLDER"
    sentence = lazy_gettext("%(file)s: “%(key)s” is wrong.")


class FileMissingError(FolderError):
    """A file that must be there is not, or cannot be read."""

    code = "FOLDER-FILE"
    sentence = lazy_gettext("%(file)s: the file is missing or cannot be read.")


class MalformedFileError(FolderError):
    """The file is not TOML."""

    code = "FOLDER-TOML"
    sentence = lazy_gettext("%(file)s: this is not TOML: %(reason)s.")


class KeyMissingError(FolderError):
    """A key that must be there is not."""

    code = "FOLDER-MISSING"
    sentence = lazy_gettext("%(file)s: “%(key)s” is missing.")


class UnknownKeyError(FolderError):
    """A key that nothing reads: most often a slip of the pen."""

    code = "FOLDER-UNKNOWN"
    sentence = lazy_gettext("%(file)s: “%(key)s” is not a key that is known here.")


class WrongValueError(FolderError):
    """The value is not of the kind that is needed."""

    code = "FOLDER-VALUE"
    sentence = lazy_gettext("%(file)s: “%(key)s” must be %(wanted)s.")


class UnknownNameError(FolderError):
    """The value names something that the folder does not hold."""

    code = "FOLDER-NAME"
    sentence = lazy_gettext("%(file)s: “%(key)s” names “%(name)s”, which is not there.")


class Table:
    """A table of a TOML file. ``where`` is its place within the file, such as ``activity[2]``; empty for the whole."""

    def __init__(self, data: Mapping[str, Any], *, file: str, source: str, where: str = "") -> None:
        self.data = data
        self.file = file
        self.source = source
        self.where = where
        self._read: set[str] = set()

    def key(self, name: str) -> str:
        """Return the full key of ``name``, as a refusal says it."""
        return f"{self.where}.{name}" if self.where else name

    def has(self, name: str) -> bool:
        """Tell whether the table holds ``name``."""
        return name in self.data

    def text(self, name: str, default: str | None = None, *, longest: int = LONGEST_TEXT) -> str:
        """Return a line of text that is not empty and has at most ``longest`` characters. Raises FolderError."""
        value = self._value(name, default)
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.wrong(name, lazy_gettext("a text"))
        if len(value) > longest:
            raise self.wrong(name, lazy_gettext("%(most)s characters at most", most=longest))
        return value.strip()

    def prose(self, name: str) -> str:
        """Return a text of several lines that is not empty. Raises FolderError."""
        value = self._value(name, None)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, lazy_gettext("a text"))
        return value.strip()

    def optional_text(self, name: str, *, longest: int = LONGEST_TEXT) -> str | None:
        """Return a line of text, or None where there is none. Raises FolderError."""
        return self.text(name, longest=longest) if self.has(name) else None

    def slug(self, name: str) -> str:
        """Return a name for addresses: lower-case letters, digits and hyphens. Raises FolderError."""
        value = self.text(name)
        if not is_slug(value):
            raise self.wrong(name, lazy_gettext("lower-case letters, digits and hyphens, 60 at most"))
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """Return a whole number from 0. Raises FolderError."""
        value = self._value(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < NUMBERS_END:
            raise self.wrong(name, lazy_gettext("a whole number from 0"))
        return value

    def position(self, name: str) -> int:
        """Return a whole number from 1. Raises FolderError."""
        value = self.number(name)
        if value == 0:
            raise self.wrong(name, lazy_gettext("a whole number from 1"))
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false. Raises FolderError."""
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, lazy_gettext("true or false"))
        return value

    def day(self, name: str) -> date:
        """Return a date. Raises FolderError."""
        value = self._value(name, None)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(name, lazy_gettext("a date such as 2026-09-01"))
        return value

    def instant(self, name: str) -> datetime:
        """Return a date and time with its offset. Raises FolderError."""
        value = self._value(name, None)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.wrong(name, lazy_gettext("a date and time such as 2026-09-01T15:00:00-07:00"))
        return value

    def zone(self, name: str, default: str | None = None) -> str:
        """Return the name of a time zone. Raises FolderError."""
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self.wrong(name, lazy_gettext("a time zone such as America/Los_Angeles")) from error
        return value

    def choice(self, name: str, kind: type[E]) -> E:
        """Return a member of ``kind``. Raises FolderError, whose sentence lists the members."""
        value = self._value(name, None)
        if value not in [member.value for member in kind]:
            raise self.wrong(name, ", ".join(member.value for member in kind))
        return kind(value)

    def names(self, name: str) -> list[str]:
        """Return a list of texts, empty where there is none. Raises FolderError."""
        value = self._value(name, [])
        if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
            raise self.wrong(name, lazy_gettext("a list of texts"))
        return value

    def localised(self, name: str) -> Localised:
        """Return a text in several languages; the source language must be among them. Raises FolderError."""
        return localise(self.table(name).texts(), self.source, file=self.file, key=self.key(name))

    def optional_localised(self, name: str) -> Localised | None:
        """Return a text in several languages, or None where there is none. Raises FolderError."""
        return self.localised(name) if self.has(name) else None

    def texts(self) -> dict[str, str]:
        """Return the whole table as texts by language. Raises FolderError."""
        for name, value in self.data.items():
            if name not in LOCALES:
                raise UnknownKeyError(file=self.file, key=self.key(name))
            if not isinstance(value, str):
                raise self.wrong(name, lazy_gettext("a text"))
        return {name: str(value) for name, value in self.data.items()}

    def table(self, name: str) -> Table:
        """Return a table within this one. Raises FolderError."""
        value = self._value(name, None)
        if not isinstance(value, dict):
            raise self.wrong(name, lazy_gettext("a table"))
        return Table(value, file=self.file, source=self.source, where=self.key(name))

    def tables(self, name: str) -> list[Table]:
        """Return a list of tables (``[[name]]``), empty where there is none. Raises FolderError."""
        value = self._value(name, [])
        if not isinstance(value, list) or not all(isinstance(member, dict) for member in value):
            raise self.wrong(name, lazy_gettext("a list of tables"))
        return [
            Table(member, file=self.file, source=self.source, where=f"{self.key(name)}[{number}]")
            for number, member in enumerate(value, start=1)
        ]

    def finish(self) -> None:
        """Refuse what nobody asked for. Raises UnknownKeyError."""
        for name in self.data:
            if name not in self._read:
                raise UnknownKeyError(file=self.file, key=self.key(name))

    def wrong(self, name: str, wanted: object) -> WrongValueError:
        """Return the refusal that ``name`` must be ``wanted``."""
        return WrongValueError(file=self.file, key=self.key(name), wanted=wanted)

    def _value(self, name: str, default: object) -> Any:
        self._read.add(name)
        if name in self.data:
            return self.data[name]
        if default is None:
            raise KeyMissingError(file=self.file, key=self.key(name))
        return default


def localise(texts: Mapping[str, str], source: str, *, file: str, key: str) -> Localised:
    """Return texts by language as one content text. Raises KeyMissingError without one in the source language."""
    if not texts.get(source, "").strip():
        raise KeyMissingError(file=file, key=f"{key}.{source}")
    return Localised.of({locale: text.strip() for locale, text in texts.items()}, source)


def read_table(path: Path, *, folder: Path, source: str = "en") -> Table:
    """Read a TOML file of ``folder``. Raises FileMissingError, MalformedFileError."""
    name = str(path.relative_to(folder))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileMissingError(file=name) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedFileError(file=name, reason=str(error).rstrip(".")) from error
    return Table(data, file=name, source=source)
