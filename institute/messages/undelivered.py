"""Messages that could not be delivered: what an administrator sees of them, and trying again or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType

from sqlalchemy import ColumnElement, func, or_, select, update

from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import LazyText, lazy_gettext
from institute.jobs import outbox
from institute.jobs.models import JobState, OutboxRow
from institute.messages import delivering, digests, mail
from institute.messages.holding import DIGEST
from institute.people.models import Person
from institute.people.naming import name_or_number

MailId = NewType("MailId", int)

SHOWN: Final = 50
GIVEN_UP: Final = "given-up"
COUNTED_FOR: Final = timedelta(days=30)

REASONS: Final[dict[str, LazyText]] = {
    "address-refused": lazy_gettext("The mail server says that this address does not take mail."),
    "address-invalid": lazy_gettext("What is on file is not an e-mail address."),
    "address-unsupported": lazy_gettext("The mail server cannot send to an address with these letters."),
    "message-refused": lazy_gettext("The mail server refused the message."),
    "sender-refused": lazy_gettext("The mail server does not let us send under our address."),
    "login-refused": lazy_gettext("The mail server did not let us sign in."),
    "server-not-secure": lazy_gettext("The connection to the mail server could not be made secure."),
    "server-unreachable": lazy_gettext("The mail server did not answer for two days."),
    "server-busy": lazy_gettext("The mail server asked us to wait for two days."),
    "folder-unwritable": lazy_gettext("The folder for mail cannot be written."),
}
OTHER_REASON: Final = lazy_gettext("The message could not be written.")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that nobody got."""

    id: MailId
    subject: LazyText | str
    reason: LazyText
    reader: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class UndeliveredPage:
    """The newest undelivered messages of an institute, how many there are, and how many had no address to go to."""

    messages: tuple[Undelivered, ...]
    count: int
    without_address: int


def undelivered(actor: Actor) -> UndeliveredPage:
    """Return what the actor's institute could not deliver."""
    dead = _dead_of(actor)
    rows = db.session.scalars(select(OutboxRow).where(*dead).order_by(OutboxRow.id.desc()).limit(SHOWN)).all()
    people = select(Person.id, Person.name).where(
        Person.institute_id == actor.institute_id, Person.id.in_({row.payload["person"] for row in rows})
    )
    names = {found.id: name_or_number(found.name, found.id) for found in db.session.execute(people)}
    return UndeliveredPage(
        messages=tuple(_shown(row, names.get(row.payload["person"], "")) for row in rows),
        count=_count(*dead),
        without_address=_count(
            *_mail_of(actor),
            OutboxRow.state == JobState.DONE,
            OutboxRow.reason == delivering.NO_ADDRESS,
            OutboxRow.next_at > now() - COUNTED_FOR,
        ),
    )


def undelivered_panel(actor: Actor) -> int | None:
    """Return how many messages were not delivered, or None if all were."""
    return _count(*_dead_of(actor)) or None


def try_again(mail_id: MailId, *, actor: Actor) -> None:
    """Wish anew for a message that could not be delivered. Raises NotFoundError if there is no such one."""
    with transaction() as session:
        row = session.scalar(
            select(OutboxRow).where(OutboxRow.id == mail_id, *_dead_of(actor)).with_for_update()
        )
        if row is None:
            raise NotFoundError
        _wish_again([row], actor)


def try_all_again(*, actor: Actor) -> int:
    """Wish anew for every message that could not be delivered; return how many."""
    with transaction() as session:
        rows = session.scalars(select(OutboxRow).where(*_dead_of(actor)).with_for_update()).all()
        _wish_again(rows, actor)
    return len(rows)


def give_up(mail_id: MailId, *, actor: Actor) -> None:
    """Take a message off the list without sending it. Raises NotFoundError if there is no such one."""
    with transaction() as session:
        given_up = session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == mail_id, *_dead_of(actor))
            .values(state=JobState.DONE, done_at=now(), reason=GIVEN_UP)
            .returning(OutboxRow.id)
        ).one_or_none()
        if given_up is None:
            raise NotFoundError
        audit.record("mail.given-up", actor=actor, subject=("outbox", mail_id))


def _wish_again(rows: Sequence[OutboxRow], actor: Actor) -> None:
    for row in rows:
        payload = {**row.payload, "told": now().isoformat(timespec="seconds")}
        outbox.put(kind=row.kind, key=row.key, payload=payload)
        audit.record("mail.again", actor=actor, subject=("outbox", row.id))


def _dead_of(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (*_mail_of(actor), OutboxRow.state == JobState.DEAD)


def _mail_of(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(OutboxRow.kind == mail.JOB_KIND, OutboxRow.kind == DIGEST),
        OutboxRow.payload["institute"].as_integer() == actor.institute_id,
    )


def _count(*which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxRow).where(*which)) or 0


def _shown(row: OutboxRow, name: str) -> Undelivered:
    kind = mail.find_kind(row.payload["mail"])
    return Undelivered(
        id=MailId(row.id),
        subject=kind.subject
        if kind
        else digests.SUBJECTS.get(row.payload.get("cadence", ""), row.payload["mail"]),
        reason=REASONS.get(row.reason, OTHER_REASON),
        reader=name,
        told_at=datetime.fromisoformat(row.payload["told"]),
    )
