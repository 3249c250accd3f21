"""Batches as an administrator sees them: the list, one of them with its lines, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from certificates.awards.batches.making import JOB_KIND, UNDER_WAY, mark_of
from certificates.awards.batches.models import BatchId, BatchState, IssueBatch, IssueBatchLine, LineState
from certificates.awards.batches.wording import say_cause, say_refusal
from certificates.awards.issuing.waiting import why_documents_wait
from certificates.awards.models import Application, ApplicationId, ApplicationStep, Award, AwardId
from certificates.awards.wording import say_rest
from certificates.levels.models import Level
from courses.cohorts.models import Cohort
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.jobs.models import OutboxRow
from institute.people.models import Person
from institute.people.naming import name_or_number

PER_PAGE: Final = 50
# What needs a person comes first.
_ORDER: Final = case((IssueBatchLine.state.in_((LineState.UNFIT, LineState.REFUSED)), 0), else_=1)


@dataclass(frozen=True, slots=True)
class BatchLineView:
    """A line: what the certificate says or will say, where it stands, and why not, in words."""

    id: int
    application_id: ApplicationId
    award_id: AwardId | None
    serial: str
    person_name: str
    name: str
    locale: str
    second_locale: str | None
    level_name: Localised
    minutes: int
    state: LineState
    refusal: str


@dataclass(frozen=True)
class BatchView:
    """One batch with a page of its lines, those that need a person first. ``counts`` are of all its lines.

    ``mark`` is what starting it must bring back. ``documents`` of its certificates are not made yet; ``waits`` says
    what it or they wait for, in words, where it is not only the worker's time.
    """

    id: BatchId
    state: BatchState
    cause: str
    cause_code: str
    mine: bool
    person_name: str
    level_name: Localised | None
    cohort_name: Localised | None
    made_at: datetime
    counts: Mapping[LineState, int]
    mark: str
    documents: int
    waits: str
    lines: Sequence[BatchLineView]
    page: int
    pages: int

    @property
    def total(self) -> int:
        """How many lines there are."""
        return sum(self.counts.values())

    @property
    def to_issue(self) -> int:
        """How many lines would be issued."""
        return self.counts.get(LineState.READY, 0)

    @property
    def issued(self) -> int:
        """How many lines were issued."""
        return self.counts.get(LineState.ISSUED, 0)

    @property
    def checked(self) -> int:
        """How many lines were checked."""
        return self.total - self.counts.get(LineState.WAITING, 0)

    @property
    def refused(self) -> int:
        """How many lines cannot be issued, or could not."""
        return self.counts.get(LineState.UNFIT, 0) + self.counts.get(LineState.REFUSED, 0)

    @property
    def to_come(self) -> int:
        """How many were to be issued when it was started."""
        return self.issued + self.to_issue + self.counts.get(LineState.REFUSED, 0)

    @property
    def moves(self) -> bool:
        """Whether the page changes by itself: something is being done for it."""
        return self.state in {BatchState.CHECKING, BatchState.RUNNING} or self.documents > 0


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in a list. ``to_come`` counts what is or was to be issued: while it is checked, all of it."""

    id: BatchId
    state: BatchState
    person_name: str
    made_at: datetime
    to_come: int
    issued: int


def list_batches(actor: Actor, most: int = 10) -> list[BatchLine]:
    """Return the last batches of the actor's institute, newest first."""
    issued = func.sum(case((IssueBatchLine.state == LineState.ISSUED, 1), else_=0))
    passed_over = IssueBatchLine.state.in_((LineState.UNFIT, LineState.LEFT_OUT))
    counted = case((IssueBatch.state == BatchState.CHECKING, 1), (passed_over, 0), else_=1)
    rows = db.session.execute(
        select(IssueBatch, Person.name, func.sum(counted), issued)
        .join(Person, Person.id == IssueBatch.person_id)
        .join(IssueBatchLine, IssueBatchLine.batch_id == IssueBatch.id)
        .where(IssueBatch.institute_id == actor.institute_id)
        .group_by(IssueBatch.id, Person.name)
        .order_by(IssueBatch.id.desc())
        .limit(most)
    )
    return [
        BatchLine(
            one.id, one.state, name_or_number(name, one.person_id), one.made_at, int(to_come), int(done)
        )
        for one, name, to_come, done in rows
    ]


