"""The tool's public keys: fetched, kept, and fetched again when a token names a key that is not among them."""

import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

import requests
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

TIMEOUT_SECONDS: Final = 5


class ToolKeysUnreadableError(Exception):
    """The tool's key set could not be fetched or is no key set. The message says why."""


class ToolKeys:
    """The key set of one tool. ``read`` returns the set as the tool publishes it."""

    def __init__(self, read: Callable[[], Mapping[str, object]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._keys: dict[str, RSAKey | ECKey] = {}

    def find(self, kid: str) -> RSAKey | ECKey | None:
        """Return the key of that name, or None where the tool does not publish one.

        Raises ToolKeysUnreadableError.
        """
        with self._lock:
            if kid not in self._keys:
                self._keys = self._fetch()
            return self._keys.get(kid)

    def forget(self) -> None:
        """Fetch the key set again at the next token."""
        with self._lock:
            self._keys = {}

    def _fetch(self) -> dict[str, RSAKey | ECKey]:
        published = self._read().get("keys")
        if not isinstance(published, list):
            raise ToolKeysUnreadableError("The tool's key set has no list of keys.")
        keys: dict[str, RSAKey | ECKey] = {}
        for entry in published:
            kid, key = _load(entry)
            keys[kid] = key
        return keys


def fetch_key_set(address: str) -> Mapping[str, object]:
    """Fetch a key set over HTTP. Raises ToolKeysUnreadableError."""
    try:
        answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        key_set = answer.json()
    except requests.RequestException as error:
        raise ToolKeysUnreadableError(f"{address} could not be read.") from error
    if answer.status_code != HTTPStatus.OK or not isinstance(key_set, dict):
        raise ToolKeysUnreadableError(f"{address} holds no key set.")
    return key_set


def _load(entry: object) -> tuple[str, RSAKey | ECKey]:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
        raise ToolKeysUnreadableError("A key of the tool has no name.")
    if {"d", "p", "q", "k"} & entry.keys():
        raise ToolKeysUnreadableError("The tool publishes a private key.")
    try:
        key = import_key(entry)
    except (JoseError, ValueError, TypeError) as error:
        raise ToolKeysUnreadableError("A key of the tool cannot be read.") from error
    if not isinstance(key, RSAKey | ECKey):
        raise ToolKeysUnreadableError("A key of the tool is neither RSA nor EC.")
    return entry["kid"], key
