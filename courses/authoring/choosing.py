"""Looking up what an author may choose from, in a few queries whatever the size of the programme."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from courses.authoring.choices import Choices, Named, Place
from courses.authoring.models import Draft, DraftKind
from courses.authoring.shelf import PartHere
from courses.catalogue.models import Purpose
from courses.frameworks.queries import element_choices, tag_choices
from courses.library import queries as library
from institute.actors import Actor
from institute.db import db


def choices_for(here: PartHere, *, actor: Actor) -> Choices:
    """Return what the forms of a part offer; what was removed from the outline is not offered."""
    places, instruments = _outline(here)
    before = next((at for at, place in enumerate(places) if place.address == here.address), len(places))
    return Choices(
        address=here.address,
        places=tuple(places),
        instruments=tuple(instruments),
        resources=tuple(library.choices(actor.institute_id)),
        tags=tuple(tag_choices(actor.institute_id)),
        elements=tuple(element_choices(actor.institute_id)),
        next_session=sum(1 for place in places[:before] if place.segment) + 1,
    )


def _outline(here: PartHere) -> tuple[list[Place], list[Named]]:
    rows = db.session.execute(
        select(
            Draft.part_id,
            Draft.parent_part_id,
            Draft.kind,
            Draft.slug,
            Draft.title,
            Draft.document["purpose"].as_string().label("purpose"),
        )
        .where(Draft.programme_id == here.programme_id, Draft.removed_at.is_(None))
        .order_by(Draft.position, Draft.id)
    ).all()
    places: list[Place] = []
    modules = [row for row in rows if row.kind is DraftKind.MODULE]
    below = defaultdict(list)
    for row in rows:
        below[row.parent_part_id].append(row)
    for number, module in enumerate(modules, start=1):
        places.append(Place(module.slug, number, None, module.title))
        places += (
            Place(f"{module.slug}/{row.slug}", number, at, row.title)
            for at, row in enumerate(below[module.part_id], start=1)
        )
    return places, [
        Named(row.slug, row.title)
        for row in rows
        if row.kind is DraftKind.INSTRUMENT and row.purpose in (None, Purpose.SELF_ASSESSMENT)
    ]
