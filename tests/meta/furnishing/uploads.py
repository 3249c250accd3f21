"""What the addresses of uploads name: a file of the first participant that has begun to arrive."""

from __future__ import annotations

from institute.actors import Actor
from institute.files.uploads.beginning import begin
from institute.files.uploads.offers import Offer
from tests.meta.furnishing.room import Room


def furnish(room: Room) -> dict[str, object]:
    """Begin an upload."""
    lucia = Actor(institute_id=room.institute_id, person_id=room.people["lucia"])
    return {"upload_id": begin(name="notes.txt", length=10, offer=Offer(), actor=lucia)}
