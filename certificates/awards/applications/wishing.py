"""How whoever applies wishes the certificate to be written, and what the office answers about the name.

The languages are theirs to choose. Another name than their account's is decided by somebody at the office, before
anything is issued: nobody prints a certificate to another.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.applying import apply_for_level
from certificates.awards.applications.stepping import (
    open_application,
    read_note,
    record_step,
    require_languages,
    unlawful,
)
from certificates.awards.errors import NameAnsweredError, WishReasonMissingError
from certificates.awards.models import Application, ApplicationId
from certificates.awards.states import ApplicationState
from certificates.documents.fitting import check_name
from certificates.levels.models import Level
from courses.cohorts.models import EnrolmentId
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError
from institute.people.models import Person


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wishes the certificate to say. What is empty stays as it is; ``second_locale`` is "" for none."""

    name: str = ""
    reason: str = ""
    locale: str = ""
    second_locale: str = ""


def apply_wishing(
    level_key: str,
    wish: Wish,
    *,
    enrolment_id: EnrolmentId | None = None,
    pathway: str | None = None,
    actor: Actor,
) -> ApplicationId:
    """Apply for a level and say how the certificate shall be written, both or neither.

    Raises as ``apply_for_level`` and ``say_wish``.
    """
    with transaction() as session:
        # A form that is refused must leave nothing written: what is wrong with the wish is found first.
        _read(wish, _name_before(level_key, session, actor))
        made = apply_for_level(level_key, enrolment_id=enrolment_id, pathway=pathway, actor=actor)
        say_wish(made, wish, actor=actor)
        return made


def say_wish(application_id: ApplicationId, wish: Wish, *, actor: Actor) -> None:
    """Say how the certificate of an own application that waits shall be written.

    Raises NotFoundError, ApplicationStateError, what ``check_name`` raises, LanguageUnknownError, NoteTooLongError, and
    ReasonMissingError where the name differs from the one that stands there and none is given.
    """
    with transaction() as session:
        application = _own(application_id, session, actor)
        name, note = _read(wish, application.name)
        if wish.locale:
            application.locale, application.second_locale = wish.locale, wish.second_locale or None
        if name == application.name:
            if application.wished_name is not None:  # it is not wished any more
                application.wished_name, application.wish_note = None, ""
            return
        if (application.wished_name, application.wish_note) == (name, note):
            return
        application.wished_name, application.wish_note = name, note
        session.flush()
        record_step(application, note=note, actor=actor, snapshot={"wished_name": [application.name, name]})
        audit.record("application.name_wished", actor=actor, subject=("application", application.id))


def _read(wish: Wish, before: str) -> tuple[str, str]:
    """Return the name as it is kept and why it is another than before. Raises as ``say_wish``."""
    if wish.locale:
        require_languages(wish.locale, wish.second_locale or None)
    name = check_name(wish.name) if wish.name.strip() and wish.name != before else before
    differs = bool(before) and name != before
    return name, read_note(wish.reason, needed=differs, missing=WishReasonMissingError)


def _name_before(level_key: str, session: Session, actor: Actor) -> str:
    """Return the name that stands on what was returned, else the account's."""
    if not level_key.isprintable():  # PostgreSQL takes no NUL; applying says that nothing is called so
        raise NotFoundError
    returned = session.scalar(
        select(Application.name)
        .join(Level, Level.id == Application.level_id)
        .where(
            Application.institute_id == actor.institute_id,
            Application.person_id == actor.person_id,
            Application.state == ApplicationState.RETURNED,
            Level.key == level_key,
        )
    )
    if returned is not None:
        return returned
    return session.scalar(select(Person.name).where(Person.id == actor.person_id)) or ""


def take_name(application_id: ApplicationId, seen: str, *, actor: Actor) -> None:
    """Let the certificate bear the name that is asked for. ``seen`` is the name that the actor read.

    Raises NotFoundError, DutiesError, ApplicationStateError, NameAnsweredError.
    """
    with transaction() as session:
        application = _asked(application_id, seen, session, actor)
        before, application.name = application.name, seen
        reason, application.wished_name, application.wish_note = application.wish_note, None, ""
        session.flush()
        record_step(application, note=reason, actor=actor, snapshot={"name": [before, seen]})
        audit.record(
            "application.corrected",
            actor=actor,
            subject=("application", application.id),
            details={"name_changed": True, "languages": [application.locale, application.second_locale]},
        )


def leave_name(application_id: ApplicationId, seen: str, reason: str, *, actor: Actor) -> None:
    """Leave the name as it is, with a reason that the person reads. Raises as ``take_name``, and ReasonMissingError."""
    with transaction() as session:
        application = _asked(application_id, seen, session, actor)
        note = read_note(reason, needed=True)
        application.wished_name, application.wish_note = None, note
        session.flush()
        record_step(application, note=note, actor=actor, snapshot={"left_name": [application.name, seen]})
        audit.record("application.name_left", actor=actor, subject=("application", application.id))


def _own(application_id: ApplicationId, session: Session, actor: Actor) -> Application:
    application = session.get(Application, application_id, with_for_update=True)
    if application is None or actor.person_id is None or application.person_id != actor.person_id:
        raise NotFoundError
    if application.state is not ApplicationState.UNDER_REVIEW:
        raise unlawful(application, ApplicationState.UNDER_REVIEW)
    return application


def _asked(application_id: ApplicationId, seen: str, session: Session, actor: Actor) -> Application:
    application = open_application(application_id, session=session, actor=actor)
    if application.state is not ApplicationState.UNDER_REVIEW:
        raise unlawful(application, ApplicationState.UNDER_REVIEW)
    if application.wished_name is None or application.wished_name != seen:
        raise NameAnsweredError
    return application
