"""A core that its owners keep, and programmes that extend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from courses.authoring.extending import Origin, as_core, origin_of, received
from courses.authoring.saving import save
from courses.authoring.shelf import PartHere, part_here, read_content, take_up
from courses.authoring.weaving import in_order, woven
from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    ModuleContent,
    ProgrammeContent,
    ProgrammeDraft,
    ScalePointDraft,
    SegmentDraft,
)
from courses.catalogue.models import ActivityKind, ProgrammeId, Timing
from courses.catalogue.publishing import publish_version
from courses.catalogue.queries import newest_version
from courses.catalogue.reviving import content_of
from institute.actors import Actor, Role
from institute.errors import DomainError
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.authoring.conftest import OUTLINE
from tests.programmes import activity, english, module, programme, segment_draft

COUNTY = "/author/programmes/our-county"


def _state(*segments: SegmentDraft, **given: Any) -> ProgrammeContent:
    own = segments or (segment_draft(core=True), segment_draft(number=2))
    return programme(module(*own, core=True, **given))


@pytest.fixture
def state(system: Actor) -> None:
    """The state's programme: its module and first segment are core, the second segment is free."""
    publish_version(_state(), actor=system)


@pytest.fixture
def county(state: None, author: Visitor) -> Visitor:
    """An author's browser, with a programme that extends the state's."""
    answer = author.post(f"{OUTLINE}/core/extensions", {"title": "Our county"})
    assert (answer.status_code, answer.location.endswith(COUNTY)) == (303, True)
    return author


@pytest.fixture
def here(county: Visitor, acting: Actor) -> Callable[[str], PartHere]:
    """Return a part of the county's programme by its address, as it is now."""
    return lambda address: part_here("our-county", address, actor=acting)


def _content(actor: Actor) -> ProgrammeContent:
    return read_content(take_up("our-county", actor=actor))


def _segment(content: ProgrammeContent, slug: str) -> SegmentDraft:
    return next(one for module in content.modules for one in module.segments if one.slug == slug)


def test_extension_begins_as_the_newest_version_and_says_whose_core_it_extends(
    county: Visitor, acting: Actor
) -> None:
    content = _content(acting)
    assert content.programme.origin == "valley/leadership@1"
    assert [one.slug for one in content.modules[0].segments] == ["segment-1", "segment-2"]
    page = county.get(f"{COUNTY}/core").text
    assert "extends version 1" in page
    assert "Our county" in county.get(f"{OUTLINE}/core").text


def test_core_stays_as_it_is_while_what_is_free_and_what_is_local_changes(
    here: Callable[[str], PartHere], acting: Actor
) -> None:
    core, free = here("module-1/segment-1"), here("module-1/segment-2")
    assert (core.fixed, free.fixed) == (True, False)
    assert isinstance(core.draft, SegmentDraft)
    changed = replace(core.draft, title=english("Ours"))
    with pytest.raises(DomainError) as refused:
        save(core.part_id, changed, revision=core.revision, actor=acting)  # type: ignore[arg-type]
    assert refused.value.code == "CORE-FIXED"
    local = replace(
        core.draft,
        title=Localised.of({"en": str(core.draft.title), "es": "Nuestro"}),
        local_note=english("Ring the county office first."),
        activities=(*core.draft.activities, activity("visit", local=True)),
    )
    save(core.part_id, local, revision=core.revision, actor=acting)  # type: ignore[arg-type]
    kept = _segment(_content(acting), "segment-1")
    assert (kept.title.texts["es"], kept.activities[-1].key) == ("Nuestro", "visit")
    assert kept.local_note == english("Ring the county office first.")


