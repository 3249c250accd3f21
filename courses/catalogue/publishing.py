"""Publishing: what an author drafted becomes what people learn from.

Each use case creates or updates by slug or key and may be repeated: the same draft a second time changes nothing.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from courses.catalogue.drafts import (
    ActivityDraft,
    AreaDraft,
    MaterialDraft,
    MinuteRange,
    ModuleDraft,
    ObjectiveDraft,
    ProgrammeDraft,
    SegmentDraft,
    SessionDraft,
)
from courses.catalogue.models import (
    Activity,
    AreaOfFocus,
    Material,
    Module,
    ModuleId,
    Objective,
    PlanStep,
    Programme,
    ProgrammeId,
    ReflectiveQuestion,
    Segment,
    SegmentId,
    SessionPlan,
)
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class NumberTakenError(ConflictError):
    """Another module of the programme, or segment of the module, has the number."""

    code = "NUMBER-TAKEN"
    sentence = lazy_gettext("The number %(number)s already belongs to “%(slug)s”.")


class KeyTwiceError(InvalidError):
    """A draft names two of its parts alike."""

    code = "KEY-TWICE"
    sentence = lazy_gettext("The key “%(key)s” stands twice.")


def publish_programme(draft: ProgrammeDraft, *, actor: Actor) -> ProgrammeId:
    """Create or update the programme with this slug in the actor's institute, and return its id."""
    with transaction() as session:
        programme = session.scalar(
            select(Programme).where(
                Programme.institute_id == actor.institute_id, Programme.slug == draft.slug
            )
        )
        if programme is None:
            programme = Programme(institute_id=actor.institute_id, slug=draft.slug)
            session.add(programme)
        programme.title, programme.summary = draft.title, draft.summary
        _finish("programme.published", programme, session=session, actor=actor)
        return programme.id


def publish_module(draft: ModuleDraft, *, programme_id: ProgrammeId, actor: Actor) -> ModuleId:
    """Create or update the module with this slug, and return its id.

    Raises NotFoundError if the programme is not of the actor's institute, NumberTakenError if another module has
    the number, KeyTwiceError if two areas share a key.
    """
    _refuse_twice([area.key for area in draft.areas])
    with transaction() as session:
        programme = session.get(Programme, programme_id)
        if programme is None or programme.institute_id != actor.institute_id:
            raise NotFoundError
        holder = session.scalar(
            select(Module.slug).where(
                Module.programme_id == programme_id, Module.number == draft.number, Module.slug != draft.slug
            )
        )
        if holder is not None:
            raise NumberTakenError(number=draft.number, slug=holder)
        module = session.scalar(
            select(Module).where(Module.programme_id == programme_id, Module.slug == draft.slug)
        )
        with session.no_autoflush:
            if module is None:
                module = Module(programme_id=programme_id, slug=draft.slug)
                session.add(module)
            module.number, module.title, module.description = draft.number, draft.title, draft.description
            _set_ranges(module, draft.reading, draft.coaching)
            _put_objectives(module, draft.objectives)
            _put_areas(module, draft.areas)
        _finish("module.published", module, session=session, actor=actor)
        return module.id


def publish_segment(draft: SegmentDraft, *, module_id: ModuleId, actor: Actor) -> SegmentId:
    """Create or update the segment with this slug, and return its id.

    An activity that the draft no longer has is retired: it leaves the pages and the totals, and what people did
    stays recorded; when a later draft has its key again, it returns. Raises NotFoundError, NumberTakenError and
    KeyTwiceError as ``publish_module`` does.
    """
    _refuse_twice([activity.key for activity in draft.activities])
    _refuse_twice([material.key for material in draft.materials])
    with transaction() as session:
        owner = session.scalar(
            select(Programme.institute_id)
            .join(Module, Module.programme_id == Programme.id)
            .where(Module.id == module_id)
        )
        if owner != actor.institute_id:
            raise NotFoundError
        holder = session.scalar(
            select(Segment.slug).where(
                Segment.module_id == module_id, Segment.number == draft.number, Segment.slug != draft.slug
            )
        )
        if holder is not None:
            raise NumberTakenError(number=draft.number, slug=holder)
        segment = session.scalar(
            select(Segment)
            .where(Segment.module_id == module_id, Segment.slug == draft.slug)
            .options(undefer(Segment.content), selectinload(Segment.materials).undefer(Material.body))
        )
        with session.no_autoflush:
            if segment is None:
                segment = Segment(module_id=module_id, slug=draft.slug)
                session.add(segment)
            segment.number, segment.title, segment.content = draft.number, draft.title, draft.content
            _set_ranges(segment, draft.reading, draft.coaching)
            _put_objectives(segment, draft.objectives)
            _put_session(segment, draft.session)
            _put_activities(segment, draft.activities)
            _put_materials(segment, draft.materials)
        _finish("segment.published", segment, session=session, actor=actor)
        return segment.id


