"""Reading a package: a programme with everything in it, or every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from courses.catalogue import checking
from courses.catalogue.addresses import address_of, instrument_address
from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleContent,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.frameworks.papers import framework_from_toml, vocabularies_from_toml
from courses.packages import problems
from courses.packages.carried import NOTHING_CARRIED, Carried
from courses.packages.companions import Companion, Packed, companions
from courses.packages.papers import (
    FORMAT,
    FRAMEWORKS,
    INSTRUMENTS,
    RESERVED,
    RESOURCES,
    ROOT_FILE,
    VOCABULARIES_FILE,
    Papers,
    opened_zip,
    read_text,
)
from courses.packages.parts import Texts, read_instrument, read_module, read_segment
from courses.packages.places import place_of
from courses.packages.problems import Problems
from courses.packages.resources import RESOURCE_FILE, ResourceReader
from courses.packages.tables import NOTHING, Table, read_sheet, spelled
from institute.i18n import LOCALES, SOURCE_LOCALE, lazy_gettext

MOST_TEXT: Final = 64 * 1024 * 1024
_README: Final = "README.md"
_LOCALE: Final = re.compile(r"\.(?P<locale>[A-Za-z]{2,3}([_-][A-Za-z0-9]+)*)\.md\Z")


@dataclass(frozen=True, slots=True)
class Package:
    """What a package holds. ``policy`` is the table ``coaching``, which stands only in an institute's own folder."""

    content: ProgrammeContent
    policy: Table | None = None
    carried: Carried = NOTHING_CARRIED


def read_zip(data: BinaryIO, *, source: str = SOURCE_LOCALE) -> Package:
    """Read a zipped package. Raises PackageError with every problem."""
    with opened_zip(data) as papers:
        return read_papers(papers, source=source)


def read_papers(papers: Papers, *, source: str = SOURCE_LOCALE) -> Package:
    """Read a package. ``source`` is the language that its texts are written in, where it does not say.

    Raises PackageError with every problem.
    """
    reader = _Reader(papers, source)
    package = reader.package()
    reader.noted.refuse()
    assert package is not None  # noqa: S101  (no programme without a problem)
    return package


