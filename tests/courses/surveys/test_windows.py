"""The windows that a facilitator sets: by days, by dates, not at all; what cannot be is said beside the field."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from courses.catalogue.models import Purpose
from institute import clock
from tests.browsing import Visitor
from tests.courses.surveys.conftest import Pair, on_day, part

Facilitate = Callable[[], Visitor]
DATES = {"timing": "dates", "opens_on": "2026-09-08", "closes_on": "2026-09-11"}


def url(purpose: Purpose, stage: str) -> str:
    """Return where a window is set."""
    return f"/facilitator/surveys/{part(purpose)}-{stage}/window"


@pytest.mark.parametrize(("day", "status"), [(6, 409), (7, 303), (10, 303), (11, 409)])
def test_a_window_by_dates_takes_both_of_its_days(
    pair: Pair, facilitate: Facilitate, day: int, status: int
) -> None:
    assert facilitate().post(url(Purpose.RELATIONSHIP_PARTICIPANT, "year1"), DATES).status_code == 303
    with clock.frozen(on_day(day)):
        assert pair.send(Purpose.RELATIONSHIP_PARTICIPANT, "year1").status_code == status


def test_a_window_by_days_of_ones_own_takes_the_place_of_the_usual(
    pair: Pair, facilitate: Facilitate
) -> None:
    form = {"timing": "days", "opens_day": "10", "closes_day": "12"}
    assert facilitate().post(url(Purpose.REFLECTION, "interim"), form).status_code == 303
    assert pair.send(Purpose.REFLECTION, "interim").status_code == 303
    assert 'value="12"' in facilitate().get(url(Purpose.REFLECTION, "interim")).text


def test_a_round_that_is_switched_off_is_asked_of_nobody(pair: Pair, facilitate: Facilitate) -> None:
    facilitate().post(url(Purpose.REFLECTION, "initial"), {"timing": "off"})
    assert pair.person.get(pair.url(Purpose.REFLECTION, "initial")).status_code == 404
    assert "The reflection – Initial" not in pair.person.get("/participant/surveys/").text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Choose one of these."),
        ({"timing": "never"}, "Choose one of these."),
        (
            {"timing": "dates", "opens_on": "soon", "closes_on": "2026-09-11"},
            "Write the day as year-month-day",
        ),
        ({"timing": "dates", "opens_on": "2026-09-12", "closes_on": "2026-09-11"}, "comes before the first"),
        (
            {"timing": "dates", "opens_on": "0001-01-01", "closes_on": "\x00"},
            "Write the day as year-month-day",
        ),
        ({"timing": "days", "opens_day": "9" * 30, "closes_day": "x"}, "Write a whole number of days"),
        ({"timing": "days", "opens_day": "-1", "closes_day": "٣"}, "Write a whole number of days"),
        ({"timing": "days", "opens_day": "5", "closes_day": "4"}, "comes before the first"),
    ],
)
def test_a_window_that_cannot_be_is_refused_in_words(
    pair: Pair, facilitate: Facilitate, form: dict[str, str], sentence: str
) -> None:
    answer = facilitate().post(url(Purpose.REFLECTION, "initial"), form)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_cohort_leads_to_its_rounds(pair: Pair, facilitate: Facilitate) -> None:
    assert "/facilitator/surveys/" in facilitate().get("/facilitator/cohort/").text
    page = facilitate().get("/facilitator/surveys/").text
    assert "The evaluation – First year" in page
    assert "0 of 2" in page
