"""What waits for the scoring lead: a preview as the participant will read it, translations, and letting it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from certificates.evidence.models import Requirement, Submission
from certificates.rubrics.models import CriterionId
from certificates.scoring.conflicts import may_rate, refusals
from certificates.scoring.errors import NothingToReleaseError, RaterInConflictError, SheetInvalidError
from certificates.scoring.models import TaskScoreId
from certificates.scoring.outcomes.comments import Words, words_of
from certificates.scoring.outcomes.holding import CommentTranslation, HeldId, HeldScores
from certificates.scoring.outcomes.lines import ReaderWords, ScoreLine, build_lines
from certificates.scoring.outcomes.releasing import release
from certificates.scoring.outcomes.results import Method
from certificates.scoring.sheets.deciding import Final
from certificates.scoring.sheets.judged import judged, read_levels, rubric_of
from certificates.scoring.sheets.writing import LONGEST_COMMENT
from certificates.scoring.tasking import rater_of
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised, gettext
from institute.people.models import Person

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class HeldLine:
    """Scores that wait, exact; whose they are is not told."""

    id: HeldId
    title: Localised
    attempt: int
    is_appeal: bool
    method: Method
    score: Fraction
    maximum: int
    passed: bool
    held_at: datetime


@dataclass(frozen=True, slots=True)
class HeldList:
    """What an actor may let out, the oldest first; ``others`` wait for another lead, ``count`` for this one."""

    lines: tuple[HeldLine, ...]
    count: int
    others: int


@dataclass(frozen=True, slots=True)
class WordsToTranslate:
    """One rater's words with what a lead wrote for them so far; ``field`` names both in a form."""

    field: str
    criterion: Localised
    words: Words


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A preview of what the participant will read, and the words that may be translated into their ``language``."""

    line: HeldLine
    language: str
    lines: tuple[ScoreLine, ...]
    words: tuple[WordsToTranslate, ...]


def held_list(actor: Actor) -> HeldList:
    """Return what waits in the actor's institute. Who coaches or supervises somebody does not see their scores."""
    waiting = (HeldScores.institute_id == actor.institute_id, HeldScores.released_at.is_(None))
    theirs = may_rate(rater_of(actor), Submission.person_id)
    counting = select(func.count(HeldScores.id)).join(Submission, Submission.id == HeldScores.submission_id)
    count = db.session.scalars(counting.where(*waiting, theirs)).one()
    rows = db.session.execute(
        select(HeldScores, Requirement.title, Submission.attempt)
        .join(Submission, Submission.id == HeldScores.submission_id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .where(*waiting, theirs)
        .order_by(HeldScores.held_at, HeldScores.id)
        .limit(MOST_SHOWN)
    ).all()
    return HeldList(
        lines=tuple(_line(held, title, attempt) for held, title, attempt in rows),
        count=count,
        others=db.session.scalars(counting.where(*waiting)).one() - count,
    )


def waiting_panel(actor: Actor) -> HeldList | None:
    """Return the same for the home, None where nothing waits."""
    found = held_list(actor)
    return found if found.count or found.others else None


def held_page(held_id: HeldId, *, actor: Actor) -> HeldPage:
    """Return the preview of scores that wait. Raises NotFoundError, RaterInConflictError."""
    session = db.session()
    held, submission = _find(session, held_id, actor)
    outcome = judged(session, submission.id, held.round, _final(held))
    said = words_of(session, submission.id, held.round, held.method)
    by_criterion: dict[CriterionId, list[ReaderWords]] = {}
    for one in said:
        text, to = (one.translation[1], one.translation[0]) if one.translation else (None, None)
        words = ReaderWords(one.reader, one.text, one.language, text, to)
        by_criterion.setdefault(one.criterion_id, []).append(words)
    title = session.get_one(Requirement, submission.requirement_id).title
    lines = build_lines(submission.id, outcome.levels, outcome.carried, by_criterion, passed=outcome.passed)
    titles = {one.criterion_id: one.title for one in lines}
    return HeldPage(
        line=_line(held, title, submission.attempt),
        language=_language(session, submission, title),
        lines=lines,
        words=tuple(
            WordsToTranslate(f"words-{one.task_score_id}-{one.criterion_id}", titles[one.criterion_id], one)
            for one in said
        ),
    )


def translate(held_id: HeldId, typed: Mapping[str, str], *, actor: Actor) -> None:
    """Keep a lead's translations of the raters' words, by field; an empty one is taken away.

    Raises NotFoundError, RaterInConflictError, SheetInvalidError for a text that is too long.
    """
    with transaction() as session:
        held, submission = _find(session, held_id, actor, lock=True)
        page = held_page(held.id, actor=actor)
        fields = {one.field: one.words for one in page.words}
        found = {name: text.strip() for name, text in typed.items() if name in fields}
        faults = {
            name: gettext("This text is too long: %(most)s characters at most.", most=LONGEST_COMMENT)
            for name, text in found.items()
            if len(text) > LONGEST_COMMENT
        }
        if faults:
            raise SheetInvalidError(faults)
        for name, text in found.items():
            words = fields[name]
            _keep(session, words.task_score_id, words.criterion_id, text, page.language, actor=actor)
        audit.record("scores.translated", actor=actor, subject=("submission", submission.id))


def release_held(chosen: Collection[HeldId], *, actor: Actor) -> int:
    """Let out what was chosen, all or nothing; return how many. What was let out meanwhile is passed over.

    Raises NothingToReleaseError where none waits any more, NotFoundError for what is not the institute's,
    RaterInConflictError for somebody whom the actor has another duty towards.
    """
    with transaction() as session:
        count = 0
        for held_id in sorted(set(chosen)):
            held, submission = _find(session, held_id, actor, lock=True, released=True)
            if held.released_at is not None:
                continue
            release(session, submission, held.round, _final(held), actor=actor)
            held.released_at, held.released_by = now(), actor.person_id
            session.flush()
            count += 1
        if not count:
            raise NothingToReleaseError
        return count


def _find(
    session: Session, held_id: HeldId, actor: Actor, *, lock: bool = False, released: bool = False
) -> tuple[HeldScores, Submission]:
    found = session.scalar(
        select(HeldScores.submission_id).where(
            HeldScores.id == held_id, HeldScores.institute_id == actor.institute_id
        )
    )
    if found is None:
        raise NotFoundError
    # Whoever scores holds the submission first: so does whoever releases.
    submission = session.get_one(Submission, found, with_for_update=lock, populate_existing=lock)
    held = session.get_one(HeldScores, held_id, with_for_update=lock, populate_existing=lock)
    if held.released_at is not None and not released:
        raise NotFoundError
    if refusals(actor.institute_id, rater_of(actor), submission.person_id):
        raise RaterInConflictError
    return held, submission


def _final(held: HeldScores) -> Final:
    return Final(held.method, read_levels(held.levels), held.score, held.passed)


def _line(held: HeldScores, title: Localised, attempt: int) -> HeldLine:
    session = db.session()
    return HeldLine(
        id=held.id,
        title=title,
        attempt=attempt,
        is_appeal=held.round > 0,
        method=held.method,
        score=held.score,
        maximum=rubric_of(session, held.submission_id).levels,
        passed=held.passed,
        held_at=held.held_at,
    )


def _language(session: Session, submission: Submission, title: Localised) -> str:
    return session.scalar(select(Person.locale).where(Person.id == submission.person_id)) or title.source


def _keep(
    session: Session,
    task_score_id: TaskScoreId,
    criterion_id: CriterionId,
    text: str,
    language: str,
    *,
    actor: Actor,
) -> None:
    session.execute(
        delete(CommentTranslation).where(
            CommentTranslation.task_score_id == task_score_id, CommentTranslation.criterion_id == criterion_id
        )
    )
    if text:
        session.add(
            CommentTranslation(
                task_score_id=task_score_id,
                criterion_id=criterion_id,
                institute_id=actor.institute_id,
                language=language,
                text=text,
                written_by=rater_of(actor),
                written_at=now(),
            )
        )
    session.flush()
