"""What the tool sends when it registers itself: OpenID client metadata with the LTI tool configuration in it.

Source: LTI Dynamic Registration 1.0, section 3.5, and Canvas' extensions to it. A platform that checks strictly (Canvas
does) is sent no message that it does not know; one that knows more than it tells (Moodle reviews submissions without
saying so) is sent all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from institute.i18n import LOCALES, SOURCE_LOCALE, Localised, gettext, language_tag, speaking
from lti.platforms.dynamic_configuration import PlatformConfiguration
from lti.platforms.models import Family
from lti.platforms.tool import OPTIONAL_SCOPES, SCOPES, ToolValues, tool_values

TOOL: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"
CANVAS: Final = "https://canvas.instructure.com/lti/"
CLAIMS: Final = ("iss", "sub", "name", "given_name", "family_name", "email", "locale")
RESOURCE_LINK: Final = "LtiResourceLinkRequest"
DEEP_LINKING: Final = "LtiDeepLinkingRequest"
REVIEW: Final = "LtiSubmissionReviewRequest"

Texts = dict[str, str]


def tool_configuration(platform: PlatformConfiguration, name: Localised | None = None) -> dict[str, Any]:
    """Return the body of a registration at ``platform``; ``name`` is the institute's, where it is known."""
    with speaking(SOURCE_LOCALE):
        values = tool_values()
    offered = [scope for scope in OPTIONAL_SCOPES if scope in platform.scopes]
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": values.login_url,
        "redirect_uris": list(values.redirect_uris),
        **_names(name),
        "jwks_uri": values.jwks_url,
        "logo_uri": values.icon_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join((*SCOPES, *offered)),
        TOOL: {
            "domain": values.domain,
            **_texts("description", lambda: tool_values().description),
            "target_link_uri": values.launch_url,
            "custom_parameters": dict(values.custom),
            "claims": list(CLAIMS),
            "messages": _messages(platform, values),
            CANVAS + "privacy_level": "public",
            CANVAS + "tool_id": f"coaching-institute-{values.domain}",
        },
    }


def _messages(platform: PlatformConfiguration, values: ToolValues) -> list[dict[str, Any]]:
    """Return the messages that the tool answers, each where its link may stand."""
    picker = {
        "type": DEEP_LINKING,
        "target_link_uri": values.deep_link_url,
        **_texts("label", lambda: gettext("Add from the coaching institute")),
        "icon_uri": values.icon_url,
        "placements": _placements(platform, DEEP_LINKING, ("ContentArea",), ("assignment_selection",)),
        "supported_types": ["ltiResourceLink"],
    }
    link: dict[str, Any] = {"type": RESOURCE_LINK, "target_link_uri": values.launch_url}
    if platform.family is Family.CANVAS:
        # A message without a placement would stand in the list of things to link to, beside the picker.
        link |= {
            **_names(None, key="label"),
            "icon_uri": values.icon_url,
            "placements": _placements(platform, RESOURCE_LINK, ("course_navigation",), ()),
            CANVAS + "course_navigation/default_enabled": False,
            CANVAS + "visibility": "members",
        }
    messages = [picker, link]
    if platform.family is not Family.CANVAS or REVIEW in platform.messages:
        messages.append({"type": REVIEW, "target_link_uri": values.launch_url})
    return messages


def _placements(
    platform: PlatformConfiguration, message: str, always: tuple[str, ...], where_known: tuple[str, ...]
) -> list[str]:
    """Return the placements of a message, spelt as the platform spells them; ``where_known`` if it names them."""
    spelt = {name.removeprefix(CANVAS): name for name in platform.messages.get(message, ())}
    return [spelt.get(name, name) for name in (*always, *where_known) if name in always or name in spelt]


def _names(name: Localised | None, *, key: str = "client_name") -> Texts:
    if name is None:
        return _texts(key, lambda: tool_values().client_name)
    translated = {f"{key}#{language_tag(locale)}": text for locale, text in name.texts.items()}
    return {key: name.texts[name.source], **translated}


def _texts(key: str, say: Callable[[], str]) -> Texts:
    """Return a text under its key, and in each language under the key with the language's tag (OpenID, 2.1)."""
    texts = {}
    for locale in LOCALES:
        with speaking(locale):
            texts[f"{key}#{language_tag(locale)}"] = say()
    return {key: texts[f"{key}#{language_tag(SOURCE_LOCALE)}"], **texts}
