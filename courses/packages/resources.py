"""A resource's folder in a package: resource.toml, its Markdown texts, its files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from courses.library.checking import is_key, is_web_address
from courses.library.drafts import HeldFile, ResourceDraft
from courses.library.models import FilePurpose, ResourceKind
from courses.library.taking import LARGEST_RECORDING
from courses.packages import problems
from courses.packages.carried import PackedResource
from courses.packages.papers import RESOURCES, Papers, is_safe_path, stem_of
from courses.packages.parts import Texts
from courses.packages.problems import PackageError
from courses.packages.spelling import Paper
from courses.packages.tables import Table
from courses.packages.texts import Files, put_markdown
from institute.i18n import LOCALES, lazy_gettext

RESOURCE_FILE: Final = "resource.toml"
_TABLES: Final = {FilePurpose.CONTENT: "file", FilePurpose.CAPTIONS: "captions"}
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}\Z")


@dataclass(slots=True)
class ResourceReader:
    """Reads the resources of a package; ``used`` are the files that something refers to."""

    papers: Papers
    used: set[str]

    def read(self, table: Table, texts: Texts, *, folder: str) -> PackedResource:
        """Return what a resource.toml says, with the files beside it."""
        paths: dict[str, str] = {}
        draft = ResourceDraft(
            key=table.slug("key"),
            kind=table.choice("kind", ResourceKind),
            title=table.localised("title"),
            summary=table.optional_localised("summary"),
            body=table.optional_localised("body", texts("body")),
            alt=table.optional_localised("alt"),
            url=_address(table, "url"),
            files=self._files(table, FilePurpose.CONTENT, folder, paths),
            captions=self._files(table, FilePurpose.CAPTIONS, folder, paths),
            languages=_languages(table),
            licence=table.optional_text("licence") or "",
            licence_url=_address(table, "licence_url"),
            version=table.optional_text("version") or "",
            source=table.optional_text("source") or "",
            tags=table.names("tags"),
            elements=table.names("elements"),
        )
        if draft.key and not is_key(draft.key):
            table.wrong("key", lazy_gettext("another key: this one is taken by a page of the library"))
        table.finish()
        return PackedResource(draft, paths)

    def _files(
        self, table: Table, purpose: FilePurpose, folder: str, paths: dict[str, str]
    ) -> tuple[HeldFile, ...]:
        found: dict[str, HeldFile] = {}
        for member in table.tables(_TABLES[purpose]):
            locale, path = member.locale("language"), member.text("path")
            name = member.optional_text("name") or PurePosixPath(path).name
            digest = member.optional_text("sha256")
            if locale in found:
                member.note(
                    problems.TWICE, lazy_gettext("There are two files for this language."), "language"
                )
            held = self._held(member, f"{folder}/{path}", digest)
            if held is not None:
                sha256, size = held
                paths[sha256] = f"{folder}/{path}"
                found[locale] = HeldFile(locale, name, "", sha256, size)
        return tuple(found[locale] for locale in sorted(found))

    def _held(self, member: Table, path: str, digest: str | None) -> tuple[str, int] | None:
        """Return a file's SHA-256 and size, or note why it cannot be used."""
        if not is_safe_path(path) or path not in self.papers.names:
            member.note(
                problems.MISSING_FILE, lazy_gettext("“%(key)s” names a file that is not there."), "path"
            )
            return None
        self.used.add(path)
        summed, size = hashlib.sha256(), 0
        try:
            for piece in self.papers.pieces(path, LARGEST_RECORDING):
                summed.update(piece)
                size += len(piece)
        except PackageError as error:
            member.sheet.problems.found.extend(error.problems)
            return None
        if digest is not None and digest != summed.hexdigest():
            sentence = lazy_gettext("The file is not the one that “%(key)s” names.")
            member.note(problems.DIGEST, sentence, "sha256")
        return summed.hexdigest(), size


def write_resource(draft: ResourceDraft, source: str) -> tuple[Files, dict[str, str]]:
    """Return a resource's texts by their paths, and the paths of its files by their SHA-256."""
    folder = f"{RESOURCES}/{stem_of(draft.key)}"
    files: Files = {}
    paths: dict[str, str] = {}
    paper = Paper(source)
    paper.put("key", draft.key)
    paper.put("kind", str(draft.kind))
    for name in ("url", "licence", "licence_url", "version", "source", "languages", "tags", "elements"):
        paper.put(name, getattr(draft, name))
    paper.put_text("title", draft.title)
    paper.put_text("summary", draft.summary)
    paper.put_text("alt", draft.alt)
    put_markdown(paper, "body", draft.body, files, f"{folder}/body")
    for purpose, held, path in _named(draft):
        below = Paper(source)
        below.put("language", held.locale)
        below.put("path", path)
        below.put("name", held.name)
        below.put("sha256", held.sha256)
        paper.add(_TABLES[purpose], below)
        paths[f"{folder}/{path}"] = held.sha256
    files[f"{folder}/{RESOURCE_FILE}"] = paper.text()
    return files, paths


def _named(draft: ResourceDraft) -> Iterator[tuple[FilePurpose, HeldFile, str]]:
    """Yield each file with its name in the package: its language, and the ending that tells its kind."""
    for purpose in FilePurpose:
        start = "captions." if purpose is FilePurpose.CAPTIONS else ""
        for held in draft.held(purpose):
            suffix = PurePosixPath(held.name).suffix.lower()
            yield purpose, held, f"{start}{held.locale}{suffix if _SUFFIX.match(suffix) else '.bin'}"


def _address(table: Table, name: str) -> str | None:
    address = table.optional_text(name)
    if address is not None and not is_web_address(address):
        table.wrong(name, lazy_gettext("an address that begins with https://"))
    return address


def _languages(table: Table) -> tuple[str, ...]:
    languages = table.names("languages")
    if not set(languages) <= set(LOCALES):
        table.wrong("languages", lazy_gettext("some of %(names)s", names=", ".join(LOCALES)))
    return languages
