"""What must hold before content is published or imported: rules of structure, pure, all problems at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from courses.catalogue.addresses import address_of, instrument_address
from courses.catalogue.drafts import InstrumentDraft, ModuleContent, ProgrammeContent, SegmentDraft
from courses.catalogue.fields import facts_of, texts_of
from courses.catalogue.models import Purpose
from courses.catalogue.naming import is_slug
from institute.i18n import LOCALES, LazyText, Localised, lazy_gettext

MOST_NUMBER: Final = 9_999
MOST_MINUTES: Final = 100_000
MOST_DAYS: Final = 3_650
URL_LENGTH: Final = 2_000
LONGEST_FACT: Final = 2_000
LEAST_POINTS: Final = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """What forbids publishing. ``address`` names the part (empty: the programme), ``path`` the field in it.

    An instrument's address is ``instrument:key``. ``sentence`` is lazy: its str() is in the reader's language.
    """

    address: str
    path: str
    code: str
    sentence: LazyText


def problems_of(content: ProgrammeContent) -> list[Problem]:
    """Return everything that forbids publishing or importing a programme, in the order of its parts."""
    found = [*_plain("", content.programme), *_slug("", "slug", content.programme.slug)]
    if not content.modules:
        found.append(Problem("", "modules", "empty", lazy_gettext("A programme needs one module at least.")))
    instruments = {one.key: one.purpose for one in content.instruments}
    found += _numbers_and_slugs("", [(one.draft.number, one.draft.slug) for one in content.modules])
    for module in content.modules:
        found += _of_module(module, instruments)
    found += _twice("", "instruments", [one.key for one in content.instruments])
    for instrument in content.instruments:
        found += _of_instrument(instrument)
    return [*found, *_of_openings(content)]


def _of_module(module: ModuleContent, instruments: Mapping[str, Purpose]) -> Iterator[Problem]:
    here = module.draft.slug
    yield from _plain(here, module.draft)
    yield from _slug(here, "slug", module.draft.slug)
    yield from _keys(here, "areas", [one.key for one in module.draft.areas])
    yield from _numbers_and_slugs(here, [(one.number, one.slug) for one in module.segments])
    for segment in module.segments:
        yield from _of_segment(address_of(here, segment.slug), segment, instruments)


def _of_segment(here: str, segment: SegmentDraft, instruments: Mapping[str, Purpose]) -> Iterator[Problem]:
    yield from _plain(here, segment)
    yield from _slug(here, "slug", segment.slug)
    yield from _keys(here, "activities", [one.key for one in segment.activities])
    yield from _keys(here, "materials", [one.key for one in segment.materials])
    yield from _of_activities(here, segment, instruments)
    yield from _of_addresses(here, segment)
    yield from _of_onboarding(here, segment)


def _of_activities(here: str, segment: SegmentDraft, instruments: Mapping[str, Purpose]) -> Iterator[Problem]:
    materials = {one.key for one in segment.materials}
    for activity in segment.activities:
        path = f"activities/{activity.key}"
        if activity.material is not None and activity.material not in materials:
            yield _unknown(here, f"{path}/material", activity.material, "unknown-material")
        if activity.instrument is None:
            continue
        purpose = instruments.get(activity.instrument)
        if purpose is None:
            yield _unknown(here, f"{path}/instrument", activity.instrument, "unknown-instrument")
        elif purpose is not Purpose.SELF_ASSESSMENT:
            sentence = lazy_gettext("A segment can only use a self-assessment: the others come in rounds.")
            yield Problem(here, f"{path}/instrument", "instrument-purpose", sentence)


def _of_addresses(here: str, segment: SegmentDraft) -> Iterator[Problem]:
    for material in segment.materials:
        url = material.url
        if url is not None and not (url.startswith(("https://", "http://")) and len(url) <= URL_LENGTH):
            sentence = lazy_gettext(
                "An address begins with https:// and has %(most)s characters at most.", most=URL_LENGTH
            )
            yield Problem(here, f"materials/{material.key}/url", "url", sentence)


def _of_onboarding(here: str, segment: SegmentDraft) -> Iterator[Problem]:
    onboarding = segment.session.onboarding if segment.session else None
    if onboarding is None:
        return
    if onboarding.overview not in {one.key for one in segment.materials}:
        yield _unknown(here, "session/onboarding/overview", onboarding.overview, "unknown-material")
    for place, key in enumerate(onboarding.assignment, start=1):
        if key not in {one.key for one in segment.activities}:
            yield _unknown(here, f"session/onboarding/assignment/{place}", key, "unknown-activity")


def _of_instrument(instrument: InstrumentDraft) -> Iterator[Problem]:
    here = instrument_address(instrument.key)
    yield from _plain(here, instrument)
    yield from _slug(here, "key", instrument.key)
    yield from _keys(here, "areas", [one.key for one in instrument.areas])
    yield from _keys(here, "areas", [item.key for area in instrument.areas for item in area.items])
    yield from _twice(here, "scale", [str(point.value) for point in instrument.scale])
    if len(instrument.scale) < LEAST_POINTS:
        yield Problem(here, "scale", "empty", lazy_gettext("A scale needs two answers at least."))
    if not any(area.items for area in instrument.areas):
        yield Problem(here, "areas", "empty", lazy_gettext("An instrument needs one item at least."))
    if instrument.priorities and instrument.purpose is not Purpose.SELF_ASSESSMENT:
        yield Problem(
            here, "priorities", "number", lazy_gettext("Only a self-assessment puts areas in order.")
        )
    elif instrument.priorities > len(instrument.areas):
        yield Problem(
            here,
            "priorities",
            "number",
            lazy_gettext("Nobody can put more areas in order than the instrument has."),
        )


def _plain(here: str, draft: object) -> Iterator[Problem]:
    """Yield what no field of any draft may hold: what a database or a page could not take."""
    for path, text in texts_of(draft).items():
        yield from _of_text(here, path, text)
    for path, fact in facts_of(draft).items():
        if isinstance(fact, bool):
            continue
        if isinstance(fact, int) and not _least(path) <= fact <= _most(path):
            yield Problem(
                here,
                path,
                "number",
                lazy_gettext(
                    "This must be a whole number from %(least)s to %(most)s.",
                    least=_least(path),
                    most=_most(path),
                ),
            )
        if isinstance(fact, str) and not (_is_clean(fact) and len(fact) <= LONGEST_FACT):
            yield _unwritable(here, path)


def _of_text(here: str, path: str, text: Localised) -> Iterator[Problem]:
    if text.source not in text.texts or not set(text.texts) <= set(LOCALES):
        yield Problem(
            here,
            path,
            "language",
            lazy_gettext("A text needs its source language, and languages that we have."),
        )
    elif not all(_is_clean(one) for one in (*text.texts.values(), *text.origins.values())):
        yield _unwritable(here, path)


def _least(path: str) -> int:
    return {"number": 1, "session_number": 1, "value": -MOST_NUMBER}.get(path.rpartition("/")[2], 0)


def _most(path: str) -> int:
    most = {"least": MOST_MINUTES, "most": MOST_MINUTES, "minutes": MOST_MINUTES, "days": MOST_DAYS}
    return most.get(path.rpartition("/")[2], MOST_NUMBER)


def _is_clean(text: str) -> bool:
    """Tell whether every database and every page takes a text: no NUL, no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unwritable(here: str, path: str) -> Problem:
    return Problem(here, path, "characters", lazy_gettext("This holds characters that cannot be kept."))


