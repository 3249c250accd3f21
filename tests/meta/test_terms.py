"""The field's terms: a message that uses one is translated with the word that terms.csv gives for it."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator

import pytest

from tests.meta import sources
from tests.meta.test_catalogues import TRANSLATED, catalogue, sentences, texts

# Terms that carry one meaning wherever the interface uses them; the others are words of every day as well.
HELD = frozenset(
    {
        "administrator", "certificate", "coach", "coaching session", "cohort", "coordinator", "facilitator",
        "gradebook", "institute", "module", "participant", "programme", "segment", "session plan", "to coach",
        "trainer",
    }
)  # fmt: skip
# Where the word says what somebody does, not what they are.
VERB = re.compile(
    r"\b(?:neither|nobody|whom (?:you|they)|you|may|will|never|to|that they|or|of the two) coach(?:es)?\b"
    r"|\bcoaches (?=in %|at present|since|or rates)",
    re.IGNORECASE,
)
# Whoever coaches is a coach: either says it.
ALSO = {"to coach": ("coach",)}
# What stands on the screens of other products, and what their makers mean by it.
ELSEWHERE = re.compile(
    r"Activity modules|Administrator Panel|“LTI Consumer” module"
    r"|certificate of the platform's server|renew the certificate, with its whole chain"
    r"|module/segment|train trainers"
)
ARABIC_WEAK = str.maketrans("", "", "اأإآءئؤىيوةت")
ENDINGS = 2


def terms() -> dict[str, dict[str, str]]:
    """Return the table: English term to its word in each language."""
    with (sources.ROOT / "translations" / "terms.csv").open(encoding="utf-8", newline="") as file:
        return {row["term"]: row for row in csv.DictReader(file)}


def used(sentence: str, known: list[str]) -> Iterator[str]:
    """Yield the held terms in an English sentence; a longer term hides the shorter ones inside it."""
    sentence = ELSEWHERE.sub(" ", sentence)
    if VERB.search(sentence):
        sentence = VERB.sub(" ", sentence)
        yield "to coach"
    for term in sorted(known, key=len, reverse=True):
        pattern = re.compile(rf"(?<![\w%(]){re.escape(term)}(?:e?s)?(?![\w)])", re.IGNORECASE)
        if pattern.search(sentence):
            sentence = pattern.sub(" ", sentence)
            if term in HELD:
                yield term


def speaks(text: str, word: str, locale: str) -> bool:
    """Tell whether a translation uses the word, in whatever inflected form."""
    text, word = plain(text, locale), plain(word, locale)
    if locale == "ar":  # " / " stands before a plural that is a word of its own
        return any(
            all(re.search("[^ ]*".join(re.escape(letter) for letter in part), text) for part in one.split())
            for one in word.split(" / ")
        )
    if locale == "es":  # either gender, singular or plural
        options = [part for part in word.split() if part != "o"] if " o " in word else [word]
        return any(
            all(part[: max(3, len(part) - ENDINGS)] in text for part in one.split()) for one in options
        )
    return word in text


def plain(text: str, locale: str) -> str:
    """Return a text without case, and in Arabic without vowel signs and weak letters, which forms change."""
    text = unicodedata.normalize("NFC", text).casefold()
    if locale == "ar":
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
        return re.sub(r"\bال", "", text).translate(ARABIC_WEAK)
    return text


def test_the_table_names_every_held_term_in_every_language() -> None:
    table = terms()
    assert table.keys() >= HELD
    assert [
        term for term, row in table.items() if not all(row[locale] for locale in ("en", *TRANSLATED))
    ] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_messages_use_the_terms_of_the_field(locale: str) -> None:
    table = terms()
    wrong = [
        f"{term} is {table[term][locale]}: {sentences(message)[0]!r} says {text!r}"
        for message in catalogue(locale)
        if message.id
        for term in used(sentences(message)[0], list(table))
        for text in texts(message)
        if text and not any(speaks(text, table[word][locale], locale) for word in (term, *ALSO.get(term, ())))
    ]
    assert wrong == []
