"""Whom a coordinator sees: the whole institute, or those who work below the organisations of their grants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import aliased

from courses.cohorts.models import CohortId, Enrolment, EnrolmentId, Recipient
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.clock import now
from institute.db import db
from institute.people.linking import same_person
from institute.people.models import Grant, Organisation, OrganisationId
from institute.web.asking import once_a_page

WHOLE: Final = None  # no organisation bounds it
Scope = frozenset[OrganisationId] | None


@once_a_page
def scope_of(actor: Actor) -> Scope:
    """Return the organisations that a coordinator works for, all those below them included; None for all of them.

    A grant without an organisation is for the whole institute, so is the role where it was never granted but came
    with the door. Who had a grant and has none any more sees nobody.
    """
    if actor.person_id is None:
        return WHOLE
    grants = db.session.execute(
        select(Grant.organisation_id, Grant.ended_at).where(
            Grant.person_id.in_(same_person(actor.person_id)),
            Grant.institute_id == actor.institute_id,
            Grant.role == Role.COORDINATOR,
        )
    ).all()
    running = [one.organisation_id for one in grants if one.ended_at is None]
    if not grants or None in running:
        return WHOLE
    return below(actor.institute_id, [one for one in running if one is not None])


def below(institute_id: InstituteId, tops: Iterable[OrganisationId]) -> frozenset[OrganisationId]:
    """Return organisations together with everything below them."""
    children: dict[OrganisationId | None, list[OrganisationId]] = defaultdict(list)
    for child, parent in db.session.execute(
        select(Organisation.id, Organisation.parent_id).where(Organisation.institute_id == institute_id)
    ):
        children[parent].append(child)
    found: set[OrganisationId] = set()
    waiting = list(tops)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children[one]
    return frozenset(found)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an enrolment is the coordinator's to see.

    Somebody without a site is seen by those alone who see the whole institute.
    """
    return in_scope(actor.institute_id, scope_of(actor))


def in_scope(institute_id: InstituteId, scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an enrolment lies in a scope, by where its person works today."""
    own = Enrolment.institute_id == institute_id
    if scope is WHOLE:
        return own
    if not scope:
        return false()
    today, later = aliased(Recipient), aliased(Recipient)
    day = now().date()
    newest = (
        select(func.max(later.since))
        .where(later.enrolment_id == Enrolment.id, later.since <= day)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    works_there = (
        select(today.id)
        .where(today.enrolment_id == Enrolment.id, today.since == newest, today.site_id.in_(scope))
        .correlate(Enrolment)
        .exists()
    )
    return and_(own, works_there)


def sees(enrolment_id: EnrolmentId, actor: Actor) -> bool:
    """Tell whether an enrolment is the coordinator's to see."""
    found = select(Enrolment.id).where(Enrolment.id == enrolment_id, seen_by(actor))
    return db.session.scalar(found) is not None


def sees_cohort(cohort_id: CohortId, actor: Actor) -> bool:
    """Tell whether somebody of a cohort is the coordinator's to see."""
    found = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, seen_by(actor)).limit(1)
    return db.session.scalar(found) is not None


def coordinators_of(enrolment_id: EnrolmentId) -> list[PersonId]:
    """Return who coordinates an enrolment: whoever holds the grant and sees it."""
    institute_id = db.session.scalar(select(Enrolment.institute_id).where(Enrolment.id == enrolment_id))
    if institute_id is None:
        return []
    holders = db.session.scalars(
        select(Grant.person_id)
        .where(Grant.institute_id == institute_id, Grant.role == Role.COORDINATOR, Grant.ended_at.is_(None))
        .distinct()
        .order_by(Grant.person_id)
    ).all()
    return [one for one in holders if sees(enrolment_id, Actor(institute_id=institute_id, person_id=one))]
