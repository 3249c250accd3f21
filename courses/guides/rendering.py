"""The document of a guide, made by the worker: whole and once, wherever the worker is killed.

The bytes are kept first; one transaction then records the file and sets it on the document, only where none is set and
nobody asked for another edition meanwhile. Killed before, the job runs again and what was kept is swept away.
"""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any, Final

from courses.catalogue.renderings import compose
from courses.guides.documents import edition_of, read_numbers
from courses.guides.models import GuideDocument, GuideDocumentId
from courses.guides.page.filling import Frame
from courses.guides.reading import ModuleHere, load_module
from courses.library.shelf import printing
from institute.clock import now
from institute.db import db, transaction
from institute.files import storing
from institute.files.storage import Blob
from institute.i18n import language_tag, speaking
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import RetryPolicy
from institute.jobs.worker import Done, Outcome
from institute.people.models import Institute

MEDIA_TYPE: Final = "application/pdf"
# Somebody waits for it: what cannot be made within a minute or so is said, and may be tried again.
RETRY: Final = RetryPolicy(first=timedelta(seconds=2), longest=timedelta(seconds=30), most_attempts=4)
# What it takes to typeset is large and slow to import: only the worker does, at its first document.
_MAKING: Final = "courses.guides.making"


def make_document(job: LeasedJob) -> Outcome:
    """Make, keep and attach a document, unless it is there."""
    row = db.session.get(GuideDocument, GuideDocumentId(int(job.key)))
    if row is None:
        return Done("document-gone")
    if row.file_id is not None:
        return Done()
    document_id, module = row.id, load_module(row.institute_id, row.module_id)
    edition, name = edition_of(module), _name_of(row, module)
    blob = storing.keep(_make(row, module))
    _attach(document_id, blob, name, edition)
    return Done()


def _make(row: GuideDocument, module: ModuleHere) -> bytes:
    institute = db.session.get_one(Institute, row.institute_id)
    making: Any = importlib.import_module(_MAKING)
    with speaking(row.locale), printing(row.institute_id):
        closed = read_numbers(row.closed)
        guide = compose(module.programme, module.content, module.instruments, row.rendering, closed=closed)
        name = institute.name.in_(row.locale)
        frame = Frame(name, module.version, module.day, module.surroundings)
        made: bytes = making.make_guide(guide, frame, row.paper)
    return made


def _name_of(row: GuideDocument, module: ModuleHere) -> str:
    tag, programme, part = language_tag(row.locale), module.programme.slug, module.content.draft.slug
    return f"{programme}-{part}-{row.rendering}-{module.version}-{tag}-{row.paper}.pdf"


def _attach(document_id: GuideDocumentId, blob: Blob, name: str, edition: str) -> None:
    with transaction() as session:
        row = session.get(GuideDocument, document_id, with_for_update=True)
        if row is None or row.file_id is not None:
            return  # taken away, or another worker was faster
        row.file_id = storing.record(
            blob, institute_id=row.institute_id, name=name, media_type=MEDIA_TYPE, owner_id=None
        )
        row.edition, row.made_at = edition, now()
