"""What the routes of surveys name: the rounds of the sample's reflection."""

from __future__ import annotations

from sqlalchemy import select

from courses.catalogue.models import Instrument
from courses.cohorts.models import Cohort
from institute.db import db
from tests.meta.furnishing.room import Room

FORM = {"do": "save", "timing": "days", "opens_day": "0", "closes_day": "90"}


def furnish(room: Room) -> dict[str, object]:
    """Name the evaluation of the cohort, which every side is asked."""
    version_id = db.session.get_one(Cohort, room.cohort_id).version_id
    part_id = db.session.scalars(
        select(Instrument.part_id).where(
            Instrument.version_id == version_id, Instrument.key.like("%programme-evaluation")
        )
    ).one()
    return {"survey_round": f"{part_id}-year1", "survey_cohort": room.cohort_id}
