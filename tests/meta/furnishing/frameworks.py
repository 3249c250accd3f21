"""Frameworks: one of the institute's own with an element and a column, and a vocabulary with a tag."""

from __future__ import annotations

from courses.frameworks.drafts import ColumnDraft, ElementDraft, FrameworkDraft, TermDraft, VocabularyDraft
from courses.frameworks.keeping import put_framework, put_vocabulary
from courses.frameworks.models import Audience
from institute.actors import Actor
from institute.i18n import Localised
from tests.meta.furnishing.room import Room

FORM = {"title.en": "Another name", "audiences": "coach", "direction": "up", "wish": "retire"}


def furnish(room: Room) -> dict[str, object]:
    """Put both in place under names that no other institute has."""
    actor = Actor(institute_id=room.institute_id, person_id=None)
    text = Localised.of({"en": "Practice"})
    own = f"of-{room.institute_id}"
    framework, element, column = f"framework-{own}", f"element-{own}", f"column-{own}"
    vocabulary, term = f"vocabulary-{own}", f"term-{own}"
    put_framework(
        FrameworkDraft(
            framework,
            text,
            (Audience.LEADER,),
            columns=(ColumnDraft(column, text),),
            elements=(ElementDraft(element, text),),
        ),
        actor=actor,
    )
    put_vocabulary(VocabularyDraft(vocabulary, text, terms=(TermDraft(term, text),)), actor=actor)
    return {
        "framework": framework,
        "element": element,
        "column": column,
        "vocabulary": vocabulary,
        "term": term,
    }
