"""What somebody looks for in a registry, read from an address, and the conditions that it puts on awards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, cast, exists, or_, select
from sqlalchemy.orm import aliased

from certificates.awards.models import Award
from certificates.awards.states import AwardStatus
from certificates.levels.models import Level, Track
from certificates.registry.models import Tagging
from courses.coaches.languages import is_spoken
from courses.coaches.models import CoachProfile
from courses.cohorts.folding import folded
from courses.cohorts.models import Recipient
from institute.actors import InstituteId
from institute.folding import fold
from institute.i18n import LOCALES
from institute.people.models import Organisation, OrganisationId

LONGEST_SEARCH: Final = 100
MOST_WORDS: Final = 6
LARGEST_ID: Final = 2**31 - 1
LARGEST_PAGE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation of the tree, ``depth`` steps below its top."""

    id: OrganisationId
    parent_id: OrganisationId | None
    kind: str
    name: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for: nothing said means everything. ``place`` is an organisation with all below it."""

    search: str = ""
    level: int | None = None
    track: Track | None = None
    place: int | None = None
    language: str = ""
    status: AwardStatus | None = None
    tag: int | None = None

    @property
    def words(self) -> list[str]:
        """The words that each have to be in a name."""
        return fold(self.search).split()[:MOST_WORDS]

    @property
    def query(self) -> dict[str, str]:
        """The same as an address says it, without what is not said."""
        said = {
            "q": self.search,
            "level": self.level,
            "track": self.track.value if self.track else "",
            "place": self.place,
            "language": self.language,
            "status": self.status.value if self.status else "",
            "tag": self.tag,
        }
        return {name: str(value) for name, value in said.items() if value}


def read_criteria(given: Mapping[str, str]) -> Criteria:
    """Return what an address or a form looks for; what nobody could look for is not said."""
    track, status, language = given.get("track", ""), given.get("status", ""), given.get("language", "")
    search = "".join(sign for sign in given.get("q", "") if sign.isprintable()).strip()
    return Criteria(
        search=search[:LONGEST_SEARCH],
        level=_number(given.get("level", "")),
        track=Track(track) if track in set(Track) else None,
        place=_number(given.get("place", "")),
        language=language if is_spoken(language) else "",
        status=AwardStatus(status) if status in set(AwardStatus) else None,
        tag=_number(given.get("tag", "")),
    )


def read_page(text: str) -> int:
    """Return the page that an address names, 1 where it names none."""
    return min(_number(text) or 1, LARGEST_PAGE)


def matching(
    criteria: Criteria, institute_id: InstituteId, places: Sequence[Place]
) -> list[ColumnElement[bool]]:
    """Return the conditions on an award and its level; both stand in the statement."""
    found: list[ColumnElement[bool]] = [Award.institute_id == institute_id]
    if criteria.words:
        name = folded(Award.name_frozen)
        named = and_(*(name.like(_pattern(word), escape="\\") for word in criteria.words))
        found.append(or_(named, Award.serial == criteria.search.upper()))
    if criteria.level is not None:
        found.append(Award.level_id == criteria.level)
    if criteria.track is not None:
        found.append(Level.track == criteria.track)
    if criteria.status is not None:
        found.append(Award.status == criteria.status)
    if criteria.tag is not None:
        carrying = select(Tagging.award_id).where(
            Tagging.tag_id == criteria.tag, Tagging.institute_id == institute_id
        )
        found.append(Award.id.in_(carrying))
    if criteria.place is not None:
        found.append(_placed(below(criteria.place, places), institute_id))
    if criteria.language:
        found.append(_spoken(criteria.language, institute_id))
    return found


def in_order(rows: Iterable[Organisation], locale: str) -> list[Place]:
    """Return organisations as a tree is read: each above those below it, neighbours by name."""
    everything = list(rows)
    known = {one.id for one in everything}
    below_of: dict[OrganisationId | None, list[Organisation]] = {}
    for one in everything:
        below_of.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    found: list[Place] = []
    waiting = [(one, 0) for one in _by_name(below_of.get(None, ()), locale)]
    while waiting:
        one, depth = waiting.pop(0)
        found.append(Place(one.id, one.parent_id, one.kind.value, one.name.in_(locale), depth))
        waiting[:0] = [(child, depth + 1) for child in _by_name(below_of.pop(one.id, ()), locale)]
    return found


def below(place: int, places: Sequence[Place]) -> list[OrganisationId]:
    """Return an organisation and all below it; nothing for one that is not among ``places``."""
    wanted: set[OrganisationId] = set()
    for one in places:  # each stands below the one that it belongs to
        if one.id == place or one.parent_id in wanted:
            wanted.add(one.id)
    return sorted(wanted)


def region_of(place: OrganisationId | None, places: Mapping[OrganisationId, Place]) -> Place | None:
    """Return the region that an organisation lies in, or is."""
    one = places.get(place) if place is not None else None
    for _ in places:
        if one is None or one.kind == "region":
            break
        one = places.get(one.parent_id) if one.parent_id is not None else None
    return one if one is not None and one.kind == "region" else None


def _by_name(rows: Iterable[Organisation], locale: str) -> list[Organisation]:
    return sorted(rows, key=lambda one: (fold(one.name.in_(locale)), one.id))


def _placed(wanted: Collection[OrganisationId], institute_id: InstituteId) -> ColumnElement[bool]:
    """Return the condition that a holder works there: as a participant where last recorded, else as a coach."""
    later = aliased(Recipient)
    newest = ~exists().where(later.enrolment_id == Recipient.enrolment_id, later.since > Recipient.since)
    enrolled = select(Recipient.enrolment_id).where(
        Recipient.institute_id == institute_id, Recipient.site_id.in_(wanted), newest
    )
    coaches = select(CoachProfile.person_id).where(
        CoachProfile.institute_id == institute_id, CoachProfile.organisation_id.in_(wanted)
    )
    return or_(
        Award.enrolment_id.in_(enrolled), and_(Award.enrolment_id.is_(None), Award.person_id.in_(coaches))
    )


def _spoken(language: str, institute_id: InstituteId) -> ColumnElement[bool]:
    """Return the condition that a certificate is in a language, or its holder coaches in it."""
    locales = [one for one in LOCALES if one.partition("_")[0] == language]
    coaches = select(CoachProfile.person_id).where(
        CoachProfile.institute_id == institute_id,
        cast(CoachProfile.languages, Text).like(f'%"{language}"%'),
    )
    return or_(Award.locale.in_(locales), Award.second_locale.in_(locales), Award.person_id.in_(coaches))


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _number(text: str) -> int | None:
    whole = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))
    number = int(text) if whole else 0
    return number if 0 < number <= LARGEST_ID else None
