"""What the scoring page shows: the evidence beside its rubric. It never says whose evidence it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select

from certificates.evidence.models import Submission, SubmissionId
from certificates.evidence.reading import EvidencePacket
from certificates.rubrics.models import CriterionId
from certificates.rubrics.queries import CriterionView, LevelView, rubric_of
from certificates.scoring.conflicts import refusals
from certificates.scoring.errors import (
    ConsentWithdrawnError,
    RaterInConflictError,
    TaskNotHeldError,
    TaskTakenError,
    TaskWithdrawnError,
)
from certificates.scoring.models import (
    ConditionCode,
    Purpose,
    RevisionId,
    ScoreRevision,
    ScoreSheet,
    ScoringTask,
    TaskId,
    TaskState,
)
from certificates.scoring.outcomes.results import ScoringReturn
from certificates.scoring.sheets.carried import carried_levels
from certificates.scoring.sheets.packets import is_hidden, packet_for
from certificates.scoring.sheets.writing import current_scores, late_texts
from certificates.scoring.tasking import rater_of
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.files import cleaning
from institute.files.models import StoredFileId
from institute.i18n import Localised
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class LateText:
    """What came from another window of the rater too late to be taken over."""

    id: RevisionId
    level: int | None
    condition: ConditionCode | None
    comment: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class CriterionSheet:
    """A criterion with what the rater wrote. ``base`` is the revision that the page is made from, 0 for none.

    ``element`` is the key of the competency that it proves, such as 1b; ``minimum`` the level that it must reach.
    """

    id: CriterionId
    title: Localised
    element: str | None
    minimum: int | None
    levels: tuple[LevelView, ...]
    level: int | None
    condition: ConditionCode | None
    comment: str
    base: int
    late: tuple[LateText, ...]

    @property
    def chosen(self) -> str:
        """What was chosen, as the form says it: the number of a level, a condition code, or nothing."""
        return str(self.level or self.condition or "")

    @property
    def is_left(self) -> bool:
        """Whether it keeps the scores from being handed in. A condition code needs words that say why."""
        unsaid = self.condition is not None and not self.comment.strip()
        return not self.chosen or unsaid or bool(self.late)


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """A criterion that passed before and is not scored again, with the level that it had."""

    title: Localised
    level: Fraction


@dataclass(frozen=True, slots=True)
class ScoringPage:
    """The evidence beside the rubric, with what the rater wrote so far.

    ``reads`` is the language in which the participant reads the comments, None where it is not known; ``ready``
    are the files of which there is a copy that names nobody. ``is_new``: they have not opened it before.
    """

    task_id: TaskId
    state: TaskState
    due: date
    adjudicates: bool
    is_new: bool
    evidence: EvidencePacket
    ready: frozenset[StoredFileId]
    rubric_title: Localised
    levels: int
    criteria: tuple[CriterionSheet, ...]
    carried: tuple[CarriedLine, ...]
    reads: str | None
    saved_at: datetime | None
    returned: ScoringReturn | None

    @property
    def is_open(self) -> bool:
        """Whether anything can still be written."""
        return self.state is TaskState.HELD

    @property
    def pieces(self) -> int:
        """How many things there are to read or see."""
        return bool(self.evidence.text) + len(self.evidence.items) + len(self.evidence.files)

    @property
    def scored(self) -> int:
        """How many criteria have a score, or a reason why not."""
        return sum(bool(criterion.chosen) for criterion in self.criteria)

    @property
    def left(self) -> tuple[CriterionSheet, ...]:
        """The criteria that keep the scores from being handed in."""
        return tuple(criterion for criterion in self.criteria if criterion.is_left)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a rater wrote about one criterion of a task that is no longer theirs."""

    title: Localised
    chosen: str
    comment: str


def scoring_page(task_id: TaskId, *, actor: Actor) -> ScoringPage:
    """Return a task that the actor holds, or finished.

    Raises NotFoundError for a task that is not there or another's, and where it was theirs and is no longer:
    TaskNotHeldError, TaskTakenError, TaskWithdrawnError or RaterInConflictError; ConsentWithdrawnError where somebody
    who is shown in the evidence agrees no more.
    """
    task, sheet = _own(task_id, actor)
    rubric = rubric_of(task.rubric_id, institute_id=task.institute_id)
    submission_id = SubmissionId(task.submission_id or 0)
    carried = carried_levels(db.session(), submission_id)
    current = {score.criterion_id: score for score in current_scores(db.session(), [sheet.id])}
    late = _late(sheet) if task.state is TaskState.HELD else {}
    evidence = packet_for(task)
    gone = is_hidden(task) or any(file.withdrawn for file in evidence.files)
    if task.state is TaskState.HELD and gone:
        raise ConsentWithdrawnError
    return ScoringPage(
        task_id=task.id,
        state=task.state,
        due=task.due,
        adjudicates=task.purpose is Purpose.ADJUDICATION,
        is_new=sheet.opened_at is None,
        evidence=evidence,
        ready=_ready(evidence),
        rubric_title=rubric.title,
        levels=rubric.levels,
        criteria=tuple(
            _criterion(one, current.get(one.id), late.get(one.id, []))
            for one in rubric.criteria
            if one.id not in carried
        ),
        carried=tuple(
            CarriedLine(one.title, carried[one.id]) for one in rubric.criteria if one.id in carried
        ),
        reads=_reads(submission_id) if task.submission_id else evidence.language,
        saved_at=max((score.saved_at for score in current.values()), default=None),
        returned=_returned(task, sheet),
    )


