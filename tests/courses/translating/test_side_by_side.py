"""Translating side by side: what is missing, what is stale, and two translators at one text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from courses.authoring.models import DraftRevision, Outcome
from courses.authoring.shelf import PartHere
from institute.actors import Actor
from tests.browsing import Visitor
from tests.courses.translating.conftest import TEXTS, content
from tests.programmes import module, programme, publish, segment_draft

Here = Callable[..., PartHere]
Rewrite = Callable[[str], None]


def _form(page: str) -> dict[str, str]:
    """Return the fields of a page's form as a browser would send them."""
    found = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        if not name.startswith("_") or name == "_revision"
    }
    texts = re.findall(r'<textarea[^>]* name="(text-\d+)"[^>]*>\n(.*?)</textarea>', page, flags=re.DOTALL)
    return found | {name: unescape(text) for name, text in texts}


def _field(form: dict[str, str], path: str) -> str:
    return next(name.removeprefix("path-") for name, value in form.items() if value == path)


def _open(visitor: Visitor, part: PartHere, locale: str = "es") -> tuple[str, dict[str, str]]:
    address = f"{TEXTS}/{locale}/{part.part_id or 0}"
    page = visitor.get(address)
    assert page.status_code == 200
    return address, _form(page.text)


def _translate(visitor: Visitor, part: PartHere, text: str, **more: str) -> int:
    address, form = _open(visitor, part)
    number = _field(form, "content")
    return visitor.post(address, {**form, f"text-{number}": text, "do": "stay", **more}).status_code


def test_everything_is_open_at_first_and_less_after_each_translation(translator: Visitor, here: Here) -> None:
    front = translator.get("/translator/texts/").text
    assert "Spanish" in front
    page = translator.get(f"{TEXTS}/es/").text
    before = int(re.findall(r"(\d+) texts are open", page)[0])
    assert _translate(translator, here(), "Un modelo vive en lo que se hace.") == 303
    page = translator.get(f"{TEXTS}/es/").text
    assert int(re.findall(r"(\d+) texts are open", page)[0]) == before - 1
    assert content(here()).texts["es"] == "Un modelo vive en lo que se hace."


