"""The month that runs: every institute has the same."""

from __future__ import annotations

from institute.clock import now
from tests.meta.furnishing.room import Room

FORM = {"seen": "what was looked at"}


def furnish(_room: Room) -> dict[str, object]:
    """Name a month."""
    return {"month": f"{now():%Y-%m}"}
