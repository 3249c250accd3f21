"""The instrument editor: the instruments of a programme, a new one, the order of an instrument's areas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import select

from courses.authoring.checked import Checked
from courses.authoring.choices import Choices
from courses.authoring.choosing import choices_for
from courses.authoring.desks import replace_part
from courses.authoring.instruments import check_new
from courses.authoring.members import moved_member, steps_of, there, without_member
from courses.authoring.models import Draft, DraftKind
from courses.authoring.rows import beside, names_beside
from courses.authoring.sheets import Sheet
from courses.authoring.shelf import PartHere, add_part, part_here
from courses.catalogue.drafts import InstrumentDraft
from courses.catalogue.models import PartId
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """An instrument in a list."""

    part_id: PartId
    title: Localised


@dataclass(frozen=True, slots=True)
class InstrumentList:
    """The instruments of a programme, and the form of a new one."""

    programme: PartHere
    lines: tuple[InstrumentLine, ...]
    checked: Checked[InstrumentDraft]


@dataclass(frozen=True, slots=True)
class InstrumentHere:
    """An instrument as it is being written, with what its forms offer."""

    part: PartHere
    draft: InstrumentDraft
    choices: Choices


def instrument_list(programme: str, *, actor: Actor) -> InstrumentList:
    """Return the instruments of a programme that were not removed. Raises PartNotFoundError."""
    return _list(part_here(programme, "", actor=actor), Checked(Sheet({"title": "", "purpose": ""})))


def add_instrument(programme: str, sheet: Sheet, *, actor: Actor) -> PartHere | InstrumentList:
    """Begin an instrument, or give back what has to be mended. Raises PartNotFoundError."""
    own = part_here(programme, "", actor=actor)
    taken = names_beside(own.programme_id, DraftKind.INSTRUMENT, None, db.session())
    checked = check_new(sheet, taken, own.source)
    if checked.draft is None:
        return _list(own, checked)
    return add_part(programme, checked.draft, actor=actor)


def instrument_here(programme: str, part_id: int, *, actor: Actor) -> InstrumentHere:
    """Return an instrument as it is being written. Raises PartNotFoundError."""
    part = part_here(programme, PartId(part_id), kind=DraftKind.INSTRUMENT, actor=actor)
    return InstrumentHere(part, cast("InstrumentDraft", part.draft), choices_for(part, actor=actor))


def move_area(here: InstrumentHere, key: str, way: str, *, actor: Actor) -> None:
    """Move an area up or down. Raises NotFoundError, MeanwhileError."""
    there(here.draft.areas, key)
    areas = moved_member(here.draft.areas, key, steps_of(way))
    replace_part(here.part, replace(here.draft, areas=areas), actor=actor)


def remove_area(here: InstrumentHere, key: str, *, actor: Actor) -> None:
    """Take an area with its items out of an instrument; its history keeps it. Raises NotFoundError, MeanwhileError."""
    there(here.draft.areas, key)
    replace_part(here.part, replace(here.draft, areas=without_member(here.draft.areas, key)), actor=actor)


def _list(own: PartHere, checked: Checked[InstrumentDraft]) -> InstrumentList:
    rows = db.session.execute(
        select(Draft.part_id, Draft.title)
        .where(*beside(own.programme_id, DraftKind.INSTRUMENT, None), Draft.removed_at.is_(None))
        .order_by(Draft.position, Draft.id)
    )
    lines = tuple(InstrumentLine(cast("PartId", part_id), title) for part_id, title in rows)
    return InstrumentList(own, lines, checked)
