"""Keeping a wish for its reader's digest, which is due in the morning of their own day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.messages.models import HeldMail
from institute.messages.topics import Cadence
from institute.people.models import Institute, Person

DIGEST: Final = "mail.digest"
MORNING: Final = time(7)
MONDAY: Final = 0
DAYS_OF_WEEK: Final = 7


def hold(job: LeasedJob, person: Person, cadence: Cadence) -> None:
    """Keep a leased wish for the next digest of its reader, and wish for that digest. Twice is once."""
    due = next_digest(zone_of(person), cadence)
    row = {
        "institute_id": person.institute_id,
        "person_id": person.id,
        "wish": job.key,
        "kind": job.payload["mail"],
        "about": job.payload["about"],
        "told_at": datetime.fromisoformat(job.payload["told"]),
        "due_at": due,
    }
    again = {name: row[name] for name in ("about", "told_at", "due_at")}
    payload = {
        "mail": DIGEST,
        "person": person.id,
        "institute": person.institute_id,
        "cadence": cadence,
        "due": due.isoformat(),
        "told": now().isoformat(timespec="seconds"),
    }
    key = f"{person.id}/{due:%Y%m%dT%H%M}"
    with transaction() as session:
        wished = insert_into(session, HeldMail).on_conflict_do_update(index_elements=["wish"], set_=again)
        session.execute(wished, [row])
        outbox.put(kind=DIGEST, key=key, payload=payload, after=due)


def next_digest(zone: ZoneInfo, cadence: Cadence) -> datetime:
    """Return when the next digest is due: at seven in the morning, each day or each Monday, on the zone's clock."""
    here = now().astimezone(zone)
    day = here.date()
    if here.time() >= MORNING:
        day += timedelta(days=1)
    if cadence is Cadence.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % DAYS_OF_WEEK)
    return datetime.combine(day, MORNING, tzinfo=zone).astimezone(UTC)


def zone_of(person: Person) -> ZoneInfo:
    """Return the zone that a person lives by: their own, else the institute's."""
    institute = db.session.get_one(Institute, person.institute_id)
    for name in (person.timezone, institute.timezone):
        try:
            return ZoneInfo(name or "")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
