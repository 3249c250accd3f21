"""What a real Moodle 4.5 asks for, replayed, and the answer in the shape that it took."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from courses.cohorts.models import CohortId
from tests.lti.acting import CLAIM, Course, Platform, follow
from tests.lti.deep_linking.conftest import DEEP_LINKING, MODULE, SEGMENT, Picking, read_back
from tests.lti.test_moodle import (
    MOODLE,
    at_the_time_of,
    bound_moodle,
    moodle,
    recording,
    replay,
    settings,
)

__all__ = ["bound_moodle", "moodle", "settings"]


@pytest.mark.parametrize("name", ["deep-linking-request-first-in-course", "deep-linking-request"])
def test_moodle_s_request_is_answered_as_moodle_takes_it(
    moodle: Platform, bound_moodle: int, browser: FlaskClient, name: str
) -> None:
    asked = recording(name)["id_token_decoded"]["claims"]
    with at_the_time_of(name):
        picking = Picking(browser, follow(browser, replay(browser, name)))
        assert "“Coaching Institute”" in picking.page.text
        answer = picking.send(MODULE, SEGMENT, _where="window")
        back = read_back(Course(moodle, browser, CohortId(bound_moodle)), answer)
    settings = asked[DEEP_LINKING + "deep_linking_settings"]
    taken = recording("deep-linking-response-3-items")["jwt_decoded"]["claims"]
    assert back.url == settings["deep_link_return_url"]
    assert (back.claims["iss"], back.claims["aud"]) == (asked["aud"], [MOODLE])
    assert back.claims[CLAIM + "deployment_id"] == asked[CLAIM + "deployment_id"]
    assert set(back.claims) == set(taken)
    known = set().union(*taken[DEEP_LINKING + "content_items"])
    for item in back.items:
        assert set(item) <= known
        assert item["window"] == {"targetName": "_blank"}
        assert item["url"].startswith("http://localhost:9001/lti/launch?target=")


def test_moodle_s_request_is_cancelled_as_moodle_takes_it(
    moodle: Platform, bound_moodle: int, browser: FlaskClient
) -> None:
    with at_the_time_of("deep-linking-request"):
        picking = Picking(browser, follow(browser, replay(browser, "deep-linking-request")))
        back = read_back(Course(moodle, browser, CohortId(bound_moodle)), picking.send(to="/cancel"))
    taken = recording("deep-linking-response-cancel-empty")["jwt_decoded"]["claims"]
    assert set(back.claims) == set(taken)
    assert back.items == taken[DEEP_LINKING + "content_items"] == []
