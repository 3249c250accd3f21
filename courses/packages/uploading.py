"""Packages handed in on a page: checked, kept for a day, brought in with one word of who handed them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import BinaryIO, Final

from sqlalchemy import select

from courses.catalogue.models import Programme
from courses.library.checking import languages_here
from courses.packages.errors import PackageNotChosenError, PackageTooLargeError, UploadNotFoundError
from courses.packages.importing import Opened, bring_in, open_package, plan_import
from courses.packages.models import PackageUpload, PackageUploadId
from courses.packages.papers import LARGEST_PACKAGE
from courses.packages.plans import Plan
from courses.packages.problems import PackageError, Problem
from courses.packages.reading import Package, read_zip
from courses.packages.writing import MEDIA_TYPE
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import DomainError
from institute.files.naming import safe_name
from institute.files.storage import Blob, current_storage
from institute.files.storing import forget, keep, record
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome

FORGET: Final = "packages.forget"
WAITS: Final = timedelta(days=1)
LARGEST_UPLOAD: Final = LARGEST_PACKAGE + 1024 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was handed in: kept, or what is wrong with it."""

    name: str = ""
    blob: Blob | None = None
    problems: tuple[Problem, ...] = ()
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A package that waits, and what bringing it in would do."""

    upload_id: PackageUploadId
    name: str
    package: Package
    plan: Plan


def take_in(data: BinaryIO | None, name: str, *, institute_id: InstituteId) -> Handed:
    """Check a package and keep its bytes. Call it outside any transaction."""
    if data is None or not name:
        return Handed(error=PackageNotChosenError())
    shown = safe_name(name)
    if data.seek(0, 2) > LARGEST_PACKAGE:
        most = LARGEST_PACKAGE // (1024 * 1024)
        return Handed(shown, error=PackageTooLargeError(file=f"\u2068{shown}\u2069", most=most))
    try:
        open_package(data, institute_id=institute_id)
    except PackageError as error:
        return Handed(shown, problems=error.problems)
    data.seek(0)
    return Handed(shown, keep(data))


def await_word(blob: Blob, name: str, *, actor: Actor) -> PackageUploadId:
    """Let a package wait until its person says what becomes of it, for a day at most."""
    assert actor.person_id is not None  # noqa: S101  (pages are for people)
    with transaction() as session:
        file_id = record(
            blob,
            institute_id=actor.institute_id,
            name=safe_name(f"{PurePath(name).stem}.zip"),
            media_type=MEDIA_TYPE,
            owner_id=actor.person_id,
        )
        row = PackageUpload(institute_id=actor.institute_id, file_id=file_id, uploaded_by=actor.person_id)
        session.add(row)
        session.flush()
        outbox.put(kind=FORGET, key=str(row.id), after=now() + WAITS)
        return row.id


def look_at(upload_id: PackageUploadId, *, actor: Actor) -> Waiting:
    """Return a package of the actor's with what bringing it in would do. Raises UploadNotFoundError, PackageError."""
    row = _own(upload_id, actor)
    source = languages_here(actor.institute_id)[0]
    with current_storage().open(row.file.sha256) as data:
        package = read_zip(data, source=source)
    plan = plan_import(package, institute_id=actor.institute_id)
    return Waiting(row.id, row.file.name, package, plan)


def open_upload(upload_id: PackageUploadId, *, actor: Actor) -> Opened:
    """Read a package of the actor's and keep its resources' files. Call it outside any transaction.

    Raises UploadNotFoundError, PackageError.
    """
    row = _own(upload_id, actor)
    with current_storage().open(row.file.sha256) as data:
        return open_package(data, institute_id=actor.institute_id)


def bring_in_upload(
    upload_id: PackageUploadId, opened: Opened, *, digest: str, take_theirs: bool, actor: Actor
) -> str:
    """Bring a waiting package in and forget it; return the programme's slug.

    Raises UploadNotFoundError, PlanChangedError, and what ``bring_in`` raises.
    """
    with transaction() as session:
        row = _own(upload_id, actor)
        programme_id = bring_in(opened, take_theirs=take_theirs, digest=digest, actor=actor)
        _drop(row)
        return session.get_one(Programme, programme_id).slug


def discard(upload_id: PackageUploadId, *, actor: Actor) -> None:
    """Forget a waiting package. Raises UploadNotFoundError."""
    with transaction():
        _drop(_own(upload_id, actor))


def forget_when_due(job: LeasedJob) -> Outcome:
    """Forget a package that nobody decided about within a day."""
    with transaction() as session:
        row = session.get(PackageUpload, int(job.key))
        if row is not None and row.uploaded_at <= now() - WAITS:
            _drop(row)
    return Done()


def _own(upload_id: PackageUploadId, actor: Actor) -> PackageUpload:
    row = db.session.scalars(
        select(PackageUpload).where(
            PackageUpload.id == upload_id,
            PackageUpload.institute_id == actor.institute_id,
            PackageUpload.uploaded_by == actor.person_id,
        )
    ).one_or_none()
    if row is None or row.uploaded_at <= now() - WAITS:
        raise UploadNotFoundError
    return row


def _drop(row: PackageUpload) -> None:
    file_id, institute_id = row.file_id, row.institute_id
    with transaction() as session:
        session.delete(row)
        session.flush()
        forget(file_id, institute_id=institute_id)
