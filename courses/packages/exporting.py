"""Taking a programme out as a package: what is published, or what is being written."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import undefer

from courses.authoring.extending import as_core
from courses.authoring.rows import has_drafts
from courses.authoring.shelf import read_content
from courses.catalogue.citing import resources_of
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import Programme, ProgrammeVersion
from courses.catalogue.naming import is_slug
from courses.catalogue.reviving import content_of
from courses.frameworks.queries import load_framework, load_vocabulary
from courses.library.checking import is_key
from courses.library.drafts import ResourceDraft
from courses.library.models import Resource
from courses.library.reading import draft_of
from courses.packages.carried import Carried, PackedResource, labels_named
from courses.packages.companions import companions
from courses.packages.errors import NotPublishedError, ProgrammeNotFoundError
from courses.packages.writing import write_zip
from institute.actors import InstituteId
from institute.db import db
from institute.files.storage import current_storage
from institute.i18n import Localised
from institute.people.models import Institute

IN_MEMORY: Final = 4 * 1024 * 1024
_PIECE: Final = 256 * 1024


class Which(StrEnum):
    """Which of a programme's contents."""

    PUBLISHED = "published"
    CORE = "core"  # what is published, for others to extend
    DRAFT = "draft"


def find_programme(slug: str, institute_id: InstituteId) -> Programme | None:
    """Return a programme of the institute."""
    if not is_slug(slug):
        return None
    return db.session.scalar(
        select(Programme).where(Programme.institute_id == institute_id, Programme.slug == slug)
    )


def content_now(programme: Programme) -> ProgrammeContent | None:
    """Return what is being written of a programme; where nobody writes, its newest version, or None without one."""
    if has_drafts(programme.id, db.session()):
        return read_content(programme.id)
    return content_of(programme.current_version_id) if programme.current_version_id is not None else None


def _newest(programme: Programme, *, as_others: bool) -> ProgrammeContent | None:
    if programme.current_version_id is None:
        return None
    content = content_of(programme.current_version_id)
    if not as_others:
        return content
    institute = db.session.get_one(Institute, programme.institute_id)
    version = db.session.get_one(ProgrammeVersion, programme.current_version_id)
    return as_core(content, institute=institute.slug, number=version.number)


@dataclass(frozen=True, slots=True)
class Offer:
    """What of a programme can be taken out."""

    slug: str
    title: Localised
    version: int | None
    drafted: bool


def offer_of(slug: str, *, institute_id: InstituteId) -> Offer:
    """Return what of a programme can be taken out. Raises ProgrammeNotFoundError."""
    programme = find_programme(slug, institute_id)
    if programme is None:
        raise ProgrammeNotFoundError(slug=slug)
    number = None
    if programme.current_version_id is not None:
        number = db.session.get_one(ProgrammeVersion, programme.current_version_id).number
    return Offer(slug, programme.title, number, has_drafts(programme.id, db.session()))


def export_programme(slug: str, which: Which, *, institute_id: InstituteId) -> IO[bytes]:
    """Return a programme as a package, to be read from its beginning and closed.

    Raises ProgrammeNotFoundError, NotPublishedError.
    """
    programme = find_programme(slug, institute_id)
    if programme is None:
        raise ProgrammeNotFoundError(slug=slug)
    content = (
        content_now(programme) if which is Which.DRAFT else _newest(programme, as_others=which is Which.CORE)
    )
    if content is None:
        raise NotPublishedError(slug=slug)
    packed = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller reads and closes it)
    write_zip(content, carried_with(content, institute_id), contents=_pieces, to=packed)
    size = packed.tell()
    packed.seek(0)
    if size > IN_MEMORY:
        return packed
    with packed:
        return io.BytesIO(packed.read())


def carried_with(content: ProgrammeContent, institute_id: InstituteId) -> Carried:
    """Return what a programme uses of its institute: resources, what these name, and what all are aligned to."""
    resources: dict[str, ResourceDraft] = {}
    wanted = resources_of(content)
    while wanted and (found := own_resources(wanted, institute_id)):
        resources |= found
        wanted = frozenset[str]().union(*map(resources_of, found.values())) - resources.keys()
    elements, tags = labels_named(content, resources.values())
    along = tuple(
        (companion, packed)
        for companion in companions()
        for packed in companion.pack(institute_id, frozenset(elements))
    )
    named = {key for companion, packed in along for key in companion.frameworks(packed)}
    frameworks = (load_framework(institute_id, key) for key in sorted({*elements, *named}))
    vocabularies = (load_vocabulary(institute_id, key) for key in tags)
    return Carried(
        resources=tuple(PackedResource(resources[key]) for key in sorted(resources)),
        frameworks=tuple(one for one in frameworks if one is not None),
        vocabularies=tuple(one for one in vocabularies if one is not None),
        companions=along,
    )


def own_resources(keys: Iterable[str], institute_id: InstituteId) -> dict[str, ResourceDraft]:
    """Return the institute's resources of these keys, archived ones too."""
    wanted = [key for key in dict.fromkeys(keys) if is_key(key)]
    rows = db.session.scalars(
        select(Resource)
        .where(Resource.institute_id == institute_id, Resource.key.in_(wanted))
        .options(undefer(Resource.body))
    )
    return {row.key: draft_of(row) for row in rows}


def _pieces(sha256: str) -> Iterator[bytes]:
    opened: BinaryIO
    with current_storage().open(sha256) as opened:
        while piece := opened.read(_PIECE):
            yield piece
