"""What hangs on the wall while people come in: a QR code and the same code to type, new each minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import segno
from markupsafe import Markup
from sqlalchemy import func, select

from courses.meetings.audience import find_led
from courses.meetings.codes import MINUTE, code_at, is_open, spaced
from courses.meetings.models import Meeting, MeetingAttendance, MeetingId, Presence
from courses.meetings.wording import title_of
from institute.actors import Actor
from institute.clock import now
from institute.config import current_settings
from institute.db import db

AFTER: Final = 1


@dataclass(frozen=True, slots=True)
class WallPage:
    """A meeting's code as it is now. ``drawing`` is the QR code as SVG, ``seconds`` until the next one."""

    meeting: Meeting
    title: str
    open: bool
    code: str
    address: str
    drawing: Markup
    seconds: int
    present: int
    at: datetime


def wall_page(meeting_id: MeetingId, *, actor: Actor) -> WallPage:
    """Return the code of a meeting that the actor leads. Raises NotFoundError."""
    meeting = find_led(meeting_id, actor=actor, session=db.session())
    at = now()
    code = code_at(meeting.id, at)
    address = f"{current_settings().public_url}/meetings/{meeting.id}/{code}"
    return WallPage(
        meeting=meeting,
        title=title_of(meeting),
        open=meeting.cancelled_at is None and is_open(meeting.starts, meeting.ends, at),
        code=spaced(code),
        address=address,
        drawing=_draw(address),
        seconds=MINUTE - int(at.timestamp()) % MINUTE + AFTER,
        present=_present(meeting),
        at=at,
    )


def _draw(address: str) -> Markup:
    """Return a QR code as inline SVG without any style of its own: light squares are the page's."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="ci-qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704  (squares of ours: the address is in their places, never in the markup)


def _present(meeting: Meeting) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(MeetingAttendance)
            .where(MeetingAttendance.meeting_id == meeting.id, MeetingAttendance.presence == Presence.PRESENT)
        )
        or 0
    )
