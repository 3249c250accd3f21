"""What each rendering of a module holds, and what it never does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    MaterialDraft,
    MinuteRange,
    ModuleContent,
    ModuleDraft,
    OnboardingDraft,
    ProgrammeDraft,
    ScalePointDraft,
    SegmentDraft,
    SessionDraft,
    StepDraft,
)
from courses.catalogue.fields import texts_of
from courses.catalogue.models import ActivityKind, Audience, MaterialKind, Timing
from courses.catalogue.renderings import Guide, Moment, Rendering, below_headings, compose, languages_of
from institute.i18n import Localised

HOUR = MinuteRange(0, 60)
SECRET = "for the coach alone"
words = st.text("abcdefgh ", min_size=1, max_size=12).map(lambda text: Localised.of({"en": f"w{text}"}))
secrets = st.text("abcdefgh ", max_size=8).map(lambda text: Localised.of({"en": f"{SECRET} {text}"}))
steps = st.one_of(
    st.builds(StepDraft, text=words, audience=st.just(Audience.BOTH)),
    st.builds(StepDraft, text=secrets, audience=st.just(Audience.COACH)),
)
sessions = st.builds(
    SessionDraft,
    number=st.integers(1, 4),
    minutes=st.just(HOUR),
    opening=st.none() | secrets,
    wrap_up=st.none() | secrets,
    equity_prompt=st.none() | words,
    steps=st.lists(steps, max_size=4).map(tuple),
    questions=st.lists(secrets, max_size=3).map(tuple),
    onboarding=st.none() | st.just(OnboardingDraft("m", ("a0",))),
)
activities = st.lists(
    st.builds(
        ActivityDraft,
        key=st.just("a"),
        timing=st.sampled_from(list(Timing)),
        kind=st.sampled_from(list(ActivityKind)),
        title=words,
        session_number=st.none() | st.integers(1, 4),
        material=st.none() | st.sampled_from(["m", "gone"]),
        instrument=st.none() | st.sampled_from(["i", "gone"]),
    ),
    max_size=6,
).map(lambda many: tuple(replace(one, key=f"a{place}") for place, one in enumerate(many)))
segments = st.builds(
    SegmentDraft,
    number=st.integers(1, 9),
    slug=st.just("segment"),
    title=words,
    content=words,
    reading=st.just(HOUR),
    coaching=st.just(HOUR),
    session=st.none() | sessions,
    activities=activities,
    materials=st.just((MaterialDraft("m", MaterialKind.DOCUMENT, Localised.of({"en": "Sheet"})),)),
)


def english(text: str) -> Localised:
    """Return a text in English alone."""
    return Localised.of({"en": text})


INSTRUMENT = InstrumentDraft(
    "i",
    english("Look at yourself"),
    (ScalePointDraft(1, english("never")),),
    (InstrumentAreaDraft("a", english("Area"), (ItemDraft("x", english("I listen.")),)),),
)
PROGRAMME = ProgrammeDraft("leadership", english("Leadership"))


def content(*drafts: SegmentDraft) -> ModuleContent:
    """Return a module of these segments."""
    return ModuleContent(ModuleDraft(1, "module-1", english("Module"), english("About"), HOUR, HOUR), drafts)


def made(rendering: Rendering, *drafts: SegmentDraft) -> Guide:
    """Return a rendering of a module of these segments."""
    return compose(PROGRAMME, content(*drafts), [INSTRUMENT], rendering)


def said(guide: Guide) -> str:
    """Return everything that a guide says."""
    parts = (guide.module, *guide.segments, *guide.instruments)
    return "\n".join(str(text.in_("en")) for part in parts for text in texts_of(part).values())


@given(st.lists(segments, max_size=3))
def test_only_the_coachs_guide_holds_the_script(drafts: list[SegmentDraft]) -> None:
    for rendering in (Rendering.PARTICIPANT, Rendering.QUICK):
        assert SECRET not in said(made(rendering, *drafts))
    scripts = sum(SECRET in str(text.in_("en")) for draft in drafts for text in texts_of(draft).values())
    assert said(made(Rendering.COACH, *drafts)).count(SECRET) == scripts


@given(segments, st.sampled_from(list(Rendering)))
def test_each_activity_stands_once_in_the_order_of_time(draft: SegmentDraft, rendering: Rendering) -> None:
    (part,) = made(rendering, draft).segments
    keys = [task.draft.key for moment in part.moments for task in moment.tasks]
    assert sorted(keys) == sorted(one.key for one in draft.activities)
    assert all(
        moment.timing is Timing.PREPARATION
        for moment in part.moments
        if moment.session_number is None and draft.session
    )
    if draft.session:
        assert all(_place(one) < (draft.session.number, 0) for one in part.before)
        assert all(_place(one) == (draft.session.number, 0) for one in part.during)
        assert all(_place(one) > (draft.session.number, 0) for one in part.afterwards)


def _place(moment: Moment) -> tuple[float, int]:
    around = {Timing.BEFORE: -1, Timing.DURING: 0, Timing.AFTER: 1, Timing.BETWEEN: 2, Timing.PREPARATION: 3}
    return (moment.session_number or float("inf"), around[moment.timing])


@given(st.lists(segments, max_size=4))
def test_an_instrument_stands_once_however_many_activities_use_it(drafts: list[SegmentDraft]) -> None:
    used = any(one.instrument == "i" for draft in drafts for one in draft.activities)
    assert made(Rendering.PARTICIPANT, *drafts).instruments == ((INSTRUMENT,) if used else ())


def test_a_guide_knows_how_much_of_it_is_not_translated_and_how_much_is_stale() -> None:
    both = Localised.of({"en": "One", "es": "Uno"})
    draft = SegmentDraft(1, "s", both, both.revised("Another"), HOUR, HOUR)
    languages = languages_of(made(Rendering.PARTICIPANT, draft), "es")
    assert (languages.texts, languages.missing, languages.stale, languages.others) == (5, 3, 1, ("en",))


def test_headings_of_an_author_stand_below_those_of_the_guide() -> None:
    text = Markup("<h3>A</h3><p>h3</p><h5>B</h5><h6>C</h6><hr>")
    assert below_headings(text) == "<h4>A</h4><p>h3</p><h6>B</h6><h6>C</h6><hr>"
