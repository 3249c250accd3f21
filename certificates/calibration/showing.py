"""What the lead's calibration pages show: sets, papers, and where every rater stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from certificates.calibration.attempts import CalibrationAttempt, QualificationId, RaterQualification
from certificates.calibration.building import find_set
from certificates.calibration.consenting import Candidate, candidates
from certificates.calibration.languages import said_in
from certificates.calibration.models import (
    AnchorPaper,
    AnchorPaperId,
    AnchorScore,
    AnchorUse,
    CalibrationMeeting,
    CalibrationSet,
    CalibrationSetId,
)
from certificates.calibration.papering import files_there, find_paper
from certificates.calibration.problems import Problem, problems_of
from certificates.calibration.qualified import SOON, is_in_use, untils_of
from certificates.calibration.tries import tries_left
from certificates.rubrics.models import CriterionId, RubricId
from certificates.rubrics.queries import LevelView, RubricLine, RubricView, listing, newest_id, rubric_of
from courses.coaches.periods import institute_day
from courses.meetings.models import Meeting, MeetingKind
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.db import db
from institute.files.models import StoredFile
from institute.i18n import Localised
from institute.people.models import Grant, Person
from institute.people.naming import name_or_number

MOST_MEETINGS = 30


@dataclass(frozen=True, slots=True)
class SetLine:
    """A set as the list shows it: how many papers it has, how many took it, how many of those passed."""

    row: CalibrationSet
    papers: int
    taken: int
    passed: int


@dataclass(frozen=True, slots=True)
class RaterLine:
    """Where one rater stands with one rubric. ``locked`` waits for a training; ``held`` is what can be ended."""

    person_id: PersonId
    name: str
    until: date | None
    soon: bool
    tries: int
    locked: bool
    held: QualificationId | None
    last: CalibrationAttempt | None


@dataclass(frozen=True, slots=True)
class RubricBlock:
    """One rubric with its sets and raters; ``gated`` says whether scoring by it has to be earned."""

    rubric: RubricLine
    sets: tuple[SetLine, ...]
    raters: tuple[RaterLine, ...]
    gated: bool


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper in the list of its set: the first words, and its known levels."""

    row: AnchorPaper
    number: int
    beginning: str
    files: int
    levels: tuple[int | None, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SetPage:
    """A set with its papers. ``newer`` is whether its rubric has a newer version."""

    row: CalibrationSet
    rubric: RubricView
    newer: bool
    language: str
    title: str
    papers: tuple[PaperLine, ...]
    problems: tuple[Problem, ...]
    candidates: tuple[Candidate, ...]
    meetings: tuple[Meeting, ...]
    choices: tuple[Meeting, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class CriterionForm:
    """A criterion of a paper's form, with the known level and why in the language of the page."""

    id: CriterionId
    title: Localised
    levels: tuple[LevelView, ...]
    level: int | None
    rationale: Localised | None
    why: str


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A paper as its form shows it, in one language."""

    row: AnchorPaper
    number: int
    draft: bool
    set_id: CalibrationSetId
    set_title: Localised
    levels: int
    language: str
    source: str
    use: AnchorUse
    text: Localised | None
    rationale: Localised | None
    criteria: tuple[CriterionForm, ...]
    files: tuple[StoredFile, ...]


def overview(actor: Actor) -> list[RubricBlock]:
    """Return every rubric with its sets and where its raters stand."""
    sets: dict[str, list[SetLine]] = {}
    for line in _set_lines(actor.institute_id):
        sets.setdefault(line.row.rubric_key, []).append(line)
    raters = raters_of(actor.institute_id)
    blocks = []
    for rubric in listing(actor.institute_id):
        lines = tuple(sets.get(rubric.key, ()))
        gated = any(line.row.is_in_use for line in lines)
        blocks.append(
            RubricBlock(
                rubric, lines, _rater_lines(rubric.key, raters, actor.institute_id) if lines else (), gated
            )
        )
    return sorted(blocks, key=lambda block: not block.sets)


def raters_of(institute_id: InstituteId) -> list[Person]:
    """Return everybody who may score at an institute, or took a set of it, by name."""
    granted = select(Grant.person_id).where(
        Grant.role.in_((Role.TRAINER, Role.SCORING_LEAD)), Grant.ended_at.is_(None)
    )
    tried = select(CalibrationAttempt.person_id).where(CalibrationAttempt.institute_id == institute_id)
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.institute_id == institute_id, or_(Person.id.in_(granted), Person.id.in_(tried)))
            .order_by(Person.name, Person.id)
        )
    )


def set_page(set_id: CalibrationSetId, *, actor: Actor, language: str = "") -> SetPage:
    """Return a set with its papers. Raises NotFoundError."""
    row = find_set(db.session(), set_id, actor)
    rubric = rubric_of(row.rubric_id, institute_id=actor.institute_id)
    language = language or row.title.source
    problems = tuple(problems_of(row)) if row.is_draft else ()
    meetings = tuple(
        db.session.scalars(
            select(Meeting)
            .join(CalibrationMeeting, CalibrationMeeting.meeting_id == Meeting.id)
            .where(CalibrationMeeting.set_id == set_id)
            .order_by(Meeting.starts)
        )
    )
    in_use = db.session.scalar(
        select(func.count())
        .select_from(CalibrationSet)
        .where(
            CalibrationSet.institute_id == actor.institute_id,
            CalibrationSet.rubric_key == row.rubric_key,
            CalibrationSet.id != set_id,
            is_in_use(),
        )
    )
    return SetPage(
        row=row,
        rubric=rubric,
        newer=newest_id(actor.institute_id, row.rubric_key) != row.rubric_id,
        language=language,
        title=said_in(row.title, language),
        papers=tuple(_paper_lines(row, rubric.id, problems)),
        problems=tuple(one for one in problems if not one.number),
        candidates=tuple(candidates(row.rubric_key, actor=actor)) if row.is_draft else (),
        meetings=meetings,
        choices=tuple(_meeting_choices(actor.institute_id, {one.id for one in meetings})),
        alone=row.is_in_use and not in_use,
    )


def paper_form(paper_id: AnchorPaperId, *, actor: Actor, language: str = "") -> PaperForm:
    """Return a paper as its form shows it. Raises NotFoundError."""
    row = find_paper(db.session(), paper_id, actor)
    owner = find_set(db.session(), row.set_id, actor)
    rubric = rubric_of(owner.rubric_id, institute_id=actor.institute_id)
    known = {
        one.criterion_id: one
        for one in db.session.scalars(select(AnchorScore).where(AnchorScore.paper_id == paper_id))
    }
    source = row.text.source if row.text else owner.title.source
    language = language or source
    number = db.session.scalar(
        select(func.count())
        .select_from(AnchorPaper)
        .where(AnchorPaper.set_id == owner.id, AnchorPaper.position <= row.position)
    )
    criteria = []
    for one in rubric.criteria:
        score = known.get(one.id)
        why = score.rationale if score else None
        criteria.append(
            CriterionForm(
                one.id, one.title, one.levels, score.level if score else None, why, said_in(why, language)
            )
        )
    return PaperForm(
        row=row,
        number=number or 1,
        draft=owner.is_draft,
        set_id=owner.id,
        set_title=owner.title,
        levels=rubric.levels,
        language=language,
        source=source,
        use=row.use,
        text=row.text,
        rationale=row.rationale,
        criteria=tuple(criteria),
        files=tuple(files_there(paper_id)),
    )


def _set_lines(institute_id: InstituteId) -> list[SetLine]:
    counted = db.session.execute(
        select(AnchorPaper.set_id, func.count())
        .where(AnchorPaper.institute_id == institute_id)
        .group_by(AnchorPaper.set_id)
    )
    papers: dict[int, int] = {row[0]: row[1] for row in counted}
    attempts: dict[int, list[bool | None]] = {}
    for set_id, passed in db.session.execute(
        select(CalibrationAttempt.set_id, CalibrationAttempt.passed).where(
            CalibrationAttempt.institute_id == institute_id, CalibrationAttempt.finished_at.is_not(None)
        )
    ):
        attempts.setdefault(set_id, []).append(passed)
    rows = db.session.scalars(
        select(CalibrationSet)
        .where(CalibrationSet.institute_id == institute_id)
        .order_by(CalibrationSet.rubric_key, CalibrationSet.version.desc())
    )
    return [
        SetLine(row, papers.get(row.id, 0), len(found), sum(map(bool, found)))
        for row in rows
        for found in (attempts.get(row.id, []),)
    ]


def _rater_lines(
    rubric_key: str, raters: Collection[Person], institute_id: InstituteId
) -> tuple[RaterLine, ...]:
    people = [person.id for person in raters]
    today = institute_day(institute_id)
    untils = untils_of(people, rubric_key, on=today)
    last: dict[PersonId, CalibrationAttempt] = {}
    for attempt in db.session.scalars(
        select(CalibrationAttempt)
        .where(CalibrationAttempt.person_id.in_(people), CalibrationAttempt.rubric_key == rubric_key)
        .order_by(CalibrationAttempt.id)
    ):
        last[attempt.person_id] = attempt
    holding = db.session.execute(
        select(RaterQualification.person_id, RaterQualification.id)
        .where(
            RaterQualification.person_id.in_(people),
            RaterQualification.rubric_key == rubric_key,
            RaterQualification.ended_at.is_(None),
            RaterQualification.until >= today,
        )
        .order_by(RaterQualification.until)
    )
    held: dict[PersonId, QualificationId] = {row[0]: row[1] for row in holding}
    lines = []
    for person in raters:
        left = tries_left(db.session(), person.id, rubric_key) if person.id in last else None
        until = untils.get(person.id)
        lines.append(
            RaterLine(
                person_id=person.id,
                name=name_or_number(person.name, person.id),
                until=until,
                soon=until is not None and until - today <= SOON,
                tries=left if left is not None else 2,
                locked=left == 0,
                held=held.get(person.id),
                last=last.get(person.id),
            )
        )
    return tuple(lines)


def _paper_lines(row: CalibrationSet, rubric_id: RubricId, problems: Collection[Problem]) -> list[PaperLine]:
    criteria = [one.id for one in rubric_of(rubric_id, institute_id=row.institute_id).criteria]
    papers = db.session.scalars(
        select(AnchorPaper).where(AnchorPaper.set_id == row.id).order_by(AnchorPaper.position)
    ).all()
    known = {
        (one.paper_id, one.criterion_id): one.level
        for one in db.session.scalars(
            select(AnchorScore).where(AnchorScore.paper_id.in_([paper.id for paper in papers]))
        )
    }
    return [
        PaperLine(
            row=paper,
            number=number,
            beginning=" ".join(str(paper.text or "").split())[:120],
            files=len(files_there(paper.id)),
            levels=tuple(known.get((paper.id, one)) for one in criteria),
            problems=tuple(one for one in problems if one.paper_id == paper.id),
        )
        for number, paper in enumerate(papers, start=1)
    ]


def _meeting_choices(institute_id: InstituteId, taken: Collection[int]) -> list[Meeting]:
    return list(
        db.session.scalars(
            select(Meeting)
            .where(
                Meeting.institute_id == institute_id,
                Meeting.kind == MeetingKind.CALIBRATION,
                Meeting.cancelled_at.is_(None),
                Meeting.id.not_in(taken),
            )
            .order_by(Meeting.starts.desc())
            .limit(MOST_MEETINGS)
        )
    )
