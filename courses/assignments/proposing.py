"""Whom to propose as somebody's coach: by language, region and caseload; what speaks against it is said, not hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import or_, select

from courses.assignments.staff import CoachLine, coach_lines
from courses.coaches import qualifying
from courses.cohorts.coordinating import below
from courses.cohorts.models import Enrolment, Recipient
from institute.actors import Actor, PersonId
from institute.db import db
from institute.i18n import Localised
from institute.people import standing
from institute.people.linking import same_person
from institute.people.models import Organisation, OrganisationId, OrganisationKind, Supervision

SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who might coach. ``hindrances`` are codes of what forbids it, ``missing`` what is not verified."""

    coach: CoachLine
    speaks: bool
    near: bool
    missing: tuple[Localised, ...]
    hindrances: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether nothing forbids it."""
        return not self.missing and not self.hindrances


def proposals_for(
    enrolment: Enrolment, recipient: Recipient | None, *, day: date, actor: Actor
) -> tuple[Proposal, ...]:
    """Return whom the coordinator may choose among, the best first: 30 at most.

    Who is possible comes first, then who speaks the language, then who works in the region, then whoever has the
    fewest people. The caseload never excludes anybody.
    """
    lines = [line for line in coach_lines(actor) if line.person_id not in same_person(enrolment.person_id)]
    near = _region_of(recipient.site_id if recipient else None, actor)
    language = recipient.language if recipient else ""
    standings = qualifying.standings_of(
        [line.person_id for line in lines], institute_id=actor.institute_id, on=day
    )
    ranked = sorted(
        lines,
        key=lambda line: (
            bool(standings[line.person_id].missing),
            not line.accepting,
            language not in line.languages if language else False,
            line.organisation_id not in near if near else False,
            line.people / line.ratio,
            line.name,
        ),
    )[:SHOWN]
    directs = _bound_by_supervision(enrolment.person_id, day)
    found = [
        Proposal(
            coach=line,
            speaks=bool(language) and language in line.languages,
            near=line.organisation_id in near,
            missing=tuple(one.requirement.title for one in standings[line.person_id].missing),
            hindrances=_hindrances(line.person_id, enrolment, directs),
        )
        for line in ranked
    ]
    return tuple(sorted(found, key=lambda one: not one.possible))


def _hindrances(coach_id: PersonId, enrolment: Enrolment, directs: frozenset[PersonId]) -> tuple[str, ...]:
    found = standing.conflicts_between(enrolment.institute_id, coach_id, enrolment.person_id, "coach")
    if coach_id in directs:
        found = ["supervises", *found]
    return tuple(dict.fromkeys(found))


def _bound_by_supervision(person_id: PersonId, day: date) -> frozenset[PersonId]:
    """Return who supervises a person, or is supervised by them, on a day or later."""
    own = same_person(person_id)
    rows = db.session.execute(
        select(Supervision.supervisor_id, Supervision.subordinate_id).where(
            or_(Supervision.supervisor_id.in_(own), Supervision.subordinate_id.in_(own)),
            or_(Supervision.until.is_(None), Supervision.until >= day),
        )
    )
    return frozenset(one for row in rows for one in row) - own


def _region_of(site_id: OrganisationId | None, actor: Actor) -> frozenset[OrganisationId]:
    """Return every organisation of the region that a site lies in; none where it lies in none."""
    above = site_id
    rows = {
        row.id: row
        for row in db.session.scalars(
            select(Organisation).where(Organisation.institute_id == actor.institute_id)
        )
    }
    for _ in range(len(rows)):
        row = rows.get(above) if above is not None else None
        if row is None:
            return frozenset()
        if row.kind is OrganisationKind.REGION:
            return below(actor.institute_id, [row.id])
        above = row.parent_id
    return frozenset()
