"""Bringing rows in: each once, all of them or the good ones. A dry run is the same run, taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.exchange import row_errors
from courses.exchange.letters import tell_participants
from courses.exchange.models import ImportBatch, ImportBatchId, ImportedRow, Subject
from courses.exchange.papers import Fault
from courses.sessions.models import SessionLogId
from institute import audit
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import is_writing, transaction
from institute.errors import DomainError
from institute.files.storing import forget
from institute.parting import parts_of

AT_ONCE: Final = 50
ASKED_AT_ONCE: Final = 400


class Row(Protocol):
    """A row that can be brought in."""

    @property
    def line(self) -> int:
        """Where it stands in its file."""

    @property
    def external_id(self) -> str:
        """What its file calls it."""

    @property
    def digest(self) -> str:
        """A hash of what it says."""


class RefusedRow(Exception):  # noqa: N818  (no mistake of ours: the row's)
    """A row cannot be brought in. ``problems`` are errors by column."""

    def __init__(self, problems: dict[str, DomainError]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


# Brings a row in and returns the log that it became, None where it becomes none. Raises RefusedRow, DomainError.
BringIn = Callable[[Any], SessionLogId | None]
# Says once, for rows that were added, what follows from all of them.
Follow = Callable[[Sequence[Any], Session], None]


@dataclass(slots=True)
class Outcome:
    """What became of rows: how many were added, how many were in already, and what keeps the others out."""

    added: int = 0
    already: int = 0
    faults: list[Fault] = field(default_factory=list)


class _TakenBackError(Exception):
    """Nothing of this run stays."""


@dataclass(slots=True)
class Run:
    """Rows about one subject on their way in. ``batch_id`` is the file that they came in, None for a dry run."""

    subject: Subject
    institute_id: InstituteId
    bring_in: BringIn
    follow: Follow
    batch_id: ImportBatchId | None = None
    outcome: Outcome = field(default_factory=Outcome)

    def take(self, rows: Sequence[Row], session: Session) -> None:
        """Bring rows in, in the caller's transaction, and note in the outcome what became of each.

        The same file brought in by two requests at once comes in one after the other.
        """
        if self.batch_id is not None:
            session.execute(select(ImportBatch.id).where(ImportBatch.id == self.batch_id).with_for_update())
        known = self._known(rows, session)
        added: list[Row] = []
        for row in rows:
            before = known.get(row.external_id)
            if before == row.digest:
                self.outcome.already += 1
            elif before is not None:
                self._refuse(row, {"external_id": row_errors.RowOtherError()})
            elif self._take_new(row, session):
                added.append(row)
        self.outcome.added += len(added)
        if added and self.batch_id is not None:
            self.follow(added, session)

    def _take_new(self, row: Row, session: Session) -> bool:
        try:
            with session.begin_nested():
                log_id = self.bring_in(row)
                if self.batch_id is not None:
                    session.add(self._imported(row, self.batch_id, log_id))
                    session.flush()
        except RefusedRow as refused:
            self._refuse(row, refused.problems)
        except DomainError as error:
            self._refuse(row, {"": error})
        except IntegrityError:
            # Somebody brings the same file in at this moment.
            if self._known([row], session).get(row.external_id) != row.digest:
                raise
            self.outcome.already += 1
        else:
            return True
        return False

    def _refuse(self, row: Row, problems: dict[str, DomainError]) -> None:
        self.outcome.faults += [Fault(row.line, column, error) for column, error in problems.items()]

    def _imported(self, row: Row, batch_id: ImportBatchId, log_id: SessionLogId | None) -> ImportedRow:
        return ImportedRow(
            institute_id=self.institute_id,
            batch_id=batch_id,
            subject=self.subject,
            external_id=row.external_id,
            line=row.line,
            digest=row.digest,
            log_id=log_id,
        )

    def _known(self, rows: Sequence[Row], session: Session) -> dict[str, str]:
        """Return what the rows that are in already said, by their external_id."""
        found: dict[str, str] = {}
        for part in parts_of(rows, ASKED_AT_ONCE):
            wanted = [row.external_id for row in part]
            statement = select(ImportedRow.external_id, ImportedRow.digest).where(
                ImportedRow.institute_id == self.institute_id,
                ImportedRow.subject == self.subject,
                ImportedRow.external_id.in_(wanted),
            )
            found.update((row[0], row[1]) for row in session.execute(statement))
        return found


def try_rows(run: Run, rows: Sequence[Row]) -> Outcome:
    """Return what would become of rows, and change nothing. Call it outside any transaction."""
    _refuse_inside()
    # Some at a time: what rows of one file claim twice was found when they were read.
    for part in parts_of(rows, AT_ONCE):
        with suppress(_TakenBackError), transaction() as session:
            run.take(part, session)
            raise _TakenBackError
    return run.outcome


def bring_in_all(run: Run, rows: Sequence[Row], *, actor: Actor) -> Outcome:
    """Bring all rows of a file in, or none where one has to be mended; then the outcome says what, and adds none."""
    _refuse_inside()
    with suppress(_TakenBackError), transaction() as session:
        run.take(rows, session)
        if run.outcome.faults:
            raise _TakenBackError
        _finish(run, actor, session)
        return run.outcome
    return Outcome(faults=run.outcome.faults)


def bring_in_good(run: Run, rows: Sequence[Row], *, faults: Sequence[Fault], actor: Actor) -> Outcome:
    """Bring the good rows of a file in, some at a time: after a stop in the middle the next call goes on from there.

    ``faults`` are those that reading found before.
    """
    _refuse_inside()
    run.outcome.faults += faults
    for part in parts_of(rows, AT_ONCE):
        with transaction() as session:
            run.take(part, session)
    with transaction() as session:
        _finish(run, actor, session)
    return run.outcome


def _finish(run: Run, actor: Actor, session: Session) -> None:
    batch = session.scalars(select(ImportBatch).where(ImportBatch.id == run.batch_id)).one()
    if batch.finished_at is not None:
        return
    batch.finished_at = now()
    batch.added, batch.already = run.outcome.added, run.outcome.already
    batch.refused = len({fault.line for fault in run.outcome.faults})
    batch.faults = told(run.outcome.faults)
    if batch.file_id is not None:
        file_id, batch.file_id = batch.file_id, None
        session.flush()
        forget(file_id, institute_id=batch.institute_id)
    if run.subject is Subject.SESSIONS:
        tell_participants(batch.id, institute_id=batch.institute_id, session=session)
    audit.record(
        "exchange.brought-in",
        actor=actor,
        subject=("import_batch", batch.id),
        details={"subject": batch.subject, "sha256": batch.sha256, "added": batch.added},
    )


def told(faults: Sequence[Fault]) -> list[list[Any]]:
    """Return faults as they are kept: line, column, code and sentence, in the language of who reads now."""
    ordered = sorted(faults, key=lambda fault: (fault.line, fault.column))
    return [[fault.line, fault.column, fault.error.code, fault.error.text] for fault in ordered]


def _refuse_inside() -> None:
    if is_writing():
        raise RuntimeError("a run that may be taken back is no part of another transaction")