class _Reader:
    def __init__(self, papers: Papers, source: str) -> None:
        self.papers = papers
        self.source = source
        self.noted = Problems()
        self.used: set[str] = set()
        self.size = 0
        self.tables: dict[str, Table] = {}  # by the address of the part

    def package(self) -> Package | None:
        table = self._table(ROOT_FILE)
        if table is None:
            return None
        if table.integer("format", least=1, default=FORMAT) > FORMAT:
            sentence = lazy_gettext("This package was made by a newer version of this software.")
            table.note(problems.FORMAT, sentence, "format")
            return None
        if table.has("source_language"):
            self.source = table.locale("source_language")
            table = table.written_in(self.source)
        self.tables[""] = table
        programme = ProgrammeDraft(
            slug=table.slug("slug"),
            title=table.localised("title"),
            summary=table.optional_localised("summary"),
            tags=table.names("tags"),
            origin=table.optional_text("origin") or "",
        )
        order = table.names(INSTRUMENTS)
        policy = table.table("coaching") if table.has("coaching") else None
        table.finish()
        instruments = self._instruments(order)
        modules = [self._module(folder) for folder in self._module_folders()]
        found = tuple(sorted((one for one in modules if one is not None), key=lambda one: one.draft.number))
        content = ProgrammeContent(programme, found, instruments)
        carried = self._carried()
        self._note_unread()
        self._note_structure(content)
        return Package(content, policy, carried)

    def _module(self, folder: str) -> ModuleContent | None:
        table = self._table(f"{folder}/module.toml")
        draft = read_module(table) if table else None
        segments: list[SegmentDraft] = []
        for below in self._folders_with(folder, "segment.toml"):
            opened = self._table(f"{below}/segment.toml")
            if opened is not None:
                segments.append(read_segment(opened, self._texts(below), folder=below))
                if draft is not None:
                    self.tables[address_of(draft.slug, segments[-1].slug)] = opened
        if table is None or draft is None:
            return None
        self.tables[draft.slug] = table
        return ModuleContent(draft, tuple(sorted(segments, key=lambda one: one.number)))

    def _instruments(self, order: tuple[str, ...]) -> tuple[InstrumentDraft, ...]:
        drafts = []
        for table in self._tables_in(INSTRUMENTS):
            drafts.append(read_instrument(table))
            self.tables[instrument_address(drafts[-1].key)] = table
        keys = [draft.key for draft in drafts]
        for number, key in enumerate(order, start=1):
            if key not in keys:
                sentence = lazy_gettext("“%(key)s” names “%(named)s”, which is not there.")
                self.tables[""].note(problems.NAME, sentence, INSTRUMENTS, number, named=key)
        places = {key: place for place, key in enumerate(order)}
        return tuple(sorted(drafts, key=lambda draft: (places.get(draft.key, len(places)), draft.key)))

    def _carried(self) -> Carried:
        reader = ResourceReader(self.papers, self.used)
        resources = []
        for folder in self._folders_with(RESOURCES, RESOURCE_FILE):
            table = self._table(f"{folder}/{RESOURCE_FILE}")
            if table is not None:
                resources.append(reader.read(table, self._texts(folder), folder=folder))
                self._note_twice(table, [one.draft.key for one in resources])
        frameworks = []
        for table in self._tables_in(FRAMEWORKS):
            frameworks.append(framework_from_toml(table))
            self._note_twice(table, [one.key for one in frameworks])
        table = self._table(VOCABULARIES_FILE) if VOCABULARIES_FILE in self.papers.names else None
        vocabularies = vocabularies_from_toml(table) if table is not None else ()
        along = tuple(one for companion in companions() for one in self._companions(companion))
        return Carried(tuple(resources), tuple(frameworks), vocabularies, along)

    def _companions(self, companion: Companion) -> list[tuple[Companion, Packed]]:
        found: list[tuple[Companion, Packed]] = []
        for table in self._tables_in(companion.folder):
            found.append((companion, companion.read(table)))
            self._note_twice(table, [packed.key for _, packed in found])
        return found

    def _tables_in(self, folder: str) -> Iterator[Table]:
        """Give every TOML file right in a folder, in the order of their names."""
        for name in sorted(self.papers.names):
            if name.startswith(f"{folder}/") and name.endswith(".toml") and name.count("/") == 1:
                table = self._table(name)
                if table is not None:
                    yield table

    def _note_twice(self, table: Table, keys: Sequence[str]) -> None:
        """Note it where the last key stood before."""
        if keys[-1] in keys[:-1]:
            table.note(problems.TWICE, lazy_gettext("“%(key)s” stands in another file already."), "key")

    def _module_folders(self) -> list[str]:
        """Return the folders of modules, also of those whose module.toml is missing."""
        above = {name.partition("/")[0] for name in self.papers.names if name.endswith("/segment.toml")}
        found = {*self._folders_with("", "module.toml"), *above}
        return sorted(found - RESERVED)

    def _folders_with(self, above: str, name: str) -> list[str]:
        """Return the folders right below one, in the order of their names, that hold the file."""
        start = f"{above}/" if above else ""
        found = {path.rpartition("/")[0] for path in self.papers.names if path.endswith(f"/{name}")}
        depth = start.count("/")
        return sorted(
            folder
            for folder in found
            if folder.startswith(start) and folder.count("/") == depth and folder not in RESERVED
        )

    def _texts(self, folder: str) -> Texts:
        def texts(stem: str) -> Mapping[str, str]:
            found = {}
            for locale in LOCALES:
                name = f"{folder}/{stem}.{locale}.md"
                if name in self.papers.names:
                    text = self._text(name)  # what cannot be read was noted, and is not missing as well
                    found[locale] = NOTHING if text is None else text.removesuffix("\n")
            return found

        return texts

    def _table(self, name: str) -> Table | None:
        if name not in self.papers.names:
            self.noted.add(problems.MISSING_FILE, lazy_gettext("The file is missing."), file=name)
            return None
        text = self._text(name)
        return None if text is None else read_sheet(text, file=name, source=self.source, noted=self.noted)

    def _text(self, name: str) -> str | None:
        self.used.add(name)
        if self.size > MOST_TEXT:
            return None
        text = read_text(self.papers, name, self.noted)
        self.size += len(text or "")
        if self.size > MOST_TEXT:
            sentence = lazy_gettext(
                "The texts of a package may be %(most)s MB at most.", most=MOST_TEXT // (1024 * 1024)
            )
            self.noted.add(problems.LARGE, sentence, file=name)
        return text

    def _note_unread(self) -> None:
        for name in sorted(self.papers.names - self.used - {_README}):
            found = _LOCALE.search(name)
            if found and found["locale"] not in LOCALES:
                sentence = lazy_gettext(
                    "“%(locale)s” is not one of the languages: %(locales)s.",
                    locale=found["locale"],
                    locales=", ".join(LOCALES),
                )
                self.noted.add(problems.LANGUAGE, sentence, file=name)
            else:
                sentence = lazy_gettext("Nothing in the package refers to this file.")
                self.noted.add(problems.UNREAD, sentence, file=name)

    def _note_structure(self, content: ProgrammeContent) -> None:
        """Note what forbids publishing, where the values alone are right."""
        if self.noted.found:
            return
        for problem in checking.problems_of(content):
            table = self.tables.get(problem.address, self.tables[""])
            place = place_of(problem.path, table.data)
            code = problems.STRUCTURE if problem.code != "cycle" else problems.CYCLE
            self.noted.add(
                code,
                problem.sentence,
                file=table.sheet.file,
                line=table.line_at(place),
                key=spelled(place) or problem.path,
            )
