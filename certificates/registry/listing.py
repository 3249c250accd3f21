"""The registry as a page: who holds what, a page at a time, and all of it for an export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select

from certificates.awards.holders.models import HolderChoice
from certificates.awards.models import Award, AwardId
from certificates.awards.states import AwardStatus
from certificates.levels.models import Level, LevelId, Track
from certificates.registry.models import RegistryPublicity
from certificates.registry.seeking import Criteria, Place, in_order, matching
from certificates.registry.tags import TagHere, tags_on
from courses.coaches.models import CoachProfile
from courses.coaches.profiles import specialty_choices
from courses.cohorts.folding import folded
from courses.cohorts.models import Recipient
from institute.actors import Actor, InstituteId
from institute.db import db
from institute.i18n import Localised, current_locale
from institute.parting import parts_of
from institute.people.models import Institute, Organisation, OrganisationId

PER_PAGE: Final = 25
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Holding:
    """One award in the registry. ``languages`` and ``specialties`` are those of a holder who is known as a coach.

    ``locales`` are the certificate's languages, ``listed`` whether its holder agrees to stand in a public registry.
    """

    id: AwardId
    name: str
    level_name: Localised
    level_position: int
    track: Track
    status: AwardStatus
    issued: date
    valid_until: date | None
    serial: str
    code: str
    locales: tuple[str, ...]
    place_id: OrganisationId | None
    languages: tuple[str, ...]
    specialties: tuple[str, ...]
    listed: bool
    enrolment_id: int | None


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """A level that may be looked for."""

    id: LevelId
    track: Track
    position: int
    name: Localised


@dataclass(frozen=True)
class Registry:
    """A page of an institute's registry, by name. ``found`` counts all that fit what was looked for."""

    criteria: Criteria
    lines: Sequence[Holding]
    found: int
    page: int
    levels: Sequence[LevelChoice]
    places: Sequence[Place]
    tags: Sequence[TagHere]
    tagged: Mapping[AwardId, Sequence[TagHere]]
    specialties: Mapping[str, Localised]
    public: bool
    slug: str

    @property
    def pages(self) -> int:
        """How many pages what was found has."""
        return max(-(-self.found // PER_PAGE), 1)

    @property
    def place_names(self) -> dict[OrganisationId, str]:
        """What each organisation is called."""
        return {one.id: one.name for one in self.places}


def list_registry(actor: Actor, criteria: Criteria, page: int = 1) -> Registry:
    """Return a page of the actor's institute's registry, in five statements. A page beyond the last is the last."""
    here = actor.institute_id
    places = places_of(here)
    lines, found, page = page_of(matching(criteria, here, places), page)
    tags, tagged = tags_on([one.id for one in lines], here)
    levels, public, slug = _levels(here)
    return Registry(
        criteria=criteria,
        lines=lines,
        found=found,
        page=page,
        levels=levels,
        places=places,
        tags=tags,
        tagged=tagged,
        specialties=specialties_of(here, lines),
        public=public,
        slug=slug,
    )


def page_of(conditions: Sequence[ColumnElement[bool]], page: int) -> tuple[list[Holding], int, int]:
    """Return a page of what fits, how much fits, and the number of the page."""
    rows = _ask(conditions, page)
    if not rows and page > 1:
        found = db.session.scalar(select(func.count(Award.id)).join(Level).where(*conditions)) or 0
        page = max(-(-found // PER_PAGE), 1)
        rows = _ask(conditions, page)
    return [_read(row) for row in rows], (rows[0].found if rows else 0), page


def every_holding(conditions: Sequence[ColumnElement[bool]]) -> Iterator[Holding]:
    """Yield all that fits, by name, a thousand at a time."""
    ids = db.session.scalars(select(Award.id).join(Level).where(*conditions).order_by(*by_name())).all()
    for part in parts_of(ids, _AT_ONCE):
        found = {row.id: row for row in db.session.execute(_lines().where(Award.id.in_(part)))}
        yield from (_read(found[one]) for one in part if one in found)


def by_name() -> tuple[Any, ...]:
    """Return the order of a registry."""
    return folded(Award.name_frozen), Award.id


def places_of(institute_id: InstituteId) -> list[Place]:
    """Return the tree of an institute's organisations, named for the reader."""
    rows = db.session.scalars(select(Organisation).where(Organisation.institute_id == institute_id))
    return in_order(rows, current_locale())


def specialties_of(institute_id: InstituteId, lines: Sequence[Holding]) -> dict[str, Localised]:
    """Return what the specialties of these holders are called; no statement where nobody has any."""
    if not any(one.specialties for one in lines):
        return {}
    return {choice.address: choice.title for choice in specialty_choices(institute_id)}


def _ask(conditions: Sequence[ColumnElement[bool]], page: int) -> Sequence[Any]:
    """Choose the page's awards first, and look up what belongs to them for them alone."""
    chosen = (
        select(Award.id, func.count().over().label("found"))
        .join(Level, Level.id == Award.level_id)
        .where(*conditions)
        .order_by(*by_name())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .subquery()
    )
    query = _lines().add_columns(chosen.c.found).join(chosen, chosen.c.id == Award.id)
    return db.session.execute(query.order_by(*by_name())).all()


def _lines() -> Select[*tuple[Any, ...]]:
    """Return the columns that ``_read`` reads, of every award."""
    worked = (
        select(Recipient.site_id)
        .where(Recipient.enrolment_id == Award.enrolment_id)
        .order_by(Recipient.since.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Award.id,
            Award.name_frozen,
            Award.level_name,
            Award.level_position,
            Level.track,
            Award.status,
            Award.issued_at,
            Award.valid_until,
            Award.serial,
            Award.code,
            Award.locale,
            Award.second_locale,
            Award.enrolment_id,
            case((Award.enrolment_id.is_(None), CoachProfile.organisation_id), else_=worked).label(
                "place_id"
            ),
            CoachProfile.languages,
            CoachProfile.specialties,
            HolderChoice.listed,
            Institute.timezone,
        )
        .join(Level, Level.id == Award.level_id)
        .join(Institute, Institute.id == Award.institute_id)
        .outerjoin(
            CoachProfile,
            (CoachProfile.institute_id == Award.institute_id) & (CoachProfile.person_id == Award.person_id),
        )
        .outerjoin(HolderChoice, HolderChoice.award_id == Award.id)
    )


def _read(row: Any) -> Holding:
    return Holding(
        id=row.id,
        name=row.name_frozen,
        level_name=row.level_name,
        level_position=row.level_position,
        track=row.track,
        status=row.status,
        issued=_day(row.issued_at, row.timezone),
        valid_until=_day(row.valid_until, row.timezone) if row.valid_until else None,
        serial=row.serial,
        code=row.code,
        locales=tuple(one for one in (row.locale, row.second_locale) if one),
        place_id=row.place_id,
        languages=tuple(row.languages or ()),
        specialties=tuple(row.specialties or ()),
        listed=bool(row.listed),
        enrolment_id=row.enrolment_id,
    )


def _day(at: datetime, timezone: str) -> date:
    return at.astimezone(ZoneInfo(timezone)).date()


def _levels(institute_id: InstituteId) -> tuple[list[LevelChoice], bool, str]:
    """Return the levels that may be looked for, whether the registry is public, and its slug; one statement."""
    rows = db.session.execute(
        select(Level.id, Level.track, Level.position, Level.name, RegistryPublicity.public, Institute.slug)
        .select_from(Institute)
        .outerjoin(Level, Level.institute_id == Institute.id)
        .outerjoin(RegistryPublicity, RegistryPublicity.institute_id == Institute.id)
        .where(Institute.id == institute_id)
    ).all()
    levels = [LevelChoice(row.id, row.track, row.position, row.name) for row in rows if row.id is not None]
    order = list(Track)
    levels.sort(key=lambda one: (order.index(one.track), one.position))
    return levels, bool(rows[0].public), rows[0].slug
