"""A link that was handed over opens what it was made for, whatever the platform keeps of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from institute.db import db
from lti.deep_linking.choosing import code_of
from lti.launches.models import ResourceLink
from tests.lti.acting import TARGET_LINK_URI, Course
from tests.lti.deep_linking.conftest import EVIDENCE, HOURS, MODULE, SEGMENT, Picking, read_back
from tests.lti.entrance import session_of

Ask = Callable[..., Picking]
OPENED = {
    "": "/",
    "programme:programme-1": "/participant/modules/",
    MODULE: "/participant/modules/module-1",
    SEGMENT: "/participant/modules/module-1/segment-1",
    "tasks:mine": "/participant/evidence/",
    EVIDENCE: "/participant/evidence/leadership-plan",
    HOURS: "/participant/hours/",
    "level:mine": "/participant/level/",
    "certificates:mine": "/participant/certificates/",
}
Kept = Callable[[dict[str, Any]], dict[str, Any]]


def everything(item: dict[str, Any]) -> dict[str, Any]:
    """Launch as a platform does that keeps all of an item."""
    return {"target_link_uri": item["url"], "custom": item["custom"]}


def only_custom(item: dict[str, Any]) -> dict[str, Any]:
    """Launch as a platform does that forgets the item's address."""
    return {"target_link_uri": TARGET_LINK_URI, "custom": item["custom"]}


def only_address(item: dict[str, Any]) -> dict[str, Any]:
    """Launch as a platform does that forgets what is custom."""
    return {"target_link_uri": item["url"], "custom": ...}


@pytest.mark.parametrize("kept", [everything, only_custom, only_address])
def test_every_offer_opens_for_a_learner(course: Course, ask: Ask, scored_task: str, kept: Kept) -> None:
    picking = ask()
    assert len(picking.shown) == len(OPENED)
    items = read_back(course, picking.send(*OPENED)).items
    assert [item["custom"].get("target", "") for item in items] == list(OPENED)
    for number, item in enumerate(items):
        link = {"id": f"link-{number}", "title": item["title"]}
        answer = course.launch(sub="learner-1", resource_link=link, **kept(item))
        assert session_of(answer).target == OPENED[item["custom"].get("target", "")]


def test_every_offer_opens_for_the_teacher_who_made_it(course: Course, ask: Ask, scored_task: str) -> None:
    items = read_back(course, ask().send(*OPENED)).items
    for number, item in enumerate(items):
        link = {"id": f"link-{number}", "title": item["title"]}
        answer = course.launch(role="Instructor", resource_link=link, **everything(item))
        page = course.browser.get(answer.location, follow_redirects=True)
        assert (page.status_code, item["custom"].get("target", "")) == (200, item["custom"].get("target", ""))
        assert not session_of(answer).target.endswith("/gone")


@pytest.mark.parametrize("kept", [everything, only_custom, only_address])
def test_link_sends_what_was_decided(course: Course, ask: Ask, kept: Kept) -> None:
    item = read_back(course, ask().send(MODULE, _g=f"{code_of(MODULE)}.none")).items[0]
    course.launch(sub="learner-1", **kept(item))
    link = db.session.query(ResourceLink).one()
    assert (link.target, link.grade) == (MODULE, "none")
