"""A certificate in a professional profile elsewhere: an address that fills in the form there for its holder."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from certificates.awards.models import Award
from certificates.awards.proof.addresses import verify_url
from courses.cohorts.assigning import local_day

LINKEDIN: Final = "https://www.linkedin.com/profile/add"


def linkedin_url(award: Award, timezone: str) -> str:
    """Return where LinkedIn offers to add an award to a profile: its title, issuer, months, serial and code."""
    issued = local_day(timezone, award.issued_at)
    fields: dict[str, str | int] = {
        "startTask": "CERTIFICATION_NAME",
        "name": award.title.in_(award.locale),
        "organizationName": award.institute_name.in_(award.locale),
        "issueYear": issued.year,
        "issueMonth": issued.month,
        "certUrl": verify_url(award.code),
        "certId": award.serial,
    }
    if award.valid_until is not None:
        last = local_day(timezone, award.valid_until - timedelta(seconds=1))
        fields |= {"expirationYear": last.year, "expirationMonth": last.month}
    return f"{LINKEDIN}?{urlencode(fields)}"
