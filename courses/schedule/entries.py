"""Planned sessions as entries of calendars, in words that give nobody away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from courses.calendar.entries import Entry, Window
from courses.schedule.models import PlanState
from courses.schedule.planning import uid_of
from courses.schedule.queries import Planned, entries_for
from institute.i18n import gettext, ngettext
from institute.messages.mail import path_to

_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2,4}")


def session_entries(window: Window) -> Iterator[Entry]:
    """Yield the sessions that a person coaches or takes part in."""
    found = entries_for(
        window.person_id, institute_id=window.institute_id, since=window.since, until=window.until
    )
    for planned in found:
        leads = planned.coach_id == window.person_id
        yield Entry(
            uid=uid_of(planned.id),
            starts=planned.starts,
            ends=planned.ends,
            zone=planned.zone,
            title=title_of(planned, leads=leads),
            place=planned.place,
            path=path_to(
                "coach_schedule.detail" if leads else "participant_schedule.detail", planned_id=planned.id
            ),
            sequence=planned.sequence,
            cancelled=planned.state is PlanState.CANCELLED,
        )


def title_of(planned: Planned, *, leads: bool) -> str:
    """Return what a session is called in the coach's (``leads``) or a participant's calendar: by first names alone."""
    if leads and len(planned.members) > 1:
        return ngettext(
            "Group coaching with %(num)s person", "Group coaching with %(num)s people", len(planned.members)
        )
    other = planned.members[0].name if leads else planned.coach_name
    return gettext("Coaching session with %(name)s", name=first_name(other))


def first_name(name: str) -> str:
    """Return a name without that of the family, as far as its writing tells.

    That is its first word; of a Chinese name what follows its first sign. A neutral "Person 3" stays whole: its
    number is no name.
    """
    words = name.split()
    if len(words) == 1 and _HAN.fullmatch(name):
        return name[1:]
    return name if words and words[-1].isdigit() else (words or [""])[0]
