"""What participants share with their coach: that, and nothing else, and only with today's coach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from courses.activities.models import Work, WorkId
from courses.activities.pages import FileLine, FilledPage, file_of, filled_page, lines_of
from courses.catalogue.codec import read_document
from courses.catalogue.doing import Way, way_of
from courses.catalogue.drafts import ActivityDraft, SegmentDraft
from courses.catalogue.markdown import Reading, read
from courses.catalogue.models import Activity, Module, ProgrammeVersionId, Segment
from courses.cohorts.members import coached_today
from courses.cohorts.models import ActivityCompletion, Enrolment, EnrolmentId
from courses.cohorts.rosters import Member
from courses.instruments.finding import find_instrument
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class SharedLine:
    """Something that is shared, with where it stands in the programme."""

    id: WorkId
    title: Localised
    module_number: int
    segment_number: int
    saved_at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class SharedList:
    """What somebody shares with the coach who asks."""

    member: Member
    lines: tuple[SharedLine, ...]


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One work that somebody shares."""

    member: Member
    line: SharedLine
    way: Way
    prompt: Localised | None
    text: str
    reading: Reading | None
    files: tuple[FileLine, ...]
    filled: FilledPage | None


@dataclass(frozen=True, slots=True)
class _Found:
    work: Work
    line: SharedLine
    segment: Segment
    version_id: ProgrammeVersionId
    key: str


def shared_list(enrolment_id: EnrolmentId, *, actor: Actor) -> SharedList:
    """Return what somebody whom the actor coaches today shares. Raises NotFoundError."""
    member = coached_today(enrolment_id, actor=actor)
    return SharedList(member, tuple(found.line for found in _shared(enrolment_id)))


def shared_section(actor: Actor, enrolment_id: int) -> SharedList | None:
    """Return what the coach's page of somebody says of what is shared; None for whoever is not their coach."""
    try:
        return shared_list(EnrolmentId(enrolment_id), actor=actor)
    except NotFoundError:
        return None


def shared_page(enrolment_id: EnrolmentId, work_id: WorkId, *, actor: Actor) -> SharedPage:
    """Return one work that somebody whom the actor coaches today shares. Raises NotFoundError."""
    member = coached_today(enrolment_id, actor=actor)
    found = _find(enrolment_id, work_id)
    draft = _draft(found)
    instrument = find_instrument(found.version_id, draft.instrument) if draft.instrument else None
    way = way_of(
        draft.kind,
        prompt=draft.prompt is not None,
        material=draft.material is not None,
        instrument=instrument is not None,
    )
    return SharedPage(
        member=member,
        line=found.line,
        way=way,
        prompt=draft.prompt,
        text=found.work.text,
        reading=read(found.work.text) if way is Way.DOCUMENT else None,
        files=lines_of(found.work),
        filled=filled_page(instrument, found.work) if instrument else None,
    )


def shared_file(enrolment_id: EnrolmentId, work_id: WorkId, file_id: int, *, actor: Actor) -> StoredFile:
    """Return a file of a work that somebody whom the actor coaches today shares. Raises NotFoundError."""
    coached_today(enrolment_id, actor=actor)
    return file_of(_find(enrolment_id, work_id).work, file_id)


def _find(enrolment_id: EnrolmentId, work_id: WorkId) -> _Found:
    for found in _shared(enrolment_id):
        if found.work.id == work_id:
            return found
    raise NotFoundError


def _shared(enrolment_id: EnrolmentId) -> list[_Found]:
    """Return what is shared, in the order of the programme.

    A step that the enrolment's version has no more is told by the newest version that has it.
    """
    newest = (
        select(Activity.step_id, func.max(Activity.version_id).label("version_id"))
        .group_by(Activity.step_id)
        .subquery()
    )
    has_own = (
        select(Activity.id)
        .where(Activity.step_id == Work.step_id, Activity.version_id == Enrolment.version_id)
        .correlate(Work, Enrolment)
        .exists()
    )
    done = (
        select(ActivityCompletion.id)
        .where(
            ActivityCompletion.enrolment_id == Work.enrolment_id,
            ActivityCompletion.step_id == Work.step_id,
            ActivityCompletion.undone_at.is_(None),
        )
        .correlate(Work)
        .exists()
    )
    rows = db.session.execute(
        select(Work, Activity, Segment, Module.number, done)
        .join(Enrolment, Enrolment.id == Work.enrolment_id)
        .join(newest, newest.c.step_id == Work.step_id)
        .join(
            Activity,
            (Activity.step_id == Work.step_id)
            & (
                ((Activity.version_id == Enrolment.version_id) & has_own)
                | ((Activity.version_id == newest.c.version_id) & ~has_own)
            ),
        )
        .join(Segment, Segment.id == Activity.segment_id)
        .join(Module, Module.id == Segment.module_id)
        .where(Work.enrolment_id == enrolment_id, Work.shared_at.is_not(None))
        .order_by(Module.number, Segment.number, Activity.position)
    )
    return [
        _Found(
            work,
            SharedLine(work.id, activity.title, module_number, segment.number, work.saved_at, is_done),
            segment,
            activity.version_id,
            activity.key,
        )
        for work, activity, segment, module_number, is_done in rows
    ]


def _draft(found: _Found) -> ActivityDraft:
    segment = read_document(found.segment.document, SegmentDraft)
    return next(one for one in segment.activities if one.key == found.key)
