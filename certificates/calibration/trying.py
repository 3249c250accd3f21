"""What a trainer's calibration pages show: where they stand, a paper beside its rubric, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from certificates.calibration.attempts import (
    AttemptPaper,
    AttemptScore,
    CalibrationAttempt,
    CalibrationAttemptId,
)
from certificates.calibration.models import (
    AnchorPaper,
    AnchorPaperId,
    AnchorScore,
    CalibrationSet,
)
from certificates.calibration.passing import Rule, Tally
from certificates.calibration.qualified import SOON, is_in_use, until_of
from certificates.calibration.reading import AnchorPacket, packet_file, packet_of
from certificates.calibration.taking import tally_of
from certificates.calibration.telling import title_of
from certificates.calibration.tries import tries_left
from certificates.rubrics.models import CriterionId
from certificates.rubrics.queries import LevelView, RubricView, rubric_of
from courses.coaches.periods import institute_day
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFileId
from institute.i18n import Localised
from institute.people.linking import same_person


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt as a list shows it. ``passed`` is None while it is open."""

    id: CalibrationAttemptId
    number: int
    begun_at: datetime
    finished_at: datetime | None
    passed: bool | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Where a trainer stands with one rubric. ``until`` is the last day on which they may score by it, None for not.

    ``open`` is an attempt that goes on; ``left`` how many tries there are before training; ``available`` whether there
    is a set to take.
    """

    rubric_key: str
    title: Localised
    until: date | None
    soon: bool
    left: int
    open: CalibrationAttemptId | None
    available: bool
    attempts: tuple[AttemptLine, ...]

    @property
    def is_needed(self) -> bool:
        """Whether they may not score by it, though they could show that they can."""
        return self.until is None and self.available


@dataclass(frozen=True, slots=True)
class CriterionTry:
    """A criterion with what the rater gave it; ``known`` and ``rationale`` only once the paper is handed in."""

    id: CriterionId
    title: Localised
    element: str | None
    levels: tuple[LevelView, ...]
    level: int | None
    comment: str
    known: int | None = None
    rationale: Localised | None = None
    base: int = 0
    condition: None = None
    late: tuple[()] = ()

    @property
    def chosen(self) -> str:
        """What was chosen, as the form says it."""
        return str(self.level or "")

    @property
    def apart(self) -> int | None:
        """How many levels above the known one, None before it is known."""
        return None if self.known is None or self.level is None else self.level - self.known


@dataclass(frozen=True, slots=True)
class PaperTry:
    """One paper of an attempt, beside the rubric. ``number`` of ``count``; ``next`` is the paper to go on with."""

    attempt_id: CalibrationAttemptId
    paper_id: AnchorPaperId
    number: int
    count: int
    rubric_title: Localised
    levels: int
    packet: AnchorPacket
    criteria: tuple[CriterionTry, ...]
    rationale: Localised | None
    handed_in: bool
    next: AnchorPaperId | None
    saved_at: datetime | None

    @property
    def left(self) -> tuple[CriterionTry, ...]:
        """The criteria that keep the paper from being handed in."""
        return tuple(one for one in self.criteria if one.level is None)

    @property
    def scored(self) -> int:
        """How many criteria have a score."""
        return len(self.criteria) - len(self.left)


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """What came of an attempt so far; ``next`` is the paper to go on with, None when it is finished."""

    attempt: AttemptLine
    rubric_key: str
    rubric_title: Localised
    rule: Rule
    papers: tuple[PaperTry, ...]
    next: AnchorPaperId | None
    until: date | None
    left: int


def own_lines(actor: Actor) -> list[OwnLine]:
    """Return where the actor stands with each rubric that has a set, or that they took one of, by title."""
    if actor.person_id is None:
        return []
    in_use = set(
        db.session.scalars(
            select(CalibrationSet.rubric_key).where(
                CalibrationSet.institute_id == actor.institute_id, is_in_use()
            )
        )
    )
    rows = same_person(actor.person_id)
    taken: dict[str, list[CalibrationAttempt]] = {}
    for attempt in db.session.scalars(
        select(CalibrationAttempt)
        .where(CalibrationAttempt.person_id.in_(rows), CalibrationAttempt.institute_id == actor.institute_id)
        .order_by(CalibrationAttempt.id.desc())
    ):
        taken.setdefault(attempt.rubric_key, []).append(attempt)
    today = institute_day(actor.institute_id)
    lines = []
    for key in in_use | set(taken):
        until = until_of(actor.person_id, key, on=today)
        attempts = taken.get(key, [])
        lines.append(
            OwnLine(
                rubric_key=key,
                title=title_of(actor.institute_id, key),
                until=until,
                soon=until is not None and until - today <= SOON,
                left=tries_left(db.session(), actor.person_id, key),
                open=next(
                    (
                        one.id
                        for one in attempts
                        if one.finished_at is None and one.person_id == actor.person_id
                    ),
                    None,
                ),
                available=key in in_use,
                attempts=tuple(_line(one) for one in attempts if one.person_id == actor.person_id),
            )
        )
    return sorted(lines, key=lambda line: str(line.title).casefold())


def panel_of(actor: Actor) -> list[OwnLine] | None:
    """Return what needs the actor's attention: not qualified, soon no more, or an open attempt; None for nothing."""
    lines = [
        line for line in own_lines(actor) if line.is_needed or (line.soon and line.available) or line.open
    ]
    return lines or None


