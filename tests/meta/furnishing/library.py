"""What the library's routes name: a recording with captions, and a collection of it."""

from __future__ import annotations

from sqlalchemy import select

from courses.library.drafts import CollectionDraft, ResourceDraft
from courses.library.keeping import put_collection, put_resource
from courses.library.models import FilePurpose, Resource, ResourceFile, ResourceKind
from courses.library.taking import take_file
from institute.actors import Role
from institute.db import db
from institute.i18n import Localised
from tests.courses.library import media
from tests.meta.furnishing.room import Room

FORM = {"title-en": "A first session", "kind": "video", "resource": "nothing", "move": "up:nothing"}


def furnish(room: Room) -> dict[str, object]:
    """Put a recording into the library, under keys that no other institute has."""
    actor = room.actor("grace", Role.AUTHOR)
    resource, collection = f"session-{room.institute_id}", f"course-{room.institute_id}"
    kind = ResourceKind.VIDEO
    film, captions = (
        take_file(data, name=name, locale="en", kind=kind, purpose=purpose)
        for data, name, purpose in (
            (media.mp4(), "session.mp4", FilePurpose.CONTENT),
            (media.VTT, "session.vtt", FilePurpose.CAPTIONS),
        )
    )
    title = Localised.of({"en": "A first session"})
    put_resource(ResourceDraft(resource, kind, title, files=(film,), captions=(captions,)), actor=actor)
    put_collection(CollectionDraft(collection, title, resources=(resource,)), actor=actor)
    found = db.session.scalars(
        select(ResourceFile.id)
        .join(Resource, Resource.id == ResourceFile.resource_id)
        .where(Resource.key == resource, ResourceFile.purpose == FilePurpose.CAPTIONS)
    ).one()
    return {"resource_key": resource, "collection_key": collection, "resource_file_id": found}
