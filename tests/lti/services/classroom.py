"""A course at a platform, bound to a cohort: people who were let in, steps they tick off, grades that arrive."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import func, select

from courses.cohorts.enrolling import CohortDraft, enrol, open_cohort
from courses.cohorts.models import CohortId, EnrolmentId
from courses.cohorts.ticking import StepAddress, tick, untick
from institute import clock, events
from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import Base, db, transaction
from institute.i18n import Localised
from institute.jobs import worker
from institute.jobs.models import JobState, OutboxRow
from institute.people.models import Institute, Person
from institute.web import sessions
from lti.launches.events import LinkLaunched
from lti.launches.models import Context, LtiIdentity, LtiLaunch, LtiLogin, ResourceLink
from lti.platforms.keys import ensure_key
from lti.platforms.models import (
    Deployment,
    DeploymentPolicy,
    DeploymentState,
    Registration,
    RegistrationState,
)
from lti.services.models import LtiScore
from lti.services.scopes import LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE
from tests.programmes import activity, module, programme, publish, segment_draft

STEPS = 5
COURSE = "leadership-2026"
PROGRAMME, MODULE, SEGMENT = "leadership", "module-1", "segment-1"
TARGET = f"segment:{PROGRAMME}/{MODULE}/{SEGMENT}"
ALL_SCOPES = [LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE]

Row = TypeVar("Row", bound=Base)


def stored(row: Row) -> Row:
    """Write a row."""
    with transaction() as session:
        session.add(row)
        session.flush()
    return row


@dataclass(frozen=True)
class Learner:
    """Somebody who came through a link."""

    sub: str
    person_id: PersonId
    enrolment_id: EnrolmentId
    identity_id: int


@dataclass
class Classroom:
    """One course of one platform in the test's institute."""

    app: Flask
    institute: Institute
    url: str
    client_id: str = "sandbox-client"
    token_path: str = "/token"
    lineitems_path: str = f"/courses/{COURSE}/lineitems"
    token_audience: str | None = None
    joins: CohortId | None = None
    """The cohort of another classroom, whose people come from two platforms."""
    learners: list[Learner] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Register the platform and bind its course to a cohort of a programme of one segment."""
        ensure_key()
        self.actor = Actor(institute_id=self.institute.id, person_id=None)
        self.registration = stored(
            Registration(
                institute_id=self.institute.id,
                name="Sandbox",
                issuer=self.url,
                client_id=self.client_id,
                auth_url=f"{self.url}/auth",
                token_url=self.url + self.token_path,
                jwks_url=f"{self.url}/jwks",
                token_audience=self.token_audience,
                state=RegistrationState.ACTIVE,
                deployment_policy=DeploymentPolicy.PENDING,
            )
        )
        self.deployment = stored(
            Deployment(
                institute_id=self.institute.id,
                registration_id=self.registration.id,
                deployment_id="1",
                state=DeploymentState.ACTIVE,
            )
        )
        self.cohort_id = self.joins or self._open_cohort()
        self.context = stored(
            Context(
                institute_id=self.institute.id,
                deployment_id=self.deployment.id,
                context_id=COURSE,
                cohort_id=self.cohort_id,
                bound_at=now(),
            )
        )

    def link(self, name: str = "link-segment-1", **given: Any) -> ResourceLink:
        """Make a link of the course, as its launches describe it."""
        given.setdefault("target", TARGET)
        given.setdefault("lineitems_url", self.url + self.lineitems_path)
        given.setdefault("ags_scopes", ALL_SCOPES)
        return stored(
            ResourceLink(
                institute_id=self.institute.id,
                deployment_id=self.deployment.id,
                context_id=self.context.id,
                resource_link_id=name,
                title=given.pop("title", f"Title of {name}"),
                **given,
            )
        )

    def learner(
        self, link: ResourceLink, sub: str = "participant-1", *, comes: bool = True, **given: Any
    ) -> Learner:
        """Let somebody in who learns, for the first time; or only enter them where they do not come by a link."""
        person = stored(Person(institute_id=self.institute.id, name=sub))
        enrolment_id = enrol(self.cohort_id, person.id, actor=self.actor)
        identity = stored(
            LtiIdentity(
                institute_id=self.institute.id,
                registration_id=self.registration.id,
                sub=sub,
                person_id=person.id,
            )
        )
        learner = Learner(sub, person.id, enrolment_id, identity.id)
        if comes:
            self.launch(learner, link, **given)
        self.learners.append(learner)
        return learner

    def launch(
        self,
        learner: Learner,
        link: ResourceLink,
        *,
        is_learner: bool = True,
        is_test_user: bool = False,
        custom: dict[str, str] | None = None,
    ) -> None:
        """Leave behind what a launch leaves behind."""
        with transaction() as session:
            login = LtiLogin(
                registration_id=self.registration.id,
                state_hash=secrets.token_hex(32),
                nonce=secrets.token_hex(16),
                issuer=self.url,
                client_id=self.client_id,
                target_link_uri="http://127.0.0.1:8000/lti/launch",
                login_hint="hint",
                expires_at=now(),
            )
            session.add(login)
            opened, _ = sessions.open_session(
                institute_id=self.institute.id, person_id=learner.person_id, door="lti", door_key="test"
            )
            session.flush()
            session.add(
                LtiLaunch(
                    institute_id=self.institute.id,
                    session_id=opened.id,
                    login_id=login.id,
                    deployment_id=self.deployment.id,
                    context_id=self.context.id,
                    resource_link_id=link.id,
                    identity_id=learner.identity_id,
                    message_type="LtiResourceLinkRequest",
                    is_learner=is_learner,
                    is_test_user=is_test_user,
                )
            )
            session.flush()
            events.publish(
                LinkLaunched(
                    institute_id=self.institute.id,
                    resource_link_id=link.id,
                    context_id=self.context.id,
                    person_id=learner.person_id,
                    identity_id=learner.identity_id,  # type: ignore[arg-type]
                    is_gradable=is_learner and not is_test_user,
                    ags_scopes=frozenset(link.ags_scopes),
                    has_gradebook=bool(link.lineitem_url or link.lineitems_url),
                    offers_roster=link.nrps_url is not None and self.context.cohort_id is not None,
                    custom=custom or {},
                )
            )

    def tick(self, learner: Learner, *steps: int) -> None:
        """Tick steps off (1 to STEPS), as the participant's page does."""
        self._each(tick, learner, steps)

    def untick(self, learner: Learner, *steps: int) -> None:
        """Take ticks back."""
        self._each(untick, learner, steps)

    def work(self) -> int:
        """Let the worker do all that is due."""
        return worker.run_once(self.app)

    def work_through(self, period: timedelta) -> None:
        """Let time pass from one due job to the next, and the worker do each, until ``period`` is over."""
        at, end = now(), now() + period
        while True:
            with clock.frozen(at):
                self.work()
            db.session.rollback()
            due = db.session.scalar(
                select(func.min(func.coalesce(OutboxRow.leased_until, OutboxRow.next_at))).where(
                    OutboxRow.state.in_((JobState.READY, JobState.LEASED))
                )
            )
            if due is None or due > end:
                return
            at = max(at, due) + timedelta(milliseconds=1)

    def scores(self) -> list[LtiScore]:
        """Return all scores as they stand in the database."""
        db.session.rollback()
        db.session.expire_all()
        return list(db.session.query(LtiScore).order_by(LtiScore.id))

    def _each(self, act: Callable[..., None], learner: Learner, steps: tuple[int, ...]) -> None:
        actor = Actor(institute_id=self.institute.id, person_id=learner.person_id)
        for step in steps:
            act(learner.enrolment_id, StepAddress(MODULE, SEGMENT, f"step-{step}"), actor=actor)

    def _open_cohort(self) -> CohortId:
        steps = tuple(activity(f"step-{number}") for number in range(1, STEPS + 1))
        segment = segment_draft(slug=SEGMENT, activities=steps, session=None, materials=())
        programme_id = publish(programme(module(segment, slug=MODULE), slug=PROGRAMME), actor=self.actor)
        draft = CohortDraft("autumn", _text("Autumn"), programme_id, "America/Los_Angeles", date(2026, 9, 1))
        return open_cohort(draft, actor=self.actor)


def _text(text: str) -> Localised:
    return Localised.of({"en": text})
