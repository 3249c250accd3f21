"""The three renderings of a module, made of drafts alone: what each reader's guide holds, in its order.

What is for the coach is not in a guide for participants at all: no template has to leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Final

from markupsafe import Markup

from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentDraft,
    MaterialDraft,
    MinuteRange,
    ModuleContent,
    ModuleDraft,
    OnboardingDraft,
    ProgrammeDraft,
    SegmentDraft,
    SessionDraft,
    StepDraft,
)
from courses.catalogue.fields import texts_of
from courses.catalogue.models import Audience, Timing
from courses.catalogue.timeline import AROUND
from institute.i18n import Localised

_HEADING: Final = re.compile(r"(</?h)([1-6])(?=[ >])")


class Rendering(StrEnum):
    """Whom a guide is for: who studies, who coaches, or both at a glance."""

    PARTICIPANT = "participant"
    COACH = "coach"
    QUICK = "quick"


@dataclass(frozen=True, slots=True)
class Script:
    """What the coach alone reads of a session."""

    opening: Localised | None
    questions: tuple[Localised, ...]
    wrap_up: Localised | None


@dataclass(frozen=True, slots=True)
class Task:
    """An activity with the material it reads or fills in, and the instrument it uses."""

    draft: ActivityDraft
    material: MaterialDraft | None = None
    instrument: InstrumentDraft | None = None


@dataclass(frozen=True, slots=True)
class Onboarding:
    """What a first session carries: the material that gives the overview, and the first assignment."""

    overview: MaterialDraft | None
    assignment: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A session as one reader sees it. ``script`` and ``onboarding`` are the coach's; None for everybody else."""

    number: int
    minutes: MinuteRange
    equity_prompt: Localised | None
    steps: tuple[StepDraft, ...]
    script: Script | None = None
    onboarding: Onboarding | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """What is done at one time. ``session_number`` is None for the preparation of what comes next."""

    timing: Timing
    session_number: int | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """A segment of a guide. ``draft`` holds no session: that is in ``session``, as far as the reader may see it."""

    draft: SegmentDraft
    session: Session | None
    before: tuple[Moment, ...]
    during: tuple[Moment, ...]
    afterwards: tuple[Moment, ...]
    following: int | None
    """The number of the module's next segment, None for the last."""
    closed: bool = False
    """Whether it opens to the reader only later: then it holds its title and its hours alone."""

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All moments in their order."""
        return (*self.before, *self.during, *self.afterwards)


@dataclass(frozen=True, slots=True)
class Guide:
    """A rendering of a module. ``instruments`` are those that its activities use, each once."""

    rendering: Rendering
    programme: ProgrammeDraft
    module: ModuleDraft
    segments: tuple[SegmentPart, ...]
    instruments: tuple[InstrumentDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class Languages:
    """How far a guide speaks a language: how many of its texts fall back, how many are older than their source.

    ``others`` are the languages that texts fall back to.
    """

    texts: int
    missing: int
    stale: int
    others: tuple[str, ...] = ()


def compose(
    programme: ProgrammeDraft,
    content: ModuleContent,
    instruments: Iterable[InstrumentDraft],
    rendering: Rendering,
    *,
    closed: Set[int] = frozenset(),
) -> Guide:
    """Return a module as one rendering shows it. Of the session, all but the coach's guide hold what is for both.

    ``closed`` are the numbers of segments that are not open to the reader yet.
    """
    known = {instrument.key: instrument for instrument in instruments}
    drafts = sorted(content.segments, key=lambda segment: segment.number)
    following = [segment.number for segment in drafts[1:]]
    parts = tuple(
        _closed(draft, number)
        if draft.number in closed
        else _part(draft, number, known, script=rendering is Rendering.COACH)
        for draft, number in zip_longest(drafts, following)
    )
    used = dict.fromkeys(
        task.instrument.key
        for part in parts
        for moment in part.moments
        for task in moment.tasks
        if task.instrument
    )
    return Guide(rendering, programme, content.draft, parts, tuple(known[key] for key in used))


def languages_of(guide: Guide, locale: str) -> Languages:
    """Return how far everything that a guide holds is there in a language."""
    texts = [text.shown(locale) for text in _texts_in(guide)]
    others = dict.fromkeys(one.locale for one in texts if one.missing)
    return Languages(
        len(texts), sum(one.missing for one in texts), sum(one.stale for one in texts), tuple(others)
    )


def _texts_in(guide: Guide) -> Iterator[Localised]:
    """Yield what a guide shows: of a quick reference titles, objectives and the steps for both."""
    if guide.rendering is not Rendering.QUICK:
        for part in (guide.programme, guide.module, *guide.segments, *guide.instruments):
            yield from texts_of(part).values()
        return
    yield from (guide.programme.title, guide.module.title, *(one.text for one in guide.module.objectives))
    for segment in guide.segments:
        yield segment.draft.title
        yield from (step.text for step in (segment.session.steps if segment.session else ()))
        yield from (task.draft.title for moment in segment.moments for task in moment.tasks)


def below_headings(html: Markup) -> Markup:
    """Return an author's text with each heading one level lower: in a guide it stands below headings of the guide."""
    return Markup(_HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + 1, 6)}", html))  # noqa: S704  (safe before)


