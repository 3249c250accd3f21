"""A published version as the content that it was published from."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from courses.catalogue.addresses import address_of, instrument_address
from courses.catalogue.codec import read_document
from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleContent,
    ModuleDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.models import (
    Instrument,
    Module,
    ModuleId,
    PartId,
    Programme,
    ProgrammeVersion,
    ProgrammeVersionId,
    Segment,
)
from courses.catalogue.naming import is_slug
from institute.db import db
from institute.errors import NotFoundError


def content_of(version_id: ProgrammeVersionId) -> ProgrammeContent:
    """Return exactly what was published as this version, in four queries.

    Whose version it is, is for the caller to know. Raises NotFoundError.
    """
    programme = _programme(version_id)
    modules = db.session.execute(
        select(Module.id, Module.document).where(Module.version_id == version_id).order_by(Module.number)
    )
    segments = _segments(version_id)
    return ProgrammeContent(
        programme=programme,
        modules=tuple(
            ModuleContent(read_document(document, ModuleDraft), tuple(segments[module_id]))
            for module_id, document in modules
        ),
        instruments=_instruments(version_id),
    )


def module_of(
    version_id: ProgrammeVersionId, slug: str
) -> tuple[ProgrammeDraft, ModuleContent, tuple[InstrumentDraft, ...]]:
    """Return one module of a version with its segments, the programme and the instruments, in four queries.

    Whose version it is, is for the caller to know. Raises NotFoundError.
    """
    programme = _programme(version_id)
    row = (
        db.session.execute(
            select(Module.id, Module.document).where(Module.version_id == version_id, Module.slug == slug)
        ).one_or_none()
        if is_slug(slug)
        else None
    )
    if row is None:
        raise NotFoundError
    segments = db.session.scalars(
        select(Segment.document).where(Segment.module_id == row.id).order_by(Segment.number)
    )
    below = tuple(read_document(document, SegmentDraft) for document in segments)
    return programme, ModuleContent(read_document(row.document, ModuleDraft), below), _instruments(version_id)


def parts_of(version_id: ProgrammeVersionId) -> dict[str, PartId]:
    """Return the identities of a version's parts by their addresses, in two queries."""
    parts: dict[str, PartId] = {}
    rows = db.session.execute(
        select(Module.slug, Module.part_id, Segment.slug, Segment.part_id)
        .outerjoin(Segment, Segment.module_id == Module.id)
        .where(Module.version_id == version_id)
        .order_by(Module.number, Segment.number)
    )
    for module, module_part, segment, segment_part in rows:
        parts[address_of(module)] = module_part
        if segment is not None:
            parts[address_of(module, segment)] = segment_part
    for key, part_id in db.session.execute(
        select(Instrument.key, Instrument.part_id)
        .where(Instrument.version_id == version_id)
        .order_by(Instrument.position)
    ):
        parts[instrument_address(key)] = part_id
    return parts


def _programme(version_id: ProgrammeVersionId) -> ProgrammeDraft:
    row = db.session.execute(
        select(
            Programme.slug,
            ProgrammeVersion.title,
            ProgrammeVersion.summary,
            ProgrammeVersion.tags,
            ProgrammeVersion.origin,
        )
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .where(ProgrammeVersion.id == version_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return ProgrammeDraft(row.slug, row.title, row.summary, tuple(row.tags), row.origin)


def _instruments(version_id: ProgrammeVersionId) -> tuple[InstrumentDraft, ...]:
    documents = db.session.scalars(
        select(Instrument.document).where(Instrument.version_id == version_id).order_by(Instrument.position)
    )
    return tuple(read_document(document, InstrumentDraft) for document in documents)


def _segments(version_id: ProgrammeVersionId) -> dict[ModuleId, list[SegmentDraft]]:
    found: dict[ModuleId, list[SegmentDraft]] = defaultdict(list)
    for module_id, document in db.session.execute(
        select(Segment.module_id, Segment.document)
        .join(Module, Module.id == Segment.module_id)
        .where(Module.version_id == version_id)
        .order_by(Segment.number)
    ):
        found[module_id].append(read_document(document, SegmentDraft))
    return found
