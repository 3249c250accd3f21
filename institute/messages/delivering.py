"""The worker's part: write one message, hand it over, say what became of it.

Killed before the mail server has taken it, the job's lease ends and the message is written anew. Killed between the
server's answer and our mark, it is sent once more with the same Message-ID: never lost, at most doubled.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final, cast

from flask import Flask, current_app
from sqlalchemy import select

from institute.clock import now
from institute.db import db
from institute.jobs import worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome, Retry, RetryPolicy
from institute.messages import mail
from institute.messages.addresses import Address, parse_address
from institute.messages.choosing import cadence_of
from institute.messages.composing import compose
from institute.messages.envelopes import envelop, message_id
from institute.messages.holding import hold
from institute.messages.mail import MailKind
from institute.messages.posting import PostError, Trouble, post
from institute.messages.topics import DIGESTED, Cadence
from institute.people.models import Person

# Pauses of 20 s, 40 s … 1 h: about two days in all.
POLICY: Final = RetryPolicy(first=timedelta(seconds=20), longest=timedelta(hours=1), most_attempts=55)
REST: Final = timedelta(seconds=30)
NO_ADDRESS: Final = "no-address"
BAD_ADDRESS: Final = "address-invalid"
UNKNOWN_KIND: Final = "kind-unknown"
NOT_NEEDED: Final = "not-needed"
UNWANTED: Final = "unwanted"
HELD: Final = "held"
_RESTING: Final = "mail_rests_until"


def init_app(app: Flask) -> None:
    """Let the worker deliver mail."""
    app.extensions[_RESTING] = None
    worker.handle(app, mail.JOB_KIND, deliver, retry=POLICY)


def deliver(job: LeasedJob) -> Outcome:
    """Bring one message to its reader; without a person, a need or an address there is nothing to bring."""
    kind = mail.find_kind(job.payload["mail"])
    if kind is None:
        return Dead(UNKNOWN_KIND)
    reason = resting()
    if reason is not None:
        return Retry(reason)
    person = reader_of(job)
    if person is None or _is_old(kind, job):
        return Done(NOT_NEEDED)
    return _as_chosen(kind, person, job) or _bring(kind, person, job)


def _is_old(kind: MailKind, job: LeasedJob) -> bool:
    return kind.good_for is not None and now() - _told(job) > kind.good_for


def _told(job: LeasedJob) -> datetime:
    return datetime.fromisoformat(job.payload["told"])


def _as_chosen(kind: MailKind, person: Person, job: LeasedJob) -> Outcome | None:
    """Drop or hold what its reader does not want at once; None for what goes out now."""
    cadence = Cadence.AT_ONCE if kind.chosen is None else cadence_of(person.id, kind.chosen)
    if cadence is Cadence.NONE:
        return Done(UNWANTED)
    if cadence in DIGESTED:
        hold(job, person, cadence)
        return Done(HELD)
    return None


def _bring(kind: MailKind, person: Person, job: LeasedJob) -> Outcome:
    written = _write(kind, person, job)
    db.session.close()  # nothing stays open while a mail server thinks
    if not isinstance(written, tuple):
        return written
    try:
        post(*written, name=f"{_told(job):%Y%m%dT%H%M%SZ}-{job.id}-{job.version}")
    except PostError as error:
        return after_trouble(error.trouble)
    return Done()


def resting() -> str | None:
    """Return why no message is sent at the moment, or None if they are."""
    until = cast("tuple[datetime, str] | None", current_app.extensions[_RESTING])
    return until[1] if until is not None and until[0] > now() else None


def reader_of(job: LeasedJob) -> Person | None:
    """Return whom a message is for, or None if they are gone."""
    return db.session.scalar(
        select(Person).where(
            Person.id == job.payload["person"], Person.institute_id == job.payload["institute"]
        )
    )


def _write(kind: MailKind, person: Person, job: LeasedJob) -> tuple[EmailMessage, Address] | Outcome:
    """Return the message and where it goes, or what becomes of the job without one."""
    on_file = person.email
    to = parse_address(on_file)
    if to is None and kind.facts(person, job.payload["about"]) is not None:
        return Dead(BAD_ADDRESS) if on_file else Done(NO_ADDRESS)
    letter = compose(kind, person, job.payload["about"]) if to else None
    if to is None or letter is None:
        return Done(NOT_NEEDED)
    return envelop(letter, to, id_=message_id(job.id, job.version)), to


def after_trouble(trouble: Trouble) -> Outcome:
    """Decide what a failure means: a server that serves nobody is left alone for a while by all messages."""
    if trouble.final:
        return Dead(trouble.reason)
    if trouble.everybody:
        current_app.extensions[_RESTING] = (now() + REST, trouble.reason)
    return Retry(trouble.reason)
