"""How figures of an instrument are said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from babel import lists, numbers

from courses.instruments.growth import AreaGrowth, Growth
from institute.i18n import current_locale, gettext


def say_mean(mean: Fraction) -> str:
    """Return a mean on a scale, rounded to one decimal for whoever reads it."""
    exact = Decimal(mean.numerator) / Decimal(mean.denominator)
    rounded = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    return str(numbers.format_decimal(rounded, locale=current_locale()))


def say_growth(growth: Growth, names: Sequence[str]) -> str:
    """Return what a drawing of growth shows, as a sentence. ``names`` are those of the rounds."""
    areas = lists.format_list([_say_area(area) for area in growth.areas], locale=current_locale())
    if growth.rounds == 1:
        return gettext("Averages by area (%(round)s): %(areas)s.", round=names[0], areas=areas)
    return gettext(
        "Averages by area from %(first)s to %(last)s: %(areas)s.", first=names[0], last=names[-1], areas=areas
    )


def _say_area(area: AreaGrowth) -> str:
    title = area.title.in_(current_locale())
    given = [mean for mean in area.means if mean is not None]
    if not given:
        return gettext("%(area)s without an answer", area=title)
    if len(given) == 1:
        return gettext("%(area)s %(mean)s", area=title, mean=say_mean(given[0]))
    return gettext(
        "%(area)s from %(before)s to %(after)s",
        area=title,
        before=say_mean(given[0]),
        after=say_mean(given[-1]),
    )
