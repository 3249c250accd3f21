"""The secret address of a person's calendar: made, shown to them, renewed, taken away."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select

from courses.calendar.entries import Window, entries_of
from courses.calendar.models import CalendarFeed
from courses.calendar.writing import write_calendar
from institute import audit, vault
from institute.actors import Actor
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import current_locale, speaking
from institute.messages.composing import locale_of
from institute.people.models import Institute, Person

BEHIND: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=400)
SUBJECT: Final = "person"


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """The address of a feed, and since when it is this one."""

    address: str
    made_at: datetime

    @property
    def subscribe(self) -> str:
        """The same for a click that hands it to the calendar of the device."""
        return "webcal" + self.address[self.address.index(":") :]


def address_of(actor: Actor) -> FeedAddress | None:
    """Return the actor's address, or None where they have none, or one that is sealed with a lost key."""
    feed = _feed_of(actor)
    if feed is None:
        return None
    token = vault.open_sealed(feed.sealed_token).decode()
    return FeedAddress(_address(token), feed.made_at)


def renew_address(*, actor: Actor) -> None:
    """Give the actor an address, in place of the one they had: that opens nothing from now on."""
    if actor.person_id is None:
        raise NotFoundError
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        feed = _feed_of(actor)
        if feed is None:
            feed = CalendarFeed(person_id=actor.person_id, institute_id=actor.institute_id)
            session.add(feed)
        feed.token_hash = _hash(token)
        feed.sealed_token = vault.seal(token.encode())
        feed.made_at = now()
        session.flush()
        audit.record("calendar.address-made", actor=actor, subject=(SUBJECT, actor.person_id))


def end_address(*, actor: Actor) -> None:
    """Take the actor's address away. Nothing changes where they have none."""
    with transaction() as session:
        feed = _feed_of(actor)
        if feed is not None and actor.person_id is not None:
            session.delete(feed)
            audit.record("calendar.address-ended", actor=actor, subject=(SUBJECT, actor.person_id))


def read_feed(token: str) -> bytes:
    """Return the calendar behind a token, in its owner's language. Raises NotFoundError if it opens nothing."""
    row = db.session.execute(
        select(Person, Institute)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .join(Institute, Institute.id == Person.institute_id)
        .where(CalendarFeed.token_hash == _hash(token))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    person, institute = row
    at = now()
    host = urlsplit(current_settings().public_url).hostname or "localhost"
    with speaking(locale_of(person, institute)):
        window = Window(person.institute_id, person.id, at - BEHIND, at + AHEAD)
        # Written for the whole day, so that a calendar that did not change has the same bytes an hour later.
        today = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return write_calendar(
            entries_of(window), name=institute.name.in_(current_locale()), host=host, at=today
        )


def _feed_of(actor: Actor) -> CalendarFeed | None:
    return db.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.person_id == actor.person_id, CalendarFeed.institute_id == actor.institute_id
        )
    )


def _address(token: str) -> str:
    return f"{current_settings().public_url}/calendar/{token}.ics"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
