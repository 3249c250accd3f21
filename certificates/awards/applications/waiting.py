"""Applications as an administrator sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from certificates.awards.applications.appealing import objection_to_hearing
from certificates.awards.applications.applying import recheck
from certificates.awards.applications.duties import find_objection
from certificates.awards.errors import DutiesError, LookUnfitError, NameWishedError
from certificates.awards.issuing.issuing import Decision, decision_of, require_fit, require_name
from certificates.awards.models import (
    Application,
    ApplicationId,
    ApplicationStep,
)
from certificates.awards.queries import StepLine
from certificates.awards.states import ApplicationState
from certificates.awards.wording import say_step
from certificates.documents.fitting import CertificateNameError
from certificates.levels.eligibility import all_met
from certificates.levels.models import Level, LevelId
from certificates.levels.queries import levels_of
from certificates.levels.wording import RuleWords, say_result
from certificates.scoring.outcomes.queries import Result, results_of
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, CohortId, Enrolment
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.i18n import Localised
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number

PER_PAGE: Final = 25
TO_DECIDE: Final = (ApplicationState.UNDER_REVIEW, ApplicationState.APPEALED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of applications is narrowed to."""

    name: str = ""
    level_id: LevelId | None = None
    cohort_id: CohortId | None = None


@dataclass(frozen=True)
class ApplicationView:
    """An application with everything that a decision stands on, as it is now."""

    id: ApplicationId
    person_name: str
    name: str
    locale: str
    second_locale: str | None
    level_id: LevelId
    level_name: Localised
    level_position: int
    title: Localised
    today: date
    rules_version: int
    state: ApplicationState
    applied_at: datetime
    minutes: int
    rules: tuple[RuleWords, ...]
    met: bool
    objection: DutiesError | None
    hearing: DutiesError | None
    name_problem: DomainError | None
    wished_name: str | None
    wish_note: str
    results: Mapping[str, Result]
    titles: Mapping[str, Localised]

    @property
    def open_rules(self) -> int:
        """How many rules are open."""
        return sum(not rule.met for rule in self.rules)

    @property
    def days_waiting(self) -> int:
        """How many whole days the application has waited."""
        return (now() - self.applied_at).days

    @property
    def can_issue(self) -> bool:
        """Whether the actor may issue it now."""
        waits = self.state is ApplicationState.UNDER_REVIEW
        return waits and self.met and self.objection is None and self.name_problem is None


@dataclass(frozen=True)
class ApplicationList:
    """A page of the applications that wait, longest first. ``total`` counts all of them."""

    lines: Sequence[ApplicationView]
    total: int
    page: int
    pages: int


