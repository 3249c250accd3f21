"""Answering a round that bears one's name: save, send, take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Purpose
from courses.cohorts.models import Enrolment
from courses.instruments.filling import LONGEST_ANSWER, Filled, Read, open_items, read_form
from courses.sessions.wording import say_short_day
from courses.surveys.errors import (
    AlreadySentError,
    AnswerLongError,
    OffScaleError,
    StatementOpenError,
    SurveyClosedError,
)
from courses.surveys.models import SurveyResponse
from courses.surveys.rounds import Round, find_round, rounds_for
from courses.surveys.seats import Seat
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError


@dataclass(frozen=True, slots=True)
class Answered:
    """How it went: what has to be mended by field, or that another window saved something else before."""

    problems: dict[str, DomainError] = field(default_factory=dict)
    clashed: bool = False

    @property
    def whole(self) -> bool:
        """Whether all of it was taken."""
        return not self.problems and not self.clashed


def save_answers(
    seat: Seat, key: str, form: Mapping[str, str], *, revision: int, send: bool, actor: Actor
) -> Answered:
    """Keep what was answered, and send it if nothing is missing. What was typed is kept even where it is not sent.

    Raises NotFoundError, SurveyClosedError, SurveyPausedError, AlreadySentError.
    """
    with transaction() as session:
        here = _open(seat, key, session)
        response = find_response(seat, here, session, lock=True)
        if response is not None and response.sent_at is not None:
            raise AlreadySentError
        read = read_form(here.instrument, form)
        problems = problems_of(read)
        standing = Filled.of(response.filled if response else None)
        if read.filled != standing and revision != (response.revision if response else 0):
            return Answered(problems, clashed=True)
        if read.whole and (response is None or read.filled != standing):
            response = _keep(seat, here, response, read.filled, session)
        if problems or not send:
            return Answered(problems)
        problems = {f"item-{item}": StatementOpenError() for item in open_items(here.instrument, read.filled)}
        if not problems and response is not None:
            response.sent_at, response.late = now(), here.is_late(seat.today)
            audit.record("survey.sent", actor=actor, subject=("survey_response", response.id))
        return Answered(problems)


def reopen_answers(seat: Seat, key: str, *, actor: Actor) -> None:
    """Take back that it was sent, while it can be sent again. Raises as ``save_answers``."""
    with transaction() as session:
        here = _open(seat, key, session)
        response = find_response(seat, here, session, lock=True)
        if response is not None and response.sent_at is not None:
            response.sent_at, response.late = None, False
            audit.record("survey.reopened", actor=actor, subject=("survey_response", response.id))


def find_response(seat: Seat, here: Round, session: Session, *, lock: bool = False) -> SurveyResponse | None:
    """Return what a seat has for a round, or None."""
    query = select(SurveyResponse).where(
        SurveyResponse.enrolment_id == seat.enrolment_id,
        SurveyResponse.part_id == here.part_id,
        SurveyResponse.stage == here.stage,
        SurveyResponse.respondent_id == seat.person_id,
    )
    if lock:
        query = query.with_for_update()
    return session.scalar(query)


def problems_of(read: Read) -> dict[str, DomainError]:
    """Return what has to be mended in a form, by field."""
    found: dict[str, DomainError] = {
        name: OffScaleError() for name in read.off_scale if name.startswith("item-")
    }
    for number, length in read.too_long:
        found[f"answer-{number}"] = AnswerLongError(length=length, most=LONGEST_ANSWER)
    return found


def refuse_closed(here: Round, today: date) -> None:
    """Raise SurveyClosedError unless the round takes answers."""
    if not here.takes(today):
        raise SurveyClosedError(
            opens=say_short_day(here.window.opens), closes=say_short_day(here.window.closes)
        )


def _open(seat: Seat, key: str, session: Session) -> Round:
    here = find_round(rounds_for(seat), key)
    if here.purpose is Purpose.EVALUATION:
        raise NotFoundError
    session.get_one(Enrolment, seat.enrolment_id, with_for_update=True)
    seat.refuse_paused()
    refuse_closed(here, seat.today)
    return here


def _keep(
    seat: Seat, here: Round, response: SurveyResponse | None, filled: Filled, session: Session
) -> SurveyResponse:
    if response is not None:
        response.filled, response.saved_at = filled.document(), now()
        response.revision += 1
        return response
    response = SurveyResponse(
        institute_id=seat.institute_id,
        enrolment_id=seat.enrolment_id,
        part_id=here.part_id,
        stage=here.stage,
        respondent_id=seat.person_id,
        filled=filled.document(),
        saved_at=now(),
    )
    session.add(response)
    session.flush()
    return response
