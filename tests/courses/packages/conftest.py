"""Authors with a browser, the command line, and a programme that there is."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from courses.catalogue.drafts import ProgrammeContent
from courses.packages.carried import NOTHING_CARRIED
from courses.packages.writing import write_zip
from institute.actors import Actor, Role
from institute.people.models import Person
from institute.web.forms import ONCE_FIELD, TOKEN_FIELD
from tests.browsing import Visitor
from tests.courses.packages.spoilt import WHOLE, packed
from tests.programmes import programme, publish

PAGE = "/author/packages/"


@pytest.fixture
def person(make_person: Callable[..., Person]) -> Person:
    """Somebody who writes."""
    return make_person(name="Ana Ruiz")


@pytest.fixture
def author(person: Person, sign_in: Callable[..., Visitor]) -> Visitor:
    """The browser of somebody who writes."""
    return sign_in(person, roles=[Role.AUTHOR])


@pytest.fixture
def other(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Visitor:
    """The browser of a second author."""
    return sign_in(make_person(name="Bilal Haddad"), roles=[Role.AUTHOR])


@pytest.fixture
def acting(person: Person) -> Actor:
    """The first author, for use cases."""
    return Actor(institute_id=person.institute_id, person_id=person.id, roles=frozenset({Role.AUTHOR}))


@pytest.fixture
def studied(system: Actor) -> ProgrammeContent:
    """A programme of which there is a version."""
    content = programme()
    publish(content, actor=system)
    return content


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run a command of the courses."""

    def run(*arguments: str | Path) -> Result:
        return app.test_cli_runner().invoke(args=["courses", *map(str, arguments)])

    return run


def hand_in(visitor: Visitor, data: bytes, name: str = "leadership.zip") -> TestResponse:
    """Send a package as the page does, put together here: the client would leave a large one's file open."""
    marks = {TOKEN_FIELD: visitor.token, ONCE_FIELD: secrets.token_urlsafe(12)}
    boundary, body = encode_multipart({**marks, "package": FileStorage(io.BytesIO(data), name)})
    path = f"/s/{visitor.session_id}{PAGE}"
    return visitor.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def waiting(visitor: Visitor, data: bytes | None = None) -> str:
    """Hand a right package in, and return the path of the page that says what it would change."""
    answer = hand_in(visitor, packed(WHOLE) if data is None else data)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def plan_on(page: str) -> str:
    """Return the plan that a page's form confirms."""
    found = re.search(r'name="plan" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def bring_in(visitor: Visitor, data: bytes | None = None, **form: str) -> TestResponse:
    """Hand a right package in and confirm what its page says."""
    path = waiting(visitor, data)
    return visitor.post(path, {"plan": plan_on(visitor.get(path).text), **form})


def as_package(content: ProgrammeContent) -> bytes:
    """Return a programme as a package without anything that comes along."""
    packed = io.BytesIO()
    write_zip(content, NOTHING_CARRIED, contents=lambda _sha256: iter(()), to=packed)
    return packed.getvalue()
