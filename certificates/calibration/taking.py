"""Taking a set: begin, save while scoring, hand a paper in and see its known scores, and pass or not."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.calibration.attempts import (
    AttemptPaper,
    AttemptScore,
    CalibrationAttempt,
    CalibrationAttemptId,
    RaterQualification,
)
from certificates.calibration.errors import (
    NothingToTakeError,
    PaperHandedInError,
    ScoresLeftError,
    TriesUsedError,
)
from certificates.calibration.events import RaterQualified
from certificates.calibration.gathering import meeting_now
from certificates.calibration.models import (
    AnchorPaper,
    AnchorPaperId,
    AnchorScore,
    AnchorUse,
    CalibrationMeeting,
    CalibrationSet,
    CalibrationSetId,
)
from certificates.calibration.passing import Rule, Tally, tally
from certificates.calibration.qualified import VALID_MONTHS, is_in_use
from certificates.calibration.shown import is_shown
from certificates.calibration.tries import tries_left
from certificates.rubrics.models import Criterion, CriterionId
from courses.coaches.periods import institute_day, months_after
from courses.meetings.models import MeetingId
from institute import audit, events
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import insert_into, transaction
from institute.errors import NotFoundError
from institute.people.linking import same_person
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class Scored:
    """What a page sends for one criterion of a paper."""

    level: int | None
    note: str


def begin(rubric_key: str, *, actor: Actor) -> CalibrationAttemptId:
    """Begin an attempt at a rubric and return it; one that is open goes on.

    The set is one that the person took least often; while they are at a meeting that has one, the meeting's. Papers
    come in an order of their own.
    Raises NotFoundError for the command line, NothingToTakeError, TriesUsedError.
    """
    if actor.person_id is None:
        raise NotFoundError
    with transaction() as session:
        session.get_one(Person, actor.person_id, with_for_update=True)
        rows = same_person(actor.person_id)
        open_one = session.scalar(
            select(CalibrationAttempt.id).where(
                CalibrationAttempt.person_id == actor.person_id,
                CalibrationAttempt.rubric_key == rubric_key,
                CalibrationAttempt.finished_at.is_(None),
            )
        )
        if open_one is not None:
            return open_one
        if not tries_left(session, actor.person_id, rubric_key):
            raise TriesUsedError
        meeting_id = meeting_now(session, rubric_key, actor.person_id, actor)
        chosen, papers = _choose(session, rubric_key, rows, actor, meeting_id)
        last = session.scalar(
            select(func.max(CalibrationAttempt.number)).where(
                CalibrationAttempt.person_id == actor.person_id, CalibrationAttempt.rubric_key == rubric_key
            )
        )
        attempt = CalibrationAttempt(
            institute_id=actor.institute_id,
            set_id=chosen,
            person_id=actor.person_id,
            rubric_key=rubric_key,
            number=(last or 0) + 1,
            meeting_id=meeting_id,
        )
        session.add(attempt)
        session.flush()
        secrets.SystemRandom().shuffle(papers)
        session.add_all(
            AttemptPaper(attempt_id=attempt.id, paper_id=paper_id, position=position)
            for position, paper_id in enumerate(papers, start=1)
        )
        audit.record(
            "calibration.begun",
            actor=actor,
            subject=("calibration_attempt", attempt.id),
            details={"set": chosen},
        )
        return attempt.id


def save(
    attempt_id: CalibrationAttemptId,
    paper_id: AnchorPaperId,
    given: Mapping[CriterionId, Scored],
    *,
    actor: Actor,
) -> None:
    """Keep what the actor gave a paper so far; levels are known to be of the rubric.

    Raises NotFoundError for what is not theirs, PaperHandedInError.
    """
    with transaction() as session:
        attempt, paper = _open_paper(session, attempt_id, paper_id, actor)
        _keep(session, attempt, paper, given)


def hand_in(
    attempt_id: CalibrationAttemptId,
    paper_id: AnchorPaperId,
    given: Mapping[CriterionId, Scored],
    *,
    actor: Actor,
) -> CalibrationAttempt:
    """Hand a paper in: its scores stand, and the known ones may be seen. With the last paper the attempt is judged.

    Raises NotFoundError for what is not theirs, PaperHandedInError, ScoresLeftError.
    """
    with transaction() as session:
        attempt, paper = _open_paper(session, attempt_id, paper_id, actor)
        _keep(session, attempt, paper, given)
        criteria = _criteria(session, attempt.set_id)
        scored = set(
            session.scalars(
                select(AttemptScore.criterion_id).where(
                    AttemptScore.attempt_id == attempt.id,
                    AttemptScore.paper_id == paper_id,
                    AttemptScore.level.is_not(None),
                )
            )
        )
        if not criteria <= scored:
            raise ScoresLeftError
        paper.handed_in_at = now()
        session.flush()
        left = session.scalar(
            select(func.count())
            .select_from(AttemptPaper)
            .where(AttemptPaper.attempt_id == attempt.id, AttemptPaper.handed_in_at.is_(None))
        )
        if not left:
            _finish(session, attempt, actor)
        return attempt


def tally_of(session: Session, attempt_id: CalibrationAttemptId) -> Tally:
    """Return how near an attempt's papers that were handed in are to the known scores."""
    rows = session.execute(
        select(AttemptScore.level, AnchorScore.level)
        .join(
            AttemptPaper,
            (AttemptPaper.attempt_id == AttemptScore.attempt_id)
            & (AttemptPaper.paper_id == AttemptScore.paper_id),
        )
        .join(
            AnchorScore,
            (AnchorScore.paper_id == AttemptScore.paper_id)
            & (AnchorScore.criterion_id == AttemptScore.criterion_id),
        )
        .where(AttemptScore.attempt_id == attempt_id, AttemptPaper.handed_in_at.is_not(None))
    )
    return tally((given, known) for given, known in rows if given is not None)


