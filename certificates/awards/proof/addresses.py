"""The addresses that certificates carry for ever: all under VERIFY_URL, which never changes."""

from __future__ import annotations

from flask import current_app

from certificates.awards.proof.codes import print_code
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


def credential_url(code: str) -> str:
    """Return the address of an award's Open Badge, which is the badge's id."""
    return _absolute("credential.badge", code=code)


def status_url(slug: str, number: int = STATUS_LIST) -> str:
    """Return the address of an institute's list of what does not hold."""
    return _absolute("issuer.statuses", slug=slug, number=number)


def key_url(slug: str, kid: str) -> str:
    """Return the address that answers with one public key as a JWK."""
    return _absolute("issuer.key", slug=slug, kid=kid)


def achievement_url(slug: str, level_key: str, version: int) -> str:
    """Return the address that describes a version of a level as an achievement."""
    return _absolute("issuer.achievement_version", slug=slug, level_key=level_key, version=version)


def image_url(slug: str, level_key: str, version: int) -> str:
    """Return the address of an achievement's picture."""
    return _absolute("issuer.image", slug=slug, level_key=level_key, version=version)


def competency_url(slug: str, framework: str, element: str) -> str:
    """Return the address that describes an element of a framework, to which achievements are aligned."""
    return _absolute("issuer.competency", slug=slug, framework=framework, element=element)


def _absolute(endpoint: str, **values: object) -> str:
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return current_settings().verify_url + path
