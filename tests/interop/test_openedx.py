"""Open edX's own consumer and the tool: what one sends and the other answers, over HTTP, in a browser.

One story in chapters, each of which begins where the one before it ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.interop.platform import OpenEdx
from tests.journeys.test_thread import FIRST_STEP, STEPS, tick

pytestmark = pytest.mark.browser

MakePage = Callable[..., Page]


def a_learner_is_let_in_and_told_that_the_course_is_not_set_up(openedx: OpenEdx, make_page: MakePage) -> None:
    page = openedx.open(make_page(), "lucia")
    expect(page.get_by_role("heading", level=1)).to_contain_text("not set up")


def the_teacher_connects_the_course_and_a_learner_reaches_the_programme(
    openedx: OpenEdx, make_page: MakePage
) -> None:
    teacher = openedx.open(make_page(), "grace")
    expect(teacher.get_by_text("Coaching at Open edX")).to_be_visible()
    teacher.get_by_role("radio").first.check()
    teacher.get_by_role("button", name="Connect the course").click()
    teacher.wait_for_url("**/facilitator/")
    learner = openedx.open(make_page(), "lucia")
    expect(learner.get_by_role("heading", level=1)).to_contain_text("Lucía Ortega")


def a_column_is_made_and_a_learners_progress_arrives_in_the_lms(
    openedx: OpenEdx, make_page: MakePage
) -> None:
    page = openedx.open(make_page(), "lucia")
    page.get_by_role("link", name="Modules").first.click()
    page.get_by_role("link", name="Module 1:").click()
    page.get_by_role("link", name="Segment 1:").click()
    tick(page, FIRST_STEP)
    book = openedx.wait_for("gradebook", lambda told: told if told["grades"].get("lucia") else None)
    (column,) = book["columns"]
    assert column["tag"] == "progress"
    (score,) = column["scores"]
    assert score["user"] == "external-lucia"
    assert book["grades"]["lucia"]["share"] == pytest.approx(score["given"] / score["maximum"])
    assert score["given"] / score["maximum"] == pytest.approx(1 / STEPS)


def a_later_score_replaces_the_earlier_one(openedx: OpenEdx, make_page: MakePage) -> None:
    page = openedx.open(make_page(), "lucia")
    page.get_by_role("link", name="Modules").first.click()
    page.get_by_role("link", name="Module 1:").click()
    page.get_by_role("link", name="Segment 1:").click()
    page.get_by_role("checkbox").nth(1).check()

    def second(told: Any) -> Any:
        grade = told["grades"].get("lucia")
        return grade is not None and grade["share"] == pytest.approx(2 / STEPS)

    openedx.wait_for("gradebook", second)


def what_the_teacher_chooses_is_accepted_and_opens_for_a_learner(
    openedx: OpenEdx, make_page: MakePage
) -> None:
    page = openedx.open(make_page(), "grace", choose="1")
    for name, shows in (("Module 1:", "progress"), ("Coaching log", "hours")):
        box = page.get_by_role("checkbox", name=re.compile(name))
        box.check()
        choice = page.get_by_role("listitem").filter(has=box).get_by_role("combobox")
        choice.select_option(f"{box.get_attribute('value')}.{shows}")
    page.get_by_role("button", name="Add 2 items").click()
    page.wait_for_url(f"{openedx.url}/**/lti-dl/response")
    module, hours = openedx.ask("chosen")["items"]
    assert module["custom"]["target"] == "module:leadership/module-1"
    assert (module["lineItem"]["tag"], hours["lineItem"]["tag"]) == ("progress", "hours")
    learner = openedx.open(make_page(), "lucia", item=str(module["id"]))
    assert learner.url.endswith("/participant/modules/module-1")
    learner = openedx.open(make_page(), "lucia", item=str(hours["id"]))
    assert learner.url.endswith("/participant/hours/")


def the_roster_brings_people_who_never_opened_the_tool(openedx: OpenEdx, make_page: MakePage) -> None:
    teacher = openedx.open(make_page(), "grace")
    teacher.get_by_role("link", name="Cohort", exact=True).first.click()
    for _ in range(20):
        if teacher.get_by_text("عمر حداد").count():
            break
        teacher.wait_for_timeout(1000)
        teacher.reload()
    expect(teacher.get_by_text("عمر حداد")).to_be_visible()
    expect(teacher.get_by_text("Nguyễn Thị Hoa")).to_be_visible()


def test_openedx_and_the_tool_understand_each_other_from_the_first_launch_to_the_roster(
    openedx: OpenEdx, make_page: MakePage
) -> None:
    a_learner_is_let_in_and_told_that_the_course_is_not_set_up(openedx, make_page)
    the_teacher_connects_the_course_and_a_learner_reaches_the_programme(openedx, make_page)
    a_column_is_made_and_a_learners_progress_arrives_in_the_lms(openedx, make_page)
    a_later_score_replaces_the_earlier_one(openedx, make_page)
    what_the_teacher_chooses_is_accepted_and_opens_for_a_learner(openedx, make_page)
    the_roster_brings_people_who_never_opened_the_tool(openedx, make_page)
