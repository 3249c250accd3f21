"""The address in a message at which its reader stops such messages: it needs no session, and opens nothing else."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from institute.actors import InstituteId, PersonId
from institute.config import current_settings
from institute.messages.topics import Topic
from institute.people.models import Person

_MARK: Final = 16
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Stop:
    """Whose messages an address stops, and on which topics, by their keys."""

    institute_id: InstituteId
    person_id: PersonId
    topics: tuple[str, ...]


def stop_address(person: Person, topics: Sequence[Topic]) -> str:
    """Return the address at which a person stops messages of ``topics``, the same each time."""
    said = f"{person.institute_id} {person.id} {' '.join(sorted({topic.key for topic in topics}))}".encode()
    mark = _mark(current_settings().secret_key, said)
    token = base64.urlsafe_b64encode(mark + said).decode().rstrip("=")
    return f"{current_settings().public_url}/mail/stop/{token}"


def read_stop(token: str) -> Stop | None:
    """Return what an address stops, or None if it is not one of ours (any more)."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    mark, said = whole[:_MARK], whole[_MARK:]
    settings = current_settings()
    secrets = filter(None, (settings.secret_key, settings.former_secret_key))
    if not any(hmac.compare_digest(mark, _mark(secret, said)) for secret in secrets):
        return None
    institute, person, *topics = said.decode().split(" ")
    return Stop(InstituteId(int(institute)), PersonId(int(person)), tuple(topics))


def _mark(secret: str, said: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"mail stop:" + said, "sha256")[:_MARK]
