"""What the pages of the surveys show to whoever answers, and to a coach of what they may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from courses.catalogue.drafts import InstrumentDraft
from courses.catalogue.models import PartId, Purpose
from courses.cohorts.models import CohortId, Enrolment, EnrolmentId
from courses.cohorts.rosters import find_coached
from courses.instruments.filling import Filled
from courses.instruments.finding import RoundsInstrument, instruments_in_rounds
from courses.instruments.growth import Growth, growth_of
from courses.surveys.answering import find_response
from courses.surveys.evaluating import Taken, evaluations_of
from courses.surveys.models import SurveyResponse
from courses.surveys.rounds import Round, find_round, rounds_for
from courses.surveys.seats import ANSWERING, Seat, coach_seat, coach_seats, own_seat
from courses.surveys.stages import USUAL, Moment, Stage
from institute.actors import Actor, PersonId
from institute.db import db
from institute.errors import NotFoundError


class Sent(NamedTuple):
    """Of an answer only what became of it. ``sent_at`` is None while it is being written."""

    sent_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list: where its window stands, and how far the reader is with it."""

    round: Round
    moment: Moment
    takes: bool
    begun: bool
    sent_at: datetime | None
    late: bool
    answered: bool

    @property
    def waits(self) -> bool:
        """Whether it waits for the reader."""
        return self.takes and not self.answered


@dataclass(frozen=True, slots=True)
class StagePicture:
    """A round that was sent, with what was answered."""

    stage: Stage
    filled: Filled
    sent_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Reflection:
    """A reflection assessment of somebody: its rounds that were sent, oldest first, and the growth between them."""

    part_id: PartId
    instrument: InstrumentDraft
    stages: tuple[StagePicture, ...]
    growth: Growth


@dataclass(frozen=True, slots=True)
class SurveysPage:
    """Everything that a seat is asked, and the reflections that belong to it."""

    seat: Seat
    lines: tuple[RoundLine, ...]
    reflections: tuple[Reflection, ...]

    @property
    def waiting(self) -> tuple[RoundLine, ...]:
        """What waits for the reader, the first to close before the others."""
        return tuple(
            sorted((one for one in self.lines if one.waits), key=lambda one: one.round.window.closes)
        )


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One round with what the reader answered. ``writable``: answers are taken now and were not sent yet."""

    seat: Seat
    line: RoundLine
    filled: Filled
    revision: int

    @property
    def writable(self) -> bool:
        """Whether answers can be written now."""
        return self.line.waits and self.seat.state in ANSWERING


@dataclass(frozen=True, slots=True)
class CoachLine:
    """Somebody whom the reader coaches, with what is asked about them."""

    enrolment_id: EnrolmentId
    name: str
    waiting: tuple[RoundLine, ...]
    reflections: int


@dataclass(frozen=True, slots=True)
class CoachSurveys:
    """Everybody whom the reader coaches; ``waiting`` counts what is open in all."""

    people: tuple[CoachLine, ...]

    @property
    def waiting(self) -> int:
        """How many rounds wait for the reader."""
        return sum(len(one.waiting) for one in self.people)


def own_surveys(actor: Actor) -> SurveysPage:
    """Return what a participant is asked. Raises NotFoundError without an enrolment."""
    seat = own_seat(actor)
    return _page(seat)


def surveys_panel(actor: Actor) -> SurveysPage | None:
    """Return what a participant's home says of the rounds, None where nothing was or is asked."""
    try:
        page = own_surveys(actor)
    except NotFoundError:
        return None
    return page if page.waiting or page.reflections else None


def coached_surveys(enrolment_id: EnrolmentId, *, actor: Actor) -> SurveysPage:
    """Return the reflections that somebody sent and what their coach is asked. Raises NotFoundError."""
    seat = coach_seat(enrolment_id, actor=actor)
    return _page(seat)


def reflections_section(actor: Actor, enrolment_id: int) -> SurveysPage | None:
    """Return what the coach's page of somebody says of the rounds; None for whoever is not their coach."""
    try:
        page = coached_surveys(EnrolmentId(enrolment_id), actor=actor)
    except NotFoundError:
        return None
    return page if page.lines or page.reflections else None


def all_coached(actor: Actor) -> CoachSurveys:
    """Return everybody whom the actor coaches today with what waits; an evaluation waits once for each cohort."""
    members = find_coached(actor)
    if not members or actor.person_id is None:
        return CoachSurveys(())
    seats = coach_seats(members, actor.person_id)
    ids = [seat.enrolment_id for seat in seats]
    given, sent = _answered(ids, actor.person_id)
    rounds: dict[tuple[CohortId, int], tuple[Round, ...]] = {}
    evaluated = evaluations_of(actor.person_id)
    found: list[CoachLine] = []
    for seat in seats:
        # What coaches are asked counts from the cohort's first day: one reading serves all of a cohort.
        here = rounds.setdefault((seat.cohort_id, seat.version_id), ()) or rounds_for(seat)
        rounds[seat.cohort_id, seat.version_id] = here
        waiting = []
        for one in here:
            address = seat.cohort_id, one.part_id, one.stage
            line = _line(seat, one, given.get((seat.enrolment_id, one.part_id, one.stage)), evaluated)
            if line.waits:
                waiting.append(line)
            if one.purpose is Purpose.EVALUATION:
                evaluated = evaluated | {address}
        waiting.sort(key=lambda line: line.round.window.closes)
        found.append(CoachLine(seat.enrolment_id, seat.name, tuple(waiting), sent[seat.enrolment_id]))
    return CoachSurveys(tuple(found))


