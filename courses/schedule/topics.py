"""What people choose about: planned sessions, and reminders of what is theirs to do."""

from __future__ import annotations

from typing import Final

from institute.i18n import lazy_gettext
from institute.messages.topics import Topic

SESSIONS: Final = Topic(
    "sessions",
    10,
    lazy_gettext("Planned sessions"),
    lazy_gettext("A session was planned, or somebody asks for another time."),
)
REMINDERS: Final = Topic(
    "reminders",
    20,
    lazy_gettext("Reminders"),
    lazy_gettext("A session tomorrow, a log to write, a session to confirm, a month that falls short."),
)
