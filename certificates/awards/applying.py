"""Applying for a level, and what is decided about an application short of issuing."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards import duties
from certificates.awards.errors import (
    AlreadyAppliedError,
    AlreadyHeldError,
    ApplicationStateError,
    LanguageUnknownError,
    LevelClosedError,
    NotEligibleError,
    NoteTooLongError,
    ReasonMissingError,
)
from certificates.awards.gathering import Candidacy, Gathered, find_candidacy, gather
from certificates.awards.models import (
    LONGEST_NOTE,
    Application,
    ApplicationId,
    ApplicationStep,
    Award,
)
from certificates.awards.states import APPLICATION_WAYS, OPEN, STANDING, ApplicationState
from certificates.awards.wording import say_application_state
from certificates.documents.fitting import check_name
from certificates.levels.eligibility import RuleResult, all_met, check
from certificates.levels.facts import write_facts
from certificates.levels.models import Level, LevelId, RuleSet
from certificates.levels.queries import LevelLine, levels_of
from certificates.levels.rules import read_rules
from courses.coaching.locking import lock_logs
from courses.cohorts.models import Enrolment, EnrolmentId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import LOCALES, SOURCE_LOCALE
from institute.messages import mail
from institute.people.linking import same_person
from institute.people.models import Person

SHORTEST_NOTE: Final = 3


def apply_for_level(enrolment_id: EnrolmentId, level_key: str, *, actor: Actor) -> ApplicationId:
    """Apply for a level on behalf of oneself; the confirmed hours are locked. Return the application's id.

    What was returned is taken up again under the newest rules. Raises NotFoundError if the enrolment is not the
    actor's own, LevelClosedError unless the level is the next one and has rules, AlreadyHeldError,
    AlreadyAppliedError, and NotEligibleError unless every rule is met at this moment.
    """
    with transaction() as session:
        enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
        if enrolment is None or actor.person_id is None or enrolment.person_id != actor.person_id:
            raise NotFoundError
        session.get_one(
            Person, actor.person_id, with_for_update=True
        )  # in two cohorts at once: one after the other
        candidacy = find_candidacy(enrolment_id, actor.institute_id)
        level = _open_level(level_key, candidacy, session)
        found = _open_application(candidacy, level.id, session)
        if found is not None and found.state is not ApplicationState.RETURNED:
            raise AlreadyAppliedError
        rules = level.rules
        if rules is None:
            raise LevelClosedError
        gathered = gather(candidacy)
        results = check(rules.rules, gathered.facts)
        if not all_met(results):
            raise NotEligibleError
        lock_logs(enrolment_id, actor=actor)
        if found is None:
            found = _begin(candidacy, level.id, session)
        found.rule_set_id, found.enrolment_id = rules.id, enrolment_id
        found.applied_at, found.state = now(), ApplicationState.UNDER_REVIEW
        session.flush()
        record_step(found, actor=actor, snapshot=take_snapshot(found, rules.sha256, gathered, results))
        audit.record(
            "application.made",
            actor=actor,
            subject=("application", found.id),
            details={"level": level.id, "rule_set": rules.id},
        )
        return found.id


def return_application(application_id: ApplicationId, reason: str, *, actor: Actor) -> None:
    """Give an application back with a reason that the person reads; they may apply again.

    Raises NotFoundError, DutiesError, ReasonMissingError, NoteTooLongError, ApplicationStateError.
    """
    with transaction() as session:
        application = open_application(application_id, session=session, actor=actor)
        note = read_note(reason, needed=True)
        move(application, ApplicationState.RETURNED, note=note, actor=actor)
        tell_about(application, "application.returned")


def deny(application_id: ApplicationId, reason: str, *, actor: Actor) -> None:
    """Refuse an application for good, with a reason that the person reads. Raises as ``return_application``."""
    with transaction() as session:
        application = open_application(application_id, session=session, actor=actor)
        note = read_note(reason, needed=True)
        move(application, ApplicationState.DENIED, note=note, actor=actor)
        tell_about(application, "application.returned")


def correct(
    application_id: ApplicationId,
    *,
    name: str,
    locale: str,
    second_locale: str | None,
    reason: str,
    actor: Actor,
) -> None:
    """Change what the certificate will say: the name, with a reason, and its one or two languages.

    Raises NotFoundError, DutiesError, what ``check_name`` raises, LanguageUnknownError, ReasonMissingError if the
    name changes without one, ApplicationStateError once it is decided.
    """
    with transaction() as session:
        application = open_application(application_id, session=session, actor=actor)
        if application.state is not ApplicationState.UNDER_REVIEW:
            raise _unlawful(application, ApplicationState.UNDER_REVIEW)
        wished = check_name(name)
        if locale not in LOCALES or (second_locale is not None and second_locale not in LOCALES):
            raise LanguageUnknownError
        if locale == second_locale:
            raise LanguageUnknownError
        before = application.name
        note = read_note(reason, needed=wished != before)
        application.name, application.locale, application.second_locale = wished, locale, second_locale
        session.flush()
        record_step(application, note=note, actor=actor, snapshot={"name": [before, wished]})
        audit.record(
            "application.corrected",
            actor=actor,
            subject=("application", application.id),
            details={"name_changed": wished != before, "languages": [locale, second_locale]},
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
        raise _unlawful(application, to)
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


def take_snapshot(
    application: Application, rules_sha256: str, gathered: Gathered, results: tuple[RuleResult, ...]
) -> dict[str, Any]:
    """Return everything a decision stands on: the facts, each rule's result, the submissions that were accepted."""
    return {
        "rule_set": application.rule_set_id,
        "rules_sha256": rules_sha256,
        "facts": write_facts(gathered.facts),
        "results": [[one.rule.kind.value, one.rule.key, one.have, one.need, one.met] for one in results],
        "submissions": {
            key: one.submission_id
            for key, one in gathered.requirements.items()
            if one.submission_id is not None
        },
    }


