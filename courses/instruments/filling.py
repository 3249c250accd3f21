"""An instrument that somebody fills in: the answers on its scale, the picture they give, the areas put in order.

Pure. Means are exact fractions on the instrument's own scale; who shows them rounds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Self

from courses.catalogue.drafts import InstrumentAreaDraft, InstrumentDraft, ScalePointDraft
from institute.i18n import Localised
from institute.web.forms import storable

LONGEST_ANSWER: Final = 5_000
DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in: values by item, areas in order of priority, answers about the first of them."""

    ratings: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Mapping[str, Any] | None) -> Self:
        """Read what ``document`` made; None is nothing yet."""
        if document is None:
            return cls()
        return cls(dict(document["ratings"]), tuple(document["order"]), tuple(document["answers"]))

    def document(self) -> dict[str, Any]:
        """Return it as a document that JSON can hold."""
        return {"ratings": dict(self.ratings), "order": list(self.order), "answers": list(self.answers)}

    def within(self, instrument: InstrumentDraft) -> Filled:
        """Return what of it belongs to this instrument: another version may have other items and areas."""
        values = {point.value for point in instrument.scale}
        items = {item.key for area in instrument.areas for item in area.items}
        areas = {area.key for area in instrument.areas}
        return Filled(
            {key: value for key, value in self.ratings.items() if key in items and value in values},
            tuple(key for key in self.order if key in areas)[: instrument.priorities],
            self.answers[: len(instrument.questions)],
        )


@dataclass(frozen=True, slots=True)
class Read:
    """What a form said, and what in it could not be.

    ``off_scale`` names fields, ``twice`` places that two areas have, ``too_long`` answers with their length.
    """

    filled: Filled
    off_scale: tuple[str, ...] = ()
    twice: tuple[int, ...] = ()
    too_long: tuple[tuple[int, int], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether all of it can be."""
        return not (self.off_scale or self.twice or self.too_long)


@dataclass(frozen=True, slots=True)
class AreaPicture:
    """How somebody answered in an area: how many of its items, how often each value, and the mean on the scale.

    ``mean`` is None while nothing is answered. ``share`` is where the mean lies between the ends of the scale, 0 to 1.
    """

    key: str
    title: Localised
    answered: int
    total: int
    counts: tuple[tuple[ScalePointDraft, int], ...]
    mean: Fraction | None
    share: Fraction | None
    priority: int | None = None


def read_form(instrument: InstrumentDraft, form: Mapping[str, str]) -> Read:
    """Read what a form holds for an instrument: ``item-<key>``, ``place-<area key>``, ``answer-<n>`` from 1.

    A field that cannot be is left out and named. Gaps in the order close: places 1 and 3 are the first and the second.
    """
    values = {point.value for point in instrument.scale}
    ratings: dict[str, int] = {}
    off: list[str] = []
    for area in instrument.areas:
        for item in area.items:
            typed = form.get(f"item-{item.key}", "")
            value = _number(typed)
            if value in values and value is not None:
                ratings[item.key] = value
            elif typed:
                off.append(f"item-{item.key}")
    places: list[tuple[int, str]] = []
    for area in instrument.areas:
        typed = form.get(f"place-{area.key}", "")
        place = _number(typed)
        if place is not None and 1 <= place <= instrument.priorities:
            places.append((place, area.key))
        elif typed:
            off.append(f"place-{area.key}")
    twice = sorted(place for place, count in Counter(place for place, _ in places).items() if count > 1)
    answers = tuple(
        storable(form.get(f"answer-{number}", "")).strip()
        for number in range(1, len(instrument.questions) + 1)
    )
    long = tuple(
        (number, len(text)) for number, text in enumerate(answers, start=1) if len(text) > LONGEST_ANSWER
    )
    order = () if twice else tuple(key for _, key in sorted(places))
    return Read(Filled(ratings, order, answers), tuple(off), tuple(twice), long)


def picture_of(instrument: InstrumentDraft, filled: Filled) -> tuple[AreaPicture, ...]:
    """Return the picture that the answers give, area by area in the order of the instrument."""
    places = {key: place for place, key in enumerate(filled.order, start=1)}
    return tuple(_area_picture(instrument, area, filled, places.get(area.key)) for area in instrument.areas)


def open_items(instrument: InstrumentDraft, filled: Filled) -> tuple[str, ...]:
    """Return the keys of the items without an answer, in order."""
    return tuple(
        item.key for area in instrument.areas for item in area.items if item.key not in filled.ratings
    )


def first_area(instrument: InstrumentDraft, filled: Filled) -> InstrumentAreaDraft | None:
    """Return the area that was put first, or None."""
    first = filled.order[0] if filled.order else None
    return next((area for area in instrument.areas if area.key == first), None)


def _area_picture(
    instrument: InstrumentDraft, area: InstrumentAreaDraft, filled: Filled, place: int | None
) -> AreaPicture:
    given = [filled.ratings[item.key] for item in area.items if item.key in filled.ratings]
    counted = Counter(given)
    mean = Fraction(sum(given), len(given)) if given else None
    values = [point.value for point in instrument.scale]
    least, most = min(values), max(values)
    share = None if mean is None else Fraction(1) if least == most else (mean - least) / (most - least)
    return AreaPicture(
        key=area.key,
        title=area.title,
        answered=len(given),
        total=len(area.items),
        counts=tuple((point, counted[point.value]) for point in instrument.scale if counted[point.value]),
        mean=mean,
        share=share,
        priority=place,
    )


def _number(text: str) -> int | None:
    digits = text[1:] if text[:1] == "-" else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS else None
