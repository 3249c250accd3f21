"""The instrument editor: the instruments of a programme, a new one, the order of an instrument's areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import select

from courses.authoring.checked import Checked
from courses.authoring.choices import Choices, Named
from courses.authoring.choosing import choices_for
from courses.authoring.desks import replace_part
from courses.authoring.instruments import check_new, moved_area, without_area
from courses.authoring.mistakes import MeanwhileError
from courses.authoring.models import Draft, DraftKind
from courses.authoring.saving import Clash
from courses.authoring.sheets import Sheet
from courses.authoring.shelf import PartHere, add_part, part_here
from courses.catalogue.drafts import InstrumentDraft
from courses.catalogue.models import PartId
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError

WAYS: Final = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """An instrument in a list."""

    part_id: PartId
    named: Named


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
    return _list(programme, Checked(Sheet({"title": ""})), actor=actor)


def add_instrument(programme: str, sheet: Sheet, *, actor: Actor) -> PartHere | InstrumentList:
    """Begin an instrument, or give back what has to be mended. Raises PartNotFoundError."""
    own = part_here(programme, "", actor=actor)
    taken = db.session.scalars(
        select(Draft.slug).where(Draft.programme_id == own.programme_id, Draft.kind == DraftKind.INSTRUMENT)
    )
    checked = check_new(sheet, set(taken), own.source)
    if checked.draft is None:
        return _list(programme, checked, actor=actor)
    return add_part(programme, checked.draft, actor=actor)


def instrument_here(programme: str, part_id: int, *, actor: Actor) -> InstrumentHere:
    """Return an instrument as it is being written. Raises PartNotFoundError."""
    part = part_here(programme, PartId(part_id), kind=DraftKind.INSTRUMENT, actor=actor)
    return InstrumentHere(part, cast("InstrumentDraft", part.draft), choices_for(part, actor=actor))


def move_area(here: InstrumentHere, key: str, way: str, *, actor: Actor) -> None:
    """Move an area up or down. Raises NotFoundError, MeanwhileError."""
    _check_area(here, key)
    if way not in WAYS:
        raise NotFoundError
    _keep(here, moved_area(here.draft, key, WAYS[way]), actor=actor)


def remove_area(here: InstrumentHere, key: str, *, actor: Actor) -> None:
    """Take an area with its items out of an instrument; its history keeps it. Raises NotFoundError, MeanwhileError."""
    _check_area(here, key)
    _keep(here, without_area(here.draft, key), actor=actor)


def _list(programme: str, checked: Checked[InstrumentDraft], *, actor: Actor) -> InstrumentList:
    own = part_here(programme, "", actor=actor)
    rows = db.session.execute(
        select(Draft.part_id, Draft.slug, Draft.title)
        .where(
            Draft.programme_id == own.programme_id,
            Draft.kind == DraftKind.INSTRUMENT,
            Draft.removed_at.is_(None),
        )
        .order_by(Draft.position, Draft.id)
    )
    lines = tuple(
        InstrumentLine(cast("PartId", part_id), Named(slug, title)) for part_id, slug, title in rows
    )
    return InstrumentList(own, lines, checked)


def _check_area(here: InstrumentHere, key: str) -> None:
    if all(one.key != key for one in here.draft.areas):
        raise NotFoundError


def _keep(here: InstrumentHere, draft: InstrumentDraft, *, actor: Actor) -> None:
    if isinstance(replace_part(here.part, draft, actor=actor), Clash):
        raise MeanwhileError
