"""The chain: each committed event is bound to the one before; each day's head is signed.

Only the worker seals, one at a time, after commit: deciding transactions never wait for one another.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from institute.audit.models import AuditEvent, AuditHead, AuditSeal
from institute.clock import now
from institute.config import current_settings
from institute.db import db, transaction

GENESIS: Final = "0" * 64
BATCH: Final = 500
SETTLED: Final = timedelta(seconds=2)
_LOCK_KEY: Final = 7_201_331


def event_digest(event: AuditEvent, before: str) -> str:
    """Return the SHA-256 (hex) of an event bound to the digest ``before`` it."""
    content = [
        before,
        event.id,
        event.institute_id,
        event.at.isoformat(),
        event.action,
        event.person_id,
        event.door,
        event.subject_kind,
        event.subject_id,
        event.details,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def seal_events() -> int:
    """Chain what is committed and not yet sealed; return how many events were sealed.

    Events become visible in commit order, not in id order: what is a few seconds young may still be joined
    by one with a lower id, which then simply follows in the chain.
    """
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        last = session.scalar(select(AuditSeal).order_by(AuditSeal.position.desc()).limit(1))
        position, digest = (last.position, last.digest) if last else (0, GENESIS)
        unsealed = session.scalars(
            select(AuditEvent)
            .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
            .where(AuditSeal.position.is_(None), AuditEvent.at <= now() - SETTLED)
            .order_by(AuditEvent.id)
            .limit(BATCH)
        ).all()
        for event in unsealed:
            position += 1
            digest = event_digest(event, digest)
            session.add(AuditSeal(position=position, event_id=event.id, digest=digest))
        if position:
            _sign_yesterday(session)
    return len(unsealed)


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs the heads, derived from SECRET_KEY."""
    secret = current_settings().secret_key.encode()
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"audit heads").derive(secret)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _sign_yesterday(session: Session) -> None:
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    day = (today - timedelta(days=1)).date().isoformat()
    if session.scalar(select(AuditHead.id).where(AuditHead.day == day)) is not None:
        return
    head = session.scalar(
        select(AuditSeal).where(AuditSeal.sealed_at < today).order_by(AuditSeal.position.desc()).limit(1)
    )
    if head is None:
        return
    key = signing_key()
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    signature = key.sign(f"{day}:{head.position}:{head.digest}".encode())
    session.add(
        AuditHead(
            day=day,
            position=head.position,
            digest=head.digest,
            signature=signature.hex(),
            public_key=public.hex(),
        )
    )


def first_broken_position() -> int | None:
    """Walk the whole chain; return the first position whose digest does not follow, or None if all do."""
    digest = GENESIS
    rows = db.session.execute(
        select(AuditSeal, AuditEvent)
        .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.position)
    )
    for expected, (seal, event) in enumerate(rows, start=1):
        digest = event_digest(event, digest)
        if seal.position != expected or seal.digest != digest:
            return int(seal.position)
    return None


def oldest_unsealed_seconds() -> float:
    """Return the age in seconds of the oldest event that is not sealed yet, 0 if there is none."""
    oldest = db.session.scalar(
        select(func.min(AuditEvent.at))
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.position.is_(None))
    )
    return (now() - oldest).total_seconds() if oldest else 0.0
