"""What somebody typed into a form of a rubric, put into its sketch. Whatever a form holds, this succeeds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from werkzeug.datastructures import MultiDict

from certificates.rubrics.policies import FLAGS, LIMITS
from certificates.rubrics.sketches import (
    CRITERION,
    POLICY,
    TICKED,
    Sketch,
    SketchCriterion,
    blank,
)
from institute.i18n import Localised
from institute.web.forms import storable

LONGEST_KEPT: Final = 20_000
"""Characters of a field that are kept; longer ones are nothing that anybody typed."""
LONGEST_FIELD: Final = 160

Form = MultiDict[str, str]


def line_of(form: Form, name: str, longest: int = LONGEST_FIELD) -> str:
    """Return a field of one line as it may be stored."""
    return " ".join(storable(form.get(name, "")).split())[:longest]


def type_about(sketch: Sketch, form: Form) -> Sketch:
    """Return the sketch with the title, the cut and the names of the levels as they were typed."""
    levels = tuple(
        replace(one, name=written(one.name, line_of(form, f"levels/{one.id}", LONGEST_KEPT)))
        for one in sketch.levels
    )
    title = written(sketch.title, line_of(form, "title", LONGEST_KEPT))
    return replace(sketch, title=title, cut=line_of(form, "cut"), levels=levels)


def type_criterion(sketch: Sketch, key: str, form: Form) -> Sketch:
    """Return the sketch with one of its criteria as it was typed; a key that it does not have changes nothing."""
    start = f"{CRITERION}{key}"

    def typed(one: SketchCriterion) -> SketchCriterion:
        return replace(
            one,
            title=written(one.title, line_of(form, f"{start}/title", LONGEST_KEPT)),
            element=line_of(form, f"{start}/element"),
            minimum=line_of(form, f"{start}/minimum"),
            descriptors=_texts(sketch, one.descriptors, form, f"{start}/descriptors"),
            examples=_texts(sketch, one.examples, form, f"{start}/examples"),
        )

    criteria = tuple(typed(one) if one.key == key else one for one in sketch.criteria)
    return replace(sketch, criteria=criteria)


def type_policy(sketch: Sketch, form: Form) -> Sketch:
    """Return the sketch with the policy as it was typed."""
    fields = {
        name: line_of(form, f"{POLICY}/{name}") for name in (*LIMITS, "near_cut", "settled", "releasing")
    }
    fields |= {name: TICKED if form.get(f"{POLICY}/{name}") else "" for name in FLAGS}
    return replace(sketch, policy=fields)


def written(was: Localised, text: str) -> Localised:
    """Return a text with another source; translations stay, and are stale where it changed."""
    return was if was.texts.get(was.source, "") == text else was.revised(text)


def _texts(sketch: Sketch, was: Mapping[str, Localised], form: Form, start: str) -> dict[str, Localised]:
    """Return the texts of the levels; what is emptied is gone with its translations."""
    found = {}
    for level in sketch.levels:
        text = storable(form.get(f"{start}/{level.id}", "")).strip()[:LONGEST_KEPT]
        if text:
            found[level.id] = written(was.get(level.id, blank(sketch.title.source)), text)
    return found
