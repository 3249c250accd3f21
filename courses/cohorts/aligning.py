"""What of the programmes that somebody reads leads to an element or carries a tag."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from flask import Flask, url_for
from sqlalchemy import select

from courses.catalogue.alignments import Link, Spot, aligned_in_versions, no_link
from courses.catalogue.models import ProgrammeVersion, ProgrammeVersionId
from courses.catalogue.queries import list_programmes
from courses.cohorts.errors import EnrolmentClosedError
from courses.cohorts.queries import find_enrolment
from courses.cohorts.rosters import readable_by_coach, readable_by_facilitator
from courses.frameworks import alignments
from courses.frameworks.alignments import Aligned
from institute.actors import Actor, Role
from institute.db import db

GUIDES: Final = (Role.COACH, Role.FACILITATOR)


def aligned_programmes(actor: Actor, role: Role, addresses: frozenset[str]) -> Iterator[Aligned]:
    """Yield what is aligned in what the actor reads as ``role``; an author is told of every version."""
    yield from aligned_in_versions(_versions(actor, role), addresses, _link(role))


def _versions(actor: Actor, role: Role) -> list[ProgrammeVersionId]:
    if role is Role.PARTICIPANT:
        return _studied(actor)
    if role is Role.AUTHOR:
        versions = select(ProgrammeVersion.id).where(ProgrammeVersion.institute_id == actor.institute_id)
        return list(db.session.scalars(versions))
    if role is Role.COACH:
        lines = readable_by_coach(actor)
    elif role is Role.FACILITATOR:
        lines = readable_by_facilitator(actor)
    else:
        lines = list_programmes(actor.institute_id)
    return [line.version_id for line in lines]


def _studied(actor: Actor) -> list[ProgrammeVersionId]:
    """Return the version that a participant studies; none once they have left."""
    try:
        enrolment = find_enrolment(actor)
    except EnrolmentClosedError:
        return []
    return [] if enrolment is None else [enrolment.version_id]


def _link(role: Role) -> Link:
    if role is Role.PARTICIPANT:
        return _to_own_page
    return partial(_to_guide, role) if role in GUIDES else no_link


def _to_own_page(spot: Spot) -> str:
    if not spot.segment:
        return url_for("participant_modules.module", module=spot.module)
    step = f"step-{spot.step}" if spot.step else None
    return url_for("participant_modules.segment", module=spot.module, segment=spot.segment, _anchor=step)


def _to_guide(role: Role, spot: Spot) -> str:
    area, programme = f"{role}_programmes", spot.programme
    if not spot.segment:
        return url_for(f"{area}.programme", programme=programme, _anchor=spot.module)
    return url_for(f"{area}.segment", programme=programme, module=spot.module, segment=spot.segment)


def init_app(app: Flask) -> None:
    """Let the pages of frameworks ask."""
    alignments.provide(app, aligned_programmes)
