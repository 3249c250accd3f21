"""Finding things in the picker without scripts: by GET, and what is chosen stays chosen."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from lti.deep_linking.choosing import code_of
from tests.lti.acting import Course
from tests.lti.deep_linking.conftest import EVIDENCE, HOURS, MODULE, SEGMENT, Picking, rename_module

Ask = Callable[..., Picking]


def look(picking: Picking, *fields: tuple[str, str]) -> Picking:
    """Search, as the form does without scripts."""
    page = picking.browser.get(f"{picking.path}?{urlencode(fields)}")
    assert page.status_code == 200
    return Picking(picking.browser, page)


def test_everything_stands_in_the_order_of_the_programme(ask: Ask, scored_task: str) -> None:
    assert ask().shown == [
        "Programme home",
        "All modules of Leadership",
        "Module 1: Listening",
        "1.1 Ears",
        "All evidence",
        "Task: Leadership plan",
        "Coaching log",
        "What is missing for the next level",
        "Certificates",
    ]


def test_words_are_found_whatever_their_case_and_accents(ask: Ask) -> None:
    assert look(ask(), ("q", "  LÍSTENING  module")).shown == ["Module 1: Listening"]


def test_bars_through_letters_need_not_be_typed(course: Course, ask: Ask) -> None:
    rename_module("Huấn luyện Lãnh đạo")
    assert look(ask(), ("q", "lanh dao")).shown == ["Module 1: Huấn luyện Lãnh đạo"]
    assert look(ask(), ("q", "LÃNH ĐẠO")).shown == ["Module 1: Huấn luyện Lãnh đạo"]


def test_module_stands_above_the_segment_that_is_found(ask: Ask) -> None:
    assert look(ask(), ("q", "ears")).shown == ["Module 1: Listening", "1.1 Ears"]


def test_list_is_narrowed_down_to_a_kind(ask: Ask, scored_task: str) -> None:
    picking = ask()
    assert look(picking, ("_kind", "segment")).shown == ["1.1 Ears"]
    assert look(picking, ("_kind", "evidence")).shown == ["Task: Leadership plan"]
    assert "Coaching log" in look(picking, ("_kind", "others")).shown
    assert len(look(picking, ("_kind", "nonsense")).shown) == len(picking.shown)


def test_what_is_chosen_stays_chosen_where_it_is_not_shown(ask: Ask) -> None:
    found = look(
        ask(),
        ("q", "ears"),
        ("_i", code_of(HOURS)),
        ("_i", code_of(SEGMENT)),
        ("_g", f"{code_of(HOURS)}.hours"),
        ("due", "2026-12-01"),
        ("_where", "window"),
    )
    text = found.page.text
    for target in (HOURS, SEGMENT):
        assert f'value="{code_of(target)}" checked' in text
    assert f'value="{code_of(HOURS)}.hours" selected' in text
    assert "2 items" in text
    assert "1 gradebook column" in text
    assert "1 not shown here" in text
    assert "Add 2 items" in text
    assert 'value="2026-12-01"' in text
    assert 'value="window" checked' in text


def test_all_that_is_shown_can_be_chosen_at_once(ask: Ask, scored_task: str) -> None:
    found = look(ask(), ("_kind", "evidence"), ("_i", code_of(MODULE)), ("every", "1"))
    assert f'value="{code_of(EVIDENCE)}" checked' in found.page.text
    assert f'value="{code_of(MODULE)}" checked' in found.page.text
    assert "2 items" in found.page.text


def test_nothing_found_says_what_to_do(ask: Ask) -> None:
    found = look(ask(), ("q", "zebra"))
    assert found.shown == []
    assert 'id="none-found">' in found.page.text


def test_no_address_holds_the_token_of_the_forms(course: Course, ask: Ask) -> None:
    page = ask().page.text.partition('id="picker"')[2]
    assert 'type="hidden"' not in page
    assert page.count('name="_token"') == page.count('formmethod="post"') == 3
