"""Pages of documents as pictures, made by the worker: the web process never loads what draws them."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO, Final

from flask import Flask
from sqlalchemy import select

from courses.media.models import DocumentPage, DocumentPages, PagesState
from institute.actors import InstituteId
from institute.db import db, transaction
from institute.files import cleaning
from institute.files.models import CleanState, StoredFile, StoredFileId
from institute.files.reading import FileMissingError, open_file
from institute.files.storage import Blob
from institute.files.storing import keep, record
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Done, Outcome, Retry

JOB_KIND: Final = "media.pages"
PDF: Final = "application/pdf"
MOST_PAGES: Final = 200
WIDEST: Final = 1240  # pixels: A4 at 150 dots an inch
TALLEST: Final = 3600
QUALITY: Final = 80
SOON: Final = timedelta(seconds=5)
PICTURE: Final = "image/webp"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page that was drawn and kept; sizes in pixels."""

    blob: Blob
    width: int
    height: int


def init_app(app: Flask) -> None:
    """Let the worker draw pages."""
    worker.handle(app, JOB_KIND, draw_pages)


def wish(file_id: StoredFileId, *, institute_id: InstituteId) -> None:
    """Have the pages of a stored PDF drawn, in the caller's transaction; other kinds and known ones are left alone."""
    with transaction() as session:
        file = session.get(StoredFile, file_id)
        if file is None or file.institute_id != institute_id or file.media_type != PDF:
            return
        if session.get(DocumentPages, file_id) is None:
            session.add(
                DocumentPages(
                    file_id=file_id, institute_id=institute_id, state=PagesState.WAITING, count=None
                )
            )
            session.flush()
            outbox.put(kind=JOB_KIND, key=str(file_id), payload={"file": file_id})


def draw_pages(job: LeasedJob) -> Outcome:
    """Draw all pages of one document, from the copy without names where there is one."""
    file_id = StoredFileId(int(job.payload["file"]))
    row = db.session.get(DocumentPages, file_id)
    if row is None or row.state is not PagesState.WAITING:
        return Done()
    institute_id = row.institute_id
    if cleaning.state_of(file_id) is CleanState.WISHED:
        return Retry("clean-copy", after=SOON)
    try:
        _, data = open_file(cleaning.clean_of(file_id) or file_id, institute_id=institute_id)
    except FileMissingError as error:
        return Retry(error.code)
    db.session.close()  # nothing stays open while pages are drawn
    with data:
        drawn = list(_draw(data))
    with transaction() as session:
        row = session.get(DocumentPages, file_id, with_for_update=True)
        if row is None or row.state is not PagesState.WAITING:
            return Done()
        if not drawn:
            row.state = PagesState.FAILED
            return Done()
        for number, page in enumerate(drawn, start=1):
            picture_id = record(
                page.blob,
                institute_id=institute_id,
                name=f"page-{number}.webp",
                media_type=PICTURE,
                owner_id=None,
            )
            session.add(
                DocumentPage(
                    file_id=file_id,
                    number=number,
                    institute_id=institute_id,
                    picture_id=picture_id,
                    width=page.width,
                    height=page.height,
                )
            )
        row.state, row.count = PagesState.MADE, len(drawn)
    return Done()


def pages_of(file_id: StoredFileId) -> tuple[DocumentPages | None, tuple[DocumentPage, ...]]:
    """Return what is known of a document's pages, and those that are drawn, in order."""
    rows = db.session.scalars(
        select(DocumentPage).where(DocumentPage.file_id == file_id).order_by(DocumentPage.number)
    )
    return db.session.get(DocumentPages, file_id), tuple(rows)


def _draw(data: BinaryIO) -> Iterator[Drawn]:
    """Draw and keep the pages, as many as are drawn; none of what cannot be read."""
    # Loaded where it is needed: the web process imports this module and never draws.
    pdfium: Any = importlib.import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return
    try:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            width, height = page.get_size()
            scale = min(WIDEST / max(width, 1), TALLEST / max(height, 1))
            picture = page.render(scale=scale).to_pil().convert("RGB")
            page.close()
            out = io.BytesIO()
            picture.save(out, "WEBP", quality=QUALITY)
            yield Drawn(keep(out.getvalue()), picture.width, picture.height)
    except pdfium.PdfiumError:
        return
    finally:
        document.close()
