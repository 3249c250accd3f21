"""Appealing against a denial: once, within 30 days, decided by somebody else than who denied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.stepping import move, open_application, read_note, tell_about
from certificates.awards.errors import (
    AlreadyAppliedError,
    AppealDeadlineError,
    ApplicationStateError,
    DeniedBeforeError,
)
from certificates.awards.models import Application, ApplicationId, ApplicationStep
from certificates.awards.states import OPEN, ApplicationState
from certificates.awards.wording import say_application_state
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.people.linking import same_person

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class AppealChance:
    """That a denial can be appealed, until when."""

    application_id: ApplicationId
    until: datetime


def appeal_denial(application_id: ApplicationId, reason: str, *, actor: Actor) -> None:
    """Appeal against the denial of one's own application, with a reason that whoever decides reads.

    Raises NotFoundError for somebody else's, AppealDeadlineError unless it was denied in the last 30 days and never
    appealed, AlreadyAppliedError where another application for the level is open, ReasonMissingError, NoteTooLongError.
    """
    with transaction() as session:
        application = session.get(Application, application_id, with_for_update=True)
        if application is None or not _is_own(application, actor):
            raise NotFoundError
        if _until(application, session) is None:
            raise AppealDeadlineError(days=DAYS)
        if _has_another(application, session):
            raise AlreadyAppliedError
        note = read_note(reason, needed=True)
        move(application, ApplicationState.APPEALED, note=note, actor=actor)


def take_up(application_id: ApplicationId, reason: str, *, actor: Actor) -> None:
    """Find for whoever appealed: the application is under review again. The reason is read by the person.

    Raises NotFoundError, DutiesError, DeniedBeforeError for who denied it, ReasonMissingError, NoteTooLongError,
    ApplicationStateError unless it is appealed.
    """
    _decide(application_id, ApplicationState.UNDER_REVIEW, reason, actor)


def uphold(application_id: ApplicationId, reason: str, *, actor: Actor) -> None:
    """Let the denial stand, for good. Raises as ``take_up``."""
    _decide(application_id, ApplicationState.DENIED, reason, actor)


def chance_of(application_id: ApplicationId, actor: Actor) -> AppealChance | None:
    """Return whether the actor's own application can be appealed now, and until when; None where it cannot."""
    application = db.session.get(Application, application_id)
    if application is None or not _is_own(application, actor):
        return None
    until = _until(application, db.session())
    if until is None or _has_another(application, db.session()):
        return None
    return AppealChance(application_id, until)


def objection_to_hearing(application: Application, actor: Actor) -> DeniedBeforeError | None:
    """Return why the actor may not decide about an appeal although they may decide otherwise, or None."""
    if actor.person_id is None or application.state is not ApplicationState.APPEALED:
        return None
    deniers = db.session.scalars(
        select(ApplicationStep.person_id).where(
            ApplicationStep.application_id == application.id,
            ApplicationStep.state == ApplicationState.DENIED,
        )
    )
    return DeniedBeforeError() if same_person(actor.person_id) & set(deniers) else None


def _decide(application_id: ApplicationId, to: ApplicationState, reason: str, actor: Actor) -> None:
    with transaction() as session:
        application = open_application(application_id, session=session, actor=actor)
        if application.state is not ApplicationState.APPEALED:
            raise ApplicationStateError(
                state=say_application_state(application.state), wished=say_application_state(to)
            )
        objection = objection_to_hearing(application, actor)
        if objection is not None:
            raise objection
        note = read_note(reason, needed=True)
        move(application, to, note=note, actor=actor)
        tell_about(application, "application.returned")


def _is_own(application: Application, actor: Actor) -> bool:
    person_id: PersonId | None = actor.person_id
    return (
        application.institute_id == actor.institute_id
        and person_id is not None
        and application.person_id in same_person(person_id)
    )


def _until(application: Application, session: Session) -> datetime | None:
    """Return until when a denial can be appealed, None where it cannot any more."""
    if application.state is not ApplicationState.DENIED:
        return None
    steps = session.execute(
        select(ApplicationStep.state, ApplicationStep.at)
        .where(ApplicationStep.application_id == application.id)
        .order_by(ApplicationStep.id)
    ).all()
    if any(step.state is ApplicationState.APPEALED for step in steps):
        return None
    denied: list[datetime] = [step.at for step in steps if step.state is ApplicationState.DENIED]
    until = denied[-1] + timedelta(days=DAYS) if denied else None
    return until if until is not None and until > now() else None


def _has_another(application: Application, session: Session) -> bool:
    found = select(Application.id).where(
        Application.person_id.in_(same_person(application.person_id)),
        Application.level_id == application.level_id,
        Application.id != application.id,
        Application.state.in_(OPEN | {ApplicationState.AWARDED}),
    )
    return session.scalar(found.limit(1)) is not None