def coach_panel(actor: Actor) -> CoachSurveys | None:
    """Return what a coach's home says of the rounds, None where nothing waits."""
    found = all_coached(actor)
    return found if found.waiting else None


def answer_page(seat: Seat, key: str) -> AnswerPage:
    """Return one round as its seat sees it. Raises NotFoundError."""
    here = find_round(rounds_for(seat), key)
    response = None
    if here.purpose is not Purpose.EVALUATION:
        response = find_response(seat, here, db.session())
    filled = Filled.of(response.filled if response else None).within(here.instrument)
    line = _line(seat, here, response, evaluations_of(seat.person_id))
    return AnswerPage(seat, line, filled, response.revision if response else 0)


def _page(seat: Seat) -> SurveysPage:
    rows = db.session.execute(
        select(SurveyResponse, Enrolment.person_id)
        .join(Enrolment, Enrolment.id == SurveyResponse.enrolment_id)
        .where(
            SurveyResponse.enrolment_id == seat.enrolment_id,
            SurveyResponse.respondent_id.in_((seat.person_id, Enrolment.person_id)),
        )
    ).all()
    own = {(row.part_id, row.stage): row for row, _ in rows if row.respondent_id == seat.person_id}
    taken = evaluations_of(seat.person_id)
    lines = tuple(_line(seat, one, own.get((one.part_id, one.stage)), taken) for one in rounds_for(seat))
    return SurveysPage(
        seat, lines, _reflections(seat, [row for row, person in rows if row.respondent_id == person])
    )


def _answered(
    enrolments: Sequence[EnrolmentId], coach_id: PersonId
) -> tuple[dict[tuple[EnrolmentId, PartId, Stage], Sent], Counter[EnrolmentId]]:
    """Return what a coach answered of several people, and how many reflections each of these sent."""
    rows = db.session.execute(
        select(
            SurveyResponse.enrolment_id,
            SurveyResponse.part_id,
            SurveyResponse.stage,
            SurveyResponse.respondent_id,
            SurveyResponse.sent_at,
            SurveyResponse.late,
            Enrolment.person_id,
        )
        .join(Enrolment, Enrolment.id == SurveyResponse.enrolment_id)
        .where(
            SurveyResponse.enrolment_id.in_(enrolments),
            SurveyResponse.respondent_id.in_((coach_id, Enrolment.person_id)),
        )
    ).all()
    reflections = USUAL[Purpose.REFLECTION]
    return (
        {
            (row.enrolment_id, row.part_id, row.stage): Sent(row.sent_at, row.late)
            for row in rows
            if row.respondent_id == coach_id
        },
        Counter(
            row.enrolment_id
            for row in rows
            if row.respondent_id == row.person_id and row.stage in reflections and row.sent_at is not None
        ),
    )


def _line(
    seat: Seat, here: Round, response: SurveyResponse | Sent | None, taken: frozenset[Taken]
) -> RoundLine:
    sent_at = response.sent_at if response else None
    return RoundLine(
        round=here,
        moment=here.window.on(seat.today),
        takes=here.takes(seat.today),
        begun=response is not None,
        sent_at=sent_at,
        late=bool(response and response.late),
        answered=(seat.cohort_id, here.part_id, here.stage) in taken or sent_at is not None,
    )


def _reflections(seat: Seat, answered: Sequence[SurveyResponse]) -> tuple[Reflection, ...]:
    """Return what the person of the enrolment sent: their coach reads it as they do."""
    rows = [row for row in answered if row.sent_at is not None]
    asked = [one for one in instruments_in_rounds(seat.version_id) if one.draft.purpose is Purpose.REFLECTION]
    return tuple(
        found
        for one in asked
        if (found := _reflection(one, [row for row in rows if row.part_id == one.part_id]))
    )


def _reflection(one: RoundsInstrument, rows: Sequence[SurveyResponse]) -> Reflection | None:
    order = list(Stage)
    stages = tuple(
        StagePicture(row.stage, Filled.of(row.filled).within(one.draft), row.sent_at, row.late)
        for row in sorted(rows, key=lambda row: order.index(row.stage))
        if row.sent_at is not None
    )
    if not stages:
        return None
    return Reflection(
        one.part_id, one.draft, stages, growth_of(one.draft, [stage.filled for stage in stages])
    )
