"""Access tokens: asked for rarely, kept sealed, shared by all processes.

Platforms limit how often they are asked for a token, so one serves every web and worker process until a minute
before it ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, cast

import requests
from flask import Flask, current_app
from sqlalchemy import select

from institute import vault
from institute.clock import now
from institute.db import insert_into, transaction
from lti.http import platform_session
from lti.services.accounts import Account
from lti.services.answers import error_in, is_busy, json_of
from lti.services.assertions import ASSERTION_TYPE, client_assertion
from lti.services.errors import ServiceError, TokenRefusedError, UnreachableError, UnreadableError
from lti.services.models import AccessToken

MARGIN: Final = timedelta(seconds=60)
PROOF_HOLDS: Final = timedelta(seconds=60)
# Where the answer does not say: short enough to be right.
UNTOLD_LIFETIME_SECONDS: Final = 300
LONGEST_LIFETIME_SECONDS: Final = 24 * 60 * 60
MOST_CHARACTERS: Final = 16_000


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the moment from which it is no longer used (its end less the margin)."""

    text: str = field(repr=False)
    usable_until: datetime


@dataclass
class TokenMemory:
    """What this process remembers of the shared tokens; for each, one thread asks for all."""

    tokens: dict[str, Token] = field(default_factory=dict)
    locks: defaultdict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))
    proved_until: dict[str, datetime] = field(default_factory=dict)
    """Until when a refusal is not blamed on the token, because a fresh one was refused just now."""


def init_app(app: Flask) -> None:
    """Give the application an empty memory of tokens; those in the database are sealed."""
    app.extensions["lti_tokens"] = TokenMemory()
    vault.add(app, AccessToken.token_sealed)


def token_for(account: Account, scopes: Collection[str], *, refused: str | None = None) -> str:
    """Return a usable token for ``scopes``, from memory, the database or the platform, in this order.

    ``refused`` is a token that a service did not take: it is not returned again, but one that another process
    has fetched since then is. Raises TokenRefusedError, BusyError, UnreachableError or UnreadableError.
    """
    memory = _memory()
    key = account.scopes_hash(scopes)
    known = memory.tokens.get(key)
    if known and _serves(known, refused):
        return known.text
    with memory.locks[key]:
        found = memory.tokens.get(key)
        if found is None or not _serves(found, refused):
            found = _stored(account, key)
        if found is None or not _serves(found, refused):
            try:
                found = _fetch(account, scopes)
            except ServiceError as error:
                error.of_platform = True
                raise
            _store(account, key, found)
        memory.tokens[key] = found
        return found.text


def may_be_to_blame(account: Account, scopes: Collection[str]) -> bool:
    """Tell whether a refusal may come from the token: not within a minute after a fresh one was refused too.

    Brightspace says 403 for each person who has left; without this each would cost a token.
    """
    until = _memory().proved_until.get(account.scopes_hash(scopes))
    return until is None or until <= now()


def note_proved(account: Account, scopes: Collection[str]) -> None:
    """Remember that a fresh token was refused as well."""
    _memory().proved_until[account.scopes_hash(scopes)] = now() + PROOF_HOLDS


def _memory() -> TokenMemory:
    return cast("TokenMemory", current_app.extensions["lti_tokens"])


def _serves(token: Token, refused: str | None) -> bool:
    return token.text != refused and now() < token.usable_until


def _stored(account: Account, key: str) -> Token | None:
    with transaction() as session:
        row = session.execute(
            select(AccessToken.token_sealed, AccessToken.expires_at).where(
                AccessToken.registration_id == account.registration_id, AccessToken.scopes_hash == key
            )
        ).one_or_none()
    if row is None:
        return None
    try:
        return Token(vault.open_sealed(bytes(row.token_sealed)).decode(), row.expires_at - MARGIN)
    except vault.VaultError:
        return None  # sealed under a former SECRET_KEY: the platform gives another


def _store(account: Account, key: str, token: Token) -> None:
    values = {
        "registration_id": account.registration_id,
        "scopes_hash": key,
        "token_sealed": vault.seal(token.text.encode()),
        "expires_at": token.usable_until + MARGIN,
    }
    with transaction() as session:
        session.execute(
            insert_into(session, AccessToken)
            .values(values)
            .on_conflict_do_update(index_elements=["registration_id", "scopes_hash"], set_=values)
        )


def _fetch(account: Account, scopes: Collection[str]) -> Token:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": client_assertion(account),
        "scope": " ".join(sorted(set(scopes))),
    }
    asked_at = now()
    try:
        response = platform_session().post(
            account.token_url, data=form, headers={"Accept": "application/json"}, allow_redirects=False
        )
    except (requests.RequestException, ValueError):
        raise UnreachableError from None
    error = error_in(response)
    if error is not None:
        raise error if is_busy(response) else TokenRefusedError(response.status_code)
    return _read(json_of(response), response.status_code, asked_at)


def _read(answer: Any, status: int, asked_at: datetime) -> Token:
    if not isinstance(answer, dict):
        raise UnreadableError(status)
    text, kind = answer.get("access_token"), answer.get("token_type", "Bearer")
    if not isinstance(text, str) or not _is_header_safe(text):
        raise UnreadableError(status)
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise UnreadableError(status)
    return Token(text, asked_at + timedelta(seconds=_lifetime(answer.get("expires_in"))) - MARGIN)


def _is_header_safe(text: str) -> bool:
    return 0 < len(text) <= MOST_CHARACTERS and text.isascii() and text.isprintable() and " " not in text


def _lifetime(told: Any) -> int:
    """Return a lifetime in whole seconds; some platforms send it as text."""
    if isinstance(told, str) and told.isascii() and told.isdigit():
        told = int(told[:9])
    if isinstance(told, bool) or not isinstance(told, int | float) or told <= 0:
        return UNTOLD_LIFETIME_SECONDS
    return int(min(told, LONGEST_LIFETIME_SECONDS))
