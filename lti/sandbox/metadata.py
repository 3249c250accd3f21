"""What a tool says about itself when it registers: judged strictly, and cut to what is granted."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from lti.sandbox.content_items import BadContentError, check_address
from lti.sandbox.profiles import Profile
from lti.sandbox.vocabulary import CANVAS, DEEP_LINKING, RESOURCE_LINK, SUBMISSION_REVIEW, TOOL_CONFIGURATION

LONGEST: Final = 4000
MESSAGE_TYPES: Final = (RESOURCE_LINK, DEEP_LINKING, SUBMISSION_REVIEW)
PRIVACY_LEVELS: Final = frozenset({"public", "name_only", "email_only", "anonymous"})
VISIBILITIES: Final = frozenset({"admins", "members", "public"})
ADDRESSES: Final = ("initiate_login_uri", "jwks_uri")
OPTIONAL_ADDRESSES: Final = ("logo_uri", "client_uri", "tos_uri", "policy_uri")


class BadMetadataError(Exception):
    """A registration that this platform does not take: Moodle's word for it where it has one, and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def grant(asked: Mapping[str, Any], scopes: tuple[str, ...], profile: Profile) -> dict[str, Any]:
    """Return the configuration as it is granted. Raises BadMetadataError."""
    _check_client(asked)
    lti = asked.get(TOOL_CONFIGURATION)
    if not isinstance(lti, dict):
        raise BadMetadataError("invalid_lti_tool_configuration", f"{TOOL_CONFIGURATION} must be an object.")
    _check_tool(asked, lti)
    if profile.family == "canvas":
        _check_canvas(lti)
    wanted = asked["scope"].split()
    unknown = set(wanted) - set(scopes)
    if unknown and profile.name == "strict":
        raise BadMetadataError("invalid_scope", f"These scopes are unknown: {', '.join(sorted(unknown))}.")
    granted = {name: asked[name] for name in (*ADDRESSES, *OPTIONAL_ADDRESSES) if name in asked}
    return granted | {
        "client_name": asked["client_name"],
        "redirect_uris": asked["redirect_uris"],
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope for scope in scopes if scope in wanted),
        TOOL_CONFIGURATION: {
            **lti,
            "messages": [message for message in lti["messages"] if message["type"] in MESSAGE_TYPES],
        },
    }


def _check_client(asked: Mapping[str, Any]) -> None:
    for name, wanted in (("application_type", "web"), ("token_endpoint_auth_method", "private_key_jwt")):
        if asked.get(name) != wanted:
            raise BadMetadataError(f"invalid_{name}", f"{name} must be {wanted}.")
    if "id_token" not in _read_texts(asked, "response_types"):
        raise BadMetadataError("invalid_response_types", "response_types must hold id_token.")
    grants = _read_texts(asked, "grant_types")
    if not {"implicit", "client_credentials"} <= set(grants):
        raise BadMetadataError(
            "invalid_grant_types", "grant_types must hold implicit and client_credentials."
        )
    for name in ("client_name", "scope"):
        if not isinstance(asked.get(name), str) or not 0 < len(asked[name].strip()) <= LONGEST:
            raise BadMetadataError(f"invalid_{name}", f"{name} must be a text.")
    _check_addresses(asked)


def _check_addresses(asked: Mapping[str, Any]) -> None:
    for name in ADDRESSES:
        if name not in asked:
            raise BadMetadataError(f"missing required attribute {name}", f"{name} is missing.")
    for name in (*ADDRESSES, *OPTIONAL_ADDRESSES):
        if name in asked:
            _check(check_address, f"invalid_{name}", name, asked[name])
    addresses = _read_texts(asked, "redirect_uris")
    if not addresses:
        raise BadMetadataError("invalid_redirect_uris", "redirect_uris must hold an address.")
    for address in addresses:
        _check(check_address, "invalid_redirect_uris", "redirect_uris", address)


def _check_tool(asked: Mapping[str, Any], lti: Mapping[str, Any]) -> None:
    _check(check_address, "invalid_target_link_uri", "target_link_uri", lti.get("target_link_uri"))
    domain = urlsplit(lti["target_link_uri"]).netloc
    if lti.get("domain") != domain:
        raise BadMetadataError("domain_targetlinkuri_mismatch", f"domain must be {domain}.")
    for address in (asked["initiate_login_uri"], asked["jwks_uri"], *asked["redirect_uris"]):
        if urlsplit(address).netloc != domain:
            raise BadMetadataError("domain_mismatch", f"{address} is not on the domain {domain}.")
    if not _read_texts(lti, "claims"):
        raise BadMetadataError("invalid_claims", "claims must be a list that is not empty.")
    _check_custom("custom_parameters", lti.get("custom_parameters", {}))
    messages = lti.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadMetadataError("invalid_messages", "messages must be a list that is not empty.")
    for message in messages:
        _check_message(message, domain)


def _check_message(message: object, domain: str) -> None:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise BadMetadataError("invalid_messages", "Each message must be an object with a type.")
    address = message.get("target_link_uri")
    if address is not None:
        _check(check_address, "invalid_messages", "target_link_uri", address)
        if urlsplit(address).netloc != domain:
            raise BadMetadataError("domain_mismatch", f"{address} is not on the domain {domain}.")
    _check_custom("messages.custom_parameters", message.get("custom_parameters", {}))
    for name in ("placements", "roles", "supported_types"):
        _read_texts(message, name)
    if not isinstance(message.get("label", ""), str):
        raise BadMetadataError("invalid_messages", "label must be a text.")


def _check_canvas(lti: Mapping[str, Any]) -> None:
    """Check Canvas' own claims: they are left out, or they are right."""
    level = lti.get(f"{CANVAS}privacy_level", "anonymous")
    if level not in PRIVACY_LEVELS:
        raise BadMetadataError(
            "invalid_privacy_level", f"privacy_level must be one of {sorted(PRIVACY_LEVELS)}."
        )
    if not isinstance(lti.get(f"{CANVAS}tool_id", ""), str):
        raise BadMetadataError("invalid_tool_id", "tool_id must be a text.")
    for message in lti["messages"]:
        if message["type"] not in {RESOURCE_LINK, DEEP_LINKING}:
            raise BadMetadataError("invalid_messages", f"{message['type']} is unknown here.")
        if message.get(f"{CANVAS}visibility", "public") not in VISIBILITIES:
            raise BadMetadataError("invalid_visibility", f"visibility must be one of {sorted(VISIBILITIES)}.")
        if not isinstance(message.get(f"{CANVAS}course_navigation/default_enabled", True), bool):
            raise BadMetadataError("invalid_default_enabled", "default_enabled must be true or false.")


def _check_custom(name: str, values: object) -> None:
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise BadMetadataError("invalid_custom_parameters", f"{name} must be an object of texts.")


def _read_texts(holder: Mapping[str, Any], name: str) -> list[str]:
    values = holder.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadMetadataError(f"invalid_{name}", f"{name} must be a list of texts.")
    return values


def _check(check: Callable[[str, object], None], code: str, name: str, value: object) -> None:
    try:
        check(name, value)
    except BadContentError as error:
        raise BadMetadataError(code, str(error)) from error
