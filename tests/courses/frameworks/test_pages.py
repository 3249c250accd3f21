"""The pages on which authors write frameworks and vocabularies."""

from __future__ import annotations

import pytest

from courses.frameworks.drafts import FrameworkDraft, VocabularyDraft
from courses.frameworks.queries import load_framework, load_vocabulary
from institute.actors import Actor
from tests.browsing import Visitor

AREA = "/author/frameworks"


def test_author_writes_a_framework_from_nothing(author: Visitor, system: Actor) -> None:
    assert "There is no framework yet" in author.get(f"{AREA}/").text
    made = author.post(
        f"{AREA}/new",
        {"title.en": "Coaches at work", "title.es": "Quienes acompañan", "audiences": "coach", "version": "2026"},
    )
    assert made.location.endswith(f"{AREA}/coaches-at-work")
    here = f"{AREA}/coaches-at-work"
    author.post(f"{here}/columns/new", {"title.en": "First steps", "key": "first"})
    author.post(f"{here}/elements/new", {"title.en": "Presence", "code": "1"})
    author.post(f"{here}/elements/new", {"title.en": "Listens", "code": "1A", "below": "1", "practices/first.en": "Tries."})
    framework = load_framework(system.institute_id, "coaches-at-work")
    assert framework is not None
    assert str(framework.elements[0].elements[0].title) == "Listens"
    assert str(framework.elements[0].elements[0].practices[0].text) == "Tries."
    page = author.get(here).text
    assert "Presence" in page
    assert "First steps" in page
    assert framework.title.in_("es") == "Quienes acompañan"
