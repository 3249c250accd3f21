"""Portfolios of others: what a coach or the office still owes, one person's board, and a presentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from certificates.evidence.boards import EvidenceList, board_of
from certificates.evidence.hands import Hands
from certificates.evidence.models import (
    Owner,
    Presentation,
    Requirement,
    RequirementKind,
    Submission,
)
from certificates.evidence.pages import PresentationLine, presentation_line
from certificates.evidence.presenting import PresentationSheet
from certificates.evidence.states import ENDED, SENT_BACK, SubmissionState
from certificates.levels.models import Level
from courses.catalogue.naming import is_slug
from courses.cohorts.coordinating import seen_by
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.rosters import find_coached
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

PER_PAGE: Final = 50
_THERE: Final = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Something that waits for the reader: a requirement of somebody. ``state`` as of the latest attempt."""

    enrolment_id: EnrolmentId
    name: str
    cohort_name: Localised
    requirement_key: str
    title: Localised
    kind: RequirementKind
    state: SubmissionState | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of what waits; ``found`` counts all of it."""

    lines: tuple[WaitingLine, ...]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(-(-self.found // PER_PAGE), 1)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Somebody's board, as their coach or the office sees it."""

    enrolment_id: EnrolmentId
    name: str
    board: EvidenceList


@dataclass(frozen=True, slots=True)
class PresentationPage:
    """A presentation of somebody, with the form of its time and place."""

    enrolment_id: EnrolmentId
    name: str
    requirement_key: str
    title: Localised
    zone: str
    state: SubmissionState | None
    set: PresentationLine | None
    sheet: PresentationSheet

    @property
    def may_schedule(self) -> bool:
        """Whether a time can be set: for the first attempt, a draft, or anew after one that came back."""
        return self.state in {None, SubmissionState.DRAFT} or self.state in SENT_BACK

    @property
    def is_set(self) -> bool:
        """Whether a time is set for what is still to come."""
        return self.set is not None and self.state is SubmissionState.DRAFT

    @property
    def may_hold(self) -> bool:
        """Whether it can be said that it took place."""
        return self.is_set and self.set is not None and self.set.starts <= now()


def waiting_for(owner: Owner, page: int, *, actor: Actor) -> Waiting:
    """Return what waits for a coach or the office: their own requirements, and for the office presentations.

    Those of the next level alone would hide what is due together with it: all levels are in it.
    """
    query, found = _waiting(owner, actor), count_waiting(owner, actor=actor)
    page = page if (page - 1) * PER_PAGE < found and page >= 1 else 1
    rows = db.session.execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    lines = tuple(
        WaitingLine(
            row.enrolment_id,
            name_or_number(row.name, row.person_id),
            row.cohort_name,
            row.key,
            row.title,
            row.kind,
            row.state,
        )
        for row in rows
    )
    return Waiting(lines, found, page)


def count_waiting(owner: Owner, *, actor: Actor) -> int:
    """Return how much waits for a coach or the office."""
    query = _waiting(owner, actor).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(query)) or 0


def portfolio(hands: Hands, *, actor: Actor) -> Portfolio:
    """Return somebody's board. Raises NotFoundError where it is not the actor's to see."""
    enrolment = hands.enrolment(actor)
    person = db.session.get_one(Person, enrolment.person_id)
    return Portfolio(enrolment.id, name_or_number(person.name, person.id), board_of(enrolment))


def presentation_page(requirement_key: str, hands: Hands, *, actor: Actor) -> PresentationPage:
    """Return a presentation of somebody, for the office. Raises NotFoundError."""
    enrolment = hands.enrolment(actor)
    requirement = db.session.scalar(
        select(Requirement).where(
            Requirement.institute_id == actor.institute_id,
            Requirement.key == (requirement_key if is_slug(requirement_key) else ""),
            Requirement.kind == RequirementKind.PRESENTATION,
        )
    )
    if requirement is None:
        raise NotFoundError
    row = db.session.execute(
        select(Submission.state, Presentation)
        .outerjoin(Presentation, Presentation.submission_id == Submission.id)
        .where(Submission.requirement_id == requirement.id, Submission.enrolment_id == enrolment.id)
        .order_by(Submission.attempt.desc())
        .limit(1)
    ).one_or_none()
    state, presentation = (None, None) if row is None else (row[0], row[1])
    person = db.session.get_one(Person, enrolment.person_id)
    is_set = presentation is not None and state is SubmissionState.DRAFT
    return PresentationPage(
        enrolment_id=enrolment.id,
        name=name_or_number(person.name, person.id),
        requirement_key=requirement.key,
        title=requirement.title,
        zone=enrolment.timezone,
        state=state,
        set=presentation_line(presentation) if presentation else None,
        sheet=PresentationSheet.of(presentation) if is_set and presentation else PresentationSheet(),
    )


def _waiting(owner: Owner, actor: Actor) -> Select[*tuple[Any, ...]]:
    """Select what is left to do: requirements without an attempt that stands handed in, of whom the actor sees."""
    latest, other, sibling = aliased(Submission), aliased(Submission), aliased(Requirement)
    newest = (
        select(func.max(latest.attempt))
        .where(latest.requirement_id == Requirement.id, latest.enrolment_id == Enrolment.id)
        .correlate(Requirement, Enrolment)
        .scalar_subquery()
    )
    met_by_other = exists(
        select(other.id)
        .join(sibling, sibling.id == other.requirement_id)
        .where(
            other.enrolment_id == Enrolment.id,
            sibling.choice == Requirement.choice,
            sibling.level_id == Requirement.level_id,
            other.state.not_in([SubmissionState.DRAFT, *ENDED]),
        )
        .correlate(Requirement, Enrolment)
    )
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.person_id,
            Person.name,
            Cohort.name.label("cohort_name"),
            Requirement.key,
            Requirement.title,
            Requirement.kind,
            Submission.state,
        )
        .select_from(Requirement)
        .join(Enrolment, Enrolment.institute_id == Requirement.institute_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Level, Level.id == Requirement.level_id)
        .outerjoin(
            Submission,
            and_(
                Submission.requirement_id == Requirement.id,
                Submission.enrolment_id == Enrolment.id,
                Submission.attempt == newest,
            ),
        )
        .where(
            Requirement.institute_id == actor.institute_id,
            or_(Requirement.retired_at.is_(None), Submission.id.is_not(None)),
            _owed(owner),
            _seen(owner, actor),
            Enrolment.state.in_(_THERE),
            or_(Submission.id.is_(None), Submission.state.in_([SubmissionState.DRAFT, *ENDED])),
            or_(Requirement.choice.is_(None), ~met_by_other),
        )
        .order_by(Level.position, Cohort.id.desc(), Person.name, Enrolment.id, Requirement.position)
    )


def _owed(owner: Owner) -> ColumnElement[bool]:
    if owner is Owner.COACH:
        return Requirement.owner == owner
    return or_(Requirement.owner == owner, Requirement.kind == RequirementKind.PRESENTATION)


def _seen(owner: Owner, actor: Actor) -> ColumnElement[bool]:
    if owner is Owner.COACH:
        return Enrolment.id.in_([one.enrolment_id for one in find_coached(actor)])
    if actor.has(Role.ADMINISTRATOR):
        return Enrolment.institute_id == actor.institute_id
    return seen_by(actor)
