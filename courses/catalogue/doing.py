"""How an activity is done: a tick, or something to read, write, answer or hand in first."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from courses.catalogue.models import ActivityKind


class Way(StrEnum):
    """What a participant does before an activity is done."""

    TICK = "tick"
    NOTE = "note"
    """A tick, with a note of one's own where one wants it."""
    READ = "read"
    """A material to open, and a tick."""
    ATTEND = "attend"
    """Ticked when a session about the segment is confirmed."""
    ACKNOWLEDGE = "acknowledge"
    WRITE = "write"
    DOCUMENT = "document"
    ASSESS = "assess"
    UPLOAD = "upload"

    @property
    def has_page(self) -> bool:
        """Whether there is more to it than a tick."""
        return self in WITH_A_PAGE

    @property
    def done_there(self) -> bool:
        """Whether it is done on its page alone, where there is something to read, write or hand in first."""
        return self in DONE_ON_ITS_PAGE


DONE_ON_ITS_PAGE: Final = frozenset({Way.ACKNOWLEDGE, Way.WRITE, Way.DOCUMENT, Way.ASSESS, Way.UPLOAD})
WITH_A_PAGE: Final = DONE_ON_ITS_PAGE | {Way.NOTE, Way.READ}


def way_of(kind: ActivityKind, *, prompt: bool, material: bool, instrument: bool) -> Way:
    """Return how an activity of this kind is done that has a prompt, a material or an instrument.

    Without what its kind needs it stays a tick. An upload needs nothing.
    """
    needs: dict[ActivityKind, tuple[bool, Way]] = {
        ActivityKind.READING: (material, Way.READ),
        ActivityKind.WATCHING: (material, Way.READ),
        ActivityKind.ACKNOWLEDGEMENT: (material, Way.ACKNOWLEDGE),
        ActivityKind.REFLECTION: (prompt, Way.WRITE),
        ActivityKind.ASSESSMENT: (instrument, Way.ASSESS),
        ActivityKind.DOCUMENT: (material, Way.DOCUMENT),
        ActivityKind.UPLOAD: (True, Way.UPLOAD),
        ActivityKind.ATTEND: (True, Way.ATTEND),
        ActivityKind.PRACTICE: (True, Way.NOTE),
        ActivityKind.PREPARATION: (True, Way.NOTE),
    }
    has, way = needs[kind]
    return way if has else Way.TICK
