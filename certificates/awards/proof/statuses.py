"""The signed list of statuses, made by the worker whenever a bit changes."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from certificates.awards.models import Award, StatusList
from certificates.awards.proof import addresses
from certificates.awards.states import AwardStatus
from institute.actors import InstituteId
from institute.clock import now
from institute.db import db, transaction
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome, Retry
from institute.keys.events import KeyRotated
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.people.models import Institute

JOB_KIND: Final = "award.statuses"
# A badge has one status at most (OB 3.0), and verifiers read the list of revocations: what is suspended stands there
# until it holds again. What another certificate took the place of does not hold either; what expired says so itself.
NOT_HOLDING: Final = (AwardStatus.REVOKED, AwardStatus.SUSPENDED, AwardStatus.SUPERSEDED)
# What signs is large and slow to import: only the worker does, at its first list.
_STATUSES: Final = "certificates.documents.statuses"


def want_list(institute_id: InstituteId) -> None:
    """Wish for a new list, in the transaction of what changed."""
    outbox.put(kind=JOB_KIND, key=str(institute_id))


def sign_anew(event: KeyRotated) -> None:
    """Wish for a list that the new badge key signs: what the one before signed may prove nothing any more."""
    if event.purpose is KeyPurpose.BADGE:
        want_list(event.institute_id)


def make_list(job: LeasedJob) -> Outcome:
    """Sign the list of an institute and store it, if nothing changed meanwhile."""
    institute = db.session.get(Institute, InstituteId(int(job.key)))
    if institute is None:
        return Dead("institute-unknown")
    institute_id, slug, places = institute.id, institute.slug, _places(institute.id)
    badge_key = key_in_use(institute_id, KeyPurpose.BADGE)
    statuses: Any = importlib.import_module(_STATUSES)
    at = now()
    document = statuses.status_list_credential(
        places,
        badge_key=badge_key,
        issuer_url=addresses.issuer_url(slug),
        status_url=addresses.status_url(slug),
        at=at,
    ).decode()
    with transaction() as session:
        session.get_one(Institute, institute_id, with_for_update={"key_share": True})
        if _places(institute_id) != places:
            return Retry("changed-meanwhile", after=timedelta(0))
        session.merge(StatusList(institute_id=institute_id, document=document, made_at=at))
    return Done()


def _places(institute_id: InstituteId) -> list[int]:
    """Return the places whose bit is set, in order."""
    rows = (
        select(Award.status_index)
        .where(Award.institute_id == institute_id, Award.status.in_(NOT_HOLDING))
        .order_by(Award.status_index)
    )
    return list(db.session.scalars(rows))
