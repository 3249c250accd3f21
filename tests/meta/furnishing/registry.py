"""A tag of the institute's own, and a packet that was made."""

from __future__ import annotations

from sqlalchemy import select

from certificates.awards.models import Award
from certificates.registry.models import Packet, RegistryPublicity, Tag, TagKind
from institute.clock import now
from institute.db import transaction
from institute.files import storing
from tests.meta.furnishing.room import Room

FORM = {"public": "1", "tag_name": "Donor fund", "put": "qris", "seen_list": "what was looked at"}


def furnish(room: Room) -> dict[str, object]:
    """Let the registry be public, with a tag, and a packet for an auditor of the certificate that was issued."""
    file = storing.keep(b"%PDF-1.7 a packet")
    with transaction() as session:
        award_id = session.scalars(select(Award.id).where(Award.institute_id == room.institute_id)).first()
        session.add(RegistryPublicity(institute_id=room.institute_id, public=True))
        tag = Tag(institute_id=room.institute_id, kind=TagKind.OWN, name="County", folded="county")
        file_id = storing.record(
            file,
            institute_id=room.institute_id,
            name="packet.pdf",
            media_type="application/pdf",
            owner_id=None,
        )
        packet = Packet(
            institute_id=room.institute_id,
            award_id=award_id,
            locale="en",
            done=100,
            file_id=file_id,
            sha256=file.sha256,
            made_at=now(),
        )
        session.add_all([tag, packet])
        session.flush()
        return {"award_tag_id": tag.id, "packet_id": packet.id}
