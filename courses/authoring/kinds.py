"""The kinds of activities and times as an author chooses them, in the reader's words."""

from __future__ import annotations

from typing import Final

from courses.authoring.desks import Desk
from courses.catalogue.drafts import SegmentDraft
from courses.catalogue.models import ActivityKind, Purpose, Timing
from institute.i18n import LazyText, gettext, lazy_gettext

_ACTIVITIES: Final[dict[ActivityKind, LazyText]] = {
    ActivityKind.READING: lazy_gettext("Read"),
    ActivityKind.WATCHING: lazy_gettext("Watch"),
    ActivityKind.ACKNOWLEDGEMENT: lazy_gettext("Read and acknowledge"),
    ActivityKind.REFLECTION: lazy_gettext("Reflect in writing"),
    ActivityKind.ASSESSMENT: lazy_gettext("Assess oneself"),
    ActivityKind.DOCUMENT: lazy_gettext("Fill in a document"),
    ActivityKind.UPLOAD: lazy_gettext("Upload a file"),
    ActivityKind.PRACTICE: lazy_gettext("Practise"),
    ActivityKind.ATTEND: lazy_gettext("Attend a session"),
    ActivityKind.PREPARATION: lazy_gettext("Prepare"),
}
_TIMINGS: Final[dict[Timing, LazyText]] = {
    Timing.BEFORE: lazy_gettext("Before the session"),
    Timing.DURING: lazy_gettext("In the session"),
    Timing.AFTER: lazy_gettext("After the session"),
    Timing.BETWEEN: lazy_gettext("Between the sessions"),
    Timing.PREPARATION: lazy_gettext("Preparation for what comes next"),
}

_PURPOSES: Final[dict[Purpose, LazyText]] = {
    Purpose.SELF_ASSESSMENT: lazy_gettext("Self-assessment, in a segment"),
    Purpose.REFLECTION: lazy_gettext("Reflection at the beginning, midway and at the end"),
    Purpose.RELATIONSHIP_COACH: lazy_gettext("Relationship survey, answered by coaches"),
    Purpose.RELATIONSHIP_PARTICIPANT: lazy_gettext("Relationship survey, answered by participants"),
    Purpose.EVALUATION: lazy_gettext("Evaluation of the programme, without names"),
}


def say_what(kind: ActivityKind) -> str:
    """Return what is done in an activity of this kind."""
    return str(_ACTIVITIES[kind])


def purposes() -> list[tuple[str, str]]:
    """Return what an instrument can be for, as (value, text)."""
    return [(purpose.value, str(text)) for purpose, text in _PURPOSES.items()]


def options_of(desk: Desk[SegmentDraft]) -> dict[str, list[tuple[str, str]]]:
    """Return what the selects of a segment's forms offer, as (value, text); what is chosen and gone stands last."""
    draft, choices = desk.draft, desk.choices
    offered: dict[str, list[tuple[str, str]]] = {
        "kind": [(kind.value, str(text)) for kind, text in _ACTIVITIES.items()],
        "timing": [(timing.value, str(text)) for timing, text in _TIMINGS.items()],
        "material": [(one.key, str(one.title)) for one in draft.materials],
        "overview": [(one.key, str(one.title)) for one in draft.materials],
        "instrument": [(one.value, str(one.title)) for one in choices.instruments],
        "resource": list(choices.resources),
    }
    for name in ("material", "overview", "instrument", "resource"):
        chosen = desk.sheet.fields.get(name, "")
        if chosen and chosen not in dict(offered[name]):
            offered[name].append((chosen, gettext("%(name)s (not there any more)", name=chosen)))
    return offered
