"""Guides as documents: wished for, found again, and how far one is. Equal ones are made once."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from courses.catalogue.models import ModuleId
from courses.catalogue.renderings import Rendering
from courses.guides.models import GuideDocument, GuideDocumentId
from courses.guides.page.filling import style
from courses.guides.reading import ModuleHere
from institute.actors import InstituteId
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.errors import NotFoundError
from institute.files import storing
from institute.files.models import StoredFile, StoredFileId
from institute.i18n import LOCALES, text_hash
from institute.jobs import outbox
from institute.jobs.models import JobState, OutboxRow
from institute.people.models import Institute
from institute.printing.papers import Paper

JOB_KIND: Final = "guides.document"
# Counts changes of what templates print: documents of an earlier layout are made anew when they are asked for.
LAYOUT: Final = 1


class Progress(StrEnum):
    """How far a document is."""

    UNASKED = "unasked"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which document: of a module of one version, for whom, in which language, for which paper.

    ``closed`` are the numbers of the segments that are left out.
    """

    module_id: ModuleId
    rendering: Rendering
    locale: str
    paper: Paper
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DocumentHere:
    """A document as its page shows it. ``wished_at`` is when it was asked for."""

    progress: Progress
    wished_at: datetime | None = None
    file_id: StoredFileId | None = None


def read_wish(module: ModuleHere, rendering: Rendering, *, locale: str, paper: str) -> Wish:
    """Return the wish that an address names. Raises NotFoundError for a language or a paper that there is not."""
    if locale not in LOCALES or paper not in list(Paper):
        raise NotFoundError
    return Wish(module.id, rendering, locale, Paper(paper), module.closed)


def wish_for(wish: Wish, module: ModuleHere) -> DocumentHere:
    """Have a document made, unless there is one; a failed one is tried again.

    ``module`` is that of the wish; the caller has checked that the actor may read it.
    """
    with transaction() as session:
        edition = edition_of(module)
        row = _row_for(wish, edition, module.institute_id, session=session)
        if row.edition != edition:
            _begin_anew(row, edition)
        if row.file_id is None and _state_of(row.id) not in {JobState.READY, JobState.LEASED}:
            row.wished_at = now()
            outbox.put(kind=JOB_KIND, key=str(row.id))
        session.flush()
        return _here(row)


def find_document(wish: Wish, module: ModuleHere) -> DocumentHere:
    """Return how far a document is; one of an earlier edition has to be asked for again."""
    row = db.session.scalar(_select(wish, module.institute_id))
    if row is None or row.edition != edition_of(module):
        return DocumentHere(Progress.UNASKED)
    return _here(row)


def file_of(wish: Wish, module: ModuleHere) -> StoredFile | None:
    """Return the file of a document that is ready, None for any other."""
    here = find_document(wish, module)
    return db.session.get(StoredFile, here.file_id) if here.file_id is not None else None


def edition_of(module: ModuleHere) -> str:
    """Return what stands for everything that is printed around a guide: layout, style, names of what it refers to."""
    name = db.session.get_one(Institute, module.institute_id).name
    return text_hash(f"{LAYOUT} {style(Paper.A4)} {sorted(name.texts.items())} {module.surroundings.state}")


def write_numbers(numbers: Set[int]) -> str:
    """Return numbers as the database keeps them: in order, with commas."""
    return ",".join(map(str, sorted(numbers)))


def read_numbers(text: str) -> frozenset[int]:
    """Return what ``write_numbers`` wrote."""
    return frozenset(map(int, text.split(","))) if text else frozenset()


def _row_for(wish: Wish, edition: str, institute_id: InstituteId, *, session: Session) -> GuideDocument:
    values = {
        "institute_id": institute_id,
        "module_id": wish.module_id,
        "rendering": wish.rendering,
        "locale": wish.locale,
        "paper": wish.paper,
        "closed": write_numbers(wish.closed),
        "edition": edition,
        "wished_at": now(),
    }
    session.execute(insert_into(session, GuideDocument).on_conflict_do_nothing(), [values])
    return session.scalars(_select(wish, institute_id).with_for_update()).one()


def _select(wish: Wish, institute_id: InstituteId) -> Select[GuideDocument]:
    return select(GuideDocument).where(
        GuideDocument.institute_id == institute_id,
        GuideDocument.module_id == wish.module_id,
        GuideDocument.rendering == wish.rendering,
        GuideDocument.locale == wish.locale,
        GuideDocument.paper == wish.paper,
        GuideDocument.closed == write_numbers(wish.closed),
    )


def _begin_anew(row: GuideDocument, edition: str) -> None:
    outdated = row.file_id
    row.edition, row.file_id, row.made_at = edition, None, None
    if outdated is not None:
        with transaction() as session:
            session.flush()
            storing.forget(outdated, institute_id=row.institute_id)


def _here(row: GuideDocument) -> DocumentHere:
    if row.file_id is not None:
        return DocumentHere(Progress.READY, row.wished_at, row.file_id)
    failed = _state_of(row.id) is JobState.DEAD
    return DocumentHere(Progress.FAILED if failed else Progress.WAITING, row.wished_at)


def _state_of(document_id: GuideDocumentId) -> JobState | None:
    return db.session.scalar(
        select(OutboxRow.state).where(OutboxRow.kind == JOB_KIND, OutboxRow.key == str(document_id))
    )
