"""What this tool is to a platform: its addresses, the services it asks for, the variables it wants sent.

Dynamic registration sends these values, the pages for a registration by hand show them, the documents name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from institute.config import current_settings
from institute.i18n import gettext
from institute.web.assets import asset

AGS_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS_SCOPE: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/"

SCOPES: Final = (
    AGS_SCOPE + "lineitem",
    AGS_SCOPE + "lineitem.readonly",
    AGS_SCOPE + "result.readonly",
    AGS_SCOPE + "score",
    NRPS_SCOPE + "contextmembership.readonly",
)
"""Everything the tool may ever ask for. Moodle needs ``lineitem.readonly`` by name beside ``lineitem``."""

OPTIONAL_SCOPES: Final = ("https://purl.imsglobal.org/spec/lti/scope/noticehandlers",)
"""What is asked for only where the platform says that it knows it: strict ones refuse scopes unknown to them."""

CUSTOM: Final = {
    "resource_link_history": "$ResourceLink.id.history",
    "context_history": "$Context.id.history",
    "submission_end": "$ResourceLink.submission.endDateTime",
    "available_start": "$ResourceLink.available.startDateTime",
    "available_end": "$ResourceLink.available.endDateTime",
    "person_timezone": "$Person.address.timezone",
}
"""The custom parameters to ask for. Moodle sends keys in lower case too, so they are written that way."""

ICON: Final = "icon.png"


@dataclass(frozen=True, slots=True)
class ToolValues:
    """The tool's own values, as an administrator copies them. All addresses come from PUBLIC_URL.

    ``redirect_uris`` are compared letter by letter by platforms. ``launch_url`` is the target of a plain link,
    ``deep_link_url`` that of the picker. ``domain`` has the port where there is one: Moodle compares it so.
    """

    client_name: str
    description: str
    login_url: str
    redirect_uris: tuple[str, ...]
    jwks_url: str
    launch_url: str
    deep_link_url: str
    icon_url: str
    register_url: str
    domain: str
    scopes: tuple[str, ...] = SCOPES
    custom: tuple[tuple[str, str], ...] = tuple(CUSTOM.items())


def tool_values() -> ToolValues:
    """Return the tool's values, its name and description in the reader's language."""
    public_url = current_settings().public_url
    launch_url = f"{public_url}/lti/launch"
    return ToolValues(
        client_name=gettext("Coaching institute"),
        description=gettext("Programmes, coaching, evidence and certificates of a coaching institute."),
        login_url=f"{public_url}/lti/login",
        redirect_uris=(launch_url,),
        jwks_url=f"{public_url}/lti/jwks",
        launch_url=launch_url,
        deep_link_url=f"{public_url}/lti/deep-link",
        icon_url=public_url + asset(ICON),
        register_url=f"{public_url}/lti/register",
        domain=urlsplit(public_url).netloc,
    )