def test_saving_leads_on_to_the_next_part_with_something_open(translator: Visitor, here: Here) -> None:
    first, second = here(), here("module-1/segment-2")
    address, form = _open(translator, first)
    answer = translator.post(address, {**form, "do": "next"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"{TEXTS}/es/{second.part_id}")


def test_changed_text_makes_its_translation_stale_shows_what_it_was_made_from_and_takes_still_right(
    translator: Visitor, here: Here, rewrite: Rewrite
) -> None:
    _translate(translator, here(), "Un modelo vive en lo que se hace.")
    rewrite("A practice model lives in what leaders do every day.")
    assert content(here()).shown("es").stale
    address, form = _open(translator, here())
    page = translator.get(address).text
    assert "1 out of date" in page
    assert "A practice model lives in what leaders do." in page
    number = _field(form, "content")
    assert translator.post(address, {**form, f"right-{number}": "1"}).status_code == 303
    assert not content(here()).shown("es").stale
    assert content(here()).texts["es"] == "Un modelo vive en lo que se hace."


def test_translation_typed_while_the_author_rewrote_is_kept_and_stale(
    translator: Visitor, here: Here, rewrite: Rewrite
) -> None:
    address, form = _open(translator, here())
    rewrite("Rewritten meanwhile.")
    number = _field(form, "content")
    assert translator.post(address, {**form, f"text-{number}": "Del texto anterior."}).status_code == 303
    kept = content(here())
    assert (kept.texts["es"], kept.texts["en"]) == ("Del texto anterior.", "Rewritten meanwhile.")
    assert kept.shown("es").stale


def test_two_translators_of_one_text_see_both_texts_and_both_are_in_the_history(
    translator: Visitor, second: Visitor, here: Here, session: Session
) -> None:
    address, form = _open(second, here())
    title, text = _field(form, "title"), _field(form, "content")
    assert _translate(translator, here(), "El primero.") == 303
    sent = {**form, f"text-{text}": "El segundo.", f"text-{title}": "Título"}
    answer = second.post(address, sent)
    assert answer.status_code == 409
    assert "El primero." in answer.text
    assert "El segundo." in answer.text
    assert content(here()).texts["es"] == "El primero."
    assert here().draft.title.texts["es"] == "Título"  # what nobody else touched is kept
    revisions = session.scalars(select(DraftRevision).options(undefer(DraftRevision.document))).all()
    clashed = [one.document["content"]["texts"] for one in revisions if one.outcome is Outcome.CLASHED]
    assert [texts["es"] for texts in clashed] == ["El segundo."]
    again = {**_form(answer.text), "do": "stay"}
    assert second.post(address, again).status_code == 303
    assert content(here()).texts["es"] == "El segundo."


def test_emptied_translation_is_missing_again(translator: Visitor, here: Here) -> None:
    _translate(translator, here(), "Algo.")
    assert _translate(translator, here(), "  ") == 303
    assert "es" not in content(here()).texts
    assert "es" not in content(here()).origins


def test_form_without_a_change_changes_nothing(translator: Visitor, here: Here) -> None:
    revision = here().revision
    address, form = _open(translator, here())
    answer = translator.post(address, form)
    assert (answer.status_code, here().revision) == (303, revision)


@pytest.mark.parametrize("locale", ["en", "fr", "xx", "zh-Hant", "a" * 200, "%00"])
def test_language_that_the_institute_does_not_translate_into_is_not_there(
    translator: Visitor, here: Here, locale: str
) -> None:
    for path in (f"{TEXTS}/{locale}/", f"{TEXTS}/{locale}/{here().part_id}", f"{TEXTS}/{locale}/po"):
        assert translator.get(path).status_code == 404
    assert translator.post(f"{TEXTS}/{locale}/{here().part_id}", {"text-1": "x"}).status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        {"text-1": "x", "path-1": "nothing/of/this"},
        {"text-1": "x" * 300_000, "path-1": "content"},
        {"text-1": "a\x00b\ud800", "path-1": "title"},
        {"text-99999999": "x", "path-99999999": "title"},
        {"text-1": "x"},
        {"path-1": "title"},
        {"_revision": "9" * 60, "text-1": "x", "path-1": "title", "seen-1": "other"},
    ],
)
def test_odd_forms_are_no_error_of_ours(translator: Visitor, here: Here, odd: dict[str, str]) -> None:
    data = {name: value.encode("utf-8", "replace").decode() for name, value in odd.items()}
    answer = translator.post(f"{TEXTS}/es/{here().part_id}", data)
    assert answer.status_code in {303, 409, 422}


def test_right_to_left_text_is_written_from_the_right(translator: Visitor, here: Here) -> None:
    page = translator.get(f"{TEXTS}/ar/{here().part_id}").text
    assert re.search(r'<textarea[^>]* lang="ar" dir="rtl"', page)


def test_large_programme_shows_the_segments_of_one_module_and_counts_those_of_the_others(
    translator: Visitor, system: Actor
) -> None:
    modules = (
        module(*(segment_draft(number=place, slug=f"part-{place}") for place in range(1, 11)), number=number)
        for number in range(1, 12)
    )
    publish(programme(*modules, slug="large"), actor=system)
    page = translator.get("/translator/texts/large/vi/").text
    assert page.count("Segment about") == 10
    links = re.findall(r'href="([^"]*large/vi/\?module=\d+)"', page)
    assert len(links) == 10
    other = translator.get(links[-1].partition("/translator")[1] + links[-1].partition("/translator")[2]).text
    assert other.count("Segment about") == 10
    assert translator.get("/translator/texts/large/vi/?module=999999999999999999999").status_code == 200
