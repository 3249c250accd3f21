"""What an author writes: a segment with an activity and a material, and an instrument with an area."""

from __future__ import annotations

from courses.authoring.keys import key_for
from courses.authoring.shelf import add_part, read_whole, take_up
from courses.catalogue.drafts import InstrumentAreaDraft, InstrumentDraft, ItemDraft, ScalePointDraft
from courses.catalogue.models import Programme
from institute.actors import Role
from institute.db import db
from institute.i18n import Localised
from tests.meta.furnishing.room import Room

FORM = {"way": "up", "title": "A title"}


def furnish(room: Room) -> dict[str, object]:
    """Take the sample's programme up, and begin an instrument whose names are this institute's own."""
    actor = room.actor("grace", Role.AUTHOR)
    slug = db.session.query(Programme.slug).filter(Programme.institute_id == room.institute_id).scalar()
    whole = read_whole(take_up(slug, actor=actor))
    module = whole.content.modules[0]
    segment = module.segments[0]
    key = key_for(f"area of {slug}", (), otherwise="area")
    draft = InstrumentDraft(
        key_for(f"instrument of {slug}", (), otherwise="instrument"),
        _text("How I lead"),
        (ScalePointDraft(1, _text("Rarely")), ScalePointDraft(2, _text("Often"))),
        (InstrumentAreaDraft(key, _text("Direction"), (ItemDraft("aim", _text("I have an aim")),)),),
    )
    instrument = add_part(slug, draft, actor=actor)
    return {
        "segment_part": whole.parts[f"{module.draft.slug}/{segment.slug}"],
        "activity_key": segment.activities[-1].key,
        "material_key": segment.materials[-1].key,
        "instrument_part": instrument.part_id,
        "area_key": key,
    }


def _text(text: str) -> Localised:
    return Localised({"en": text})