def _unknown(here: str, path: str, name: str, code: str) -> Problem:
    return Problem(here, path, code, lazy_gettext("“%(name)s” names nothing that is here.", name=name))


def _slug(here: str, path: str, slug: str) -> Iterator[Problem]:
    if not is_slug(slug):
        yield Problem(
            here,
            path,
            "slug",
            lazy_gettext("A short name has lower-case letters, digits and single hyphens, 60 at most."),
        )


def _keys(here: str, path: str, keys: list[str]) -> Iterator[Problem]:
    for key in keys:
        yield from _slug(here, f"{path}/{key}/key", key)
    yield from _twice(here, path, keys)


def _twice(here: str, path: str, keys: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield Problem(
                here, f"{path}/{key}", "key-twice", lazy_gettext("The key “%(key)s” stands twice.", key=key)
            )
        seen.add(key)


def _numbers_and_slugs(above: str, parts: list[tuple[int, str]]) -> Iterator[Problem]:
    holders: dict[int, str] = {}
    slugs: set[str] = set()
    for number, slug in parts:
        here = address_of(above, slug) if above else slug
        if slug in slugs:
            sentence = lazy_gettext("The key “%(key)s” stands twice.", key=slug)
            yield Problem(here, "slug", "key-twice", sentence)
        if number in holders:
            sentence = lazy_gettext(
                "The number %(number)s already belongs to “%(slug)s”.", number=number, slug=holders[number]
            )
            yield Problem(here, "number", "number-taken", sentence)
        slugs.add(slug)
        holders.setdefault(number, slug)


def _of_openings(content: ProgrammeContent) -> Iterator[Problem]:
    """Yield what a segment waits for in vain: what is not there, or what waits for the segment itself."""
    below: dict[str, list[str]] = defaultdict(list)
    for module in content.modules:
        own = [address_of(module.draft.slug, one.slug) for one in module.segments]
        below[module.draft.slug] += own
        below |= {address: [address] for address in own}
    waits: dict[str, list[str]] = {}
    for module in content.modules:
        for segment in module.segments:
            here = address_of(module.draft.slug, segment.slug)
            waits[here] = [one for address in segment.opens.after for one in below.get(address, [])]
            for place, address in enumerate(segment.opens.after, start=1):
                if address not in below:
                    yield _unknown(here, f"opens/after/{place}", address, "unknown-part")
    for here in _in_circles(waits):
        yield Problem(
            here,
            "opens/after",
            "cycle",
            lazy_gettext("This segment would wait for itself: what it waits for waits for it."),
        )


def _in_circles(waits: Mapping[str, list[str]]) -> list[str]:
    """Return the members of circles: what is left when again and again those go that wait for nobody left.

    Those who only wait for a circle are left too, until those go for whom nobody left waits.
    """
    left = dict.fromkeys(waits)
    shrinking = True
    while shrinking:
        waited_for = {one for here in left for one in waits[here]}
        going = [
            here for here in left if here not in waited_for or not any(one in left for one in waits[here])
        ]
        for here in going:
            del left[here]
        shrinking = bool(going)
    return list(left)
