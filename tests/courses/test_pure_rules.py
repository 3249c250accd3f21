"""Rules without a database: budgets of time, minutes in words, the time line, Markdown."""

from __future__ import annotations

import pytest
from flask import Flask

from courses.catalogue.budgets import Budget, check_budget
from courses.catalogue.details import Step
from courses.catalogue.drafts import MinuteRange
from courses.catalogue.durations import say_minutes, say_range
from courses.catalogue.markdown import read, render
from courses.catalogue.models import ActivityKind, StepId, Timing
from courses.catalogue.timeline import Phase, lay_out, next_step
from institute.i18n import Localised


def test_a_module_whose_segments_add_up_has_no_warning() -> None:
    # Reading 1 to 3 hours from "up to 1" and "1 to 2"; coaching "up to 2" from "up to 1" and "1".
    assert (
        check_budget(Budget.READING, MinuteRange(60, 180), [MinuteRange(0, 60), MinuteRange(60, 120)]) is None
    )
    assert (
        check_budget(Budget.COACHING, MinuteRange(0, 120), [MinuteRange(0, 60), MinuteRange(60, 60)]) is None
    )


@pytest.mark.parametrize("stated", [MinuteRange(60, 200), MinuteRange(30, 180)])
def test_a_module_whose_segments_do_not_add_up_is_warned_with_both_ranges(stated: MinuteRange) -> None:
    warning = check_budget(Budget.READING, stated, [MinuteRange(0, 60), MinuteRange(60, 120)])
    assert warning is not None
    assert (warning.stated, warning.summed) == (stated, MinuteRange(60, 180))


def test_a_module_without_segments_is_unfinished_and_not_wrong() -> None:
    assert check_budget(Budget.READING, MinuteRange(60, 180), []) is None


@pytest.mark.parametrize(("least", "most"), [(-1, 5), (61, 60)])
def test_a_range_out_of_order_is_refused(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="not a range"):
        MinuteRange(least, most)


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (60, 60, "1 h"),
        (0, 60, "up to 1 h"),
        (30, 45, "30 to 45 min"),
        (60, 120, "1 to 2 h"),
        (30, 60, "30 min to 1 h"),
        (0, 0, "0 min"),
        (75, 135, "1 h 15 min to 2 h 15 min"),
    ],
)
def test_ranges_are_said_in_words(app: Flask, least: int, most: int, words: str) -> None:
    with app.test_request_context():
        assert say_range(least, most) == words
        assert say_minutes(135) == "2 h 15 min"


def step(number: int, timing: Timing, session: int | None = None) -> Step:
    """Return a made-up step."""
    title = Localised.of({"en": f"Step {number}"})
    return Step(StepId(number), f"key-{number}", timing, session, ActivityKind.READING, None, title, None)


def test_a_segment_is_laid_out_around_its_session() -> None:
    steps = [
        step(1, Timing.PREPARATION),
        step(2, Timing.AFTER, 2),
        step(3, Timing.DURING, 2),
        step(4, Timing.BEFORE),
        step(5, Timing.BETWEEN, 1),
    ]
    done = {StepId(5)}
    moments = lay_out(steps, 2, done)
    assert [(moment.timing, moment.session_number, moment.phase) for moment in moments] == [
        (Timing.BETWEEN, 1, Phase.DONE),
        (Timing.BEFORE, 2, Phase.NOW),
        (Timing.DURING, 2, Phase.NEXT),
        (Timing.AFTER, 2, Phase.NEXT),
        (Timing.PREPARATION, None, Phase.NEXT),
    ]
    following = next_step(moments, done)
    assert following is not None
    assert following.id == 4


def test_a_session_without_steps_still_has_its_moment() -> None:
    moments = lay_out([], 1, set())
    assert [(moment.timing, moment.phase) for moment in moments] == [(Timing.DURING, Phase.NEXT)]
    assert lay_out([], None, set()) == []


def test_headings_begin_below_those_of_the_page() -> None:
    assert "<h3>One</h3>" in render("# One\n\n## Two")
    assert "<h4>Two</h4>" in render("# One\n\n## Two")
    assert "<h3>Two</h3>" in render("## Two")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        '[x](https://e.org "\\"onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
    ],
)
def test_no_markup_but_ours_comes_through(text: str) -> None:
    html = render(text)
    for tag in ("<script", "<img", "<svg", 'href="javascript', ' onmouseover="'):
        assert tag not in html


def test_links_lead_out_of_the_frame() -> None:
    html = render("[primer](https://example.org)")
    assert 'target="_blank"' in html
    assert "noopener" in html


def test_a_long_text_is_cut_after_its_first_part_and_a_short_one_is_not() -> None:
    long = "\n\n".join(["word " * 100] * 10)
    cut = read(long)
    assert (cut.rest_minutes, cut.first.count("<p>"), cut.rest.count("<p>")) == (4, 2, 8)
    assert read("word " * 100 + "\n\n" + "word " * 199).rest == ""
    assert read("字" * 300 + "\n\n" + "字" * 2000).rest_minutes == 5
