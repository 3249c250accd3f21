"""Addresses of a programme's parts: ``module-1``, ``module-1/segment-2``, ``instrument:readiness``; "" is its own."""

from __future__ import annotations

from collections.abc import Iterator

from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)

PartDraft = ProgrammeDraft | ModuleDraft | SegmentDraft | InstrumentDraft


def address_of(module: str, segment: str = "") -> str:
    """Return the address of a module or, with its slug, of a segment in it."""
    return f"{module}/{segment}" if segment else module


def instrument_address(key: str) -> str:
    """Return the address of an instrument."""
    return f"instrument:{key}"


def each_part(content: ProgrammeContent) -> Iterator[tuple[str, PartDraft]]:
    """Yield a programme and every part of it with its address, in the order of the outline."""
    yield "", content.programme
    for module in content.modules:
        yield address_of(module.draft.slug), module.draft
        for segment in module.segments:
            yield address_of(module.draft.slug, segment.slug), segment
    for instrument in content.instruments:
        yield instrument_address(instrument.key), instrument
