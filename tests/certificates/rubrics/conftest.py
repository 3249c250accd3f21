"""Somebody who writes rubrics, and a rubric with a version."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import pytest

from certificates.rubrics.defining import CriterionDraft, RubricDraft, define_rubric
from certificates.rubrics.drafting import find_writing
from certificates.rubrics.models import RubricId
from certificates.rubrics.queries import newest
from certificates.rubrics.sketches import Sketch, digest_of, read_document
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.db import db
from institute.i18n import Localised
from institute.people.granting import grant_role
from institute.people.models import Institute, Person
from tests.browsing import Visitor

AREA = "/author/rubrics"
KEY = "room-plan"


def english(text: str) -> Localised:
    """Return a content text that stands in English alone."""
    return Localised.of({"en": text})


def room_plan(*, key: str = KEY, criteria: int = 2, element: str | None = None) -> RubricDraft:
    """Return a valid rubric of three levels, its title in two languages."""
    return RubricDraft(
        key=key,
        title=Localised.of({"en": "Room plan", "es": "Plan de la sala"}),
        cut=Fraction(2),
        level_names=tuple(map(english, ("Begins", "Meets", "Shines"))),
        criteria=tuple(
            CriterionDraft(
                f"criterion-{number}",
                english(f"Criterion {number}"),
                tuple(english(f"Descriptor {number}.{level}") for level in range(1, 4)),
                element=element,
            )
            for number in range(1, criteria + 1)
        ),
    )


@dataclass
class Writer:
    """Somebody who writes rubrics, at a browser."""

    visitor: Visitor
    institute_id: InstituteId
    actor: Actor

    def sketch(self, key: str = KEY) -> Sketch:
        """Return what is being written."""
        db.session.rollback()
        row = find_writing(key, institute_id=self.institute_id)
        assert row is not None
        return read_document(row.document)

    def page(self, path: str = "") -> str:
        """Return a page below the list of rubrics, as text."""
        answer = self.visitor.get(f"{AREA}{path}")
        assert answer.status_code == 200, (path, answer.status_code)
        return html.unescape(answer.text)

    def fields(self, path: str) -> dict[str, str]:
        """Return the fields of the one form that fills a page, as a browser would send them."""
        text = self.visitor.get(f"{AREA}{path}").text
        found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*? value="([^"]*)"', text))
        found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', text, re.S))
        found |= dict.fromkeys(re.findall(r'<select[^>]*name="([^"]+)"', text), "")
        return {
            name: html.unescape(value) for name, value in found.items() if name not in {"_token", "_once"}
        }

    def save(self, path: str, **changed: str) -> int:
        """Send a form with some fields changed (``__`` stands for a slash, ``_n`` is taken literally)."""
        form = self.fields(path) | {name.replace("__", "/"): value for name, value in changed.items()}
        return self.visitor.post(f"{AREA}{path}", form).status_code

    def seen(self, section: str, key: str = KEY) -> str:
        """Return the digest that a form of this section would carry now."""
        return digest_of(self.sketch(key), section)


MakeWriter = Callable[..., Writer]


@pytest.fixture
def make_writer(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> MakeWriter:
    """Let somebody be an author, or hold another role, and sign them in."""

    def make(name: str = "Ada Lindqvist", role: Role = Role.AUTHOR, **given: object) -> Writer:
        person = make_person(name=name, **given)
        grant_role(PersonId(person.id), role, actor=Actor(person.institute_id, None))
        actor = Actor(person.institute_id, person.id, frozenset({role}))
        return Writer(sign_in(person), person.institute_id, actor)

    return make


@pytest.fixture
def writer(make_writer: MakeWriter) -> Writer:
    """The author a test is about."""
    return make_writer()


@pytest.fixture
def published(system: Actor) -> RubricId:
    """A rubric with one version."""
    return define_rubric(room_plan(), actor=system)


@pytest.fixture
def stranger(make_institute: Callable[..., Institute], make_writer: MakeWriter) -> Writer:
    """An author of another institute."""
    return make_writer(name="Noor Haddad", institute_id=make_institute().id)


def newest_version(writer: Writer, key: str = KEY) -> int:
    """Return the number of the newest version, 0 where there is none."""
    db.session.rollback()
    view = newest(writer.institute_id, key)
    return view.version if view is not None else 0