def _finish(action: str, subject: Programme | Module | Segment, *, session: Session, actor: Actor) -> None:
    """Flush, and write the decision down if anything changed: a repeated load leaves no trace."""
    changed = session.new or session.deleted or any(session.is_modified(entity) for entity in session.dirty)
    session.flush()
    if changed:
        audit.record(action, actor=actor, subject=(subject.__tablename__, subject.id))


def _refuse_twice(keys: list[str]) -> None:
    for position, key in enumerate(keys):
        if key in keys[:position]:
            raise KeyTwiceError(key=key)


def _set_ranges(part: Module | Segment, reading: MinuteRange, coaching: MinuteRange) -> None:
    part.reading_min, part.reading_max = reading.least, reading.most
    part.coaching_min, part.coaching_max = coaching.least, coaching.most


def _put_objectives(part: Module | Segment, drafts: tuple[ObjectiveDraft, ...]) -> None:
    del part.objectives[len(drafts) :]
    for position, draft in enumerate(drafts, start=1):
        if position > len(part.objectives):
            part.objectives.append(Objective(position=position))
        objective = part.objectives[position - 1]
        objective.position, objective.kind, objective.text = position, draft.kind, draft.text


def _put_areas(module: Module, drafts: tuple[AreaDraft, ...]) -> None:
    known = {area.key: area for area in module.areas}
    module.areas[:] = [known.get(draft.key) or AreaOfFocus(key=draft.key) for draft in drafts]
    for position, (area, draft) in enumerate(zip(module.areas, drafts, strict=True), start=1):
        area.position, area.title, area.toolkit = position, draft.title, draft.toolkit


def _put_session(segment: Segment, draft: SessionDraft | None) -> None:
    if draft is None:
        segment.session_plan = None
        return
    plan = segment.session_plan or SessionPlan()
    segment.session_plan = plan
    plan.number, plan.minutes_min, plan.minutes_max = draft.number, draft.minutes.least, draft.minutes.most
    plan.opening, plan.wrap_up, plan.equity_prompt = draft.opening, draft.wrap_up, draft.equity_prompt
    del plan.steps[len(draft.steps) :]
    for position, step in enumerate(draft.steps, start=1):
        if position > len(plan.steps):
            plan.steps.append(PlanStep(position=position))
        plan.steps[position - 1].text = step.text
        plan.steps[position - 1].audience = step.audience
    del plan.questions[len(draft.questions) :]
    for position, question in enumerate(draft.questions, start=1):
        if position > len(plan.questions):
            plan.questions.append(ReflectiveQuestion(position=position))
        plan.questions[position - 1].text = question


def _put_activities(segment: Segment, drafts: tuple[ActivityDraft, ...]) -> None:
    known = {activity.key: activity for activity in segment.activities}
    for position, draft in enumerate(drafts, start=1):
        activity = known.pop(draft.key, None)
        if activity is None:
            activity = Activity(key=draft.key)
            segment.activities.append(activity)
        activity.position, activity.timing, activity.kind = position, draft.timing, draft.kind
        activity.title, activity.note, activity.minutes = draft.title, draft.note, draft.minutes
        activity.session_number, activity.retired_at = draft.session_number, None
    for activity in known.values():
        activity.retired_at = activity.retired_at or now()


def _put_materials(segment: Segment, drafts: tuple[MaterialDraft, ...]) -> None:
    known = {material.key: material for material in segment.materials}
    segment.materials[:] = [known.get(draft.key) or Material(key=draft.key) for draft in drafts]
    for position, (material, draft) in enumerate(zip(segment.materials, drafts, strict=True), start=1):
        material.position, material.kind, material.title = position, draft.kind, draft.title
        material.detail, material.body, material.url = draft.detail, draft.body, draft.url
