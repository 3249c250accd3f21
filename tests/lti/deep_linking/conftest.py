"""A course whose teacher asks the tool for links, and the platform that reads what comes back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from certificates.evidence.models import Requirement
from certificates.levels.models import Level
from certificates.rubrics.models import Rubric
from certificates.rubrics.policies import SINGLE, write_policy
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import Programme
from institute.actors import Actor
from institute.db import db, transaction
from institute.i18n import Localised
from institute.people.models import Institute
from institute.web.forms import ONCE_FIELD, TOKEN_FIELD
from lti.deep_linking.choosing import code_of
from tests.lti.acting import Course, follow
from tests.programmes import renew

MODULE = "module:programme-1/module-1"
SEGMENT = "segment:programme-1/module-1/segment-1"
HOURS = "hours:mine"
EVIDENCE = "evidence:leadership-plan"
SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
RETURN_URL = "https://lms.example.test/return?course=2&key=a%22b"
ASKED: dict[str, Any] = {
    "deep_link_return_url": RETURN_URL,
    "accept_types": ["link", "ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe", "window"],
    "accept_multiple": True,
    "accept_lineitem": True,
    "data": "csrf:ø&<1>",
}


@dataclass
class Picking:
    """The picker in a browser: the page as it stands, and what its form sends."""

    browser: FlaskClient
    page: TestResponse

    @property
    def path(self) -> str:
        """The address of the picker."""
        found = re.search(r"/s/[A-Za-z0-9_-]+/lti/choose", self.page.request.path + self.page.text)
        assert found, self.page.text
        return found[0]

    @property
    def token(self) -> str:
        """The token that the page's buttons carry."""
        found = re.search(rf'name="{TOKEN_FIELD}" value="([0-9a-f]+)"', self.page.text)
        assert found, self.page.text
        return found[1]

    @property
    def shown(self) -> list[str]:
        """The titles of the lines that are not hidden, in order."""
        lines = re.findall(r"<li data-kind=[^>]*>.*?<strong[^>]*>.*?</strong>", self.page.text, re.DOTALL)
        seen = [line for line in lines if " hidden>" not in line.partition(">")[0] + ">"]
        return [
            html.unescape(re.sub("<[^>]+>", "", line.rpartition("<strong")[2].partition(">")[2]))
            for line in seen
        ]

    def send(self, *targets: str, to: str = "", **fields: Any) -> TestResponse:
        """Press one of the page's buttons with ``targets`` ticked; ``to`` is the button's own address."""
        form = MultiDict([("_i", code_of(target)) for target in targets])
        form.add(TOKEN_FIELD, fields.pop("token", self.token))
        for name, value in fields.items():
            form.setlist(name, value if isinstance(value, list) else [value])
        return self.browser.post(self.path + to, data=form)


@dataclass(frozen=True)
class Returned:
    """What the platform gets: where it was posted, and the verified claims."""

    url: str
    token: str
    claims: dict[str, Any]

    @property
    def items(self) -> list[dict[str, Any]]:
        """The content items."""
        found: list[dict[str, Any]] = self.claims[DEEP_LINKING + "content_items"]
        return found


@pytest.fixture
def ask(course: Course) -> Callable[..., Picking]:
    """Ask for links as a teacher; the settings are changed as given, ``...`` takes one away."""

    def open_picker(*, claims: dict[str, Any] | None = None, **changed: Any) -> Picking:
        settings = {name: value for name, value in {**ASKED, **changed}.items() if value is not ...}
        given: dict[str, Any] = {"role": "Instructor", "resource_link": ..., **(claims or {})}
        given |= {"message_type": "LtiDeepLinkingRequest", SETTINGS: settings}
        answer = course.launch(**given)
        assert answer.status_code == 303, answer.text
        return Picking(course.browser, follow(course.browser, answer))

    return open_picker


def read_back(course: Course, answer: TestResponse) -> Returned:
    """Read the form of an answer as a strict platform does: by the tool's published keys."""
    answer = follow(course.browser, answer)
    assert answer.status_code == 200, answer.text
    assert ONCE_FIELD not in answer.text.partition('id="answer"')[2]
    found = re.search(
        r'<form id="answer" method="post" action="([^"]*)"[^>]*><input[^>]*value="([^"]*)"', answer.text
    )
    assert found, answer.text
    token = html.unescape(found[2])
    keys = KeySet.import_key_set(course.browser.get("/lti/jwks").get_json())
    decoded = jwt.decode(token, keys, algorithms=["RS256"])
    assert decoded.header["kid"]
    return Returned(html.unescape(found[1]), token, decoded.claims)


@pytest.fixture
def scored_task(institute: Institute) -> str:
    """A piece of evidence that is scored from 1 to 5, and its key."""
    with transaction() as session:
        level = Level(
            institute_id=institute.id, position=1, key="novice", name=_text("Novice"), summary=_text("x")
        )
        session.add(level)
        session.add(
            Rubric(
                institute_id=institute.id,
                key="plan",
                version=1,
                title=_text("Plan"),
                levels=5,
                cut_numerator=3,
                cut_denominator=1,
                policy=write_policy(SINGLE),
                sha256="0" * 64,
            )
        )
        session.flush()
        session.add(
            Requirement(
                institute_id=institute.id,
                level_id=level.id,
                key="leadership-plan",
                position=1,
                title=_text("Leadership plan"),
                instructions=_text("Write it."),
                most_files=2,
                wants_text=True,
                scored=True,
                rubric_key="plan",
            )
        )
    return "leadership-plan"


def _text(words: str) -> Localised:
    return Localised.of({"en": words})


def rename_module(title: str) -> None:
    """Publish the course's programme with another title of its module."""
    owner = db.session.scalars(select(Programme.institute_id)).first()
    assert owner is not None
    actor = Actor(institute_id=owner, person_id=None)

    def change(content: ProgrammeContent) -> ProgrammeContent:
        first, *others = content.modules
        draft = replace(first.draft, title=Localised.of({"en": title}))
        return replace(content, modules=(replace(first, draft=draft), *others))

    renew(change, slug="programme-1", actor=actor)
