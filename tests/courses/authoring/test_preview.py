"""The preview: a draft on its readers' own pages, in each language, and nothing there counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.authoring.saving import Saved, save
from courses.authoring.shelf import PartHere, add_part
from courses.catalogue.drafts import (
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    ScalePointDraft,
    SegmentDraft,
)
from courses.catalogue.models import ActivityKind
from courses.cohorts.models import ActivityCompletion
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor
from tests.programmes import english

Part = Callable[[str], PartHere]
PREVIEW = "/author/preview/leadership"
SEGMENT = f"{PREVIEW}/module-1/segment-1"
SCRIPT = ("Open with a welcome.", "Do not assess today", "What made it possible?", "Ask what was useful.")


@pytest.fixture
def instrument(part: Part, acting: Actor) -> PartHere:
    """An instrument that the activity "rank" uses."""
    draft = InstrumentDraft(
        "leading",
        english("How I lead"),
        (ScalePointDraft(1, english("Rarely")), ScalePointDraft(2, english("Often"))),
        (
            InstrumentAreaDraft(
                "direction", english("Direction"), (ItemDraft("i1", english("I set a goal")),)
            ),
        ),
    )
    made = add_part("leadership", draft, actor=acting)
    segment = _segment(part)
    activities = (
        replace(one, kind=ActivityKind.ASSESSMENT, instrument="leading") if one.key == "rank" else one
        for one in segment.activities
    )
    _keep(part, acting, replace(segment, activities=tuple(activities)))
    return made


def _segment(part: Part) -> SegmentDraft:
    return cast("SegmentDraft", part("module-1/segment-1").draft)


def _keep(part: Part, acting: Actor, draft: SegmentDraft) -> None:
    here = part("module-1/segment-1")
    assert here.part_id is not None
    assert isinstance(save(here.part_id, draft, revision=here.revision, actor=acting), Saved)


def test_participants_page_shows_the_draft_and_never_the_script(
    author: Visitor, part: Part, acting: Actor
) -> None:
    _keep(part, acting, replace(_segment(part), title=english("Not published yet")))
    page = author.get(SEGMENT)
    assert page.status_code == 200
    assert "Preview of the draft" in page.text
    assert "Not published yet" in page.text
    assert "Do read" in page.text
    assert [line for line in SCRIPT if line in page.text] == []


def test_coach_guide_shows_the_script_and_the_other_guides_do_not(author: Visitor, part: Part) -> None:
    part("module-1/segment-1")
    coach = author.get(f"{SEGMENT}?who=coach").text
    assert [line for line in SCRIPT if line not in coach] == []
    for who in ("guide", "quick"):
        page = author.get(f"{SEGMENT}?who={who}")
        assert page.status_code == 200
        assert [line for line in SCRIPT if line in page.text] == []


def test_page_is_in_the_language_looked_at_and_its_bar_in_the_author_s(
    author: Visitor, part: Part, acting: Actor
) -> None:
    title = Localised.of({"en": "Listening", "ar": "الإصغاء"})
    _keep(part, acting, replace(_segment(part), title=title))
    for who in ("participant", "guide", "coach"):
        page = author.get(f"{SEGMENT}?who={who}&language=ar").text
        assert '<html lang="ar" dir="rtl"' in page
        assert "الإصغاء" in page
        bar = re.search(r'<nav class="ci-preview".*?</nav>', page, re.DOTALL)
        assert bar is not None
        assert 'lang="en" dir="ltr"' in bar[0]
        assert "Back to writing" in bar[0]
    assert '<html lang="en"' in author.get(f"{SEGMENT}?language=xx").text


@pytest.mark.usefixtures("instrument")
def test_links_of_a_preview_stay_in_it_with_its_reader_and_language(author: Visitor) -> None:
    for page in (SEGMENT, f"{PREVIEW}/module-1", f"{SEGMENT}/materials/sheet"):
        text = author.get(f"{page}?who=participant&language=es").text
        bar = re.search(r'<nav class="ci-preview.*?</nav>', text, re.DOTALL)
        assert bar is not None
        main = text[text.index("<main") :].replace(bar[0], "")
        inner = re.findall(r'(?:href|action)="(/[^"#]*)', main)
        assert inner
        for address in inner:
            assert "/author/preview/leadership" in address, address
            assert "language=es" in address
            assert author.get(address).status_code in {200, 405}, address


def test_nothing_is_ticked_off_in_a_preview(author: Visitor, part: Part, session: Session) -> None:
    part("module-1")
    answer = author.post(f"{SEGMENT}/steps/read", {"done": "1"})
    assert answer.status_code == 303
    assert "nothing is ticked off" in author.get(answer.location).text
    assert session.scalar(select(func.count()).select_from(ActivityCompletion)) == 0
    assert author.post(f"{SEGMENT}/steps/nothing", {"done": "1"}).status_code == 404
    ticked = author.post(f"{SEGMENT}/steps/read", {"done": "1"}, headers={"X-Requested-With": "fetch"})
    assert ticked.status_code == 409


def test_an_instrument_is_shown_by_itself_and_where_it_is_used(author: Visitor, instrument: PartHere) -> None:
    for address in (f"{PREVIEW}/-/{instrument.part_id}", f"{SEGMENT}/activities/rank"):
        page = author.get(address)
        assert page.status_code == 200
        assert "I set a goal" in page.text
        assert "Rarely" in page.text


def test_what_is_not_there_has_no_preview(
    author: Visitor, part: Part, make_institute: Callable[..., Person], make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:  # fmt: skip
    here = part("module-1")
    stranger = sign_in(make_person(institute_id=make_institute(slug="harbour").id), roles=[Role.AUTHOR])
    addresses = ["/", "/module-1", "/module-1/segment-1", "/module-1/segment-1/materials/sheet"]
    for path in addresses:
        assert author.get(f"{PREVIEW}{path}").status_code == 200
        assert stranger.get(f"{PREVIEW}{path}").status_code == 404
    for path in (
        "/module-7",
        "/module-1/segment-7",
        "/module-1/segment-1/materials/x",
        "/module-1/segment-1/activities/x",
    ):
        assert author.get(f"{PREVIEW}{path}").status_code == 404
    assert author.get(f"{PREVIEW}/-/{here.part_id}").status_code == 404
    assert author.get(f"{SEGMENT}?who=\x00&language=\x00").status_code == 200


def test_an_empty_segment_and_module_are_looked_at_too(author: Visitor, part: Part) -> None:
    outline = "/author/programmes/leadership"
    assert author.post(f"{outline}/modules", {"title": "New"}).status_code == 303
    made = part("new")
    assert author.post(f"{outline}/modules/{made.part_id}/segments", {"title": "Empty"}).status_code == 303
    for who in ("participant", "guide", "coach", "quick"):
        assert author.get(f"{PREVIEW}/new?who={who}").status_code == 200
        assert author.get(f"{PREVIEW}/new/empty?who={who}").status_code == 200
