"""A file of Grace's that waits for her word: one session of Lucía with Amina."""

from __future__ import annotations

import io
from datetime import timedelta

from courses.exchange.batches import await_word, take_in
from courses.exchange.formats import Formats
from courses.exchange.models import Subject
from institute.actors import Role
from institute.clock import now
from tests.courses.exchange.conftest import paper, row
from tests.meta.furnishing.room import Room

FORM = {
    "dates": "iso",
    "times": "24",
    "delimiter": "comma",
    "zone": "cohort",
    "attested": "1",
    "which": "all",
}


def furnish(room: Room) -> dict[str, object]:
    """Hand a file in."""
    day = (now() - timedelta(days=3)).date().isoformat()
    data = paper(row(1, participant="lucia", coach="amina", date=day))
    actor = room.actor("grace", Role.ADMINISTRATOR)
    handed = take_in(Subject.SESSIONS, io.BytesIO(data), "old.csv", Formats().declared(), actor=actor)
    assert handed.outcome is not None
    assert handed.blob is not None, [fault.error.text for fault in handed.outcome.faults]
    return {"batch_id": await_word(handed, Subject.SESSIONS, actor=actor)}
