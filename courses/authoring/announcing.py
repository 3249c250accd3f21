"""Where a part stands after a move, as it is read out."""

from __future__ import annotations

from courses.authoring.arranging import Moved
from courses.authoring.models import DraftKind
from institute.i18n import gettext


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
