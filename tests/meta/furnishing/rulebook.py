"""The rulebook: a level of the institute's with a rule, and a draft of the next version."""

from __future__ import annotations

from certificates.levels.models import Track
from certificates.levels.rules import Rule, RuleKind
from certificates.rulebook import drafting
from institute.actors import Actor
from tests.meta.furnishing.room import Room

FORM = {"draft": "1", "valid_months": "12"}


def furnish(room: Room) -> dict[str, object]:
    """Put a level of the mentors' track in place, under a key that no other institute has."""
    actor = Actor(institute_id=room.institute_id, person_id=None)
    key = drafting.add_level(Track.MENTOR, f"Mentor of {room.institute_id}", actor=actor)
    drafting.change(
        key,
        0,
        lambda sketch: drafting.put_rule(sketch, "rules", None, Rule(RuleKind.DISPUTE_FREE)),
        actor=actor,
    )
    return {"rulebook_level": key}
