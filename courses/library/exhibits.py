"""Resources as they are shown: which file and which captions a reader gets, by the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from courses.library.checking import is_key
from courses.library.models import FilePurpose, Resource, ResourceFile, ResourceFileId, ResourceKind
from institute.actors import InstituteId
from institute.db import db
from institute.files.models import StoredFile
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class ExhibitFile:
    """A file of a resource with what a page says of it. ``size`` counts bytes."""

    id: ResourceFileId
    purpose: FilePurpose
    locale: str
    name: str
    media_type: str
    sha256: str
    size: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A resource with its files, without its long text."""

    key: str
    kind: ResourceKind
    title: Localised
    alt: Localised | None
    url: str | None
    files: tuple[ExhibitFile, ...]

    def content(self, locale: str) -> ExhibitFile | None:
        """Return the file for a reader of ``locale``: in that language, the source's, or whichever there is."""
        found = {one.locale: one for one in self.files if one.purpose is FilePurpose.CONTENT}
        return (
            found.get(locale)
            or found.get(self.title.source)
            or next((found[one] for one in sorted(found)), None)
        )

    def captions(self, locale: str) -> tuple[ExhibitFile, ...]:
        """Return the captions, those of the reader's language first."""
        found = [one for one in self.files if one.purpose is FilePurpose.CAPTIONS]
        return tuple(sorted(found, key=lambda one: (one.locale != locale, one.locale)))


def exhibits(institute_id: InstituteId, keys: Iterable[str]) -> Mapping[str, Exhibit]:
    """Return the resources of these keys, archived ones too; two statements for any number of them."""
    wanted = [key for key in dict.fromkeys(keys) if is_key(key)]
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Resource.id, Resource.key, Resource.kind, Resource.title, Resource.alt, Resource.url).where(
            Resource.institute_id == institute_id, Resource.key.in_(wanted)
        )
    ).all()
    files: dict[int, list[ExhibitFile]] = {row.id: [] for row in rows}
    query = (
        select(ResourceFile, StoredFile)
        .join(StoredFile, StoredFile.id == ResourceFile.file_id)
        .where(ResourceFile.resource_id.in_(list(files)))
        .order_by(ResourceFile.locale)
    )
    for file, stored in db.session.execute(query) if files else ():
        files[file.resource_id].append(
            ExhibitFile(
                id=file.id,
                purpose=file.purpose,
                locale=file.locale,
                name=stored.name,
                media_type=stored.media_type,
                sha256=stored.sha256,
                size=stored.size,
                width=file.width,
                height=file.height,
            )
        )
    return {
        row.key: Exhibit(row.key, row.kind, row.title, row.alt, row.url, tuple(files[row.id])) for row in rows
    }