def recheck(application: Application, session: Session) -> tuple[Gathered, tuple[RuleResult, ...], RuleSet]:
    """Hold an application's own version of the rules against what is true now."""
    rules = session.get_one(RuleSet, application.rule_set_id)
    gathered = gather(find_candidacy(application.enrolment_id, application.institute_id))
    return gathered, check(read_rules(rules.rules), gathered.facts), rules


def read_note(text: str, *, needed: bool) -> str:
    """Return a reason as it is kept. Raises ReasonMissingError, NoteTooLongError."""
    note = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()
    if needed and len(note) < SHORTEST_NOTE:
        raise ReasonMissingError
    if len(note) > LONGEST_NOTE:
        raise NoteTooLongError(most=LONGEST_NOTE)
    return note


def tell_about(application: Application, kind: str) -> None:
    """Wish for a message to whoever applied."""
    mail.tell(
        application.person_id, kind, {"application_id": application.id}, institute_id=application.institute_id
    )


def _unlawful(application: Application, to: ApplicationState) -> ApplicationStateError:
    return ApplicationStateError(
        state=say_application_state(application.state), wished=say_application_state(to)
    )


def _open_level(level_key: str, candidacy: Candidacy, session: Session) -> LevelLine:
    """Return the level if it is the one that follows what is held. Raises as applying does."""
    levels = levels_of(candidacy.institute_id)
    level = next((one for one in levels if one.key == level_key), None)
    if level is None:
        raise NotFoundError
    held = set(
        session.scalars(
            select(Level.position)
            .join(Award, Award.level_id == Level.id)
            .where(
                Award.institute_id == candidacy.institute_id,
                Award.person_id.in_(same_person(candidacy.person_id)),
                Award.status.in_(STANDING),
            )
        )
    )
    if level.position in held:
        raise AlreadyHeldError
    if level.position != max(held, default=0) + 1 or level.rules is None:
        raise LevelClosedError
    return level


def _open_application(candidacy: Candidacy, level_id: LevelId, session: Session) -> Application | None:
    return session.scalar(
        select(Application)
        .where(
            Application.institute_id == candidacy.institute_id,
            Application.person_id == candidacy.person_id,
            Application.level_id == level_id,
            Application.state.in_(OPEN),
        )
        .with_for_update()
    )


def _begin(candidacy: Candidacy, level_id: LevelId, session: Session) -> Application:
    person = session.get_one(Person, candidacy.person_id)
    locale = person.locale if person.locale in LOCALES else SOURCE_LOCALE
    made = Application(
        institute_id=candidacy.institute_id,
        person_id=candidacy.person_id,
        level_id=level_id,
        name=person.name,
        locale=locale,
        second_locale=None if locale == SOURCE_LOCALE else SOURCE_LOCALE,
    )
    session.add(made)
    return made
