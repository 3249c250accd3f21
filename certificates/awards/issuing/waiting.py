"""What documents wait for where it is not only the worker's time: told where somebody looks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import String, cast, func, select

from certificates.awards.issuing import papers
from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.lifetime.signing_keys import KEY_EXPIRED
from certificates.awards.models import Award
from certificates.awards.wording import say_wait
from institute.actors import Actor, InstituteId
from institute.db import db
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outcomes import DISK_FULL

OF_AWARDS: Final = (JOB_KIND, papers.JOB_KIND)


@dataclass(frozen=True, slots=True)
class ToMake:
    """How many certificates have no document yet, and in words what documents wait for, empty where for nothing."""

    number: int
    waits: str


def documents_to_make(actor: Actor) -> ToMake | None:
    """Return what is to be made for the actor's institute, None where nothing is and nothing waits."""
    missing = select(func.count(Award.id)).where(
        Award.institute_id == actor.institute_id, Award.document_file_id.is_(None)
    )
    number = db.session.scalar(missing) or 0
    waits = why_documents_wait(actor.institute_id)
    return ToMake(number, waits) if number or waits else None


def why_documents_wait(institute_id: InstituteId) -> str:
    """Return why certificates, transcripts or forms of an institute could not be made yet, in words; else nothing."""
    reason = db.session.scalar(
        select(OutboxRow.reason)
        .join(Award, cast(Award.id, String) == OutboxRow.key)
        .where(
            OutboxRow.kind.in_(OF_AWARDS),
            OutboxRow.state == JobState.READY,
            OutboxRow.reason.in_((DISK_FULL, KEY_EXPIRED)),
            Award.institute_id == institute_id,
        )
        .limit(1)
    )
    return say_wait(reason or "")


def why_document_waits(award: Award) -> str:
    """Return why the certificate of an award could not be made yet, in words; empty where nothing stands in the way."""
    reason = db.session.scalar(
        select(OutboxRow.reason).where(
            OutboxRow.kind == JOB_KIND, OutboxRow.key == str(award.id), OutboxRow.state == JobState.READY
        )
    )
    return say_wait(reason or "")
