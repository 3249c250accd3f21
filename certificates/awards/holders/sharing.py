"""What holders let others see of their certificates: nothing at first, each thing by a choice of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select

from certificates.awards.holders.models import HolderChoice
from certificates.awards.holders.owning import own_award
from certificates.awards.models import Award, AwardId
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.people.linking import same_person


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the holder of an award lets others see. ``evidence`` are keys of requirements."""

    hours: bool = False
    competencies: bool = False
    listed: bool = False
    evidence: frozenset[str] = frozenset()


NOTHING: Final = Sharing()


def sharing_of(award: Award) -> Sharing:
    """Return what everybody may see of an award beside what its certificate says, in one query."""
    row = db.session.get(HolderChoice, award.id)
    return _read(row) if row is not None and row.institute_id == award.institute_id else NOTHING


def choices_of(person_id: PersonId, institute_id: InstituteId) -> dict[AwardId, Sharing]:
    """Return what a person chose for each of their awards, whichever of their accounts it was awarded to.

    An award that is missing here has nothing shared.
    """
    return _choices(
        select(HolderChoice).where(
            HolderChoice.institute_id == institute_id,
            HolderChoice.person_id.in_(same_person(person_id)),
        )
    )


def sharing_of_all(award_ids: Collection[AwardId], institute_id: InstituteId) -> dict[AwardId, Sharing]:
    """Return the same for many awards of an institute, in one query; one that is missing shares nothing."""
    return _choices(
        select(HolderChoice).where(
            HolderChoice.institute_id == institute_id, HolderChoice.award_id.in_(award_ids)
        )
    )


def _choices(query: Select[HolderChoice]) -> dict[AwardId, Sharing]:
    return {row.award_id: _read(row) for row in db.session.scalars(query)}


def pieces_of(award: Award) -> Mapping[str, int]:
    """Return the accepted evidence that an award rests on: the submission of each requirement, by its key."""
    found = award.snapshot.get("submissions", {})
    return found if isinstance(found, dict) else {}


def choose(award_id: AwardId, wished: Sharing, *, actor: Actor) -> None:
    """Keep what the actor lets others see of an own award. What it does not rest on is left out.

    Raises NotFoundError for an award that is not the actor's own.
    """
    with transaction() as session:
        award = own_award(award_id, actor)
        session.refresh(award, with_for_update=True)  # the first choice has no row yet that could be locked
        row = session.get(HolderChoice, award.id)
        if row is None:
            row = HolderChoice(
                award_id=award.id, institute_id=award.institute_id, person_id=award.person_id, evidence=[]
            )
            session.add(row)
        elif _read(row) == wished:
            return
        row.hours, row.competencies, row.listed = wished.hours, wished.competencies, wished.listed
        row.evidence = sorted(wished.evidence & set(pieces_of(award)))
        row.changed_at = now()
        session.flush()
        audit.record(
            "holder.chosen",
            actor=actor,
            subject=("award", award.id),
            details={
                "hours": row.hours,
                "competencies": row.competencies,
                "listed": row.listed,
                "evidence": row.evidence,
            },
        )


def carry(before: Award, after: Award) -> None:
    """Let what was chosen for an award hold for the one that takes its place; evidence only where it is the same."""
    with transaction() as session:
        chosen = sharing_of(before)
        if chosen == NOTHING:
            return
        there = pieces_of(after)
        session.add(
            HolderChoice(
                award_id=after.id,
                institute_id=after.institute_id,
                person_id=after.person_id,
                hours=chosen.hours,
                competencies=chosen.competencies,
                listed=chosen.listed,
                evidence=sorted(
                    key for key in chosen.evidence if there.get(key) == pieces_of(before).get(key)
                ),
            )
        )
        session.flush()


def _read(row: HolderChoice) -> Sharing:
    return Sharing(row.hours, row.competencies, row.listed, frozenset(row.evidence))
