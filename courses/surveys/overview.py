"""What facilitators and coordinators see of the rounds: how many answered, and results that tell of nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from courses.catalogue.drafts import InstrumentAreaDraft, InstrumentDraft, ItemDraft
from courses.catalogue.models import Purpose
from courses.cohorts.assigning import assigned_on, local_day
from courses.cohorts.coordinating import sees_cohort
from courses.cohorts.models import CoachAssignment, Cohort, CohortId, Enrolment
from courses.cohorts.queries import cohort_here
from courses.instruments.filling import Filled
from courses.instruments.results import ENOUGH, Result, result_of
from courses.surveys.models import EvaluationBox, SurveyResponse
from courses.surveys.rounds import Round, find_round, rounds_of_cohort
from courses.surveys.seats import ANSWERING
from courses.surveys.stages import Moment
from courses.surveys.windows import answers_in, answers_of
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.folding import fold
from institute.i18n import Localised

READ_BY_FACILITATOR = frozenset({Purpose.EVALUATION})
READ_BY_COORDINATOR = frozenset(
    {Purpose.EVALUATION, Purpose.RELATIONSHIP_COACH, Purpose.RELATIONSHIP_PARTICIPANT}
)


@dataclass(frozen=True, slots=True)
class CohortRound:
    """A round of a cohort. ``readable``: it is over, and the reader may see its results if there are enough."""

    round: Round
    moment: Moment
    answers: int
    asked: int
    readable: bool


@dataclass(frozen=True, slots=True)
class CohortSurveys:
    """The rounds of a cohort."""

    cohort_id: CohortId
    cohort_name: Localised
    programme_title: Localised
    rounds: tuple[CohortRound, ...]


@dataclass(frozen=True, slots=True)
class StatementResult:
    """A statement with what may be shown of its answers; None where too few answered it."""

    item: ItemDraft
    result: Result | None


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The results of a round. Before it is over, or where too few answered, nothing but the number is shown."""

    cohort_id: CohortId
    cohort_name: Localised
    round: Round
    moment: Moment
    answers: int
    areas: tuple[tuple[InstrumentAreaDraft, tuple[StatementResult, ...]], ...]
    texts: tuple[tuple[Localised, tuple[str, ...]], ...]

    @property
    def enough(self) -> bool:
        """Whether it is over, and enough people answered for anything to be shown."""
        return self.moment is Moment.OVER and self.answers >= ENOUGH


def cohort_surveys(actor: Actor) -> CohortSurveys:
    """Return the rounds of the cohort that a facilitator opened. Raises NotFoundError."""
    return _surveys(cohort_here(actor), READ_BY_FACILITATOR)


def all_surveys(actor: Actor) -> tuple[CohortSurveys, ...]:
    """Return the rounds of the cohorts in which a coordinator sees somebody, the newest cohort first."""
    cohorts = db.session.scalars(
        select(Cohort)
        .where(Cohort.institute_id == actor.institute_id)
        .order_by(Cohort.starts.desc(), Cohort.id)
    )
    found = (_surveys(cohort, READ_BY_COORDINATOR) for cohort in cohorts if sees_cohort(cohort.id, actor))
    return tuple(one for one in found if one.rounds)


def coordinator_panel(actor: Actor) -> int | None:
    """Return how many rounds a coordinator can read results of, None where no cohort is asked anything."""
    cohorts = all_surveys(actor)
    if not cohorts:
        return None
    return sum(one.readable and one.answers >= ENOUGH for cohort in cohorts for one in cohort.rounds)


def results_here(key: str, *, actor: Actor) -> ResultsPage:
    """Return the results of a round of the cohort that a facilitator opened. Raises NotFoundError."""
    return _results(cohort_here(actor), key, READ_BY_FACILITATOR)


def results_of(cohort_id: CohortId, key: str, *, actor: Actor) -> ResultsPage:
    """Return the results of a round of a cohort in which a coordinator sees somebody. Raises NotFoundError."""
    cohort = db.session.scalar(
        select(Cohort).where(Cohort.id == cohort_id, Cohort.institute_id == actor.institute_id)
    )
    if cohort is None or not sees_cohort(cohort_id, actor):
        raise NotFoundError
    return _results(cohort, key, READ_BY_COORDINATOR)


