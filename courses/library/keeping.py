"""Keeping resources and collections: made or brought up to date by their keys, archived and brought back."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.library.checking import check_collection, check_resource, is_key, is_ready, languages_of, tidied
from courses.library.drafts import CollectionDraft, HeldFile, ResourceDraft
from courses.library.errors import KeyMalformedError, KeyTakenError, KindFixedError, MeanwhileChangedError
from courses.library.models import (
    Collection,
    CollectionId,
    CollectionItem,
    FilePurpose,
    LabelKind,
    Resource,
    ResourceFile,
    ResourceId,
    ResourceLabel,
    ResourceLanguage,
    ResourceWords,
)
from courses.library.reading import draft_of
from courses.library.words import words_of
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.files.storage import Blob
from institute.files.storing import forget, record


def put_resource(
    draft: ResourceDraft, *, actor: Actor, revision: int | None = None, new: bool = False
) -> ResourceId:
    """Make the resource of that key in the actor's institute, or bring it up to date; return its id.

    The bytes of its files were kept before. With ``new`` the key must be free. ``revision`` is the one that the page
    was made with, None where it does not matter. A draft that changes nothing leaves no trace. An archived resource
    stays archived. Raises ResourceRefusedError, MeanwhileChangedError.
    """
    with transaction() as session:
        draft = tidied(draft)
        check_resource(draft)
        row = find_resource(session, draft.key, actor)
        if row is not None and new:
            raise KeyTakenError(key=draft.key)
        if row is None:
            row = Resource(institute_id=actor.institute_id, key=draft.key, kind=draft.kind, revision=0)
            session.add(row)
        else:
            if row.kind is not draft.kind:
                raise KindFixedError
            if revision is not None and revision != row.revision:
                raise MeanwhileChangedError
            if draft_of(row) == draft:
                return row.id
        _write(row, draft, actor)
        session.flush()
        _put_files(session, row, draft, actor)
        session.flush()
        audit.record(
            "resource.saved",
            actor=actor,
            subject=("resource", row.id),
            details={
                "key": row.key,
                "revision": row.revision,
                "version": row.version,
                "files": sorted(file.sha256 for file in (*draft.files, *draft.captions)),
            },
        )
        return row.id


def put_file(key: str, purpose: FilePurpose, file: HeldFile, *, actor: Actor) -> None:
    """Give a resource a file in one language, in place of the one it had.

    Raises NotFoundError, ResourceRefusedError.
    """
    with transaction() as session:
        draft = draft_of(known_resource(session, key, actor))
        others = tuple(one for one in draft.held(purpose) if one.locale != file.locale)
        put_resource(draft.holding(purpose, (*others, file)), actor=actor)


def drop_file(key: str, file_id: int, *, actor: Actor) -> None:
    """Take a file out of a resource. Raises NotFoundError."""
    with transaction() as session:
        row = known_resource(session, key, actor)
        gone = next((file for file in row.files if file.id == file_id), None)
        if gone is None:
            raise NotFoundError
        draft = draft_of(row)
        kept = tuple(one for one in draft.held(gone.purpose) if one.locale != gone.locale)
        put_resource(draft.holding(gone.purpose, kept), actor=actor)


def archive_resource(key: str, *, actor: Actor) -> None:
    """Let nobody find a resource any more; what is published and names it still shows it. Raises NotFoundError."""
    with transaction() as session:
        row = known_resource(session, key, actor)
        if row.archived_at is None:
            row.archived_at = now()
            audit.record("resource.archived", actor=actor, subject=("resource", row.id))


def restore_resource(key: str, *, actor: Actor) -> None:
    """Let an archived resource be found again. Raises NotFoundError."""
    with transaction() as session:
        row = known_resource(session, key, actor)
        if row.archived_at is not None:
            row.archived_at = None
            audit.record("resource.restored", actor=actor, subject=("resource", row.id))


def put_collection(
    draft: CollectionDraft, *, actor: Actor, revision: int | None = None, new: bool = False
) -> CollectionId:
    """Make the collection of that key, or bring it up to date; one that was removed comes back. Return its id.

    Raises ResourceRefusedError, MeanwhileChangedError, NotFoundError for a resource that is not there.
    """
    with transaction() as session:
        check_collection(draft)
        row = _find_collection(session, draft.key, actor)
        if row is not None and new:
            raise KeyTakenError(key=draft.key)
        if row is None:
            row = Collection(institute_id=actor.institute_id, key=draft.key, revision=0)
            session.add(row)
        elif revision is not None and revision != row.revision:
            raise MeanwhileChangedError
        row.title, row.summary, row.removed_at = draft.title, draft.summary, None
        row.revision += 1
        row.items = []
        session.flush()
        members = _known_ids(session, draft.resources, actor)
        row.items = [
            CollectionItem(
                institute_id=row.institute_id, collection_id=row.id, resource_id=member, position=position
            )
            for position, member in enumerate(members.values(), start=1)
        ]
        session.flush()
        audit.record(
            "collection.saved",
            actor=actor,
            subject=("collection", row.id),
            details={"key": row.key, "revision": row.revision, "resources": list(members)},
        )
        return row.id


def remove_collection(key: str, *, actor: Actor) -> None:
    """Take a collection away; its resources stay. Raises NotFoundError."""
    with transaction() as session:
        row = _find_collection(session, key, actor)
        if row is None or row.removed_at is not None:
            raise NotFoundError
        row.removed_at = now()
        audit.record("collection.removed", actor=actor, subject=("collection", row.id))


def find_resource(session: Session, key: str, actor: Actor) -> Resource | None:
    """Return the row of a resource of the actor's institute, locked where the database can, or None.

    Raises KeyMalformedError for a key that none can have.
    """
    if not is_key(key):
        raise KeyMalformedError
    query = select(Resource).where(Resource.institute_id == actor.institute_id, Resource.key == key)
    return session.scalar(query.with_for_update())


def known_resource(session: Session, key: str, actor: Actor) -> Resource:
    """Return the row of a resource of the actor's institute. Raises NotFoundError."""
    row = find_resource(session, key, actor) if is_key(key) else None
    if row is None:
        raise NotFoundError
    return row