def _part(
    draft: SegmentDraft, following: int | None, known: dict[str, InstrumentDraft], *, script: bool
) -> SegmentPart:
    tasks = {activity.key: _task(activity, draft, known) for activity in draft.activities}
    number = draft.session.number if draft.session else None
    moments = list(_moments(tasks.values(), number))
    before, during, afterwards = (
        [one for one in moments if _side(one, number) == side] for side in (-1, 0, 1)
    )
    return SegmentPart(
        draft=replace(draft, session=None, activities=()),
        session=_session(draft.session, draft, tasks, script=script) if draft.session else None,
        before=tuple(before),
        during=tuple(during),
        afterwards=tuple(afterwards),
        following=following,
    )


def _closed(draft: SegmentDraft, following: int | None) -> SegmentPart:
    bare = SegmentDraft(
        draft.number, draft.slug, draft.title, draft.title, reading=draft.reading, coaching=draft.coaching
    )
    return SegmentPart(bare, None, (), (), (), following, closed=True)


def _task(activity: ActivityDraft, segment: SegmentDraft, known: dict[str, InstrumentDraft]) -> Task:
    material = next((one for one in segment.materials if one.key == activity.material), None)
    return Task(activity, material, known.get(activity.instrument or ""))


def _session(
    session: SessionDraft, segment: SegmentDraft, tasks: dict[str, Task], *, script: bool
) -> Session:
    common = tuple(step for step in session.steps if script or step.audience is Audience.BOTH)
    shared = Session(session.number, session.minutes, session.equity_prompt, common)
    if not script:
        return shared
    return replace(
        shared,
        script=Script(session.opening, session.questions, session.wrap_up),
        onboarding=_onboarding(session.onboarding, segment, tasks) if session.onboarding else None,
    )


def _onboarding(draft: OnboardingDraft, segment: SegmentDraft, tasks: dict[str, Task]) -> Onboarding:
    overview = next((one for one in segment.materials if one.key == draft.overview), None)
    return Onboarding(overview, tuple(tasks[key] for key in draft.assignment if key in tasks))


def _moments(tasks: Iterable[Task], number: int | None) -> Iterator[Moment]:
    """Yield tasks by the time at which they are done; those that name no session belong to the segment's own."""
    grouped: dict[tuple[Timing, int | None], list[Task]] = {}
    for task in tasks:
        draft = task.draft
        session = None if draft.timing is Timing.PREPARATION else draft.session_number or number
        grouped.setdefault((draft.timing, session), []).append(task)
    for (timing, session), members in sorted(grouped.items(), key=lambda item: _order(*item[0])):
        yield Moment(timing, session, tuple(members))


def _order(timing: Timing, number: int | None) -> tuple[bool, int, int]:
    """Return what sorts a moment: by session, and around it; the preparation comes last."""
    return timing is Timing.PREPARATION, number or 0, AROUND[timing]


def _side(moment: Moment, number: int | None) -> int:
    """Return -1 for what is before the segment's session, 0 for what is in it, 1 for what comes afterwards."""
    if moment.timing is Timing.PREPARATION or number is None:
        return -1 if moment.timing is Timing.BEFORE else 1
    own = moment.session_number or number
    place = (own, AROUND[moment.timing])
    return (place > (number, 0)) - (place < (number, 0))