def _choose(
    session: Session, rubric_key: str, rows: frozenset[PersonId], actor: Actor, meeting_id: MeetingId | None
) -> tuple[CalibrationSetId, list[AnchorPaperId]]:
    """Return the set to take, with its papers: of those in use one that the person took least often, chance decides."""
    taken = (
        select(func.count(CalibrationAttempt.id))
        .where(CalibrationAttempt.set_id == CalibrationSet.id, CalibrationAttempt.person_id.in_(rows))
        .correlate(CalibrationSet)
        .scalar_subquery()
    )
    query = select(CalibrationSet.id, taken).where(
        CalibrationSet.institute_id == actor.institute_id,
        CalibrationSet.rubric_key == rubric_key,
        is_in_use(),
    )
    if meeting_id is not None:
        at_meeting = select(CalibrationMeeting.set_id).where(CalibrationMeeting.meeting_id == meeting_id)
        query = query.where(CalibrationSet.id.in_(at_meeting))
    found = [(times, secrets.randbits(32), set_id) for set_id, times in session.execute(query)]
    for _, _, set_id in sorted(found):
        papers = list(
            session.scalars(
                select(AnchorPaper.id).where(
                    AnchorPaper.set_id == set_id, AnchorPaper.use == AnchorUse.CALIBRATION, is_shown()
                )
            )
        )
        if papers:
            return set_id, papers
    raise NothingToTakeError


def _open_paper(
    session: Session, attempt_id: CalibrationAttemptId, paper_id: AnchorPaperId, actor: Actor
) -> tuple[CalibrationAttempt, AttemptPaper]:
    attempt = session.scalar(
        select(CalibrationAttempt)
        .where(
            CalibrationAttempt.id == attempt_id,
            CalibrationAttempt.institute_id == actor.institute_id,
            CalibrationAttempt.person_id == actor.person_id,
        )
        .with_for_update()
    )
    paper = session.get(AttemptPaper, (attempt_id, paper_id), populate_existing=True)
    if attempt is None or paper is None:
        raise NotFoundError
    if paper.handed_in_at is not None:
        raise PaperHandedInError
    return attempt, paper


def _keep(
    session: Session, attempt: CalibrationAttempt, paper: AttemptPaper, given: Mapping[CriterionId, Scored]
) -> None:
    if not set(given) <= _criteria(session, attempt.set_id):
        raise NotFoundError
    for criterion_id, one in given.items():
        values = {"level": one.level, "note": one.note, "saved_at": now()}
        session.execute(
            insert_into(session, AttemptScore)
            .values(attempt_id=attempt.id, paper_id=paper.paper_id, criterion_id=criterion_id, **values)
            .on_conflict_do_update(index_elements=["attempt_id", "paper_id", "criterion_id"], set_=values)
        )


def _criteria(session: Session, set_id: CalibrationSetId) -> set[CriterionId]:
    return set(
        session.scalars(
            select(Criterion.id)
            .join(CalibrationSet, CalibrationSet.rubric_id == Criterion.rubric_id)
            .where(CalibrationSet.id == set_id)
        )
    )


def _finish(session: Session, attempt: CalibrationAttempt, actor: Actor) -> None:
    """Judge an attempt, all of whose papers are handed in; who passes is qualified from today on."""
    chosen = session.get_one(CalibrationSet, attempt.set_id)
    found = tally_of(session, attempt.id)
    attempt.scores, attempt.exact, attempt.near = found.scores, found.exact, found.near
    attempt.passed = found.passes(Rule(chosen.least_exact, chosen.least_near, chosen.most_misses))
    attempt.finished_at = now()
    session.flush()
    audit.record(
        "calibration.finished",
        actor=actor,
        subject=("calibration_attempt", attempt.id),
        details={"passed": attempt.passed, "scores": found.scores, "exact": found.exact, "near": found.near},
    )
    if attempt.passed:
        today = institute_day(attempt.institute_id)
        session.add(
            RaterQualification(
                institute_id=attempt.institute_id,
                person_id=attempt.person_id,
                rubric_key=attempt.rubric_key,
                attempt_id=attempt.id,
                since=today,
                until=months_after(today, VALID_MONTHS),
            )
        )
        session.flush()
        events.publish(RaterQualified(attempt.institute_id, attempt.person_id, attempt.rubric_key))
