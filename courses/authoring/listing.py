"""An author's programmes, and what they wrote last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, func, select
from sqlalchemy import cast as cast_sql

from courses.authoring.models import Draft, DraftKind
from courses.catalogue.models import PartId, Programme, ProgrammeVersion
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised

LAST: Final = 5


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme in an author's list.

    ``version`` is None before the first; ``waits`` tells that something is written that nobody studies yet.
    """

    slug: str
    title: Localised
    version: int | None
    published_at: datetime | None
    updated_at: datetime | None
    waits: bool


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A part that an author wrote lately; ``part_id`` is None for a programme itself."""

    programme_slug: str
    programme_title: Localised
    kind: DraftKind
    part_id: PartId | None
    title: Localised
    at: datetime


@dataclass(frozen=True, slots=True)
class AuthorHome:
    """What an author's home shows: what they wrote last, and the programmes with something unpublished."""

    written: tuple[WrittenLine, ...]
    waiting: tuple[ProgrammeRow, ...]
    any_programme: bool


def list_programmes(actor: Actor) -> list[ProgrammeRow]:
    """Return every programme of the actor's institute, the last written first. Two queries."""
    rows = db.session.execute(
        select(
            Programme.slug,
            Programme.title,
            ProgrammeVersion.number,
            ProgrammeVersion.published_at,
            func.max(Draft.updated_at, type_=Draft.updated_at.type).label("updated_at"),
            func.max(cast_sql(Draft.changed, Integer)).label("waits"),
        )
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Programme.current_version_id)
        .outerjoin(Draft, Draft.programme_id == Programme.id)
        .where(Programme.institute_id == actor.institute_id)
        .group_by(Programme.id, ProgrammeVersion.id)
        .order_by(Programme.id)
    ).all()
    own = (
        select(Draft.slug, Draft.title)
        .where(Draft.institute_id == actor.institute_id, Draft.part_id.is_(None))
        .order_by(Draft.id)
    )
    titles = {row.slug: row.title for row in db.session.execute(own)}
    found = [
        ProgrammeRow(
            slug=row.slug,
            title=titles.get(row.slug, row.title),
            version=row.number,
            published_at=row.published_at,
            updated_at=row.updated_at,
            waits=row.number is None or bool(row.waits),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.updated_at.timestamp() if one.updated_at else 0.0, reverse=True)


def author_home(actor: Actor) -> AuthorHome:
    """Return what an author wrote last and what waits to be published."""
    programmes = list_programmes(actor)
    titles = {one.slug: one.title for one in programmes}
    rows = db.session.execute(
        select(Programme.slug, Draft.kind, Draft.part_id, Draft.title, Draft.updated_at)
        .join(Programme, Programme.id == Draft.programme_id)
        .where(
            Draft.institute_id == actor.institute_id,
            Draft.updated_by == actor.person_id,
            Draft.removed_at.is_(None),
            Draft.changed,
        )
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(LAST)
    ).all()
    return AuthorHome(
        written=tuple(
            WrittenLine(row.slug, titles[row.slug], row.kind, row.part_id, row.title, row.updated_at)
            for row in rows
        ),
        waiting=tuple(one for one in programmes if one.waits),
        any_programme=bool(programmes),
    )