def test_newer_core_is_shown_and_taken_over_with_everything_local_kept(
    county: Visitor, here: Callable[[str], PartHere], acting: Actor, system: Actor
) -> None:
    core, free = here("module-1/segment-1"), here("module-1/segment-2")
    assert isinstance(core.draft, SegmentDraft)
    assert isinstance(free.draft, SegmentDraft)
    local = replace(
        core.draft,
        content=Localised.of({"en": core.draft.content.texts["en"], "vi": "Bản dịch của quận"}),
        activities=(*core.draft.activities, activity("visit", local=True)),
    )
    save(core.part_id, local, revision=core.revision, actor=acting)  # type: ignore[arg-type]
    ours = replace(free.draft, title=english("The county's own"))
    save(free.part_id, ours, revision=free.revision, actor=acting)  # type: ignore[arg-type]
    assert "is out" not in county.get(f"{COUNTY}/core").text
    newer = segment_draft(
        core=True, content=english("Rewritten by the state."), activities=(activity("read"),)
    )
    publish_version(_state(newer, segment_draft(number=2), segment_draft(number=3, core=True)), actor=system)
    page = county.get(f"{COUNTY}/core").text
    assert "Version 2 of the core is out" in page
    assert "Rewritten by the state." in page
    answer = county.post(f"{COUNTY}/core/newest", {"number": "2"})
    assert answer.status_code == 303
    content = _content(acting)
    first = _segment(content, "segment-1")
    assert first.content.texts == {"en": "Rewritten by the state.", "vi": "Bản dịch của quận"}
    assert first.content.shown("vi").stale
    assert [one.key for one in first.activities] == ["read", "visit"]
    assert str(_segment(content, "segment-2").title) == "The county's own"
    assert _segment(content, "segment-3").core
    assert content.programme.origin == "valley/leadership@2"
    assert "is out" not in county.get(f"{COUNTY}/core").text


def _instrument(key: str, title: str = "Where I stand") -> InstrumentDraft:
    scale = tuple(ScalePointDraft(value, english(f"{value}")) for value in (1, 2))
    area = InstrumentAreaDraft("listening", english("Listening"), (ItemDraft("pause", english("I pause.")),))
    return InstrumentDraft(key, english(title), scale, (area,))


def test_instrument_of_a_core_segment_is_core_and_another_is_free(
    system: Actor, author: Visitor, acting: Actor
) -> None:
    assess = ActivityDraft(
        "assess", Timing.BEFORE, ActivityKind.ASSESSMENT, english("Assess"), instrument="habits"
    )
    state = _state(segment_draft(core=True, activities=(assess,)))
    publish_version(replace(state, instruments=(_instrument("habits"), _instrument("spare"))), actor=system)
    assert author.post(f"{OUTLINE}/core/extensions", {"title": "Our county"}).status_code == 303
    core = part_here("our-county", "instrument:habits", actor=acting)
    free = part_here("our-county", "instrument:spare", actor=acting)
    assert (core.fixed, free.fixed) == (True, False)
    page = author.get(f"/author/instruments/our-county/{core.part_id}/")
    assert (page.status_code, "readonly" in page.text) == (200, True)
    with pytest.raises(DomainError) as refused:
        save(core.part_id, _instrument("habits", "Ours"), revision=core.revision, actor=acting)  # type: ignore[arg-type]
    assert refused.value.code == "CORE-FIXED"
    save(free.part_id, _instrument("spare", "Ours"), revision=free.revision, actor=acting)  # type: ignore[arg-type]
    newer = (_instrument("habits", "Newer"), _instrument("spare", "Newer"))
    publish_version(replace(state, instruments=newer), actor=system)
    assert author.post(f"{COUNTY}/core/newest", {"number": "2"}).status_code == 303
    titles = {one.key: str(one.title) for one in _content(acting).instruments}
    assert titles == {"habits": "Newer", "spare": "Ours"}


def test_newer_core_is_taken_over_only_as_it_was_seen(county: Visitor, system: Actor) -> None:
    assert county.post(f"{COUNTY}/core/newest", {"number": "1"}).status_code == 409
    for text in ("Second.", "Third."):
        publish_version(_state(segment_draft(core=True, content=english(text))), actor=system)
    answer = county.post(f"{COUNTY}/core/newest", {"number": "2"})
    assert (answer.status_code, "Version 3" in answer.text) == (409, True)
    for odd in ("", "x", "9" * 40, "-1"):
        assert county.post(f"{COUNTY}/core/newest", {"number": odd}).status_code == 409


