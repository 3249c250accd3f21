"""The raters' words of a round as they are released: numbered at random, each in the language of whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import CriterionId
from certificates.scoring.models import (
    Purpose,
    ScoringTask,
    TaskCriterionScore,
    TaskId,
    TaskScore,
    TaskScoreId,
    TaskState,
)
from certificates.scoring.outcomes.holding import CommentTranslation
from certificates.scoring.outcomes.results import Method, ReleasedComment, ReleaseId
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class Words:
    """What one rater wrote about one criterion. ``reader`` is a number at random order, the same for all criteria.

    ``language`` is None where it is not known; ``translation`` is (language, text) where a scoring lead wrote one.
    """

    task_score_id: TaskScoreId
    criterion_id: CriterionId
    reader: int
    text: str
    language: str | None
    translation: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Reader:
    """One rater of a round whose scores count, known by a number at random order; ``language`` is theirs."""

    number: int
    task_id: TaskId
    language: str | None


def readers_of(
    session: Session, submission_id: SubmissionId, round_number: int, method: Method
) -> dict[TaskScoreId, Reader]:
    """Return whose scores count in a round, by what they handed in.

    Where a third person decided, theirs alone count: the words of the others speak of levels that do not stand.
    """
    tasks = (
        select(TaskScore.id, ScoringTask.id, Person.locale)
        .join(ScoringTask, ScoringTask.id == TaskScore.task_id)
        .join(Person, Person.id == TaskScore.rater_id)
        .where(
            ScoringTask.submission_id == submission_id,
            ScoringTask.round == round_number,
            ScoringTask.state == TaskState.SCORED,
        )
        .order_by(ScoringTask.place, ScoringTask.id)
    )
    if method is Method.ADJUDICATED:
        tasks = tasks.where(ScoringTask.purpose == Purpose.ADJUDICATION)
    return {
        task_score_id: Reader(number, task_id, locale)
        for number, (task_score_id, task_id, locale) in enumerate(session.execute(tasks), 1)
    }


def words_of(session: Session, submission_id: SubmissionId, round_number: int, method: Method) -> list[Words]:
    """Return the words of those raters whose scores count, reader by reader."""
    readers = readers_of(session, submission_id, round_number, method)
    rows = session.execute(
        select(TaskCriterionScore, CommentTranslation)
        .outerjoin(
            CommentTranslation,
            (CommentTranslation.task_score_id == TaskCriterionScore.task_score_id)
            & (CommentTranslation.criterion_id == TaskCriterionScore.criterion_id),
        )
        .where(TaskCriterionScore.task_score_id.in_(readers), TaskCriterionScore.comment != "")
    )
    found = []
    for score, joined in rows:
        translated: CommentTranslation | None = joined
        reader = readers[score.task_score_id]
        found.append(
            Words(
                task_score_id=score.task_score_id,
                criterion_id=score.criterion_id,
                reader=reader.number,
                text=score.comment,
                language=reader.language,
                translation=(translated.language, translated.text) if translated else None,
            )
        )
    return sorted(found, key=lambda one: (one.reader, one.criterion_id))


def freeze_words(session: Session, release_id: ReleaseId, words: list[Words]) -> None:
    """Write the words into a release."""
    session.add_all(
        ReleasedComment(
            release_id=release_id,
            criterion_id=one.criterion_id,
            position=one.reader,
            text=one.text,
            language=one.language,
            translation=one.translation[1] if one.translation else None,
            translated_to=one.translation[0] if one.translation else None,
        )
        for one in words
    )
    session.flush()
