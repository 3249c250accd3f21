"""What of a programme is aligned to elements and carries tags: from its published versions, or from any drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from courses.catalogue.codec import holds_any, read_document
from courses.catalogue.drafts import ModuleDraft, SegmentDraft
from courses.catalogue.models import Module, Programme, ProgrammeVersion, ProgrammeVersionId, Segment
from courses.frameworks.alignments import Aligned, AlignedKind
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something aligned stands. ``segment`` is empty for a module, ``step`` for what is no activity."""

    programme: str
    module: str
    segment: str = ""
    step: str = ""


Link: TypeAlias = Callable[[Spot], str | None]
"""Returns the address of a spot in the area of whoever asks, or None."""


def no_link(_spot: Spot) -> None:
    """Lead nowhere: for those who have no pages of programmes."""


def aligned_in_versions(
    versions: Iterable[ProgrammeVersionId], addresses: frozenset[str], link: Link
) -> Iterator[Aligned]:
    """Yield what is aligned in these versions: three statements for any number of addresses."""
    wanted = ProgrammeVersion.id.in_(list(versions))
    programmes = (
        select(ProgrammeVersion.tags, ProgrammeVersion.title)
        .where(wanted)
        .order_by(ProgrammeVersion.number.desc())
    )
    for tags, title in db.session.execute(programmes):
        yield from _each(addresses, tags, Aligned("", AlignedKind.PROGRAMME, title))
    modules = (
        select(Module.document, Programme.slug, Module.slug, ProgrammeVersion.title)
        .join(ProgrammeVersion, ProgrammeVersion.id == Module.version_id)
        .join(Programme, Programme.id == ProgrammeVersion.programme_id)
        .where(wanted, may_hold(Module.document, addresses))
        .order_by(ProgrammeVersion.number.desc(), Module.number)
    )
    for document, programme, slug, title in db.session.execute(modules):
        draft = read_document(document, ModuleDraft)
        yield from aligned_module(draft, addresses, title, link(Spot(programme, slug)))
    segments = (
        select(Segment.document, Programme.slug, Module.slug, Segment.slug, Module.title)
        .join(Module, Module.id == Segment.module_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Module.version_id)
        .join(Programme, Programme.id == ProgrammeVersion.programme_id)
        .where(wanted, may_hold(Segment.document, addresses))
        .order_by(ProgrammeVersion.number.desc(), Module.number, Segment.number)
    )
    for document, programme, module, slug, title in db.session.execute(segments):
        here = Spot(programme, module, slug)
        yield from aligned_segment(read_document(document, SegmentDraft), addresses, title, here, link)


def aligned_module(
    draft: ModuleDraft, addresses: frozenset[str], place: Localised | None, url: str | None
) -> Iterator[Aligned]:
    """Yield what a module itself is aligned to."""
    thing = Aligned("", AlignedKind.MODULE, draft.title, place, url)
    yield from _each(addresses, (*draft.elements, *draft.tags), thing)


def aligned_segment(
    draft: SegmentDraft, addresses: frozenset[str], place: Localised | None, here: Spot, link: Link
) -> Iterator[Aligned]:
    """Yield what a segment and its activities are aligned to."""
    thing = Aligned("", AlignedKind.SEGMENT, draft.title, place, link(here))
    yield from _each(addresses, (*draft.elements, *draft.tags), thing)
    for activity in draft.activities:
        spot = Spot(here.programme, here.module, here.segment, activity.key)
        thing = Aligned("", AlignedKind.ACTIVITY, activity.title, draft.title, link(spot))
        yield from _each(addresses, activity.elements, thing)


def may_hold(
    document: InstrumentedAttribute[dict[str, Any]], addresses: frozenset[str]
) -> ColumnElement[bool]:
    """Return the condition that a document may hold one of these addresses."""
    groups = sorted({address.partition("/")[0] for address in addresses})
    return holds_any(document, (f'"{group}/' for group in groups))


def _each(wanted: frozenset[str], held: Iterable[str], thing: Aligned) -> Iterator[Aligned]:
    """Yield a thing once for each of its addresses that is asked for."""
    for address in held:
        if address in wanted:
            yield replace(thing, address=address)
