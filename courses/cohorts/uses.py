"""Where the library's resources are used in what people study: the newest versions, and those that somebody is on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from flask import Flask
from sqlalchemy import CompoundSelect, Select, select, union
from sqlalchemy.orm import InstrumentedAttribute

from courses.catalogue.citing import resources_of
from courses.catalogue.codec import holds_any, read_document
from courses.catalogue.drafts import InstrumentDraft, ModuleDraft, SegmentDraft
from courses.catalogue.models import Instrument, Module, Programme, ProgrammeVersion, Segment
from courses.cohorts.models import Cohort, Enrolment
from courses.library import uses
from courses.library.uses import Use
from institute.actors import InstituteId
from institute.db import db

_Kind: TypeAlias = type[ModuleDraft] | type[SegmentDraft] | type[InstrumentDraft]
_Rows: TypeAlias = Select[*tuple[Any, ...]]


def published_uses(institute_id: InstituteId, keys: frozenset[str]) -> Iterator[Use]:
    """Yield the parts of published versions that name any of these resources: three statements for any number."""
    version, said = ProgrammeVersion, (ProgrammeVersion.title, ProgrammeVersion.number)
    of_modules = select(Module.document, *said).join(version, version.id == Module.version_id)
    of_segments = (
        select(Segment.document, *said)
        .join(Module, Module.id == Segment.module_id)
        .join(version, version.id == Module.version_id)
    )
    of_instruments = select(Instrument.document, *said).join(version, version.id == Instrument.version_id)
    parts: tuple[tuple[_Rows, InstrumentedAttribute[dict[str, Any]], _Kind], ...] = (
        (of_modules, Module.document, ModuleDraft),
        (of_segments, Segment.document, SegmentDraft),
        (of_instruments, Instrument.document, InstrumentDraft),
    )
    studied = version.id.in_(_studied(institute_id))
    for rows, column, kind in parts:
        asked = rows.where(version.institute_id == institute_id, studied, holds_any(column, keys))
        for document, programme, number in db.session.execute(asked.order_by(version.number)):
            draft = read_document(document, kind)
            for key in sorted(resources_of(draft) & keys):
                yield Use(key, programme, draft.title, published=True, version=number)


def _studied(institute_id: InstituteId) -> CompoundSelect[Any]:
    return union(
        select(Programme.current_version_id).where(Programme.institute_id == institute_id),
        select(Enrolment.version_id).where(Enrolment.institute_id == institute_id),
        select(Cohort.version_id).where(Cohort.institute_id == institute_id),
    )


def init_app(app: Flask) -> None:
    """Let the library ask."""
    uses.provide(app, published_uses)
