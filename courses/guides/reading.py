"""A module of one version as its authors wrote it, and who may read which version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from courses.catalogue.codec import read_document
from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleContent,
    ModuleDraft,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.models import (
    Instrument,
    Module,
    ModuleId,
    Programme,
    ProgrammeVersion,
    ProgrammeVersionId,
    Segment,
)
from courses.catalogue.queries import ProgrammeLine
from courses.guides.surroundings import Surroundings, surroundings_of
from institute.actors import InstituteId
from institute.db import db
from institute.errors import NotFoundError
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class ModuleHere:
    """A module of a version. ``day`` is when the version was published, in the institute's zone (``timezone``).

    ``closed`` are the numbers of the segments that are not open to the reader yet.
    """

    institute_id: InstituteId
    id: ModuleId
    version: int
    day: date
    timezone: str
    programme: ProgrammeDraft
    content: ModuleContent
    instruments: tuple[InstrumentDraft, ...]
    surroundings: Surroundings
    closed: frozenset[int] = frozenset()


def load_module(institute_id: InstituteId, module_id: ModuleId) -> ModuleHere:
    """Return a module of an institute, in six queries. Raises NotFoundError."""
    row = db.session.execute(
        select(Module, ProgrammeVersion, Programme.slug, Institute.timezone)
        .join(ProgrammeVersion, ProgrammeVersion.id == Module.version_id)
        .join(Programme, Programme.id == ProgrammeVersion.programme_id)
        .join(Institute, Institute.id == ProgrammeVersion.institute_id)
        .where(Module.id == module_id, ProgrammeVersion.institute_id == institute_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    module, version, slug, timezone = row
    segments = db.session.scalars(
        select(Segment.document).where(Segment.module_id == module.id).order_by(Segment.number)
    )
    instruments = db.session.scalars(
        select(Instrument.document).where(Instrument.version_id == version.id).order_by(Instrument.position)
    )
    content = ModuleContent(
        read_document(module.document, ModuleDraft),
        tuple(read_document(document, SegmentDraft) for document in segments),
    )
    all_instruments = tuple(read_document(document, InstrumentDraft) for document in instruments)
    return ModuleHere(
        institute_id=institute_id,
        id=module.id,
        version=version.number,
        day=version.published_at.astimezone(ZoneInfo(timezone)).date(),
        timezone=timezone,
        programme=ProgrammeDraft(slug, version.title, version.summary, tuple(version.tags), version.origin),
        content=content,
        instruments=all_instruments,
        surroundings=surroundings_of(institute_id, content, all_instruments),
    )


def find_version(line: ProgrammeLine, number: int | None) -> ProgrammeVersionId:
    """Return a programme's version by its number; for None the one that its reader reads. Raises NotFoundError."""
    if number is None:
        return line.version_id
    found = db.session.scalar(
        select(ProgrammeVersion.id).where(
            ProgrammeVersion.programme_id == line.id, ProgrammeVersion.number == number
        )
    )
    if found is None:
        raise NotFoundError
    return found
