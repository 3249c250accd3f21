"""Who may be given tasks: people whom the institute granted it, each once, with what they read and where they work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from courses.coaches.models import CoachProfile
from courses.cohorts.models import Enrolment, EnrolmentId, Recipient
from institute.actors import InstituteId, PersonId, Role
from institute.db import db
from institute.people.linking import same_people
from institute.people.models import (
    Grant,
    Institute,
    Organisation,
    OrganisationId,
    OrganisationKind,
    Person,
)

RATES = (Role.TRAINER, Role.SCORING_LEAD)


@dataclass(frozen=True, slots=True)
class Rater:
    """Somebody who scores for an institute.

    ``rows`` are all accounts of theirs; ``since`` is when they were granted it. ``employers`` are the agencies whom
    they work for, ``languages`` tags of what they read.
    """

    person_id: PersonId
    rows: frozenset[PersonId]
    since: datetime
    leads: bool
    languages: frozenset[str]
    employers: frozenset[OrganisationId]


def raters_of(institute_id: InstituteId) -> list[Rater]:
    """Return whoever holds a grant to score or to lead scoring at this moment, each person once, by their id."""
    found: dict[PersonId, list[Grant]] = {}
    for grant in db.session.scalars(
        select(Grant)
        .where(Grant.institute_id == institute_id, Grant.role.in_(RATES), Grant.ended_at.is_(None))
        .order_by(Grant.person_id)
    ):
        found.setdefault(grant.person_id, []).append(grant)
    together = same_people(found)
    people: list[Rater] = []
    met: set[PersonId] = set()
    told = told_of(institute_id, {row for rows in together.values() for row in rows})
    for person_id, rows in sorted(together.items()):
        if person_id in met:
            continue
        met |= rows
        grants = [grant for row in rows for grant in found.get(row, [])]
        people.append(
            Rater(
                person_id,
                rows,
                since=min(grant.granted_at for grant in grants),
                leads=any(grant.role is Role.SCORING_LEAD for grant in grants),
                languages=frozenset(tag for row in rows for tag in told.languages.get(row, ())),
                employers=frozenset(one for row in rows for one in told.employers.get(row, ())),
            )
        )
    return people


def rater_alone(institute_id: InstituteId, person_id: PersonId, *, leads: bool) -> Rater:
    """Return somebody who is there as a rater, whether or not it was granted: an LMS may say so too."""
    rows = same_people([person_id])[person_id]
    told = told_of(institute_id, rows)
    since = db.session.scalars(select(Person.created_at).where(Person.id == person_id)).one()
    return Rater(
        person_id,
        rows,
        since,
        leads,
        languages=frozenset(tag for row in rows for tag in told.languages.get(row, ())),
        employers=frozenset(one for row in rows for one in told.employers.get(row, ())),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What people say of themselves, by row: languages, and the agencies they work for."""

    languages: Mapping[PersonId, frozenset[str]]
    employers: Mapping[PersonId, frozenset[OrganisationId]]


def told_of(institute_id: InstituteId, people: Collection[PersonId]) -> Told:
    """Return what is known of people of an institute; everybody reads the language that the institute writes in."""
    common = db.session.scalars(select(Institute.languages).where(Institute.id == institute_id)).one()
    languages: dict[PersonId, set[str]] = {}
    employers: dict[PersonId, set[OrganisationId]] = {}
    agencies = agencies_of(institute_id)
    for person_id, locale in db.session.execute(
        select(Person.id, Person.locale).where(Person.id.in_(people))
    ):
        languages[person_id] = {tag(one) for one in (*common.split()[:1], locale) if one}
    for profile in db.session.scalars(select(CoachProfile).where(CoachProfile.person_id.in_(people))):
        languages[profile.person_id] |= {tag(one) for one in profile.languages}
        if profile.organisation_id is not None:
            employers.setdefault(profile.person_id, set()).add(agencies[profile.organisation_id])
    newest = newest_recipient()
    for person_id, site_id in db.session.execute(
        select(Enrolment.person_id, Recipient.site_id)
        .join(Enrolment, Enrolment.id == Recipient.enrolment_id)
        .where(Enrolment.person_id.in_(people), Recipient.id.in_(newest), Recipient.site_id.is_not(None))
    ):
        if site_id is not None:
            employers.setdefault(person_id, set()).add(agencies[site_id])
    return Told(
        {person_id: frozenset(tags) for person_id, tags in languages.items()},
        {person_id: frozenset(them) for person_id, them in employers.items()},
    )


def tag(locale: str) -> str:
    """Return a locale or a language tag in the one spelling that is compared."""
    return locale.replace("_", "-").lower()


def agencies_of(institute_id: InstituteId) -> dict[OrganisationId, OrganisationId]:
    """Return for each organisation the agency that it belongs to; itself where there is none above it."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.parent_id, Organisation.kind).where(
            Organisation.institute_id == institute_id
        )
    ).all()
    above = {row.id: row.parent_id for row in rows}
    kinds = {row.id: row.kind for row in rows}
    return {one: _agency(one, above, kinds) for one in above}


def _agency(
    start: OrganisationId,
    above: Mapping[OrganisationId, OrganisationId | None],
    kinds: Mapping[OrganisationId, OrganisationKind],
) -> OrganisationId:
    here: OrganisationId | None = start
    for _ in above:
        if here is None:
            break
        if kinds[here] is OrganisationKind.AGENCY:
            return here
        here = above[here]
    return start


def employers_of(
    institute_id: InstituteId, enrolments: Iterable[EnrolmentId]
) -> dict[EnrolmentId, OrganisationId]:
    """Return the agency at which the people of enrolments work, where it is known."""
    agencies = agencies_of(institute_id)
    rows = db.session.execute(
        select(Recipient.enrolment_id, Recipient.site_id).where(
            Recipient.enrolment_id.in_(list(enrolments)),
            Recipient.id.in_(newest_recipient()),
            Recipient.site_id.is_not(None),
        )
    )
    return {row.enrolment_id: agencies[row.site_id] for row in rows}


def newest_recipient() -> Select[int]:
    """Return the ids of the rows that say what is true of each recipient now, or will be."""
    later = select(Recipient.enrolment_id, func.max(Recipient.since).label("since")).group_by(
        Recipient.enrolment_id
    )
    newest = later.subquery()
    return select(Recipient.id).join(
        newest, (newest.c.enrolment_id == Recipient.enrolment_id) & (newest.c.since == Recipient.since)
    )
