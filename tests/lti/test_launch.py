"""A launch opens a session of its own, in the right place and with the right power."""

from __future__ import annotations

from flask.testing import FlaskClient

from courses.cohorts.models import CohortId
from tests.lti.acting import Platform, follow


def test_learner_of_a_bound_course_lands_in_the_cohort_with_one_redirect(
    acting: Platform, bound: CohortId, browser: FlaskClient
) -> None:
    answer = acting.launch(browser)
    assert answer.status_code == 303, answer.text
    first = browser.get(answer.location)
    home = follow(browser, first)
    assert home.status_code == 200, home.text
    assert "Lucía Ortega" in home.text
    assert browser.get(answer.location).status_code == first.status_code  # a reload works
