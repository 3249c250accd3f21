"""A version as a list: its modules and segments in order, without what they say."""

from __future__ import annotations

from dataclasses import dataclass

from courses.catalogue.drafts import MinuteRange, OpeningDraft
from courses.catalogue.models import ModuleId, PartId, ProgrammeId, ProgrammeVersionId, SegmentId, StepId
from institute.errors import NotFoundError
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment as it stands in an outline; ``steps`` are what there is to do, ``opens`` what must be before."""

    id: SegmentId
    part_id: PartId
    number: int
    slug: str
    title: Localised
    reading: MinuteRange
    coaching: MinuteRange
    steps: tuple[StepId, ...]
    opens: OpeningDraft


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A module as it stands in an outline, with its segments in order."""

    id: ModuleId
    part_id: PartId
    number: int
    slug: str
    title: Localised
    reading: MinuteRange
    coaching: MinuteRange
    segments: tuple[SegmentLine, ...]

    def segment(self, slug: str) -> SegmentLine:
        """Return the segment with this slug. Raises NotFoundError."""
        for line in self.segments:
            if line.slug == slug:
                return line
        raise NotFoundError


@dataclass(frozen=True, slots=True)
class Outline:
    """A version of a programme with its modules in order. ``id`` is the programme's."""

    id: ProgrammeId
    version_id: ProgrammeVersionId
    version_number: int
    slug: str
    title: Localised
    summary: Localised | None
    modules: tuple[ModuleLine, ...]

    def segments(self) -> list[tuple[ModuleLine, SegmentLine]]:
        """Return all segments in order, each with its module."""
        return [(module, segment) for module in self.modules for segment in module.segments]

    def module(self, slug: str) -> ModuleLine:
        """Return the module with this slug. Raises NotFoundError."""
        for line in self.modules:
            if line.slug == slug:
                return line
        raise NotFoundError