@pytest.mark.parametrize("title", ["", "  ", "x" * 5000])
def test_extension_needs_a_title_and_what_was_typed_stays(author: Visitor, state: None, title: str) -> None:
    answer = author.post(f"{OUTLINE}/core/extensions", {"title": title})
    assert answer.status_code == 422
    assert title.strip() in answer.text


def test_programme_of_another_institute_has_no_core_here(
    county: Visitor,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Any,
) -> None:
    far = make_institute(slug="harbour")
    stranger = sign_in(make_person(institute_id=far.id), roles=[Role.AUTHOR])
    assert stranger.get(f"{COUNTY}/core").status_code == 404
    assert stranger.post(f"{COUNTY}/core/newest", {"number": "2"}).status_code == 404
    assert stranger.post(f"{OUTLINE}/core/extensions", {"title": "Theirs"}).status_code == 404


def test_core_that_comes_from_elsewhere_is_woven_into_what_extends_it(
    published: ProgrammeId, acting: Actor
) -> None:
    first = as_core(_state(), institute="state", number=4)
    other = content_of(newest_version(acting.institute_id, "leadership"))
    assert received(first, other) == first  # another programme has the name
    own = replace(first.modules[0], segments=(*first.modules[0].segments, segment_draft(number=9)))
    publish_version(replace(first, modules=(own,)), actor=acting)
    second = as_core(_state(segment_draft(core=True, content=english("Newer."))), institute="state", number=5)
    got = received(second, content_of(newest_version(acting.institute_id, "leadership")))
    assert [one.slug for one in got.modules[0].segments] == ["segment-1", "segment-2", "segment-9"]
    assert str(got.modules[0].segments[0].content) == "Newer."
    assert origin_of(got.programme) == Origin("state", "leadership", 5)


def test_module_that_the_core_gave_up_goes_unless_something_local_stands_in_it() -> None:
    core = ModuleContent(module(core=True, number=2).draft, (segment_draft(core=True),))
    local = ModuleContent(
        module(core=True, number=3).draft, (segment_draft(core=True), segment_draft(number=2))
    )
    before = replace(_state(), modules=(*_state().modules, core, local))
    after = woven(_state(), before, before)
    assert [one.draft.slug for one in after.modules] == ["module-1", "module-3"]
    assert not after.modules[1].draft.core
    assert [one.slug for one in after.modules[1].segments] == ["segment-2"]


def test_what_was_taken_out_of_an_extension_does_not_come_back() -> None:
    before = _state()
    without = replace(before, modules=(replace(before.modules[0], segments=before.modules[0].segments[:1]),))
    assert [one.slug for one in woven(before, without, before).modules[0].segments] == ["segment-1"]


def test_weaving_the_same_core_again_changes_nothing() -> None:
    core = as_core(_state(), institute="valley", number=1)
    assert woven(core, core, core) == core
    assert woven(core, core) == core


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("abc", "abc", "abc"),
        ("abc", "axbc", "axbc"),
        ("cab", "axbyc", "caxby"),
        ("ab", "xab", "xab"),
        ("", "xy", "xy"),
    ],
)
def test_local_parts_stay_behind_those_that_they_stood_behind(first: str, second: str, together: str) -> None:
    assert "".join(in_order(list(first), list(second))) == together


@pytest.mark.parametrize(
    "odd", ["x", "a/b", "a@1", "a/b@", "a/b@x", "A/b@1", "a/b/c@1", "a/b@" + "9" * 40, "/@1"]
)
def test_origin_that_cannot_be_told_is_none(odd: str) -> None:
    assert origin_of(ProgrammeDraft("leadership", english("x"), origin=odd)) is None
