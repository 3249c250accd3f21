"""Whether a name can stand on a certificate, and how large. Asked before anything is approved."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import ClassVar, Final

from institute.errors import InvalidError
from institute.i18n import lazy_gettext
from institute.printing import fonts

MOST_LETTERS: Final = 200
MOST_MARKS: Final = 6  # no script stacks more on one letter
SIZES: Final = (41, 34, 28)  # points; a name steps down before it wraps
SMALLEST: Final = SIZES[-1]
# On a standing sheet, or beside a coloured part, lines are shorter: there a name steps down further.
FURTHER: Final = (24, 20)
POINTS_PER_MM: Final = 72 / 25.4
# The narrower paper less its margins: a name that fits there fits on both.
LINE: Final = (279.4 - 2 * 34) * POINTS_PER_MM
# Zero width joiners shape Persian and Indic names; everything else that is not seen is dropped.
KEPT_INVISIBLE: Final = frozenset("\u200c\u200d")
DROPPED: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


class CertificateNameError(InvalidError):
    """A name that cannot stand on a certificate."""

    code = "NAME-UNFIT"
    title: ClassVar = lazy_gettext("This name cannot be printed")
    sentence: ClassVar = lazy_gettext("This name cannot stand on a certificate.")


class NameMissingError(CertificateNameError):
    """Nothing to be seen."""

    code = "NAME-MISSING"
    sentence = lazy_gettext("There is no name to print on the certificate.")
    advice = lazy_gettext("Ask the person how the name shall be written, and enter it here.")


class NameTooLongError(CertificateNameError):
    """More than two lines in the smallest size."""

    code = "NAME-TOO-LONG"
    sentence = lazy_gettext("The name is too long: it does not fit on two lines of the certificate.")
    advice = lazy_gettext(
        "Agree with the person on a shorter form, for example with initials, and enter it here."
    )


class NameUnprintableError(CertificateNameError):
    """Letters that no installed face has."""

    code = "NAME-UNPRINTABLE"
    sentence = lazy_gettext("The name holds characters that cannot be printed: %(characters)s")
    advice = lazy_gettext(
        "Write the name without pictures and symbols. If the characters are letters of a script, "
        "the fonts for it are missing on the server: tell whoever runs it."
    )


class NameOrphanMarkError(CertificateNameError):
    """Combining marks without a letter to stand on."""

    code = "NAME-ORPHAN-MARK"
    sentence = lazy_gettext("The name holds an accent or vowel sign without a letter to stand on.")
    advice = lazy_gettext("Type the name once more, letter by letter.")


@dataclass(frozen=True, slots=True)
class Setting:
    """How a name is set: its size in points, and its lines."""

    size: int
    lines: tuple[str, ...]


def check_name(name: str) -> str:
    """Return the name as it will be printed: composed (NFC), without invisible characters, single spaces.

    Raises NameMissingError, NameOrphanMarkError, NameUnprintableError or NameTooLongError.
    """
    kept = normalised(name)
    if not any(unicodedata.category(letter)[0] in "LN" for letter in kept):
        if any(unicodedata.category(letter)[0] == "M" for letter in kept):
            raise NameOrphanMarkError
        if not fonts.missing(kept):
            raise NameMissingError
    if len(kept) > MOST_LETTERS:
        raise NameTooLongError
    unknown = fonts.missing(kept)
    if unknown:
        raise NameUnprintableError(characters=" ".join(unknown[:10]))
    if _orphaned(kept):
        raise NameOrphanMarkError
    if setting(kept) is None:
        raise NameTooLongError
    return kept


def normalised(name: str) -> str:
    """Return a name composed, with single spaces, and without what cannot be seen or turns the line."""
    composed = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    seen = (
        " " if letter.isspace() else letter
        for letter in composed
        if letter.isspace() or letter in KEPT_INVISIBLE or unicodedata.category(letter) not in DROPPED
    )
    return " ".join("".join(seen).split()).strip("".join(KEPT_INVISIBLE))


def setting(name: str, line: float = LINE) -> Setting | None:
    """Return the largest setting of a name in lines of ``line`` points, or None if two are not enough."""
    whole = fonts.width(name)
    for size in SIZES:
        if whole * size <= line:
            return Setting(size, (name,))
    lines = _halves(name)
    if lines is None:
        whole_sizes = FURTHER if line < LINE else ()
        return next((Setting(size, (name,)) for size in whole_sizes if whole * size <= line), None)
    widest = max(fonts.width(part) for part in lines)
    for size in (SMALLEST, *FURTHER) if line < LINE else (SMALLEST,):
        if widest * size <= line:
            return Setting(size, lines)
    return None


def _halves(name: str) -> tuple[str, str] | None:
    """Return the name on two lines of most equal width: at a space, or between whole signs of a script without."""
    places = [at for at, letter in enumerate(name) if letter == " "]
    if not places:
        places = [
            at
            for at in range(1, len(name))
            if unicodedata.east_asian_width(name[at]) in "WF"
            and unicodedata.east_asian_width(name[at - 1]) in "WF"
        ]
    if not places:
        return None
    half = fonts.width(name) / 2
    best = min(places, key=lambda at: abs(fonts.width(name[:at]) - half))
    return name[:best].strip(), name[best:].strip()


def _orphaned(name: str) -> bool:
    """Return whether a mark stands at the beginning of a word, or on a heap of others."""
    run = 0
    for before, letter in zip(" " + name, name, strict=False):
        if unicodedata.category(letter)[0] != "M":
            run = 0
            continue
        run += 1
        if before == " " or run > MOST_MARKS:
            return True
    return False
