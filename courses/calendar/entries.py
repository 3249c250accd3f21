"""What stands in a person's calendar: each room tells what it knows, pages and the feed show it together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a beginning and an end that a person takes part in.

    ``uid`` is stable and the same for everybody, such as ``session-3``; ``sequence`` grows by one with each change
    that matters to a calendar. ``starts`` and ``ends`` are aware, ``zone`` is the IANA zone on whose clock it was
    agreed. ``title`` names nobody by more than a first name, and holds no note. ``place`` is a room or an address to
    join at. ``path`` is the page behind a session's prefix (``mail.path_to``), empty where there is none.
    """

    uid: str
    starts: datetime
    ends: datetime
    zone: str
    title: str
    place: str = ""
    path: str = ""
    sequence: int = 0
    cancelled: bool = False

    @property
    def day(self) -> date:
        """The day on which it begins, on its own clock."""
        return self.starts.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Window:
    """Whose entries are asked for, and which: those that touch the time from ``since`` to ``until`` (aware)."""

    institute_id: InstituteId
    person_id: PersonId
    since: datetime
    until: datetime


FindEntries = Callable[[Window], Iterable[Entry]]


def init_app(app: Flask) -> None:
    """Give the application an empty list of finders."""
    app.extensions["calendar"] = []


def provide(app: Flask, find: FindEntries) -> None:
    """Let ``find`` tell a person's entries, in the language that is spoken at the moment."""
    cast("list[FindEntries]", app.extensions["calendar"]).append(find)


def entries_of(window: Window) -> list[Entry]:
    """Return what every room knows of a person's time, the earliest first, cancelled entries included."""
    finders = cast("list[FindEntries]", current_app.extensions["calendar"])
    found = [entry for find in finders for entry in find(window)]
    return sorted(found, key=lambda entry: (entry.starts, entry.uid))
