"""Keeping an institute's keys: the one in use, made on demand; its successor; the public halves of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from institute import audit, events, vault
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, insert_into, is_writing, transaction
from institute.errors import NotFoundError
from institute.i18n import lazy_gettext
from institute.keys.events import KeyRotated
from institute.keys.making import KeyPair, PrivateKey, make_pair, parse_private
from institute.keys.models import InstituteKey, InstituteKeyId, KeyPurpose
from institute.people.models import Institute


class KeyUnknownError(NotFoundError):
    """The institute has no key with that id."""

    code = "KEY-UNKNOWN"
    sentence = lazy_gettext("The institute has no key with this number.")


@dataclass(frozen=True, slots=True)
class KeyInHand:
    """The key in use, opened: what signs, and what is published about it."""

    id: InstituteKeyId
    institute_id: InstituteId
    purpose: KeyPurpose
    private: PrivateKey = field(repr=False)
    certificate_der: bytes | None
    public_jwk: dict[str, Any]
    created_at: datetime

    @property
    def kid(self) -> str:
        """The key's name, the same wherever it is published."""
        return str(self.public_jwk["kid"])


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What anybody may know of a key. Signatures made after ``leaked_at`` prove nothing."""

    id: InstituteKeyId
    purpose: KeyPurpose
    public_jwk: dict[str, Any]
    certificate_der: bytes | None
    created_at: datetime
    retired_at: datetime | None
    leaked_at: datetime | None

    @property
    def kid(self) -> str:
        """The key's name, the same wherever it is published."""
        return str(self.public_jwk["kid"])


def init_app(app: Flask) -> None:
    """Let the application remember opened keys, and seal them anew when SECRET_KEY changes."""
    app.extensions["keys"] = {}
    vault.add(app, InstituteKey.sealed_private)


def key_in_use(institute_id: InstituteId, purpose: KeyPurpose) -> KeyInHand:
    """Return the key that signs for ``purpose``; the first one is made on demand.

    Raises VaultError if SECRET_KEY does not open it, NotFoundError for an unknown institute, RuntimeError inside a
    transaction: making a key takes time, which would keep everybody else waiting.
    """
    if is_writing():
        raise RuntimeError("keys are asked for before a transaction, not in it")
    found = _id_in_use(institute_id, purpose)
    if found is None:
        pair = _make(institute_id, purpose)
        actor = Actor(institute_id=institute_id, person_id=None)
        with transaction() as session:
            _put(session, institute_id, pair, purpose, actor=actor, action="key.made")
        found = _id_in_use(institute_id, purpose)
        if found is None:  # another process made one and retired it meanwhile
            return key_in_use(institute_id, purpose)
    opened = cast("dict[InstituteKeyId, KeyInHand]", current_app.extensions["keys"])
    if found not in opened:
        opened[found] = _open(found)
    return opened[found]


def rotate_key(institute_id: InstituteId, purpose: KeyPurpose, *, actor: Actor) -> None:
    """Sign with a new key from now on. The one before loses its private half and keeps its public one.

    Works without SECRET_KEY's former value. Raises NotFoundError for an unknown institute.
    """
    pair = _make(institute_id, purpose)
    with transaction() as session:
        before = session.scalar(_in_use(institute_id, purpose).with_for_update())
        if before is not None:
            _retire(session, before)
        details = {"before": before.public_jwk["kid"]} if before is not None else {}
        _put(session, institute_id, pair, purpose, actor=actor, action="key.rotated", **details)
        events.publish(KeyRotated(institute_id, purpose))


