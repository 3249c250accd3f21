"""A published programme, an author's browser, and the parts of what is being written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from courses.authoring.shelf import PartHere, part_here, take_up
from courses.catalogue.models import ProgrammeId
from institute.actors import Actor, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.programmes import programme, publish

OUTLINE = "/author/programmes/leadership"


@pytest.fixture
def published(system: Actor) -> ProgrammeId:
    """Version 1 of a programme with a module of two segments, which nobody has opened for writing."""
    return publish(programme(), actor=system)


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
def part(published: ProgrammeId, acting: Actor) -> Callable[[str], PartHere]:
    """Return a part of the published programme by its address, as it is now."""
    take_up("leadership", actor=acting)
    return lambda address: part_here("leadership", address, actor=acting)


@pytest.fixture
def module_form() -> Callable[..., dict[str, Any]]:
    """Return the fields of a module's form as its page has them."""

    def make(here: PartHere, **given: Any) -> dict[str, Any]:
        fields = {
            "_revision": str(here.revision),
            "do": "save",
            "title": str(here.draft.title),
            "description": "Where it comes from.",
            "reading_most": "120",
            "coaching_least": "120",
            "coaching_most": "120",
        }
        return {**fields, **given}

    return make
