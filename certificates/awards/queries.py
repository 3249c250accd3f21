"""Awards as an administrator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from certificates.awards.applications.duties import find_objection
from certificates.awards.errors import DutiesError
from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.issuing.waiting import why_document_waits
from certificates.awards.models import (
    Award,
    AwardChange,
    AwardId,
)
from courses.cohorts.assigning import local_day
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.jobs.models import JobState, OutboxRow
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number

PER_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that happened, and who did it; no name for what the house did itself."""

    state: str
    at: datetime
    person_name: str
    note: str
    reason: str | None = None
    what: str = ""
    """In words, where a state alone does not say it."""


@dataclass(frozen=True, slots=True)
class AwardLine:
    """An award in a list. ``issued`` is the day that the certificate bears."""

    id: AwardId
    name: str
    level_name: Localised
    serial: str
    issued: date
    status: str
    ready: bool


@dataclass(frozen=True)
class AwardList:
    """A page of an institute's awards, newest first."""

    lines: Sequence[AwardLine]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class AwardView:
    """One award with what became of it.

    ``failed`` where nobody tries to make its document any more; ``waits`` says what stands in its way, else nothing.
    """

    award: Award
    timezone: str
    issuer_name: str
    objection: DutiesError | None
    changes: Sequence[StepLine]
    failed: bool
    waits: str


def list_awards(actor: Actor, page: int = 1) -> AwardList:
    """Return the awards of the actor's institute, newest first."""
    mine = Award.institute_id == actor.institute_id
    total = db.session.scalar(select(func.count(Award.id)).where(mine)) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rows = db.session.scalars(
        select(Award).where(mine).order_by(Award.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    )
    timezone = _timezone(actor.institute_id)
    lines = [
        AwardLine(
            row.id,
            row.name_frozen,
            row.level_name,
            row.serial,
            local_day(timezone, row.issued_at),
            row.status,
            row.document_file_id is not None,
        )
        for row in rows
    ]
    return AwardList(lines, total, page, pages)


def find_award(award_id: AwardId, actor: Actor) -> Award:
    """Return an award of the actor's institute. Raises NotFoundError."""
    award = db.session.get(Award, award_id)
    if award is None or award.institute_id != actor.institute_id:
        raise NotFoundError
    return award


def view_award(award_id: AwardId, actor: Actor) -> AwardView:
    """Return an award of the actor's institute with its changes. Raises NotFoundError."""
    award = find_award(award_id, actor)
    rows = db.session.execute(
        select(AwardChange, Person.name)
        .outerjoin(Person, Person.id == AwardChange.person_id)
        .where(AwardChange.award_id == award.id)
        .order_by(AwardChange.id.desc())
    )
    return AwardView(
        award=award,
        timezone=_timezone(award.institute_id),
        issuer_name=_name_of(award.issued_by),
        objection=find_objection(actor, award.person_id, award.enrolment_id, award.rule_set_id),
        changes=[
            StepLine(one.status, one.at, _by(name, one.person_id), one.note, one.reason) for one, name in rows
        ],
        failed=award.document_file_id is None and _has_failed(award.id),
        waits=why_document_waits(award) if award.document_file_id is None else "",
    )


def _by(name: str | None, person_id: PersonId | None) -> str:
    return name_or_number(name or "", person_id) if person_id is not None else ""


def _has_failed(award_id: AwardId) -> bool:
    job = select(OutboxRow.id).where(
        OutboxRow.kind == JOB_KIND, OutboxRow.key == str(award_id), OutboxRow.state == JobState.DEAD
    )
    return db.session.scalar(job) is not None


def _name_of(person_id: PersonId) -> str:
    return name_or_number(db.session.get_one(Person, person_id).name, person_id)


def _timezone(institute_id: InstituteId) -> str:
    return db.session.get_one(Institute, institute_id).timezone
