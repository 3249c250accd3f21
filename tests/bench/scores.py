"""Scores to a platform that takes 30 ms for each, beside pylti1p3 with one connector for all in the same run.

Target: at most 0.5 ms of CPU a score, and at least 900 scores a second. CPU is that of the whole process: all threads.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem as LibraryLineItem
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.service_connector import ServiceConnector
from sqlalchemy import func, insert, select

from institute.clock import now
from institute.db import db, transaction
from institute.jobs import worker
from institute.jobs.models import OutboxRow
from institute.paths import ROOT
from institute.people.models import Institute, Person
from lti.launches.models import Context, LtiIdentity, ResourceLink
from lti.platforms.keys import ensure_key
from lti.platforms.models import (
    Deployment,
    DeploymentPolicy,
    DeploymentState,
    Registration,
    RegistrationState,
)
from lti.services.models import LineItem, LtiScore, ScoreState
from lti.services.scopes import SCORE
from tests.bench.measuring import make_app

SCORES = 2000
REFERENCE_SCORES = 300
PATIENCE_MS = 30
MOST_MS = 0.5
LEAST_PER_SECOND = 900
ITEM = "/courses/1/lineitems/1"


@contextmanager
def platform() -> Iterator[str]:
    """Let the platform run; give its address."""
    command = [sys.executable, "-m", "tests.bench.patient", str(PATIENCE_MS)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


def fill(url: str, people: int) -> None:
    """Make a course with a column and a score to be sent for each of ``people``."""
    ensure_key()
    with transaction() as session:
        institute = session.scalars(select(Institute).order_by(Institute.id)).first()
        assert institute is not None
        registration = Registration(
            institute_id=institute.id,
            name="Patient",
            issuer=url,
            client_id="bench",
            auth_url=f"{url}/auth",
            token_url=f"{url}/token",
            jwks_url=f"{url}/jwks",
            state=RegistrationState.ACTIVE,
            deployment_policy=DeploymentPolicy.PENDING,
        )
        session.add(registration)
        session.flush()
        owned = {"institute_id": institute.id}
        deployment = Deployment(
            **owned, registration_id=registration.id, deployment_id="1", state=DeploymentState.ACTIVE
        )
        session.add(deployment)
        session.flush()
        context = Context(**owned, deployment_id=deployment.id, context_id="course")
        session.add(context)
        session.flush()
        link = ResourceLink(
            **owned,
            deployment_id=deployment.id,
            context_id=context.id,
            resource_link_id="link",
            lineitem_url=url + ITEM,
            ags_scopes=[SCORE],
        )
        session.add(link)
        session.flush()
        item = LineItem(**owned, resource_link_id=link.id, resource_id="cohort:home")
        session.add(item)
        session.flush()
        names = [f"person-{number}" for number in range(people)]
        persons = session.scalars(
            insert(Person).returning(Person.id), [{**owned, "name": name} for name in names]
        ).all()
        identities = session.scalars(
            insert(LtiIdentity).returning(LtiIdentity.id, sort_by_parameter_order=True),
            [
                {**owned, "registration_id": registration.id, "sub": name, "person_id": person}
                for name, person in zip(names, persons, strict=True)
            ],
        ).all()
        scores = session.scalars(
            insert(LtiScore).returning(LtiScore.id),
            [
                {
                    **owned,
                    "line_item_id": item.id,
                    "person_id": person,
                    "identity_id": identity,
                    "version": 1,
                    "given": 3,
                    "maximum": 5,
                    "state": ScoreState.WAITING,
                }
                for person, identity in zip(persons, identities, strict=True)
            ],
        ).all()
        session.execute(
            insert(OutboxRow), [{"kind": "lti.score", "key": str(one), "payload": {}} for one in scores]
        )


def deliver(app: Flask) -> None:
    """Let the worker do all of it, and see that it did."""
    worker.run_once(app)
    sent = db.session.scalar(select(func.count()).where(LtiScore.state == ScoreState.SENT))
    if sent != SCORES:
        raise SystemExit(f"{sent} of {SCORES} scores were sent.")


def reference(url: str) -> Callable[[], None]:
    """Return the same work by the library, one connector and one session of HTTP for all scores."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    registration = LibraryRegistration()
    registration.set_issuer(url).set_client_id("bench").set_auth_token_url(f"{url}/token")
    registration.set_tool_private_key(key.decode())
    connector = ServiceConnector(registration)
    service = AssignmentsGradesService(connector, {"scope": [SCORE], "lineitem": url + ITEM})

    def send() -> None:
        column = LibraryLineItem().set_id(url + ITEM)
        for number in range(REFERENCE_SCORES):
            grade = Grade().set_score_given(3).set_score_maximum(5).set_user_id(f"person-{number}")
            grade.set_timestamp(now().isoformat()).set_activity_progress("InProgress")
            service.put_grade(grade.set_grading_progress("FullyGraded"), column)

    return send


def measure(work: Callable[[], None], count: int) -> tuple[float, float]:
    """Return the milliseconds of CPU that a score takes, and the scores of a second."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1000 / count, count / (time.perf_counter() - clock)


def main() -> None:
    """Measure both and print the figures."""
    with tempfile.TemporaryDirectory() as folder, platform() as url:
        app = make_app(Path(folder))
        with app.app_context():
            worker.run_once(app)  # the sample's own letters
            fill(url, SCORES)
            ours = measure(lambda: deliver(app), SCORES)
            kind = app.extensions["settings"].database_url.split(":", 1)[0]
        theirs = measure(reference(url), REFERENCE_SCORES)
    sys.stdout.write(
        f"{SCORES} scores to a platform that takes {PATIENCE_MS} ms, {kind}\n"
        f"  ours                        {ours[0]:6.2f} ms CPU   target: at most {MOST_MS} ms\n"
        f"                              {ours[1]:6.0f} a second target: at least {LEAST_PER_SECOND}\n"
        f"  pylti1p3, connector reused  {theirs[0]:6.2f} ms CPU {theirs[1]:6.0f} a second\n"
        f"  ratio of CPU                {ours[0] / theirs[0]:6.2f}\n"
    )


if __name__ == "__main__":
    main()