def count_under_way(actor: Actor) -> int | None:
    """Return how many batches of the actor's institute are not over, None where none is."""
    found = select(func.count(IssueBatch.id)).where(
        IssueBatch.institute_id == actor.institute_id, IssueBatch.state.in_(UNDER_WAY)
    )
    return db.session.scalar(found) or None


def view_batch(batch_id: BatchId, actor: Actor, page: int = 1) -> BatchView:
    """Return a batch of the actor's institute. Raises NotFoundError."""
    row = db.session.execute(
        select(IssueBatch, Person.name, Level.name, Cohort.name)
        .join(Person, Person.id == IssueBatch.person_id)
        .outerjoin(Level, Level.id == IssueBatch.level_id)
        .outerjoin(Cohort, Cohort.id == IssueBatch.cohort_id)
        .where(IssueBatch.id == batch_id, IssueBatch.institute_id == actor.institute_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    batch, person_name, level_name, cohort_name = row
    numbers = db.session.execute(
        select(IssueBatchLine.state, func.count())
        .where(IssueBatchLine.batch_id == batch_id)
        .group_by(IssueBatchLine.state)
    )
    counts = {state: int(number) for state, number in numbers}
    pages = max(-(-sum(counts.values()) // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    documents = _documents_to_make(batch_id)
    return BatchView(
        id=batch.id,
        state=batch.state,
        cause=say_cause(batch.cause) if batch.cause else "",
        cause_code=batch.cause,
        mine=batch.person_id == actor.person_id,
        person_name=name_or_number(person_name, batch.person_id),
        level_name=level_name,
        cohort_name=cohort_name,
        made_at=batch.made_at,
        counts=counts,
        mark=mark_of(batch_id, db.session())[0] if batch.state is BatchState.READY else "",
        documents=documents,
        waits=_why_it_rests(batch) or (why_documents_wait(actor.institute_id) if documents else ""),
        lines=_lines(batch_id, page),
        page=page,
        pages=pages,
    )


def _why_it_rests(batch: IssueBatch) -> str:
    """Return what stands in the way of a batch that is checked or issued, in words; empty where nothing does."""
    if batch.state not in {BatchState.CHECKING, BatchState.RUNNING}:
        return ""
    reason = db.session.scalar(
        select(OutboxRow.reason).where(OutboxRow.kind == JOB_KIND, OutboxRow.key == str(batch.id))
    )
    return say_rest(reason or "")


def _lines(batch_id: BatchId, page: int) -> list[BatchLineView]:
    applicant, decider = aliased(Person), aliased(Person)
    last = (
        select(func.max(ApplicationStep.id))
        .where(ApplicationStep.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            IssueBatchLine, applicant.name, applicant.id, Level.name, Award.serial, decider.name, decider.id
        )
        .join(Application, Application.id == IssueBatchLine.application_id)
        .join(applicant, applicant.id == Application.person_id)
        .join(Level, Level.id == Application.level_id)
        .outerjoin(Award, Award.id == IssueBatchLine.award_id)
        .outerjoin(ApplicationStep, ApplicationStep.id == last)
        .outerjoin(decider, decider.id == ApplicationStep.person_id)
        .where(IssueBatchLine.batch_id == batch_id)
        .order_by(_ORDER, IssueBatchLine.position)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [
        BatchLineView(
            id=line.id,
            application_id=line.application_id,
            award_id=line.award_id,
            serial=serial or "",
            person_name=name_or_number(name, person_id),
            name=line.name,
            locale=line.locale,
            second_locale=line.second_locale,
            level_name=level_name,
            minutes=line.minutes,
            state=line.state,
            refusal=say_refusal(line.code, name_or_number(by or "", by_id or 0)) if line.code else "",
        )
        for line, name, person_id, level_name, serial, by, by_id in rows
    ]


def _documents_to_make(batch_id: BatchId) -> int:
    """Return how many certificates of a batch have no document yet and are tried for."""
    waiting = (
        select(func.count(IssueBatchLine.id))
        .join(Award, Award.id == IssueBatchLine.award_id)
        .where(IssueBatchLine.batch_id == batch_id, Award.document_file_id.is_(None))
    )
    return db.session.scalar(waiting) or 0
