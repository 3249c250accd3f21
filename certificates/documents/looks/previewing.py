"""The worker's part of a preview: typeset as a certificate is, drawn as a picture, kept."""

from __future__ import annotations

import importlib
import io
from datetime import timedelta
from typing import Any, Final

from certificates.documents.looks.look import read_look
from certificates.documents.looks.models import LookPreview, LookPreviewId
from certificates.documents.looks.samples import sample_facts
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files import storing
from institute.files.reading import FileMissingError
from institute.files.storage import Blob
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import RetryPolicy
from institute.jobs.worker import Done, Outcome

RETRY: Final = RetryPolicy(first=timedelta(seconds=2), longest=timedelta(seconds=30), most_attempts=4)
DOTS_PER_INCH: Final = 110
UNFIT: Final = "page-unfit"
NO_PICTURE: Final = "picture-missing"
# Large and slow to import: only the worker does, at its first preview.
_TYPESETTING: Final = "certificates.documents.typesetting"
_LAYOUT: Final = "certificates.documents.layout"
_PICTURES: Final = "certificates.documents.looks.pictures"
_DRAWING: Final = "pypdfium2"


def make_preview(job: LeasedJob) -> Outcome:
    """Make the page of one language, unless it is there or nobody wishes for it any more."""
    row = db.session.get(LookPreview, LookPreviewId(int(job.key)))
    if row is None or row.made_at is not None:
        return Done()
    preview_id, wished_at = row.id, row.wished_at
    layout: Any = importlib.import_module(_LAYOUT)
    try:
        pdf = _typeset(row)
    except layout.PageError:
        _attach(preview_id, wished_at, None, UNFIT)
        return Done(UNFIT)
    except (NotFoundError, FileMissingError):
        _attach(preview_id, wished_at, None, NO_PICTURE)
        return Done(NO_PICTURE)
    _attach(preview_id, wished_at, (storing.keep(pdf), storing.keep(_drawn(pdf))), "")
    return Done()


def _typeset(row: LookPreview) -> bytes:
    look = read_look(row.document)
    typesetting: Any = importlib.import_module(_TYPESETTING)
    pictures: Any = importlib.import_module(_PICTURES)
    facts = sample_facts(
        look,
        pictures.page_look(look, row.institute_id),
        pictures.signatories(look, row.institute_id),
        row.institute_id,
        row.locale,
    )
    made: bytes = typesetting.typeset(facts, credential=b"{}", credential_name="open-badge.json")
    return made


def _drawn(pdf: bytes) -> bytes:
    """Return the page as PNG."""
    pdfium: Any = importlib.import_module(_DRAWING)
    document = pdfium.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=DOTS_PER_INCH / 72).to_pil().convert("RGB")
    finally:
        document.close()
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _attach(preview_id: LookPreviewId, wished_at: Any, made: tuple[Blob, Blob] | None, problem: str) -> None:
    with transaction() as session:
        row = session.get(LookPreview, preview_id, with_for_update=True)
        if row is None or row.made_at is not None or row.wished_at != wished_at:
            return  # thrown away, or something else was typed meanwhile
        row.made_at, row.problem = now(), problem
        if made is None:
            return
        name = f"preview-{row.locale}"
        row.file_id = storing.record(
            made[0],
            institute_id=row.institute_id,
            name=f"{name}.pdf",
            media_type="application/pdf",
            owner_id=None,
        )
        row.picture_id = storing.record(
            made[1], institute_id=row.institute_id, name=f"{name}.png", media_type="image/png", owner_id=None
        )
