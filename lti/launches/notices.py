"""Notices: what a platform tells without anybody launching (LTI platform notification service)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Table, select

from institute.actors import InstituteId
from institute.clock import now
from institute.db import db, insert_into, transaction
from lti.launches import verification
from lti.launches.claims import read_deployment_id, validate_version
from lti.launches.copies import note_copy
from lti.launches.errors import (
    AT_THE_DOOR,
    ClaimError,
    DeploymentDisabledError,
    DeploymentPendingError,
    DeploymentUnknownError,
    KeysUnavailableError,
    PlatformDisabledError,
)
from lti.launches.jwks import VerificationKey, find_key
from lti.launches.logins import note_refusal
from lti.launches.models import LtiNotice
from lti.launches.payload import CLAIM, read_identifier, read_object, read_text
from lti.platforms.models import (
    PLATFORM_COLUMNS,
    Deployment,
    DeploymentId,
    DeploymentState,
    PlatformFacts,
)
from lti.platforms.strings import clean_text

HELLO: Final = "LtiHelloWorldNotice"
COPY: Final = "LtiContextCopyNotice"
NOTICE_TYPES: Final = (HELLO, COPY)
"""The notices that are asked for; others are noted down where a platform sends them."""

MAX_NOTICES: Final = 100
MAX_ORIGINS: Final = 50
LONGEST_TIME: Final = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: the platform's id for it, what happened and when it says so, and the course it is about."""

    id: str
    type: str
    said_at: str
    context_id: str | None
    origins: tuple[str, ...]


@dataclass(slots=True)
class Receipt:
    """What became of the notices of one request. ``busy``: the platform may send one of them again later."""

    taken: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)
    busy: bool = False


@dataclass(frozen=True, slots=True)
class _Addressee:
    id: DeploymentId
    institute_id: InstituteId
    deployment_id: str
    state: DeploymentState
    platform: PlatformFacts

    def find_key(self, kid: str, algorithm: str) -> VerificationKey:
        return find_key(self.platform.jwks_url, kid, algorithm)


_DEPLOYMENT: Final = cast("Table", Deployment.__table__).c
_FIND: Final = select(
    _DEPLOYMENT.id, _DEPLOYMENT.institute_id, _DEPLOYMENT.deployment_id, _DEPLOYMENT.state, *PLATFORM_COLUMNS
).join(PLATFORM_COLUMNS[0].table, PLATFORM_COLUMNS[0] == _DEPLOYMENT.registration_id)


def read_batch(body: bytes) -> list[str] | None:
    """Return the signed notices of a request's body, or None if it is no batch of 1 to 100 of them.

    An entry that is no notice is an empty one, to be refused by itself.
    """
    try:
        batch = json.loads(body)
    except (ValueError, RecursionError):
        return None
    listed = batch.get("notices") if isinstance(batch, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_NOTICES:
        return None
    tokens = [one.get("jwt") if isinstance(one, dict) else None for one in listed]
    return [token if isinstance(token, str) else "" for token in tokens]


def receive_notices(deployment_id: DeploymentId, tokens: Sequence[str]) -> Receipt:
    """Take each notice that is proven and new; one that is not does not keep the others out.

    Raises DeploymentUnknownError.
    """
    addressee = _find(deployment_id)
    receipt = Receipt()
    for token in tokens:
        try:
            is_new = _receive(addressee, token)
        except AT_THE_DOOR as error:
            receipt.refused.append(error.code)
            receipt.busy = receipt.busy or isinstance(error, KeysUnavailableError)
        else:
            receipt.taken += is_new
            receipt.known += not is_new
    for code in sorted(set(receipt.refused)):
        note_refusal(code, addressee.platform.id)
    return receipt


def _find(deployment_id: DeploymentId) -> _Addressee:
    row = db.session.execute(_FIND.where(_DEPLOYMENT.id == deployment_id)).one_or_none()
    if row is None:
        raise DeploymentUnknownError
    return _Addressee(row[0], row[1], row[2], row[3], PlatformFacts(*row[4:]))


def _receive(addressee: _Addressee, token: str) -> bool:
    """Verify one notice as a launch is verified, note it down and do what it asks; tell whether it is new."""
    header, claims = verification.read_unverified(token)
    platform = addressee.platform
    verification.validate_issuer(claims, platform.issuer)
    verification.validate_audience(claims, platform.client_id)
    if not platform.is_active:
        raise PlatformDisabledError
    verification.verify_signature(token, header, addressee.find_key)
    verification.validate_times(claims, now())
    validate_version(claims)
    if read_deployment_id(claims) != addressee.deployment_id:
        raise ClaimError(claim="deployment_id")
    if addressee.state is not DeploymentState.ACTIVE:
        pending = addressee.state is DeploymentState.PENDING
        raise DeploymentPendingError if pending else DeploymentDisabledError
    return _note(addressee, read_notice(claims))


def _note(addressee: _Addressee, notice: Notice) -> bool:
    values = {
        "institute_id": addressee.institute_id,
        "deployment_id": addressee.id,
        "notice_id": notice.id,
        "notice_type": notice.type,
        "said_at": notice.said_at,
        "received_at": now(),
    }
    with transaction() as session:
        noted = session.scalar(
            insert_into(session, LtiNotice)
            .values(values)
            .on_conflict_do_nothing(index_elements=["deployment_id", "notice_id"])
            .returning(LtiNotice.id)
        )
        if noted is not None and notice.context_id is not None and notice.origins:
            note_copy(addressee.id, notice.context_id, notice.origins)
    return noted is not None


def read_notice(claims: Mapping[str, Any]) -> Notice:
    """Return what a verified payload says happened. Raises ClaimError.

    A copied course comes with the courses it was copied from, whose ids are the platform's (``origin_contexts``).
    """
    said = read_object(claims, CLAIM + "notice")
    kind = read_identifier(said, "type")
    is_copy = kind == COPY
    return Notice(
        id=read_identifier(said, "id"),
        type=kind,
        said_at=clean_text(read_text(said, "timestamp"), LONGEST_TIME),
        context_id=read_identifier(read_object(claims, CLAIM + "context"), "id") if is_copy else None,
        origins=_origins(claims) if is_copy else (),
    )


def _origins(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the courses that one was copied from: texts, or objects with an ``id`` as a context has."""
    listed = claims.get(CLAIM + "origin_contexts")
    if not isinstance(listed, list) or len(listed) > MAX_ORIGINS:
        raise ClaimError(claim="origin_contexts")
    return tuple(read_identifier(one if isinstance(one, dict) else {"id": one}, "id") for one in listed)
