"""The registry as everybody sees it: switched on by an administrator, of those who agree, and of nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select

from certificates.awards.holders.models import HolderChoice
from certificates.awards.models import Award, AwardId
from certificates.awards.states import AwardStatus
from certificates.levels.models import Level, Track
from certificates.registry.listing import PER_PAGE, Holding, LevelChoice, page_of, places_of, specialties_of
from certificates.registry.models import RegistryPublicity
from certificates.registry.seeking import Criteria, Place, matching, region_of
from courses.cohorts.models import ConfidentialRecipient, Enrolment
from institute import audit
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Institute, OrganisationKind

# Fewer than so many are not counted in public: who knows some of them would know the rest.
FEWEST: Final = 10


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many hold a level now; ``holders`` is null where they are so few that no number is told."""

    level: LevelChoice
    holders: int | None


@dataclass(frozen=True)
class PublicRegistry:
    """A page of the registry for everybody. ``regions`` says for each award where its holder works."""

    slug: str
    institute_name: Localised
    criteria: Criteria
    lines: Sequence[Holding]
    found: int
    page: int
    counts: Sequence[LevelCount]
    places: Sequence[Place]
    regions: dict[AwardId, str]
    specialties: dict[str, Localised]

    @property
    def pages(self) -> int:
        """How many pages what was found has."""
        return max(-(-self.found // PER_PAGE), 1)


def set_public(*, public: bool, actor: Actor) -> None:
    """Show the registry of the actor's institute to everybody, or not any more. The same again changes nothing."""
    with transaction() as session:
        row = session.get(RegistryPublicity, actor.institute_id, with_for_update=True)
        if row is None:
            row = RegistryPublicity(institute_id=actor.institute_id, public=False)
            session.add(row)
        if row.public == public:
            return
        row.public, row.changed_by, row.changed_at = public, actor.person_id, now()
        audit.record(
            "registry.opened" if public else "registry.closed",
            actor=actor,
            subject=("institute", actor.institute_id),
        )


def public_registry(slug: str, criteria: Criteria, page: int = 1) -> PublicRegistry:
    """Return a page of what everybody may see, in five statements.

    Only valid awards whose holders agree, and nobody whose name may stand in no list. Tags, status and sites cannot be
    looked for. Raises NotFoundError unless the institute shows its registry.
    """
    institute = _open_institute(slug)
    places = places_of(institute.id)
    regions = [one for one in places if one.kind == OrganisationKind.REGION]
    known = {one.id for one in regions}
    asked = Criteria(
        search=criteria.search,
        level=criteria.level,
        track=criteria.track,
        place=criteria.place if criteria.place in known else None,
        language=criteria.language,
    )
    conditions = [*matching(asked, institute.id, places), *_agreed(institute.id)]
    lines, found, page = page_of(conditions, page)
    by_id = {one.id: one for one in places}
    region_names = {
        one.id: region.name for one in lines if (region := region_of(one.place_id, by_id)) is not None
    }
    return PublicRegistry(
        slug=slug,
        institute_name=institute.name,
        criteria=asked,
        lines=lines,
        found=found,
        page=page,
        counts=_counts(institute.id),
        places=regions,
        regions=region_names,
        specialties=specialties_of(institute.id, lines),
    )


def _open_institute(slug: str) -> Institute:
    if not slug.isprintable():
        raise NotFoundError  # PostgreSQL holds no text with a NUL to compare it with
    found = db.session.scalar(
        select(Institute)
        .join(RegistryPublicity, RegistryPublicity.institute_id == Institute.id)
        .where(Institute.slug == slug, Institute.removed_at.is_(None), RegistryPublicity.public.is_(True))
    )
    if found is None:
        raise NotFoundError
    return found


def _standing() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an award is valid at this moment."""
    return (
        Award.status == AwardStatus.VALID,
        or_(Award.valid_until.is_(None), Award.valid_until > now()),
    )


def _agreed(institute_id: InstituteId) -> list[ColumnElement[bool]]:
    """Return the conditions that an award may stand before everybody."""
    listed = select(HolderChoice.award_id).where(
        HolderChoice.institute_id == institute_id, HolderChoice.listed.is_(True)
    )
    confidential = (
        select(Enrolment.person_id)
        .join(ConfidentialRecipient, ConfidentialRecipient.enrolment_id == Enrolment.id)
        .where(Enrolment.institute_id == institute_id, ConfidentialRecipient.ended_at.is_(None))
    )
    return [Award.id.in_(listed), Award.person_id.not_in(confidential), *_standing()]


def _counts(institute_id: InstituteId) -> list[LevelCount]:
    """Return how many hold each level, all of them, whether they agree to be listed or not."""
    rows = db.session.execute(
        select(Level.id, Level.track, Level.position, Level.name, func.count(Award.id))
        .outerjoin(Award, (Award.level_id == Level.id) & _standing()[0] & _standing()[1])
        .where(Level.institute_id == institute_id)
        .group_by(Level.id)
    ).all()
    order = list(Track)
    rows_in_order = sorted(rows, key=lambda row: (order.index(row.track), row.position))
    return [LevelCount(LevelChoice(*row[:4]), row[4] if row[4] >= FEWEST else None) for row in rows_in_order]