def own_words(task_id: TaskId, *, actor: Actor) -> tuple[OwnWords, ...]:
    """Return everything that the actor ever said on a task and that stands, or came too late to.

    Raises NotFoundError if they never held it.
    """
    task, sheet = _sheet(task_id, actor)
    said: dict[CriterionId, list[ScoreRevision]] = {}
    for one in (*current_scores(db.session(), [sheet.id]), *late_texts(db.session(), sheet)):
        said.setdefault(one.criterion_id, []).append(one)
    rubric = rubric_of(task.rubric_id, institute_id=task.institute_id)
    return tuple(
        OwnWords(one.title, str(words.level or words.condition or ""), words.comment)
        for one in rubric.criteria
        for words in said.get(one.id, [])
        if words.level or words.condition or words.comment
    )


def own_task(task_id: TaskId, *, actor: Actor) -> ScoringTask:
    """Return a task that the actor holds or finished. Raises as ``scoring_page``."""
    return _own(task_id, actor)[0]


def _sheet(task_id: TaskId, actor: Actor) -> tuple[ScoringTask, ScoreSheet]:
    row = db.session.execute(
        select(ScoringTask, ScoreSheet)
        .join(ScoreSheet, ScoreSheet.task_id == ScoringTask.id)
        .where(
            ScoringTask.id == task_id,
            ScoringTask.institute_id == actor.institute_id,
            ScoreSheet.rater_id == rater_of(actor),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def _own(task_id: TaskId, actor: Actor) -> tuple[ScoringTask, ScoreSheet]:
    """Return a task that is the actor's, with their sheet, or say why it is theirs no longer."""
    task, sheet = _sheet(task_id, actor)
    if task.rater_id == actor.person_id and task.state in (TaskState.SCORED, TaskState.RETURNED):
        return task, sheet
    candidate = db.session.scalar(select(Submission.person_id).where(Submission.id == task.submission_id))
    if candidate is not None and refusals(task.institute_id, sheet.rater_id, candidate):
        raise RaterInConflictError
    if task.state is TaskState.WITHDRAWN:
        raise TaskWithdrawnError
    if task.rater_id is None:
        raise TaskNotHeldError
    if task.rater_id != actor.person_id:
        raise TaskTakenError
    return task, sheet


def _ready(evidence: EvidencePacket) -> frozenset[StoredFileId]:
    return frozenset(
        file.id for file in evidence.files if not file.withdrawn and cleaning.clean_of(file.id) is not None
    )


def _reads(submission_id: SubmissionId) -> str | None:
    return db.session.scalar(
        select(Person.locale)
        .join(Submission, Submission.person_id == Person.id)
        .where(Submission.id == submission_id)
    )


def _late(sheet: ScoreSheet) -> dict[CriterionId, list[LateText]]:
    late: dict[CriterionId, list[LateText]] = {}
    for text in late_texts(db.session(), sheet):
        waits = LateText(text.id, text.level, text.condition, text.comment, text.saved_at)
        late.setdefault(text.criterion_id, []).append(waits)
    return late


def _criterion(
    criterion: CriterionView, score: ScoreRevision | None, late: Sequence[LateText]
) -> CriterionSheet:
    return CriterionSheet(
        id=criterion.id,
        title=criterion.title,
        element=criterion.element.rpartition("/")[2] if criterion.element else None,
        minimum=criterion.minimum,
        levels=criterion.levels,
        level=score.level if score else None,
        condition=score.condition if score else None,
        comment=score.comment if score else "",
        base=score.number if score else 0,
        late=tuple(late),
    )


def _returned(task: ScoringTask, sheet: ScoreSheet) -> ScoringReturn | None:
    if task.state is not TaskState.RETURNED:
        return None
    return db.session.scalar(select(ScoringReturn).where(ScoringReturn.sheet_id == sheet.id))
