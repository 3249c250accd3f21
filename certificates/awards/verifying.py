"""What the public may know of a certificate, found by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from certificates.awards.codes import read_code
from certificates.awards.errors import CertificateUnknownError
from certificates.awards.models import Award, AwardChange
from certificates.awards.states import AwardStatus, ReasonClass
from institute.clock import now
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class Verdict:
    """A certificate as anybody may see it, and nothing more. ``since`` and ``reason`` belong to the present status."""

    status: AwardStatus
    since: datetime | None
    reason: ReasonClass | None
    name: str
    locale: str
    level_name: Localised
    title: Localised
    level_position: int
    institute_name: Localised
    timezone: str
    issued_at: datetime
    valid_until: datetime | None
    minutes: int
    serial: str
    checked_at: datetime


_LAST_CHANGE: Final = (
    select(func.max(AwardChange.id))
    .where(AwardChange.award_id == Award.id)
    .correlate(Award)
    .scalar_subquery()
)
_BY_CODE: Final = (
    select(Award, Institute.timezone, AwardChange)
    .join(Institute, Institute.id == Award.institute_id)
    .outerjoin(AwardChange, AwardChange.id == _LAST_CHANGE)
    .where(Award.code == bindparam("code"))
)


def verify(typed: str) -> Verdict:
    """Return the certificate whose code somebody typed or scanned, in one query whatever it was.

    Raises CertificateUnknownError, alike for codes that nobody has and for what cannot be a code.
    """
    row = db.session.execute(_BY_CODE, {"code": read_code(typed)}).one_or_none()
    if row is None:
        raise CertificateUnknownError
    award, timezone, change = row
    status, at = award.status, now()
    since, reason = _last_change(change)
    if status is AwardStatus.VALID and award.valid_until is not None and award.valid_until <= at:
        status, since, reason = AwardStatus.EXPIRED, award.valid_until, None
    return Verdict(
        status=status,
        since=since,
        reason=reason,
        name=award.name_frozen,
        locale=award.locale,
        level_name=award.level_name,
        title=award.title,
        level_position=award.level_position,
        institute_name=award.institute_name,
        timezone=timezone,
        issued_at=award.issued_at,
        valid_until=award.valid_until,
        minutes=award.minutes,
        serial=award.serial,
        checked_at=at,
    )


def _last_change(change: AwardChange | None) -> tuple[datetime | None, ReasonClass | None]:
    return (None, None) if change is None else (change.at, change.reason)
