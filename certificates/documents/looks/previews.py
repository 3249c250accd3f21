"""Pages to look at before a look is saved: wished for, found again, thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from certificates.documents.looks.keeping import forget_unused
from certificates.documents.looks.look import Look, pictures_of, read_look, write_look
from certificates.documents.looks.models import LookPreview, LookPreviewId
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files import storing
from institute.files.models import StoredFile, StoredFileId
from institute.files.reading import find_file
from institute.i18n import LOCALES
from institute.jobs import outbox
from institute.people.models import Institute

JOB_KIND: Final = "look.preview"


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """How far the page of one language is; ``problem`` is a stable word where it could not be made."""

    id: LookPreviewId
    locale: str
    ready: bool
    problem: str
    wished_at: datetime


def wish_previews(look: Look, *, actor: Actor) -> None:
    """Have a page made in each language of the institute, and remember what was typed."""
    if actor.person_id is None:
        raise NotFoundError
    document = write_look(look)
    with transaction() as session:
        institute = session.get_one(Institute, actor.institute_id)
        before = _typed_pictures(actor)
        known = {row.locale: row for row in _rows(actor)}
        for locale in languages_of(institute):
            row = known.pop(locale, None)
            if row is None:
                row = LookPreview(
                    institute_id=actor.institute_id, person_id=actor.person_id, locale=locale, problem=""
                )
                session.add(row)
            elif row.document == document and row.made_at is not None and not row.problem:
                continue
            else:
                _empty(row)
            row.document, row.wished_at = document, now()
            session.flush()
            outbox.put(kind=JOB_KIND, key=str(row.id))
        for row in known.values():
            _remove(row)
        forget_unused(before, institute_id=actor.institute_id)


def typed_look(actor: Actor) -> Look | None:
    """Return the look that somebody typed last, saved or not; None where nothing was typed."""
    rows = _rows(actor)
    return read_look(rows[0].document) if rows else None


def list_previews(actor: Actor) -> list[PreviewLine]:
    """Return the pages of the last wish, in the institute's order of languages."""
    order = languages_of(db.session.get_one(Institute, actor.institute_id))
    rows = sorted(
        _rows(actor), key=lambda row: order.index(row.locale) if row.locale in order else len(order)
    )
    return [
        PreviewLine(row.id, row.locale, row.picture_id is not None, row.problem, row.wished_at)
        for row in rows
    ]


def preview_file(preview_id: LookPreviewId, *, picture: bool, actor: Actor) -> StoredFile:
    """Return a page as PNG or as PDF. Raises NotFoundError for what is not there or somebody else's."""
    row = db.session.get(LookPreview, preview_id)
    if row is None or row.institute_id != actor.institute_id or row.person_id != actor.person_id:
        raise NotFoundError
    file_id = row.picture_id if picture else row.file_id
    if file_id is None:
        raise NotFoundError
    return find_file(file_id, institute_id=actor.institute_id)


def discard(*, actor: Actor) -> None:
    """Throw away what was typed and not saved, with its pages."""
    with transaction():
        before = _typed_pictures(actor)
        for row in _rows(actor):
            _remove(row)
        forget_unused(before, institute_id=actor.institute_id)


def languages_of(institute: Institute) -> list[str]:
    """Return the languages of an institute in which pages are made."""
    return [one for one in institute.languages.split() if one in LOCALES] or [LOCALES[0]]


def _typed_pictures(actor: Actor) -> frozenset[StoredFileId]:
    typed = typed_look(actor)
    return pictures_of(typed) if typed is not None else frozenset()


def _rows(actor: Actor) -> list[LookPreview]:
    return list(
        db.session.scalars(
            select(LookPreview)
            .where(LookPreview.institute_id == actor.institute_id, LookPreview.person_id == actor.person_id)
            .order_by(LookPreview.id)
        )
    )


def _empty(row: LookPreview) -> None:
    """Take a page's files away."""
    outdated: list[StoredFileId] = [one for one in (row.file_id, row.picture_id) if one is not None]
    row.file_id = row.picture_id = row.made_at = None
    row.problem = ""
    with transaction() as session:
        session.flush()
        for file_id in outdated:
            storing.forget(file_id, institute_id=row.institute_id)


def _remove(row: LookPreview) -> None:
    _empty(row)
    with transaction() as session:
        session.delete(row)
        session.flush()
