"""A stored badge for whoever asks by its code, as far as its holder lets others see what it tells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from certificates.awards.errors import BadgeKeptError, CertificateUnknownError
from certificates.awards.holders import sharing
from certificates.awards.models import Award, AwardCredential
from certificates.awards.proof.codes import read_code
from institute.db import db

HOURS: Final = "ext:CoachingTime"


@dataclass(frozen=True, slots=True)
class StoredBadge:
    """A badge in both of its forms."""

    document: str
    jwt: str


def shared_badge(typed: str) -> StoredBadge:
    """Return the badge of the award with this code.

    A badge tells hours and levels of competencies, and a signed one cannot leave anything out: it is given where its
    holder shares what it tells. Raises CertificateUnknownError, also while the badge is being made, and BadgeKeptError.
    """
    row = db.session.execute(
        select(Award, AwardCredential)
        .join(AwardCredential, AwardCredential.award_id == Award.id)
        .where(Award.code == read_code(typed))
    ).one_or_none()
    if row is None:
        raise CertificateUnknownError
    award, kept = row
    allowed = sharing.sharing_of(award)
    about = json.loads(kept.document)["credentialSubject"]["achievement"].get("resultDescription", [])
    tells_hours = any(one["resultType"] == HOURS for one in about)
    tells_levels = any(one["resultType"] != HOURS for one in about)
    if (tells_hours and not allowed.hours) or (tells_levels and not allowed.competencies):
        raise BadgeKeptError
    return StoredBadge(kept.document, kept.jwt)
