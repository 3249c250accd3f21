"""What documents wait for where it is not only the worker's time: told where somebody looks for them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import String, cast, select

from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.models import Award
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import gettext
from institute.jobs.models import JobState, OutboxRow

DISK_FULL: Final = "disk-full"
KEY_EXPIRED: Final = "key-expired"


def why_documents_wait(institute_id: InstituteId) -> str:
    """Return why documents of an institute could not be made yet, in words; empty where nothing stands in the way."""
    reason = db.session.scalar(
        select(OutboxRow.reason)
        .join(Award, cast(Award.id, String) == OutboxRow.key)
        .where(
            OutboxRow.kind == JOB_KIND,
            OutboxRow.state == JobState.READY,
            OutboxRow.reason.in_((DISK_FULL, KEY_EXPIRED)),
            Award.institute_id == institute_id,
            Award.document_file_id.is_(None),
        )
        .limit(1)
    )
    words = {
        DISK_FULL: gettext(
            "The server’s disk is full. The certificates are valid, and their documents follow when there is room:"
            " tell whoever runs the server."
        ),
        KEY_EXPIRED: gettext(
            "The key that signs documents has expired. The certificates are valid, and their documents follow when"
            " the key is replaced."
        ),
    }
    return words.get(reason or "", "")
