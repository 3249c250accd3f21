"""What messages are about, so that each person chooses for each topic when to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from institute.i18n import LazyText, gettext


class Cadence(StrEnum):
    """When somebody wants to be told."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


DIGESTED: Final = frozenset({Cadence.DAILY, Cadence.WEEKLY})


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that a person may want to hear of or not. ``key`` is stable; ``hint`` says what comes under it.

    Kinds of mail name it, and rooms that stand on the same lower room share its topics. ``usual`` holds until a
    person chooses.
    """

    key: str
    order: int
    name: LazyText
    hint: LazyText
    usual: Cadence = Cadence.AT_ONCE


def say_cadence(cadence: Cadence) -> str:
    """Return when somebody is told, as one of a few choices."""
    match cadence:
        case Cadence.AT_ONCE:
            return gettext("At once")
        case Cadence.DAILY:
            return gettext("Once a day")
        case Cadence.WEEKLY:
            return gettext("Once a week")
        case Cadence.NONE:
            return gettext("Not at all")


def in_order(topics: Iterable[Topic]) -> list[Topic]:
    """Return topics without doubles, in the order of pages."""
    return sorted(set(topics), key=lambda topic: (topic.order, topic.key))
