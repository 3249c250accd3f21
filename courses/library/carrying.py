"""Resources carried from one institute to another: with their bytes, checked again where they arrive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import undefer

from courses.library.checking import is_key
from courses.library.drafts import HeldFile, ResourceDraft
from courses.library.errors import FileNotHeldError
from courses.library.keeping import put_resource
from courses.library.models import FilePurpose, Resource, ResourceId
from courses.library.reading import draft_of
from courses.library.taking import take_file
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.files.naming import safe_name
from institute.files.storage import current_storage


@dataclass(frozen=True, slots=True)
class CarriedResource:
    """A resource and the bytes of its files by their SHA-256."""

    draft: ResourceDraft
    contents: Mapping[str, bytes]


def take(institute_id: InstituteId, keys: Iterable[str]) -> tuple[CarriedResource, ...]:
    """Return the resources of these keys with their bytes, archived ones too, in the order of the keys.

    Keys that name nothing are left out. Raises FileNotFoundError where the storage is not whole.
    """
    wanted = [key for key in dict.fromkeys(keys) if is_key(key)]
    rows = db.session.scalars(
        select(Resource)
        .where(Resource.institute_id == institute_id, Resource.key.in_(wanted))
        .options(undefer(Resource.body))
    )
    drafts = {row.key: draft_of(row) for row in rows}
    return tuple(CarriedResource(drafts[key], _contents(drafts[key])) for key in wanted if key in drafts)


def prepare(carried: Iterable[CarriedResource]) -> tuple[ResourceDraft, ...]:
    """Check and keep the bytes of carried resources, and return what ``put`` takes. Call it outside any transaction.

    A file is taken for what it holds, not for what the package says. Raises FileNotHeldError for one whose bytes did
    not come or are others, and what ``taking.take_file`` raises.
    """
    return tuple(
        one.draft.holding(FilePurpose.CONTENT, _kept(one, FilePurpose.CONTENT)).holding(
            FilePurpose.CAPTIONS, _kept(one, FilePurpose.CAPTIONS)
        )
        for one in carried
    )


def put(drafts: Iterable[ResourceDraft], *, actor: Actor) -> tuple[ResourceId, ...]:
    """Make or bring up to date prepared resources in one transaction. Raises ResourceRefusedError."""
    with transaction():
        return tuple(put_resource(draft, actor=actor) for draft in drafts)


def _contents(draft: ResourceDraft) -> dict[str, bytes]:
    found = {}
    for file in (*draft.files, *draft.captions):
        with current_storage().open(file.sha256) as data:
            found[file.sha256] = data.read()
    return found


def _kept(carried: CarriedResource, purpose: FilePurpose) -> tuple[HeldFile, ...]:
    kept = []
    for file in carried.draft.held(purpose):
        data = carried.contents.get(file.sha256)
        if data is None or hashlib.sha256(data).hexdigest() != file.sha256:
            raise FileNotHeldError(file=f"\u2068{safe_name(file.name)}\u2069")
        kept.append(
            take_file(data, name=file.name, locale=file.locale, kind=carried.draft.kind, purpose=purpose)
        )
    return tuple(kept)
