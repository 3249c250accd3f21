# ruff: noqa: S106  (addresses of token endpoints, not secrets)
"""What is known of each learning platform: its addresses, built from where it stands. Pure.

Every value stays a proposal: the form shows it, and whoever connects the platform may change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from institute.i18n import LazyText, lazy_gettext
from lti.platforms.models import Family
from lti.platforms.strings import web_address


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of installation. Addresses may hold ``{base}`` (where the platform stands) and ``{client_id}``.

    An empty address is one that only the platform itself can tell.
    """

    key: str
    family: Family
    label: LazyText | str
    issuer: str = ""
    auth_url: str = ""
    token_url: str = ""
    jwks_url: str = ""
    token_audience: str = ""

    @property
    def needs_base(self) -> bool:
        """Whether its addresses depend on where the platform stands."""
        return any("{base}" in text for text in (self.issuer, self.auth_url, self.token_url, self.jwks_url))


def _canvas_cloud(key: str, label: LazyText | str, stage: str) -> Preset:
    """Return a stage of Canvas' cloud: one issuer and one login address for all its customers."""
    return Preset(
        key=key,
        family=Family.CANVAS,
        label=label,
        issuer=f"https://canvas.{stage}instructure.com",
        auth_url=f"https://sso.{stage}canvaslms.com/api/lti/authorize_redirect",
        token_url=f"https://sso.{stage}canvaslms.com/login/oauth2/token",
        jwks_url=f"https://sso.{stage}canvaslms.com/api/lti/security/jwks",
    )


PRESETS: Final = (
    Preset(
        key="moodle",
        family=Family.MOODLE,
        label="Moodle",
        issuer="{base}",
        auth_url="{base}/mod/lti/auth.php",
        token_url="{base}/mod/lti/token.php",
        jwks_url="{base}/mod/lti/certs.php",
    ),
    _canvas_cloud("canvas", "Canvas", ""),
    _canvas_cloud("canvas-beta", lazy_gettext("Canvas, beta environment"), "beta."),
    _canvas_cloud("canvas-test", lazy_gettext("Canvas, test environment"), "test."),
    Preset(
        key="canvas-own",
        family=Family.CANVAS,
        label=lazy_gettext("Canvas on a server of your own"),
        issuer="{base}",
        auth_url="{base}/api/lti/authorize_redirect",
        token_url="{base}/login/oauth2/token",
        jwks_url="{base}/api/lti/security/jwks",
    ),
    Preset(
        key="brightspace",
        family=Family.BRIGHTSPACE,
        label="Brightspace",
        issuer="{base}",
        auth_url="{base}/d2l/lti/authenticate",
        token_url="https://auth.brightspace.com/core/connect/token",
        jwks_url="{base}/d2l/.well-known/jwks",
        token_audience="https://api.brightspace.com/auth/token",
    ),
    Preset(
        key="blackboard",
        family=Family.BLACKBOARD,
        label="Blackboard",
        issuer="https://blackboard.com",
        auth_url="https://developer.blackboard.com/api/v1/gateway/oidcauth",
        token_url="https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
        jwks_url="https://developer.blackboard.com/api/v1/management/applications/{client_id}/jwks.json",
    ),
    Preset(
        key="openedx",
        family=Family.OPENEDX,
        label="Open edX",
        issuer="{base}",
        auth_url="{base}/api/lti_consumer/v1/launch/",
    ),
    Preset(
        key="sakai",
        family=Family.SAKAI,
        label="Sakai",
        issuer="{base}",
        auth_url="{base}/imsoidc/lti13/oidc_auth",
        jwks_url="{base}/imsblis/lti13/keyset",
    ),
    Preset(key="other", family=Family.OTHER, label=lazy_gettext("Another platform")),
)
BY_KEY: Final[Mapping[str, Preset]] = {one.key: one for one in PRESETS}
FAMILY_LABELS: Final[Mapping[Family, LazyText | str]] = {
    **{one.family: one.label for one in reversed(PRESETS)},
    Family.OTHER: lazy_gettext("Another platform"),
}
# Where people stand when they copy the address of their platform out of the browser.
_INSIDE: Final = (
    "/my",
    "/login",
    "/course",
    "/courses",
    "/admin",
    "/mod",
    "/user",
    "/d2l",
    "/accounts",
    "/portal",
)


def find_preset(key: str) -> Preset | None:
    """Return the preset of that key, if there is one."""
    return BY_KEY.get(key)


def base_of(typed: str) -> str | None:
    """Return where a platform stands, from any address of it that somebody copied; None if it is no address.

    ``moodle.example.org/my/courses.php?x=1`` is ``https://moodle.example.org``.
    """
    text = typed.strip()
    address = web_address(text if "://" in text else f"https://{text}")
    if address is None:
        return None
    parts = urlsplit(address)
    path: list[str] = []
    for piece in parts.path.split("/"):
        if f"/{piece}" in _INSIDE or piece.endswith(".php"):
            break
        path.append(piece)
    return f"{parts.scheme}://{parts.netloc}{'/'.join(path)}".rstrip("/")


def fill(preset: Preset, *, base: str, client_id: str = "") -> dict[str, str]:
    """Return the addresses of a preset by the names of the form's fields; what is not known yet stays empty."""
    filled: dict[str, str] = {}
    for name in ("issuer", "auth_url", "token_url", "jwks_url", "token_audience"):
        text: str = getattr(preset, name)
        unknown = ("{base}" in text and not base) or ("{client_id}" in text and not client_id)
        filled[name] = "" if unknown else text.replace("{base}", base).replace("{client_id}", client_id)
    return filled
