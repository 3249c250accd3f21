"""Frameworks and vocabularies as TOML, and those of the sample."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.frameworks.drafts import (
    ColumnDraft,
    ElementDraft,
    FrameworkDraft,
    PracticeDraft,
    TermDraft,
    VocabularyDraft,
    every_element,
)
from courses.frameworks.models import Audience, Save
from courses.frameworks.naming import is_free_key
from courses.frameworks.papers import (
    framework_document,
    framework_from_toml,
    vocabularies_document,
    vocabularies_from_toml,
)
from courses.frameworks.queries import load_framework, load_vocabulary
from courses.loading.frameworks import load_frameworks
from courses.loading.tables import FolderError, Table, read_table
from institute.actors import Actor
from institute.i18n import LOCALES, Localised
from institute.paths import ROOT
from tests.browsing import Visitor
from tests.courses.frameworks.conftest import framework_draft

SAMPLE = ROOT / "courses" / "sample"

keys = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True).filter(is_free_key)
lines = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
texts = st.builds(
    lambda own, more: Localised.of({"en": own, **more}),
    lines,
    st.dictionaries(st.sampled_from([one for one in LOCALES if one != "en"]), lines, max_size=2),
)
maybe = st.none() | texts


@st.composite
def frameworks(draw: st.DrawFn) -> FrameworkDraft:
    """Any framework that does not contradict itself."""
    columns = tuple(
        ColumnDraft(key, draw(texts), draw(maybe), draw(st.booleans()))
        for key in draw(st.lists(keys, unique=True, max_size=3))
    )
    free = draw(st.lists(keys, unique=True, max_size=9))

    def elements(depth: int) -> tuple[ElementDraft, ...]:
        found: list[ElementDraft] = []
        while free and (not found or draw(st.booleans())):
            key = free.pop()
            shown = [column.key for column in columns if draw(st.booleans())]
            found.append(
                ElementDraft(
                    key,
                    draw(texts),
                    draw(st.just("") | st.from_regex(r"[0-9][A-Z]", fullmatch=True)),
                    draw(maybe),
                    tuple(PracticeDraft(column, draw(texts)) for column in shown),
                    elements(depth + 1) if depth < 3 and draw(st.booleans()) else (),
                    draw(st.booleans()),
                )
            )
        return tuple(found)

    audiences = draw(st.lists(st.sampled_from(Audience), min_size=1, unique=True))
    return FrameworkDraft(
        draw(keys),
        draw(texts),
        tuple(one for one in Audience if one in audiences),
        draw(st.just("") | st.from_regex(r"20[0-9]{2}", fullmatch=True)),
        draw(maybe),
        columns,
        elements(1),
        draw(st.booleans()),
    )


vocabularies = st.lists(
    st.builds(
        VocabularyDraft,
        keys,
        texts,
        maybe,
        st.lists(
            st.builds(TermDraft, keys, texts, maybe, st.booleans()), max_size=4, unique_by=lambda one: one.key
        ).map(tuple),
        st.booleans(),
    ),
    max_size=3,
    unique_by=lambda one: one.key,
).map(tuple)


def table(document: dict[str, Any]) -> Table:
    """Return a document as it comes back out of a file."""
    return Table(tomllib.loads(tomli_w.dumps(document)), file="frameworks/practice.toml", source="en")


def spelled(text: Localised) -> dict[str, str]:
    """Write a text whose translations are all of the present source."""
    return dict(text.texts)


@given(frameworks())
def test_a_framework_comes_back_from_toml_as_it_was(draft: FrameworkDraft) -> None:
    assert framework_from_toml(table(framework_document(draft, spelled))) == draft


@given(vocabularies)
def test_vocabularies_come_back_from_toml_as_they_were(drafts: tuple[VocabularyDraft, ...]) -> None:
    assert vocabularies_from_toml(table(vocabularies_document(drafts, spelled))) == drafts


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("key",), "Not a key", "key"),
        (("version",), "v" * 41, "version"),
        (("audiences",), ["coach", "parent"], "audiences"),
        (("audiences",), [], "audiences"),
        (("audiences",), ["coach", "coach"], "audiences"),
        (("title",), {"es": "Sin fuente"}, "title.en"),
        (("title",), {"en": "x", "fr": "y"}, "title.fr"),
        (("colour",), "red", "colour"),
        (("retired",), "yes", "retired"),
        (("column", 2, "key"), "steady", "column"),
        (("column", 1, "level"), 3, "column[2].level"),
        (("element", 1, "key"), "vision", "element"),
        (
            ("element", 0, "element", 0, "practice", 0, "column"),
            "gone",
            "element[1].element[1].practice[1].column",
        ),
        (
            ("element", 0, "element", 0, "element", 0, "element"),
            [{}],
            "element[1].element[1].element[1].element",
        ),
        (("element", 0, "code"), "x" * 21, "element[1].code"),
        (("element",), "none", "element"),
    ],
)
def test_a_spoilt_file_is_refused_with_its_name_and_the_key(
    path: tuple[str | int, ...], value: object, key: str, app: object
) -> None:
    document = framework_document(framework_draft(), spelled)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(FolderError) as refusal:
        framework_from_toml(table(document))
    assert refusal.value.facts["file"] == "frameworks/practice.toml"
    assert refusal.value.facts["key"] == key


def test_the_sample_speaks_all_five_languages_throughout() -> None:
    drafts = {
        path.stem: framework_from_toml(read_table(path, folder=SAMPLE))
        for path in sorted((SAMPLE / "frameworks").glob("*.toml"))
    }
    leadership, coaching = drafts["leadership"], drafts["coaching"]
    assert leadership.audiences == (Audience.COACH, Audience.LEADER)
    assert [len(standard.elements) for standard in leadership.elements] == [3] * 6
    assert (len(leadership.columns), len(coaching.elements)) == (4, 3)
    vocabularies = vocabularies_from_toml(read_table(SAMPLE / "vocabularies.toml", folder=SAMPLE))
    assert {one.key for one in vocabularies} == {
        "values", "qris", "accreditation", "practices", "funding", "specialties", "topics",
    }  # fmt: skip
    for draft in drafts.values():
        said = [draft.title, draft.description, *(one.title for one in draft.columns)]
        said += [one.title for one in every_element(draft.elements)]
        assert all(text is not None and set(text.texts) == set(LOCALES) for text in said)
    assert all(set(term.title.texts) == set(LOCALES) for one in vocabularies for term in one.terms)


def test_loading_again_writes_nothing_and_leaves_what_an_author_changed(
    system: Actor, author: Visitor, session: Session
) -> None:
    def load() -> int:
        load_frameworks(SAMPLE, source="en", actor=system)
        return session.scalar(select(func.count(Save.id))) or 0

    before = load()
    assert load() == before
    form = {"title.en": "Our own words", "_revision": "1"}
    page = "/author/frameworks/leadership/elements/1a"
    assert author.post(page, form).status_code == 303
    load()
    loaded = load_framework(system.institute_id, "leadership")
    assert loaded is not None
    assert str(loaded.elements[0].elements[0].title) == "Our own words"
    assert load_vocabulary(system.institute_id, "values") is not None
