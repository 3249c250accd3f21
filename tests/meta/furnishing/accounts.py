"""Two rows of one person, and a code that waits for its owner."""

from __future__ import annotations

from institute.people.linking import link_people
from tests.meta.furnishing.room import Room


def furnish(room: Room) -> dict[str, object]:
    """Make Mei-Ling and Marisol one person; nobody shows a code."""
    link = link_people(room.people["meiling"], room.people["marisol"], actor=room.actor("ruth"))
    return {"person_link_id": link, "account_code_id": 1}
