"""The roster: in pages, by role, for a link, and what has changed."""

from __future__ import annotations

import pytest
import requests

from lti.sandbox.vocabulary import INSTRUCTOR, LEARNER, LTI, MEMBERS, SCOPE_LINE_ITEM
from tests.lti.sandbox.conftest import COURSE, Tool

ROSTER = f"/courses/{COURSE}/memberships"


def names(answer: requests.Response) -> list[str]:
    """Return the user ids of a page of the roster."""
    return [member["user_id"] for member in answer.json()["members"]]


def test_the_roster_holds_the_course_and_its_people(tool: Tool) -> None:
    answer = tool.call("GET", ROSTER)
    assert answer.headers["Content-Type"] == MEMBERS
    assert answer.json()["context"]["title"] == "Leadership coaching"
    assert names(answer) == [
        "participant-1",
        "participant-2",
        "coach-1",
        "teacher-1",
        "trainer-1",
        "director-1",
    ]
    assert answer.json()["members"][1] == {
        "user_id": "participant-2",
        "status": "Active",
        "roles": [LEARNER],
        "name": "陳美玲",
        "given_name": "美玲",
        "family_name": "陳",
        "email": "meiling@example.test",
    }


def test_a_long_roster_comes_in_pages(tool: Tool) -> None:
    tool.control("people", count=120)
    found, following = [], tool.address(ROSTER)
    while following:
        page = tool.call("GET", following)
        found.append(len(names(page)))
        following = page.links.get("next", {}).get("url", "")
    assert found == [50, 50, 26]


@pytest.mark.parametrize("role", ["Instructor", INSTRUCTOR])
def test_the_roster_can_be_asked_for_one_role(tool: Tool, role: str) -> None:
    assert names(tool.call("GET", ROSTER, params={"role": role})) == ["teacher-1", "trainer-1", "director-1"]


def test_the_roster_of_a_link_carries_its_custom_values(tool: Tool) -> None:
    members = tool.call("GET", ROSTER, params={"rlid": "link-module-1"}).json()["members"]
    assert members[0]["message"][0][f"{LTI}custom"] == {"target": "module:leadership/module-1"}
    assert tool.call("GET", ROSTER, params={"rlid": "link-mentoring"}).status_code == 404


def test_the_roster_tells_what_has_changed(tool: Tool) -> None:
    changes = tool.call("GET", ROSTER).links["differences"]["url"]
    assert names(tool.call("GET", changes)) == []
    tool.control("enrolments", sub="participant-2", status="Deleted")
    tool.control("people", people=[{"sub": "new-1", "name": "Tô Lan"}])
    members = tool.call("GET", changes).json()["members"]
    assert [(member["user_id"], member["status"]) for member in members] == [
        ("participant-2", "Deleted"),
        ("new-1", "Active"),
    ]
    assert "participant-2" not in names(tool.call("GET", ROSTER))


def test_the_roster_needs_its_scope_and_a_course(tool: Tool) -> None:
    assert tool.call("GET", ROSTER, headers=tool.bear(SCOPE_LINE_ITEM)).status_code == 403
    assert tool.call("GET", "/courses/nowhere/memberships").status_code == 404
    assert tool.call("GET", ROSTER, params={"since": "x"}).status_code == 400
