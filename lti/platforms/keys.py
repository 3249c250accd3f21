"""The tool's own keys: made on first need, served while a platform may still hold a signature of theirs.

Platforms keep a copy of the key set, many for a day. So a new key is published first and signs later, and the one
before stays published until nobody can hold a signature of it any more.
"""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import Session

from institute import audit, vault
from institute.actors import Actor
from institute.clock import now
from institute.db import UtcDateTime, db, transaction
from institute.errors import ConflictError
from institute.i18n import lazy_gettext
from institute.jobs import outbox, worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done
from institute.people.models import Institute
from lti.platforms.models import ToolKey

KEY_BITS: Final = 2048
SIGNS_AFTER: Final = timedelta(hours=24)
"""How long a new key is published before it signs: as long as platforms commonly keep a copy of the key set."""

RETIRES_AFTER: Final = timedelta(days=30)
JOB_KIND: Final = "lti.retire-keys"


class KeyOnItsWayError(ConflictError):
    """A new key is published already and does not sign yet."""

    code = "LTI-KEY-WAITS"
    title = lazy_gettext("A new key is on its way already")
    sentence = lazy_gettext(
        "A new key is published and begins to sign soon. Another one would change nothing."
    )


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key that platforms can fetch. ``signs``: it is the one that the tool signs with now."""

    kid: str
    created_at: datetime
    signs_from: datetime
    signs: bool


def init_app(app: Flask) -> None:
    """Have the private halves sealed anew when SECRET_KEY changes, and old keys taken away in time."""
    vault.add(app, ToolKey.private_pem_encrypted)
    worker.handle(app, JOB_KIND, _retire_due)


def ensure_key() -> None:
    """Make the first key if there is none, so that platforms find one when they look."""
    if db.session.scalar(select(ToolKey.id).where(ToolKey.retired_at.is_(None)).limit(1)) is None:
        add_key(only_if_none=True)


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made and is not stored yet: making one takes long, so it is done before a transaction."""

    kid: str
    public_jwk: dict[str, Any]
    sealed: bytes = field(repr=False)


def make_key() -> MadeKey:
    """Make a key. Stores nothing."""
    kid = secrets.token_hex(12)
    key = RSAKey.generate_key(KEY_BITS, {"kid": kid, "alg": "RS256", "use": "sig"})
    public = {**key.as_dict(private=False), "kid": kid, "alg": "RS256", "use": "sig"}
    return MadeKey(kid, public, vault.seal(key.as_pem(private=True)))


def add_key(*, only_if_none: bool = False) -> None:
    """Add a key, with which the tool signs from now on; those before stay published until retired."""
    made = make_key()
    with transaction() as session:
        held = session.scalar(select(ToolKey.id).where(ToolKey.retired_at.is_(None)).limit(1))
        if held is None or not only_if_none:
            _store(made, now(), session)


def rotate_key(made: MadeKey, *, actor: Actor | None, at_once: bool = False) -> datetime:
    """Publish a new key and return from when it signs: a day from now, or now where the present one cannot.

    ``at_once`` is for a key that somebody else may have seen: it is taken away now, and platforms that hold an older
    key set refuse the tool until they fetch it again. Otherwise the key before is retired ``RETIRES_AFTER`` it signed
    last. Every institute's audit has it, because the key signs for all; ``actor`` is None on the command line. Raises
    KeyOnItsWayError if a new key waits already.
    """
    at = now()
    with transaction() as session:
        in_service = select(ToolKey).where(ToolKey.retired_at.is_(None)).order_by(ToolKey.id)
        session.execute(in_service.with_for_update())
        # Whoever waited for another rotation has not read the key that it made: so it is read after the waiting.
        held = session.scalars(in_service).all()
        usable = [key for key in held if _opens(key)]
        if not at_once and any(key.signs_from > at for key in usable):
            raise KeyOnItsWayError
        signs_from = at + SIGNS_AFTER if usable and not at_once else at
        for key in held:
            # A key that waits and cannot be opened would sign in its time: it has signed nothing, so it goes.
            if at_once or (key.signs_from > at and key not in usable):
                key.retired_at = at
        row = _store(made, signs_from, session)
        outbox.put(kind=JOB_KIND, key=made.kid, after=signs_from + RETIRES_AFTER)
        for institute_id in session.scalars(select(Institute.id).order_by(Institute.id)):
            mine = actor is not None and actor.institute_id == institute_id
            audit.record(
                "lti.key_rotated",
                actor=actor if actor and mine else Actor(institute_id=institute_id, person_id=None),
                subject=("lti_tool_key", row.id),
                details={"kid": made.kid, "signs_from": signs_from.isoformat()},
            )
    return signs_from


