"""What somebody has done and still has open, where the coach opens their next session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from courses.catalogue.drafts import MaterialDraft
from courses.catalogue.models import ActivityKind, PartId, Step
from courses.catalogue.outlines import ModuleLine
from courses.catalogue.renderings import Guide, SegmentPart, Task
from courses.cohorts.members import MemberPage
from courses.cohorts.models import EnrolmentId
from courses.cohorts.queries import Standing
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Marked:
    """Something that is done or not."""

    title: Localised
    done: bool


@dataclass(frozen=True, slots=True)
class LookBack:
    """Where somebody is: the coming session is that of segment ``at`` (its slug).

    ``open`` is what they have not done of what comes before that session. In a session with onboarding ``overview``
    says whether it is acknowledged, and ``assignment`` what the first assignment is and what of it is done.
    """

    enrolment_id: EnrolmentId
    name: str
    at: str
    open: tuple[Marked, ...]
    overview: Marked | None
    assignment: tuple[Marked, ...]


def look_back(member: MemberPage, guide: Guide) -> LookBack | None:
    """Return where somebody is in a module, or None for a module without sessions. ``guide`` is the coach's."""
    standing = member.standing
    line = standing.outline.module(guide.module.slug)
    at = _coming(standing, line, guide)
    if at is None:
        return None
    done = _done_keys(standing, line)

    def mark(part: SegmentPart, task: Task) -> Marked:
        step = (line.segment(part.draft.slug).part_id, task.draft.key)
        return Marked(task.draft.title, step in done)

    marked = [mark(part, task) for part, task in _before(guide, at)]
    onboarding = at.session.onboarding if at.session else None
    overview = onboarding.overview if onboarding else None
    acknowledging = _acknowledging(at, overview) if overview else None
    return LookBack(
        enrolment_id=member.member.enrolment_id,
        name=member.member.name,
        at=at.draft.slug,
        open=tuple(one for one in marked if not one.done),
        overview=Marked(overview.title, mark(at, acknowledging).done) if overview and acknowledging else None,
        assignment=tuple(mark(at, task) for task in onboarding.assignment) if onboarding else (),
    )


def _coming(standing: Standing, line: ModuleLine, guide: Guide) -> SegmentPart | None:
    """Return the first segment with a session in which something is open, else the last one with a session."""
    parts = [part for part in guide.segments if part.session]
    unfinished = (part for part in parts if standing.of_segment(line.segment(part.draft.slug)).left)
    return next(unfinished, parts[-1] if parts else None)


def _before(guide: Guide, at: SegmentPart) -> Iterator[tuple[SegmentPart, Task]]:
    """Yield what is done before the session of a segment: all of the earlier segments, and its own preparation."""
    for part in guide.segments:
        moments = part.before if part is at else part.moments
        yield from ((part, task) for moment in moments for task in moment.tasks)
        if part is at:
            return


def _acknowledging(part: SegmentPart, overview: MaterialDraft) -> Task | None:
    """Return the activity by which the overview is acknowledged: the one that names it, else the first of its kind."""
    kind = [
        task
        for moment in part.moments
        for task in moment.tasks
        if task.draft.kind is ActivityKind.ACKNOWLEDGEMENT
    ]
    naming = [task for task in kind if task.material and task.material.key == overview.key]
    return next(iter(naming or kind), None)


def _done_keys(standing: Standing, line: ModuleLine) -> set[tuple[PartId, str]]:
    """Return which steps of a module are done, by the segment's part and the step's key."""
    rows = db.session.execute(
        select(Step.id, Step.part_id, Step.key).where(
            Step.part_id.in_([segment.part_id for segment in line.segments])
        )
    )
    return {(part_id, key) for step_id, part_id, key in rows if step_id in standing.done}
