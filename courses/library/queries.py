"""The library as pages and other rooms need it: one resource, a page of those that are searched, choices of a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from courses.frameworks.queries import Named, named
from courses.library.checking import is_key
from courses.library.drafts import ResourceDraft
from courses.library.models import (
    Collection,
    CollectionItem,
    LabelKind,
    Resource,
    ResourceKind,
    ResourceLabel,
    ResourceLanguage,
    ResourceWords,
)
from courses.library.reading import draft_of
from courses.library.words import words_searched
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised, current_locale

PER_PAGE: Final = 25
_WITH_LANGUAGES: Final = selectinload(Resource.languages)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list. ``unready`` and ``archived`` are for authors."""

    search: str = ""
    kind: ResourceKind | None = None
    tag: str = ""
    element: str = ""
    language: str = ""
    page: int = 1
    unready: bool = False
    archived: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for beside the whole list."""
        return bool(self.search or self.kind or self.tag or self.element or self.language)


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """A resource in a list."""

    key: str
    kind: ResourceKind
    title: Localised
    summary: Localised | None
    languages: tuple[str, ...]
    version: str
    ready: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was searched; ``found`` counts all of it."""

    wanted: Wanted
    lines: tuple[ResourceLine, ...]
    found: int

    @property
    def pages(self) -> int:
        """How many pages what was found has."""
        return max(-(-self.found // PER_PAGE), 1)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list can be narrowed down to: what its resources have."""

    kinds: tuple[ResourceKind, ...]
    tags: tuple[Named, ...]
    elements: tuple[Named, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """A collection in a list."""

    key: str
    title: Localised
    summary: Localised | None
    count: int


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """A collection with its resources in order."""

    key: str
    title: Localised
    summary: Localised | None
    revision: int
    lines: tuple[ResourceLine, ...]


def find_row(institute_id: InstituteId, key: str) -> Resource | None:
    """Return the row of a resource, archived or not, or None."""
    if not is_key(key):
        return None
    return db.session.scalar(
        select(Resource).where(Resource.institute_id == institute_id, Resource.key == key)
    )


def find(institute_id: InstituteId, key: str) -> ResourceDraft | None:
    """Return a resource, archived or not, as its author handed it in, or None."""
    row = find_row(institute_id, key)
    return draft_of(row) if row is not None else None


def choices(institute_id: InstituteId) -> list[tuple[str, str]]:
    """Return (key, title in the reader's language) of the resources that content may name, by title."""
    rows = db.session.execute(
        select(Resource.key, Resource.title).where(
            Resource.institute_id == institute_id, Resource.archived_at.is_(None)
        )
    )
    here = current_locale()
    return sorted(
        ((key, title.in_(here)) for key, title in rows), key=lambda one: (one[1].casefold(), one[0])
    )


def search(institute_id: InstituteId, wanted: Wanted) -> Found:
    """Return a page of the resources in which all words stand, in the reader's language or the one they are written in.

    In the order of their titles. A page beyond the last one is the first. Two statements.
    """
    here, source = aliased(ResourceWords), aliased(ResourceWords)
    order = (func.coalesce(here.title, source.title), Resource.id)
    # The page's rows are chosen first, and their texts looked up for them alone.
    chosen = (
        select(
            Resource.id,
            func.row_number().over(order_by=order).label("place"),
            func.count().over().label("found"),
        )
        .join(source, and_(source.resource_id == Resource.id, source.is_source))
        .outerjoin(here, and_(here.resource_id == Resource.id, here.locale == current_locale()))
        .where(*_conditions(institute_id, wanted))
        .where(
            *(
                or_(here.words.contains(word, autoescape=True), source.words.contains(word, autoescape=True))
                for word in words_searched(wanted.search)
            )
        )
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((wanted.page - 1) * PER_PAGE)
        .subquery()
    )
    rows = db.session.execute(
        select(Resource, chosen.c.found)
        .join(chosen, chosen.c.id == Resource.id)
        .order_by(chosen.c.place)
        .options(_WITH_LANGUAGES)
    ).all()
    if not rows and wanted.page > 1:
        return search(institute_id, replace(wanted, page=1))
    return Found(wanted, _lines(row for row, _ in rows), rows[0][1] if rows else 0)


def filters(institute_id: InstituteId) -> Filters:
    """Return what the list can be narrowed down to: what the resources have that readers find."""
    found = and_(Resource.institute_id == institute_id, Resource.archived_at.is_(None), Resource.ready)
    kinds = set(db.session.scalars(select(Resource.kind).where(found).distinct()))
    labels = db.session.execute(
        select(ResourceLabel.kind, ResourceLabel.label)
        .join(Resource, Resource.id == ResourceLabel.resource_id)
        .where(found)
        .distinct()
        .order_by(ResourceLabel.kind, ResourceLabel.label)
    ).all()
    names = named(institute_id, [label for _, label in labels])
    languages = db.session.scalars(
        select(ResourceLanguage.locale)
        .join(Resource, Resource.id == ResourceLanguage.resource_id)
        .where(found)
        .distinct()
        .order_by(ResourceLanguage.locale)
    )
    return Filters(
        kinds=tuple(kind for kind in ResourceKind if kind in kinds),
        tags=tuple(names[label] for kind, label in labels if kind is LabelKind.TAG),
        elements=tuple(names[label] for kind, label in labels if kind is LabelKind.ELEMENT),
        languages=tuple(languages),
    )


def collections(institute_id: InstituteId) -> list[CollectionLine]:
    """Return the collections with how many resources of each readers find, by key."""
    rows = db.session.execute(
        select(Collection, func.count(Resource.id))
        .outerjoin(CollectionItem, CollectionItem.collection_id == Collection.id)
        .outerjoin(
            Resource,
            and_(Resource.id == CollectionItem.resource_id, Resource.archived_at.is_(None), Resource.ready),
        )
        .where(Collection.institute_id == institute_id, Collection.removed_at.is_(None))
        .group_by(Collection.id)
        .order_by(Collection.key)
    )
    return [CollectionLine(row.key, row.title, row.summary, count) for row, count in rows]


def find_collection(institute_id: InstituteId, key: str, *, all_of_it: bool = False) -> CollectionPage | None:
    """Return a collection with what readers find of it, or everything in it; None where there is none."""
    if not is_key(key):
        return None
    row = db.session.scalar(
        select(Collection).where(
            Collection.institute_id == institute_id, Collection.key == key, Collection.removed_at.is_(None)
        )
    )
    if row is None:
        return None
    query = (
        select(Resource)
        .join(CollectionItem, CollectionItem.resource_id == Resource.id)
        .where(CollectionItem.collection_id == row.id)
        .order_by(CollectionItem.position)
    )
    if not all_of_it:
        query = query.where(Resource.archived_at.is_(None), Resource.ready)
    found = db.session.scalars(query.options(_WITH_LANGUAGES)).all()
    return CollectionPage(row.key, row.title, row.summary, row.revision, _lines(found))


def collections_with(institute_id: InstituteId, key: str) -> list[tuple[str, Localised]]:
    """Return (key, title) of the collections that a resource is in."""
    rows = db.session.execute(
        select(Collection.key, Collection.title)
        .join(CollectionItem, CollectionItem.collection_id == Collection.id)
        .join(Resource, Resource.id == CollectionItem.resource_id)
        .where(Resource.institute_id == institute_id, Resource.key == key, Collection.removed_at.is_(None))
        .order_by(Collection.key)
    )
    return [(one, title) for one, title in rows]


def _conditions(institute_id: InstituteId, wanted: Wanted) -> list[ColumnElement[bool]]:
    archived = Resource.archived_at.is_not(None) if wanted.archived else Resource.archived_at.is_(None)
    conditions: list[ColumnElement[bool]] = [Resource.institute_id == institute_id, archived]
    if not wanted.unready:
        conditions.append(Resource.ready.is_(True))
    if wanted.kind is not None:
        conditions.append(Resource.kind == wanted.kind)
    for kind, label in ((LabelKind.TAG, wanted.tag), (LabelKind.ELEMENT, wanted.element)):
        if label:
            conditions.append(
                exists().where(
                    ResourceLabel.resource_id == Resource.id,
                    ResourceLabel.kind == kind,
                    ResourceLabel.label == label,
                )
            )
    if wanted.language:
        conditions.append(
            exists().where(
                ResourceLanguage.resource_id == Resource.id, ResourceLanguage.locale == wanted.language
            )
        )
    return conditions


def _lines(rows: Iterable[Resource]) -> tuple[ResourceLine, ...]:
    return tuple(
        ResourceLine(
            key=row.key,
            kind=row.kind,
            title=row.title,
            summary=row.summary,
            languages=tuple(one.locale for one in row.languages),
            version=row.version,
            ready=row.ready,
            archived=row.archived_at is not None,
        )
        for row in rows
    )
