"""A registered platform, a cohort, a course of the platform that is bound to it, and a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from courses.catalogue.drafts import MinuteRange
from courses.catalogue.models import ProgrammeId
from courses.cohorts.enrolling import CohortDraft, open_cohort
from courses.cohorts.models import CohortId
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.i18n import Localised
from institute.people.models import Institute
from lti.launches.models import Context
from lti.platforms.models import Deployment
from tests.lti.acting import DEPLOYMENT, ISSUER, Course, Platform, serving
from tests.programmes import module, programme, publish, segment_draft


@pytest.fixture
def register(app: Flask, institute: Institute) -> Callable[..., Result]:
    """Run ``flask lti register`` for a platform, with further options as given."""

    def run(platform: Platform, *options: str, **changed: str) -> Result:
        given = {
            "issuer": platform.issuer,
            "client-id": platform.client_id,
            "deployment-id": platform.deployment_id,
            "auth-url": platform.auth_url,
            "token-url": f"{ISSUER}/token",
            "jwks-url": platform.jwks_url,
            "institute": institute.slug,
            **{name.replace("_", "-"): value for name, value in changed.items()},
        }
        arguments = [part for name, value in given.items() for part in (f"--{name}", value)]
        return app.test_cli_runner().invoke(args=["lti", "register", *arguments, *options])

    return run


@pytest.fixture
def acting(register: Callable[..., Result]) -> Iterator[Platform]:
    """A registered platform that publishes its keys over HTTP."""
    with serving(Platform()) as platform:
        result = register(platform)
        assert result.exit_code == 0, result.output
        yield platform


@pytest.fixture
def make_cohort(institute: Institute, system: Actor) -> Callable[..., CohortId]:
    """Open a valid cohort of a programme of its own: ``programme-1/module-1/segment-1`` and so on."""
    count = 0

    def make(*, slug: str = "", actor: Actor | None = None, **given: Any) -> CohortId:
        nonlocal count
        count += 1
        who = actor or system
        draft = CohortDraft(
            slug=slug or f"cohort-{count}",
            name=_text(f"Cohort {count}"),
            programme_id=_programme(who, count),
            timezone="America/Los_Angeles",
            starts=date(2026, 9, 1),
            **given,
        )
        return open_cohort(draft, actor=who)

    return make


def _text(text: str) -> Localised:
    return Localised.of({"en": text})


def _programme(actor: Actor, count: int) -> ProgrammeId:
    hour = MinuteRange(0, 60)
    segment = segment_draft(
        title=_text("Ears"), activities=(), session=None, materials=(), reading=hour, coaching=hour
    )
    content = programme(
        module(segment, title=_text("Listening"), reading=hour, coaching=hour), slug=f"programme-{count}"
    )
    return publish(content, actor=actor)


@pytest.fixture
def bound(acting: Platform, institute: Institute, make_cohort: Callable[..., CohortId]) -> CohortId:
    """The cohort that the platform's course "course-1" is bound to."""
    cohort_id = make_cohort()
    with transaction() as session:
        deployment = session.query(Deployment).filter_by(deployment_id=DEPLOYMENT).one()
        session.add(
            Context(
                institute_id=institute.id,
                deployment_id=deployment.id,
                context_id="course-1",
                cohort_id=cohort_id,
                enrol_learners=True,
                bound_at=now(),
            )
        )
    return cohort_id


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser with no cookies."""
    return app.test_client()


@pytest.fixture
def course(acting: Platform, bound: CohortId, browser: FlaskClient) -> Course:
    """A bound course and a browser in front of it."""
    return Course(acting, browser, bound)
