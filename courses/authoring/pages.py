"""What the pages of publishing and of one module show beside their forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from courses.authoring.columns import kind_of
from courses.authoring.missing import Lack
from courses.authoring.models import Draft, DraftKind
from courses.authoring.publishing import OpenLanguage, look_through
from courses.catalogue.addresses import each_part
from courses.catalogue.drafts import MinuteRange
from courses.catalogue.models import Module, PartId, Programme, ProgrammeId, ProgrammeVersion
from courses.catalogue.reviving import parts_of
from institute.actors import Actor
from institute.db import db
from institute.i18n import LazyText, Localised


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a part, with what its page's address needs."""

    kind: DraftKind
    part_id: PartId | None
    path: str
    title: Localised


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """Something that forbids publishing, where it is mended, and the sentence that says so."""

    place: Place
    sentence: LazyText


@dataclass(frozen=True, slots=True)
class GapLine:
    """Something that is missing, where it is written."""

    place: Place
    what: Lack


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A part in which the next version differs from the newest: new, removed, or else changed."""

    place: Place
    new: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class PublishPage:
    """What would be published, what stands in the way, and what is out now (``version`` is None: nothing is)."""

    programme_id: ProgrammeId
    slug: str
    title: Localised
    version: int | None
    published_at: datetime | None
    problems: tuple[ProblemLine, ...]
    gaps: tuple[GapLine, ...]
    languages: tuple[OpenLanguage, ...]
    news: tuple[NewsLine, ...]


@dataclass(frozen=True, slots=True)
class SegmentSums:
    """What the segments of a module come to; ``count`` is how many there are."""

    count: int
    reading: MinuteRange
    coaching: MinuteRange
    published: str | None = None
    """The name by which the newest version has the module; None where it has none."""


def publish_page(programme_slug: str, *, actor: Actor) -> PublishPage:
    """Return what the page of publishing shows. Raises PartNotFoundError."""
    whole, readiness = look_through(programme_slug, actor=actor)
    row = db.session.execute(
        select(
            Programme.id, Programme.current_version_id, ProgrammeVersion.number, ProgrammeVersion.published_at
        )
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Programme.current_version_id)
        .where(Programme.institute_id == actor.institute_id, Programme.slug == programme_slug)
    ).one()
    drafts = dict(each_part(whole.content))
    old = frozenset(parts_of(row.current_version_id).values()) if row.current_version_id else frozenset()

    def place(address: str, path: str) -> Place:
        draft = drafts.get(address, whole.content.programme)
        return Place(kind_of(draft), whole.parts.get(address), path, draft.title)

    return PublishPage(
        programme_id=row.id,
        slug=programme_slug,
        title=whole.content.programme.title,
        version=row.number,
        published_at=row.published_at,
        problems=tuple(ProblemLine(place(one.address, one.path), one.sentence) for one in readiness.problems),
        gaps=tuple(GapLine(place(one.address, one.path), one.what) for one in readiness.gaps),
        languages=readiness.languages,
        news=_news(row.id, old),
    )


def segment_sums(module: PartId) -> SegmentSums:
    """Return what the segments of a module come to, those that are not removed."""
    row = db.session.execute(
        select(
            func.count(),
            *(
                func.coalesce(func.sum(column), 0)
                for column in (
                    Draft.reading_min,
                    Draft.reading_max,
                    Draft.coaching_min,
                    Draft.coaching_max,
                )
            ),
        ).where(Draft.parent_part_id == module, Draft.removed_at.is_(None))
    ).one()
    count, *sums = (int(one) for one in row)
    published = db.session.scalar(
        select(Module.slug)
        .join(Programme, Programme.current_version_id == Module.version_id)
        .where(Module.part_id == module)
    )
    return SegmentSums(count, MinuteRange(sums[0], sums[1]), MinuteRange(sums[2], sums[3]), published)


def _news(programme_id: ProgrammeId, old: Iterable[PartId]) -> tuple[NewsLine, ...]:
    rows = db.session.execute(
        select(Draft.kind, Draft.part_id, Draft.title, Draft.removed_at)
        .where(Draft.programme_id == programme_id, Draft.changed)
        .order_by(Draft.part_id.is_not(None), Draft.parent_part_id, Draft.position, Draft.id)
    )
    before = frozenset(old)
    return tuple(
        NewsLine(
            Place(row.kind, row.part_id, "", row.title),
            new=row.part_id is not None and row.part_id not in before,
            removed=row.removed_at is not None,
        )
        for row in rows
        if row.removed_at is None or row.part_id in before
    )
