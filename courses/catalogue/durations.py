"""Minutes in words: "1 to 2 h", "up to 45 min"."""

from __future__ import annotations

from typing import Final

from institute.i18n import gettext

HOUR: Final = 60


def say_minutes(minutes: int) -> str:
    """Return whole minutes in the reader's words, such as "2 h 15 min"."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return gettext("%(minutes)s min", minutes=rest)
    if not rest:
        return gettext("%(hours)s h", hours=hours)
    return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


def say_range(least: int, most: int) -> str:
    """Return a range of whole minutes in the reader's words; one that begins at 0 is "up to" its end."""
    if least == most:
        return say_minutes(most)
    if least == 0:
        return gettext("up to %(time)s", time=say_minutes(most))
    if most < HOUR:
        return gettext("%(least)s to %(most)s min", least=least, most=most)
    if least % HOUR == 0 and most % HOUR == 0:
        return gettext("%(least)s to %(most)s h", least=least // HOUR, most=most // HOUR)
    return gettext("%(least)s to %(most)s", least=say_minutes(least), most=say_minutes(most))
