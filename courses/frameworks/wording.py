"""The words for what frameworks are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from courses.frameworks.alignments import AlignedKind
from courses.frameworks.models import Audience, Kind
from institute.i18n import LazyText, lazy_gettext

AUDIENCES: Final[Mapping[Audience, LazyText]] = {
    Audience.COACH: lazy_gettext("Coaches"),
    Audience.EDUCATOR: lazy_gettext("Educators"),
    Audience.LEADER: lazy_gettext("Leaders"),
}
KINDS: Final[Mapping[Kind, LazyText]] = {
    Kind.FRAMEWORK: lazy_gettext("Framework"),
    Kind.COLUMN: lazy_gettext("Column of the scale"),
    Kind.ELEMENT: lazy_gettext("Element"),
    Kind.VOCABULARY: lazy_gettext("Vocabulary"),
    Kind.TERM: lazy_gettext("Tag"),
}
ALIGNED: Final[Mapping[AlignedKind, LazyText]] = {
    AlignedKind.PROGRAMME: lazy_gettext("Programme"),
    AlignedKind.MODULE: lazy_gettext("Module"),
    AlignedKind.SEGMENT: lazy_gettext("Segment"),
    AlignedKind.ACTIVITY: lazy_gettext("Activity"),
    AlignedKind.RESOURCE: lazy_gettext("Resource"),
    AlignedKind.CRITERION: lazy_gettext("Criterion of a rubric"),
}


def say_audience(audience: Audience) -> str:
    """Return whose competencies a framework describes, in the reader's language."""
    return str(AUDIENCES[audience])


def say_part(kind: Kind) -> str:
    """Return what a part is called, in the reader's language."""
    return str(KINDS[kind])


def say_aligned(kind: AlignedKind) -> str:
    """Return what an aligned thing is called, in the reader's language."""
    return str(ALIGNED[kind])
