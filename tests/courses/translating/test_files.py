"""PO files: out, back, twice, from an older text, and what is no PO file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.authoring.shelf import PartHere
from courses.catalogue.drafts import ProgrammeDraft
from courses.translating.portable import applicable, read_texts, write_texts
from courses.translating.texts import lines_of, translated
from institute.i18n import Localised
from tests.browsing import Visitor
from tests.courses.translating.conftest import TEXTS, content

Here = Callable[..., PartHere]
Rewrite = Callable[[str], None]
CONTENT = "module-1/segment-1#content"


def _taken_out(visitor: Visitor) -> Catalog:
    answer = visitor.get(f"{TEXTS}/es/po")
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (
        200,
        'attachment; filename="leadership.es.po"',
    )
    return read_po(BytesIO(answer.data))


def _written(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue)
    return out.getvalue()


def _back(visitor: Visitor, data: bytes, locale: str = "es") -> tuple[int, str]:
    answer = visitor.post(f"{TEXTS}/{locale}/po", {"file": (BytesIO(data), "texts.po")})
    return answer.status_code, answer.text


def _translated(catalogue: Catalog) -> bytes:
    for message in catalogue:
        if message.id:
            message.string = f"ES {message.id}"
    return _written(catalogue)


def test_programme_goes_out_and_comes_back_and_a_second_time_changes_nothing(
    translator: Visitor, here: Here
) -> None:
    data = _translated(_taken_out(translator))
    status, page = _back(translator, data)
    assert status == 200
    assert "Everything is translated." in page
    assert content(here()).texts["es"] == "ES A practice model lives in what leaders do."
    assert not content(here()).shown("es").stale
    revision = here().revision
    status, page = _back(translator, data)
    assert (status, "The file held nothing new." in page, here().revision) == (200, True, revision)


def test_a_file_names_its_programme_and_language_and_no_example_of_a_name_or_address(
    translator: Visitor,
) -> None:
    heading = translator.get(f"{TEXTS}/es/po").text.split("\n\n", 1)[0]
    assert heading.startswith("# leadership: es\n")
    assert '"Language: es\\n"' in heading
    for example in ("ORGANIZATION", "EMAIL", "FULL NAME", "VERSION\\n", "YEAR-MO"):
        assert example not in heading


def test_translation_of_an_older_text_comes_in_stale_and_never_in_place_of_a_fresh_one(
    translator: Visitor, here: Here, rewrite: Rewrite
) -> None:
    old = _translated(_taken_out(translator))
    rewrite("Another text.")
    _back(translator, old)
    assert content(here()).shown("es").stale
    out = _taken_out(translator)
    assert out.get("Another text.", context=CONTENT).fuzzy  # type: ignore[union-attr]
    message = out.get("Another text.", context=CONTENT)
    assert message is not None
    message.string = "Otro texto."
    message.flags.discard("fuzzy")
    _back(translator, _written(out))
    assert (content(here()).texts["es"], content(here()).shown("es").stale) == ("Otro texto.", False)
    status, page = _back(translator, old)
    assert (status, content(here()).texts["es"]) == (200, "Otro texto.")
    assert "because there is a fresher one" in page


def test_unfinished_entries_and_those_of_other_programmes_are_left_out_and_counted(
    translator: Visitor, here: Here
) -> None:
    catalogue = Catalog(locale="es")
    catalogue.add("x", "y", context="module-9/none#title")
    catalogue.add("x", "y", context="no context of ours")
    catalogue.add(
        "A practice model lives in what leaders do.", "Sin acabar", context=CONTENT, flags=["fuzzy"]
    )
    status, page = _back(translator, _written(catalogue))
    assert status == 200
    assert "1 is empty or marked fuzzy." in page
    assert "1 belongs to a text that is not in the programme." in page
    assert "es" not in content(here()).texts


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x00\x01\x02", "This is not a PO file"),
        (b"%PDF-1.7", "This is not a PO file"),
        (b'msgid "a"\nmsgstr "b', "This is not a PO file"),
        (b'msgctxt "c"\nmsgid "\xff"\nmsgstr "x"\n', "This is not a PO file"),
        (b"", "The file held nothing new."),
        (b'msgid ""\nmsgstr ""\n"Language: vi\\n"\n', "The file is in another language (vi)"),
        (b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=none\\n"\n', ""),
    ],
)
def test_what_is_no_po_file_of_this_language_is_told_and_changes_nothing(
    translator: Visitor, here: Here, data: bytes, code: str
) -> None:
    revision = here().revision
    status, page = _back(translator, data)
    assert status in {200, 422}
    assert code in page
    assert here().revision == revision


def test_form_without_a_file_asks_for_one(translator: Visitor) -> None:
    answer = translator.post(f"{TEXTS}/es/po", {})
    assert (answer.status_code, "Choose a file that ends in .po." in answer.text) == (422, True)


def test_command_line_takes_texts_out_and_brings_them_back(app: Flask, here: Here, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    file = tmp_path / "texts.po"
    assert run(args=["courses", "export-po", "leadership", "vi", str(file)]).exit_code == 0
    file.write_bytes(_translated(read_po(BytesIO(file.read_bytes()))))
    told = run(args=["courses", "import-po", "leadership", "vi", str(file), "--dry-run"])
    assert told.output.startswith("Would keep: ")
    assert "vi" not in content(here()).texts
    assert run(args=["courses", "import-po", "leadership", "vi", str(file)]).exit_code == 0
    assert content(here()).texts["vi"].startswith("ES ")
    refused = run(args=["courses", "import-po", "leadership", "en", str(file)])
    assert (refused.exit_code, "Error" in refused.output) == (1, True)


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=80
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=TEXT.filter(str.strip), text=TEXT.filter(str.strip))
def test_any_text_survives_the_trip(source: str, text: str) -> None:
    draft = ProgrammeDraft("p", Localised.of({"en": source}))
    data = write_texts([("", draft)], "es", project="p")
    filled = read_po(BytesIO(data))
    for message in filled:
        if message.id:
            assert message.id == source
            message.string = text
    entries = read_texts(_written(filled), "es")
    new, _others = applicable(entries, {line.path: line for line in lines_of(draft, "es")})
    made = translated(draft, "es", new)
    assert made.title.texts == {"en": source, "es": text}
    assert not made.title.shown("es").stale
