"""The picker's words: what a column shows, and counts in every plural form for the script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from babel import Locale

from institute.i18n import current_locale, gettext, ngettext
from lti.services.kinds import GradeKind

SAMPLES: Final = range(1, 201)
COUNT: Final = "{count}"

Say = Callable[[int, str], str]


def say_grade(kind: GradeKind, points: int) -> str:
    """Return what the column of a link shows, with its points, for a list to choose from."""
    shows = {
        GradeKind.PROGRESS: gettext("Progress"),
        GradeKind.HOURS: gettext("Coaching hours"),
        GradeKind.EVIDENCE: gettext("Score"),
        GradeKind.LEVEL: gettext("Level reached"),
        GradeKind.NONE: gettext("No column"),
    }[kind]
    if kind is GradeKind.NONE:
        return shows
    return ngettext("%(shows)s (%(num)s point)", "%(shows)s (%(num)s points)", points, shows=shows)


def say_items(count: int, written: str = "") -> str:
    """Return how many items are chosen; ``written`` stands for the number where a script puts it in."""
    return ngettext("%(count)s item", "%(count)s items", count, count=written or count)


def say_columns(count: int, written: str = "") -> str:
    """Return how many gradebook columns come with them."""
    return ngettext(
        "%(count)s gradebook column", "%(count)s gradebook columns", count, count=written or count
    )


def say_unseen(count: int, written: str = "") -> str:
    """Return how many chosen items the present search does not show."""
    return ngettext("%(count)s not shown here", "%(count)s not shown here", count, count=written or count)


def say_add(count: int, written: str = "") -> str:
    """Return the words of the button that adds them."""
    return ngettext("Add %(count)s item", "Add %(count)s items", count, count=written or count)


def say_found(count: int, written: str = "") -> str:
    """Return how many things the present search shows."""
    return ngettext("%(count)s thing found", "%(count)s things found", count, count=written or count)


def forms_of(say: Say) -> dict[str, str]:
    """Return a counted sentence in each plural form of the reader's language, with ``{count}`` for the number.

    The forms are named as browsers name them (Unicode CLDR): the first number of each form stands for all of it.
    """
    rule = Locale.parse(current_locale()).plural_form
    firsts: dict[str, int] = {}
    for number in SAMPLES:
        firsts.setdefault(rule(number), number)
    forms = {name: say(number, COUNT) for name, number in firsts.items()}
    return {"other": say(SAMPLES[-1], COUNT), **forms}
