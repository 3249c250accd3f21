"""Applying for a level, and what is decided about an application short of issuing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.gathering import (
    ROLES,
    Candidacy,
    Gathered,
    candidacy_of_person,
    find_candidacy,
    gather,
)
from certificates.awards.applications.stepping import (
    move,
    open_application,
    read_note,
    record_step,
    require_languages,
    tell_about,
    unlawful,
)
from certificates.awards.errors import (
    AlreadyAppliedError,
    AlreadyHeldError,
    LevelClosedError,
    NotEligibleError,
)
from certificates.awards.models import (
    Application,
    ApplicationId,
    Award,
)
from certificates.awards.states import OPEN, STANDING, ApplicationState
from certificates.documents.fitting import check_name
from certificates.levels.eligibility import RuleResult, all_met, best_pathway, check
from certificates.levels.facts import write_facts
from certificates.levels.models import Level, LevelId, RuleSet, Track
from certificates.levels.queries import LevelLine, RulesLine, levels_of
from certificates.levels.rules import STANDARD, read_rules
from courses.coaching.locking import lock_logs
from courses.cohorts.models import Enrolment, EnrolmentId
from institute import audit
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import LOCALES, SOURCE_LOCALE
from institute.people.linking import same_person
from institute.people.models import Person


def apply_for_level(
    level_key: str,
    *,
    enrolment_id: EnrolmentId | None = None,
    pathway: str | None = None,
    actor: Actor,
) -> ApplicationId:
    """Apply for a level on behalf of oneself; the confirmed hours are locked. Return the application's id.

    A participant's level is reached in an enrolment, another track's by what the actor does in its role. Without a
    ``pathway`` the one is taken on which every rule is met. What was returned is taken up again under the newest
    rules. Raises NotFoundError if the enrolment is not the actor's own or nothing is called so, LevelClosedError
    unless the level is the next one and has rules, AlreadyHeldError, AlreadyAppliedError, and NotEligibleError unless
    every rule is met at this moment.
    """
    with transaction() as session:
        candidacy, track = _candidacy(level_key, enrolment_id, session, actor)
        level = _open_level(level_key, track, candidacy, session)
        found = _open_application(candidacy, level.id, session)
        if found is not None and found.state is not ApplicationState.RETURNED:
            raise AlreadyAppliedError
        rules = level.rules
        if rules is None:
            raise LevelClosedError
        gathered = gather(candidacy, rules.rules)
        way, results = _results_on(rules, pathway, gathered)
        if not all_met(results):
            raise NotEligibleError
        if enrolment_id is not None:
            lock_logs(enrolment_id, actor=actor)
        if found is None:
            found = begin(candidacy, level.id, session)
        found.rule_set_id, found.enrolment_id, found.pathway = rules.id, enrolment_id, way
        found.applied_at, found.state = now(), ApplicationState.UNDER_REVIEW
        session.flush()
        record_step(found, actor=actor, snapshot=take_snapshot(found, rules.sha256, gathered, results))
        audit.record(
            "application.made",
            actor=actor,
            subject=("application", found.id),
            details={"level": level.id, "rule_set": rules.id, "pathway": way},
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

    Whatever name the person asked for is answered with it.
    Raises NotFoundError, DutiesError, what ``check_name`` raises, LanguageUnknownError, ReasonMissingError if the
    name changes without one, ApplicationStateError once it is decided.
    """
    with transaction() as session:
        application = open_application(application_id, session=session, actor=actor)
        if application.state is not ApplicationState.UNDER_REVIEW:
            raise unlawful(application, ApplicationState.UNDER_REVIEW)
        wished = check_name(name)
        require_languages(locale, second_locale)
        before = application.name
        note = read_note(reason, needed=wished != before)
        application.name, application.locale, application.second_locale = wished, locale, second_locale
        application.wished_name, application.wish_note = None, ""
        session.flush()
        record_step(application, note=note, actor=actor, snapshot={"name": [before, wished]})
        audit.record(
            "application.corrected",
            actor=actor,
            subject=("application", application.id),
            details={"name_changed": wished != before, "languages": [locale, second_locale]},
        )


def take_snapshot(
    application: Application, rules_sha256: str, gathered: Gathered, results: tuple[RuleResult, ...]
) -> dict[str, Any]:
    """Return everything a decision stands on: the facts, each rule's result, the submissions that were accepted."""
    return {
        "rule_set": application.rule_set_id,
        "rules_sha256": rules_sha256,
        "pathway": application.pathway,
        "facts": write_facts(gathered.facts),
        "results": [[one.rule.kind.value, one.rule.key, one.have, one.need, one.met] for one in results],
        "submissions": {
            key: one.submission_id
            for key, one in gathered.requirements.items()
            if one.submission_id is not None
        },
    }


