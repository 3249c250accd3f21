"""What is missing in a programme, what a core leaves open, and what differs between two texts: pure rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.authoring.comparing import Fate, changes_between
from courses.authoring.locking import locked_changes
from courses.authoring.missing import Gap, Lack, gaps_of, lacks_of
from courses.catalogue.addresses import PartDraft
from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentDraft,
    MaterialDraft,
    MinuteRange,
    ObjectiveDraft,
    ProgrammeDraft,
    SegmentDraft,
    SessionDraft,
)
from courses.catalogue.models import ActivityKind, MaterialKind, ObjectiveKind, Timing
from institute.i18n import Localised
from tests.programmes import english, module, programme, segment_draft

OBJECTIVE = (ObjectiveDraft(ObjectiveKind.SKILL, english("Ask before telling")),)


def _whole(**given: object) -> SegmentDraft:
    """Return a segment in which nothing is missing."""
    return replace(segment_draft(objectives=OBJECTIVE), **given)  # type: ignore[arg-type]


def _activity(kind: ActivityKind, **given: str) -> ActivityDraft:
    return ActivityDraft("one", Timing.BEFORE, kind, english("Do it"), **given)  # type: ignore[arg-type]


def test_nothing_is_missing_in_a_whole_segment() -> None:
    assert lacks_of(_whole()) == []


@pytest.mark.parametrize(
    ("draft", "path", "what"),
    [
        (_whole(objectives=()), "objectives", Lack.OBJECTIVE),
        (_whole(content=Localised({"en": " \n"})), "content", Lack.CONTENT),
        (
            _whole(session=SessionDraft(1, MinuteRange(30, 45))),
            "session/questions",
            Lack.QUESTION,
        ),
        (
            _whole(activities=(_activity(ActivityKind.REFLECTION),)),
            "activities/one/prompt",
            Lack.PROMPT,
        ),
        (
            _whole(activities=(_activity(ActivityKind.ASSESSMENT),)),
            "activities/one/instrument",
            Lack.INSTRUMENT,
        ),
        (
            _whole(activities=(_activity(ActivityKind.DOCUMENT),)),
            "activities/one/material",
            Lack.MATERIAL,
        ),
        (
            _whole(session=None, activities=(_activity(ActivityKind.ATTEND),)),
            "activities/one/kind",
            Lack.SESSION,
        ),
        (
            _whole(materials=(MaterialDraft("sheet", MaterialKind.DOCUMENT, english("Sheet")),)),
            "materials/sheet",
            Lack.BODY,
        ),
        (_whole(content=english("See ![ ](resource:photo)")), "content", Lack.IMAGE_TEXT),
        (InstrumentDraft("i", english("I"), (), ()), "scale", Lack.SCALE),
    ],
)
def test_what_a_part_lacks_is_said_at_its_field(draft: PartDraft, path: str, what: Lack) -> None:
    assert (path, what) in lacks_of(draft)


def test_hours_of_the_first_guide_add_up_and_others_do_not() -> None:
    """Reading up to 1 h and 1 to 2 h make 1 to 3 h; coaching up to 1 h and 1 h make up to 2 h."""
    first = _whole(reading=MinuteRange(0, 60), coaching=MinuteRange(0, 60))
    second = _whole(number=2, slug="segment-2", reading=MinuteRange(60, 120), coaching=MinuteRange(60, 60))

    def wrong(reading: MinuteRange, coaching: MinuteRange) -> set[Lack]:
        found = gaps_of(programme(module(first, second, reading=reading, coaching=coaching)), ["en"])
        return {gap.what for gap in found} & {Lack.READING_SUM, Lack.COACHING_SUM}

    assert wrong(MinuteRange(60, 180), MinuteRange(0, 120)) == set()
    assert wrong(MinuteRange(60, 120), MinuteRange(0, 120)) == {Lack.READING_SUM}
    assert wrong(MinuteRange(60, 180), MinuteRange(0, 90)) == {Lack.COACHING_SUM}


def test_programme_without_modules_and_module_without_segments_say_so() -> None:
    assert Gap("module-1", "", Lack.SEGMENT) in gaps_of(programme(module()), ["en"])
    empty = replace(programme(), modules=())
    assert Gap("", "", Lack.MODULE) in gaps_of(empty, ["en"])


def test_missing_and_stale_translations_are_told_by_language() -> None:
    title = Localised.of({"en": "Old", "es": "Viejo"}).revised("New")
    whole = replace(programme(module()), programme=ProgrammeDraft("leadership", title))
    gaps = [gap for gap in gaps_of(whole, ["en", "es", "vi"]) if not gap.address]
    assert gaps == [
        Gap("", "title", Lack.FRESH_TRANSLATION, "es"),
        Gap("", "title", Lack.TRANSLATION, "vi"),
    ]


def test_core_leaves_translations_notes_and_local_additions_open_and_nothing_else() -> None:
    before = _whole(core=True)
    local = replace(_activity(ActivityKind.PRACTICE), key="ours", local=True)
    sheet = MaterialDraft("ours", MaterialKind.LINK, english("Ours"), url="https://a.example", local=True)
    spanish = Localised.of({**before.title.texts, "es": "Segmento"})
    allowed = replace(
        before,
        title=spanish,
        local_note=english("Our county"),
        activities=(*before.activities, local),
        materials=(*before.materials, sheet),
    )
    assert locked_changes(before, allowed) == []
    for path, changed in {
        "title": replace(before, title=before.title.revised("Another")),
        "reading/most": replace(before, reading=MinuteRange(0, 90)),
        "core": replace(before, core=False),
        "activities/read/title": replace(before, activities=before.activities[1:]),
        "objectives/1/kind": replace(before, objectives=()),
    }.items():
        assert path in locked_changes(before, changed)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_pieces_of_a_change_give_both_texts_back(before: str, after: str) -> None:
    old = ProgrammeDraft("a", Localised({"en": before}))
    new = ProgrammeDraft("a", Localised({"en": after}))
    changes = changes_between(old, new)
    assert bool(changes) == (before != after)
    for change in changes:
        kept = [piece.text for piece in change.pieces if piece.fate is not Fate.NEW]
        made = [piece.text for piece in change.pieces if piece.fate is not Fate.GONE]
        assert "\n".join(kept).splitlines() == "\n".join(before.splitlines()).splitlines()
        assert "\n".join(made).splitlines() == "\n".join(after.splitlines()).splitlines()


def test_very_long_texts_are_compared_without_being_matched_line_by_line() -> None:
    old = ProgrammeDraft("a", Localised({"en": "a\n" * 100_000}))
    new = ProgrammeDraft("a", Localised({"en": "b\n" * 100_000}))
    (change,) = changes_between(old, new)
    assert [piece.fate for piece in change.pieces] == [Fate.GONE, Fate.NEW]
