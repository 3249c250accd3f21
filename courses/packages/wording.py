"""Words for what comes with a programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from courses.packages.companions import companions
from courses.packages.plans import CarriedKind, Fate
from institute.i18n import LazyText, lazy_gettext

_KINDS: Final[Mapping[CarriedKind, LazyText]] = {
    CarriedKind.RESOURCE: lazy_gettext("Resource of the library"),
    CarriedKind.FRAMEWORK: lazy_gettext("Framework"),
    CarriedKind.VOCABULARY: lazy_gettext("Vocabulary of tags"),
}
_FATES: Final[Mapping[Fate, LazyText]] = {
    Fate.MADE: lazy_gettext("new"),
    Fate.CHANGED: lazy_gettext("changed"),
    Fate.REMOVED: lazy_gettext("removed"),
    Fate.SAME: lazy_gettext("as it is"),
}


def say_carried(kind: str) -> str:
    """Return what something that comes along is."""
    along = {companion.kind: companion.label for companion in companions()}
    return str(along[kind] if kind in along else _KINDS[CarriedKind(kind)])


def say_fate(fate: Fate) -> str:
    """Return what happens to a part, as the command line lists it."""
    return str(_FATES[fate])
