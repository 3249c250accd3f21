"""The document of a month, made by the worker: whole and once, wherever the worker is killed.

The bytes are kept first; one transaction then sets them on the document together with what they say.
"""

from __future__ import annotations

import importlib
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.logbook.documents import Wish, edition_of
from courses.logbook.finding import BookHere, write_month
from courses.logbook.models import MonthDocument, MonthDocumentId
from courses.logbook.months import MonthLog, month_log
from institute.clock import now
from institute.db import db, transaction
from institute.files import storing
from institute.files.storage import Blob
from institute.i18n import language_tag, speaking
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import RetryPolicy
from institute.jobs.worker import Done, Outcome

MEDIA_TYPE: Final = "application/pdf"
RETRY: Final = RetryPolicy(first=timedelta(seconds=2), longest=timedelta(seconds=30), most_attempts=4)
_MAKING: Final = "courses.logbook.making"


def make_document(job: LeasedJob) -> Outcome:
    """Make, keep and attach a month's document, unless it is there."""
    row = db.session.get(MonthDocument, MonthDocumentId(int(job.key)))
    if row is None:
        return Done("document-gone")
    if row.file_id is not None:
        return Done()
    wish, document_id = Wish(row.locale, row.paper), row.id
    log = _read(row.enrolment_id, row.month)
    making: Any = importlib.import_module(_MAKING)
    with speaking(wish.locale):
        edition = edition_of(log, wish)
        made: bytes = making.make_month(log, wish.paper)
    name = f"coaching-log-{write_month(log.month)}-{language_tag(wish.locale)}.pdf"
    _attach(document_id, storing.keep(made), name, edition)
    return Done()


def _read(enrolment_id: EnrolmentId, month: date) -> MonthLog:
    row = db.session.execute(
        select(Enrolment.institute_id, Enrolment.person_id, Cohort.name, Cohort.timezone)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment_id)
    ).one()
    return month_log(BookHere(enrolment_id, *row), month)


def _attach(document_id: MonthDocumentId, blob: Blob, name: str, edition: str) -> None:
    with transaction() as session:
        row = session.get(MonthDocument, document_id, with_for_update=True)
        if row is None or row.file_id is not None:
            return  # taken away, or another worker was faster
        row.file_id = storing.record(
            blob, institute_id=row.institute_id, name=name, media_type=MEDIA_TYPE, owner_id=None
        )
        row.edition, row.made_at = edition, now()
