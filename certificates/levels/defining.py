"""Defining an institute's levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from certificates.levels.models import Level, Track
from certificates.levels.queries import written_here
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import ConflictError, NotFoundError
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
    track: Track = Track.PARTICIPANT
    next: str | None = None
    """The key of the level that follows, also on another track; None is the next one of its own."""


def define_levels(drafts: Sequence[LevelDraft], *, actor: Actor) -> None:
    """Define the levels of the actor's institute, lowest of each track first; defined ones get the texts anew.

    Levels beside these and what was published in the browser stay as they are. Raises LevelsFixedError if drafts are
    defined in another order, or do not follow those that are, and NotFoundError if one names a next level that there
    is not.
    """
    with transaction():
        for track in Track:
            _define([draft for draft in drafts if draft.track is track], track, actor)
        _join(drafts, actor)


def _join(drafts: Sequence[LevelDraft], actor: Actor) -> None:
    """Say of each level which one follows it."""
    with transaction() as session:
        session.flush()
        here = session.scalars(select(Level).where(Level.institute_id == actor.institute_id))
        defined = {level.key: level for level in here}
        for draft in drafts:
            if draft.next is not None and draft.next not in defined:
                raise NotFoundError
            defined[draft.key].next_id = defined[draft.next].id if draft.next is not None else None


def _define(drafts: Sequence[LevelDraft], track: Track, actor: Actor) -> None:
    with transaction() as session:
        defined = session.scalars(
            select(Level)
            .where(Level.institute_id == actor.institute_id, Level.track == track)
            .order_by(Level.position)
        ).all()
        keys = [draft.key for draft in drafts]
        known = [level for level in defined if level.key in keys]
        if [level.key for level in known] != keys[: len(known)]:
            raise LevelsFixedError
        written = written_here(actor.institute_id)
        for level, draft in zip(known, drafts, strict=False):
            if level.id not in written:
                level.name, level.summary, level.title = draft.name, draft.summary, draft.title
        highest = max((level.position for level in defined), default=0)
        for position, draft in enumerate(drafts[len(known) :], start=highest + 1):
            added = Level(
                institute_id=actor.institute_id,
                track=track,
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
