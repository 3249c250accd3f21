"""A segment of somebody else's core: what is local can be written, the rest is shown and stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from courses.authoring.replacing import put_content
from courses.authoring.shelf import PartHere, part_here
from courses.catalogue.drafts import SegmentDraft
from institute.actors import Actor
from tests.browsing import Visitor
from tests.courses.authoring.filled import changed, errors_of, form_of
from tests.programmes import module, programme, segment_draft

Here = Callable[[], PartHere]


@pytest.fixture
def core(acting: Actor) -> Here:
    """The first segment of a programme that extends the state's."""
    content = programme(module(segment_draft(core=True), segment_draft(number=2)))
    own = replace(content.programme, origin="state/leadership@3")
    put_content(replace(content, programme=own), actor=acting)
    return lambda: part_here("leadership", "module-1/segment-1", actor=acting)


def _base(core: Here) -> str:
    return f"/author/segments/leadership/{core().part_id}"


def _draft(core: Here) -> SegmentDraft:
    return cast("SegmentDraft", core().draft)


def test_core_is_shown_and_only_the_local_note_can_be_written(author: Visitor, core: Here) -> None:
    address, before = f"{_base(core)}/reading", _draft(core)
    page = author.get(address).text
    assert "belongs to the shared core" in page
    assert "readonly" in page.partition('id="title"')[2].partition(">")[0]
    assert "readonly" not in page.partition('id="local_note"')[2].partition(">")[0]
    form = changed(form_of(page), title="Ours now", content="Ours", local_note="Ask for **Maria**.")
    assert author.post(address, form).status_code == 303
    after = _draft(core)
    assert str(after.local_note) == "Ask for **Maria**."
    assert replace(after, local_note=None) == before


def test_session_of_a_core_stays(author: Visitor, core: Here) -> None:
    address, before = f"{_base(core)}/session", _draft(core)
    assert 'value="save">Save' not in author.get(address).text
    assert author.post(address, {"do": "save", "opening": "Ours"}).status_code == 303
    assert _draft(core) == before


def test_activities_and_materials_of_one_s_own_are_added_and_are_local(author: Visitor, core: Here) -> None:
    base = _base(core)
    form = changed(
        form_of(author.get(f"{base}/activities/new").text), title="County form", kind="upload", timing="after"
    )
    assert author.post(f"{base}/activities/new", form).status_code == 303
    form = changed(form_of(author.get(f"{base}/materials/new").text), title="County map", body="Here.")
    assert author.post(f"{base}/materials/new", form).status_code == 303
    draft = _draft(core)
    assert [one.key for one in draft.activities if one.local] == ["county-form"]
    assert [one.key for one in draft.materials if one.local] == ["county-map"]
    assert "Local addition" in author.get(f"{base}/activities").text
    address = f"{base}/activities/county-form"
    answer = author.post(address, changed(form_of(author.get(address).text), title=""))
    assert "title" in errors_of(answer.text)
    assert author.post(f"{address}/remove").status_code == 303
    assert author.post(f"{base}/materials/county-map/remove").status_code == 303


def test_activities_and_materials_of_the_core_are_neither_moved_nor_removed(
    author: Visitor, core: Here
) -> None:
    base, before = _base(core), _draft(core)
    for address in ("activities/read", "materials/sheet"):
        assert author.post(f"{base}/{address}/remove").status_code == 409
        assert author.post(f"{base}/{address}/move", {"way": "down"}).status_code == 409
        assert author.post(f"{base}/{address}", {"title": "Ours", "do": "save"}).status_code in {303, 409}
        assert "Remove this" not in author.get(f"{base}/{address}").text
    assert _draft(core) == before
