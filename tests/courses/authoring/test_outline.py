"""The outline: it opens, it is arranged by buttons, and it says what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.authoring.errors import CoreFixedError
from courses.authoring.models import Draft, DraftKind
from courses.authoring.replacing import put_content
from courses.authoring.saving import save_here
from courses.authoring.shelf import PartHere, part_here, read_content, take_up
from courses.catalogue.drafts import OpeningDraft, SegmentDraft
from courses.catalogue.models import ProgrammeId
from courses.catalogue.publishing import publish_version
from courses.catalogue.reviving import content_of
from institute.actors import Actor
from tests.browsing import Visitor
from tests.courses.authoring.conftest import OUTLINE
from tests.programmes import module, programme, publish, segment_draft


def _order(session: Session, kind: DraftKind) -> list[str]:
    query = select(Draft.slug).where(Draft.kind == kind, Draft.removed_at.is_(None))
    return list(session.scalars(query.order_by(Draft.parent_part_id, Draft.position)))


def _move(visitor: Visitor, here: PartHere, to: str, **more: object) -> None:
    answer = visitor.post(f"{OUTLINE}/parts/{here.part_id}/move", {"to": to, **more})
    assert answer.status_code == 303, answer.text


def test_first_opening_takes_up_the_newest_version_exactly(
    author: Visitor, published: ProgrammeId, acting: Actor, session: Session
) -> None:
    assert author.get(OUTLINE).status_code == 200
    version = publish_version(programme(), actor=acting)
    assert read_content(published) == content_of(version)
    assert not session.scalars(select(Draft.changed).where(Draft.changed)).all()


def test_outline_of_an_unknown_programme_is_not_there(author: Visitor, published: ProgrammeId) -> None:
    for slug in ("nothing", "UPPER", "a%00b", "%F0%9F%98%80", "x" * 300):
        assert author.get(f"/author/programmes/{slug}").status_code == 404


@pytest.mark.parametrize("number", ["9" * 30, "-1", "0", "x", "%00", "١٢"])
def test_numbers_that_name_nothing_are_no_mistake_of_ours(
    author: Visitor, part: Callable[[str], PartHere], number: str
) -> None:
    here = part("module-1")
    for address in (f"{OUTLINE}?module={number}", f"{OUTLINE}/parts/{here.part_id}/history?before={number}"):
        assert author.get(address).status_code in {200, 404}
    for address in (
        f"{OUTLINE}/modules/{number}",
        f"{OUTLINE}/parts/{number}/history",
        f"{OUTLINE}/revisions/{number}",
    ):
        assert author.get(address).status_code == 404
    late = author.post(f"{OUTLINE}/modules/{here.part_id}", {"_revision": number, "title": "Late"})
    assert late.status_code == 409


def test_segment_goes_down_and_up_by_its_buttons_and_the_page_says_where_it_stands(
    author: Visitor, part: Callable[[str], PartHere], session: Session
) -> None:
    first = part("module-1/segment-1")
    _move(author, first, "down")
    assert _order(session, DraftKind.SEGMENT) == ["segment-2", "segment-1"]
    assert "is now segment 2 of 2" in author.get(OUTLINE).text
    _move(author, first, "up")
    assert _order(session, DraftKind.SEGMENT) == ["segment-1", "segment-2"]
    _move(author, first, "up")  # first already: it stays
    assert _order(session, DraftKind.SEGMENT) == ["segment-1", "segment-2"]


def test_segment_moves_into_another_module_and_what_waits_for_it_follows(
    author: Visitor, system: Actor, acting: Actor, session: Session
) -> None:
    waiting = segment_draft(number=2, opens=OpeningDraft(("module-1/segment-1",)))
    publish(programme(module(segment_draft(), waiting), module(segment_draft(), number=2)), actor=system)
    take_up("leadership", actor=acting)
    moved = part_here("leadership", "module-1/segment-1", actor=acting)
    target = part_here("leadership", "module-2", actor=acting)
    page = author.get(f"{OUTLINE}/parts/{moved.part_id}/move")
    assert "Module 2" in page.text
    _move(author, moved, "into", target=target.part_id)
    assert moved.part_id
    now = part_here("leadership", moved.part_id, actor=acting)
    assert now.address == "module-2/segment-1-2"  # its name was taken there
    follower = part_here("leadership", "module-1/segment-2", actor=acting)
    assert isinstance(follower.draft, SegmentDraft)
    assert follower.draft.opens.after == ("module-2/segment-1-2",)


def test_dragging_puts_a_part_before_or_after_another(
    author: Visitor, part: Callable[[str], PartHere], session: Session
) -> None:
    first, second = part("module-1/segment-1"), part("module-1/segment-2")
    _move(author, second, "before", target=first.part_id)
    assert _order(session, DraftKind.SEGMENT) == ["segment-2", "segment-1"]
    _move(author, second, "after", target=first.part_id)
    assert _order(session, DraftKind.SEGMENT) == ["segment-1", "segment-2"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"to": "sideways"},
        {"to": "into"},
        {"to": "into", "target": "nine"},
        {"to": "into", "target": "9" * 30},
        {"to": "before", "target": "0"},
        {"to": "before", "target": "\x00"},
    ],
)
def test_move_to_nowhere_is_refused_and_changes_nothing(
    author: Visitor, part: Callable[[str], PartHere], session: Session, fields: dict[str, str]
) -> None:
    first = part("module-1/segment-1")
    answer = author.post(f"{OUTLINE}/parts/{first.part_id}/move", fields)
    assert answer.status_code in {404, 422}
    assert _order(session, DraftKind.SEGMENT) == ["segment-1", "segment-2"]


def test_removed_part_leaves_the_outline_and_comes_back_with_its_text(
    author: Visitor, part: Callable[[str], PartHere], published: ProgrammeId
) -> None:
    here = part("module-1/segment-1")
    assert author.post(f"{OUTLINE}/parts/{here.part_id}/remove").status_code == 303
    assert [one.slug for one in read_content(published).modules[0].segments] == ["segment-2"]
    assert "1 removed part" in author.get(OUTLINE).text
    assert author.post(f"{OUTLINE}/parts/{here.part_id}/restore").status_code == 303
    assert [one.slug for one in read_content(published).modules[0].segments] == ["segment-2", "segment-1"]


def test_new_module_and_segment_are_added_by_their_titles(
    author: Visitor, part: Callable[[str], PartHere], published: ProgrammeId
) -> None:
    answer = author.post(f"{OUTLINE}/modules", {"title": "Reflexión y práctica"})
    assert answer.status_code == 303
    found = re.search(r"/modules/(\d+)$", answer.location)
    assert found
    assert author.get(answer.location).status_code == 200
    answer = author.post(f"{OUTLINE}/modules/{found[1]}/segments", {"title": "起步"})
    assert answer.status_code == 303
    new = read_content(published).modules[1]
    assert (new.draft.slug, [one.slug for one in new.segments]) == ("reflexion-y-practica", ["segment"])


@pytest.mark.parametrize("title", ["", "   ", "\x00", "x" * 500])
def test_part_without_a_title_comes_back_with_a_sentence(
    author: Visitor, part: Callable[[str], PartHere], published: ProgrammeId, title: str
) -> None:
    here = part("module-1")
    for address in (f"{OUTLINE}/modules", f"{OUTLINE}/modules/{here.part_id}/segments"):
        answer = author.post(address, {"title": title})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    assert len(read_content(published).modules) == 1


def test_what_is_missing_stands_on_the_outline_with_a_link_to_its_field(
    author: Visitor, part: Callable[[str], PartHere]
) -> None:
    module_part = part("module-1").part_id
    page = author.get(OUTLINE).text
    assert "things missing" in page
    assert f"/modules/{module_part}#objectives" in page
    assert "field=objectives" in page


def test_core_of_another_programme_stays_as_it_is_and_can_be_added_to(
    author: Visitor, acting: Actor, module_form: Callable[..., dict[str, str]]
) -> None:
    whole = programme(module(segment_draft(core=True), core=True))
    shared = replace(whole, programme=replace(whole.programme, origin="state/leadership@1"))
    put_content(shared, actor=acting)
    core = part_here("leadership", "module-1", actor=acting)
    address = f"{OUTLINE}/parts/{core.part_id}"
    assert core.fixed
    assert author.post(f"{address}/remove").status_code == 409
    assert author.post(f"{address}/move", {"to": "down"}).status_code == 409
    author.post(f"{OUTLINE}/modules/{core.part_id}", module_form(core, title="Ours"))
    assert str(part_here("leadership", "module-1", actor=acting).draft.title) == "Core practice"
    with pytest.raises(CoreFixedError):
        save_here(
            core,
            replace(core.draft, title=core.draft.title.revised("Ours")),
            revision=core.revision,
            actor=acting,
        )
    added = author.post(f"{OUTLINE}/modules/{core.part_id}/segments", {"title": "Our county"})
    assert added.status_code == 303
    assert "Our county" in author.get(OUTLINE).text


def test_parts_of_another_institute_are_not_there(
    author: Visitor,
    part: Callable[[str], PartHere],
    make_institute: Callable[..., object],
    app: Flask,
) -> None:
    there = make_institute(slug="harbour")
    stranger = Actor(institute_id=there.id, person_id=None)  # type: ignore[attr-defined]
    publish(programme(slug="stewardship"), actor=stranger)
    theirs = part_here("stewardship", "module-1", actor=stranger).part_id
    own = part("module-1").part_id
    for address in (
        f"/author/programmes/stewardship/modules/{own}",
        f"{OUTLINE}/modules/{theirs}",
        f"{OUTLINE}/parts/{theirs}/history",
        f"{OUTLINE}/parts/{theirs}/move",
    ):
        assert author.get(address).status_code == 404
    for verb in ("move", "remove", "restore"):
        assert author.post(f"{OUTLINE}/parts/{theirs}/{verb}", {"to": "up"}).status_code == 404
    assert author.post(f"{OUTLINE}/modules/{theirs}", {"title": "Mine"}).status_code == 404
    assert author.post(f"{OUTLINE}/modules/{theirs}/segments", {"title": "Mine"}).status_code == 404
    assert (
        author.post(
            f"{OUTLINE}/parts/{part('module-1/segment-1').part_id}/move", {"to": "into", "target": theirs}
        ).status_code
        == 404
    )
