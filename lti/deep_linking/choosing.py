"""What somebody chose, as the picker's form says it; the same fields in an address keep it between two pages."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from institute.i18n import gettext
from lti.deep_linking.asking import Asked

MOST: Final = 2000
LONGEST_QUERY: Final = 100
LONGEST_FIELD: Final = 40
CODE_BYTES: Final = 6
FIRST_YEAR: Final = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """What was ticked (codes of targets), decided and typed; nothing of it is believed yet.

    ``grades``: what is sent, by code. ``where``: how links open, empty for the platform's way. ``opens`` and ``due``
    are days as they were typed. ``query`` and ``kind`` narrow down what is shown, ``every`` ticks all of that.
    """

    codes: frozenset[str] = frozenset()
    grades: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    opens: str = ""
    due: str = ""
    query: str = ""
    kind: str = ""
    every: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """When links open and when work is due: instants, or None where nothing was typed."""

    opens: datetime | None
    due: datetime | None


def read_choice(given: MultiDict[str, str]) -> Choice:
    """Return what a form or an address says. Names that begin with ``_`` are picked, the others typed."""
    decided = (one.partition(".") for one in given.getlist("_g")[:MOST] if len(one) <= LONGEST_FIELD)
    return Choice(
        codes=frozenset(given.getlist("_i")[:MOST]),
        grades={code: kind for code, _, kind in decided if kind},
        where=given.get("_where", "")[:LONGEST_FIELD],
        opens=given.get("opens", "").strip()[:LONGEST_FIELD],
        due=given.get("due", "").strip()[:LONGEST_FIELD],
        query=" ".join(given.get("q", "").split())[:LONGEST_QUERY],
        kind=given.get("_kind", "")[:LONGEST_FIELD],
        every="every" in given,
    )


def code_of(target: str) -> str:
    """Return a short name for a target: hundreds of them fit into one address."""
    digest = hashlib.sha256(target.encode()).digest()
    return base64.urlsafe_b64encode(digest[:CODE_BYTES]).decode()


def read_days(choice: Choice, asked: Asked) -> tuple[Days, Sequence[tuple[str, str]]]:
    """Return the days as instants in the cohort's zone, and what is wrong with them, as (field, sentence).

    Links open when the first day begins, and work is due when the last one ends.
    """
    zone = asked.zone or ZoneInfo("UTC")
    wrong: list[tuple[str, str]] = []
    found: dict[str, date | None] = {}
    for name, typed in (("opens", choice.opens), ("due", choice.due)):
        found[name] = _day(typed)
        if typed and found[name] is None:
            wrong.append((name, gettext("Write the day as year, month and day, such as 2026-11-30.")))
    opens, due = found["opens"], found["due"]
    if opens and due and due < opens:
        wrong.append(("due", gettext("This day is before the one on which the links open.")))
    return Days(
        _instant(opens, time.min, zone) if opens else None,
        _instant(due, time(23, 59, 59), zone) if due else None,
    ), wrong


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < MAXYEAR else None


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
