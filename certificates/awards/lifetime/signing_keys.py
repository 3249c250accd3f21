"""An institute's signing keys as its office sees them: which sign, which are replaced, which end soon or have ended.

Whatever a key signed stays verifiable after it was replaced: its public half and its certificate are kept for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from sqlalchemy import func, select

from certificates.awards.lifetime.errors import KeyExpiredError, KeyPurposeError
from certificates.awards.models import Award
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db
from institute.jobs.outcomes import Wait
from institute.keys.keeping import PublicKey, mark_leaked, public_keys, rotate_key
from institute.keys.models import InstituteKeyId, KeyPurpose

TOLD_BEFORE: Final = timedelta(days=30)
KEY_EXPIRED: Final = "key-expired"
# What replaces the key wishes for what waits; the look each hour is for keys that begin to hold.
AWAITS_KEY: Final = Wait(KEY_EXPIRED, after=timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key. ``holds_until`` is the end of its X.509 certificate, None for keys that have none.

    ``signed`` is how many certificates were signed with it.
    """

    key: PublicKey
    holds_until: datetime | None
    fingerprint: str
    signed: int

    @property
    def in_use(self) -> bool:
        """Whether it signs what is issued now."""
        return self.key.retired_at is None

    @property
    def ended(self) -> bool:
        """Whether its certificate holds no more."""
        return self.holds_until is not None and self.holds_until <= now()

    @property
    def ends_soon(self) -> bool:
        """Whether its certificate ends within 30 days, or has ended."""
        return self.holds_until is not None and self.holds_until <= now() + TOLD_BEFORE


def keys_of(actor: Actor) -> Sequence[KeyLine]:
    """Return every signing key of the actor's institute, those in use first, then the newest."""
    counts: dict[int, int] = {}
    for column in (Award.document_key_id, Award.badge_key_id):
        rows = db.session.execute(
            select(column, func.count())
            .where(Award.institute_id == actor.institute_id, column.is_not(None))
            .group_by(column)
        )
        counts |= {key_id: count for key_id, count in rows if key_id is not None}
    lines = [_line(key, counts.get(key.id, 0)) for key in public_keys(actor.institute_id)]
    return sorted(lines, key=lambda line: not line.in_use)


def ending_key(actor: Actor) -> KeyLine | None:
    """Return the key that signs documents where its certificate ends within 30 days or has ended, for the home."""
    key = _document_key(actor.institute_id)
    line = _line(key, 0) if key is not None else None
    return line if line is not None and line.ends_soon else None


def require_usable(institute_id: InstituteId) -> None:
    """Refuse to issue while the key that would sign has no certificate that holds now. Raises KeyExpiredError."""
    key = _document_key(institute_id)
    if key is not None:
        require_holding(key.certificate_der)


def require_holding(certificate_der: bytes | None) -> None:
    """Refuse an X.509 certificate (DER) that does not hold at this moment. Raises KeyExpiredError."""
    if certificate_der is None:
        return
    certificate = x509.load_der_x509_certificate(certificate_der)
    if not certificate.not_valid_before_utc <= now() < certificate.not_valid_after_utc:
        raise KeyExpiredError


def renew_key(purpose: str, *, actor: Actor) -> None:
    """Sign with a new key from now on; what the one before signed stays verifiable. Raises KeyPurposeError."""
    if purpose not in list(KeyPurpose):
        raise KeyPurposeError
    rotate_key(actor.institute_id, KeyPurpose(purpose), actor=actor)


def tell_leaked(key_id: InstituteKeyId, *, actor: Actor) -> None:
    """Publish that a key is in other hands; another takes its place. Raises KeyUnknownError."""
    mark_leaked(key_id, actor=actor)


def _document_key(institute_id: InstituteId) -> PublicKey | None:
    keys = public_keys(institute_id, KeyPurpose.DOCUMENT)
    return next((key for key in keys if key.retired_at is None), None)


def _line(key: PublicKey, signed: int) -> KeyLine:
    if key.certificate_der is None:
        return KeyLine(key, None, "", signed)
    certificate = x509.load_der_x509_certificate(key.certificate_der)
    digest = hashlib.sha256(key.certificate_der).digest()
    return KeyLine(key, certificate.not_valid_after_utc, digest.hex(":").upper(), signed)
