"""What waited for a key: wished for again at once when another key takes its place."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, cast, select

from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.issuing.papers import JOB_KIND as PAPERS
from certificates.awards.lifetime.signing_keys import KEY_EXPIRED
from certificates.awards.models import Award
from institute.db import db
from institute.jobs import outbox
from institute.jobs.models import JobState, OutboxRow
from institute.keys.events import KeyRotated
from institute.keys.models import KeyPurpose
from institute.parting import parts_of


def wish_again(event: KeyRotated) -> None:
    """Wish for the document of every award of the institute that has none, and for the papers that wait for a key."""
    if event.purpose is not KeyPurpose.DOCUMENT:
        return
    waiting = select(Award.id).where(
        Award.institute_id == event.institute_id, Award.document_file_id.is_(None)
    )
    _wish(JOB_KIND, [str(award_id) for award_id in db.session.scalars(waiting)])
    papers = (
        select(OutboxRow.key)
        .join(Award, cast(Award.id, String) == OutboxRow.key)
        .where(
            Award.institute_id == event.institute_id,
            OutboxRow.kind == PAPERS,
            OutboxRow.state == JobState.READY,
            OutboxRow.reason == KEY_EXPIRED,
        )
    )
    _wish(PAPERS, db.session.scalars(papers).all())


def _wish(kind: str, keys: Sequence[str]) -> None:
    for some in parts_of(keys, outbox.PUT_AT_ONCE):
        outbox.put_several(kind=kind, keys=some)
