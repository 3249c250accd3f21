"""Platforms of one institute, and a learner in front of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from click.testing import Result
from flask import Flask

from courses.cohorts.models import CohortId
from institute.clock import now
from institute.db import transaction
from institute.people.models import Institute
from lti.launches.models import Context
from lti.platforms.models import Deployment, Registration
from tests.lti.accounts.sides import Side
from tests.lti.acting import Platform, serving


@pytest.fixture
def make_side(
    app: Flask,
    institute: Institute,
    register: Callable[..., Result],
    make_cohort: Callable[..., CohortId],
) -> Iterator[Callable[..., Side]]:
    """Register platforms; the course of each is bound to a cohort of its own unless one is given."""
    with ExitStack() as until_served:

        def make(name: str, *, cohort_id: CohortId | None = None) -> Side:
            made = Platform(issuer=f"https://{name}.example.test", client_id=f"client-{name}")
            platform = until_served.enter_context(serving(made))
            result = register(platform, name=name)
            assert result.exit_code == 0, result.output
            with transaction() as session:
                deployment = (
                    session.query(Deployment)
                    .join(Registration, Registration.id == Deployment.registration_id)
                    .filter(Registration.issuer == platform.issuer)
                    .one()
                )
                session.add(
                    Context(
                        institute_id=institute.id,
                        deployment_id=deployment.id,
                        context_id="course-1",
                        cohort_id=cohort_id or make_cohort(),
                        bound_at=now(),
                    )
                )
            return Side(app, platform, f"learner-at-{name}", f"Lucía of {name}")

        yield make
