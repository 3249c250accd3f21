"""Reading the catalogue: which versions there are, and what they hold, as plain values.

What was published never changes, so an outline is read once by each process and kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Flask, current_app
from sqlalchemy import String, bindparam, cast, func, select

from courses.catalogue.codec import read_document
from courses.catalogue.details import (
    MaterialDetail,
    ModuleDetail,
    SegmentDetail,
    detail_of_material,
    detail_of_module,
    detail_of_segment,
)
from courses.catalogue.drafts import MinuteRange, ModuleDraft, OpeningDraft, SegmentDraft
from courses.catalogue.models import (
    Activity,
    Module,
    ModuleId,
    Programme,
    ProgrammeId,
    ProgrammeVersion,
    ProgrammeVersionId,
    Segment,
    SegmentId,
    StepId,
)
from courses.catalogue.naming import is_slug
from courses.catalogue.outlines import ModuleLine, Outline, SegmentLine
from institute.actors import InstituteId
from institute.db import db, is_writing
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.web.asking import once_a_page

OUTLINES_KEPT: Final = 64
NOTHING_BEFORE: Final = OpeningDraft()


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme in a list, with the version that its reader reads."""

    id: ProgrammeId
    slug: str
    title: Localised
    summary: Localised | None
    version_id: ProgrammeVersionId


# Built once: making a statement costs more than asking the database.
_HEAD: Final = (
    select(
        ProgrammeVersion.programme_id,
        ProgrammeVersion.id,
        ProgrammeVersion.number,
        Programme.slug,
        ProgrammeVersion.title,
        ProgrammeVersion.summary,
        ProgrammeVersion.published_at,
    )
    .join(Programme, Programme.id == ProgrammeVersion.programme_id)
    .where(
        ProgrammeVersion.id == bindparam("version"), ProgrammeVersion.institute_id == bindparam("institute")
    )
)
_MODULE_LINE: Final = (
    Module.id, Module.part_id, Module.number, Module.slug, Module.title,
    Module.reading_min, Module.reading_max, Module.coaching_min, Module.coaching_max,
)  # fmt: skip
_SEGMENT_LINE: Final = (
    Segment.id, Segment.part_id, Segment.number, Segment.slug, Segment.title,
    Segment.reading_min, Segment.reading_max, Segment.coaching_min, Segment.coaching_max, Segment.opens,
)  # fmt: skip
_LINES: Final = (
    select(*_MODULE_LINE, *_SEGMENT_LINE)
    .outerjoin(Segment, Segment.module_id == Module.id)
    .where(Module.version_id == bindparam("version"))
    .order_by(Module.number, Segment.number)
)
_STEPS: Final = (
    select(Activity.segment_id, Activity.step_id)
    .where(Activity.version_id == bindparam("version"))
    .order_by(Activity.segment_id, Activity.position)
)
_MODULE_DOCUMENT: Final = select(Module.document).where(Module.id == bindparam("module"))
_SEGMENT_DOCUMENT: Final = select(Segment.document).where(Segment.id == bindparam("segment"))
# With its steps as words: a key is a slug and holds no space.
_SEGMENT_WITH_STEPS: Final = select(
    Segment.document,
    select(func.aggregate_strings(Activity.key.concat("=").concat(cast(Activity.step_id, String)), " "))
    .where(Activity.segment_id == Segment.id)
    .correlate(Segment)
    .scalar_subquery()
    .label("steps"),
).where(Segment.id == bindparam("segment"))


def init_app(app: Flask) -> None:
    """Make room for the outlines that are kept, by version and the instant of its publishing."""
    app.extensions["outlines"] = {}


def list_programmes(institute_id: InstituteId) -> list[ProgrammeLine]:
    """Return an institute's published programmes in the order in which they were made, in their newest versions."""
    rows = db.session.execute(
        select(Programme.id, Programme.slug, Programme.title, Programme.summary, Programme.current_version_id)
        .where(Programme.institute_id == institute_id, Programme.current_version_id.is_not(None))
        .order_by(Programme.id)
    )
    return [ProgrammeLine(*tuple[Any, ...](row)) for row in rows]


