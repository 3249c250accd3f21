"""Files handed in on a page or named to the command: read, tried, kept for a day, brought in by who attests them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import BinaryIO, Final

from sqlalchemy import select

from courses.exchange.attendance_rows import read_attendance
from courses.exchange.columns import known_columns, needed_columns
from courses.exchange.errors import (
    BatchNotFoundError,
    FileNotChosenError,
    FileTooLargeError,
    NotAttestedError,
)
from courses.exchange.formats import Formats
from courses.exchange.importing import BringIn, Outcome, Row, Run, bring_in_all, bring_in_good, told, try_rows
from courses.exchange.models import ImportBatch, ImportBatchId, ImportedRow, Subject
from courses.exchange.papers import LARGEST_FILE, Fault, read_paper
from courses.exchange.session_rows import read_sessions
from courses.exchange.writing import follow_nothing, follow_sessions, write_attendance, write_session
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError
from institute.files.naming import safe_name
from institute.files.storage import Blob, current_storage
from institute.files.storing import forget, keep, record
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done
from institute.jobs.worker import Outcome as JobOutcome
from institute.spreadsheets import MEDIA_TYPE

FORGET: Final = "exchange.forget"
WAITS: Final = timedelta(days=1)
MEGABYTE: Final = 1024 * 1024
LARGEST_UPLOAD: Final = LARGEST_FILE + MEGABYTE


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: the rows that can be brought in, and everything that has to be mended."""

    subject: Subject
    rows: Sequence[Row]
    faults: tuple[Fault, ...]
    count: int = 0


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was handed in: what would become of it, its bytes if it may wait, and what is wrong with the form."""

    form: dict[str, str]
    name: str = ""
    sha256: str = ""
    formats: Formats = field(default_factory=Formats)
    blob: Blob | None = None
    count: int = 0
    outcome: Outcome | None = None
    problems: tuple[tuple[str, DomainError], ...] = ()


def read_file(data: bytes, subject: Subject, formats: Formats, *, institute_id: InstituteId) -> Read:
    """Return the rows of a file, with what has to be mended in it; nothing is tried yet."""
    paper = read_paper(data, formats.delimiter, needed=needed_columns(subject), known=known_columns(subject))
    rows: Sequence[Row]
    if subject is Subject.SESSIONS:
        rows, faults = read_sessions(paper.rows, formats, institute_id=institute_id)
    else:
        rows, faults = read_attendance(paper.rows, institute_id=institute_id)
    return Read(subject, rows, (*paper.faults, *faults), len(paper.rows))


def try_file(read: Read, *, actor: Actor) -> Outcome:
    """Return what would become of a file. Call it outside any transaction."""
    outcome = try_rows(_run(read.subject, None, actor), read.rows)
    outcome.faults = [*read.faults, *outcome.faults]
    return outcome


def take_in(
    subject: Subject, data: BinaryIO | None, name: str, form: dict[str, str], *, actor: Actor
) -> Handed:
    """Read and try a file that a form brought, and keep its bytes if a row of it is good. Outside any transaction."""
    handed = Handed(form, safe_name(name) if name else "")
    formats, problems = Formats(), list[tuple[str, DomainError]]()
    try:
        formats = Formats.of(form)
    except DomainError as error:
        problems.append(("zone" if "ZONE" in error.code else "dates", error))
    content = b""
    if data is None or not name:
        problems.append(("file", FileNotChosenError()))
    else:
        content = data.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            shown = f"\u2068{handed.name}\u2069"
            problems.append(("file", FileTooLargeError(file=shown, most=LARGEST_FILE // MEGABYTE)))
    if problems:
        return replace(handed, problems=tuple(problems))
    read = read_file(content, subject, formats, institute_id=actor.institute_id)
    outcome = try_file(read, actor=actor)
    useful = outcome.added or outcome.already
    return replace(
        handed,
        sha256=hashlib.sha256(content).hexdigest(),
        formats=formats,
        blob=keep(content) if useful else None,
        count=read.count,
        outcome=outcome,
    )


def await_word(handed: Handed, subject: Subject, *, actor: Actor) -> ImportBatchId:
    """Let a file wait until its person says what becomes of it, for a day at most."""
    assert handed.blob is not None  # noqa: S101  (only good files wait)
    assert handed.outcome is not None  # noqa: S101
    with transaction() as session:
        file_id = record(
            handed.blob,
            institute_id=actor.institute_id,
            name=handed.name,
            media_type=MEDIA_TYPE,
            owner_id=actor.person_id,
        )
        batch = ImportBatch(
            institute_id=actor.institute_id,
            subject=subject,
            file_id=file_id,
            name=handed.name,
            sha256=handed.sha256,
            formats=handed.formats.declared(),
            uploaded_by=_person(actor),
            rows=handed.count,
            added=handed.outcome.added,
            already=handed.outcome.already,
            refused=len({fault.line for fault in handed.outcome.faults}),
            faults=told(handed.outcome.faults),
        )
        session.add(batch)
        session.flush()
        outbox.put(kind=FORGET, key=str(batch.id), after=now() + WAITS)
        return batch.id


def find_batch(batch_id: ImportBatchId, *, actor: Actor) -> ImportBatch:
    """Return a file of the actor's, waiting or brought in. Raises BatchNotFoundError."""
    batch = db.session.scalars(
        select(ImportBatch).where(
            ImportBatch.id == batch_id,
            ImportBatch.institute_id == actor.institute_id,
            ImportBatch.uploaded_by == actor.person_id,
        )
    ).one_or_none()
    if batch is None:
        raise BatchNotFoundError
    return batch


