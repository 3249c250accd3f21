"""The addresses that certificates carry for ever: all under VERIFY_URL, which never changes."""

from __future__ import annotations

from flask import current_app

from certificates.awards.codes import print_code
from institute.config import current_settings

STATUS_LIST = 1


def verify_url(code: str) -> str:
    """Return what the QR code opens."""
    return _absolute("verify.certificate", code=code)


def verify_address(code: str) -> str:
    """Return what a certificate prints for whoever cannot scan: the address of the form, and the code to type."""
    form = _absolute("verify.index").split("://", 1)[1].rstrip("/")
    return f"{form} {print_code(code)}"


def issuer_url(slug: str) -> str:
    """Return the address of an institute's profile, which is its id as an issuer."""
    return _absolute("issuer.profile", slug=slug)


def status_url(slug: str) -> str:
    """Return the address of an institute's list of statuses."""
    return _absolute("issuer.statuses", slug=slug, number=STATUS_LIST)


def achievement_url(slug: str, level_key: str) -> str:
    """Return the address that describes a level as an achievement."""
    return _absolute("issuer.achievement", slug=slug, level_key=level_key)


def _absolute(endpoint: str, **values: object) -> str:
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return current_settings().verify_url + path
