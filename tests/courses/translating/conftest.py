"""A published programme and people who translate it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from courses.authoring.saving import Saved, save
from courses.authoring.shelf import PartHere, part_here
from courses.catalogue.drafts import SegmentDraft
from courses.catalogue.models import ProgrammeId
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor
from tests.programmes import programme, publish

TEXTS = "/translator/texts/leadership"


@pytest.fixture
def published(system: Actor) -> ProgrammeId:
    """A programme of two segments, all in English."""
    return publish(programme(), actor=system)


@pytest.fixture
def translator(
    published: ProgrammeId, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """The browser of somebody who translates."""
    return sign_in(make_person(name="Ana Ruiz"), roles=[Role.TRANSLATOR])


@pytest.fixture
def second(
    translator: Visitor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """The browser of a second translator."""
    return sign_in(make_person(name="Bilal Haddad"), roles=[Role.TRANSLATOR])


@pytest.fixture
def here(published: ProgrammeId, system: Actor) -> Callable[..., PartHere]:
    """Return a part as it is now."""
    return lambda address="module-1/segment-1": part_here("leadership", address, actor=system)


@pytest.fixture
def rewrite(here: Callable[..., PartHere], system: Actor) -> Callable[[str], None]:
    """Give the first segment another content, as an author does."""

    def change(text: str) -> None:
        part = here()
        assert isinstance(part.draft, SegmentDraft)
        assert part.part_id is not None
        draft = replace(part.draft, content=part.draft.content.revised(text))
        assert isinstance(save(part.part_id, draft, revision=part.revision, actor=system), Saved)

    return change


def content(part: PartHere) -> Localised:
    """Return the content of a segment."""
    assert isinstance(part.draft, SegmentDraft)
    return part.draft.content