def newest_version(institute_id: InstituteId, slug: str) -> ProgrammeVersionId:
    """Return the newest version of an institute's programme. Raises NotFoundError if nothing is published."""
    if not is_slug(slug):
        raise NotFoundError
    found = db.session.scalar(
        select(Programme.current_version_id).where(
            Programme.institute_id == institute_id, Programme.slug == slug
        )
    )
    if found is None:
        raise NotFoundError
    return found


@once_a_page
def load_outline(institute_id: InstituteId, version_id: ProgrammeVersionId) -> Outline:
    """Return a version of an institute's programme with all modules and segments, in one query.

    The first time a process meets the version it takes three. Raises NotFoundError.
    """
    head = db.session.execute(_HEAD, {"version": version_id, "institute": institute_id}).one_or_none()
    if head is None:
        raise NotFoundError
    kept: dict[tuple[ProgrammeVersionId, datetime], Outline] = current_app.extensions["outlines"]
    key = (version_id, head.published_at)
    outline = kept.get(key)
    if outline is None:
        outline = _read_outline(head)
        if not is_writing():  # what is being written may yet be taken back
            if len(kept) >= OUTLINES_KEPT:
                kept.clear()
            kept[key] = outline
    return outline


def load_module(module_id: ModuleId) -> ModuleDetail:
    """Return what a module says. Raises NotFoundError."""
    document = db.session.scalar(_MODULE_DOCUMENT, {"module": module_id})
    if document is None:
        raise NotFoundError
    return detail_of_module(read_document(document, ModuleDraft))


def load_segment(segment_id: SegmentId) -> SegmentDetail:
    """Return what a segment holds, without what is for the coach alone. Raises NotFoundError."""
    row = db.session.execute(_SEGMENT_WITH_STEPS, {"segment": segment_id}).one_or_none()
    if row is None:
        raise NotFoundError
    steps = (word.rsplit("=", 1) for word in (row.steps or "").split())
    draft = read_document(row.document, SegmentDraft)
    return detail_of_segment(draft, {key: StepId(int(step_id)) for key, step_id in steps})


def load_material(segment_id: SegmentId, key: str) -> MaterialDetail:
    """Return a material of a segment with its text. Raises NotFoundError."""
    return detail_of_material(segment_draft(segment_id), key)


def segment_draft(segment_id: SegmentId) -> SegmentDraft:
    """Return a segment as it was published, with the script. Raises NotFoundError."""
    document = db.session.scalar(_SEGMENT_DOCUMENT, {"segment": segment_id})
    if document is None:
        raise NotFoundError
    return read_document(document, SegmentDraft)


def _read_outline(head: Any) -> Outline:
    here = {"version": head.id}
    steps: dict[SegmentId, list[StepId]] = defaultdict(list)
    for segment_id, step_id in db.session.execute(_STEPS, here):
        steps[segment_id].append(step_id)
    width = len(_MODULE_LINE)
    modules: dict[ModuleId, Any] = {}
    segments: dict[ModuleId, list[SegmentLine]] = defaultdict(list)
    for row in db.session.execute(_LINES, here):
        modules[row[0]] = row[:width]
        if row[width] is not None:
            segments[row[0]].append(_segment_line(row[width:], tuple(steps[row[width]])))
    lines = tuple(_module_line(row, tuple(segments[module_id])) for module_id, row in modules.items())
    return Outline(
        id=head.programme_id,
        version_id=head.id,
        version_number=head.number,
        slug=head.slug,
        title=head.title,
        summary=head.summary,
        modules=lines,
    )


def _segment_line(row: Any, steps: tuple[StepId, ...]) -> SegmentLine:
    return SegmentLine(
        id=row[0],
        part_id=row[1],
        number=row[2],
        slug=row[3],
        title=row[4],
        reading=MinuteRange(row[5], row[6]),
        coaching=MinuteRange(row[7], row[8]),
        steps=steps,
        opens=read_document(row[9], OpeningDraft) if row[9] else NOTHING_BEFORE,
    )


def _module_line(row: Any, segments: tuple[SegmentLine, ...]) -> ModuleLine:
    return ModuleLine(
        id=row[0],
        part_id=row[1],
        number=row[2],
        slug=row[3],
        title=row[4],
        reading=MinuteRange(row[5], row[6]),
        coaching=MinuteRange(row[7], row[8]),
        segments=segments,
    )
