"""The quick reference of a module, which every area has."""

from __future__ import annotations

from courses.catalogue.renderings import Rendering
from courses.guides.papers import Paper
from tests.meta.furnishing.room import Room

FORM = {"paper": Paper.A4.value}


def furnish(room: Room) -> dict[str, object]:
    """Name a rendering that participants have too."""
    return {"rendering": Rendering.QUICK.value}
