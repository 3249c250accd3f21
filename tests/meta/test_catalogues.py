"""Catalogues: every word a person reads exists in every language, whole, current and with the same placeholders."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from institute.i18n import LOCALES, SOURCE_LOCALE
from tests.meta import sources

TRANSLATED = [locale for locale in LOCALES if locale != SOURCE_LOCALE]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
EXTRACT = ["--keyword=lazy_gettext", "--keyword=lazy_ngettext:1,2", "--add-comments=Translators:"]


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The messages that the code and the templates hold now."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = [
        "pybabel",
        "--quiet",
        "extract",
        "--mapping-file=translations/babel.cfg",
        *EXTRACT,
        f"--output-file={target}",
        ".",
    ]
    subprocess.run(
        [str(Path(sys.executable).with_name(command[0])), *command[1:]],
        cwd=sources.ROOT,
        check=True,
        timeout=120,
    )
    with target.open("rb") as file:
        return read_po(file)


def catalogue(locale: str) -> Catalog:
    """Read the catalogue of a language."""
    path = sources.ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def texts(message: Message) -> list[str]:
    """Return a message's translations: one, or one per plural form."""
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string or ""]


def sentences(message: Message) -> list[str]:
    """Return a message's sources: one, or singular and plural."""
    return list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]


def test_there_are_words_to_look_at(spoken: Catalog) -> None:
    assert len(spoken) > 100


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_message_is_translated_and_none_is_left_over(spoken: Catalog, locale: str) -> None:
    ours = catalogue(locale)
    wanted = {(message.context, sentences(message)[0]): message for message in spoken if message.id}
    there = {(message.context, sentences(message)[0]): message for message in ours if message.id}
    assert sorted(key[1] for key in wanted.keys() - there.keys()) == []
    assert sorted(key[1] for key in there.keys() - wanted.keys()) == []
    assert [
        key[1]
        for key, message in wanted.items()
        if bool(message.pluralizable) != bool(there[key].pluralizable)
    ] == []
    assert [key[1] for key, message in there.items() if message.fuzzy or not all(texts(message))] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_plural_forms_and_placeholders_are_right(locale: str) -> None:
    ours = catalogue(locale)
    wrong = [f"{message.id}: {error}" for message, errors in ours.check() for error in errors]
    for message in ours:
        if not message.id:
            continue
        named = {name for sentence in sentences(message) for name in PLACEHOLDER.findall(sentence)}
        # A form that stands for one number alone may say it in words.
        needed = named - {"num", "number"} if message.pluralizable else named
        for one in texts(message):
            found = set(PLACEHOLDER.findall(one))
            if one and not needed <= found <= named:
                wrong.append(f"{message.id}: {one}")
        if message.pluralizable and len(texts(message)) != ours.num_plurals:
            wrong.append(f"{message.id}: {len(texts(message))} forms")
    assert wrong == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_begin_and_end_as_their_source_does(locale: str) -> None:
    wrong = []
    for message in catalogue(locale):
        for one in texts(message) if message.id else []:
            source = sentences(message)[0]
            if (one[:1].isspace(), one[-1:].isspace()) != (source[:1].isspace(), source[-1:].isspace()):
                wrong.append(one)
    assert wrong == []
