"""Released scores criterion by criterion, in the reader's language, with the raters' words in their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from certificates.evidence.models import SubmissionId
from certificates.rubrics.models import Criterion, CriterionId, CriterionLevel
from certificates.scoring.models import ConditionCode
from certificates.scoring.outcomes.results import CriterionScore, ReleasedComment, ReleaseId
from certificates.scoring.outcomes.retaking import below
from certificates.scoring.sheets.deciding import Settling
from certificates.scoring.sheets.judged import facts_of, levels_of
from certificates.scoring.wording import figure_of, say_condition
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class ReaderWords:
    """What one rater wrote, known by a number alone. ``language`` is None where it is not known."""

    reader: int
    text: str
    language: str | None
    translation: str | None
    translated_to: str | None

    def in_(self, locale: str) -> str:
        """Return the words in a language if they were translated to it, as they were written if not."""
        return self.translation if self.translation and self.translated_to == locale else self.text


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A criterion with the level it was given and the raters' words.

    A level between two has the words of the lower; without a level there are none, and ``condition`` says why.
    ``carried`` was scored in an attempt before, ``again`` is below what it must reach.
    """

    criterion_id: CriterionId
    title: Localised
    level: Fraction | None
    level_name: Localised | None
    descriptor: Localised | None
    condition: ConditionCode | None
    words: tuple[ReaderWords, ...]
    carried: bool
    again: bool


def score_lines(release_id: ReleaseId, submission_id: SubmissionId, *, passed: bool) -> tuple[ScoreLine, ...]:
    """Return the criteria of a release with what they were given, in the rubric's order."""
    words: dict[CriterionId, list[ReaderWords]] = {}
    for one in db.session.scalars(
        select(ReleasedComment)
        .where(ReleasedComment.release_id == release_id)
        .order_by(ReleasedComment.position)
    ):
        said = ReaderWords(one.position, one.text, one.language, one.translation, one.translated_to)
        words.setdefault(one.criterion_id, []).append(said)
    session = db.session()
    carried = session.scalars(
        select(CriterionScore.criterion_id).where(
            CriterionScore.release_id == release_id, CriterionScore.carried
        )
    )
    levels = levels_of(session, release_id)
    return build_lines(submission_id, levels, frozenset(carried), words, passed=passed)


def build_lines(
    submission_id: SubmissionId,
    levels: Mapping[CriterionId, Settling],
    carried: Collection[CriterionId],
    words: Mapping[CriterionId, Sequence[ReaderWords]],
    *,
    passed: bool,
) -> tuple[ScoreLine, ...]:
    """Return what a participant reads, or would read, of these levels and words."""
    session = db.session()
    wanting: frozenset[CriterionId] = frozenset()
    if not passed:
        wanting = below(levels, facts_of(session, submission_id))
    criteria = session.scalars(
        select(Criterion).where(Criterion.id.in_(levels)).order_by(Criterion.position)
    ).all()
    named = {
        (one.criterion_id, one.number): one
        for one in session.scalars(select(CriterionLevel).where(CriterionLevel.criterion_id.in_(levels)))
    }
    lines = []
    for criterion in criteria:
        settled = levels[criterion.id]
        level = None if isinstance(settled, ConditionCode) else settled
        reached = named.get((criterion.id, int(level))) if level is not None else None
        lines.append(
            ScoreLine(
                criterion_id=criterion.id,
                title=criterion.title,
                level=level,
                level_name=reached.name if reached else None,
                descriptor=reached.descriptor if reached else None,
                condition=settled if isinstance(settled, ConditionCode) else None,
                words=tuple(words.get(criterion.id, ())),
                carried=criterion.id in carried,
                again=criterion.id in wanting,
            )
        )
    return tuple(lines)


def say_line(line: ScoreLine, maximum: int, locale: str) -> str:
    """Return a line as plain text in a language, for a gradebook."""
    said = f"{line.title.in_(locale)}: {_figure(line, maximum, locale)}"
    return " ".join([said, *(words.in_(locale) for words in line.words)])


def _figure(line: ScoreLine, maximum: int, locale: str) -> str:
    if line.level is not None and line.level_name is not None:
        return f"{figure_of(line.level)}/{maximum} – {line.level_name.in_(locale)}."
    return f"{say_condition(line.condition)}." if line.condition else "–"