def bring_in(batch_id: ImportBatchId, *, attested: bool, good_only: bool, actor: Actor) -> DomainError | None:
    """Bring a waiting file of the actor's in: all of it, or its good rows. Call it outside any transaction.

    Returns NotAttestedError where nobody vouches; what else keeps rows out is in the batch. A file that is in already
    is not brought in again. Raises BatchNotFoundError.
    """
    batch = find_batch(batch_id, actor=actor)
    if batch.finished_at is not None:
        return None
    if not attested:
        return NotAttestedError()
    data = _bytes_of(batch)
    read = read_file(data, batch.subject, Formats.of(batch.formats), institute_id=actor.institute_id)
    bring_in_read(batch_id, read, good_only=good_only, actor=actor)
    return None


def bring_in_read(batch_id: ImportBatchId, read: Read, *, good_only: bool, actor: Actor) -> Outcome:
    """Bring a file that was read in as the batch of that id; where it must be whole and is not, say what to mend."""
    run = _run(read.subject, batch_id, actor)
    if good_only:
        return bring_in_good(run, read.rows, faults=read.faults, actor=actor)
    if read.faults:
        outcome = Outcome(faults=try_file(read, actor=actor).faults)
    else:
        outcome = bring_in_all(run, read.rows, actor=actor)
    if outcome.faults:
        _note_faults(batch_id, outcome)
    return outcome


def discard(batch_id: ImportBatchId, *, actor: Actor) -> None:
    """Forget a waiting file. Raises BatchNotFoundError."""
    with transaction():
        batch = find_batch(batch_id, actor=actor)
        if batch.finished_at is None:
            _drop(batch)


def forget_when_due(job: LeasedJob) -> JobOutcome:
    """Forget a file that nobody decided about within a day."""
    with transaction() as session:
        batch = session.get(ImportBatch, int(job.key))
        if batch is not None and batch.finished_at is None and batch.uploaded_at <= now() - WAITS:
            _drop(batch)
    return Done()


def _run(subject: Subject, batch_id: ImportBatchId | None, actor: Actor) -> Run:
    write: BringIn
    if subject is Subject.SESSIONS:
        write = partial(write_session, importer_id=_person(actor), institute_id=actor.institute_id)
        return Run(subject, actor.institute_id, write, follow_sessions, batch_id)
    write = partial(write_attendance, actor=actor)
    return Run(subject, actor.institute_id, write, follow_nothing, batch_id)


def _bytes_of(batch: ImportBatch) -> bytes:
    with current_storage().open(batch.sha256) as file:
        return file.read()


def _note_faults(batch_id: ImportBatchId, outcome: Outcome) -> None:
    with transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.finished_at is None:
            batch.faults = told(outcome.faults)
            batch.refused = len({fault.line for fault in outcome.faults})


def _drop(batch: ImportBatch) -> None:
    file_id, institute_id = batch.file_id, batch.institute_id
    with transaction() as session:
        if session.scalar(select(ImportedRow.id).where(ImportedRow.batch_id == batch.id).limit(1)):
            # Stopped in the middle: what is in stays known by it.
            batch.file_id, batch.finished_at = None, now()
        else:
            session.delete(batch)
        session.flush()
        if file_id is not None:
            forget(file_id, institute_id=institute_id)


def _person(actor: Actor) -> PersonId:
    assert actor.person_id is not None  # noqa: S101  (somebody vouches for each file)
    return actor.person_id
