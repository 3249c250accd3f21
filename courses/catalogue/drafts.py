"""What an author hands in: a programme, module or segment as plain values, before it is published."""

from __future__ import annotations

from dataclasses import dataclass

from courses.catalogue.models import ActivityKind, Audience, MaterialKind, ObjectiveKind, Timing
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class MinuteRange:
    """Whole minutes from ``least`` to ``most``; "up to an hour" is 0 to 60. Raises ValueError out of order."""

    least: int
    most: int

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError(f"{self.least} to {self.most} is not a range of minutes")


@dataclass(frozen=True, slots=True)
class ObjectiveDraft:
    """A learning objective."""

    kind: ObjectiveKind
    text: Localised


@dataclass(frozen=True, slots=True)
class AreaDraft:
    """An area of concentration of a module, known by its key."""

    key: str
    title: Localised
    toolkit: Localised | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """A programme, known by its slug within the institute."""

    slug: str
    title: Localised
    summary: Localised | None = None


@dataclass(frozen=True, slots=True)
class ModuleDraft:
    """A module, known by its slug within the programme."""

    number: int
    slug: str
    title: Localised
    description: Localised
    reading: MinuteRange
    coaching: MinuteRange
    objectives: tuple[ObjectiveDraft, ...] = ()
    areas: tuple[AreaDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step of a session plan."""

    text: Localised
    audience: Audience = Audience.BOTH


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """The plan of a segment's coaching session."""

    number: int
    minutes: MinuteRange
    opening: Localised | None = None
    wrap_up: Localised | None = None
    equity_prompt: Localised | None = None
    steps: tuple[StepDraft, ...] = ()
    questions: tuple[Localised, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """A step to tick off, known by its key within the segment."""

    key: str
    timing: Timing
    kind: ActivityKind
    title: Localised
    note: Localised | None = None
    minutes: int | None = None
    session_number: int | None = None


@dataclass(frozen=True, slots=True)
class MaterialDraft:
    """A text of our own (``body``, Markdown) or an address elsewhere, known by its key within the segment."""

    key: str
    kind: MaterialKind
    title: Localised
    detail: Localised | None = None
    body: Localised | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SegmentDraft:
    """A segment, known by its slug within the module. ``content`` is Markdown."""

    number: int
    slug: str
    title: Localised
    content: Localised
    reading: MinuteRange
    coaching: MinuteRange
    objectives: tuple[ObjectiveDraft, ...] = ()
    session: SessionDraft | None = None
    activities: tuple[ActivityDraft, ...] = ()
    materials: tuple[MaterialDraft, ...] = ()
