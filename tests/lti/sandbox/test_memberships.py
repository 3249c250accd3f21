"""The roster: in pages, by role, for a link, and what has changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from lti.sandbox.vocabulary import (
    INSTRUCTOR,
    LEARNER,
    LTI,
    MEMBERS,
    MENTOR,
    SCOPE_LINE_ITEM,
    TEACHING_ASSISTANT,
    TEST_USER,
)
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
        "coordinator-1",
        "lead-1",
        "mentor-1",
        "test-1",
        "quiet-1",
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
    assert found == [50, 50, 31]


@pytest.mark.parametrize("role", ["Instructor", INSTRUCTOR])
def test_the_roster_can_be_asked_for_one_role(tool: Tool, role: str) -> None:
    found = names(tool.call("GET", ROSTER, params={"role": role}))
    assert found == ["teacher-1", "trainer-1", "director-1", "coordinator-1", "lead-1"]


def test_the_roster_of_a_link_carries_its_custom_values(tool: Tool) -> None:
    members = tool.call("GET", ROSTER, params={"rlid": "link-module-1"}).json()["members"]
    custom = members[0]["message"][0][f"{LTI}custom"]
    assert custom["target"] == "module:leadership/module-1"
    assert custom["person_timezone"] == "Europe/Madrid"
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


def test_changes_made_while_pages_are_read_are_differences(tool: Tool) -> None:
    tool.control("people", count=60)
    first = tool.call("GET", ROSTER)
    tool.control("enrolments", sub="participant-1", status="Inactive")
    last = tool.call("GET", first.links["next"]["url"])
    assert "differences" not in first.links
    changed = tool.call("GET", last.links["differences"]["url"]).json()["members"]
    assert [(member["user_id"], member["status"]) for member in changed] == [("participant-1", "Inactive")]


def test_differences_come_in_pages_and_name_the_next_differences(tool: Tool) -> None:
    changes = tool.call("GET", ROSTER).links["differences"]["url"]
    tool.control("people", count=60)
    first = tool.call("GET", changes)
    second = tool.call("GET", first.links["next"]["url"])
    assert (len(names(first)), len(names(second))) == (50, 10)
    assert names(tool.call("GET", second.links["differences"]["url"])) == []


def test_a_person_is_told_of_as_privacy_allows(tool: Tool) -> None:
    members = {member["user_id"]: member for member in tool.call("GET", ROSTER).json()["members"]}
    assert members["quiet-1"] == {"user_id": "quiet-1", "status": "Active", "roles": [LEARNER]}
    claims = tool.control("mint", sub="quiet-1", link="link-home", nonce="n")["claims"]
    assert not {"name", "given_name", "family_name", "email"} & claims.keys()


def test_a_mentor_names_whom_they_mentor(tool: Tool) -> None:
    claims = tool.control("mint", sub="mentor-1", link="link-home", nonce="n")["claims"]
    assert claims[f"{LTI}roles"] == [MENTOR]
    assert claims[f"{LTI}role_scope_mentor"] == ["participant-1"]
    other = tool.control("mint", sub="participant-1", link="link-home", nonce="n")["claims"]
    assert f"{LTI}role_scope_mentor" not in other


def test_nobody_grades_a_test_user(tool: Tool) -> None:
    claims = tool.control("mint", sub="test-1", link="link-home", nonce="n")["claims"]
    assert claims[f"{LTI}roles"] == [LEARNER, TEST_USER]
    members = {member["user_id"]: member for member in tool.call("GET", ROSTER).json()["members"]}
    assert members["test-1"]["roles"] == [LEARNER, TEST_USER]
    assert tool.send_score(tool.add_line_item(), userId="test-1").status_code == 422


def test_a_part_of_a_role_comes_with_the_role(tool: Tool) -> None:
    tool.control("people", people=[{"sub": "assistant-1", "name": "Ana"}], role=TEACHING_ASSISTANT)
    claims = tool.control("mint", sub="assistant-1", link="link-home", nonce="n")["claims"]
    assert claims[f"{LTI}roles"] == [TEACHING_ASSISTANT, INSTRUCTOR]
    assert tool.call("GET", ROSTER).json()["members"][-1]["roles"] == [TEACHING_ASSISTANT, INSTRUCTOR]


def test_the_roster_of_moodle_is_escaped_short_and_whole(start: Callable[..., Tool]) -> None:
    tool = start(profile_name="moodle")
    tool.control("people", people=[{"sub": "h-1", "name": "Grace <Hopper> & Sons"}])
    tool.control("people", people=[{"sub": "assistant-1", "name": "Ana"}], role=TEACHING_ASSISTANT)
    tool.control("people", count=200)
    tool.control("enrolments", sub="participant-1", status="Inactive")
    answer = tool.call("GET", ROSTER)
    members = {member["user_id"]: member for member in answer.json()["members"]}
    assert "Link" not in answer.headers
    assert len(members) > 200
    assert members["h-1"]["name"] == "Grace &lt;Hopper&gt; &amp; Sons"
    assert (members["h-1"]["roles"], members["teacher-1"]["roles"]) == (["Learner"], ["Instructor"])
    assert members["assistant-1"]["roles"] == ["Learner"]
    assert "participant-1" not in members
    assert len(names(tool.call("GET", ROSTER, params={"limit": 10}))) == 10
    token = tool.control("mint", sub="h-1", link="link-home", nonce="n")["claims"]
    assert token["name"] == "Grace <Hopper> & Sons"
    roles = tool.control("mint", sub="assistant-1", link="link-home", nonce="n")["claims"][f"{LTI}roles"]
    assert roles == [INSTRUCTOR]


def test_the_roster_of_canvas_holds_no_test_user(start: Callable[..., Tool]) -> None:
    answer = start(profile_name="canvas").call("GET", ROSTER)
    assert "test-1" not in names(answer)
    assert "differences" not in answer.links