def attempt_page(attempt_id: CalibrationAttemptId, *, actor: Actor) -> AttemptPage:
    """Return the actor's attempt with what was handed in. Raises NotFoundError."""
    attempt, chosen = _own(attempt_id, actor)
    rubric = rubric_of(chosen.rubric_id, institute_id=attempt.institute_id)
    papers = _papers(attempt, rubric)
    return AttemptPage(
        attempt=_line(attempt),
        rubric_key=attempt.rubric_key,
        rubric_title=rubric.title,
        rule=Rule(chosen.least_exact, chosen.least_near, chosen.most_misses),
        papers=tuple(paper for paper in papers if paper.handed_in),
        next=next((paper.paper_id for paper in papers if not paper.handed_in), None),
        until=until_of(attempt.person_id, attempt.rubric_key),
        left=tries_left(db.session(), attempt.person_id, attempt.rubric_key),
    )


def paper_page(attempt_id: CalibrationAttemptId, paper_id: AnchorPaperId, *, actor: Actor) -> PaperTry:
    """Return one paper of the actor's attempt. Raises NotFoundError."""
    attempt, chosen = _own(attempt_id, actor)
    rubric = rubric_of(chosen.rubric_id, institute_id=attempt.institute_id)
    for paper in _papers(attempt, rubric):
        if paper.paper_id == paper_id:
            return paper
    raise NotFoundError


def paper_file(
    attempt_id: CalibrationAttemptId, paper_id: AnchorPaperId, file_id: StoredFileId, *, actor: Actor
) -> str:
    """Return the neutral name of a file of a paper of the actor's attempt. Raises NotFoundError."""
    attempt, _ = _own(attempt_id, actor)
    if db.session.get(AttemptPaper, (attempt_id, paper_id)) is None:
        raise NotFoundError
    return packet_file(paper_id, file_id, institute_id=attempt.institute_id).name


def _own(attempt_id: CalibrationAttemptId, actor: Actor) -> tuple[CalibrationAttempt, CalibrationSet]:
    row = db.session.execute(
        select(CalibrationAttempt, CalibrationSet)
        .join(CalibrationSet, CalibrationSet.id == CalibrationAttempt.set_id)
        .where(
            CalibrationAttempt.id == attempt_id,
            CalibrationAttempt.institute_id == actor.institute_id,
            CalibrationAttempt.person_id == actor.person_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def _line(attempt: CalibrationAttempt) -> AttemptLine:
    found = (
        Tally(attempt.scores, attempt.exact, attempt.near)
        if attempt.finished_at
        else tally_of(db.session(), attempt.id)
    )
    return AttemptLine(
        attempt.id, attempt.number, attempt.begun_at, attempt.finished_at, attempt.passed, found
    )


def _papers(attempt: CalibrationAttempt, rubric: RubricView) -> list[PaperTry]:
    rows = db.session.execute(
        select(AttemptPaper, AnchorPaper)
        .join(AnchorPaper, AnchorPaper.id == AttemptPaper.paper_id)
        .where(AttemptPaper.attempt_id == attempt.id)
        .order_by(AttemptPaper.position)
    ).all()
    given: dict[tuple[AnchorPaperId, CriterionId], AttemptScore] = {
        (score.paper_id, score.criterion_id): score
        for score in db.session.scalars(select(AttemptScore).where(AttemptScore.attempt_id == attempt.id))
    }
    handed_in = [paper.id for taken, paper in rows if taken.handed_in_at is not None]
    known: dict[tuple[AnchorPaperId, CriterionId], AnchorScore] = {
        (score.paper_id, score.criterion_id): score
        for score in db.session.scalars(select(AnchorScore).where(AnchorScore.paper_id.in_(handed_in)))
    }
    waiting = [paper.id for taken, paper in rows if taken.handed_in_at is None]
    return [
        PaperTry(
            attempt_id=attempt.id,
            paper_id=paper.id,
            number=number,
            count=len(rows),
            rubric_title=rubric.title,
            levels=rubric.levels,
            packet=packet_of(paper.id, institute_id=attempt.institute_id),
            criteria=_criteria(rubric, paper.id, given, known),
            rationale=paper.rationale if taken.handed_in_at is not None else None,
            handed_in=taken.handed_in_at is not None,
            next=next((one for one in waiting if one != paper.id), None),
            saved_at=max((one.saved_at for (of, _), one in given.items() if of == paper.id), default=None),
        )
        for number, (taken, paper) in enumerate(rows, start=1)
    ]


def _criteria(
    rubric: RubricView,
    paper_id: AnchorPaperId,
    given: Mapping[tuple[AnchorPaperId, CriterionId], AttemptScore],
    known: Mapping[tuple[AnchorPaperId, CriterionId], AnchorScore],
) -> tuple[CriterionTry, ...]:
    lines = []
    for one in rubric.criteria:
        own, right = given.get((paper_id, one.id)), known.get((paper_id, one.id))
        lines.append(
            CriterionTry(
                id=one.id,
                title=one.title,
                element=one.element.rpartition("/")[2] if one.element else None,
                levels=one.levels,
                level=own.level if own else None,
                comment=own.note if own else "",
                known=right.level if right else None,
                rationale=right.rationale if right else None,
            )
        )
    return tuple(lines)
