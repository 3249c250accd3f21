"""Frameworks and vocabularies taken over whole, and what other rooms ask of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from courses.frameworks.drafts import (
    ElementDraft,
    FrameworkDraft,
    PracticeDraft,
    TermDraft,
    VocabularyDraft,
)
from courses.frameworks.errors import FrameworkUnsoundError, KeyTakenError
from courses.frameworks.keeping import put_framework, put_vocabulary
from courses.frameworks.models import Save
from courses.frameworks.queries import (
    element_choices,
    load_framework,
    load_vocabulary,
    named,
    tag_choices,
)
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.people.models import Institute
from tests.courses.frameworks.conftest import english, framework_draft, vocabulary_draft


def test_what_was_put_is_read_again_without_loss(
    framework: FrameworkDraft, vocabulary: VocabularyDraft, system: Actor
) -> None:
    assert load_framework(system.institute_id, framework.key) == framework
    assert load_vocabulary(system.institute_id, vocabulary.key) == vocabulary


def test_putting_the_same_again_writes_nothing(
    framework: FrameworkDraft, vocabulary: VocabularyDraft, system: Actor, session: Session
) -> None:
    counts = select(select(func.count(Save.id)).scalar_subquery(), func.count(AuditEvent.id))
    before = session.execute(counts).one()
    session.rollback()
    put_framework(framework, actor=system)
    put_vocabulary(vocabulary, actor=system)
    assert session.execute(counts).one() == before


def test_another_text_becomes_the_next_revision_and_stays_in_the_history(
    framework: FrameworkDraft, system: Actor, session: Session
) -> None:
    put_framework(replace(framework, title=english("Leaders at work")), actor=system)
    saved = select(Save).where(Save.subject == framework.key).order_by(Save.id)
    assert [
        (save.revision, save.document["texts"]["title"]["texts"]["en"]) for save in session.scalars(saved)
    ] == [
        (1, "Practice of leaders"),
        (2, "Leaders at work"),
    ]
    assert len(session.scalars(select(Save)).all()) == 10


def test_what_a_draft_does_not_name_any_more_is_retired_and_keeps_its_name(
    framework: FrameworkDraft, system: Actor
) -> None:
    shorter = replace(framework, elements=framework.elements[1:], columns=framework.columns[:2])
    put_framework(replace(shorter, elements=(replace(shorter.elements[0], practices=()),)), actor=system)
    choices = element_choices(system.institute_id)[0].choices
    assert [choice.address for choice in choices] == ["practice/learning"]
    name = named(system.institute_id, ["practice/listening"])["practice/listening"]
    assert (name.code, str(name.title), name.retired) == ("1A", "Listens first", True)
    put_framework(framework, actor=system)
    assert load_framework(system.institute_id, framework.key) == framework


def test_elements_may_move_and_keep_their_address(framework: FrameworkDraft, system: Actor) -> None:
    first, second = framework.elements
    moved = replace(
        framework,
        elements=(
            replace(second, elements=first.elements[:1]),
            replace(first, elements=first.elements[1:]),
        ),
    )
    put_framework(moved, actor=system)
    assert load_framework(system.institute_id, framework.key) == moved


def test_choices_come_in_order_with_their_depth(
    framework: FrameworkDraft, vocabulary: VocabularyDraft, system: Actor
) -> None:
    (group,) = element_choices(system.institute_id)
    assert [(one.address, one.code, one.depth) for one in group.choices] == [
        ("practice/vision", "1", 1),
        ("practice/listening", "1A", 2),
        ("practice/asks-families", "", 3),
        ("practice/naming", "1B", 2),
        ("practice/learning", "2", 1),
    ]
    (tags,) = tag_choices(system.institute_id)
    assert [one.address for one in tags.choices] == ["values/strengths", "values/inclusion"]


def test_every_address_has_a_name_whatever_it_is(
    framework: FrameworkDraft, vocabulary: VocabularyDraft, system: Actor
) -> None:
    odd = ["values/gone", "nothing", "a/b/c", "practice/\x00", "x" * 5000, "", "practice/\ud800", "Ünï/cödé"]
    found = named(system.institute_id, ["values/inclusion", "practice/naming", *odd])
    assert list(found) == ["values/inclusion", "practice/naming", *odd]
    assert [one.known for one in found.values()] == [True, True] + [False] * len(odd)
    assert [str(one.group) for one in list(found.values())[:2]] == ["Values", "Practice of leaders"]


def test_another_institute_s_frameworks_are_neither_offered_nor_named(
    framework: FrameworkDraft, vocabulary: VocabularyDraft, make_institute: Callable[..., Institute]
) -> None:
    there = make_institute(slug="harbour").id
    assert element_choices(there) == []
    assert tag_choices(there) == []
    assert load_framework(there, framework.key) is None
    assert load_vocabulary(there, vocabulary.key) is None
    assert not named(there, ["values/inclusion"])["values/inclusion"].known


def test_a_framework_and_a_vocabulary_never_share_a_key(framework: FrameworkDraft, system: Actor) -> None:
    with pytest.raises(KeyTakenError):
        put_vocabulary(vocabulary_draft(key=framework.key), actor=system)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "Not a key"},
        {"key": "x" * 61},
        {"audiences": ()},
        {"elements": (ElementDraft("a", english("A")), ElementDraft("a", english("B")))},
        {"elements": (ElementDraft("a", english("A"), practices=(PracticeDraft("other", english("x")),)),)},
        {
            "elements": (
                ElementDraft(
                    "a",
                    english("A"),
                    elements=(
                        ElementDraft(
                            "b",
                            english("B"),
                            elements=(
                                ElementDraft("c", english("C"), elements=(ElementDraft("d", english("D")),)),
                            ),
                        ),
                    ),
                ),
            )
        },
    ],
)
def test_a_framework_that_contradicts_itself_is_refused_whole(
    changes: dict[str, object], system: Actor
) -> None:
    with pytest.raises(FrameworkUnsoundError):
        put_framework(framework_draft(**changes), actor=system)
    assert element_choices(system.institute_id) == []


def test_a_vocabulary_with_a_term_twice_is_refused(system: Actor) -> None:
    twice = TermDraft("same", english("Same"))
    with pytest.raises(FrameworkUnsoundError):
        put_vocabulary(vocabulary_draft(terms=(twice, twice)), actor=system)


def test_the_history_of_saved_texts_cannot_be_changed(framework: FrameworkDraft, session: Session) -> None:
    with pytest.raises(DatabaseError):
        session.execute(update(Save).values(revision=7))
    session.rollback()
