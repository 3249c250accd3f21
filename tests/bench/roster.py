"""The roster of a course of 10,000: read, understood and stored, beside the naive way with the ORM in the same run.

Counted is the CPU of this process from the page's text to the committed rows: identities, people, members,
invitations. The network is left out. Targets: at most 0.5 s on SQLite, 0.8 s on PostgreSQL, for pages of the size
that Brightspace sends; Canvas' smaller ones and the second reading, which changes nothing, stand beside them.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from courses.cohorts.enrolling import CohortDraft, invite, open_cohort
from courses.cohorts.models import Cohort, CohortId
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.people.models import Person
from lti.launches.models import Context, ContextId, LtiIdentity, ResourceLink
from lti.launches.roles import map_roles
from lti.platforms.models import (
    Deployment,
    DeploymentPolicy,
    DeploymentState,
    Registration,
    RegistrationState,
)
from lti.roster.listing import read_listing
from lti.roster.models import Member
from lti.roster.passes import begin
from lti.roster.storing import Page, store_page
from tests.bench.measuring import cpu_ms, make_app

PEOPLE = 10_000
ROUNDS = 3
PAGE = 200
CANVAS_PAGE = 50
NAIVE_SHARE = 10
"""The naive way reads this part of the list, and its time is counted so many times: it grows with the list."""
MOST_S = {"sqlite": 0.5, "postgresql": 0.8}
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


def write_pages(size: int) -> list[bytes]:
    """Return the list as a platform sends it, in pages."""
    people = [
        {
            "status": "Active",
            "roles": [LEARNER],
            "user_id": f"5f3c-{number}",
            "lis_person_sourcedid": f"S-{number}",
            "name": f"Lucía Ortega {number}",
            "given_name": "Lucía",
            "family_name": f"Ortega {number}",
            "email": f"student{number}@example.test",
        }
        for number in range(PEOPLE)
    ]
    return [
        json.dumps({"id": "x", "context": {"id": "1"}, "members": people[start : start + size]}).encode()
        for start in range(0, PEOPLE, size)
    ]


def make_course(number: int) -> ContextId:
    """Make a platform of its own with one course that is bound to an empty cohort, and return the course."""
    with transaction() as session:
        sample = session.scalars(select(Cohort).order_by(Cohort.id)).first()
        assert sample is not None
        actor = Actor(institute_id=sample.institute_id, person_id=None)
        draft = CohortDraft(
            f"bench-{number}", sample.name, sample.programme_id, sample.timezone, sample.starts
        )
        cohort_id: CohortId = open_cohort(draft, actor=actor)
        lms = f"https://lms-{number}.example.test"
        registration = Registration(
            institute_id=sample.institute_id,
            name=lms,
            issuer=lms,
            client_id="bench",
            auth_url=lms,
            token_url=lms,
            jwks_url=lms,
            state=RegistrationState.ACTIVE,
            deployment_policy=DeploymentPolicy.PENDING,
        )
        session.add(registration)
        session.flush()
        deployment = Deployment(
            institute_id=sample.institute_id,
            registration_id=registration.id,
            deployment_id="1",
            state=DeploymentState.ACTIVE,
        )
        session.add(deployment)
        session.flush()
        context = Context(
            institute_id=sample.institute_id,
            deployment_id=deployment.id,
            context_id="1",
            cohort_id=cohort_id,
            enrol_learners=True,
            bound_at=now(),
        )
        session.add(context)
        session.flush()
        session.add(
            ResourceLink(
                institute_id=sample.institute_id,
                deployment_id=deployment.id,
                context_id=context.id,
                resource_link_id="1",
                nrps_url=f"{lms}/members",
            )
        )
        return context.id


def read_ours(context_id: ContextId, pages: list[bytes]) -> None:
    """Read the list as the worker does."""
    place = begin(context_id)
    for number, text in enumerate(pages, start=1):
        assert place is not None
        following = None if number == len(pages) else f"https://lms.example.test/members?page={number}"
        place = store_page(place, Page(read_listing(json.loads(text)["members"]), following, None))


def read_naively(context_id: ContextId, pages: list[bytes]) -> None:
    """Read the list one person after the other, as one writes it first."""
    context = db.session.get_one(Context, context_id)
    registration_id, cohort_id = context.deployment.registration_id, context.cohort_id
    actor = Actor(institute_id=context.institute_id, person_id=None)
    assert cohort_id is not None
    for text in pages:
        with transaction() as session:
            for member in json.loads(text)["members"]:
                wanted = select(LtiIdentity).where(
                    LtiIdentity.registration_id == registration_id, LtiIdentity.sub == member["user_id"]
                )
                identity = session.scalar(wanted)
                if identity is None:
                    person = Person(
                        institute_id=actor.institute_id, name=member["name"], email=member["email"]
                    )
                    session.add(person)
                    session.flush()
                    identity = LtiIdentity(
                        institute_id=actor.institute_id,
                        registration_id=registration_id,
                        sub=member["user_id"],
                        person_id=person.id,
                    )
                    session.add(identity)
                    session.flush()
                known = select(Member).where(
                    Member.context_id == context_id, Member.identity_id == identity.id
                )
                if session.scalar(known) is None:
                    session.add(
                        Member(
                            institute_id=actor.institute_id,
                            context_id=context_id,
                            identity_id=identity.id,
                            roles=member["roles"],
                            learns=map_roles(member["roles"]).is_enrollable,
                        )
                    )
                invite(cohort_id, identity.person_id, actor=actor)


def measure(
    app: Flask, read: Callable[[ContextId, list[bytes]], None], number: int, pages: list[bytes], again: bool
) -> list[float]:
    """Return the seconds of a first reading into an empty course and, if asked, of a second one."""
    figures = []
    with app.app_context():
        context_id = make_course(number)
    for _ in range(2 if again else 1):
        with app.app_context():
            figures.append(cpu_ms(read, context_id, pages)[0] / 1000)
    return figures


def main() -> None:
    """Measure all in turns and print the figures."""
    wide, narrow = write_pages(PAGE), write_pages(CANVAS_PAGE)
    ours: list[list[float]] = []
    small: list[list[float]] = []
    naive: list[list[float]] = []
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        for number in range(ROUNDS):
            ours.append(measure(app, read_ours, 3 * number, wide, again=True))
            small.append(measure(app, read_ours, 3 * number + 1, narrow, again=True))
            part = narrow[: len(narrow) // NAIVE_SHARE]
            naive.append(measure(app, read_naively, 3 * number + 2, part, again=False))
        kind = app.extensions["settings"].database_url.split(":", 1)[0].split("+")[0]
    lines: list[tuple[str, Any]] = [
        (f"pages of {PAGE}", [one[0] for one in ours]),
        (f"pages of {PAGE}, again", [one[1] for one in ours]),
        (f"pages of {CANVAS_PAGE}", [one[0] for one in small]),
        (f"pages of {CANVAS_PAGE}, again", [one[1] for one in small]),
        ("naively, with the ORM", [one[0] * NAIVE_SHARE for one in naive]),
    ]
    sys.stdout.write(f"a roster of {PEOPLE}, CPU, {ROUNDS} rounds, {kind}; target: {MOST_S[kind]} s\n")
    for name, figures in lines:
        sys.stdout.write(f"  {name:<24} {statistics.median(figures):6.2f} s\n")


if __name__ == "__main__":
    main()
