"""The tool's own values, under the names that each platform gives its fields, and Canvas' whole configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from institute.i18n import LazyText, gettext, lazy_gettext
from lti.platforms.models import Family
from lti.platforms.tool import ToolValues

CANVAS_PATH: Final = "/lti/canvas.json"
CANVAS_PLACEMENTS: Final = ("link_selection", "assignment_selection")


@dataclass(frozen=True, slots=True)
class Value:
    """One value to copy, under the name that the platform gives its field. ``again``: another value holds it too."""

    key: str
    label: str
    text: str
    lines: int = 1
    again: bool = False


_LOGIN: Final = lazy_gettext("Login address")
_REDIRECT: Final = lazy_gettext("Redirect address")
_KEYS: Final = lazy_gettext("Key address")
_TARGET: Final = lazy_gettext("Address of the tool")
_PICKER: Final = lazy_gettext("Address for choosing content")
_CUSTOM: Final = lazy_gettext("Custom parameters")
_NAMES: Final[Mapping[Family, tuple[LazyText, ...]]] = {
    Family.MOODLE: (
        lazy_gettext("Tool URL"),
        lazy_gettext("Initiate login URL"),
        lazy_gettext("Redirection URI(s)"),
        lazy_gettext("Public keyset"),
        lazy_gettext("Content Selection URL"),
        _CUSTOM,
    ),
    Family.CANVAS: (
        lazy_gettext("Target Link URI"),
        lazy_gettext("OpenID Connect Initiation Url"),
        lazy_gettext("Redirect URIs"),
        lazy_gettext("Public JWK URL"),
        lazy_gettext("Target Link URI of the placements"),
        lazy_gettext("Custom Fields"),
    ),
    Family.BRIGHTSPACE: (
        lazy_gettext("Target Link URI"),
        lazy_gettext("OpenID Connect Login URL"),
        lazy_gettext("Redirect URLs"),
        lazy_gettext("Keyset URL"),
        lazy_gettext("URL of a deep linking quicklink"),
        lazy_gettext("Substitution parameters"),
    ),
    Family.BLACKBOARD: (
        lazy_gettext("Target link URI"),
        lazy_gettext("Login initiation URL"),
        lazy_gettext("Tool redirect URL(s)"),
        lazy_gettext("Tool JWKS URL"),
        lazy_gettext("Target link URI of a deep linking placement"),
        lazy_gettext("Tool custom parameters"),
    ),
    Family.OPENEDX: (
        lazy_gettext("Tool Launch URL"),
        lazy_gettext("Tool Initiate Login URL"),
        lazy_gettext("Registered Redirect URIs"),
        lazy_gettext("Tool Keyset URL"),
        lazy_gettext("Deep Linking Launch URL"),
        lazy_gettext("Custom Parameters"),
    ),
}
_PLAIN_NAMES: Final = (_TARGET, _LOGIN, _REDIRECT, _KEYS, _PICKER, _CUSTOM)
_KEYS_IN_ORDER: Final = ("launch", "login", "redirect", "jwks", "deep_link", "custom")


def values_to_copy(family: Family, tool: ToolValues) -> list[Value]:
    """Return the tool's values under the names of the platform's fields, in an order that suits all of them."""
    custom = custom_lines(tool, family)
    texts = (
        tool.launch_url,
        tool.login_url,
        "\n".join(tool.redirect_uris),
        tool.jwks_url,
        tool.deep_link_url,
        custom,
    )
    found = [
        Value(key, str(label), text, lines=text.count("\n") + 1)
        for key, label, text in zip(_KEYS_IN_ORDER, _NAMES.get(family, _PLAIN_NAMES), texts, strict=True)
    ]
    if family is Family.CANVAS:
        found = [replace(one, again=one.key != "redirect") for one in found]
        found.insert(0, Value("json", gettext("JSON of the LTI key"), canvas_json(tool), lines=12))
        found.insert(
            1, Value("json-url", gettext("Address of that JSON, for “Enter URL”"), canvas_address(tool))
        )
    elif family is Family.BRIGHTSPACE:
        found.insert(0, Value("domain", gettext("Domain"), f"https://{tool.domain}"))
    elif family is Family.BLACKBOARD:
        found.insert(0, Value("domain", gettext("Domain(s)"), tool.domain))
    return found


def custom_lines(tool: ToolValues, family: Family) -> str:
    """Return the custom parameters as the platform wants them typed: lines of ``name=value``, or JSON."""
    if family is Family.OPENEDX:
        return json.dumps([f"{name}={value}" for name, value in tool.custom], indent=1)
    return "\n".join(f"{name}={value}" for name, value in tool.custom)


def canvas_address(tool: ToolValues) -> str:
    """Return where Canvas can fetch the configuration: beside the tool's other addresses."""
    return tool.jwks_url.removesuffix("/lti/jwks") + CANVAS_PATH


def canvas_json(tool: ToolValues) -> str:
    """Return the configuration of an LTI key as Canvas takes it pasted.

    Source: Canvas LMS documentation, "Configuring LTI Advantage Tools", the JSON of the "Paste JSON" method.
    """
    placements: list[dict[str, Any]] = [
        {
            "placement": name,
            "message_type": "LtiDeepLinkingRequest",
            "target_link_uri": tool.deep_link_url,
            "text": tool.client_name,
            "icon_url": tool.icon_url,
        }
        for name in CANVAS_PLACEMENTS
    ]
    placements.append(
        {
            "placement": "course_navigation",
            "message_type": "LtiResourceLinkRequest",
            "target_link_uri": tool.launch_url,
            "text": tool.client_name,
            "default": "disabled",
        }
    )
    configuration = {
        "title": tool.client_name,
        "description": tool.description,
        "oidc_initiation_url": tool.login_url,
        "target_link_uri": tool.launch_url,
        "public_jwk_url": tool.jwks_url,
        "scopes": list(tool.scopes),
        "custom_fields": dict(tool.custom),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": tool.domain,
                "tool_id": f"coaching-institute-{tool.domain}",
                "privacy_level": "public",
                "settings": {"text": tool.client_name, "icon_url": tool.icon_url, "placements": placements},
            }
        ],
    }
    return json.dumps(configuration, indent=2, ensure_ascii=False)
