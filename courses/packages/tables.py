"""A TOML table read strictly: every value has the type that is asked for, and whatever is wrong is noted with its line.

A value that is wrong is noted and something valid of its kind is returned in its place, so that reading goes on and
finds the rest; nothing is built from what was read once anything was noted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from courses.catalogue.drafts import MinuteRange
from courses.catalogue.naming import is_slug
from courses.packages import problems
from courses.packages.lines import Place, TooIntricateError, line_of, lines_of
from courses.packages.problems import Problems, Sentence
from institute.i18n import LOCALES, LazyText, Localised, lazy_gettext, text_hash

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")
D = TypeVar("D")

NUMBERS_END: Final = 100_000
LONGEST_LINE: Final = 2_000
LONGEST_TEXT: Final = 200_000
LONGEST_SHOWN: Final = 80
SOURCE: Final = "source"
ORIGINS: Final = "made_from"
NO_ORIGIN: Final = "unknown"
NOTHING: Final = "-"  # what stands in for a text that is wrong
_NAMES: Final = frozenset({"title", "label"})  # texts by which a reader finds something are never blank
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
_ORIGIN: Final = re.compile(rf"([0-9a-f]{{16}}|{NO_ORIGIN})?\Z")
_SYNTAX: Final = re.compile(
    r"(?P<reason>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)\Z", re.DOTALL
)

UNKNOWN_KEY: Final = lazy_gettext("“%(key)s” is not a key that is known here.")
MISSING_KEY: Final = lazy_gettext("“%(key)s” is missing.")
WRONG_VALUE: Final = lazy_gettext("“%(key)s” must be %(wanted)s.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A TOML file: its name, its lines, the language that its texts are written in, and where problems are noted."""

    file: str
    source: str
    problems: Problems
    lines: Mapping[Place, int] = field(default_factory=dict)