def _opens(key: ToolKey) -> bool:
    """Tell whether the private half can be had: a lost SECRET_KEY takes it along."""
    try:
        vault.open_sealed(bytes(key.private_pem_encrypted))
    except vault.VaultError:
        return False
    return True


def _store(made: MadeKey, signs_from: datetime, session: Session) -> ToolKey:
    row = ToolKey(
        kid=made.kid,
        algorithm="RS256",
        public_jwk=made.public_jwk,
        private_pem_encrypted=made.sealed,
        created_at=now(),
        signs_from=signs_from,
    )
    session.add(row)
    session.flush()
    return row


def _retire_due(_job: LeasedJob) -> Done:
    """Take away the keys that have not signed for ``RETIRES_AFTER``."""
    retire_keys(idle_since=now() - RETIRES_AFTER)
    return Done()


def retire_keys(*, idle_since: datetime) -> None:
    """Stop publishing keys that have signed nothing since ``idle_since``: a later key took over by then."""
    with transaction() as session:
        in_service = select(ToolKey).where(ToolKey.retired_at.is_(None))
        held = session.scalars(in_service.order_by(ToolKey.signs_from, ToolKey.id).with_for_update()).all()
        for key, successor in itertools.pairwise(held):
            if successor.signs_from <= min(idle_since, now()):
                key.retired_at = now()


def published_keys() -> list[dict[str, Any]]:
    """Return the public halves of all keys in service, newest first."""
    newest_first = (ToolKey.created_at.desc(), ToolKey.id.desc())
    return list(
        db.session.scalars(
            select(ToolKey.public_jwk).where(ToolKey.retired_at.is_(None)).order_by(*newest_first)
        )
    )


def list_keys() -> list[PublishedKey]:
    """Return the keys in service with their ages, newest first; none before the first need."""
    at = now()
    rows = db.session.execute(
        select(ToolKey.id, ToolKey.kid, ToolKey.created_at, ToolKey.signs_from)
        .where(ToolKey.retired_at.is_(None))
        .order_by(ToolKey.signs_from.desc(), ToolKey.id.desc())
    ).all()
    due = [row for row in rows if row.signs_from <= at]
    signing = due[0].id if due else None
    return [PublishedKey(row.kid, row.created_at, row.signs_from, row.id == signing) for row in rows]


def signing_key() -> tuple[str, RSAKey]:
    """Return the id and the private half of the key that signs now; make it if there is none."""
    ensure_key()
    row = db.session.execute(_SIGNING, {"at": now()}).one()
    return row.kid, _parsed(bytes(row.private_pem_encrypted))


# The latest of those that may sign; where none may yet (a clock was put back), the latest of all.
_IS_DUE: Final = case((ToolKey.signs_from <= bindparam("at", type_=UtcDateTime), 1), else_=0)
_SIGNING: Final = (
    select(ToolKey.kid, ToolKey.private_pem_encrypted)
    .where(ToolKey.retired_at.is_(None))
    .order_by(_IS_DUE.desc(), ToolKey.signs_from.desc(), ToolKey.id.desc())
    .limit(1)
)


@lru_cache(maxsize=16)
def _parsed(sealed: bytes) -> RSAKey:
    """Open and parse a private key once per process: parsing costs more than signing."""
    return RSAKey.import_key(vault.open_sealed(sealed))
