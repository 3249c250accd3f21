"""What goes back to the platform: signed, complete, and nothing that was not asked for."""

from __future__ import annotations

from collections.abc import Callable

from institute import clock
from tests.lti.acting import CLAIM, CLIENT, DEPLOYMENT, ISSUER, Course
from tests.lti.deep_linking.conftest import DEEP_LINKING, RETURN_URL, Picking, read_back

MODULE = "module:programme-1/module-1"
SEGMENT = "segment:programme-1/module-1/segment-1"


def test_chosen_items_go_back_signed_in_the_order_of_the_programme(
    course: Course, ask: Callable[..., Picking]
) -> None:
    picking = ask()
    assert picking.page.status_code == 200
    back = read_back(course, picking.send(SEGMENT, MODULE, ""))
    assert back.url == RETURN_URL
    at = int(clock.now().timestamp())
    assert (back.claims["iss"], back.claims["aud"]) == (CLIENT, [ISSUER])
    assert at - 10 <= back.claims["iat"] <= at < back.claims["exp"] <= at + 600
    assert len(back.claims["nonce"]) >= 16
    assert back.claims[CLAIM + "deployment_id"] == DEPLOYMENT
    assert back.claims[CLAIM + "message_type"] == "LtiDeepLinkingResponse"
    assert back.claims[CLAIM + "version"] == "1.3.0"
    assert back.claims[DEEP_LINKING + "data"] == "csrf:ø&<1>"
    assert [(item["type"], item["title"]) for item in back.items] == [
        ("ltiResourceLink", "Programme home"),
        ("ltiResourceLink", "Module 1: Listening"),
        ("ltiResourceLink", "1.1 Ears"),
    ]
