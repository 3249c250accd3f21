"""From what somebody did to what gradebooks should show: rows only, in the transaction that caused it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from certificates.awards.events import AwardChanged
from courses.catalogue.models import Module, Programme, ProgrammeVersion, Segment
from courses.cohorts.events import ProgressChanged
from courses.cohorts.models import Enrolment
from courses.hours.events import HoursChanged
from institute import events
from institute.actors import PersonId
from institute.db import transaction
from institute.people.linking import same_person
from lti.launches.models import Context, ResourceLink
from lti.services.kinds import GradeKind, chosen_kind, targets_with
from lti.services.wishing import wish_for_link


def init_app(app: Flask) -> None:
    """Hear of progress, of hours and of levels."""
    events.subscribe(app, ProgressChanged, wish_progress)
    events.subscribe(app, HoursChanged, wish_hours)
    events.subscribe(app, AwardChanged, wish_level)


def wish_progress(event: ProgressChanged) -> None:
    """Bring the scores up to date of every link that covers what has changed."""
    with transaction() as session:
        about = or_(ResourceLink.target.is_(None), _covers(session, event))
        _wish(session, event.person_id, GradeKind.PROGRESS, about, Context.cohort_id == event.cohort_id)


def wish_hours(event: HoursChanged) -> None:
    """Bring the scores up to date of the links of a cohort's courses that show hours."""
    with transaction() as session:
        about = _may_show(GradeKind.HOURS)
        _wish(session, event.person_id, GradeKind.HOURS, about, Context.cohort_id == event.cohort_id)


def wish_level(event: AwardChanged) -> None:
    """Bring the scores up to date of the links that show the level, in every course of the person's cohorts."""
    with transaction() as session:
        rows = same_person(event.person_id)
        theirs = select(Enrolment.cohort_id).where(
            Enrolment.institute_id == event.institute_id, Enrolment.person_id.in_(rows)
        )
        about = _may_show(GradeKind.LEVEL)
        _wish(session, event.person_id, GradeKind.LEVEL, about, Context.cohort_id.in_(theirs))


def _wish(
    session: Session,
    person_id: PersonId,
    kind: GradeKind,
    about: ColumnElement[bool],
    where: ColumnElement[bool],
) -> None:
    """Wish for the scores of a person in the links that show ``kind``, in the order of their ids."""
    links = session.scalars(
        select(ResourceLink)
        .join(Context, Context.id == ResourceLink.context_id)
        .where(where, about)
        .order_by(ResourceLink.id)
    ).all()
    for link in links:
        if chosen_kind(link.grade, link.target) is kind:
            wish_for_link(session, link, person_id)


def _may_show(kind: GradeKind) -> ColumnElement[bool]:
    by_default = [
        ResourceLink.target.startswith(f"{target}:", autoescape=True) for target in targets_with(kind)
    ]
    return or_(ResourceLink.grade == str(kind), *by_default)


def _covers(session: Session, event: ProgressChanged) -> ColumnElement[bool]:
    """Return the condition that a link's target contains what has changed: a segment, or the whole programme."""
    if event.segment_id is None:
        slug = session.scalars(select(Programme.slug).where(Programme.id == event.programme_id)).one()
        inside = (ResourceLink.target.startswith(f"{kind}:{slug}/") for kind in ("module", "segment"))
        return or_(ResourceLink.target == f"programme:{slug}", *inside)
    programme, module, segment = session.execute(
        select(Programme.slug, Module.slug, Segment.slug)
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .join(Module, Module.version_id == ProgrammeVersion.id)
        .join(Segment, Segment.module_id == Module.id)
        .where(Segment.id == event.segment_id)
    ).one()
    return ResourceLink.target.in_(
        (f"programme:{programme}", f"module:{programme}/{module}", f"segment:{programme}/{module}/{segment}")
    )
