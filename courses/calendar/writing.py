"""Writing a calendar (RFC 5545): entries and their zones, folded into lines of 75 octets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from courses.calendar.entries import Entry
from courses.calendar.zones import zone_lines

LINE: Final = 75
REFRESH: Final = timedelta(hours=4)
PRODUCT: Final = "-//Coaching institute//Calendar//EN"


def write_calendar(entries: Sequence[Entry], *, name: str, host: str, at: datetime) -> bytes:
    """Return the calendar of ``entries`` as bytes of UTF-8.

    ``host`` makes the ids of the entries unique in the world, ``at`` is the instant that it was written for.
    Cancelled entries stay in it, so that a calendar that has them strikes them out.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{REFRESH // timedelta(hours=1)}H",
        f"X-PUBLISHED-TTL:PT{REFRESH // timedelta(hours=1)}H",
    ]
    for zone in sorted({entry.zone for entry in entries if entry.zone != "UTC"}):
        here = [entry for entry in entries if entry.zone == zone]
        first, last = min(entry.starts for entry in here), max(entry.ends for entry in here)
        lines += zone_lines(zone, first, last)
    for entry in entries:
        lines += _event(entry, host, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(entry: Entry, host: str, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}@{host}"
    yield f"DTSTAMP:{_instant(at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield from (f"DTSTART{_local(entry.starts, entry.zone)}", f"DTEND{_local(entry.ends, entry.zone)}")
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.place:
        yield f"LOCATION:{_text(entry.place)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if entry.cancelled else 'OPAQUE'}"
    yield "END:VEVENT"


def _local(instant: datetime, zone: str) -> str:
    """Return an instant as a property's value on the clock of its zone.

    In the hour that clocks show twice, a local time is read as its first one: the second is written in UTC.
    """
    local = instant.astimezone(ZoneInfo(zone))
    if zone == "UTC" or local.fold:
        return f":{_instant(instant)}"
    return f";TZID={zone}:{local:%Y%m%dT%H%M%S}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Return a text with what has a meaning in a calendar escaped, in one line, without control characters."""
    plain = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in text)
    kept = "".join(one for one in plain if unicodedata.category(one) != "Cs")
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").strip()


def _folded(line: str) -> Iterable[str]:
    """Yield a line in parts of at most 75 octets, those after the first one begun with a space, no letter cut."""
    part = ""
    size = 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LINE:
            yield part
            part, size = " ", 1
        part += letter
        size += width
    yield part
