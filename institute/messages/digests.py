"""Digests: what gathered for somebody since the last one, in one message.

Killed before the mail server has taken it, everything is still held and the message is written anew; killed after
that, it is sent once more with the same Message-ID: never lost, at most doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from flask import Flask
from sqlalchemy import delete, select

from institute.clock import now
from institute.db import db, transaction
from institute.i18n import LazyText, lazy_gettext
from institute.jobs import worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome, Retry
from institute.messages import mail
from institute.messages.addresses import parse_address
from institute.messages.choosing import cadence_of
from institute.messages.composing import Letter, Piece, compose_digest, write_piece
from institute.messages.delivering import (
    BAD_ADDRESS,
    NO_ADDRESS,
    NOT_NEEDED,
    POLICY,
    after_trouble,
    reader_of,
    resting,
)
from institute.messages.envelopes import envelop, message_id
from institute.messages.holding import DIGEST
from institute.messages.models import HeldMail
from institute.messages.posting import PostError, post
from institute.messages.topics import Cadence, Topic, in_order
from institute.people.models import Person

MOST: Final = 100
SUBJECTS: Final[dict[str, LazyText]] = {
    Cadence.DAILY: lazy_gettext("Your summary of the day"),
    Cadence.WEEKLY: lazy_gettext("Your summary of the week"),
}


def init_app(app: Flask) -> None:
    """Let the worker deliver digests."""
    worker.handle(app, DIGEST, deliver, retry=POLICY)


def deliver(job: LeasedJob) -> Outcome:
    """Bring what is due to one reader."""
    reason = resting()
    if reason is not None:
        return Retry(reason)
    person = reader_of(job)
    if person is None:
        return Done(NOT_NEEDED)
    due = datetime.fromisoformat(job.payload["due"])
    held = _held(person, due)
    ids = [row.id for row in held]
    to = parse_address(person.email)
    if to is None:
        outcome = Dead(BAD_ADDRESS) if person.email and held else Done(NO_ADDRESS)
        _forget(ids)
        return outcome
    letter = _write(job, person, held)
    db.session.close()  # nothing stays open while a mail server thinks
    if letter is not None:
        message = envelop(letter, to, id_=message_id(job.id, job.version))
        try:
            post(message, to, name=f"{due:%Y%m%dT%H%M%SZ}-{job.id}-{job.version}")
        except PostError as error:
            return after_trouble(error.trouble)
    _forget(ids)
    return Done() if letter is not None else Done(NOT_NEEDED)


def _held(person: Person, due: datetime) -> Sequence[HeldMail]:
    return db.session.scalars(
        select(HeldMail)
        .where(
            HeldMail.person_id == person.id,
            HeldMail.institute_id == person.institute_id,
            HeldMail.due_at <= due,
        )
        .order_by(HeldMail.told_at, HeldMail.id)
        .limit(MOST)
    ).all()


def _write(job: LeasedJob, person: Person, held: Sequence[HeldMail]) -> Letter | None:
    pieces: list[Callable[[], Piece | None]] = []
    topics: list[Topic] = []
    for row in held:
        kind = mail.find_kind(row.kind)
        if kind is None or (kind.good_for is not None and now() - row.told_at > kind.good_for):
            continue
        if kind.chosen is not None:
            if cadence_of(person.id, kind.chosen) is Cadence.NONE:
                continue
            topics.append(kind.chosen)
        pieces.append(partial(write_piece, kind, person, row.about))
    subject = SUBJECTS.get(job.payload["cadence"], SUBJECTS[Cadence.DAILY])
    return compose_digest(subject, pieces, person, in_order(topics))


def _forget(ids: Sequence[int]) -> None:
    if ids:
        with transaction() as session:
            session.execute(delete(HeldMail).where(HeldMail.id.in_(ids)))
