"""The message that goes back (LTI Deep Linking 2.0, 4.4.2): signed by the tool, brought by the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from institute.i18n import gettext, ngettext
from lti.deep_linking.asking import Asked
from lti.services.assertions import BACKDATED_SECONDS, sign

RESPONSE: Final = "LtiDeepLinkingResponse"
VERSION: Final = "1.3.0"
LIFETIME_SECONDS: Final = 300
_CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/"
_DEEP_LINKING: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"


@dataclass(frozen=True, slots=True)
class Message:
    """A signed answer and the address that the browser posts it to; ``count`` items are in it."""

    url: str
    token: str
    count: int


def sign_answer(asked: Asked, items: list[dict[str, Any]], *, nonce: str, at: datetime) -> Message:
    """Return the message that brings ``items`` to the platform. The same nonce and time make the same message.

    ``aud`` is the issuer, in a list. ``data`` is the platform's own: it goes back as it came, and not at all where it
    did not come.
    """
    issued = int(at.timestamp())
    claims: dict[str, Any] = {
        "iss": asked.client_id,
        "aud": [asked.issuer],
        "iat": issued - BACKDATED_SECONDS,
        "exp": issued + LIFETIME_SECONDS,
        "nonce": nonce,
        _CLAIM + "deployment_id": asked.deployment_id,
        _CLAIM + "message_type": RESPONSE,
        _CLAIM + "version": VERSION,
        _DEEP_LINKING + "content_items": items,
        _DEEP_LINKING + "msg": _said(len(items)),
    }
    if asked.data is not None:
        claims[_DEEP_LINKING + "data"] = asked.data
    return Message(asked.return_url, sign(claims), len(items))


def _said(count: int) -> str:
    if not count:
        return gettext("Nothing was added.")
    return ngettext("%(num)s item was added.", "%(num)s items were added.", count)
