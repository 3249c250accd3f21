"""What the library's pages show to those who read it."""

from __future__ import annotations

from dataclasses import dataclass

from courses.frameworks.queries import Named, named
from courses.library import queries
from courses.library.captions import Paragraph, read_captions, transcript
from courses.library.exhibits import Exhibit, ExhibitFile, exhibits
from courses.library.models import FilePurpose, LabelKind, Resource
from courses.library.queries import CollectionLine, CollectionPage, Filters, Found, Wanted
from courses.library.uses import Use, is_published, uses_of
from institute.actors import Actor, Role
from institute.errors import NotFoundError
from institute.files.models import StoredFile
from institute.files.reading import find_file, open_file
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class ListPage:
    """What was searched, what it can be narrowed down to, and the collections."""

    found: Found
    filters: Filters
    collections: tuple[CollectionLine, ...]


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """A resource in full. ``collections`` are (key, title) of those that it is in; ``uses`` are told to authors."""

    exhibit: Exhibit
    summary: Localised | None
    body: Localised | None
    licence: str
    licence_url: str | None
    version: str
    source: str
    languages: tuple[str, ...]
    tags: tuple[Named, ...]
    elements: tuple[Named, ...]
    collections: tuple[tuple[str, Localised], ...]
    ready: bool
    archived: bool
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """What the captions of a recording say."""

    exhibit: Exhibit
    file: ExhibitFile
    paragraphs: tuple[Paragraph, ...]


def list_page(wanted: Wanted, *, actor: Actor) -> ListPage:
    """Return a page of the library; the collections only where nothing is searched."""
    begins = not wanted.narrowed and wanted.page == 1
    return ListPage(
        found=queries.search(actor.institute_id, wanted),
        filters=queries.filters(actor.institute_id),
        collections=tuple(queries.collections(actor.institute_id)) if begins else (),
    )


def resource_page(key: str, role: Role, *, actor: Actor) -> ResourcePage:
    """Return a resource that readers of a role find, or that is published. Raises NotFoundError."""
    row = _readable(key, role, actor)
    names = named(actor.institute_id, [one.label for one in row.labels])
    return ResourcePage(
        exhibit=exhibits(actor.institute_id, [row.key])[row.key],
        summary=row.summary,
        body=row.body,
        licence=row.licence,
        licence_url=row.licence_url,
        version=row.version,
        source=row.source,
        languages=tuple(one.locale for one in row.languages),
        tags=tuple(names[one.label] for one in row.labels if one.kind is LabelKind.TAG),
        elements=tuple(names[one.label] for one in row.labels if one.kind is LabelKind.ELEMENT),
        collections=tuple(queries.collections_with(actor.institute_id, row.key)),
        ready=row.ready,
        archived=row.archived_at is not None,
        uses=tuple(uses_of(actor.institute_id, [row.key])) if role is Role.AUTHOR else (),
    )


def file_of(key: str, file_id: int, role: Role, *, actor: Actor) -> StoredFile:
    """Return a file of a resource that the reader may open. Raises NotFoundError."""
    row = _readable(key, role, actor)
    file = next((one for one in row.files if one.id == file_id), None)
    if file is None:
        raise NotFoundError
    return find_file(file.file_id, institute_id=actor.institute_id)


def transcript_page(key: str, file_id: int, role: Role, *, actor: Actor) -> TranscriptPage:
    """Return what captions say as a text. Raises NotFoundError, FileMissingError."""
    row = _readable(key, role, actor)
    exhibit = exhibits(actor.institute_id, [row.key])[row.key]
    file = next((one for one in exhibit.files if one.id == file_id), None)
    if file is None or file.purpose is not FilePurpose.CAPTIONS:
        raise NotFoundError
    stored = next(one.file_id for one in row.files if one.id == file_id)
    _row, data = open_file(stored, institute_id=actor.institute_id)
    with data:
        return TranscriptPage(exhibit, file, transcript(read_captions(data.read())))


def collection_page(key: str, *, actor: Actor) -> CollectionPage:
    """Return a collection with what readers find of it. Raises NotFoundError."""
    found = queries.find_collection(actor.institute_id, key)
    if found is None:
        raise NotFoundError
    return found


def _readable(key: str, role: Role, actor: Actor) -> Resource:
    """Return a resource that a reader of a role may open: authors any, others what is found or what is published."""
    row = queries.find_row(actor.institute_id, key)
    if row is None:
        raise NotFoundError
    hidden = row.archived_at is not None or not row.ready
    if hidden and role is not Role.AUTHOR and not is_published(actor.institute_id, row.key):
        raise NotFoundError
    return row
