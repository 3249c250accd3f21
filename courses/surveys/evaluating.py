"""Answering an evaluation: what is said goes into a box in which nobody's own can be found again.

Nothing here writes to the audit, and no row says when: see courses.surveys.models.EvaluationBox.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import PartId, Purpose
from courses.cohorts.models import Cohort, CohortId
from courses.instruments.filling import Filled, read_form
from courses.surveys.answering import Answered, problems_of, refuse_closed
from courses.surveys.errors import AlreadyAnsweredError, NothingAnsweredError
from courses.surveys.models import EvaluationBox, EvaluationTaken
from courses.surveys.rounds import Round, find_round, rounds_for
from courses.surveys.seats import Seat
from courses.surveys.stages import Stage
from institute.actors import PersonId
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.folding import fold
from institute.people.linking import same_person

Taken = tuple[CohortId, PartId, Stage]


def answer_evaluation(seat: Seat, key: str, form: Mapping[str, str]) -> Answered:
    """Put somebody's answers into the box; any statement may be left out.

    Raises NotFoundError, SurveyClosedError, SurveyPausedError, AlreadyAnsweredError.
    """
    with transaction() as session:
        here = find_round(rounds_for(seat), key)
        if here.purpose is not Purpose.EVALUATION:
            raise NotFoundError
        session.get_one(Cohort, seat.cohort_id, with_for_update=True)
        seat.refuse_paused()
        refuse_closed(here, seat.today)
        if (seat.cohort_id, here.part_id, here.stage) in evaluations_of(seat.person_id):
            raise AlreadyAnsweredError
        read = read_form(here.instrument, form)
        problems = problems_of(read)
        if not problems and not read.filled.ratings and not any(read.filled.answers):
            problems = {"answers": NothingAnsweredError()}
        if problems:
            return Answered(problems)
        box = _box(seat, here, session)
        _put(box, read.filled)
        session.add(
            EvaluationTaken(
                institute_id=seat.institute_id,
                cohort_id=seat.cohort_id,
                part_id=here.part_id,
                stage=here.stage,
                person_id=seat.person_id,
            )
        )
        return Answered()


def evaluations_of(person_id: PersonId) -> frozenset[Taken]:
    """Return the rounds of evaluations that somebody has answered, by whichever of their accounts."""
    rows = db.session.execute(
        select(EvaluationTaken.cohort_id, EvaluationTaken.part_id, EvaluationTaken.stage).where(
            EvaluationTaken.person_id.in_(same_person(person_id))
        )
    )
    return frozenset((row.cohort_id, row.part_id, row.stage) for row in rows)


def _box(seat: Seat, here: Round, session: Session) -> EvaluationBox:
    box = session.get(
        EvaluationBox,
        (seat.cohort_id, here.part_id, here.stage),
        populate_existing=True,
        with_for_update=True,
    )
    if box is None:
        box = EvaluationBox(
            institute_id=seat.institute_id,
            cohort_id=seat.cohort_id,
            part_id=here.part_id,
            stage=here.stage,
            answers=0,
            tallies={},
            texts={},
        )
        session.add(box)
    return box


def _put(box: EvaluationBox, filled: Filled) -> None:
    tallies = {item: dict(counts) for item, counts in box.tallies.items()}
    for item, value in filled.ratings.items():
        counts = tallies.setdefault(item, {})
        counts[str(value)] = counts.get(str(value), 0) + 1
    texts = {question: list(said) for question, said in box.texts.items()}
    for number, text in enumerate(filled.answers, start=1):
        if text:
            texts[str(number)] = sorted([*texts.get(str(number), []), text], key=lambda one: (fold(one), one))
    # Sorted, so that not even the order of keys remembers who was first.
    box.tallies = {item: dict(sorted(tallies[item].items())) for item in sorted(tallies)}
    box.texts = {question: texts[question] for question in sorted(texts)}
    box.answers += 1
