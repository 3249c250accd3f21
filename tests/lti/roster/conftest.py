"""A course whose platform shares its list of people, and what became of the list here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from courses.cohorts.models import Enrolment
from institute.clock import now
from institute.db import db
from institute.people.models import Institute, Person
from lti.launches.models import Context, LtiIdentity, ResourceLink
from lti.platforms.keys import ensure_key, published_keys
from lti.roster.models import Member, Roster
from lti.sandbox.server import RunningSandbox, serve
from lti.sandbox.settings import SandboxSettings
from tests.lti.services.classroom import COURSE, Classroom, Learner, stored
from tests.lti.services.scripted import Say, ScriptedPlatform

LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
MEMBERS = "/members"


@dataclass(frozen=True)
class OnRoll:
    """Somebody as the roster left them here."""

    sub: str
    name: str
    email: str
    person_id: int
    learns: bool
    has_left: bool
    enrolment: str | None
    gone: bool


@dataclass
class Course:
    """A classroom whose link brings the address of the list, and questions about what was stored."""

    room: Classroom
    path: str

    def __post_init__(self) -> None:
        """Make the link that offers the list."""
        self.made: ResourceLink = self.room.link(
            f"roster-link-{self.path}", nrps_url=self.room.url + self.path
        )
        self.context_id = self.room.context.id

    def beside(self, path: str) -> Course:
        """Return another course of the same platform that is bound to the same cohort."""
        given = {"institute_id": self.room.institute.id, "deployment_id": self.room.deployment.id}
        context = stored(Context(**given, context_id=path, cohort_id=self.room.cohort_id, bound_at=now()))
        room = copy(self.room)
        room.context = context
        return Course(room, path)

    def launched(self, sub: str = "teacher-0", **given: Any) -> Learner:
        """Let somebody come through the link: that is when the list is read first."""
        return self.room.learner(self.made, sub, **given)

    def read(self) -> Roster:
        """Let the worker do what is due, and return how far the roster is."""
        self.room.work()
        return self.row()

    def row(self) -> Roster:
        """Return the roster as it stands."""
        db.session.rollback()
        db.session.expire_all()
        return db.session.scalars(select(Roster).where(Roster.context_id == self.context_id)).one()

    def roll(self) -> dict[str, OnRoll]:
        """Return everybody whom the list named, by subject."""
        db.session.rollback()
        rows: Any = db.session.execute(
            select(LtiIdentity.sub, Person, Member, Enrolment)
            .join(Member, Member.identity_id == LtiIdentity.id)
            .join(Person, Person.id == LtiIdentity.person_id)
            .join(Context, Context.id == Member.context_id)
            .outerjoin(
                Enrolment, (Enrolment.person_id == Person.id) & (Enrolment.cohort_id == Context.cohort_id)
            )
            .where(Member.context_id == self.context_id)
            .execution_options(populate_existing=True)
        )
        return {
            sub: OnRoll(
                sub,
                person.name,
                person.email,
                person.id,
                member.learns,
                member.left_at is not None,
                None if enrolment is None else str(enrolment.state),
                False if enrolment is None else enrolment.left_at is not None,
            )
            for sub, person, member, enrolment in rows
        }


def member(sub: str, *roles: str, **given: Any) -> dict[str, Any]:
    """Return an entry of a list as a platform writes it."""
    return {
        "user_id": sub,
        "status": "Active",
        "roles": list(roles or [LEARNER]),
        "name": f"Name of {sub}",
        **given,
    }


def listing(*members: Any, following: str = "", differences: str = "", **given: Any) -> Say:
    """Return a page of a list; ``following`` and ``differences`` are addresses of its Link header."""
    links = [
        f'<{url}>; rel="{name}"' for name, url in (("next", following), ("differences", differences)) if url
    ]
    headers = {"Link": ", ".join(links)} if links else {}
    return Say(200, {"id": "x", "context": {"id": COURSE}, "members": list(members)}, headers, **given)


def control(platform: RunningSandbox, name: str, **order: Any) -> None:
    """Change something inside the strict platform."""
    answer = requests.post(f"{platform.url}/controls/{name}", json=order, timeout=10)
    assert answer.ok, answer.text


@pytest.fixture
def platform(app: Flask, tmp_path: Path) -> Iterator[RunningSandbox]:
    """The strict platform, with the tests' clock and the tool's keys."""
    ensure_key()
    keys = {"keys": published_keys()}
    settings = SandboxSettings(
        data_dir=tmp_path / "sandbox",
        profile_name="strict",
        controls=True,
        clock=now,
        tool_keys=lambda: keys,
    )
    serving: AbstractContextManager[RunningSandbox] = serve(settings)
    with serving as running:
        yield running


@pytest.fixture
def sandbox_course(app: Flask, institute: Institute, platform: RunningSandbox) -> Course:
    """A course of the strict platform."""
    return Course(Classroom(app, institute, platform.url), f"/courses/{COURSE}/memberships")


@pytest.fixture
def scripted() -> Iterator[ScriptedPlatform]:
    """A server that answers as a test tells it."""
    with ScriptedPlatform.serving() as server:
        yield server


@pytest.fixture
def course(app: Flask, institute: Institute, scripted: ScriptedPlatform) -> Course:
    """A course of the scripted platform."""
    return Course(Classroom(app, institute, scripted.url), MEMBERS)


@pytest.fixture
def tell(scripted: ScriptedPlatform) -> Callable[..., None]:
    """Set what the scripted platform answers where the list is."""

    def set_answers(*answers: Say) -> None:
        scripted.tell("GET", MEMBERS, *answers)

    return set_answers