def mark_leaked(key_id: InstituteKeyId, *, actor: Actor) -> None:
    """Publish that a key is in other hands from now on; if it is in use, another one takes its place.

    Said again, the first moment stays. Raises KeyUnknownError for one that is not the actor's institute's.
    """
    mine = select(InstituteKey).where(
        InstituteKey.institute_id == actor.institute_id, InstituteKey.id == key_id
    )
    purpose = db.session.scalar(mine.with_only_columns(InstituteKey.purpose))
    if purpose is None:
        raise KeyUnknownError
    pair = _make(actor.institute_id, purpose)
    with transaction() as session:
        key = session.scalars(mine.with_for_update()).one()
        if key.leaked_at is not None:
            return
        was_in_use = key.retired_at is None
        if was_in_use:
            _retire(session, key)
        key.leaked_at = now()
        session.flush()
        audit.record(
            "key.leaked",
            actor=actor,
            subject=("institute_key", key.id),
            details={"kid": key.public_jwk["kid"]},
        )
        if was_in_use:
            details = {"before": str(key.public_jwk["kid"])}
            _put(session, actor.institute_id, pair, purpose, actor=actor, action="key.rotated", **details)
            events.publish(KeyRotated(actor.institute_id, purpose))


def public_keys(institute_id: InstituteId, purpose: KeyPurpose | None = None) -> list[PublicKey]:
    """Return the public halves of all keys, of one purpose if given, newest first; retired ones stay for ever."""
    columns = (
        InstituteKey.id,
        InstituteKey.purpose,
        InstituteKey.public_jwk,
        InstituteKey.certificate_der,
        InstituteKey.created_at,
        InstituteKey.retired_at,
        InstituteKey.leaked_at,
    )
    query = select(*columns).where(InstituteKey.institute_id == institute_id).order_by(InstituteKey.id.desc())
    if purpose is not None:
        query = query.where(InstituteKey.purpose == purpose)
    return [PublicKey(*row) for row in db.session.execute(query)]


def _in_use(institute_id: InstituteId, purpose: KeyPurpose) -> Any:
    return select(InstituteKey).where(
        InstituteKey.institute_id == institute_id,
        InstituteKey.purpose == purpose,
        InstituteKey.retired_at.is_(None),
    )


def _id_in_use(institute_id: InstituteId, purpose: KeyPurpose) -> InstituteKeyId | None:
    found: InstituteKeyId | None = db.session.scalar(
        _in_use(institute_id, purpose).with_only_columns(InstituteKey.id)
    )
    return found


def _open(key_id: InstituteKeyId) -> KeyInHand:
    row = db.session.get_one(InstituteKey, key_id)
    if row.sealed_private is None:  # retired in the moment since it was found
        return key_in_use(row.institute_id, row.purpose)
    return KeyInHand(
        id=row.id,
        institute_id=row.institute_id,
        purpose=row.purpose,
        private=parse_private(vault.open_sealed(bytes(row.sealed_private))),
        certificate_der=row.certificate_der,
        public_jwk=row.public_jwk,
        created_at=row.created_at,
    )


def _make(institute_id: InstituteId, purpose: KeyPurpose) -> KeyPair:
    name = db.session.scalar(select(Institute.name).where(Institute.id == institute_id))
    if name is None:
        raise NotFoundError
    return make_pair(purpose, name=name.in_(name.source), at=now())


def _retire(session: Session, key: InstituteKey) -> None:
    key.retired_at, key.sealed_private = now(), None
    session.flush()


def _put(
    session: Session,
    institute_id: InstituteId,
    pair: KeyPair,
    purpose: KeyPurpose,
    *,
    actor: Actor,
    action: str,
    **details: str,
) -> None:
    """Insert a key unless another process was faster: one per institute and purpose is in use."""
    values = {
        "institute_id": institute_id,
        "purpose": purpose,
        "created_at": now(),
        "sealed_private": vault.seal(pair.private),
        "public_jwk": pair.public_jwk,
        "certificate_der": pair.certificate_der,
    }
    key_id = session.scalar(
        insert_into(session, InstituteKey).values(values).on_conflict_do_nothing().returning(InstituteKey.id)
    )
    if key_id is not None:
        told = {"purpose": str(purpose), "kid": pair.public_jwk["kid"], **details}
        audit.record(
            action, actor=actor, subject=("institute_key", key_id), institute_id=institute_id, details=told
        )
