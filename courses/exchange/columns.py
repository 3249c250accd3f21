"""The columns of the files that are brought in: which must be there, and what each says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from courses.exchange.models import Subject
from institute.i18n import LazyText, lazy_gettext


@dataclass(frozen=True, slots=True)
class InColumn:
    """A column of a file: its name, what stands in it, an example, and whether every row needs it."""

    name: str
    words: LazyText
    example: str
    needed: bool = False


_EXTERNAL_ID: Final = InColumn(
    "external_id",
    lazy_gettext("A number or name of your own for the row, another one for each. A row is brought in once."),
    "log-0001",
    needed=True,
)
_COHORT: Final = InColumn(
    "cohort",
    lazy_gettext("The cohort’s short name; only needed for people who are in several."),
    "2026-autumn",
)

SESSIONS: Final = (
    _EXTERNAL_ID,
    InColumn("participant", lazy_gettext("E-mail address or key."), "lucia@example.test", needed=True),
    InColumn("coach", lazy_gettext("E-mail address or key."), "amina@example.test", needed=True),
    _COHORT,
    InColumn("date", lazy_gettext("The day on which it began."), "2026-10-13", needed=True),
    InColumn("begins", lazy_gettext("The time on the clock."), "15:30", needed=True),
    InColumn("ends", lazy_gettext("The time on the clock."), "16:45", needed=True),
    InColumn("next_day", lazy_gettext("“yes” where it ended on the day after."), ""),
    InColumn(
        "begins_side",
        lazy_gettext("“first” or “second” where the clocks went back and the time was there twice."),
        "",
    ),
    InColumn("ends_side", lazy_gettext("The same for the end."), ""),
    InColumn("break_minutes", lazy_gettext("Whole minutes that were no coaching."), ""),
    InColumn("mode", "in_person, video, phone, asynchronous", "video", needed=True),
    InColumn(
        "kind",
        "one_to_one, group, observation, job_shadow, mentoring, supervision, contact",
        "one_to_one",
        needed=True,
    ),
    InColumn(
        "attended_minutes",
        lazy_gettext(
            "Of a group session, the minutes that this person was there; empty for all of it. Each person has a row, "
            "with the same coach and times."
        ),
        "",
    ),
    InColumn("segment", lazy_gettext("The segment that it was about: module/segment."), ""),
    InColumn("goals", lazy_gettext("What it worked towards."), ""),
    InColumn("practices", lazy_gettext("Terms of your vocabulary, separated by blanks."), ""),
    InColumn("funding", lazy_gettext("A term of your vocabulary."), ""),
    InColumn("notes", lazy_gettext("What both may read."), ""),
    InColumn("next_steps", lazy_gettext("What was agreed for the next time."), ""),
    InColumn("long_reason", lazy_gettext("Why there were more than eight hours on one day."), ""),
)

ATTENDANCE: Final = (
    _EXTERNAL_ID,
    InColumn("meeting", lazy_gettext("The meeting’s key."), "coaches-2026-10", needed=True),
    InColumn("person", lazy_gettext("E-mail address or key."), "lucia@example.test", needed=True),
    InColumn(
        "minutes",
        lazy_gettext("Whole minutes that the person was there; 0 for an absence."),
        "150",
        needed=True,
    ),
)

COLUMNS: Final = {Subject.SESSIONS: SESSIONS, Subject.ATTENDANCE: ATTENDANCE}


def needed_columns(subject: Subject) -> tuple[str, ...]:
    """Return the names of the columns that every file has."""
    return tuple(column.name for column in COLUMNS[subject] if column.needed)


def known_columns(subject: Subject) -> tuple[str, ...]:
    """Return the names of all columns that a file may have."""
    return tuple(column.name for column in COLUMNS[subject])
