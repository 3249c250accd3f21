"""Transcripts and forms of awards: wished for with the certificate, made by the worker, found again.

The bytes are kept first; one transaction then records all of an award's papers, only those that are not there.
Killed before, the job runs again and what was kept is swept away; killed after, there is nothing left to do.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from certificates.awards.issuing.killpoints import reach
from certificates.awards.issuing.models import AwardPaper
from certificates.awards.issuing.recounting import record_facts
from certificates.awards.lifetime.errors import KeyExpiredError
from certificates.awards.lifetime.signing_keys import AWAITS_KEY, require_holding
from certificates.awards.models import Award, AwardId
from certificates.documents.papers.facts import PaperKind
from institute import audit
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files import storing
from institute.files.models import StoredFile, StoredFileId
from institute.files.reading import find_file
from institute.files.storage import Blob
from institute.jobs import outbox
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import RetryPolicy
from institute.jobs.worker import Dead, Done, Outcome
from institute.keys.keeping import key_in_use
from institute.keys.models import InstituteKeyId, KeyPurpose

JOB_KIND: Final = "award.papers"
MEDIA_TYPE: Final = "application/pdf"
RETRY: Final = RetryPolicy(first=timedelta(seconds=2), longest=timedelta(seconds=60), most_attempts=4)
# What it takes to typeset and sign is large and slow to import: only the worker does, at its first document.
_MAKING: Final = "certificates.documents.papers.making"


@dataclass(frozen=True, slots=True)
class Paper:
    """A transcript or a form that is there."""

    kind: PaperKind
    file_id: StoredFileId
    sha256: str


@dataclass(frozen=True, slots=True)
class PapersHere:
    """The papers of an award as its page shows them; ``missing`` are those that could be made and are not there.

    ``waiting`` while they are being made, ``failed`` where nobody tries to make them any more. ``reason`` is the code
    of what they wait for where it is not only the worker's time.
    """

    award_id: AwardId
    papers: Sequence[Paper]
    missing: Sequence[PaperKind]
    waiting: bool
    failed: bool
    reason: str = ""


def papers_of(award_id: AwardId) -> tuple[Paper, ...]:
    """Return the papers of an award that are there, the transcript first."""
    rows = db.session.scalars(select(AwardPaper).where(AwardPaper.award_id == award_id)).all()
    kinds = list(PaperKind)
    found = sorted(rows, key=lambda row: kinds.index(row.kind))
    return tuple(Paper(row.kind, row.file_id, row.sha256) for row in found)


def file_of(award: Award, kind: str) -> StoredFile:
    """Return the file of an award's paper; the caller has checked that the award may be read. Raises NotFoundError."""
    for paper in papers_of(award.id):
        if paper.kind == kind:
            return find_file(paper.file_id, institute_id=award.institute_id)
    raise NotFoundError


def papers_here(award: Award) -> PapersHere:
    """Return how far the papers of an award are."""
    found = papers_of(award.id)
    there = {paper.kind for paper in found}
    missing = [kind for kind in kinds_for(award) if kind not in there]
    state, reason = None, ""
    if missing:
        job = select(OutboxRow.state, OutboxRow.reason).where(
            OutboxRow.kind == JOB_KIND, OutboxRow.key == str(award.id)
        )
        state, reason = db.session.execute(job).one_or_none() or (None, "")
    return PapersHere(
        award_id=award.id,
        papers=found,
        missing=missing,
        waiting=state in {JobState.READY, JobState.LEASED},
        failed=state is JobState.DEAD,
        reason=reason,
    )


def kinds_for(award: Award) -> tuple[PaperKind, ...]:
    """Return what an award has beside its certificate: no programme is completed by what somebody did as a coach."""
    return tuple(PaperKind) if award.enrolment_id is not None else (PaperKind.TRANSCRIPT,)


def want_papers(award_id: AwardId) -> None:
    """Wish for the papers of an award, in the caller's transaction."""
    outbox.put(kind=JOB_KIND, key=str(award_id))


def make_wanted(award_id: AwardId, *, actor: Actor) -> None:
    """Wish for the papers of an award that are not there. Raises NotFoundError."""
    with transaction() as session:
        award = session.get(Award, award_id)
        if award is None or award.institute_id != actor.institute_id:
            raise NotFoundError
        if papers_here(award).missing:
            want_papers(award.id)
            audit.record("award.papers-wanted", actor=actor, subject=("award", award.id))


def make_papers(job: LeasedJob) -> Outcome:
    """Make, keep and attach the papers of an award that are not there."""
    award = db.session.get(Award, AwardId(int(job.key)))
    if award is None:
        return Dead("award-unknown")
    missing = papers_here(award).missing
    if not missing:
        return Done()
    key = key_in_use(award.institute_id, KeyPurpose.DOCUMENT)
    try:
        require_holding(key.certificate_der)
    except KeyExpiredError:
        return AWAITS_KEY
    award_id, serial = award.id, award.serial
    facts = record_facts(award)
    making: Any = importlib.import_module(_MAKING)
    made = {kind: making.make_paper(facts, kind, document_key=key) for kind in missing}
    blobs = {kind: storing.keep(content) for kind, content in made.items()}
    _attach(award_id, blobs, serial, key.id)
    return Done()


def _attach(award_id: AwardId, blobs: dict[PaperKind, Blob], serial: str, key_id: InstituteKeyId) -> None:
    with transaction() as session:
        award = session.get_one(Award, award_id, with_for_update=True)
        there = {paper.kind for paper in papers_of(award_id)}
        actor = Actor(institute_id=award.institute_id, person_id=None, door="worker")
        for kind, blob in blobs.items():
            if kind in there:
                continue  # another worker was faster; its bytes stand
            name = f"{serial}-{kind.value.replace('_', '-')}.pdf"
            file_id = storing.record(
                blob, institute_id=award.institute_id, name=name, media_type=MEDIA_TYPE, owner_id=None
            )
            session.add(
                AwardPaper(
                    award_id=award_id,
                    kind=kind,
                    institute_id=award.institute_id,
                    file_id=file_id,
                    sha256=blob.sha256,
                    key_id=key_id,
                )
            )
            audit.record(
                "award.paper",
                actor=actor,
                subject=("award", award_id),
                details={"kind": kind.value, "sha256": blob.sha256, "file": file_id},
            )
        reach("inside-papers")