def waiting_applications(actor: Actor, page: int = 1, wanted: Wanted | None = None) -> ApplicationList:
    """Return the applications of the actor's institute that wait for a decision, longest first."""
    mine = _waiting(actor, wanted or Wanted())
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rows = db.session.scalars(
        select(Application)
        .options(
            joinedload(Application.person), joinedload(Application.level), joinedload(Application.rule_set)
        )
        .where(Application.id.in_(mine))
        .order_by(Application.applied_at, Application.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return ApplicationList([_view(row, actor) for row in rows], total, page, pages)


def _waiting(actor: Actor, wanted: Wanted) -> Select[ApplicationId]:
    """Return what waits as a query of ids."""
    query = select(Application.id).where(
        Application.institute_id == actor.institute_id,
        Application.state.in_(TO_DECIDE),
    )
    if wanted.level_id is not None:
        query = query.where(Application.level_id == wanted.level_id)
    if wanted.cohort_id is not None:
        query = query.join(Enrolment, Enrolment.id == Application.enrolment_id).where(
            Enrolment.cohort_id == wanted.cohort_id
        )
    if wanted.name:
        query = query.join(Person, Person.id == Application.person_id).where(
            or_(
                Person.name.icontains(wanted.name, autoescape=True),
                Application.name.icontains(wanted.name, autoescape=True),
            )
        )
    return query


def choices_of_waiting(
    actor: Actor,
) -> tuple[list[tuple[LevelId, Localised]], list[tuple[CohortId, Localised]]]:
    """Return the levels and the cohorts that applications wait for, each as (id, name)."""
    waits = (Application.institute_id == actor.institute_id, Application.state.in_(TO_DECIDE))
    levels = (
        select(Level.id, Level.name)
        .where(Level.id.in_(select(Application.level_id).where(*waits)))
        .order_by(Level.track, Level.position)
    )
    cohorts = (
        select(Cohort.id, Cohort.name)
        .where(
            Cohort.id.in_(
                select(Enrolment.cohort_id)
                .join(Application, Application.enrolment_id == Enrolment.id)
                .where(*waits)
            )
        )
        .order_by(Cohort.starts.desc(), Cohort.id)
    )
    return (
        [(row.id, row.name) for row in db.session.execute(levels)],
        [(row.id, row.name) for row in db.session.execute(cohorts)],
    )


def count_waiting(actor: Actor) -> int:
    """Return how many applications wait in the actor's institute."""
    return (
        db.session.scalar(
            select(func.count(Application.id)).where(
                Application.institute_id == actor.institute_id,
                Application.state.in_(TO_DECIDE),
            )
        )
        or 0
    )


def view_application(application_id: ApplicationId, actor: Actor) -> ApplicationView:
    """Return an application of the actor's institute. Raises NotFoundError."""
    return _view(_find(application_id, actor), actor)


def preview(application_id: ApplicationId, actor: Actor) -> Decision:
    """Return what issuing the application now would say. Raises NotFoundError."""
    view = view_application(application_id, actor)
    return decision_of(_find(application_id, actor), view.minutes)


def unfit(application_id: ApplicationId, actor: Actor) -> LookUnfitError | None:
    """Return that the certificate would not fit on its page, or None. Raises NotFoundError."""
    try:
        require_fit(_find(application_id, actor), db.session())
    except LookUnfitError as error:
        return error
    return None


def steps_of(application_id: ApplicationId) -> list[StepLine]:
    """Return what happened to an application, newest first."""
    rows = db.session.execute(
        select(ApplicationStep, Person.name)
        .join(Person, Person.id == ApplicationStep.person_id)
        .where(ApplicationStep.application_id == application_id)
        .order_by(ApplicationStep.id.desc())
    )
    return [
        StepLine(
            step.state,
            step.at,
            name_or_number(name, step.person_id),
            step.note,
            what=say_step(step.state, step.snapshot),
        )
        for step, name in rows
    ]


def _name_problem(application: Application) -> DomainError | None:
    """Return why a name cannot be printed yet, or None if it can."""
    try:
        require_name(application)
    except (CertificateNameError, NameWishedError) as error:
        return error
    return None


def _find(application_id: ApplicationId, actor: Actor) -> Application:
    application = db.session.get(Application, application_id)
    if application is None or application.institute_id != actor.institute_id:
        raise NotFoundError
    return application


def _view(row: Application, actor: Actor) -> ApplicationView:
    gathered, results, rules = recheck(row, db.session())
    names = gathered.names(levels_of(actor.institute_id))
    return ApplicationView(
        id=row.id,
        person_name=name_or_number(row.person.name, row.person_id),
        name=row.name,
        locale=row.locale,
        second_locale=row.second_locale,
        level_id=row.level_id,
        level_name=row.level.name,
        level_position=row.level.position,
        title=row.level.title or row.level.name,
        today=local_day(db.session.get_one(Institute, row.institute_id).timezone),
        rules_version=rules.version,
        state=row.state,
        applied_at=row.applied_at,
        minutes=gathered.facts.counted,
        rules=tuple(say_result(result, gathered.facts, names) for result in results),
        met=all_met(results),
        objection=find_objection(actor, row.person_id, row.enrolment_id, row.rule_set_id),
        hearing=objection_to_hearing(row, actor),
        name_problem=_name_problem(row),
        wished_name=row.wished_name,
        wish_note=row.wish_note,
        results=results_of(row.enrolment_id) if row.enrolment_id is not None else {},
        titles=names.requirements,
    )
