"""Rubrics: one with a version and a draft of the next."""

from __future__ import annotations

from fractions import Fraction

from certificates.rubrics.defining import CriterionDraft, RubricDraft, define_rubric
from certificates.rubrics.drafting import begin_version
from institute.actors import Actor
from institute.i18n import Localised
from tests.meta.furnishing.room import Room

FORM = {"title": "Another rubric", "cut": "2"}


def furnish(room: Room) -> dict[str, object]:
    """Put a rubric in place under a key that no other institute has."""
    actor = Actor(institute_id=room.institute_id, person_id=None)
    text = Localised.of({"en": "Practice"})
    own = f"rubric-of-{room.institute_id}"
    criterion = CriterionDraft(f"criterion-{own}", text, (text, text))
    define_rubric(RubricDraft(own, text, Fraction(2), (text, text), (criterion,)), actor=actor)
    begin_version(own, actor=actor)
    return {"rubric_key": own, "criterion_key": criterion.key}
