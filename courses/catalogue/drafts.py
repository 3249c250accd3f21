"""What an author hands in: a programme with everything in it as plain values, before it is published.

An *address* names a part of a programme: ``module-1``, ``module-1/segment-2``. An *element* is written
``framework/element``, a *tag* ``vocabulary/term``, a *resource* by its key in the institute's library.
"""

from __future__ import annotations

from dataclasses import dataclass

from courses.catalogue.models import ActivityKind, Audience, MaterialKind, ObjectiveKind, Purpose, Timing
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
    """An area of concentration of a module, known by its key; its toolkit says how and names library resources."""

    key: str
    title: Localised
    toolkit: Localised | None = None
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """A programme, known by its slug within the institute.

    ``origin`` says whose core it extends, such as ``state-institute/leadership@3``; empty where it is its own.
    """

    slug: str
    title: Localised
    summary: Localised | None = None
    tags: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ModuleDraft:
    """A module, known by its slug within the programme. Whoever extends the programme leaves a ``core`` as it is."""

    number: int
    slug: str
    title: Localised
    description: Localised
    reading: MinuteRange
    coaching: MinuteRange
    objectives: tuple[ObjectiveDraft, ...] = ()
    areas: tuple[AreaDraft, ...] = ()
    tags: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    core: bool = False


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step of a session plan."""

    text: Localised
    audience: Audience = Audience.BOTH


@dataclass(frozen=True, slots=True)
class OnboardingDraft:
    """What a first session carries: the material that gives the overview, and the activities of the first assignment.

    ``overview`` is the key of a material of the segment, ``assignment`` holds keys of its activities.
    """

    overview: str
    assignment: tuple[str, ...] = ()


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
    onboarding: OnboardingDraft | None = None


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """Something to do, known by its key within the segment.

    ``prompt`` (Markdown) says what to write or do; ``material`` is the key of the material that is read, acknowledged
    or filled in; ``instrument`` the key of the programme's instrument that an assessment uses. A ``local`` one was
    added to a core by whoever extends it.
    """

    key: str
    timing: Timing
    kind: ActivityKind
    title: Localised
    note: Localised | None = None
    minutes: int | None = None
    session_number: int | None = None
    prompt: Localised | None = None
    material: str | None = None
    instrument: str | None = None
    elements: tuple[str, ...] = ()
    local: bool = False


@dataclass(frozen=True, slots=True)
class MaterialDraft:
    """A text of our own (``body``, Markdown), an address elsewhere (``url``) or a library ``resource``.

    Known by its key within the segment. A ``local`` one was added to a core by whoever extends it.
    """

    key: str
    kind: MaterialKind
    title: Localised
    detail: Localised | None = None
    body: Localised | None = None
    url: str | None = None
    resource: str | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class OpeningDraft:
    """What must be before a segment opens.

    ``after``: addresses of modules or segments that are done; ``days``: whole days since the cohort's first day.
    """

    after: tuple[str, ...] = ()
    days: int | None = None


@dataclass(frozen=True, slots=True)
class SegmentDraft:
    """A segment, known by its slug within the module. ``content`` is Markdown.

    ``local_note`` (Markdown) is what whoever extends a core adds to it.
    """

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
    opens: OpeningDraft = OpeningDraft()
    tags: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    core: bool = False
    local_note: Localised | None = None


@dataclass(frozen=True, slots=True)
class ScalePointDraft:
    """One answer of an instrument's scale."""

    value: int
    label: Localised


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A statement that a participant answers on the scale."""

    key: str
    text: Localised


@dataclass(frozen=True, slots=True)
class InstrumentAreaDraft:
    """Items that belong together, and that can be chosen as a priority together."""

    key: str
    title: Localised
    items: tuple[ItemDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class InstrumentDraft:
    """An instrument of a programme, such as a self-assessment, known by its key. A ``core`` is as in a module.

    ``priorities`` is how many areas a participant puts in order afterwards (0: none); ``questions`` are then asked
    about the first of them. What is prioritised becomes goals of the person's plan. An instrument of another
    ``purpose`` is answered in rounds: its questions follow its statements, and nothing is put in order.
    """

    key: str
    title: Localised
    scale: tuple[ScalePointDraft, ...]
    areas: tuple[InstrumentAreaDraft, ...]
    intro: Localised | None = None
    priorities: int = 0
    questions: tuple[Localised, ...] = ()
    core: bool = False
    purpose: Purpose = Purpose.SELF_ASSESSMENT


@dataclass(frozen=True, slots=True)
class ModuleContent:
    """A module with its segments in order."""

    draft: ModuleDraft
    segments: tuple[SegmentDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeContent:
    """A whole programme: what is published as one version, and what a package carries."""

    programme: ProgrammeDraft
    modules: tuple[ModuleContent, ...] = ()
    instruments: tuple[InstrumentDraft, ...] = ()
