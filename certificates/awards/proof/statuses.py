"""The signed lists of statuses, made by the worker whenever a bit changes: what is over, and what is suspended."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from certificates.awards.models import Award, AwardCredential, StatusList
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
# What another certificate took the place of does not hold either; what has expired says so by itself.
OVER: Final = (AwardStatus.REVOKED, AwardStatus.SUPERSEDED)
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
    """Sign both lists of an institute and store them, if nothing changed meanwhile."""
    institute = db.session.get(Institute, InstituteId(int(job.key)))
    if institute is None:
        return Dead("institute-unknown")
    institute_id, slug, places = institute.id, institute.slug, _places(institute.id)
    badge_key = key_in_use(institute_id, KeyPurpose.BADGE)
    statuses: Any = importlib.import_module(_STATUSES)
    at = now()
    over, suspended = (
        statuses.status_list_credential(
            taken,
            badge_key=badge_key,
            issuer_url=addresses.issuer_url(slug),
            status_url=addresses.status_url(slug, number),
            at=at,
            purpose=purpose,
        ).decode()
        for taken, number, purpose in (
            (places[0], addresses.STATUS_LIST, statuses.REVOCATION),
            (places[1], addresses.SUSPENSION_LIST, statuses.SUSPENSION),
        )
    )
    with transaction() as session:
        session.get_one(Institute, institute_id, with_for_update={"key_share": True})
        if _places(institute_id) != places:
            return Retry("changed-meanwhile", after=timedelta(0))
        session.merge(StatusList(institute_id=institute_id, document=over, suspensions=suspended, made_at=at))
    return Done()


def _places(institute_id: InstituteId) -> tuple[list[int], list[int]]:
    """Return the places whose bit is set, in order: of what is over, and of what is suspended.

    A badge that was made before there were two lists knows the first alone: there it stands also while suspended.
    """
    rows = db.session.execute(
        select(Award.status_index, Award.status, AwardCredential.award_id.is_not(None).label("knows_both"))
        .outerjoin(AwardCredential, AwardCredential.award_id == Award.id)
        .where(Award.institute_id == institute_id, Award.status.in_((*OVER, AwardStatus.SUSPENDED)))
        .order_by(Award.status_index)
    ).all()
    over = [one.status_index for one in rows if one.status in OVER or not one.knows_both]
    return over, [one.status_index for one in rows if one.status is AwardStatus.SUSPENDED]
