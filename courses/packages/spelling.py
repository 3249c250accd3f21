"""Values spelled as TOML, the same values always in the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from courses.catalogue.drafts import MinuteRange
from courses.packages.tables import NO_ORIGIN, ORIGINS, SOURCE
from institute.i18n import LOCALES, Localised, text_hash

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPED_IN_LINES: Final = re.compile(r'\\|"(?="")|"\Z|[\x00-\x08\x0b-\x1f\x7f]')
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


class Paper:
    """A TOML file that is being written: keys of the file itself first, then its tables."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: list[str] = []
        self.tables: list[str] = []

    def put(self, name: str, value: object) -> None:
        """Write a value; what is as usual (None, false, empty) is left out."""
        if value is None or value is False or value in ((), ""):
            return
        self.lines.append(f"{name} = {spelled(value)}")

    def put_text(self, name: str, text: Localised | None, *, elsewhere: Sequence[str] = ()) -> None:
        """Write a text in its languages, but for those that stand ``elsewhere``, in Markdown files."""
        if text is not None:
            self.put_members(name, text_document(text, self.source, elsewhere=elsewhere))

    def put_members(self, name: str, members: Mapping[str, Any]) -> None:
        """Write a table as dotted keys, ``title.en = …``."""
        for below, value in members.items():
            if isinstance(value, Mapping):
                self.put_members(f"{name}.{spelled_key(below)}", value)
            else:
                self.lines.append(f"{name}.{spelled_key(below)} = {spelled(value)}")

    def put_document(self, document: Mapping[str, Any], above: str = "") -> None:
        """Write plain values, texts (tables) and lists of tables, whose names begin with ``above``."""
        for name, value in document.items():
            if isinstance(value, Mapping):
                self.put_members(name, value)
            elif isinstance(value, list) and value and isinstance(value[0], Mapping):
                for member in value:
                    below = Paper(self.source)
                    below.put_document(member, f"{above}{name}.")
                    self.add(f"{above}{name}", below)
            else:
                self.lines.append(f"{name} = {spelled(value)}")

    def add(self, name: str, other: Paper) -> None:
        """Add another paper's keys as one more member of a list of tables; its own tables follow it."""
        self._take(f"[[{name}]]", other)

    def set(self, name: str, other: Paper) -> None:
        """Add another paper's keys as a table; its own tables follow it."""
        self._take(f"[{name}]", other)

    def _take(self, header: str, other: Paper) -> None:
        self.tables += ["", header, *other.lines, *other.tables]

    def text(self) -> str:
        """Return the whole file."""
        return "\n".join([*self.lines, *self.tables, ""])


def text_document(text: Localised, source: str, *, elsewhere: Sequence[str] = ()) -> dict[str, Any]:
    """Return a text as a table of its languages, but for those that stand ``elsewhere``.

    Only what is not as usual is said of it: another language than ``source`` that it was written in, and what its
    translations were made from where that is not the present text.
    """
    kept = kept_texts(text)
    document: dict[str, Any] = {SOURCE: text.source} if text.source != source else {}
    document |= {locale: one for locale, one in kept.items() if locale not in elsewhere}
    now = text_hash(kept[text.source])
    made_from = {locale: text.origins.get(locale, NO_ORIGIN) for locale in kept if locale != text.source}
    older = {locale: origin for locale, origin in made_from.items() if origin != now}
    return document | ({ORIGINS: older} if older else {})


def kept_texts(text: Localised) -> dict[str, str]:
    """Return the texts that a package holds, in the order of the languages: no translation that is blank."""
    kept = {}
    for locale in LOCALES:
        one = text.texts.get(locale)
        if one is not None and (locale == text.source or one.strip()):
            kept[locale] = one
    return kept


def spelled(value: object) -> str:
    """Return a value as TOML spells it. Raises TypeError for what no package holds."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _spelled_text(str(value))
        case MinuteRange():
            return f"{{ min = {value.least}, max = {value.most} }}"
        case tuple() | list():
            return f"[{', '.join(spelled(member) for member in value)}]"
        case Mapping():
            members = (f"{spelled_key(name)} = {spelled(one)}" for name, one in value.items())
            return f"{{ {', '.join(members)} }}"
    raise TypeError(f"{type(value).__name__} is nothing that a package holds")


def _spelled_text(text: str) -> str:
    if "\n" in text.strip("\n"):
        return f'"""\n{_ESCAPED_IN_LINES.sub(_escape, text)}"""'
    return f'"{_ESCAPED.sub(_escape, text)}"'


def spelled_key(name: str) -> str:
    """Return a key as TOML spells it."""
    return name if _BARE.match(name) else spelled(name)


def _escape(found: re.Match[str]) -> str:
    one = found.group()
    return _SHORT.get(one) or f"\\u{ord(one):04X}"
