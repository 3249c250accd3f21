"""Adding a module or a segment by its title; everything else is written on its own page."""

from __future__ import annotations

from dataclasses import dataclass

from courses.authoring.entries import TITLE_MOST
from courses.authoring.keys import key_for
from courses.authoring.mistakes import TextLongError, TextNeededError
from courses.authoring.models import DraftKind
from courses.authoring.rows import names_beside
from courses.authoring.shelf import PartHere, add_part, part_here
from courses.catalogue.drafts import MinuteRange, ModuleDraft, SegmentDraft
from courses.catalogue.models import PartId
from institute.actors import Actor
from institute.db import db
from institute.errors import DomainError
from institute.i18n import Localised

_NO_TIME = MinuteRange(0, 0)


@dataclass(frozen=True, slots=True)
class Added:
    """A new part, or what has to be mended in its ``title``. ``parent`` is the module of a segment."""

    title: str
    parent: PartId | None
    here: PartHere | None = None
    problem: DomainError | None = None


def add_module(programme_slug: str, title: str, *, actor: Actor) -> Added:
    """Add a module at the end. Raises PartNotFoundError."""
    programme = part_here(programme_slug, "", actor=actor)
    if problem := _problem_of(title):
        return Added(title, None, problem=problem)
    taken = names_beside(programme.programme_id, DraftKind.MODULE, None, db.session())
    source = programme.source
    draft = ModuleDraft(
        number=1,
        slug=key_for(title, taken, otherwise="module"),
        title=_written(title, source),
        description=_written("", source),
        reading=_NO_TIME,
        coaching=_NO_TIME,
    )
    return Added(title, None, add_part(programme_slug, draft, actor=actor))


def add_segment(programme_slug: str, module: PartId, title: str, *, actor: Actor) -> Added:
    """Add a segment at the end of a module. Raises PartNotFoundError."""
    parent = part_here(programme_slug, module, kind=DraftKind.MODULE, actor=actor)
    if problem := _problem_of(title):
        return Added(title, module, problem=problem)
    taken = names_beside(parent.programme_id, DraftKind.SEGMENT, module, db.session())
    draft = SegmentDraft(
        number=1,
        slug=key_for(title, taken, otherwise="segment"),
        title=_written(title, parent.source),
        content=_written("", parent.source),
        reading=_NO_TIME,
        coaching=_NO_TIME,
    )
    return Added(title, module, add_part(programme_slug, draft, parent=module, actor=actor))


def _problem_of(title: str) -> DomainError | None:
    if not title.strip():
        return TextNeededError()
    if len(title) > TITLE_MOST:
        return TextLongError(length=len(title), most=TITLE_MOST)
    return None


def _written(text: str, source: str) -> Localised:
    return Localised({source: text}, source)