def _known_ids(session: Session, keys: Iterable[str], actor: Actor) -> dict[str, ResourceId]:
    """Return the ids of resources of the actor's institute by their keys, in that order. Raises NotFoundError."""
    wanted = list(dict.fromkeys(keys))
    if not all(map(is_key, wanted)):
        raise NotFoundError
    query = select(Resource.key, Resource.id).where(
        Resource.institute_id == actor.institute_id, Resource.key.in_(wanted)
    )
    found = dict(session.execute(query).all())
    if len(found) < len(wanted):
        raise NotFoundError
    return {key: found[key] for key in wanted}


def _find_collection(session: Session, key: str, actor: Actor) -> Collection | None:
    if not is_key(key):
        return None
    query = select(Collection).where(Collection.institute_id == actor.institute_id, Collection.key == key)
    return session.scalar(query.with_for_update())


def _write(row: Resource, draft: ResourceDraft, actor: Actor) -> None:
    """Bring everything up to date but the files."""
    row.title, row.summary, row.body, row.alt = draft.title, draft.summary, draft.body, draft.alt
    row.url, row.licence, row.licence_url = draft.url, draft.licence, draft.licence_url
    row.version, row.source = draft.version, draft.source
    row.ready = is_ready(draft)
    row.revision += 1
    row.updated_at, row.updated_by = now(), actor.person_id
    there = {one.locale: one for one in row.languages}
    row.languages = [there.get(locale) or ResourceLanguage(locale=locale) for locale in languages_of(draft)]
    for language in row.languages:
        language.given = language.locale in draft.languages
    labels = [(LabelKind.TAG, label) for label in draft.tags]
    labels += [(LabelKind.ELEMENT, label) for label in draft.elements]
    known = {(one.kind, one.label): one for one in row.labels}
    row.labels = [known.get(label) or ResourceLabel(kind=label[0], label=label[1]) for label in labels]
    for position, one in enumerate(row.labels, start=1):
        one.position = position
    by_locale = {one.locale: one for one in row.words}
    found = words_of(draft)
    row.words = [by_locale.get(words.locale) or ResourceWords(locale=words.locale) for words in found]
    for kept, words in zip(row.words, found, strict=True):
        kept.is_source, kept.title, kept.words = words.is_source, words.title, words.words


def _put_files(session: Session, row: Resource, draft: ResourceDraft, actor: Actor) -> None:
    """Bring the rows of the files up to date. The row of a language stays, whatever file it refers to."""
    there = {(file.purpose, file.locale): file for file in row.files}
    wanted = {(purpose, held.locale): held for purpose in FilePurpose for held in draft.held(purpose)}
    former = []
    for place, file in there.items():
        if place not in wanted:
            former.append(file.file_id)
            row.files.remove(file)
    for (purpose, locale), held in wanted.items():
        placed = there.get((purpose, locale))
        if placed is not None and (placed.stored.sha256, placed.stored.name) == (held.sha256, held.name):
            continue
        file_id = record(
            Blob(held.sha256, held.size),
            institute_id=row.institute_id,
            name=held.name,
            media_type=held.media_type,
            owner_id=actor.person_id,
        )
        if placed is None:
            placed = ResourceFile(purpose=purpose, locale=locale, institute_id=row.institute_id)
            row.files.append(placed)
        else:
            former.append(placed.file_id)
        placed.file_id, placed.width, placed.height = file_id, held.width, held.height
    session.flush()
    session.expire(row, ["files"])
    for file_id in former:
        forget(file_id, institute_id=row.institute_id)