def _surveys(cohort: Cohort, readable: frozenset[Purpose]) -> CohortSurveys:
    today = local_day(cohort.timezone)
    people = _people(cohort)
    counts = answers_of(cohort, db.session())
    lines = []
    for one in rounds_of_cohort(cohort.id, cohort.version_id, cohort.starts):
        moment = one.window.on(today)
        answers = counts.get((one.purpose is Purpose.EVALUATION, one.part_id, one.stage), 0)
        over = moment is Moment.OVER and one.purpose in readable
        lines.append(CohortRound(one, moment, answers, people[one.purpose], over))
    return CohortSurveys(cohort.id, cohort.name, cohort.programme.title, tuple(lines))


def _people(cohort: Cohort) -> Mapping[Purpose, int]:
    """Return of how many people each purpose asks something today."""
    answering = select(func.count(Enrolment.id)).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state.in_(ANSWERING)
    )
    coached = (
        select(func.count(Enrolment.id), func.count(CoachAssignment.coach_id.distinct()))
        .join(CoachAssignment, CoachAssignment.enrolment_id == Enrolment.id)
        .where(
            Enrolment.cohort_id == cohort.id,
            Enrolment.state.in_(ANSWERING),
            assigned_on(local_day(cohort.timezone)),
        )
    )
    participants = db.session.scalar(answering) or 0
    pairs, coaches = db.session.execute(coached).one()
    return {
        Purpose.REFLECTION: participants,
        Purpose.RELATIONSHIP_PARTICIPANT: participants,
        Purpose.RELATIONSHIP_COACH: pairs,
        Purpose.EVALUATION: participants + coaches,
    }


def _results(cohort: Cohort, key: str, readable: frozenset[Purpose]) -> ResultsPage:
    here = find_round(rounds_of_cohort(cohort.id, cohort.version_id, cohort.starts), key)
    if here.purpose not in readable:
        raise NotFoundError
    moment = here.window.on(local_day(cohort.timezone))
    if moment is not Moment.OVER:
        answers = answers_in(cohort, (here.part_id, here.stage), here.purpose, db.session())
        return ResultsPage(cohort.id, cohort.name, here, moment, answers, (), ())
    answers, counts, texts = _counted(cohort, here)
    if answers < ENOUGH:
        return ResultsPage(cohort.id, cohort.name, here, moment, answers, (), ())
    return ResultsPage(
        cohort.id,
        cohort.name,
        here,
        moment,
        answers,
        tuple((area, _statements(here.instrument, area, counts)) for area in here.instrument.areas),
        tuple(
            (question, tuple(texts.get(number, ())))
            for number, question in enumerate(here.instrument.questions, start=1)
        ),
    )


def _statements(
    instrument: InstrumentDraft, area: InstrumentAreaDraft, counts: Mapping[str, Mapping[int, int]]
) -> tuple[StatementResult, ...]:
    return tuple(
        StatementResult(item, result_of(instrument.scale, counts.get(item.key, {}))) for item in area.items
    )


def _counted(
    cohort: Cohort, here: Round
) -> tuple[int, Mapping[str, Mapping[int, int]], Mapping[int, Sequence[str]]]:
    """Return how many answered, how often each value of each statement, and what was written to each question."""
    if here.purpose is Purpose.EVALUATION:
        box = db.session.get(EvaluationBox, (cohort.id, here.part_id, here.stage))
        if box is None:
            return 0, {}, {}
        tallies = {
            item: {int(value): count for value, count in counts.items()}
            for item, counts in box.tallies.items()
        }
        return box.answers, tallies, {int(number): said for number, said in box.texts.items()}
    documents = db.session.scalars(
        select(SurveyResponse.filled)
        .join(Enrolment, Enrolment.id == SurveyResponse.enrolment_id)
        .where(
            Enrolment.cohort_id == cohort.id,
            SurveyResponse.part_id == here.part_id,
            SurveyResponse.stage == here.stage,
            SurveyResponse.sent_at.is_not(None),
        )
    ).all()
    given = [Filled.of(document).within(here.instrument) for document in documents]
    items = [item.key for area in here.instrument.areas for item in area.items]
    counted = {item: Counter(one.ratings[item] for one in given if item in one.ratings) for item in items}
    texts = {
        number: sorted(
            {text for one in given if (text := "".join(one.answers[number - 1 : number]))}, key=fold
        )
        for number in range(1, len(here.instrument.questions) + 1)
    }
    return len(given), counted, texts
