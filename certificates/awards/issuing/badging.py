"""The badge of an award: signed once by the worker and kept before the certificate that holds the same bytes."""

from __future__ import annotations

import importlib
from typing import Any, Final

from certificates.awards.models import Award, AwardCredential
from certificates.awards.proof import addresses, badges
from certificates.documents.certificate import CertificateFacts
from institute.db import db
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.people.models import Institute

_MAKING: Final = "certificates.documents.making"


def badge_for(award: Award, facts: CertificateFacts) -> AwardCredential:
    """Return the award's badge as it was signed, signing and keeping it if it was not yet."""
    found = badges.stored(award.id)
    if found is not None:
        return found
    institute = db.session.get_one(Institute, award.institute_id)
    badge = badges.badge_of(award)
    badge_key = key_in_use(award.institute_id, KeyPurpose.BADGE)
    jwt_key = key_in_use(award.institute_id, KeyPurpose.BADGE_JWT)
    making: Any = importlib.import_module(_MAKING)
    made = making.make_both(
        facts,
        badge,
        badge_key=badge_key,
        jwt_key=jwt_key,
        jwt_key_url=addresses.key_url(institute.slug, jwt_key.kid),
        issuer_url=addresses.issuer_url(institute.slug),
        status_url=addresses.status_url(institute.slug),
        status_index=award.status_index,
    )
    return badges.store(
        award, document=made.document, jwt=made.jwt, badge_key=badge_key.id, jwt_key=jwt_key.id
    )
