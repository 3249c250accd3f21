"""Who may show the tool's pages in a frame."""

from __future__ import annotations

from lti.platforms.models import PlatformFacts
from lti.platforms.strings import origin, web_address


def registration_origins(platform: PlatformFacts, return_url: str | None = None) -> list[str]:
    """Return the origins of a platform: its issuer's, its login's, and that of a verified return address.

    Canvas' issuer is the same for all its customers; the customer's own host is in the other two.
    """
    addresses = (platform.issuer, platform.auth_url, return_url)
    return sorted({origin(address) for address in addresses if address and web_address(address)})
