"""What the messages beside the opening of a link say: deep linking, and the review of somebody's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lti.launches.payload import (
    CLAIM,
    Claims,
    read_identifier,
    read_object,
    read_text,
    read_texts,
    read_truth,
    wrong,
)
from lti.platforms.models import MAX_URL_LENGTH
from lti.platforms.strings import clean_text, is_clean, web_address

RESOURCE_LINK_REQUEST: Final = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST: Final = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW_REQUEST: Final = "LtiSubmissionReviewRequest"
MESSAGE_TYPES: Final = (RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST, SUBMISSION_REVIEW_REQUEST)

DEEP_LINKING_SETTINGS: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
FOR_USER: Final = CLAIM + "for_user"

MAX_KINDS: Final = 30
MAX_KIND: Final = 60
MAX_MEDIA_TYPES: Final = 1000
MAX_DATA: Final = 64 * 1024
MAX_TITLE: Final = 500
MAX_TEXT: Final = 4000


@dataclass(frozen=True, slots=True)
class DeepLinkingClaim:
    """What a platform that asks for content takes, and where the answer goes.

    ``data`` is the platform's own and goes back letter by letter; the truth values are None where it does not say.
    """

    return_url: str
    data: str | None
    accept_types: tuple[str, ...]
    accept_targets: tuple[str, ...]
    accept_media_types: str | None
    accept_multiple: bool | None
    accept_lineitem: bool | None
    auto_create: bool | None
    title: str
    text: str


def read_deep_linking(claims: Claims) -> DeepLinkingClaim:
    """Return what is asked for (LTI Deep Linking 2.0, 4.4.1): return address, types and targets are required.

    Raises ClaimError.
    """
    settings = read_object(claims, DEEP_LINKING_SETTINGS)
    if not settings:
        raise wrong(DEEP_LINKING_SETTINGS)
    return_url = web_address(read_text(settings, "deep_link_return_url", MAX_URL_LENGTH))
    if return_url is None:
        raise wrong("deep_link_return_url")
    data = read_text(settings, "data", MAX_DATA)
    if data is not None and not _is_storable(data):
        raise wrong("data")
    return DeepLinkingClaim(
        return_url=return_url,
        data=data,
        accept_types=_kinds(settings, "accept_types"),
        accept_targets=_kinds(settings, "accept_presentation_document_targets"),
        accept_media_types=clean_text(read_text(settings, "accept_media_types"), MAX_MEDIA_TYPES) or None,
        accept_multiple=read_truth(settings, "accept_multiple"),
        accept_lineitem=read_truth(settings, "accept_lineitem"),
        auto_create=read_truth(settings, "auto_create"),
        title=clean_text(read_text(settings, "title"), MAX_TITLE),
        text=clean_text(read_text(settings, "text"), MAX_TEXT),
    )


def read_for_user(claims: Claims) -> str:
    """Return the platform's id of the person whose work is to be seen (Submission Review 1.0, 3.3.3).

    Name and e-mail may come along: they are not believed of somebody who did not come themselves. Raises ClaimError.
    """
    about = read_object(claims, FOR_USER)
    if not about:
        raise wrong(FOR_USER)
    return read_identifier(about, "user_id")


def _kinds(settings: Claims, name: str) -> tuple[str, ...]:
    kinds = read_texts(settings, name, MAX_KINDS)
    if not kinds or not all(len(kind) <= MAX_KIND and is_clean(kind) for kind in kinds):
        raise wrong(name)
    return kinds


def _is_storable(text: str) -> bool:
    """Tell whether a database keeps ``text`` as it is: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
