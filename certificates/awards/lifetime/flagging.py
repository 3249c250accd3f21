"""Awards to look at again: a session or a score that one stands on was changed after it was issued.

Nothing is revoked by itself: a flag tells the administrator, who decides and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from certificates.awards.applications import duties
from certificates.awards.applications.stepping import SHORTEST_NOTE, read_note
from certificates.awards.errors import NoteMissingError
from certificates.awards.models import Award, AwardFlag, AwardFlagId, AwardId
from certificates.awards.states import STANDING
from certificates.evidence.models import Requirement, Submission
from certificates.scoring.events import AppealJudged
from certificates.scoring.outcomes.results import ScoreRelease
from courses.sessions.events import SessionAmended
from courses.sessions.models import SessionAmendment, SessionLog
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag on one award: which session or score, what it was and is, and who looked at it. Minutes are whole.

    ``evidence`` is None where it was a session; then ``day`` is that of the session, else of the release.
    """

    id: AwardFlagId
    award_id: AwardId
    award_name: str
    serial: str
    day: datetime
    zone: str
    reason: str
    minutes_before: int
    minutes_after: int
    evidence: Localised | None
    score_before: Fraction | None
    score_after: Fraction | None
    at: datetime
    settled_at: datetime | None
    settled_by: str
    note: str


def flag_awards(event: SessionAmended) -> None:
    """Flag each award that stands on an amended session; the status stays. Once for each amendment."""
    with transaction() as session:
        awards = session.scalars(
            select(Award).where(
                Award.enrolment_id == event.enrolment_id,
                Award.institute_id == event.institute_id,
                Award.status.in_(STANDING),
            )
        ).all()
        for award in awards:
            if event.log_id not in award.snapshot.get("sessions", ()):
                continue
            flag = AwardFlag(
                institute_id=event.institute_id,
                award_id=award.id,
                amendment_id=event.amendment_id,
                minutes_before=event.minutes_before,
                minutes_after=event.minutes_after,
                at=now(),
            )
            session.add(flag)
            session.flush()
            audit.record(
                "award.flagged",
                actor=Actor(institute_id=event.institute_id, person_id=None),
                subject=("award", award.id),
                details={"amendment": event.amendment_id, "log": event.log_id},
            )


def flag_scores(event: AppealJudged) -> None:
    """Flag each award that was issued on scores which an appeal changed since. Nothing is revoked by itself."""
    if not event.changed:
        return
    with transaction() as session:
        submission = session.get_one(Submission, event.submission_id)
        key = session.scalars(
            select(Requirement.key).where(Requirement.id == submission.requirement_id)
        ).one()
        release = session.scalars(
            select(ScoreRelease)
            .where(ScoreRelease.submission_id == submission.id)
            .order_by(ScoreRelease.round.desc())
            .limit(1)
        ).one()
        for award in session.scalars(
            select(Award).where(
                Award.enrolment_id == submission.enrolment_id,
                Award.institute_id == event.institute_id,
                Award.status.in_(STANDING),
            )
        ).all():
            if key not in award.snapshot.get("scores", {}):
                continue
            flag = AwardFlag(
                institute_id=event.institute_id,
                award_id=award.id,
                release_id=release.id,
                minutes_before=0,
                minutes_after=0,
                at=now(),
            )
            session.add(flag)
            session.flush()
            audit.record(
                "award.flagged",
                actor=Actor(institute_id=event.institute_id, person_id=None),
                subject=("award", award.id),
                details={"release": release.id, "submission": submission.id},
            )


def settle_flag(award_id: AwardId, flag_id: AwardFlagId, *, note: str, actor: Actor) -> None:
    """Note that the actor looked at a flagged award and what came of it. The first word stands.

    Raises NotFoundError, DutiesError for whoever decides nothing about this award, NoteMissingError, NoteTooLongError.
    """
    with transaction() as session:
        flag = session.scalar(
            select(AwardFlag)
            .where(
                AwardFlag.id == flag_id,
                AwardFlag.award_id == award_id,
                AwardFlag.institute_id == actor.institute_id,
            )
            .with_for_update()
        )
        if flag is None:
            raise NotFoundError
        award = session.get_one(Award, award_id)
        duties.require_apart(actor, award.person_id, award.enrolment_id, award.rule_set_id)
        if flag.settled_at is not None:
            return
        kept = read_note(note, needed=False)
        if len(kept) < SHORTEST_NOTE:
            raise NoteMissingError
        flag.settled_at, flag.settled_by, flag.note = now(), actor.person_id, kept
        audit.record(
            "award.flag_settled", actor=actor, subject=("award", award_id), details={"flag": flag_id}
        )


def flags_on(award_id: AwardId) -> list[FlagLine]:
    """Return the flags on an award, those that wait first; the caller has checked whose award it is."""
    return _lines(AwardFlag.award_id == award_id)


def open_flags(actor: Actor) -> list[FlagLine]:
    """Return all flags of the actor's institute that nobody settled yet, the oldest first."""
    return _lines(AwardFlag.institute_id == actor.institute_id, AwardFlag.settled_at.is_(None))


def flags_panel(actor: Actor) -> int | None:
    """Return how many flags wait, None where none does."""
    waiting = select(func.count(AwardFlag.id)).where(
        AwardFlag.institute_id == actor.institute_id, AwardFlag.settled_at.is_(None)
    )
    return db.session.scalar(waiting) or None


def _lines(*wanted: ColumnElement[bool]) -> list[FlagLine]:
    rows = db.session.execute(
        select(
            AwardFlag,
            Award,
            SessionAmendment.reason,
            SessionLog.start_utc,
            SessionLog.zone,
            Person,
            ScoreRelease,
            Requirement,
            Institute.timezone,
        )
        .join(Award, Award.id == AwardFlag.award_id)
        .join(Institute, Institute.id == AwardFlag.institute_id)
        .outerjoin(SessionAmendment, SessionAmendment.id == AwardFlag.amendment_id)
        .outerjoin(SessionLog, SessionLog.id == SessionAmendment.log_id)
        .outerjoin(ScoreRelease, ScoreRelease.id == AwardFlag.release_id)
        .outerjoin(Submission, Submission.id == ScoreRelease.submission_id)
        .outerjoin(Requirement, Requirement.id == Submission.requirement_id)
        .outerjoin(Person, Person.id == AwardFlag.settled_by)
        .where(*wanted)
        .order_by(AwardFlag.settled_at.is_not(None), AwardFlag.id)
    )
    return [_line(row) for row in rows]


def _line(row: Row[*tuple[Any, ...]]) -> FlagLine:
    flag: AwardFlag = row.AwardFlag
    award: Award = row.Award
    person: Person | None = row.Person
    release: ScoreRelease | None = row.ScoreRelease
    requirement: Requirement | None = row.Requirement
    before = award.snapshot["scores"][requirement.key]["score"] if requirement else None
    return FlagLine(
        id=flag.id,
        award_id=award.id,
        award_name=award.name_frozen,
        serial=award.serial,
        day=row.start_utc or flag.at,
        zone=row.zone or row.timezone,
        reason=row.reason or "",
        minutes_before=flag.minutes_before,
        minutes_after=flag.minutes_after,
        evidence=requirement.title if requirement else None,
        score_before=Fraction(*before) if before else None,
        score_after=release.score if release else None,
        at=flag.at,
        settled_at=flag.settled_at,
        settled_by=name_or_number(person.name, person.id) if person and flag.settled_by else "",
        note=flag.note,
    )
