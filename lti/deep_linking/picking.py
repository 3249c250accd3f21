"""The picker: what can be chosen, what is chosen already, what is shown of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from institute.actors import Actor
from institute.folding import BARRED
from institute.i18n import current_locale, gettext
from institute.web import openables
from institute.web.openables import TITLE, Offer
from lti.deep_linking.asking import FRAME, WINDOW, Asked, find_asked
from lti.deep_linking.choosing import Choice
from lti.deep_linking.offers import Columns, Listed, list_offers
from lti.deep_linking.wording import say_grade
from lti.services.kinds import GradeKind

OTHERS = "others"
_BARRED = str.maketrans(BARRED)


class State(Enum):
    """What the page of a request can be; the value is the name of its template."""

    PICKER = "picker"
    ANSWERED = "answered"
    NO_LINKS = "no_links"
    NOT_SET_UP = "not_set_up"
    OUTSIDE = "outside"
    BIND = "bind"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. ``before`` and ``after`` stand around the title; ``points`` are those of its column now."""

    offer: Offer
    code: str
    before: str
    after: str
    chosen: bool
    shown: bool
    grade: GradeKind
    points: int
    grades: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picker:
    """The page: its rows, what is typed, and what stands against it as (field, sentence)."""

    asked: Asked
    choice: Choice
    rows: tuple[Row, ...]
    kinds: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    errors: Sequence[tuple[str, str]]

    @property
    def chosen(self) -> int:
        """How many are chosen."""
        return sum(row.chosen for row in self.rows)

    @property
    def columns(self) -> int:
        """How many columns come with them."""
        return sum(row.chosen and row.points > 0 for row in self.rows)

    @property
    def unseen(self) -> int:
        """How many of the chosen ones are not shown."""
        return sum(row.chosen and not row.shown for row in self.rows)

    @property
    def found(self) -> int:
        """How many are shown."""
        return sum(row.shown for row in self.rows)

    @property
    def whole(self) -> int:
        """How many there are in the whole programme."""
        return sum(not row.offer.overview for row in self.rows)

    def error(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return next((text for field, text in self.errors if field == name), "")


def state_of(asked: Asked) -> State:
    """Tell what can be shown for a request."""
    if asked.answered_at is not None:
        return State.ANSWERED
    if not asked.takes_links:
        return State.NO_LINKS
    if asked.context_id is None:
        return State.OUTSIDE
    if asked.cohort_id is None:
        return State.BIND if asked.binds else State.NOT_SET_UP
    return State.PICKER


def show_picker(
    choice: Choice, *, actor: Actor, errors: Sequence[tuple[str, str]] = ()
) -> tuple[State, Picker]:
    """Return the page of the actor's request. Raises what ``find_asked`` raises."""
    asked = find_asked(actor)
    state = state_of(asked)
    listed = list_offers(asked, actor) if state is State.PICKER else ()
    kinds = tuple(_kinds(listed))
    rows = tuple(_rows(listed, choice, Columns(actor.institute_id), {name for name, _ in kinds}))
    return state, Picker(asked, choice, rows, kinds, tuple(_places(asked)), errors)


def fold(text: str) -> str:
    """Return a text as it is searched: without case, accents, and bars through letters ("dao" finds "đạo")."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one)).translate(_BARRED)


def _rows(listed: Sequence[Listed], choice: Choice, columns: Columns, kinds: set[str]) -> Iterator[Row]:
    locale = current_locale()
    say = cache(say_grade)  # the rows say the same few things
    wanted = choice.kind if choice.kind in kinds else ""
    words = fold(choice.query).split()
    matching = {one.code for one in listed if _matches(one.offer, words, wanted, kinds, locale)}
    heads = {one.offer.parent for one in listed if one.code in matching and not wanted}
    for one in listed:
        offer, grade = one.offer, one.grade(choice)
        before, _, after = offer.wording.partition(TITLE)
        yield Row(
            offer=offer,
            code=one.code,
            before=before,
            after=after,
            chosen=one.code in choice.codes or (choice.every and one.code in matching),
            shown=one.code in matching or offer.target in heads,
            grade=grade,
            points=columns.points(grade, offer.target),
            grades=tuple(
                (f"{one.code}.{kind}" if number else "", say(kind, columns.points(kind, offer.target)))
                for number, kind in enumerate(one.kinds)
            ),
        )


def _matches(offer: Offer, words: Sequence[str], wanted: str, kinds: set[str], locale: str) -> bool:
    if wanted and (offer.kind if offer.kind in kinds else OTHERS) != wanted:
        return False
    return not words or all(word in fold(f"{offer.name_in(locale)} {offer.note}") for word in words)


def _kinds(listed: Sequence[Listed]) -> Iterator[tuple[str, str]]:
    """Yield what the list can be narrowed down to, as (value, words)."""
    there = {one.offer.kind for one in listed}
    named = [(kind.kind, str(kind.many)) for kind in openables.kinds() if kind.kind in there]
    yield from named
    if named and there - {name for name, _ in named}:
        yield OTHERS, gettext("Other pages")


def _places(asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield where links may open, if there is a choice: the platform's own way is the first."""
    words = {FRAME: gettext("In the course's page"), WINDOW: gettext("In a new window")}
    if asked.targets:
        yield "", gettext("As the course does it")
        for target in asked.targets:
            yield target, words[target]
