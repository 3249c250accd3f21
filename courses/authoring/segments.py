"""The segment editor: its sections opened and sent, the order of activities and materials, what is removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from courses.authoring.activities import moved_activity, without_activity
from courses.authoring.choices import Choices
from courses.authoring.choosing import choices_for
from courses.authoring.desks import replace_part
from courses.authoring.materials import users_of
from courses.authoring.members import moved_member, steps_of, there, without_member
from courses.authoring.mistakes import LockedError, MaterialInUseError
from courses.authoring.models import DraftKind
from courses.authoring.shelf import PartHere, part_here
from courses.catalogue.drafts import ActivityDraft, MaterialDraft, SegmentDraft
from courses.catalogue.models import PartId
from institute.actors import Actor

# The section in which a field stands, by the first word of its path; the others belong to the reading.
SECTIONS: Final = {"session": "session", "activities": "activities", "materials": "materials"}
IDS: Final = {"reading": "reading_most", "coaching": "coaching_most", "minutes": "minutes_most"}


@dataclass(frozen=True, slots=True)
class SegmentHere:
    """A segment as it is being written, with what its forms offer."""

    part: PartHere
    draft: SegmentDraft
    choices: Choices


def segment_here(programme: str, part_id: int, *, actor: Actor) -> SegmentHere:
    """Return a segment as it is being written. Raises PartNotFoundError."""
    part = part_here(programme, PartId(part_id), kind=DraftKind.SEGMENT, actor=actor)
    return SegmentHere(part, cast("SegmentDraft", part.draft), choices_for(part, actor=actor))


def move_activity(here: SegmentHere, key: str, way: str, *, actor: Actor) -> None:
    """Move an activity up or down among those of its time. Raises NotFoundError, LockedError, MeanwhileError."""
    _check_own(here, there(here.draft.activities, key))
    replace_part(here.part, moved_activity(here.draft, key, steps_of(way)), actor=actor)


def remove_activity(here: SegmentHere, key: str, *, actor: Actor) -> None:
    """Take an activity out of the segment; its history keeps it. Raises as ``move_activity``."""
    _check_own(here, there(here.draft.activities, key))
    replace_part(here.part, without_activity(here.draft, key), actor=actor)


def move_material(here: SegmentHere, key: str, way: str, *, actor: Actor) -> None:
    """Move a material up or down. Raises NotFoundError, LockedError, MeanwhileError."""
    _check_own(here, there(here.draft.materials, key))
    materials = moved_member(here.draft.materials, key, steps_of(way))
    replace_part(here.part, replace(here.draft, materials=materials), actor=actor)


def remove_material(here: SegmentHere, key: str, *, actor: Actor) -> None:
    """Take a material out of the segment. Raises as ``move_material``, and MaterialInUseError."""
    _check_own(here, there(here.draft.materials, key))
    users = users_of(here.draft, key)
    if users:
        raise MaterialInUseError(names=", ".join(str(title) for title in users))
    materials = without_member(here.draft.materials, key)
    replace_part(here.part, replace(here.draft, materials=materials), actor=actor)


def place_of(path: str, draft: SegmentDraft) -> tuple[str, str, str]:
    """Return where a field is edited: its section, the key of its activity or material, and the id of its field.

    ``path`` is as courses.catalogue.fields names it; one that names nothing leads to the reading.
    """
    first, _, rest = path.partition("/")
    section = SECTIONS.get(first, "reading")
    if section in {"activities", "materials"}:
        members: Sequence[ActivityDraft | MaterialDraft]
        members = draft.activities if section == "activities" else draft.materials
        key, _, field = rest.partition("/")
        return (section, key, field) if any(one.key == key for one in members) else (section, "", "")
    words = [word for word in path.split("/") if word not in {"session", "opens", "onboarding"}]
    name, detail = words[0] if words else "", "-".join(words[1:])
    if detail.isdecimal():
        return section, "", f"{name}-{detail}-{'address' if name == 'after' else 'text'}"
    if detail in {"least", "most"}:
        return section, "", f"{name}_{detail}"
    return section, "", IDS.get(name, "-".join(words))


def _check_own(here: SegmentHere, one: ActivityDraft | MaterialDraft) -> None:
    if here.part.fixed and not one.local:
        raise LockedError
