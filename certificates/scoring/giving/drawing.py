"""Drawing second scores at random, so that anybody who knows the seed draws the same again.

A submission's number comes of the seed and its id alone: SHA-256 of ``<seed>|<id>``, as a whole number, modulo 10 000.
Neither the order of submissions nor what they are changes it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import SubmissionId
from certificates.scoring.models import Draw, DrawingSeed
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, insert_into
from institute.people.models import Institute

NUMBERS: Final = 10_000
PER_PERCENT: Final = NUMBERS // 100


def number_of(seed: str, drawn_for: SubmissionId | str) -> int:
    """Return the number, 0 to 9999, that a seed draws for a submission, or for anything else that has a name."""
    digest = hashlib.sha256(f"{seed}|{drawn_for}".encode()).digest()
    return int.from_bytes(digest) % NUMBERS


def is_drawn(number: int, share: int) -> bool:
    """Tell whether a number falls into a share of so many percent."""
    return number < share * PER_PERCENT


def draw(session: Session, submission_id: SubmissionId, share: int, *, actor: Actor) -> Draw | None:
    """Draw for a submission, once: whoever asks again gets the same. None where nothing is drawn from (share 0)."""
    known = session.scalar(select(Draw).where(Draw.submission_id == submission_id))
    if known is not None or not share:
        return known
    seed = seed_now(session, actor=actor)
    session.execute(
        insert_into(session, Draw)
        .values(
            institute_id=actor.institute_id,
            submission_id=submission_id,
            seed_id=seed.id,
            number=number_of(seed.seed, submission_id),
            share=share,
        )
        .on_conflict_do_nothing(index_elements=["submission_id"])
    )
    return session.scalars(select(Draw).where(Draw.submission_id == submission_id)).one()


def seed_now(session: Session, *, actor: Actor) -> DrawingSeed:
    """Return the seed that is drawn from now, made at the first draw; its digest goes to the audit."""
    newest = (
        select(DrawingSeed)
        .where(DrawingSeed.institute_id == actor.institute_id)
        .order_by(DrawingSeed.id.desc())
        .limit(1)
    )
    found = session.scalar(newest)
    if found is not None:
        return found
    session.get_one(Institute, actor.institute_id, with_for_update=True)
    found = session.scalar(newest)
    if found is None:
        found = DrawingSeed(institute_id=actor.institute_id, seed=secrets.token_hex(32))
        session.add(found)
        session.flush()
        audit.record(
            "scoring.seed-made",
            actor=actor,
            subject=("drawing_seed", found.id),
            details={"sha256": hashlib.sha256(found.seed.encode()).hexdigest()},
        )
    return found


@dataclass(frozen=True, slots=True)
class DrawAgain:
    """A draw beside what its seed draws today."""

    submission_id: SubmissionId
    number: int
    again: int
    share: int

    @property
    def holds(self) -> bool:
        """Whether the seed draws what was noted."""
        return self.number == self.again

    @property
    def drawn(self) -> bool:
        """Whether the submission was drawn for a second score."""
        return is_drawn(self.number, self.share)


def draws_again(institute_id: InstituteId) -> list[DrawAgain]:
    """Return every draw of an institute, computed anew from its seed, in the order of submissions."""
    rows = db.session.execute(
        select(Draw.submission_id, Draw.number, Draw.share, DrawingSeed.seed)
        .join(DrawingSeed, DrawingSeed.id == Draw.seed_id)
        .where(Draw.institute_id == institute_id)
        .order_by(Draw.submission_id)
    )
    return [
        DrawAgain(row.submission_id, row.number, number_of(row.seed, row.submission_id), row.share)
        for row in rows
    ]


def seeds_of(institute_id: InstituteId) -> list[DrawingSeed]:
    """Return the seeds of an institute, oldest first."""
    return list(
        db.session.scalars(
            select(DrawingSeed).where(DrawingSeed.institute_id == institute_id).order_by(DrawingSeed.id)
        )
    )
