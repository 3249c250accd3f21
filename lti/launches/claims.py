"""The claims of a launch: one validator per claim, each naming the rule it holds, and what they make together.

Section numbers are those of the LTI 1.3 core specification unless another is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lti.launches.errors import ClaimError, MessageTypeError, VersionError
from lti.launches.messages import (
    DEEP_LINKING_REQUEST,
    MESSAGE_TYPES,
    RESOURCE_LINK_REQUEST,
    SUBMISSION_REVIEW_REQUEST,
    DeepLinkingClaim,
    read_deep_linking,
    read_for_user,
)
from lti.launches.payload import CLAIM, Claims, read_identifier, read_object, read_text, read_texts
from lti.platforms.models import MAX_ID_LENGTH, MAX_URL_LENGTH
from lti.platforms.strings import clean_text, is_clean, web_address

MENTORED: Final = CLAIM + "role_scope_mentor"
AGS_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

MAX_NAME: Final = 300
MAX_EMAIL: Final = 254
MAX_TITLE: Final = 500
MAX_LABEL: Final = 200
MAX_ROLES: Final = 200
MAX_SCOPES: Final = 50
MAX_MENTORED: Final = 1000


@dataclass(frozen=True, slots=True)
class ResourceLinkClaim:
    """The link that was opened; its id is unique within the deployment."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class ContextClaim:
    """The course that the link stands in."""

    id: str
    title: str
    label: str


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """Who came. ``sub`` is None for an anonymous launch; name and e-mail are empty where not shared."""

    sub: str | None
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ServiceClaims:
    """What the platform offers about this link: grades (AGS) and roster (NRPS)."""

    ags_scopes: tuple[str, ...] = ()
    lineitems_url: str | None = None
    lineitem_url: str | None = None
    nrps_url: str | None = None


@dataclass(frozen=True, slots=True)
class LaunchClaims:
    """Everything that a verified launch says, checked and in types of our own.

    A request for content (deep linking) speaks of no link and needs no ``target_link_uri``: it is empty then.
    ``for_user`` is whose work is to be reviewed, for a submission review alone; ``mentored`` whom a mentor accompanies.
    """

    message_type: str
    deployment_id: str
    target_link_uri: str
    resource_link: ResourceLinkClaim | None
    context: ContextClaim | None
    person: PersonClaim
    roles: tuple[str, ...]
    locale: str | None = None
    return_url: str | None = None
    services: ServiceClaims = field(default_factory=ServiceClaims)
    custom: Mapping[str, str] = field(default_factory=dict)
    mentored: tuple[str, ...] = ()
    deep_linking: DeepLinkingClaim | None = None
    for_user: str | None = None

    @property
    def return_urls(self) -> tuple[str, ...]:
        """The addresses to which the launch may lead back; their pages frame ours."""
        asked = self.deep_linking.return_url if self.deep_linking else None
        return tuple(url for url in (self.return_url, asked) if url)


def read_claims(claims: Claims, *, allow_anonymous: bool) -> LaunchClaims:
    """Return what a verified payload says. Raises VersionError, MessageTypeError or ClaimError."""
    validate_version(claims)
    message_type = read_message_type(claims)
    asks_for_content = message_type == DEEP_LINKING_REQUEST
    reviews = message_type == SUBMISSION_REVIEW_REQUEST
    presentation = read_object(claims, CLAIM + "launch_presentation")
    return LaunchClaims(
        message_type=message_type,
        deployment_id=read_deployment_id(claims),
        target_link_uri=read_target_link_uri(claims, required=message_type == RESOURCE_LINK_REQUEST),
        resource_link=read_resource_link(claims) if _has_link(claims, message_type) else None,
        context=read_context(claims),
        person=read_person(claims, allow_anonymous=allow_anonymous),
        roles=read_roles(claims),
        locale=read_locale(claims, presentation),
        return_url=web_address(read_text(presentation, "return_url", MAX_URL_LENGTH)),
        services=read_services(claims, needs_column=reviews),
        custom=read_custom(claims),
        mentored=read_mentored(claims),
        deep_linking=read_deep_linking(claims) if asks_for_content else None,
        for_user=read_for_user(claims) if reviews else None,
    )


def validate_version(claims: Claims) -> None:
    """Require version 1.3.0 (5.3.2). Raises VersionError."""
    if claims.get(CLAIM + "version") != "1.3.0":
        raise VersionError


def read_message_type(claims: Claims) -> str:
    """Return the message's type, one that is answered here (5.3.1). Raises MessageTypeError."""
    message_type = claims.get(CLAIM + "message_type")
    if not isinstance(message_type, str) or message_type not in MESSAGE_TYPES:
        raise MessageTypeError
    return message_type


def read_deployment_id(claims: Claims) -> str:
    """Return the deployment's id: case-sensitive, at most 255 characters (5.3.3)."""
    return read_identifier(claims, CLAIM + "deployment_id")


