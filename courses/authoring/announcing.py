"""What an outline says: of its parts, and where one stands after a move."""

from __future__ import annotations

from functools import cache

from courses.authoring.arranging import Moved
from courses.authoring.models import DraftKind
from courses.catalogue.drafts import MinuteRange
from courses.catalogue.durations import say_range
from institute.i18n import gettext, ngettext


class OutlineWords:
    """The sentences of one page that many parts share, each made once."""

    def __init__(self) -> None:
        self.segments = cache(lambda count: ngettext("%(num)s segment", "%(num)s segments", count))
        self.lacks = cache(lambda count: ngettext("%(num)s thing missing", "%(num)s things missing", count))
        self.open_texts = cache(
            lambda count: ngettext("%(num)s translation open", "%(num)s translations open", count)
        )
        self.reading = cache(lambda range_: gettext("Reading: %(time)s", time=_time(range_)))
        self.coaching = cache(lambda range_: gettext("Coaching: %(time)s", time=_time(range_)))


def say_moved(moved: Moved) -> str:
    """Return where a part stands now, as it is read out."""
    title = str(moved.title)
    if moved.module is not None:
        return gettext(
            "“%(title)s” is now segment %(place)s of %(places)s in “%(module)s”.",
            title=title,
            place=moved.place,
            places=moved.places,
            module=str(moved.module),
        )
    if moved.kind is DraftKind.INSTRUMENT:
        return gettext(
            "“%(title)s” is now instrument %(place)s of %(places)s.",
            title=title,
            place=moved.place,
            places=moved.places,
        )
    return gettext(
        "“%(title)s” is now module %(place)s of %(places)s.",
        title=title,
        place=moved.place,
        places=moved.places,
    )


def _time(minutes: MinuteRange) -> str:
    return say_range(minutes.least, minutes.most)
