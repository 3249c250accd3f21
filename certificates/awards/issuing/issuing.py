"""Approving and issuing: one transaction in which the award becomes valid; its document follows as a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.applications.stepping import move, open_application
from certificates.awards.errors import AlreadyHeldError, LookUnfitError, NameWishedError, PreviewChangedError
from certificates.awards.events import AwardChanged, AwardIssued
from certificates.awards.issuing.moments import end_of_validity, moment_of_issue
from certificates.awards.issuing.numbering import free_index, hold_numbers, next_number, serial_prefix
from certificates.awards.issuing.snapshots import require_met
from certificates.awards.lifetime.signing_keys import require_usable
from certificates.awards.lifetime.superseding import make_way
from certificates.awards.models import Application, ApplicationId, Award, AwardId
from certificates.awards.proof.codes import make_code
from certificates.awards.proof.statuses import want_list
from certificates.awards.states import STANDING, ApplicationState, ReasonClass
from certificates.documents.fitting import CertificateNameError, check_name
from certificates.documents.looks.fits import fits
from certificates.documents.looks.keeping import frozen
from certificates.documents.serials import serial
from certificates.levels.models import Level
from certificates.levels.rules import digest
from courses.coaching.locking import lock_logs
from institute import audit, events
from institute.actors import Actor
from institute.db import transaction
from institute.errors import NotFoundError
from institute.jobs import outbox
from institute.people.linking import same_person
from institute.people.models import Institute, Person

JOB_KIND: Final = "award.document"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was looked at in the preview: issuing anything else is refused. ``minutes`` are those that count."""

    name: str
    locale: str
    second_locale: str | None
    level_id: int
    minutes: int

    @property
    def mark(self) -> str:
        """The digest that the preview's form carries."""
        return digest([self.name, self.locale, self.second_locale, self.level_id, self.minutes])


def approve_and_issue(application_id: ApplicationId, *, seen: str, actor: Actor) -> AwardId:
    """Approve an application and issue its award at once; return the award's id.

    The rules are held against what is true now. ``seen`` is the mark of the preview that was looked at. Raises
    NotFoundError, DutiesError, what ``require_name`` raises, ApplicationStateError if it was decided meanwhile,
    NotEligibleError, AlreadyHeldError, PreviewChangedError.
    """
    with transaction() as session:
        application = open_application(application_id, session=session, actor=actor)
        move(application, ApplicationState.APPROVED, actor=actor)
        return issue(application, seen=seen, actor=actor)


def issue(application: Application, *, seen: str, actor: Actor) -> AwardId:
    """Issue the award of an approved application that the caller has locked. Raises as ``approve_and_issue``.

    What is renewed gives way in the same transaction.
    """
    with transaction() as session:
        if actor.person_id is None:
            raise NotFoundError
        institute = hold_numbers(application.institute_id, session)
        at = moment_of_issue(institute.id, session)
        require_usable(institute.id)
        snapshot, minutes, rules = require_met(application, session)
        if decision_of(application, minutes).mark != seen:
            raise PreviewChangedError
        if application.renews_id is not None:
            make_way(application.renews_id, ReasonClass.RENEWED, actor=actor)
        refuse_second(application, session)
        require_name(application)
        require_fit(application, session)
        # What was confirmed after the application counts as well.
        if application.enrolment_id is not None:
            snapshot["sessions"] = list(lock_logs(application.enrolment_id, actor=actor))
        level = session.get_one(Level, application.level_id)
        year = at.astimezone(ZoneInfo(institute.timezone)).year
        number = next_number(institute, year, session)
        move(application, ApplicationState.AWARDED, actor=actor, snapshot=snapshot)
        award = Award(
            institute_id=institute.id,
            application_id=application.id,
            enrolment_id=application.enrolment_id,
            person_id=application.person_id,
            level_id=application.level_id,
            rule_set_id=application.rule_set_id,
            code=make_code(),
            serial=serial(serial_prefix(institute.slug), year, number),
            year=year,
            number=number,
            name_frozen=check_name(application.name),
            locale=application.locale,
            second_locale=application.second_locale,
            institute_name=institute.name,
            level_name=level.name,
            title=level.title or level.name,
            level_position=level.position,
            signatory=_signatory(session.get_one(Person, actor.person_id), institute, application.locale),
            minutes=minutes,
            issued_at=at,
            issued_by=actor.person_id,
            valid_until=end_of_validity(at, rules.valid_months, institute.timezone),
            snapshot=snapshot,
            snapshot_sha256=digest(snapshot),
            status_index=free_index(institute, session),
            pathway=application.pathway,
            supersedes_id=application.renews_id,
            look=frozen(institute.id),
        )
        session.add(award)
        session.flush()
        outbox.put(kind=JOB_KIND, key=str(award.id))
        want_list(award.institute_id)
        events.publish(AwardChanged(award.institute_id, award.person_id, award.id))
        events.publish(AwardIssued(award.institute_id, award.person_id, award.id))
        audit.record(
            "award.issued",
            actor=actor,
            subject=("award", award.id),
            details={
                "application": application.id,
                "level": application.level_id,
                "rule_set": application.rule_set_id,
                "snapshot_sha256": award.snapshot_sha256,
            },
        )
        return award.id


def decision_of(application: Application, minutes: int) -> Decision:
    """Return what issuing this application now would say."""
    return Decision(
        name=application.name,
        locale=application.locale,
        second_locale=application.second_locale,
        level_id=application.level_id,
        minutes=minutes,
    )


def refuse_second(application: Application, session: Session) -> None:
    """Refuse a second award of a level that stands; one that is renewed gives way. Raises AlreadyHeldError."""
    held = session.scalar(
        select(Award.id).where(
            Award.person_id.in_(same_person(application.person_id)),
            Award.level_id == application.level_id,
            Award.status.in_(STANDING),
            Award.id.is_distinct_from(application.renews_id),
        )
    )
    if held is not None:
        raise AlreadyHeldError


def require_name(application: Application) -> None:
    """Refuse a name that is not decided or cannot stand there. Raises NameWishedError, what ``check_name`` raises."""
    if application.wished_name is not None:
        raise NameWishedError
    check_name(application.name)


def require_fit(application: Application, session: Session) -> None:
    """Refuse what does not fit on the page as documents look now. Raises LookUnfitError."""
    level = session.get_one(Level, application.level_id)
    if fits(
        application.institute_id,
        name=application.name,
        locale=application.locale,
        second_locale=application.second_locale,
        title=level.title or level.name,
        level=level.name,
    ):
        raise LookUnfitError


def _signatory(issuer: Person, institute: Institute, locale: str) -> str:
    """Return who signs: whoever issues, or the institute where their name is not known or cannot be printed."""
    try:
        return check_name(issuer.name)
    except CertificateNameError:
        return institute.name.in_(locale)