def read_target_link_uri(claims: Claims, *, required: bool) -> str:
    """Return the address that the link was made for, required for a resource link (5.3.4); else it may be empty."""
    uri = web_address(read_text(claims, CLAIM + "target_link_uri", MAX_URL_LENGTH))
    if uri is None and required:
        raise ClaimError(claim="target_link_uri")
    return uri or ""


def read_resource_link(claims: Claims) -> ResourceLinkClaim:
    """Return the link: an object whose id is stable and at most 255 characters long (5.3.5)."""
    link = read_object(claims, CLAIM + "resource_link")
    return ResourceLinkClaim(
        id=read_identifier(link, "id"), title=clean_text(read_text(link, "title"), MAX_TITLE)
    )


def _has_link(claims: Claims, message_type: str) -> bool:
    """Tell whether a message speaks of a link. A column of the course alone is reviewed without one."""
    if message_type == SUBMISSION_REVIEW_REQUEST:
        return claims.get(CLAIM + "resource_link") is not None
    return message_type == RESOURCE_LINK_REQUEST


def read_context(claims: Claims) -> ContextClaim | None:
    """Return the course where there is one: an object with an id of at most 255 characters (5.4.1)."""
    if claims.get(CLAIM + "context") is None:
        return None
    context = read_object(claims, CLAIM + "context")
    return ContextClaim(
        id=read_identifier(context, "id"),
        title=clean_text(read_text(context, "title"), MAX_TITLE),
        label=clean_text(read_text(context, "label"), MAX_LABEL),
    )


def read_person(claims: Claims, *, allow_anonymous: bool) -> PersonClaim:
    """Return who came: ``sub`` of at most 255 characters, absent only where anonymity is allowed (5.3.6)."""
    sub = None if allow_anonymous and claims.get("sub") is None else read_identifier(claims, "sub")
    parts = [read_text(claims, "given_name"), read_text(claims, "family_name")]
    name = read_text(claims, "name") or " ".join(part for part in parts if part)
    email = clean_text(read_text(claims, "email"), MAX_EMAIL + 1)
    return PersonClaim(
        sub, clean_text(name, MAX_NAME), email if "@" in email and len(email) <= MAX_EMAIL else ""
    )


def read_roles(claims: Claims) -> tuple[str, ...]:
    """Return the role names: the claim is required, its list may be empty (5.3.7)."""
    roles = claims.get(CLAIM + "roles")
    if (
        not isinstance(roles, list)
        or len(roles) > MAX_ROLES
        or not all(isinstance(one, str) for one in roles)
    ):
        raise ClaimError(claim="roles")
    return tuple(role for role in roles if role)


def read_locale(claims: Claims, presentation: Claims) -> str | None:
    """Return the wished language: of the launch presentation (5.4.4), else of the person (OpenID Connect, 5.1)."""
    return read_text(presentation, "locale") or read_text(claims, "locale")


def read_mentored(claims: Claims) -> tuple[str, ...]:
    """Return the platform's ids of the people whom a mentor accompanies (5.3.7.2); empty where none are named."""
    if claims.get(MENTORED) is None:
        return ()
    named = read_texts(claims, MENTORED, MAX_MENTORED)
    if not all(len(one) <= MAX_ID_LENGTH and is_clean(one) for one in named):
        raise ClaimError(claim="role_scope_mentor")
    return named


def read_services(claims: Claims, *, needs_column: bool = False) -> ServiceClaims:
    """Return the service addresses (AGS 2.0, 3.1; NRPS 2.0, 3.6.1.1). ``scope`` may be missing.

    A submission review needs the column whose cell it was opened from (Submission Review 1.0, 3.3.2).
    """
    ags, nrps = read_object(claims, AGS_CLAIM), read_object(claims, NRPS_CLAIM)
    scopes = ags.get("scope") or []
    if not isinstance(scopes, list) or not all(
        isinstance(scope, str) and is_clean(scope) for scope in scopes
    ):
        raise ClaimError(claim="scope")
    lineitem_url = web_address(read_text(ags, "lineitem", MAX_URL_LENGTH))
    if needs_column and lineitem_url is None:
        raise ClaimError(claim="lineitem")
    return ServiceClaims(
        ags_scopes=tuple(scopes[:MAX_SCOPES]),
        lineitems_url=web_address(read_text(ags, "lineitems", MAX_URL_LENGTH)),
        lineitem_url=lineitem_url,
        nrps_url=web_address(read_text(nrps, "context_memberships_url", MAX_URL_LENGTH)),
    )


def read_custom(claims: Claims) -> Mapping[str, str]:
    """Return the custom parameters that have a value (5.4.6).

    Moodle sends null for an empty one; a value that still begins with ``$`` is a variable that the platform does
    not know.
    """
    custom = read_object(claims, CLAIM + "custom")
    return {
        name: value for name, value in custom.items() if isinstance(value, str) and value and value[0] != "$"
    }
