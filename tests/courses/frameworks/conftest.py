"""A framework of two standards on a scale of three columns, a vocabulary of two terms, and somebody who writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from courses.frameworks.drafts import (
    ColumnDraft,
    ElementDraft,
    FrameworkDraft,
    PracticeDraft,
    TermDraft,
    VocabularyDraft,
)
from courses.frameworks.keeping import put_framework, put_vocabulary
from courses.frameworks.models import Audience
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor


def english(text: str, **more: str) -> Localised:
    """Return a content text in English, with translations by locale."""
    return Localised.of({"en": text, **more})


def framework_draft(**given: Any) -> FrameworkDraft:
    """Return a valid framework."""
    given.setdefault("key", "practice")
    given.setdefault("title", english("Practice of leaders", es="La práctica de quienes dirigen"))
    given.setdefault("audiences", (Audience.LEADER,))
    given.setdefault("version", "2026")
    given.setdefault("description", english("What leaders do."))
    given.setdefault(
        "columns",
        (
            ColumnDraft("beginning", english("Beginning"), english("First attempts.")),
            ColumnDraft("steady", english("Steady")),
            ColumnDraft("leading", english("Leading others")),
        ),
    )
    given.setdefault(
        "elements",
        (
            ElementDraft(
                "vision",
                english("A shared vision"),
                "1",
                english("Everybody knows where this goes."),
                elements=(
                    ElementDraft(
                        "listening",
                        english("Listens first", es="Escucha primero"),
                        "1A",
                        practices=(PracticeDraft("beginning", english("Asks now and then.")),),
                        elements=(ElementDraft("asks-families", english("Asks families")),),
                    ),
                    ElementDraft("naming", english("Names what matters"), "1B"),
                ),
            ),
            ElementDraft("learning", english("Learning together"), "2"),
        ),
    )
    return FrameworkDraft(**given)


def vocabulary_draft(**given: Any) -> VocabularyDraft:
    """Return a valid vocabulary."""
    given.setdefault("key", "values")
    given.setdefault("title", english("Values", es="Valores"))
    given.setdefault(
        "terms",
        (
            TermDraft("strengths", english("Strengths-based")),
            TermDraft("inclusion", english("Inclusive"), english("Everybody belongs.")),
        ),
    )
    return VocabularyDraft(**given)


@pytest.fixture
def framework(system: Actor) -> FrameworkDraft:
    """The framework of the test's institute."""
    draft = framework_draft()
    put_framework(draft, actor=system)
    return draft


@pytest.fixture
def vocabulary(system: Actor) -> VocabularyDraft:
    """The vocabulary of the test's institute."""
    draft = vocabulary_draft()
    put_vocabulary(draft, actor=system)
    return draft


@pytest.fixture
def make_author(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Callable[..., Visitor]:
    """Sign in a new author."""

    def make(name: str = "Grace Holloway", **given: Any) -> Visitor:
        return sign_in(make_person(name=name, **given), roles=[Role.AUTHOR])

    return make


@pytest.fixture
def author(make_author: Callable[..., Visitor]) -> Visitor:
    """The browser of an author of the test's institute."""
    return make_author()
