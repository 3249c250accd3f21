"""An institute that asks for evidence, and participants who write it."""

from __future__ import annotations

import html
import io
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from certificates.evidence.defining import RequirementDraft, define_requirements
from certificates.evidence.models import Submission
from certificates.evidence.moving import move
from certificates.evidence.states import SubmissionState
from certificates.levels.defining import LevelDraft, define_levels
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, Role
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person
from institute.web import sessions
from tests.browsing import Visitor
from tests.courses.conftest import (  # noqa: F401  (fixtures)
    Studied,
    make_enrolment,
    make_studied,
    studied,
)

KEY = "leadership-plan"
HOME = "/participant/evidence"
PATH = f"{HOME}/{KEY}"


def english(text: str) -> Localised:
    """Return a content text that stands in English alone."""
    return Localised.of({"en": text})


def requirement_draft(key: str = KEY, *, level: str = "novice", **given: Any) -> RequirementDraft:
    """Return a valid requirement of text and files, which is scored."""
    given.setdefault("title", english(f"Title of {key}"))
    given.setdefault("instructions", english("Write down two goals."))
    given.setdefault("most_files", 3)
    given.setdefault("rubric_key", key)
    return RequirementDraft(level_key=level, key=key, **given)


def ask_for(*drafts: RequirementDraft, actor: Actor) -> None:
    """Define two levels, and what they ask for."""
    levels = [LevelDraft(key, english(key.title()), english("Summary")) for key in ("novice", "career")]
    define_levels(levels, actor=actor)
    define_requirements(drafts or (requirement_draft(),), actor=actor)


@dataclass
class Author:
    """Somebody enrolled at a browser, with the page of a requirement open."""

    person: Person
    enrolment_id: EnrolmentId
    visitor: Visitor
    base: str = ""

    def open(self, path: str = PATH) -> str:
        """Open a page and remember what it was made from, as a browser does; return it as plain text."""
        response = self.visitor.get(path)
        assert response.status_code == 200, response.text
        return self.remember(response)

    def remember(self, response: TestResponse) -> str:
        """Take over the hidden field of a page; return it with its entities written out."""
        found = re.search(r'name="_base" value="([0-9a-f]*)"', response.text)
        self.base = found[1] if found else self.base
        return html.unescape(response.text)

    def send(
        self, text: str, files: Mapping[str, bytes] | None = None, *, to: str = PATH, **more: Any
    ) -> TestResponse:
        """Send the form with a text and files, and follow to the page."""
        fields = {"text": text, "_base": self.base, "_token": self.visitor.token, **more}
        fields["_once"] = secrets.token_urlsafe(12)
        uploads = [
            FileStorage(io.BytesIO(data), filename=name, name="files") for name, data in (files or {}).items()
        ]
        # Encoded here: the client's own encoder leaves the temporary files of large forms open.
        boundary, body = encode_multipart(MultiDict([*fields.items(), *(("files", one) for one in uploads)]))
        response = self.visitor.client.post(
            to if to.startswith("/s/") else sessions.session_path(self.visitor.session_id, to),
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )
        if response.status_code == 303:
            self.open(response.location)
        elif response.status_code == 422:
            self.remember(response)
        return response

    def submit(self, text: str, files: Mapping[str, bytes] | None = None) -> TestResponse:
        """Press Submit."""
        return self.send(text, files, to=f"{PATH}/submit")

    def submissions(self) -> list[Submission]:
        """Return what is stored of this person, the first attempt first."""
        db.session.rollback()
        return list(
            db.session.scalars(
                select(Submission)
                .where(Submission.person_id == self.person.id)
                .order_by(Submission.requirement_id, Submission.attempt)
            )
        )

    def file_addresses(self) -> list[str]:
        """Return the addresses of the files on the requirement's page."""
        page = self.visitor.get(PATH).text
        return re.findall(r'href="[^"]*(/participant/evidence/[^"]*/files/\d+)"', page)


@pytest.fixture
def asked(system: Actor, studied: Studied) -> Actor:  # noqa: F811
    """The institute asks for a plan."""
    ask_for(actor=system)
    return system


@pytest.fixture
def make_author(
    asked: Actor,
    studied: Studied,  # noqa: F811
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],  # noqa: F811
    sign_in: Callable[..., Visitor],
) -> Callable[..., Author]:
    """Enrol somebody new and open a browser for them."""

    def make(**given: Any) -> Author:
        person, enrolment_id = make_enrolment(**given)
        visitor = sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
        return Author(person, enrolment_id, visitor)

    return make


@pytest.fixture
def author(make_author: Callable[..., Author]) -> Author:
    """The participant a test is about, with the page open."""
    made = make_author()
    made.open()
    return made


@pytest.fixture
def send_back(asked: Actor) -> Callable[[Author], None]:
    """Let an author's submission be scored and come back for a new version."""

    def back(author: Author) -> None:
        for state in ("screening", "in_scoring", "scored", "released", "revise"):
            move(author.submissions()[-1].id, SubmissionState(state), actor=asked)

    return back