class Table:
    """A table of a TOML file. ``place`` is where it stands within the file; empty for the whole."""

    def __init__(self, data: Mapping[str, Any], sheet: Sheet, place: Place = ()) -> None:
        self.data = data
        self.sheet = sheet
        self.place = place
        self._read: set[str] = set()

    def has(self, name: str) -> bool:
        """Tell whether the table holds ``name``."""
        return name in self.data

    def line(self, name: str) -> int:
        """Return the line of ``name``, or of the table where it is not there."""
        return line_of((*self.place, name), self.sheet.lines)

    def line_at(self, place: Place) -> int:
        """Return the line of a place below the table, or of the nearest one above it."""
        return line_of((*self.place, *place), self.sheet.lines)

    def written_in(self, source: str) -> Table:
        """Return the same table, as far as it was read, for texts that are written in another language."""
        other = Table(self.data, replace(self.sheet, source=source), self.place)
        other._read |= self._read
        return other

    def text(self, name: str, *, longest: int = LONGEST_LINE) -> str:
        """Return a line of text that is not empty."""
        value = self._value(name, str, NOTHING)
        if not value.strip() or not value.isprintable():
            self.wrong(name, lazy_gettext("a line of text"))
        elif len(value) > longest:
            self.wrong(name, lazy_gettext("%(most)s characters at most", most=longest))
        else:
            return value
        return NOTHING

    def optional_text(self, name: str, *, longest: int = LONGEST_LINE) -> str | None:
        """Return a line of text, or None where there is none."""
        return self.text(name, longest=longest) if self.has(name) else None

    def slug(self, name: str) -> str:
        """Return a name for addresses: lower-case letters, digits and hyphens."""
        value = self._value(name, str, NOTHING)
        if value != NOTHING and not is_slug(value):
            self.wrong(name, lazy_gettext("lower-case letters, digits and hyphens, 60 at most"))
        return value

    def integer(self, name: str, *, least: int, default: int | None = None) -> int:
        """Return a whole number from ``least``."""
        if default is not None and not self.has(name):
            return default
        value = self._value(name, int, least)
        if not least <= value < NUMBERS_END:
            self.wrong(name, lazy_gettext("a whole number from %(least)s", least=least))
            return least
        return value

    def optional_integer(self, name: str, *, least: int) -> int | None:
        """Return a whole number from ``least``, or None where there is none."""
        return self.integer(name, least=least) if self.has(name) else None

    def flag(self, name: str) -> bool:
        """Return true or false; false where nothing is said."""
        return self._value(name, bool, False) if self.has(name) else False

    def choice(self, name: str, kind: type[E], default: E | None = None) -> E:
        """Return a member of ``kind``; a problem lists the members."""
        if default is not None and not self.has(name):
            return default
        value = self._value(name, str, None)
        known = [member.value for member in kind]
        if value in known:
            return kind(value)
        if value is not None:
            self.wrong(name, lazy_gettext("one of %(names)s", names=", ".join(known)))
        return next(iter(kind))

    def names(self, name: str) -> tuple[str, ...]:
        """Return a list of lines of text, empty where there is none."""
        if not self.has(name):
            return ()
        value = self._value(name, list, [])
        for number, member in enumerate(value, start=1):
            if not isinstance(member, str) or not member.isprintable() or not 0 < len(member) <= LONGEST_LINE:
                self.wrong(name, lazy_gettext("a list of lines of text"), number)
                return ()
        return tuple(value)

    def minutes(self, name: str) -> MinuteRange:
        """Return a range written ``{ min = 0, max = 60 }``."""
        table = self.table(name)
        if table is None:
            return MinuteRange(0, 0)
        least, most = table.integer("min", least=0), table.integer("max", least=0)
        table.finish()
        if least > most:
            self.wrong(name, lazy_gettext("a range whose min is not above its max"))
            return MinuteRange(0, 0)
        return MinuteRange(least, most)

    def table(self, name: str) -> Table | None:
        """Return a table within this one, or None where something else stands there."""
        value = self._value(name, dict, None)
        return None if value is None else Table(value, self.sheet, (*self.place, name))

    def tables(self, name: str) -> Iterator[Table]:
        """Give each table of a list (``[[name]]``); nothing where there is none. Each is finished after its turn."""
        if not self.has(name):
            return
        for number, member in enumerate(self._value(name, list, []), start=1):
            if isinstance(member, dict):
                table = Table(member, self.sheet, (*self.place, name, number))
                yield table
                table.finish()
            else:
                self.wrong(name, lazy_gettext("a list of tables"), number)

    def localised(self, name: str, files: Mapping[str, str] | None = None, *, missing: str = "") -> Localised:
        """Return a text in several languages: those of the table and those of ``files`` by locale.

        The language it is written in must be among them; ``missing`` is the file to be named where it is not.
        """
        before = len(self.sheet.problems.found)
        found = self.optional_localised(name, files)
        if found is None and len(self.sheet.problems.found) == before:
            if missing:
                sentence = lazy_gettext("The file is missing.")
                self.sheet.problems.add(problems.MISSING_FILE, sentence, file=missing)
            else:
                self.note(problems.MISSING, MISSING_KEY, name)
        return found or Localised.of({self.sheet.source: NOTHING}, self.sheet.source)

    def optional_localised(self, name: str, files: Mapping[str, str] | None = None) -> Localised | None:
        """Return a text in several languages, or None where there is none."""
        files = files or {}
        table = self.table(name) if self.has(name) else None
        if table is None:
            table = Table({}, self.sheet, (*self.place, name))
        before = len(self.sheet.problems.found)
        source, texts, origins = table.languages()
        for locale in sorted(files.keys() & texts.keys()):
            table.note(
                problems.TWICE, lazy_gettext("“%(key)s” stands here and in a Markdown file as well."), locale
            )
        texts |= {locale: text for locale, text in files.items() if table.fits(text, locale)}
        if source not in texts or (name in _NAMES and not texts[source].strip()):
            if (texts or table.data) and len(self.sheet.problems.found) == before:
                table.note(problems.MISSING, MISSING_KEY, source)
            return None
        texts = {locale: text for locale, text in texts.items() if locale == source or text.strip()}
        for locale in origins.keys() - texts.keys():
            table.note(problems.UNKNOWN, UNKNOWN_KEY, ORIGINS, locale)
        return _composed(texts, source, origins)

    def languages(self) -> tuple[str, dict[str, str], dict[str, str]]:
        """Return the whole table as the language it is written in, its texts by language, and their origins."""
        source, texts, origins = self.sheet.source, {}, {}
        if self.has(SOURCE):
            source = self.locale(SOURCE)
        if self.has(ORIGINS) and (table := self.table(ORIGINS)) is not None:
            origins = table.origins()
        for name in self.data:
            if name in {SOURCE, ORIGINS}:
                continue
            if name not in LOCALES:
                sentence = lazy_gettext("“%(key)s” is not one of the languages: %(locales)s.")
                self.note(problems.LANGUAGE, sentence, name, locales=", ".join(LOCALES))
                continue
            text = self._value(name, str, "")
            if self.fits(text, name):
                texts[name] = text
        return source, texts, origins

    def fits(self, text: str, locale: str) -> bool:
        """Tell whether a text may be kept, or note why not."""
        if len(text) > LONGEST_TEXT:
            self.wrong(locale, lazy_gettext("%(most)s characters at most", most=LONGEST_TEXT))
        elif not is_writable(text):
            self.wrong(locale, lazy_gettext("a text that every database can hold"))
        else:
            return True
        return False

    def origins(self) -> dict[str, str]:
        """Return the whole table as hashes of sources by language."""
        found = {}
        for name in self.data:
            value = self._value(name, str, "")
            if name not in LOCALES:
                self.note(problems.UNKNOWN, UNKNOWN_KEY, name)
            elif _ORIGIN.match(value):
                found[name] = value
            else:
                self.wrong(name, lazy_gettext("the 16 digits that name an older text, or “unknown”"))
        return found

    def locale(self, name: str) -> str:
        """Return one of the languages."""
        value = self._value(name, str, self.sheet.source)
        if value not in LOCALES:
            self.wrong(name, lazy_gettext("one of %(names)s", names=", ".join(LOCALES)))
            return self.sheet.source
        return value

    def finish(self) -> None:
        """Note what nobody asked for."""
        for name in self.data:
            if name not in self._read:
                self.note(problems.UNKNOWN, UNKNOWN_KEY, name)

    def wrong(self, name: str, wanted: LazyText, *below: str | int) -> None:
        """Note that ``name`` must be ``wanted``."""
        self.note(problems.VALUE, WRONG_VALUE, name, *below, wanted=wanted)

    def note(self, code: str, sentence: LazyText, name: str, *below: str | int, **facts: object) -> None:
        """Note a problem with ``name``, whose key is put into the sentence."""
        place = (*self.place, name, *below)
        key = spelled(place)
        said = Sentence(sentence, {"key": key, **facts})
        line = line_of(place, self.sheet.lines)
        self.sheet.problems.add(code, said, file=self.sheet.file, line=line, key=key)

    def _value(self, name: str, kind: type[V], instead: D) -> V | D:
        self._read.add(name)
        if name not in self.data:
            self.note(problems.MISSING, MISSING_KEY, name)
            return instead
        value = self.data[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(name, _KINDS[kind])
            return instead
        return value


_KINDS: Final[Mapping[type, LazyText]] = {
    str: lazy_gettext("a text in quotation marks"),
    int: lazy_gettext("a whole number without quotation marks"),
    bool: lazy_gettext("true or false"),
    list: lazy_gettext("a list"),
    dict: lazy_gettext("a table"),
}


def _composed(texts: dict[str, str], source: str, origins: Mapping[str, str]) -> Localised:
    """Return a text whose translations were made from the present source, but for those that ``origins`` names."""
    mark = text_hash(texts[source])
    made_from = {locale: origins.get(locale, mark) for locale in texts if locale != source}
    texts = {locale: texts[locale] for locale in LOCALES if locale in texts}
    return Localised(texts, source, {locale: mark for locale, mark in made_from.items() if mark != NO_ORIGIN})


def spelled(place: Place) -> str:
    """Return a place as a problem says it, such as ``activity[2].title.es``, shortened where a key is long."""
    said = ""
    for part in place:
        if isinstance(part, int):
            said += f"[{part}]"
        else:
            shown = part if part.isprintable() else ascii(part)[1:-1]
            said += ("." if said else "") + shown[:LONGEST_SHOWN]
    return said


def is_writable(text: str) -> bool:
    """Tell whether every database can hold the text: no NUL, no half of a surrogate pair."""
    return _UNWRITABLE.search(text) is None


def read_sheet(text: str, *, file: str, source: str, noted: Problems) -> Table | None:
    """Read a TOML file, or note why it cannot be read and return None."""
    try:
        lines = lines_of(text)
        return Table(tomllib.loads(text), Sheet(file, source, noted, lines))
    except TooIntricateError as error:
        sentence = lazy_gettext("The file holds too much, or too many tables within tables.")
        noted.add(problems.DEEP, sentence, file=file, line=error.line)
    except (ValueError, RecursionError) as error:
        found = _SYNTAX.match(str(error))
        reason = found["reason"] if found else str(error)
        last = text.count("\n") + 1
        line = int(found["line"]) if found and found["line"] else last
        sentence = lazy_gettext("This is not TOML: %(reason)s.", reason=reason[:LONGEST_LINE])
        noted.add(problems.TOML, sentence, file=file, line=line)
    return None
