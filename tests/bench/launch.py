"""Login and launch, everything checked and stored, beside pylti1p3 as documented in the same run.

Target: at most 0.8 of the reference, and at most 3 ms of CPU.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import select

from courses.cohorts.models import Cohort
from institute.clock import now
from institute.db import transaction
from lti.launches.models import Context
from lti.platforms.models import Deployment
from tests.bench.documented import make_documented_app
from tests.bench.measuring import cpu_ms, make_app, spread
from tests.lti.acting import Platform, serving

ROUNDS = 300
WARM_UP = 20
LARGEST_RATIO = 0.8
MOST_MS = 3.0


def register(app: Flask, platform: Platform) -> None:
    """Register the platform and bind its course to the sample's cohort, so that learners get in."""
    given = {
        "issuer": platform.issuer,
        "client-id": platform.client_id,
        "deployment-id": platform.deployment_id,
        "auth-url": platform.auth_url,
        "token-url": f"{platform.issuer}/token",
        "jwks-url": platform.jwks_url,
    }
    arguments = [part for name, value in given.items() for part in (f"--{name}", value)]
    result = app.test_cli_runner().invoke(args=["lti", "register", *arguments])
    if result.exit_code:
        raise SystemExit(result.output)
    with app.app_context(), transaction() as session:
        deployment = session.scalars(select(Deployment)).one()
        cohort = session.scalars(select(Cohort).order_by(Cohort.id)).first()
        assert cohort is not None
        session.add(
            Context(
                institute_id=deployment.institute_id,
                deployment_id=deployment.id,
                context_id="course-1",
                cohort_id=cohort.id,
                enrol_learners=True,
                bound_at=now(),
            )
        )


def measure(app: Flask, platform: Platform, expected: int) -> float:
    """Return the milliseconds of one login and launch by a new browser; signing the token is not counted."""
    client = app.test_client()
    login_ms, answer = cpu_ms(platform.login, client)
    asked = parse_qs(urlsplit(answer.location).query)
    token = platform.sign(platform.claims(asked["nonce"][0]))
    launch_ms, answer = cpu_ms(
        client.post, "/lti/launch", data={"state": asked["state"][0], "id_token": token}
    )
    if answer.status_code != expected:
        raise SystemExit(f"The launch was answered with {answer.status_code}: {answer.text}")
    return login_ms + launch_ms


def main() -> None:
    """Measure both in turns and print the figures."""
    with tempfile.TemporaryDirectory() as folder, serving(Platform()) as platform:
        app = make_app(Path(folder))
        register(app, platform)
        reference = make_documented_app(platform, Path(folder))
        ours, theirs = [], []
        for _ in range(ROUNDS + WARM_UP):
            ours.append(measure(app, platform, 303))
            theirs.append(measure(reference, platform, 200))
        kind = app.extensions["settings"].database_url.split(":", 1)[0]
    ratio = statistics.median(ours[WARM_UP:]) / statistics.median(theirs[WARM_UP:])
    sys.stdout.write(
        f"login and launch, CPU, {ROUNDS} rounds, {kind}\n"
        f"  ours                  {spread(ours[WARM_UP:])}   target: at most {MOST_MS} ms\n"
        f"  pylti1p3, documented  {spread(theirs[WARM_UP:])}\n"
        f"  ratio                 {ratio:6.2f}     target: at most {LARGEST_RATIO}\n"
    )


if __name__ == "__main__":
    main()
