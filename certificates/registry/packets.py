"""Packets for auditors: asked for, how far one is, kept for a week, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import String, cast, select

from certificates.awards.lifetime.signing_keys import KEY_EXPIRED
from certificates.awards.models import AwardId
from certificates.awards.queries import find_award
from certificates.awards.wording import say_rest
from certificates.registry.errors import PacketGoneError
from certificates.registry.models import Packet, PacketId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files import storing
from institute.files.models import StoredFile
from institute.i18n import current_locale
from institute.jobs import outbox
from institute.jobs.models import JobState, OutboxRow
from institute.keys.events import KeyRotated
from institute.keys.models import KeyPurpose

JOB_KIND: Final = "registry.packet"
KEPT: Final = timedelta(days=7)
_AT_ONCE: Final = 100


class PacketState(StrEnum):
    """How far a packet is."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PacketHere:
    """The latest packet of an award. ``done`` counts of a hundred; ``until`` is when a file that is there goes.

    ``waits`` says what one that is to be made waits for, in words, where it is not only the worker's time.
    """

    id: PacketId
    state: PacketState
    done: int
    asked_at: datetime
    until: datetime | None
    size: int | None
    sha256: str | None
    waits: str


def ask_packet(award_id: AwardId, *, actor: Actor) -> PacketId:
    """Have a packet made in the reader's language, unless one is being made. Raises NotFoundError."""
    with transaction() as session:
        award = find_award(award_id, actor)
        session.refresh(award, with_for_update=True)  # whoever else asks now waits, and finds this packet
        open_one = session.scalar(
            select(Packet).where(
                Packet.award_id == award.id, Packet.made_at.is_(None), Packet.gone_at.is_(None)
            )
        )
        if open_one is None:
            open_one = Packet(
                institute_id=award.institute_id,
                award_id=award.id,
                locale=current_locale(),
                asked_by=actor.person_id,
            )
            session.add(open_one)
            session.flush()
            audit.record(
                "award.packet-asked",
                actor=actor,
                subject=("award", award.id),
                details={"packet": open_one.id},
            )
        if _job_state(open_one.id) not in {JobState.READY, JobState.LEASED}:
            outbox.put(kind=JOB_KIND, key=str(open_one.id))
        return open_one.id


def find_packet(award_id: AwardId, actor: Actor) -> PacketHere | None:
    """Return the latest packet of an award of the actor's institute, None where nobody asked for one."""
    row = db.session.execute(
        select(Packet, StoredFile.size)
        .outerjoin(StoredFile, StoredFile.id == Packet.file_id)
        .where(Packet.award_id == award_id, Packet.institute_id == actor.institute_id)
        .order_by(Packet.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    packet, size = row
    until = packet.made_at + KEPT if packet.made_at is not None else None
    state = _state_of(packet)
    waits = say_rest(_job_reason(packet.id)) if state is PacketState.WAITING else ""
    return PacketHere(packet.id, state, packet.done, packet.asked_at, until, size, packet.sha256, waits)


def packet_file(award_id: AwardId, packet_id: PacketId, *, actor: Actor) -> StoredFile:
    """Return the file of a packet, and note who took it. Raises NotFoundError, PacketGoneError."""
    with transaction() as session:
        packet = session.get(Packet, packet_id)
        if (
            packet is None
            or packet.institute_id != actor.institute_id
            or packet.award_id != award_id
            or packet.made_at is None
        ):
            raise NotFoundError
        if packet.file_id is None:
            raise PacketGoneError
        audit.record(
            "award.packet-taken",
            actor=actor,
            subject=("award", award_id),
            details={"packet": packet.id, "sha256": packet.sha256},
        )
        return session.get_one(StoredFile, packet.file_id)


def forget_packets(_day: date) -> None:
    """Take the files away that were kept for a week; their digests stay."""
    query = (
        select(Packet)
        .where(Packet.made_at <= now() - KEPT, Packet.file_id.is_not(None))
        .order_by(Packet.id)
        .limit(_AT_ONCE)
    )
    while True:
        with transaction() as session:
            rows = session.scalars(query).all()
            for row in rows:
                file_id, row.file_id, row.gone_at = row.file_id, None, now()
                session.flush()
                if file_id is not None:
                    storing.forget(file_id, institute_id=row.institute_id)
        if len(rows) < _AT_ONCE:
            return


def wish_again(event: KeyRotated) -> None:
    """Wish at once for the packets of an institute that wait for another key."""
    if event.purpose is not KeyPurpose.DOCUMENT:
        return
    waiting = (
        select(Packet.id)
        .join(OutboxRow, OutboxRow.key == cast(Packet.id, String))
        .where(
            Packet.institute_id == event.institute_id,
            OutboxRow.kind == JOB_KIND,
            OutboxRow.state == JobState.READY,
            OutboxRow.reason == KEY_EXPIRED,
        )
    )
    for packet_id in db.session.scalars(waiting).all():
        outbox.put(kind=JOB_KIND, key=str(packet_id))


def _state_of(packet: Packet) -> PacketState:
    if packet.file_id is not None:
        return PacketState.READY
    if packet.gone_at is not None:
        return PacketState.GONE
    return PacketState.FAILED if _job_state(packet.id) is JobState.DEAD else PacketState.WAITING


def _job_state(packet_id: PacketId) -> JobState | None:
    return db.session.scalar(
        select(OutboxRow.state).where(OutboxRow.kind == JOB_KIND, OutboxRow.key == str(packet_id))
    )


def _job_reason(packet_id: PacketId) -> str:
    reason = select(OutboxRow.reason).where(OutboxRow.kind == JOB_KIND, OutboxRow.key == str(packet_id))
    return db.session.scalar(reason) or ""
