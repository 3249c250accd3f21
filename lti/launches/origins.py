"""Who may show the tool's pages in a frame."""

from __future__ import annotations

from lti.platforms.models import PlatformFacts
from lti.platforms.strings import origin, web_address


def registration_origins(platform: PlatformFacts, *return_urls: str | None) -> list[str]:
    """Return the origins of a platform: its issuer's, its login's, and those of verified return addresses.

    Canvas' issuer is the same for all its customers; the customer's own host is in the other two.
    """
    addresses = (platform.issuer, platform.auth_url, *return_urls)
    return sorted({origin(address) for address in addresses if address and web_address(address)})
