"""The code on the wall: another one each minute, and what somebody who scanned it takes along for half an hour.

Neither is stored: both are made of the tool's secret, so that nobody can foresee or forge one.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

from courses.meetings.models import MeetingId
from institute.actors import PersonId
from institute.config import current_settings

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 6
MINUTE: Final = 60
EARLY: Final = timedelta(minutes=30)
PASS_FOR: Final = timedelta(minutes=30)
DIGITS: Final = 12


def code_at(meeting_id: MeetingId, at: datetime) -> str:
    """Return the code that is shown in the minute of ``at``."""
    return _code(meeting_id, int(at.timestamp()) // MINUTE)


def accepts(meeting_id: MeetingId, typed: str, at: datetime) -> bool:
    """Tell whether ``typed`` is the code of this minute or of the one before: typing takes a while."""
    plain = "".join(letter for letter in typed[:40].upper() if letter in ALPHABET)
    minute = int(at.timestamp()) // MINUTE
    return any(hmac.compare_digest(plain, _code(meeting_id, one)) for one in (minute, minute - 1))


def is_open(starts: datetime, ends: datetime, at: datetime) -> bool:
    """Tell whether one may sign in: from half an hour before the start until the end."""
    return starts - EARLY <= at <= ends


def make_pass(meeting_id: MeetingId, person_id: PersonId, at: datetime) -> str:
    """Return what proves that the code was scanned at ``at`` for a person, to be mailed to that person alone."""
    second = int(at.timestamp())
    return f"{second}-{_mark(meeting_id, person_id, second)}"


def read_pass(meeting_id: MeetingId, person_id: PersonId, text: str) -> datetime | None:
    """Return when the code was scanned, or None for a pass that is another person's, another meeting's, or none."""
    second, _, mark = text.partition("-")
    if not (second.isascii() and second.isdigit() and len(second) <= DIGITS):
        return None
    genuine = hmac.compare_digest(mark.encode(), _mark(meeting_id, person_id, int(second)).encode())
    return datetime.fromtimestamp(int(second), UTC) if genuine else None


def is_fresh(scanned: datetime, at: datetime) -> bool:
    """Tell whether a pass still works."""
    return timedelta() <= at - scanned <= PASS_FOR


def spaced(code: str) -> str:
    """Return a code in two halves, easier to read from a wall."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"


def _code(meeting_id: MeetingId, minute: int) -> str:
    drawn = _digest(f"meeting-code:{meeting_id}:{minute}")
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn[:LENGTH])


def _mark(meeting_id: MeetingId, person_id: PersonId, second: int) -> str:
    return _digest(f"meeting-pass:{meeting_id}:{person_id}:{second}").hex()[:32]


def _digest(about: str) -> bytes:
    return hmac.new(current_settings().secret_key.encode(), about.encode(), hashlib.sha256).digest()
