"""What authors do with the library by its forms: make, write, give files, archive, collect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from sqlalchemy import select

from courses.frameworks.queries import ChoiceGroup, Named, element_choices, named, tag_choices
from courses.library import queries
from courses.library.checking import languages_here
from courses.library.drafts import CollectionDraft, HeldFile, ResourceDraft
from courses.library.errors import MeanwhileChangedError, ResourceRefusedError
from courses.library.exhibits import Exhibit, exhibits
from courses.library.forms import (
    Problems,
    Typed,
    collection_from,
    key_for,
    resource_from,
    typed_of,
    typed_of_collection,
)
from courses.library.keeping import put_collection, put_file, put_resource
from courses.library.models import Collection, FilePurpose, Resource, ResourceKind
from courses.library.queries import CollectionPage
from courses.library.reading import draft_of
from courses.library.taking import take_file
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files.checking import FileRefusedError
from institute.i18n import gettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of the library. ``key`` is None for what is new; ``source`` is the language it is written in."""

    key: str | None
    languages: tuple[str, ...]
    source: str
    typed: Typed
    revision: int
    problems: Problems
    meanwhile: bool

    @property
    def errors(self) -> dict[str, str]:
        """What has to be mended, by field."""
        return dict(reversed(self.problems))

    @property
    def broken(self) -> set[str]:
        """The languages in which something has to be mended."""
        return {name.rpartition("-")[2] for name, _ in self.problems}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceForm(Form):
    """The form of a resource. ``exhibit`` is what stands there, None for a new one."""

    kind: ResourceKind
    tags: list[ChoiceGroup]
    elements: list[ChoiceGroup]
    left: Mapping[str, Named]
    exhibit: Exhibit | None
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionForm(Form):
    """The form of a collection; ``choices`` are the resources that may still be put into it."""

    page: CollectionPage | None
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """How saving went: the key of what was saved, or what has to be mended; ``meanwhile``: somebody else was first."""

    key: str = ""
    problems: Problems = ()
    meanwhile: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a form brought, checked and kept, or the sentence that refuses it."""

    purpose: FilePurpose = FilePurpose.CONTENT
    locale: str = ""
    held: HeldFile | None = None
    refusal: str = ""


class Move(StrEnum):
    """What can be done with a resource of a collection."""

    UP = "up"
    DOWN = "down"
    OUT = "out"


def resource_form(
    key: str | None,
    kind: ResourceKind | None,
    *,
    actor: Actor,
    typed: Typed | None = None,
    saved: Saved | None = None,
) -> ResourceForm:
    """Return the form of a resource, or of a new one of a kind, with what was typed. Raises NotFoundError."""
    row = queries.find_row(actor.institute_id, key) if key is not None else None
    if key is not None and row is None:
        raise NotFoundError
    languages = languages_here(actor.institute_id)
    draft = draft_of(row) if row is not None else None
    source = draft.title.source if draft is not None else languages[0]
    shown = typed or (typed_of(draft) if draft is not None else Typed())
    saved = saved or Saved()
    return ResourceForm(
        kind=row.kind if row is not None else kind or ResourceKind.OTHER,
        key=key,
        languages=tuple(
            dict.fromkeys((source, *languages, *(draft.title.texts if draft is not None else ())))
        ),
        source=source,
        typed=shown,
        revision=row.revision if row is not None else 0,
        tags=tag_choices(actor.institute_id),
        elements=element_choices(actor.institute_id),
        left=named(actor.institute_id, [*shown.picked("tags"), *shown.picked("elements")]),
        exhibit=exhibits(actor.institute_id, [row.key])[row.key] if row is not None else None,
        ready=row is not None and row.ready,
        problems=saved.problems,
        meanwhile=saved.meanwhile,
    )


def make_resource(typed: Typed, kind: ResourceKind, *, actor: Actor) -> Saved:
    """Make a resource of what was typed. Without a key typed it gets one of its title, with a number where taken."""
    source = languages_here(actor.institute_id)[0]
    with transaction():
        key = key_for(typed, source, _keys(Resource, actor), otherwise=kind.value)
        draft = resource_from(typed, None, kind=kind, key=key, source=source)
        if not isinstance(draft, ResourceDraft):
            return Saved(problems=draft)
        return _tried(key, lambda: put_resource(draft, actor=actor, new=True))


def save_resource(key: str, typed: Typed, *, revision: int, actor: Actor) -> Saved:
    """Write a resource's texts and facts; its files stay. Raises NotFoundError."""
    with transaction():
        before = queries.find(actor.institute_id, key)
        if before is None:
            raise NotFoundError
        draft = resource_from(typed, before, kind=before.kind, key=key, source=before.title.source)
        if not isinstance(draft, ResourceDraft):
            return Saved(problems=draft)
        return _tried(key, lambda: put_resource(draft, actor=actor, revision=revision))


