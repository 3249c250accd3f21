"""The form of a module: everything that is typed is kept, also when it is wrong or somebody else was faster."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.authoring.models import DraftRevision, Outcome
from courses.authoring.saving import save
from courses.authoring.shelf import PartHere
from courses.catalogue.drafts import AreaDraft, ModuleDraft
from courses.catalogue.models import ObjectiveKind
from institute.actors import Actor
from institute.i18n import Localised
from tests.browsing import Visitor
from tests.courses.authoring.conftest import OUTLINE

Fields = Callable[..., dict[str, Any]]


def _address(here: PartHere) -> str:
    return f"{OUTLINE}/modules/{here.part_id}"


def _draft(here: PartHere) -> ModuleDraft:
    assert isinstance(here.draft, ModuleDraft)
    return here.draft


def test_module_keeps_what_its_form_says(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields
) -> None:
    here = part("module-1")
    fields = module_form(
        here,
        title="Leading change",
        **{
            "objectives-1-text": "Say why it matters",
            "objectives-1-kind": "attitude",
            "objectives-2-text": "",
            "areas-1-title": "Teams",
            "areas-1-toolkit": "Begin with *one* question.",
            "core": "1",
        },
    )
    assert author.post(_address(here), fields).status_code == 303
    draft = _draft(part("module-1"))
    assert str(draft.title) == "Leading change"
    assert [(one.kind, str(one.text)) for one in draft.objectives] == [
        (ObjectiveKind.ATTITUDE, "Say why it matters")
    ]
    assert [(area.key, str(area.toolkit)) for area in draft.areas] == [
        ("teams", "Begin with *one* question.")
    ]
    assert draft.core
    assert part("module-1").revision == here.revision + 1


def test_a_row_more_comes_back_with_everything_typed_and_saves_nothing(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields
) -> None:
    here = part("module-1")
    fields = module_form(here, do="add:objectives", **{"objectives-1-text": "Half a thought"})
    page = author.post(_address(here), fields)
    assert page.status_code == 200
    assert "Half a thought" in page.text
    assert 'name="objectives-2-text"' in page.text
    assert part("module-1").revision == here.revision


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 300}, "title"),
        ({"reading_most": "many"}, "reading_most"),
        ({"reading_most": "9" * 30}, "reading_most"),
        ({"reading_most": "-5"}, "reading_most"),
        ({"reading_least": "90", "reading_most": "60"}, "reading_most"),
        ({"objectives-1-text": "Know", "objectives-1-kind": "wisdom"}, "objectives-1-kind"),
        ({"areas-1-toolkit": "Without a title"}, "areas-1-title"),
        ({"areas-1-title": "Teams", "areas-1-more": "no-such-resource"}, "areas-1-more"),
        ({"tags": "values/none"}, "tags"),
        ({"elements": "😀"}, "elements"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    author: Visitor,
    part: Callable[[str], PartHere],
    module_form: Fields,
    wrong: dict[str, str],
    field: str,
) -> None:
    here = part("module-1")
    page = author.post(_address(here), module_form(here, **{"description": "A new description", **wrong}))
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert "A new description" in page.text
    assert part("module-1").revision == here.revision


def test_odd_characters_are_kept_where_they_are_text_and_dropped_where_they_are_none(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields
) -> None:
    here = part("module-1")
    typed = "a\x00b \u202eright\u202c 👩‍👩‍👧 <script>alert(1)</script> é"
    assert author.post(_address(here), module_form(here, description=typed)).status_code == 303
    kept = str(_draft(part("module-1")).description)
    assert kept == typed.replace("\x00", "")
    assert "<script>alert" not in author.get(_address(here)).text


def test_a_paste_of_ten_megabytes_is_refused_with_a_sentence(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields
) -> None:
    here = part("module-1")
    page = author.post(_address(here), module_form(here, description="word " * 2_100_000))
    assert page.status_code == 422
    assert "This text has 10499999 characters" in page.text
    assert part("module-1").revision == here.revision


def test_second_author_sees_both_texts_and_both_stay_in_the_history(
    author: Visitor,
    other: Visitor,
    part: Callable[[str], PartHere],
    module_form: Fields,
    session: Session,
) -> None:
    here = part("module-1")
    first, second = module_form(here, title="From Ana"), module_form(here, title="From Bilal")
    assert author.post(_address(here), first).status_code == 303
    clash = other.post(_address(here), second)
    assert clash.status_code == 409
    assert "From Ana" in clash.text
    assert "From Bilal" in clash.text
    assert "Ana Ruiz" in clash.text
    assert str(part("module-1").draft.title) == "From Ana"
    outcomes = session.scalars(select(DraftRevision.outcome).order_by(DraftRevision.id)).all()
    assert outcomes[-2:] == [Outcome.KEPT, Outcome.CLASHED]
    history = author.get(f"{OUTLINE}/parts/{here.part_id}/history").text
    assert "Bilal Haddad" in history
    assert "another came first" in history
    again = {**second, "_revision": str(part("module-1").revision)}
    assert other.post(_address(here), again).status_code == 303
    assert str(part("module-1").draft.title) == "From Bilal"


def test_same_text_sent_late_clashes_with_nobody_and_is_noted_once(
    part: Callable[[str], PartHere], acting: Actor, session: Session
) -> None:
    here = part("module-1")
    draft = _draft(here)
    assert here.part_id
    changed = replace(draft, description=draft.description.revised("Newer."))
    save(here.part_id, changed, revision=here.revision, actor=acting)
    late = save(here.part_id, changed, revision=here.revision, actor=acting)
    untouched = save(here.part_id, draft, revision=here.revision, actor=acting)
    for outcome in (late, untouched):
        assert getattr(outcome, "changed", None) is False
    mine = replace(draft, description=draft.description.revised("Mine."))
    before = session.query(DraftRevision).count()
    for _ in range(2):
        save(here.part_id, mine, revision=here.revision, actor=acting)
    assert session.query(DraftRevision).count() == before + 1


def test_what_somebody_removed_can_still_be_saved_by_who_was_writing(
    author: Visitor, other: Visitor, part: Callable[[str], PartHere], module_form: Fields
) -> None:
    here = part("module-1")
    other.post(f"{OUTLINE}/parts/{here.part_id}/remove")
    answer = author.post(_address(here), module_form(here, title="Still mine"))
    assert answer.status_code == 303
    page = author.get(answer.location).text
    assert "Still mine" in page
    assert "Removed from the outline" in page


def test_warning_stands_where_the_segments_do_not_add_up(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields
) -> None:
    here = part("module-1")
    words = "The segments do not add up to this."
    fine = author.get(_address(here)).text
    assert fine.count(words) == 2  # in the attributes alone, for the script
    author.post(_address(here), module_form(here, reading_most="90"))
    assert author.get(_address(here)).text.count(words) == 3
    assert "Reading: the segments do not add up" in author.get(OUTLINE).text


def test_translations_stay_with_a_row_that_moves_and_grow_stale_where_its_words_change(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields, acting: Actor
) -> None:
    here = part("module-1")
    areas = (
        AreaDraft("one", Localised.of({"en": "One", "es": "Uno"})),
        AreaDraft("two", Localised.of({"en": "Two", "es": "Dos"})),
    )
    assert here.part_id
    save(here.part_id, replace(_draft(here), areas=areas), revision=here.revision, actor=acting)
    fields = module_form(
        part("module-1"),
        **{
            "areas-1-title": "Two",
            "areas-1-was": "two",
            "areas-2-title": "One, better",
            "areas-2-was": "one",
        },
    )
    assert author.post(_address(here), fields).status_code == 303
    two, one = _draft(part("module-1")).areas
    assert (two.key, two.title.shown("es").text, two.title.shown("es").stale) == ("two", "Dos", False)
    assert (one.key, one.title.shown("es").text, one.title.shown("es").stale) == ("one", "Uno", True)


def test_a_published_module_leads_to_its_guides_and_a_new_one_does_not(
    author: Visitor, part: Callable[[str], PartHere]
) -> None:
    here = part("module-1")
    guides = "/author/guides/leadership/module-1/coach"
    assert guides in author.get(_address(here)).text
    assert author.get(guides).status_code == 200
    made = author.post(f"{OUTLINE}/modules", {"title": "A second module"})
    assert "/author/guides/" not in author.get(made.location).text


@pytest.mark.parametrize(
    "path", ["preview/leadership/", "packages/", "versions/leadership", "programmes/leadership"]
)
def test_every_page_of_a_programme_says_in_the_head_that_it_belongs_to_the_programmes(
    author: Visitor, part: Callable[[str], PartHere], path: str
) -> None:
    part("module-1")
    page = author.get(f"/author/{path}").text
    assert re.search(r'aria-current="page">Programmes<', page)


def test_an_outline_leads_to_versions_translations_core_package_and_history(
    author: Visitor, part: Callable[[str], PartHere]
) -> None:
    part("module-1")
    page = author.get(OUTLINE).text
    for path in (
        "/author/versions/leadership",
        "/translator/texts/",
        f"{OUTLINE}/core",
        "/author/packages/of/leadership",
        f"{OUTLINE}/history",
    ):
        assert f'{path}"' in page, path
