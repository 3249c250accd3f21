"""Commands of files in: ``courses import-sessions`` and ``courses import-attendance``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click
from flask.cli import with_appcontext
from sqlalchemy import func, or_, select

from courses.exchange.batches import bring_in_read, discard, read_file, try_file
from courses.exchange.errors import FileTooLargeError, ImporterUnknownError, WhichImporterError
from courses.exchange.formats import OF_COHORT, DateOrder, Delimiter, Formats, TimeStyle, read_zone
from courses.exchange.importing import Outcome
from courses.exchange.models import ImportBatch, ImportBatchId, Subject
from courses.exchange.papers import LARGEST_FILE, Fault
from institute.actors import Actor, InstituteId, Role
from institute.db import db, transaction
from institute.files.naming import safe_name
from institute.people.institutes import find_institute
from institute.people.models import Grant, Person
from institute.terminal import institute_option, sentences

_source: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_COMMON: Final = (
    click.argument("file", metavar="FILE.csv", type=_source),
    click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing."),
    click.option("--good-rows", is_flag=True, help="Bring the good rows in, instead of all or none."),
    click.option("--by", metavar="EMAIL", default="", help="The administrator who vouches for the file."),
    click.option(
        "--delimiter",
        type=click.Choice([one.value for one in Delimiter]),
        default=Delimiter.COMMA.value,
        show_default=True,
    ),
    institute_option,
    with_appcontext,
)
_DATES: Final = (
    click.option(
        "--dates",
        type=click.Choice([one.value for one in DateOrder]),
        default=DateOrder.ISO.value,
        show_default=True,
    ),
    click.option(
        "--times",
        type=click.Choice([one.value for one in TimeStyle]),
        default=TimeStyle.H24.value,
        show_default=True,
    ),
    click.option(
        "--zone", default=OF_COHORT, show_default=True, help="On which clock, or each cohort's own."
    ),
)


def _with(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@click.command("import-sessions")
@_with(*_COMMON[:-1], *_DATES, _COMMON[-1])
def import_sessions(file: Path, **given: Any) -> None:
    """Bring the sessions of FILE.csv in, each once: they wait for their participants to confirm them."""
    with sentences():
        zone = read_zone(given["zone"])
        formats = Formats(
            DateOrder(given["dates"]), TimeStyle(given["times"]), Delimiter(given["delimiter"]), zone
        )
        _import(file, Subject.SESSIONS, formats, **_asked(given))


@click.command("import-attendance")
@_with(*_COMMON)
def import_attendance(file: Path, **given: Any) -> None:
    """Bring the attendance of FILE.csv in: who was at which meeting, for how many minutes."""
    with sentences():
        formats = Formats(delimiter=Delimiter(given["delimiter"]))
        _import(file, Subject.ATTENDANCE, formats, **_asked(given))


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("dry_run", "good_rows", "by", "slug")}


def _import(
    file: Path,
    subject: Subject,
    formats: Formats,
    *,
    dry_run: bool,
    good_rows: bool,
    by: str,
    slug: str | None,
) -> None:
    actor = _importer(by, find_institute(slug).id)
    if file.stat().st_size > LARGEST_FILE:
        raise FileTooLargeError(file=file.name, most=LARGEST_FILE // (1024 * 1024))
    data = file.read_bytes()
    read = read_file(data, subject, formats, institute_id=actor.institute_id)
    batch_id = None
    if dry_run:
        outcome = try_file(read, actor=actor)
        _tell(outcome.faults)
        click.echo(
            f"Would add {outcome.added}; in already: {outcome.already}; {_lines(outcome)} to be mended."
        )
        click.echo("Nothing was changed: this was a dry run.")
    else:
        batch_id = _begin(file.name, data, subject, formats, count=read.count, actor=actor)
        outcome = bring_in_read(batch_id, read, good_only=good_rows, actor=actor)
        _tell(outcome.faults)
        click.echo(f"Added {outcome.added}; in already: {outcome.already}; {_lines(outcome)} left out.")
    if outcome.faults and not good_rows:
        if batch_id is not None:
            discard(batch_id, actor=actor)
            click.echo("Nothing was brought in. Mend these rows, or bring in --good-rows alone.", err=True)
        raise click.exceptions.Exit(1)


def _tell(faults: Sequence[Fault]) -> None:
    for fault in sorted(faults, key=lambda one: (one.line, one.column)):
        where = ", ".join(word for word in (f"line {fault.line}" if fault.line else "", fault.column) if word)
        said = fault.error.text.replace("\u2068", "").replace("\u2069", "")
        click.echo(f"{where}: {said}" if where else said, err=True)


def _lines(outcome: Outcome) -> int:
    return len({fault.line for fault in outcome.faults})


def _begin(
    name: str, data: bytes, subject: Subject, formats: Formats, *, count: int, actor: Actor
) -> ImportBatchId:
    """Return the row of a file, the one of a run that was stopped where there is one."""
    digest = hashlib.sha256(data).hexdigest()
    with transaction() as session:
        begun = session.scalars(
            select(ImportBatch).where(
                ImportBatch.institute_id == actor.institute_id,
                ImportBatch.subject == subject,
                ImportBatch.sha256 == digest,
                ImportBatch.uploaded_by == actor.person_id,
                ImportBatch.finished_at.is_(None),
                ImportBatch.file_id.is_(None),
            )
        ).first()
        if begun is not None:
            return begun.id
        assert actor.person_id is not None  # noqa: S101  (somebody vouches for each file)
        batch = ImportBatch(
            institute_id=actor.institute_id,
            subject=subject,
            name=safe_name(name),
            sha256=digest,
            formats=formats.declared(),
            uploaded_by=actor.person_id,
            rows=count,
        )
        session.add(batch)
        session.flush()
        return batch.id


def _importer(by: str, institute_id: InstituteId) -> Actor:
    """Return the administrator of that address or key, or the only one there is.

    Raises ImporterUnknownError, WhichImporterError.
    """
    named = func.lower(Person.email) == by.casefold()
    found = db.session.scalars(
        select(Person.id)
        .join(Grant, Grant.person_id == Person.id)
        .where(
            Person.institute_id == institute_id,
            Grant.role == Role.ADMINISTRATOR,
            Grant.ended_at.is_(None),
            *([or_(named, Person.key == by)] if by else []),
        )
        .distinct()
        .limit(2)
    ).all()
    if not found and by:
        raise ImporterUnknownError(text=by)
    if len(found) != 1:
        raise WhichImporterError
    return Actor(institute_id, found[0], frozenset({Role.ADMINISTRATOR}))
