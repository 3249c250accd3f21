"""What a platform says about itself: its OpenID configuration, fetched from the address that it gave, and judged.

Source: LTI Dynamic Registration 1.0, section 2.1. The configuration must come from the host that it speaks for, so that
nobody registers in another's name. Canvas is the known exception: all of its customers share one issuer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from lti.http import NetworkRefusedError, is_in_own_networks, platform_session
from lti.platforms.dynamic_errors import (
    ConfigurationError,
    ConfigurationUnreachableError,
    IssuerMismatchError,
    PlainAddressError,
    PrivateNetworkError,
)
from lti.platforms.dynamic_models import MAX_NAME
from lti.platforms.models import MAX_ID_LENGTH, MAX_URL_LENGTH, MAX_VERSION_LENGTH, Family
from lti.platforms.strings import clean_text, is_clean, origin, web_address

PLATFORM: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"
ACCOUNT_NAME: Final = "https://canvas.instructure.com/lti/account_name"
CANVAS_ISSUERS: Final = frozenset(
    {
        "https://canvas.instructure.com",
        "https://canvas.beta.instructure.com",
        "https://canvas.test.instructure.com",
    }
)
CANVAS_HOSTS: Final = (".instructure.com", ".canvaslms.com")
MAX_LISTED: Final = 200
TIMEOUT_S: Final = (3.05, 5.0)
FAMILIES: Final = {
    "moodle": Family.MOODLE,
    "canvas": Family.CANVAS,
    "desire2learn": Family.BRIGHTSPACE,
    "brightspace": Family.BRIGHTSPACE,
    "blackboard": Family.BLACKBOARD,
    "open-edx": Family.OPENEDX,
    "openedx": Family.OPENEDX,
    "sakai": Family.SAKAI,
}
"""Families by how they call themselves: ``product_family_code``, before any other sign than letters and dashes."""


@dataclass(frozen=True, slots=True)
class PlatformConfiguration:
    """A platform, as it describes itself. ``messages`` are the types it knows, with their placements.

    ``token_audience`` is what it wants as ``aud`` of token requests where that is not the token address (Brightspace).
    """

    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    token_audience: str | None
    name: str
    family: Family
    version: str
    scopes: tuple[str, ...]
    messages: Mapping[str, tuple[str, ...]]

    @property
    def origins(self) -> list[str]:
        """Return the origins whose pages may frame ours."""
        named = (self.issuer, self.auth_url, self.registration_url)
        return list(dict.fromkeys(origin(address) for address in named))


def fetch_configuration(address: str, token: str) -> PlatformConfiguration:
    """Return what a platform says at ``address``; ``token`` is the bearer that it gave, or empty.

    Raises PlainAddressError, PrivateNetworkError, ConfigurationUnreachableError, ConfigurationError or
    IssuerMismatchError.
    """
    require_protected(address)
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    host = urlsplit(address).hostname or ""
    try:
        response = platform_session().get(address, headers=headers, timeout=TIMEOUT_S)
        body = response.json() if response.status_code == HTTPStatus.OK else None
    except NetworkRefusedError:
        raise PrivateNetworkError(detail=host) from None
    except (requests.RequestException, ValueError, RecursionError):
        raise ConfigurationUnreachableError(detail=host) from None
    if not isinstance(body, dict):
        raise ConfigurationUnreachableError(detail=host)
    configuration = _read(body)
    _require_own_issuer(configuration, str(response.url))
    return configuration


def require_protected(address: str) -> None:
    """Raise PlainAddressError for an address without TLS, except in the networks that the operator named."""
    if urlsplit(address).scheme != "https" and not is_in_own_networks(address):
        raise PlainAddressError(detail=origin(address))


def _read(body: Mapping[str, Any]) -> PlatformConfiguration:
    about = body.get(PLATFORM)
    about = about if isinstance(about, dict) else {}
    endpoints = {
        name: _endpoint(body, name)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
    }
    server = body.get("authorization_server")
    return PlatformConfiguration(
        issuer=_issuer(body),
        auth_url=endpoints["authorization_endpoint"],
        token_url=endpoints["token_endpoint"],
        jwks_url=endpoints["jwks_uri"],
        registration_url=endpoints["registration_endpoint"],
        token_audience=server if isinstance(server, str) and _is_usable(server) else None,
        name=_text(about.get(ACCOUNT_NAME), MAX_NAME),
        family=_family(_text(about.get("product_family_code"), MAX_NAME)),
        version=_text(about.get("version"), MAX_VERSION_LENGTH),
        scopes=_strings(body.get("scopes_supported")),
        messages=_messages(about.get("messages_supported")),
    )


def _issuer(body: Mapping[str, Any]) -> str:
    issuer = body.get("issuer")
    if not isinstance(issuer, str) or len(issuer) > MAX_ID_LENGTH or web_address(issuer) is None:
        raise ConfigurationError(detail="issuer")
    require_protected(issuer)
    return issuer


def _endpoint(body: Mapping[str, Any], name: str) -> str:
    address = body.get(name)
    if not isinstance(address, str) or not _is_usable(address):
        raise ConfigurationError(detail=name)
    require_protected(address)
    return address


def _is_usable(address: str) -> bool:
    return web_address(address) is not None and len(address) <= MAX_URL_LENGTH and "#" not in address


def _require_own_issuer(configuration: PlatformConfiguration, address: str) -> None:
    """Raise IssuerMismatchError where a configuration speaks for somebody else.

    ``address`` is where it came from in the end: an address of the platform may lead elsewhere. Where it speaks for
    Canvas, its keys and logins must be at Canvas' own hosts or, at an institution that runs Canvas itself and left
    its issuer as it was, all at the host that the configuration comes from.
    """
    if origin(configuration.issuer) == origin(address):
        return
    if configuration.issuer in CANVAS_ISSUERS:
        called = (configuration.auth_url, configuration.token_url, configuration.jwks_url)
        hosts = {urlsplit(one).hostname or "" for one in called}
        if hosts == {urlsplit(address).hostname} or all(host.endswith(CANVAS_HOSTS) for host in hosts):
            return
    raise IssuerMismatchError(detail=origin(configuration.issuer))


def _family(code: str) -> Family:
    lowered = code.lower()
    return next((family for name, family in FAMILIES.items() if lowered.startswith(name)), Family.OTHER)


def _messages(listed: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for message in listed[:MAX_LISTED] if isinstance(listed, list) else ():
        # A draft of the standard listed bare names, and some platforms do still.
        kind = message.get("type") if isinstance(message, dict) else message
        if isinstance(kind, str):
            placements = _strings(message.get("placements")) if isinstance(message, dict) else ()
            found[kind] = found.get(kind, ()) + placements
    return found


def _strings(listed: Any) -> tuple[str, ...]:
    kept = listed[:MAX_LISTED] if isinstance(listed, list) else []
    return tuple(one for one in kept if isinstance(one, str) and is_clean(one) and len(one) <= MAX_URL_LENGTH)


def _text(value: Any, longest: int) -> str:
    return clean_text(value, longest) if isinstance(value, str) else ""
