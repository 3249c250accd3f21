"""Any programme that may be published: what the property tests draw from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from courses.catalogue.checking import problems_of
from courses.catalogue.drafts import (
    ActivityDraft,
    AreaDraft,
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    MaterialDraft,
    MinuteRange,
    ModuleContent,
    ModuleDraft,
    ObjectiveDraft,
    OnboardingDraft,
    OpeningDraft,
    ProgrammeContent,
    ProgrammeDraft,
    ScalePointDraft,
    SegmentDraft,
    SessionDraft,
    StepDraft,
)
from courses.catalogue.models import ActivityKind, Audience, MaterialKind, ObjectiveKind, Purpose, Timing
from institute.i18n import LOCALES, Localised, text_hash

SLUGS = st.one_of(
    st.sampled_from(["con", "instruments", "resources", "materials", "module-1", "a", "nul", "format"]),
    st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True),
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
SPECIAL = [
    '"""',
    "'''",
    '"',
    "\\",
    "\r\n",
    "\r",
    "\n",
    "\ufeff",
    "# not a comment",
    "[x]",
    "\u2028",
    "\x85",
    "\x07",
]
TEXTS = st.lists(st.one_of(st.sampled_from(SPECIAL), st.text(CHARACTERS, max_size=6)), max_size=5).map(
    "".join
)
WRITTEN = TEXTS.filter(lambda text: bool(text.strip()))
LINES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=12).filter(
    lambda text: text.isprintable() and bool(text.strip())
)
ELEMENTS = st.tuples(SLUGS, SLUGS).map("/".join)


@st.composite
def localised(draw: st.DrawFn, *, blank: bool = False) -> Localised:
    """Draw a text with some translations; each is up to date, stale, or of an origin that nobody knows."""
    source = draw(st.sampled_from(["en", "en", "en", "es", "ar"]))
    text = draw(TEXTS if blank else WRITTEN)
    texts, origins = {source: text}, {}
    for locale in draw(st.lists(st.sampled_from(LOCALES), max_size=2, unique=True)):
        if locale != source:
            texts[locale] = draw(WRITTEN)
            origin = draw(st.sampled_from([text_hash(text), text_hash(text), text_hash("older"), "", None]))
            if origin is not None:
                origins[locale] = origin
    return Localised(texts, source, origins)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw nothing as well."""
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """Draw a few."""
    return st.lists(strategy, max_size=most).map(tuple)


def keyed(make: Callable[[str], st.SearchStrategy[Any]], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """Draw a few, each with a key of its own."""
    keys = st.lists(SLUGS, max_size=most, unique=True)
    return keys.flatmap(lambda found: st.tuples(*(make(key) for key in found)))


MINUTES = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
    lambda pair: MinuteRange(min(pair), max(pair))
)
TITLES = localised()
PROSE = localised(blank=True)
OBJECTIVES = some(st.builds(ObjectiveDraft, st.sampled_from(ObjectiveKind), PROSE))
AREAS = keyed(lambda key: st.builds(AreaDraft, st.just(key), TITLES, maybe(PROSE), some(SLUGS)))
MATERIALS = keyed(
    lambda key: st.builds(
        MaterialDraft, st.just(key), st.sampled_from(MaterialKind), TITLES, maybe(PROSE), maybe(PROSE),
        maybe(LINES.map(lambda line: f"https://example.test/{line}")), maybe(SLUGS), st.booleans(),
    )
)  # fmt: skip


@st.composite
def instruments(draw: st.DrawFn, key: str) -> InstrumentDraft:
    """Draw an instrument."""
    values = draw(st.lists(st.integers(-9, 9), min_size=2, max_size=4, unique=True))
    scale = tuple(ScalePointDraft(value, draw(TITLES)) for value in values)
    areas = tuple(
        InstrumentAreaDraft(f"area-{n}", draw(TITLES), (ItemDraft(f"item-{n}", draw(PROSE)),))
        for n in range(draw(st.integers(1, 2)))
    )
    purpose = draw(st.sampled_from(Purpose))
    most = draw(st.integers(0, len(areas))) if purpose is Purpose.SELF_ASSESSMENT else 0
    about, core = draw(maybe(PROSE)), draw(st.booleans())
    return InstrumentDraft(key, draw(TITLES), scale, areas, about, most, draw(some(PROSE)), core, purpose)


@st.composite
def segments(
    draw: st.DrawFn, number: int, slug: str, tools: tuple[str, ...], before: tuple[str, ...]
) -> SegmentDraft:
    """Draw a segment that refers to what there is."""
    materials = draw(MATERIALS)
    keys = [one.key for one in materials]
    activities = tuple(
        ActivityDraft(
            f"do-{n}", draw(st.sampled_from(Timing)), draw(st.sampled_from(ActivityKind)), draw(TITLES),
            draw(maybe(PROSE)), draw(maybe(st.integers(0, 90))), draw(maybe(st.integers(1, 9))), draw(maybe(PROSE)),
            draw(st.sampled_from([None, *keys])), draw(st.sampled_from([None, *tools])), draw(some(ELEMENTS)),
            draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    onboarding = (
        OnboardingDraft(draw(st.sampled_from(keys)), tuple(one.key for one in activities[:1]))
        if keys
        else None
    )
    session = st.builds(
        SessionDraft, st.integers(1, 9), MINUTES, maybe(PROSE), maybe(PROSE), maybe(PROSE),
        some(st.builds(StepDraft, PROSE, st.sampled_from(Audience))), some(PROSE), st.sampled_from([None, onboarding]),
    )  # fmt: skip
    after = tuple(draw(st.lists(st.sampled_from(before), max_size=2, unique=True))) if before else ()
    return SegmentDraft(
        number, slug, draw(TITLES), draw(PROSE), draw(MINUTES), draw(MINUTES), draw(OBJECTIVES),
        draw(maybe(session)), activities, materials, OpeningDraft(after, draw(maybe(st.integers(0, 99)))),
        draw(some(ELEMENTS)), draw(some(ELEMENTS)), draw(st.booleans()), draw(maybe(PROSE)),
    )  # fmt: skip


@st.composite
def contents(draw: st.DrawFn) -> ProgrammeContent:
    """Draw a whole programme."""
    tools = draw(keyed(instruments))
    names = tuple(tool.key for tool in tools if tool.purpose is Purpose.SELF_ASSESSMENT)
    modules: list[ModuleContent] = []
    before: tuple[str, ...] = ()
    for number, slug in enumerate(draw(st.lists(SLUGS, min_size=1, max_size=2, unique=True)), start=1):
        module = draw(
            st.builds(
                ModuleDraft, st.just(number * draw(st.integers(1, 3))), st.just(slug), TITLES, PROSE, MINUTES, MINUTES,
                OBJECTIVES, AREAS, some(ELEMENTS), some(ELEMENTS), st.booleans(),
            )
        )  # fmt: skip
        below = tuple(
            draw(segments(n, name, names, before))
            for n, name in enumerate(draw(st.lists(SLUGS, max_size=2, unique=True)), start=1)
        )
        if all(module.number > one.draft.number for one in modules):
            modules.append(ModuleContent(module, below))
            before = (*before, slug)
    programme = draw(
        st.builds(ProgrammeDraft, SLUGS, TITLES, maybe(PROSE), some(ELEMENTS), st.just("") | LINES)
    )
    content = ProgrammeContent(programme, tuple(modules), tools)
    assert problems_of(content) == []
    return content
