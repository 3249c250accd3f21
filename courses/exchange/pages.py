"""What the pages of bringing in and taking out show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from courses.exchange.batches import Handed, find_batch
from courses.exchange.columns import COLUMNS, InColumn
from courses.exchange.importing import told
from courses.exchange.models import ImportBatch, ImportBatchId, Subject
from institute.actors import Actor
from institute.db import db
from institute.people.models import Institute, Person

MOST_SHOWN: Final = 50
MOST_BATCHES: Final = 50


class FaultLine(NamedTuple):
    """What has to be mended in a line; 0 where it is about the whole file."""

    line: int
    column: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form that takes a file, empty or as it was sent, with everything that is wrong."""

    subject: Subject
    columns: tuple[InColumn, ...]
    handed: Handed
    faults: tuple[FaultLine, ...]
    zone: str

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with each field."""
        return {name: error.text for name, error in self.handed.problems}

    @property
    def shown(self) -> tuple[FaultLine, ...]:
        """The first mistakes."""
        return self.faults[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A file that waits, or what became of it. ``error`` is why the form did not do."""

    id: ImportBatchId
    subject: Subject
    name: str
    finished_at: datetime | None
    rows: int
    added: int
    already: int
    refused: int
    faults: tuple[FaultLine, ...]
    zone: str
    error: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every row is good."""
        return not self.faults

    @property
    def shown(self) -> tuple[FaultLine, ...]:
        """The first mistakes."""
        return self.faults[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A file that was brought in, and who vouched for it."""

    id: ImportBatchId
    name: str
    subject: Subject
    by: str
    mine: bool
    finished_at: datetime
    zone: str
    added: int


def new_page(subject: Subject, handed: Handed, *, actor: Actor) -> NewPage:
    """Return the form that takes a file about a subject."""
    faults = _lines(told(handed.outcome.faults)) if handed.outcome else ()
    return NewPage(subject, COLUMNS[subject], handed, faults, _zone(actor))


def batch_page(batch_id: ImportBatchId, *, actor: Actor, error: str = "") -> BatchPage:
    """Return a file of the actor's. Raises BatchNotFoundError."""
    batch = find_batch(batch_id, actor=actor)
    return BatchPage(
        batch.id,
        batch.subject,
        batch.name,
        batch.finished_at,
        batch.rows,
        batch.added,
        batch.already,
        batch.refused,
        _lines(batch.faults),
        _zone(actor),
        error,
    )


def list_batches(*, actor: Actor) -> list[BatchLine]:
    """Return the files that were brought into the actor's institute, newest first."""
    rows = db.session.execute(
        select(ImportBatch, Person.name)
        .join(Person, Person.id == ImportBatch.uploaded_by)
        .where(ImportBatch.institute_id == actor.institute_id, ImportBatch.finished_at.is_not(None))
        .order_by(ImportBatch.finished_at.desc(), ImportBatch.id.desc())
        .limit(MOST_BATCHES)
    )
    zone = _zone(actor)
    return [
        BatchLine(
            batch.id,
            batch.name,
            batch.subject,
            name,
            batch.uploaded_by == actor.person_id,
            batch.finished_at,
            zone,
            batch.added,
        )
        for batch, name in rows
        if batch.finished_at is not None
    ]


def exchange_panel(_actor: Actor) -> object:
    """Return what the administrator's home shows: always the same links."""
    return True


def _zone(actor: Actor) -> str:
    return db.session.get_one(Institute, actor.institute_id).timezone


def _lines(faults: Iterable[Any]) -> tuple[FaultLine, ...]:
    return tuple(FaultLine(*fault) for fault in faults)
