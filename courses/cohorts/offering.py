"""What a course of an LMS may link to here: the home of the cohort, its programme, each module and each segment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from courses.catalogue.drafts import MinuteRange
from courses.catalogue.durations import say_range
from courses.catalogue.outlines import ModuleLine, Outline
from courses.catalogue.queries import load_outline
from courses.cohorts.rosters import readable_by_facilitator
from institute.actors import Actor
from institute.i18n import gettext, ngettext
from institute.web.openables import TITLE, Offer

FIRST: Final = 10
MODULES: Final = 20

Say = Callable[[MinuteRange, MinuteRange], tuple[str, ...]]


def offer_programme(actor: Actor) -> Iterator[Offer]:
    """Yield the home, the programme's contents, and each module with its segments, in three queries."""
    for programme in readable_by_facilitator(actor):
        outline = load_outline(actor.institute_id, programme.version_id)
        yield Offer(
            "", gettext("Programme home"), note=gettext("Each person sees their own next step"), icon="house"
        )
        yield _contents(outline)
        say = cache(_say_times)  # most segments take as long as others
        for module in outline.modules:
            yield from _module(outline.slug, module, say)


def _contents(outline: Outline) -> Offer:
    segments = sum(len(module.segments) for module in outline.modules)
    return Offer(
        f"programme:{outline.slug}",
        outline.title,
        wording=gettext("All modules of %(programme)s", programme=TITLE),
        note=_join(
            ngettext("%(num)s module", "%(num)s modules", len(outline.modules)),
            ngettext("%(num)s segment", "%(num)s segments", segments),
        ),
        icon="list",
        order=FIRST,
        overview=True,
    )


def _module(programme_slug: str, module: ModuleLine, say: Say) -> Iterator[Offer]:
    target = f"module:{programme_slug}/{module.slug}"
    yield Offer(
        target,
        module.title,
        wording=gettext("Module %(number)s: %(title)s", number=module.number, title=TITLE),
        note=_join(
            ngettext("%(num)s segment", "%(num)s segments", len(module.segments)),
            *say(module.reading, module.coaching),
        ),
        icon="archive",
        order=MODULES,
    )
    for segment in module.segments:
        yield Offer(
            f"segment:{programme_slug}/{module.slug}/{segment.slug}",
            segment.title,
            wording=f"{module.number}.{segment.number} {TITLE}",
            note=_join(*say(segment.reading, segment.coaching)),
            parent=target,
        )


def _say_times(reading: MinuteRange, coaching: MinuteRange) -> tuple[str, ...]:
    said = []
    if reading.most:
        said.append(gettext("Reading and activities: %(time)s", time=say_range(reading.least, reading.most)))
    if coaching.most:
        said.append(gettext("Coaching: %(time)s", time=say_range(coaching.least, coaching.most)))
    return tuple(said)


def _join(*parts: str) -> str:
    return " · ".join(parts)
