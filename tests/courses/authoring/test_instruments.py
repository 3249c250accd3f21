"""The instrument editor: scale, areas and statements are kept; answers stay with their statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from courses.authoring.instruments import check_area, fill_area, fill_instrument
from courses.authoring.sections import instrument_section
from courses.authoring.shelf import PartHere, part_here
from courses.catalogue.drafts import (
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    ScalePointDraft,
)
from courses.catalogue.models import PartId, Purpose
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.authoring.filled import changed, errors_of, form_of
from tests.programmes import english

INSTRUMENTS = "/author/instruments/leadership"
Part = Callable[[str], PartHere]


@pytest.fixture
def begun(author: Visitor, part: Part) -> str:
    """The address of an instrument that has a title and nothing else."""
    part("")
    answer = author.post(f"{INSTRUMENTS}/", {"title": "How I lead"})
    assert answer.status_code == 303
    return answer.location


def _draft(address: str, acting: Actor) -> InstrumentDraft:
    number = int(address.rstrip("/").rpartition("/")[2])
    return cast("InstrumentDraft", part_here("leadership", PartId(number), actor=acting).draft)


def test_list_is_useful_when_empty_and_a_new_one_needs_a_title(author: Visitor, part: Part) -> None:
    part("")
    assert "No instrument yet" in author.get(f"{INSTRUMENTS}/").text
    answer = author.post(f"{INSTRUMENTS}/", {"title": " "})
    assert answer.status_code == 422
    assert "title" in errors_of(answer.text)
    assert author.post(f"{INSTRUMENTS}/", {"title": "x" * 201}).status_code == 422


def test_scale_priorities_and_questions_are_kept(author: Visitor, begun: str, acting: Actor) -> None:
    shown = form_of(author.get(begun).text)
    assert [shown[f"scale-{number}-value"] for number in (1, 2, 3, 4)] == ["1", "2", "3", "4"]
    form = changed(
        shown,
        scale__1__label="Rarely",
        scale__2__label="Often",
        priorities="2",
        questions__1__text="Why?",
        intro="Be kind.",
    )
    assert author.post(begun, form).status_code == 303
    draft = _draft(begun, acting)
    assert [(one.value, str(one.label)) for one in draft.scale] == [(1, "Rarely"), (2, "Often")]
    assert (draft.priorities, [str(one) for one in draft.questions], str(draft.intro)) == (
        2,
        ["Why?"],
        "Be kind.",
    )
    again = author.post(begun, form_of(author.get(begun).text).to_dict(flat=False))
    assert again.status_code == 303
    assert _draft(begun, acting) == draft


def test_two_points_of_one_value_are_refused_beside_the_second(author: Visitor, begun: str) -> None:
    form = changed(
        form_of(author.get(begun).text),
        scale__1__label="Rarely",
        scale__2__label="Often",
        scale__2__value="1",
        priorities="many",
    )
    answer = author.post(begun, form)
    assert answer.status_code == 422
    assert {"scale-2-value", "priorities"} <= errors_of(answer.text)
    assert form_of(answer.text)["scale-2-label"] == "Often"


def test_areas_are_added_moved_and_removed(author: Visitor, begun: str, acting: Actor) -> None:
    for title in ("Direction", "Relations"):
        form = changed(
            form_of(author.get(f"{begun}areas/new").text),
            title=title,
            items__1__text=f"I think of {title}",
            items__2__text="I ask",
        )
        assert author.post(f"{begun}areas/new", form).status_code == 303
    areas = _draft(begun, acting).areas
    assert [(one.key, len(one.items)) for one in areas] == [("direction", 2), ("relations", 2)]
    keys = [item.key for one in areas for item in one.items]
    assert len(set(keys)) == 4
    assert author.post(f"{begun}areas/relations/move", {"way": "up"}).status_code == 303
    assert [one.key for one in _draft(begun, acting).areas] == ["relations", "direction"]
    assert author.post(f"{begun}areas/relations/move", {"way": "sideways"}).status_code == 404
    assert author.post(f"{begun}areas/relations/remove").status_code == 303
    assert author.get(f"{begun}areas/relations").status_code == 404
    assert author.get(f"{begun}areas").status_code == 200


def test_a_statement_keeps_its_answers_whatever_is_done_to_its_words_and_place() -> None:
    items = (
        ItemDraft("one", english("First")),
        ItemDraft("two", Localised.of({"en": "Second", "es": "Dos"})),
    )
    area = InstrumentAreaDraft("area", english("Area"), items)
    draft = InstrumentDraft("own", english("Own"), (ScalePointDraft(1, english("Yes")),), (area,))
    sheet = fill_area(area)
    rows = [dict(row) for row in sheet.rows["items"]]
    rows[0]["text"] = "Quite other words"
    rows = [{"text": "New", "key": "", "was": ""}, rows[1], rows[0]]
    made = check_area(type(sheet)(sheet.fields, sheet.many, {"items": tuple(rows)}), area, draft).draft
    assert made is not None
    assert [(one.key, str(one.text)) for one in made.items] == [
        ("new", "New"),
        ("two", "Second"),
        ("one", "Quite other words"),
    ]
    assert made.items[1].text == items[1].text


def test_an_instrument_sent_as_it_is_shown_is_the_same() -> None:
    draft = InstrumentDraft(
        "own",
        english("Own"),
        (ScalePointDraft(0, english("No")), ScalePointDraft(5, english("Yes"))),
        (),
        intro=english("Read."),
        priorities=3,
        questions=(english("Why?"), english("Why?")),
    )
    assert instrument_section(draft, fixed=False).check(fill_instrument(draft)).draft == draft


def test_an_instrument_of_another_institute_is_not_there(
    author: Visitor, begun: str, make_institute: Callable[..., Person],
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor],
) -> None:  # fmt: skip
    stranger = sign_in(make_person(institute_id=make_institute(slug="harbour").id), roles=[Role.AUTHOR])
    path = begun[begun.index("/author/") :]
    for address in (path, f"{path}areas", f"{path}areas/new"):
        assert author.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
    assert stranger.get(f"{INSTRUMENTS}/").status_code == 404
    assert stranger.post(path, {"title": "Mine"}).status_code == 404


def test_no_form_however_odd_breaks_an_instrument_s_pages(author: Visitor, begun: str, part: Part) -> None:
    segment = part("module-1/segment-1").part_id
    assert author.get(f"{INSTRUMENTS}/{segment}/").status_code == 404
    fields = ("title", "priorities", "scale-1-label", "scale-1-value", "questions-1-text", "_revision", "do")
    for value in ("\x00", "9" * 40, "-1"):
        assert author.post(begun, dict.fromkeys(fields, value)).status_code in {200, 303, 409, 422}
        area = {"title": value, "items-1-text": value}
        assert author.post(f"{begun}areas/new", area).status_code in {303, 409, 422}


def test_what_it_is_for_is_kept_and_only_a_self_assessment_puts_areas_in_order(
    author: Visitor, begun: str, acting: Actor
) -> None:
    form = changed(form_of(author.get(begun).text), purpose="reflection", priorities="2")
    answer = author.post(begun, form)
    assert answer.status_code == 422
    assert "priorities" in errors_of(answer.text)
    assert author.post(begun, form | {"priorities": [""]}).status_code == 303
    assert _draft(begun, acting).purpose is Purpose.REFLECTION
    refused = author.post(begun, changed(form_of(author.get(begun).text), purpose="revenge"))
    assert refused.status_code == 422
    assert "purpose" in errors_of(refused.text)


def test_a_new_instrument_says_what_it_is_for(author: Visitor, part: Part, acting: Actor) -> None:
    part("")
    answer = author.post(f"{INSTRUMENTS}/", {"title": "The year", "purpose": "evaluation"})
    assert _draft(answer.location, acting).purpose is Purpose.EVALUATION


def test_what_is_answered_in_rounds_is_offered_to_no_activity(author: Visitor, part: Part) -> None:
    part("")
    for title, purpose in (("Look at myself", "self_assessment"), ("Look back", "reflection")):
        author.post(f"{INSTRUMENTS}/", {"title": title, "purpose": purpose})
    segment = part("module-1/segment-1")
    page = author.get(f"/author/segments/leadership/{segment.part_id}/activities/new").text
    assert "Look at myself" in page
    assert "Look back" not in page
