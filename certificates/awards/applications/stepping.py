"""What every step of an application shares: who may take it, what it leaves written down, and whom it tells."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.awards.applications import duties
from certificates.awards.errors import (
    ApplicationStateError,
    DecidedAlreadyError,
    LanguageUnknownError,
    NoteTooLongError,
    ReasonMissingError,
)
from certificates.awards.models import (
    LONGEST_NOTE,
    Application,
    ApplicationId,
    ApplicationStep,
)
from certificates.awards.states import APPLICATION_WAYS, ApplicationState
from certificates.awards.wording import say_application_state
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import LOCALES
from institute.messages import mail
from institute.people.models import Person
from institute.people.naming import name_or_number

SHORTEST_NOTE: Final = 3
DECIDED: Final = frozenset(
    {ApplicationState.RETURNED, ApplicationState.DENIED, ApplicationState.APPROVED, ApplicationState.AWARDED}
)


def open_application(application_id: ApplicationId, *, session: Session, actor: Actor) -> Application:
    """Return an application of the actor's institute, locked, if the actor may decide about it.

    Raises NotFoundError, DutiesError.
    """
    application = session.get(Application, application_id, with_for_update=True)
    if application is None or application.institute_id != actor.institute_id:
        raise NotFoundError
    duties.require_apart(actor, application.person_id, application.enrolment_id, application.rule_set_id)
    return application


def move(
    application: Application,
    to: ApplicationState,
    *,
    actor: Actor,
    note: str = "",
    snapshot: dict[str, Any] | None = None,
) -> None:
    """Take an application, locked by the caller, to another state. Raises ApplicationStateError."""
    if to not in APPLICATION_WAYS[application.state]:
        raise unlawful(application, to)
    before, application.state = application.state, to
    record_step(application, note=note, actor=actor, snapshot=snapshot or {})
    audit.record(
        f"application.{to}", actor=actor, subject=("application", application.id), details={"from": before}
    )


def record_step(application: Application, *, actor: Actor, snapshot: dict[str, Any], note: str = "") -> None:
    """Write down what happened to an application, in the caller's transaction. Only people do."""
    if actor.person_id is None:
        raise NotFoundError
    with transaction() as session:
        session.add(
            ApplicationStep(
                institute_id=application.institute_id,
                application_id=application.id,
                state=application.state,
                person_id=actor.person_id,
                note=note,
                snapshot=snapshot,
            )
        )


def read_note(text: str, *, needed: bool, missing: type[ReasonMissingError] = ReasonMissingError) -> str:
    """Return a reason as it is kept. Raises ``missing``, NoteTooLongError."""
    note = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()
    if needed and len(note) < SHORTEST_NOTE:
        raise missing
    if len(note) > LONGEST_NOTE:
        raise NoteTooLongError(most=LONGEST_NOTE)
    return note


def tell_about(application: Application, kind: str) -> None:
    """Wish for a message to whoever applied, about what happened last."""
    with transaction() as session:
        session.flush()
        last = select(func.max(ApplicationStep.id)).where(ApplicationStep.application_id == application.id)
        about = {"application_id": application.id, "step": session.scalars(last).one() or 0}
        mail.tell(application.person_id, kind, about, institute_id=application.institute_id)


def unlawful(application: Application, to: ApplicationState) -> ApplicationStateError:
    """Return why an application cannot go on like this; where somebody decided before, it says who."""
    if application.state in DECIDED:
        with transaction() as session:
            row = session.execute(
                select(Person.name, Person.id)
                .join(ApplicationStep, ApplicationStep.person_id == Person.id)
                .where(
                    ApplicationStep.application_id == application.id,
                    ApplicationStep.state == application.state,
                )
                .order_by(ApplicationStep.id.desc())
                .limit(1)
            ).one_or_none()
        if row is not None:
            return DecidedAlreadyError(
                name=name_or_number(row.name, row.id), state=say_application_state(application.state)
            )
    return ApplicationStateError(
        state=say_application_state(application.state), wished=say_application_state(to)
    )


def require_languages(locale: str, second_locale: str | None) -> None:
    """Refuse what are not one or two different languages of ours. Raises LanguageUnknownError."""
    second = (second_locale,) if second_locale is not None else ()
    if not {locale, *second} <= set(LOCALES) or locale in second:
        raise LanguageUnknownError
