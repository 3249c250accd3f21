"""A launch opens a session of its own, in the right place and with the right power."""

from __future__ import annotations

from tests.lti.acting import Course, follow


def test_learner_of_a_bound_course_lands_in_the_cohort_with_one_redirect(course: Course) -> None:
    answer = course.launch()
    assert answer.status_code == 303, answer.text
    first = course.browser.get(answer.location)
    home = follow(course.browser, first)
    assert home.status_code == 200, home.text
    assert "Lucía Ortega" in home.text
    assert course.browser.get(answer.location).status_code == first.status_code  # a reload works
