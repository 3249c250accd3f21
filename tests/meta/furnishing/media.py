"""What the routes of media name: a recording that shows a child, with captions and a comment, and a document's page."""

from __future__ import annotations

import io

from flask import current_app

from courses.media import captioning, clips, comments, consenting, own, people, places
from courses.media.models import Clip, DocumentPage, DocumentPages, PagesState, ShownKind, Speaker
from courses.media.places import Sight
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import db, transaction
from institute.files.checking import CheckedFile
from institute.files.handing import KeptFile
from institute.files.models import StoredFile
from institute.files.storing import keep, store
from tests.courses.library.media import VTT, mp4
from tests.meta.furnishing.room import Room

FORM = {"at": "0:00", "kind": "strength", "label": "Mateo", "contact_name": "Rosa", "text": "You wait."}


def furnish(room: Room) -> dict[str, object]:
    """Add a recording in which everybody agrees, shown to the coach."""
    lucia, amina = room.actor("lucia", Role.PARTICIPANT), room.actor("amina", Role.COACH)
    film = KeptFile(CheckedFile("lesson.mp4", "video/mp4"), keep(mp4(640 + room.institute_id)))
    clip_id = clips.add("A lesson", "", clips.TakenIn(film), actor=lucia).clip_id
    assert clip_id is not None
    talk = captioning.take_captions([("talk.vtt", io.BytesIO(VTT))])
    caption_id = captioning.put_captions(clip_id, "en", talk, actor=lucia)
    person_id = people.name_person(clip_id, "Ana", ShownKind.CHILD, actor=lucia)
    sheet = consenting.AttestSheet(
        contact_name="Rosa",
        email="",
        locale="es",
        signed_on=now().date().isoformat(),
        attested=True,
        training=False,
        kept=KeptFile(CheckedFile("signed.txt", "text/plain"), keep(b"Signed")),
    )
    consenting.attest(clip_id, person_id, sheet, actor=lucia)
    people.declare(clip_id, actor=lucia)
    clips.share(clip_id, shared=True, actor=lucia)
    clip = db.session.get_one(Clip, clip_id)
    picture = store(
        b"picture", institute_id=clip.institute_id, name="p.webp", media_type="image/webp", owner_id=None
    )
    with transaction() as session:
        owner = {"file_id": clip.file_id, "institute_id": clip.institute_id}
        session.add(DocumentPages(**owner, state=PagesState.MADE, count=1))
        session.flush()
        session.add(DocumentPage(**owner, number=1, picture_id=picture, width=1, height=1))
    assert clip.file_id is not None
    file = db.session.get_one(StoredFile, clip.file_id)
    seen = Sight(file, file.name, "/coach/", speaker=Speaker.COACH, coaching=True)
    comment_id = comments.comment(seen, "You wait.", kind="strength", actor=amina, at_ms=0)
    places.provide(current_app, Role.TRAINER, own.PLACE, _beside_a_task)
    return {
        "clip_id": clip_id,
        "media_caption_id": caption_id,
        "media_person_id": person_id,
        "media_place": "clip",
        "media_key": clip_id,
        "media_file_id": clip.file_id,
        "media_page": 1,
        "media_comment_id": comment_id,
    }


def _beside_a_task(actor: Actor, key: int, file_id: int) -> Sight | None:
    """Show trainers the same recording, as a room with tasks does."""
    clip = db.session.get(Clip, key)
    if clip is None or clip.institute_id != actor.institute_id or clip.file_id != file_id:
        return None
    file = db.session.get_one(StoredFile, file_id)
    return Sight(file, "video-1.mp4", "/trainer/", speaker=Speaker.RATER, task_id=key)