def take_upload(
    key: str, purpose: str, locale: str, name: str, data: BinaryIO | None, *, actor: Actor
) -> Upload:
    """Check and keep a file for a resource; call it outside any transaction. Raises NotFoundError."""
    row = queries.find_row(actor.institute_id, key)
    if row is None:
        raise NotFoundError
    wanted = FilePurpose.CAPTIONS if purpose == FilePurpose.CAPTIONS.value else FilePurpose.CONTENT
    if locale not in languages_here(actor.institute_id):
        return Upload(wanted, "", refusal=gettext("Choose the language of the file."))
    if data is None or not name:
        return Upload(wanted, locale, refusal=gettext("Choose a file first."))
    try:
        held = take_file(data, name=name, locale=locale, kind=row.kind, purpose=wanted)
    except (FileRefusedError, ResourceRefusedError) as error:
        return Upload(wanted, locale, refusal=error.text)
    return Upload(wanted, locale, held)


def attach_upload(key: str, upload: Upload, *, actor: Actor) -> None:
    """Put a kept file in its place. Raises NotFoundError."""
    if upload.held is not None:
        put_file(key, upload.purpose, upload.held, actor=actor)


def collection_form(
    key: str | None, *, actor: Actor, typed: Typed | None = None, saved: Saved | None = None
) -> CollectionForm:
    """Return the form of a collection, or of a new one. Raises NotFoundError."""
    page = queries.find_collection(actor.institute_id, key, all_of_it=True) if key is not None else None
    if key is not None and page is None:
        raise NotFoundError
    languages = languages_here(actor.institute_id)
    source = page.title.source if page is not None else languages[0]
    inside = {line.key for line in page.lines} if page is not None else set()
    saved = saved or Saved()
    return CollectionForm(
        key=key,
        languages=tuple(dict.fromkeys((source, *languages))),
        source=source,
        typed=typed or (typed_of_collection(page.title, page.summary) if page is not None else Typed()),
        revision=page.revision if page is not None else 0,
        page=page,
        choices=tuple(one for one in queries.choices(actor.institute_id) if one[0] not in inside),
        problems=saved.problems,
        meanwhile=saved.meanwhile,
    )


def make_collection(typed: Typed, *, actor: Actor) -> Saved:
    """Make a collection of what was typed."""
    source = languages_here(actor.institute_id)[0]
    with transaction():
        key = key_for(typed, source, _keys(Collection, actor), otherwise="collection")
        draft = collection_from(typed, None, key=key, source=source)
        if not isinstance(draft, CollectionDraft):
            return Saved(problems=draft)
        return _tried(key, lambda: put_collection(draft, actor=actor, new=True))


def save_collection(key: str, typed: Typed, *, revision: int, actor: Actor) -> Saved:
    """Write a collection's texts. Raises NotFoundError."""
    with transaction():
        before = _collection(key, actor)
        draft = collection_from(typed, before, key=key, source=before.title.source)
        if not isinstance(draft, CollectionDraft):
            return Saved(problems=draft)
        return _tried(key, lambda: put_collection(draft, actor=actor, revision=revision))


def add_to_collection(key: str, resource: str, *, actor: Actor) -> None:
    """Put a resource at the end of a collection. Raises NotFoundError."""
    with transaction():
        before = _collection(key, actor)
        _arranged(before, (*before.resources, resource), actor)


def move_in_collection(key: str, resource: str, move: str, *, actor: Actor) -> None:
    """Move a resource of a collection by one place, or take it out. Raises NotFoundError."""
    with transaction():
        before = _collection(key, actor)
        order = list(before.resources)
        if resource not in order or move not in list(Move):
            raise NotFoundError
        place = order.index(resource)
        order.pop(place)
        if move != Move.OUT:
            order.insert(max(place - 1, 0) if move == Move.UP else place + 1, resource)
        _arranged(before, tuple(order), actor)


def _arranged(before: CollectionDraft, resources: tuple[str, ...], actor: Actor) -> None:
    put_collection(CollectionDraft(before.key, before.title, before.summary, resources), actor=actor)


def _collection(key: str, actor: Actor) -> CollectionDraft:
    page = queries.find_collection(actor.institute_id, key, all_of_it=True)
    if page is None:
        raise NotFoundError
    return CollectionDraft(page.key, page.title, page.summary, tuple(line.key for line in page.lines))


def _keys(table: type[Resource] | type[Collection], actor: Actor) -> set[str]:
    return set(db.session.scalars(select(table.key).where(table.institute_id == actor.institute_id)))


def _tried(key: str, put: Callable[[], object]) -> Saved:
    """Return what became of saving. A refusal of the domain is what has to be mended."""
    try:
        put()
    except MeanwhileChangedError:
        return Saved(meanwhile=True)
    except ResourceRefusedError as error:
        return Saved(problems=((error.field, error.text),))
    return Saved(key)
