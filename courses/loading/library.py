"""An institute's resources, which its programmes' folders carry, and collections.toml, which puts them together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from courses.library.drafts import CollectionDraft, ResourceDraft
from courses.library.keeping import put_collection, put_resource
from courses.library.models import Collection, Resource
from courses.loading.tables import Table, UnknownNameError, read_table
from institute.actors import Actor
from institute.db import db

FILE = "collections.toml"


def put_resources(drafts: Iterable[ResourceDraft], *, actor: Actor) -> None:
    """Make the resources or bring them up to date; those that an author changed since stay as they are.

    The bytes of their files were kept before. Raises ResourceRefusedError.
    """
    own = select(Resource.key).where(
        Resource.institute_id == actor.institute_id, Resource.updated_by.is_not(None)
    )
    touched = set(db.session.scalars(own))
    for draft in drafts:
        if draft.key not in touched:
            put_resource(draft, actor=actor)


def load_collections(folder: Path, *, source: str, actor: Actor) -> None:
    """Make the collections of a folder that are not there yet; what authors made of the others stays.

    Raises FolderError for what cannot be used.
    """
    path = folder / FILE
    if not path.is_file():
        return
    table = read_table(path, folder=folder, source=source)
    there = set(
        db.session.scalars(select(Collection.key).where(Collection.institute_id == actor.institute_id))
    )
    known = set(db.session.scalars(select(Resource.key).where(Resource.institute_id == actor.institute_id)))
    for entry in table.tables("collection"):
        draft = _collection(entry, known)
        if draft.key not in there:
            put_collection(draft, actor=actor)
    table.finish()


def _collection(entry: Table, known: set[str]) -> CollectionDraft:
    draft = CollectionDraft(
        key=entry.slug("key"),
        title=entry.localised("title"),
        summary=entry.optional_localised("summary"),
        resources=tuple(entry.names("resources")),
    )
    entry.finish()
    for name in draft.resources:
        if name not in known:
            raise UnknownNameError(file=entry.file, key=entry.key("resources"), name=name)
    return draft