def recheck(application: Application, session: Session) -> tuple[Gathered, tuple[RuleResult, ...], RuleSet]:
    """Hold an application's own version of the rules, or of those for renewing, against what is true now."""
    rules = session.get_one(RuleSet, application.rule_set_id)
    asked = read_rules(rules.rules if application.renews_id is None else rules.renewal)
    gathered = gather(candidacy_for(application, session), asked)
    return gathered, check(asked, gathered.facts, application.pathway), rules


def candidacy_for(application: Application, session: Session) -> Candidacy:
    """Return what an application rests on."""
    if application.enrolment_id is not None:
        return find_candidacy(application.enrolment_id, application.institute_id)
    track = session.get_one(Level, application.level_id).track
    return candidacy_of_person(application.person_id, application.institute_id, track)


def _candidacy(
    level_key: str, enrolment_id: EnrolmentId | None, session: Session, actor: Actor
) -> tuple[Candidacy, Track]:
    """Return what the actor's application for a level would rest on, locked. Raises NotFoundError."""
    if actor.person_id is None:
        raise NotFoundError
    if enrolment_id is not None:
        enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
        if enrolment is None or enrolment.person_id != actor.person_id:
            raise NotFoundError
    # In two cohorts at once: one after the other.
    session.get_one(Person, actor.person_id, with_for_update=True)
    track = _track_of(level_key, session, actor)
    if (enrolment_id is None) == (track is Track.PARTICIPANT):
        raise NotFoundError
    if enrolment_id is not None:
        return find_candidacy(enrolment_id, actor.institute_id), track
    return candidacy_of_person(actor.person_id, actor.institute_id, track), track


def _track_of(level_key: str, session: Session, actor: Actor) -> Track:
    """Return the track of a level that the actor is on. Raises NotFoundError."""
    here = Level.institute_id == actor.institute_id
    track = None
    if level_key.isprintable():  # PostgreSQL takes no NUL, not even to say that nothing is called so
        track = session.scalar(select(Level.track).where(here, Level.key == level_key))
    if track is None or (track is not Track.PARTICIPANT and not actor.has(ROLES.get(track, Role.COACH))):
        raise NotFoundError
    return track


def _results_on(
    rules: RulesLine, pathway: str | None, gathered: Gathered
) -> tuple[str, tuple[RuleResult, ...]]:
    """Return the pathway and its results; the best one where none is named. Raises NotFoundError."""
    others = [one.key for one in rules.pathways]
    if pathway is None:
        return best_pathway(rules.rules, others, gathered.facts)
    if pathway not in (STANDARD, *others):
        raise NotFoundError
    return pathway, check(rules.rules, gathered.facts, pathway)


def _open_level(level_key: str, track: Track, candidacy: Candidacy, session: Session) -> LevelLine:
    """Return the level if it is the one that follows what is held. Raises as applying does."""
    level = next((one for one in levels_of(candidacy.institute_id, track) if one.key == level_key), None)
    if level is None:
        raise NotFoundError
    held = session.scalars(
        select(Level)
        .join(Award, Award.level_id == Level.id)
        .where(
            Award.institute_id == candidacy.institute_id,
            Award.person_id.in_(same_person(candidacy.person_id)),
            Award.status.in_(STANDING),
        )
    ).all()
    if any(one.id == level.id for one in held):
        raise AlreadyHeldError
    reached = max((one.position for one in held if one.track is track), default=0)
    follows = level.position == reached + 1 or any(one.next_id == level.id for one in held)
    if not follows or level.rules is None:
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


def begin(candidacy: Candidacy, level_id: LevelId, session: Session) -> Application:
    """Return a new application that says what the person's account does; the caller fills in the rest."""
    person = session.get_one(Person, candidacy.person_id)
    locale, second_locale = usual_locales(person)
    made = Application(
        institute_id=candidacy.institute_id,
        person_id=candidacy.person_id,
        level_id=level_id,
        name=person.name,
        locale=locale,
        second_locale=second_locale,
    )
    session.add(made)
    return made


def usual_locales(person: Person) -> tuple[str, str | None]:
    """Return the one or two languages of a certificate where nobody chose others."""
    locale = person.locale if person.locale in LOCALES else SOURCE_LOCALE
    return locale, None if locale == SOURCE_LOCALE else SOURCE_LOCALE
