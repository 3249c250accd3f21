"""What the public may know of a certificate, found by its code or by its serial."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from certificates.awards.errors import CertificateUnknownError, SerialMistypedError
from certificates.awards.holders.models import HolderChoice
from certificates.awards.models import Award, AwardChange, AwardCredential
from certificates.awards.proof.badges import criteria_in_words
from certificates.awards.proof.codes import read_code
from certificates.awards.states import AwardStatus, ReasonClass
from certificates.documents.serials import looks_like_serial, read_serial
from institute.clock import now
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class Reached:
    """A criterion and the level that was reached."""

    name: Localised
    level: Localised


@dataclass(frozen=True, slots=True)
class Verdict:
    """A certificate as anybody may see it, and nothing more. ``since`` and ``reason`` belong to the present status.

    ``name`` is None for whoever knows the serial alone, which can be guessed. ``minutes`` is None and ``results`` are
    empty unless the holder shares them. ``code``, ``successor`` (the code of what took its place) and the
    ``sha256`` of the file are told to whoever knows the code.
    """

    status: AwardStatus
    since: datetime | None
    reason: ReasonClass | None
    name: str | None
    locale: str
    level_name: Localised
    title: Localised
    level_position: int
    institute_name: Localised
    institute_slug: str
    timezone: str
    issued_at: datetime
    valid_until: datetime | None
    minutes: int | None
    results: tuple[Reached, ...]
    serial: str
    checked_at: datetime
    code: str | None
    successor: str | None
    sha256: str | None


_LAST_CHANGE: Final = (
    select(func.max(AwardChange.id))
    .where(AwardChange.award_id == Award.id)
    .correlate(Award)
    .scalar_subquery()
)
_Successor: Final = aliased(Award)
_FOUND: Final = (
    select(
        Award,
        Institute.timezone,
        Institute.slug,
        AwardChange,
        HolderChoice.hours,
        HolderChoice.competencies,
        _Successor.code.label("successor"),
    )
    .join(Institute, Institute.id == Award.institute_id)
    .outerjoin(AwardChange, AwardChange.id == _LAST_CHANGE)
    .outerjoin(HolderChoice, HolderChoice.award_id == Award.id)
    .outerjoin(_Successor, _Successor.supersedes_id == Award.id)
)
_BY_CODE: Final = _FOUND.where(Award.code == bindparam("code"))
_BY_SERIAL: Final = _FOUND.where(Award.serial == bindparam("serial")).limit(2)


def verify(typed: str) -> Verdict:
    """Return the certificate whose code somebody typed or scanned, in one query unless results are shared.

    Raises CertificateUnknownError, alike for codes that nobody has and for what cannot be a code.
    """
    row = db.session.execute(_BY_CODE, {"code": read_code(typed)}).one_or_none()
    if row is None:
        raise CertificateUnknownError
    return _verdict(row, by_code=True)


def verify_serial(typed: str) -> Verdict:
    """Return the certificate with a serial, without its name: serials can be guessed, codes cannot.

    Raises SerialMistypedError where the check digit does not fit, and CertificateUnknownError, also where two
    institutes have the same serial: only the code says which one is meant.
    """
    found = read_serial(typed)
    if found is None:
        raise SerialMistypedError if looks_like_serial(typed) else CertificateUnknownError
    rows = db.session.execute(_BY_SERIAL, {"serial": str(found)}).all()
    if len(rows) != 1:
        raise CertificateUnknownError
    return _verdict(rows[0], by_code=False)


def _verdict(row: Any, *, by_code: bool) -> Verdict:
    award: Award = row.Award
    status, at = award.status, now()
    since, reason = _last_change(row.AwardChange)
    if status is AwardStatus.VALID and award.valid_until is not None and award.valid_until <= at:
        status, since, reason = AwardStatus.EXPIRED, award.valid_until, None
    return Verdict(
        status=status,
        since=since,
        reason=reason,
        name=award.name_frozen if by_code else None,
        locale=award.locale,
        level_name=award.level_name,
        title=award.title,
        level_position=award.level_position,
        institute_name=award.institute_name,
        institute_slug=row.slug,
        timezone=row.timezone,
        issued_at=award.issued_at,
        valid_until=award.valid_until,
        minutes=award.minutes if by_code and row.hours else None,
        results=_results(award) if by_code and row.competencies else (),
        serial=award.serial,
        checked_at=at,
        code=award.code if by_code else None,
        successor=row.successor if by_code else None,
        sha256=award.document_sha256 if by_code else None,
    )


def _results(award: Award) -> tuple[Reached, ...]:
    """Return the levels that the award's badge tells, in the rubrics' languages where a badge knows one alone."""
    written = db.session.scalar(select(AwardCredential.document).where(AwardCredential.award_id == award.id))
    if written is None:
        return ()
    subject = json.loads(written)["credentialSubject"]
    names: dict[str, str] = {}
    levels: dict[str, str] = {}
    for one in subject["achievement"].get("resultDescription", ()):
        names[one["id"]] = one["name"]
        levels |= {level["id"]: level["name"] for level in one.get("rubricCriterionLevel", ())}
    said: dict[str, Localised] = {}
    for key, criterion in criteria_in_words(award).items():
        said[key] = criterion.title
        said |= {f"{key}-level-{level.number}": level.name for level in criterion.levels}

    def every_language(address: str, text: str) -> Localised:
        return said.get(address.rpartition("#")[2]) or Localised.of({award.locale: text}, award.locale)

    told = []
    for one in subject.get("result", ()):
        about, reached = one["resultDescription"], one.get("achievedLevel", "")
        level = every_language(reached, levels.get(reached) or one.get("value", ""))
        told.append(Reached(every_language(about, names[about]), level))
    # The first of all is the time, which has a choice of its own.
    return tuple(told[1:]) if "creditsEarned" in subject else tuple(told)


def _last_change(change: AwardChange | None) -> tuple[datetime | None, ReasonClass | None]:
    return (None, None) if change is None else (change.at, change.reason)
