"""What a worker must know of a registration to use its services, taken out of the database before the network."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from lti.platforms.models import Registration, RegistrationId


@dataclass(frozen=True, slots=True)
class Account:
    """The tool's account at a platform: who it is there, and where tokens come from."""

    registration_id: RegistrationId
    issuer: str
    client_id: str
    token_url: str
    audience: str
    """``aud`` of the client assertion, verbatim: the token address, or what the platform wants instead."""

    @classmethod
    def of(cls, registration: Registration) -> Account:
        """Read what is needed from a registration."""
        return cls(
            registration_id=registration.id,
            issuer=registration.issuer,
            client_id=registration.client_id,
            token_url=registration.token_url,
            audience=registration.token_audience or registration.token_url,
        )

    def scopes_hash(self, scopes: Collection[str]) -> str:
        """Return the SHA-256 (hex) under which a token for these scopes is shared.

        Address, client and audience belong to it: a token got before one of them was changed is not used after.
        """
        parts = [self.issuer, self.client_id, self.token_url, self.audience, *sorted(set(scopes))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
