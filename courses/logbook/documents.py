"""A month's log as a document: wished for, found again, and how far one is. Outdated ones are made anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, select

from courses.cohorts.models import EnrolmentId
from courses.logbook.filling import style
from courses.logbook.models import MonthDocument, MonthDocumentId
from courses.logbook.months import MonthLog
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.errors import NotFoundError
from institute.files import storing
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import LOCALES, text_hash
from institute.jobs import outbox
from institute.jobs.models import JobState, OutboxRow
from institute.printing.papers import Paper

JOB_KIND: Final = "logbook.document"
# Counts changes of what the template prints.
LAYOUT: Final = 1


class Progress(StrEnum):
    """How far a document is."""

    UNASKED = "unasked"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wish:
    """In which language and for which paper."""

    locale: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class DocumentHere:
    """A document as its page shows it."""

    progress: Progress
    wished_at: datetime | None = None
    file_id: StoredFileId | None = None


def read_wish(locale: str, paper: str) -> Wish:
    """Return the wish that an address names. Raises NotFoundError for a language or a paper that there is not."""
    if locale not in LOCALES or paper not in list(Paper):
        raise NotFoundError
    return Wish(locale, Paper(paper))


def wish_for(wish: Wish, log: MonthLog) -> DocumentHere:
    """Have a month's document made, unless there is one that says what is so; a failed one is tried again."""
    edition = edition_of(log, wish)
    with transaction() as session:
        values = {
            "institute_id": log.book.institute_id,
            "enrolment_id": log.book.enrolment_id,
            "month": log.month,
            "locale": wish.locale,
            "paper": wish.paper,
            "edition": edition,
            "wished_at": now(),
        }
        session.execute(insert_into(session, MonthDocument).on_conflict_do_nothing(), [values])
        row = session.scalars(_select(wish, log.book.enrolment_id, log.month).with_for_update()).one()
        if row.edition != edition:
            outdated = row.file_id
            row.edition, row.file_id, row.made_at = edition, None, None
            session.flush()
            if outdated is not None:
                storing.forget(outdated, institute_id=row.institute_id)
        if row.file_id is None and _state_of(row.id) not in {JobState.READY, JobState.LEASED}:
            row.wished_at = now()
            outbox.put(kind=JOB_KIND, key=str(row.id))
        session.flush()
        return _here(row)


def find_document(wish: Wish, log: MonthLog) -> DocumentHere:
    """Return how far a month's document is; one that says something else has to be asked for again."""
    row = db.session.scalar(_select(wish, log.book.enrolment_id, log.month))
    if row is None or row.edition != edition_of(log, wish):
        return DocumentHere(Progress.UNASKED)
    return _here(row)


def file_of(wish: Wish, log: MonthLog) -> StoredFile | None:
    """Return the file of a document that is ready and says what is so, None for any other."""
    here = find_document(wish, log)
    return db.session.get(StoredFile, here.file_id) if here.file_id is not None else None


def edition_of(log: MonthLog, wish: Wish) -> str:
    """Return what stands for everything that is printed: the digest, the texts, the names, who signed, the layout."""
    said = [
        LAYOUT,
        style(wish.paper, wish.locale),
        log.digest,
        sorted(log.institute_name.texts.items()),
        log.participant_name,
        [[line.log.coach_name, line.log.state, line.log.next_steps] for line in log.lines],
        [[one.side, one.name, one.at.isoformat(), one.fresh] for one in log.signed.values()],
    ]
    return text_hash(json.dumps(said, default=str))


def _select(wish: Wish, enrolment_id: EnrolmentId, month: date) -> Select[MonthDocument]:
    return select(MonthDocument).where(
        MonthDocument.enrolment_id == enrolment_id,
        MonthDocument.month == month,
        MonthDocument.locale == wish.locale,
        MonthDocument.paper == wish.paper,
    )


def _here(row: MonthDocument) -> DocumentHere:
    if row.file_id is not None:
        return DocumentHere(Progress.READY, row.wished_at, row.file_id)
    failed = _state_of(row.id) is JobState.DEAD
    return DocumentHere(Progress.FAILED if failed else Progress.WAITING, row.wished_at)


def _state_of(document_id: MonthDocumentId) -> JobState | None:
    return db.session.scalar(
        select(OutboxRow.state).where(OutboxRow.kind == JOB_KIND, OutboxRow.key == str(document_id))
    )
