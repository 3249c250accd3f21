"""A holder's certificates as they see them, from a course or through their own door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from certificates.awards.applications.gathering import awards_of
from certificates.awards.applications.renewing import Renewal, renewal_of
from certificates.awards.holders.badges import BadgeHere, badge_here
from certificates.awards.holders.links import waiting_address
from certificates.awards.holders.owning import own_award
from certificates.awards.holders.people import own_address
from certificates.awards.holders.profiles import linkedin_url
from certificates.awards.holders.sharing import Sharing, pieces_of, sharing_of
from certificates.awards.issuing.papers import Paper, file_of, papers_of
from certificates.awards.lifetime.asking import latest_on
from certificates.awards.lifetime.models import CorrectionRequest
from certificates.awards.lifetime.superseding import predecessor_of, successor_of
from certificates.awards.models import Award, AwardChange, AwardId
from certificates.awards.states import STANDING, AwardStatus
from certificates.evidence.models import Requirement, Submission
from courses.cohorts.assigning import local_day
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db
from institute.files.models import StoredFile
from institute.i18n import Localised
from institute.people.models import Institute, Person


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A certificate in the list of its holder. ``issued`` is the day that it bears."""

    id: AwardId
    level_name: Localised
    level_position: int
    serial: str
    code: str
    issued: date
    valid_until: datetime | None
    timezone: str
    status: AwardStatus
    ready: bool

    @property
    def stands(self) -> bool:
        """Whether it has not been replaced, revoked or left behind by time."""
        return self.status in STANDING


@dataclass(frozen=True)
class HeldList:
    """Everything that somebody was awarded, highest level first, and the address that opens it without a course.

    ``on_file`` is whether the institute knows an address; ``waiting`` one that waits for a click in a letter.
    """

    standing: Sequence[HeldLine]
    earlier: Sequence[HeldLine]
    own_address: str
    waiting: str
    on_file: str


@dataclass(frozen=True)
class HeldCertificate:
    """One certificate with everything its holder may do with it.

    ``pieces`` are (key, title) of the evidence it rests on; ``before`` and ``after`` the certificates in whose place
    it stands, and that stand in its place. ``linkedin`` adds it to a profile there, empty while it does not hold.
    """

    award: Award
    timezone: str
    status: AwardStatus
    change: AwardChange | None
    sharing: Sharing
    pieces: Sequence[tuple[str, Localised]]
    before: Award | None
    after: Award | None
    correction: CorrectionRequest | None
    renewal: Renewal | None
    badge: BadgeHere | None
    papers: Sequence[Paper]
    linkedin: str

    @property
    def can_be_corrected(self) -> bool:
        """Whether its holder may ask for another name now."""
        return self.status is AwardStatus.VALID and (
            self.correction is None or self.correction.decided_at is not None
        )


def held_list(actor: Actor) -> HeldList:
    """Return the actor's certificates, whichever of their accounts they were awarded to."""
    rows = awards_of(actor.institute_id, actor.person_id) if actor.person_id is not None else []
    lines = [
        HeldLine(
            id=row.id,
            level_name=row.level_name,
            level_position=row.level_position,
            serial=row.serial,
            code=row.code,
            issued=local_day(timezone, row.issued_at),
            valid_until=row.valid_until,
            timezone=timezone,
            status=_status(row),
            ready=row.document_file_id is not None,
        )
        for row, timezone, _ in rows
    ]
    return HeldList(
        standing=[line for line in lines if line.stands],
        earlier=[line for line in lines if not line.stands],
        own_address=own_address(actor) if lines else "",
        waiting=waiting_address(actor) if lines else "",
        on_file=_on_file(actor.person_id),
    )


def held_certificate(award_id: AwardId, actor: Actor) -> HeldCertificate:
    """Return one certificate of the actor's own. Raises NotFoundError."""
    award = own_award(award_id, actor)
    timezone, status = db.session.get_one(Institute, award.institute_id).timezone, _status(award)
    return HeldCertificate(
        award=award,
        timezone=timezone,
        status=status,
        change=db.session.scalar(
            select(AwardChange)
            .where(AwardChange.award_id == award.id)
            .order_by(AwardChange.id.desc())
            .limit(1)
        ),
        sharing=sharing_of(award),
        pieces=_pieces(award),
        before=predecessor_of(award),
        after=successor_of(award),
        correction=latest_on(award.id),
        renewal=renewal_of(award),
        badge=badge_here(award),
        papers=papers_of(award.id),
        linkedin=linkedin_url(award, timezone) if status is AwardStatus.VALID else "",
    )


def own_paper(award_id: AwardId, kind: str, actor: Actor) -> StoredFile:
    """Return the stored transcript or form of the actor's own award. Raises NotFoundError."""
    return file_of(own_award(award_id, actor), kind)


def _status(award: Award) -> AwardStatus:
    """Return an award's status at this moment: between its end and the daily look it has expired already."""
    ended = award.valid_until is not None and award.valid_until <= now()
    return AwardStatus.EXPIRED if ended and award.status in STANDING else award.status


def _on_file(person_id: PersonId | None) -> str:
    return db.session.scalar(select(Person.email).where(Person.id == person_id)) or ""


def _pieces(award: Award) -> list[tuple[str, Localised]]:
    keys = {submission: key for key, submission in pieces_of(award).items()}
    if not keys:
        return []
    rows = db.session.execute(
        select(Submission.id, Requirement.title)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .where(Submission.id.in_(keys), Submission.institute_id == award.institute_id)
        .order_by(Submission.id)
    )
    return [(keys[submission_id], title) for submission_id, title in rows]
