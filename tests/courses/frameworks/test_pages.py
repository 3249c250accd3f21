"""The pages on which authors write frameworks and vocabularies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.frameworks import alignments
from courses.frameworks.alignments import Aligned, AlignedKind
from courses.frameworks.drafts import ElementDraft, FrameworkDraft, VocabularyDraft
from courses.frameworks.models import Save
from courses.frameworks.queries import load_framework, named, tag_choices
from institute.actors import Actor, Role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.frameworks.conftest import english

AREA = "/author/frameworks"


def test_author_writes_a_framework_from_nothing(author: Visitor, system: Actor) -> None:
    assert "There is no framework yet" in author.get(f"{AREA}/").text
    made = author.post(
        f"{AREA}/new",
        {
            "title.en": "Coaches at work",
            "title.es": "Quienes acompañan",
            "audiences": "coach",
            "version": "2026",
        },
    )
    assert made.location.endswith(f"{AREA}/coaches-at-work")
    here = f"{AREA}/coaches-at-work"
    author.post(f"{here}/columns/new", {"title.en": "First steps", "key": "first"})
    author.post(f"{here}/elements/new", {"title.en": "Presence", "code": "1"})
    author.post(
        f"{here}/elements/new",
        {"title.en": "Listens", "code": "1A", "below": "1", "practices/first.en": "Tries."},
    )
    framework = load_framework(system.institute_id, "coaches-at-work")
    assert framework is not None
    assert str(framework.elements[0].elements[0].title) == "Listens"
    assert str(framework.elements[0].elements[0].practices[0].text) == "Tries."
    page = author.get(here).text
    assert "Presence" in page
    assert "First steps" in page
    assert framework.title.in_("es") == "Quienes acompañan"


def _element(framework: FrameworkDraft | None, *path: int) -> ElementDraft:
    assert framework is not None
    found = framework.elements[path[0]]
    for place in path[1:]:
        found = found.elements[place]
    return found


def test_a_late_save_shows_both_texts_and_loses_neither(
    framework: FrameworkDraft, make_author: Callable[..., Visitor], system: Actor
) -> None:
    grace, tomas = make_author("Grace Holloway"), make_author("Tomás Rivera")
    page = f"{AREA}/practice/elements/listening"
    assert 'name="_revision" value="1"' in grace.get(page).text
    assert grace.post(page, {"title.en": "Hears first", "code": "1A", "_revision": "1"}).status_code == 303
    late = tomas.post(page, {"title.en": "Listens at once", "code": "1a", "_revision": "1"})
    assert late.status_code == 409
    for said in ("Hears first", "Listens at once", "Grace Holloway", 'name="_revision" value="2"'):
        assert said in late.text
    assert str(_element(load_framework(system.institute_id, "practice"), 0, 0).title) == "Hears first"
    history = grace.get(f"{AREA}/practice/history").text
    assert "Listens at once" in history
    assert "Came too late" in history
    again = tomas.post(page, {"title.en": "Listens at once", "code": "1A", "_revision": "2"})
    assert again.status_code == 303
    assert str(_element(load_framework(system.institute_id, "practice"), 0, 0).title) == "Listens at once"


def test_a_late_save_that_says_the_same_is_no_clash(
    framework: FrameworkDraft, author: Visitor, session: Session
) -> None:
    page = f"{AREA}/practice/elements/naming"
    for _ in range(2):
        assert author.post(page, {"title.en": "Says it", "_revision": "1"}).status_code == 303
    saved = session.scalars(select(Save).where(Save.subject == "practice/naming")).all()
    assert [(save.revision, save.outcome) for save in saved] == [(1, "kept"), (2, "kept")]


def test_the_history_gives_an_old_text_back_to_the_form(
    framework: FrameworkDraft, author: Visitor, session: Session
) -> None:
    page = f"{AREA}/practice/elements/naming"
    author.post(page, {"title.en": "Says it", "_revision": "1"})
    first = session.scalars(
        select(Save.id).where(Save.subject == "practice/naming").order_by(Save.id)
    ).first()
    form = author.get(f"{page}?from={first}").text
    assert 'value="Names what matters"' in form
    assert 'name="_revision" value="2"' in form
    assert author.get(f"{AREA}/practice/elements/listening?from={first}").status_code == 404
    for odd in ("x", "-1", "9" * 40, "1.5", "%00"):
        assert author.get(f"{page}?from={odd}").status_code == 200


def test_a_translation_is_stale_once_its_source_changed_until_somebody_says_it_is_right(
    framework: FrameworkDraft, author: Visitor, system: Actor
) -> None:
    page = f"{AREA}/practice/elements/listening"
    texts = {"title.en": "Listens well", "title.es": "Escucha primero"}
    author.post(page, {**texts, "_revision": "1"})
    assert _element(load_framework(system.institute_id, "practice"), 0, 0).title.shown("es").stale
    assert "The text has changed since this was translated" in author.get(page).text
    author.post(page, {**texts, "_revision": "2", "right.title.es": "1"})
    assert not _element(load_framework(system.institute_id, "practice"), 0, 0).title.shown("es").stale


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("new", {"audiences": "coach"}, "This is needed"),
        ("new", {"title.en": "Coaches"}, "Choose whose competencies"),
        ("new", {"title.es": "Sin fuente", "audiences": "coach"}, "This is needed"),
        ("new", {"title.en": "x" * 301, "audiences": "coach"}, "300 characters at most"),
        ("new", {"title.en": "T", "audiences": "coach", "version": "v" * 41}, "40 characters at most"),
        ("new", {"title.en": "T", "audiences": "coach", "key": "practice"}, "something else here already"),
        ("new", {"title.en": "T", "audiences": "coach", "key": "new"}, "something else here already"),
        ("new", {"title.en": "T", "audiences": "coach", "key": "not a key"}, "lower-case letters"),
        ("practice/elements/new", {"title.en": "T", "key": "listening"}, "something else here already"),
        ("practice/elements/new", {"title.en": "T", "code": "1" * 21}, "20 characters at most"),
        ("practice/elements/new", {"title.en": "T", "practices/steady.es": "Solo"}, "This is needed"),
        ("practice/elements/naming", {"title.en": "", "description.en": "Kept text"}, "Kept text"),
        ("vocabularies/new", {"title.en": "T", "key": "practice"}, "something else here already"),
        ("vocabularies/values/terms/new", {"description.en": "d" * 4001, "title.en": "T"}, "4000 characters"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_its_reason_and_every_typed_value(
    *,
    path: str,
    form: dict[str, str],
    said: str,
    framework: FrameworkDraft,
    vocabulary: VocabularyDraft,
    author: Visitor,
) -> None:
    answer = author.post(f"{AREA}/{path}", {**form, "_revision": "1"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "needs a change" in answer.text or "need a change" in answer.text
    for name, value in form.items():
        if name != "audiences":
            assert value in answer.text


def test_a_key_is_made_where_none_is_typed(framework: FrameworkDraft, author: Visitor, system: Actor) -> None:
    for title in ("Escúchalo todo", "Escúchalo todo", "听", "听"):
        author.post(f"{AREA}/practice/elements/new", {"title.en": title})
    loaded = load_framework(system.institute_id, "practice")
    assert loaded is not None
    keys = [element.key for element in loaded.elements]
    assert keys[2:] == ["escuchalo-todo", "escuchalo-todo-2", "element-2", "element-3"]


def test_elements_move_up_down_in_and_out_by_buttons(
    framework: FrameworkDraft, author: Visitor, system: Actor
) -> None:
    def move(key: str, direction: str) -> int:
        return author.post(f"{AREA}/practice/elements/{key}/move", {"direction": direction}).status_code

    assert move("learning", "up") == 303
    assert [one.key for one in loaded_elements(system)] == ["learning", "vision"]
    assert move("learning", "up") == 303
    assert move("naming", "up") == 303
    assert [one.key for one in loaded_elements(system)[1].elements] == ["naming", "listening"]
    assert move("naming", "out") == 303
    assert [one.key for one in loaded_elements(system)] == ["learning", "vision", "naming"]
    assert move("naming", "in") == 303
    assert [one.key for one in loaded_elements(system)[1].elements] == ["listening", "naming"]
    assert move("vision", "in") == 409  # its indicators would stand too deep
    assert move("naming", "sideways") == 422
    assert author.post(f"{AREA}/practice/columns/leading/move", {"direction": "up"}).status_code == 303


def test_nothing_stands_below_an_indicator(framework: FrameworkDraft, author: Visitor) -> None:
    form = {"title.en": "Too deep", "below": "asks-families"}
    assert author.post(f"{AREA}/practice/elements/new", form).status_code == 409
    assert author.post(f"{AREA}/practice/elements/new", {**form, "below": "nowhere"}).status_code == 404


def test_what_is_used_is_retired_and_what_is_not_may_be_deleted(
    framework: FrameworkDraft, vocabulary: VocabularyDraft, author: Visitor, system: Actor, app: Flask
) -> None:
    used = [
        Aligned("practice/listening", AlignedKind.SEGMENT, english("Listening rounds"), english("Module 1")),
        Aligned("values/inclusion", AlignedKind.RESOURCE, english("Open doors"), url="/somewhere"),
    ]
    alignments.provide(app, lambda _actor, _role, asked: [one for one in used if one.address in asked])
    for path in (
        "practice/elements/vision",
        "practice",
        "vocabularies/values",
        "vocabularies/values/terms/inclusion",
    ):
        assert author.post(f"{AREA}/{path}/change", {"wish": "retire"}).status_code == 303
        assert author.post(f"{AREA}/{path}/change", {"wish": "delete"}).status_code == 409
    assert named(system.institute_id, ["practice/vision"])["practice/vision"].retired
    assert tag_choices(system.institute_id) == []
    assert author.post(f"{AREA}/practice/change", {"wish": "restore"}).status_code == 303
    assert author.post(f"{AREA}/practice/elements/learning/change", {"wish": "delete"}).status_code == 303
    assert [one.key for one in loaded_elements(system)] == ["vision"]
    assert author.post(f"{AREA}/practice/columns/steady/change", {"wish": "delete"}).status_code == 303
    assert author.post(f"{AREA}/practice/change", {"wish": "burn"}).status_code == 422
    assert "Learning together" in author.get(f"{AREA}/practice/history").text


@pytest.mark.parametrize(
    "odd", ["\x00", "a\x00b", "\ud7ff\U0010ffff", "x" * 200_000, "\u202e<b>", "' OR 1=1 --"]
)
@pytest.mark.parametrize("name", ["title.en", "key", "code", "below", "_revision", "practices/steady.en"])
def test_no_odd_input_breaks_a_form(name: str, odd: str, framework: FrameworkDraft, author: Visitor) -> None:
    for path in ("elements/new", "elements/naming"):
        form = {"title.en": "T", "_revision": "1", name: odd}
        assert author.post(f"{AREA}/practice/{path}", form).status_code in {303, 404, 409, 413, 422}


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.COACH, Role.FACILITATOR, Role.TRAINER])
def test_everybody_reads_what_is_in_use_with_what_leads_to_it(
    *,
    role: Role,
    framework: FrameworkDraft,
    vocabulary: VocabularyDraft,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    author: Visitor,
    app: Flask,
) -> None:
    used = Aligned(
        "practice/listening", AlignedKind.SEGMENT, english("Rounds"), english("Module 1"), "/there"
    )
    alignments.provide(app, lambda _actor, _role, asked: [used] if used.address in asked else [])
    author.post(f"{AREA}/practice/elements/learning/change", {"wish": "retire"})
    reader = sign_in(make_person(), roles=[role])
    area = f"/{role}/frameworks"
    assert "Practice of leaders" in reader.get(f"{area}/").text
    page = reader.get(f"{area}/practice").text
    for said in (
        "Listens first",
        "Asks families",
        "Asks now and then.",
        "Leading others",
        "Rounds",
        'href="/there"',
    ):
        assert said in page
    assert "Learning together" not in page
    assert "Everybody belongs." in reader.get(f"{area}/vocabularies/values").text
    for gone in ("nothing", "x" * 300, "a%00b", "values"):
        assert reader.get(f"{area}/{gone}").status_code == 404


def test_another_institute_s_frameworks_are_not_there(
    framework: FrameworkDraft,
    vocabulary: VocabularyDraft,
    make_institute: Callable[..., Institute],
    make_author: Callable[..., Visitor],
) -> None:
    stranger = make_author(institute_id=make_institute(slug="harbour").id)
    for path in (
        "practice",
        "practice/about",
        "practice/elements/naming",
        "vocabularies/values",
        "practice/history",
    ):
        assert stranger.get(f"{AREA}/{path}").status_code == 404
    for path in ("practice/about", "practice/elements/naming", "vocabularies/values/terms/inclusion"):
        assert stranger.post(f"{AREA}/{path}", {"title.en": "Mine", "audiences": "coach"}).status_code == 404


def loaded_elements(system: Actor) -> tuple[ElementDraft, ...]:
    """Return the standards of the test's framework as they stand."""
    framework = load_framework(system.institute_id, "practice")
    assert framework is not None
    return framework.elements
