"""Translating a rubric: text by text, beside those who write it, with what is out of date shown."""

from __future__ import annotations

import re

import pytest

from certificates.rubrics.models import RubricId
from institute.actors import Role
from tests.certificates.rubrics.conftest import AREA, KEY, MakeWriter, Writer, newest_version

TEXTS = "/translator/rubrics"


@pytest.fixture
def translator(make_writer: MakeWriter, published: RubricId) -> Writer:
    """Somebody who translates and writes nothing else."""
    return make_writer(name="Inés Prado", role=Role.TRANSLATOR)


def _fields(translator: Writer, locale: str = "es") -> dict[str, str]:
    text = translator.visitor.get(f"{TEXTS}/{KEY}/{locale}").text
    found = dict(re.findall(r'<input type="hidden" name="([a-z]+-\d+)" value="([^"]*)"', text))
    return found | dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', text, re.S))


def _number(fields: dict[str, str], path: str) -> str:
    return next(name.removeprefix("path-") for name, value in fields.items() if value == path)


def test_a_translator_fills_a_language_and_an_author_publishes_it(translator: Writer, writer: Writer) -> None:
    page = translator.visitor.get(f"{TEXTS}/").text
    assert "11 missing" in page  # three names of levels, two criteria of a title and three descriptors
    fields = _fields(translator)
    number = _number(fields, "criteria/criterion-1/title")
    answer = translator.visitor.post(f"{TEXTS}/{KEY}/es", fields | {f"text-{number}": "Criterio 1"})
    assert answer.status_code == 303
    assert writer.sketch().criteria[0].title.texts["es"] == "Criterio 1"
    assert newest_version(writer) == 1
    form = writer.fields(f"/{KEY}/publish") | {"known": "1"}
    assert writer.visitor.post(f"{AREA}/{KEY}/publish", form).status_code == 303
    assert newest_version(writer) == 2


def test_nothing_typed_begins_no_version(translator: Writer, writer: Writer) -> None:
    assert translator.visitor.post(f"{TEXTS}/{KEY}/es", _fields(translator)).status_code == 303
    assert writer.visitor.get(f"{AREA}/{KEY}/about").status_code == 404


def test_a_stale_translation_is_shown_and_may_be_ticked_as_right(translator: Writer, writer: Writer) -> None:
    writer.visitor.post(f"{AREA}/{KEY}/begin")
    assert writer.save(f"/{KEY}/about", title="Plan of a room") == 303
    assert "1 out of date" in writer.page(f"/{KEY}")
    fields = _fields(translator)
    assert "Out of date" in translator.visitor.get(f"{TEXTS}/{KEY}/es").text
    right = fields | {f"right-{_number(fields, 'title')}": "1"}
    assert translator.visitor.post(f"{TEXTS}/{KEY}/es", right).status_code == 303
    assert not writer.sketch().title.shown("es").stale


def test_of_two_translators_of_a_text_the_second_sees_both(translator: Writer, writer: Writer) -> None:
    old = _fields(translator)
    number = _number(old, "title")
    theirs = writer.visitor.post(f"{TEXTS}/{KEY}/es", old | {f"text-{number}": "De ellas"})
    assert theirs.status_code == 303
    late = translator.visitor.post(f"{TEXTS}/{KEY}/es", old | {f"text-{number}": "Mía"})
    assert late.status_code == 409
    assert "De ellas" in late.text
    assert "Mía" in late.text
    assert writer.sketch().title.texts["es"] == "De ellas"


def test_an_author_s_words_written_meanwhile_are_not_lost(translator: Writer, writer: Writer) -> None:
    writer.visitor.post(f"{AREA}/{KEY}/begin")
    fields = _fields(translator)
    writer.save(f"/{KEY}/about", title="Plan of a room")
    number = _number(fields, "levels/1")
    sent = translator.visitor.post(f"{TEXTS}/{KEY}/es", fields | {f"text-{number}": "Empieza\0"})
    assert sent.status_code == 303
    sketch = writer.sketch()
    assert sketch.title.texts["en"] == "Plan of a room"
    assert sketch.levels[0].name.texts["es"] == "Empieza"


def test_a_language_that_is_none_and_another_institute_s_rubric_are_not_there(
    translator: Writer, stranger: Writer
) -> None:
    for locale in ("en", "fr", "xx"):
        assert translator.visitor.get(f"{TEXTS}/{KEY}/{locale}").status_code == 404
        assert translator.visitor.post(f"{TEXTS}/{KEY}/{locale}").status_code == 404
    assert stranger.visitor.get(f"{TEXTS}/{KEY}/es").status_code == 404
    assert stranger.visitor.post(f"{TEXTS}/{KEY}/es", {"path-1": "title", "text-1": "x"}).status_code == 404
    assert "There is no rubric yet" in stranger.visitor.get(f"{TEXTS}/").text
