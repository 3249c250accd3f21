"""Defining an institute's levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from certificates.levels.models import Level
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import ConflictError
from institute.i18n import Localised, lazy_gettext


class LevelsFixedError(ConflictError):
    """The order of levels stands once it is defined: certificates will refer to it."""

    code = "LEVELS-FIXED"
    sentence = lazy_gettext("The levels of this institute are defined already, in another order.")


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """A level as it is written down."""

    key: str
    name: Localised
    summary: Localised
    title: Localised | None = None


def define_levels(drafts: Sequence[LevelDraft], *, actor: Actor) -> None:
    """Define the levels of the actor's institute, lowest first; texts of defined ones are brought up to date.

    Raises LevelsFixedError if levels are defined whose keys do not begin ``drafts`` in the same order.
    """
    with transaction() as session:
        defined = session.scalars(
            select(Level).where(Level.institute_id == actor.institute_id).order_by(Level.position)
        ).all()
        if [level.key for level in defined] != [draft.key for draft in drafts[: len(defined)]]:
            raise LevelsFixedError
        for level, draft in zip(defined, drafts, strict=False):
            level.name, level.summary, level.title = draft.name, draft.summary, draft.title
        for position, draft in list(enumerate(drafts, start=1))[len(defined) :]:
            added = Level(
                institute_id=actor.institute_id,
                position=position,
                key=draft.key,
                name=draft.name,
                summary=draft.summary,
                title=draft.title,
            )
            session.add(added)
            session.flush()
            audit.record(
                "level.defined", actor=actor, subject=("level", added.id), details={"position": position}
            )
