"""The thread: a participant works in the course's frame, a coach and a teacher see it, the gradebook shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.journeys.house import House
from tests.journeys.lms import MODULE, SEGMENT, Lms
from tests.journeys.rooms import inside

pytestmark = pytest.mark.browser

STEPS = 38
STEPS_OF_SEGMENT_1 = 7
FIRST_STEP = "Read “History, purpose and principles”"
NEXT_STEP = "Look through the leadership self-assessment"


def tick(frame: Frame | Page, title: str) -> None:
    """Tick a step off and wait until the page says that it is kept."""
    form = frame.locator("form.ci-tick-form").filter(has_text=title)
    form.get_by_role("checkbox").check()
    expect(form.get_by_role("status")).to_have_text("Saved")


def test_a_participant_opens_programme_module_and_segment_and_ticks_a_step(page: Page, lms: Lms) -> None:
    frame = lms.open_in_frame(page, lms.make_person("Rosa Delgado"))
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Rosa Delgado")
    frame.get_by_role("link", name="Modules").first.click()
    frame.get_by_role("link", name="Module 1:").click()
    expect(frame.get_by_role("heading", name="What you will be able to do")).to_be_visible()
    frame.get_by_role("link", name="Segment 1:").click()
    expect(frame.get_by_text(f"0 of {STEPS_OF_SEGMENT_1} steps done")).to_be_visible()
    tick(frame, FIRST_STEP)
    expect(frame.get_by_text(f"1 of {STEPS_OF_SEGMENT_1} steps done")).to_be_visible()


def test_a_segment_shows_objectives_reading_steps_by_time_materials_and_preparation(
    page: Page, lms: Lms
) -> None:
    frame = lms.open_in_frame(page, lms.make_person(), SEGMENT)
    for heading in (
        "What you will be able to do",
        "Reading",
        "What to do, and when",
        "Before session 1",
        "In session 1",
        "After session 1",
        "Prepare for segment 2",
        "Materials",
    ):
        expect(frame.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    frame.get_by_role("link", name="Reflection sheet").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Reflection sheet")


def test_a_reload_in_the_frame_keeps_page_and_tick(page: Page, lms: Lms) -> None:
    frame = lms.open_in_frame(page, lms.make_person(), SEGMENT)
    tick(frame, FIRST_STEP)
    frame.evaluate("location.reload()")
    expect(frame.get_by_text(f"1 of {STEPS_OF_SEGMENT_1} steps done")).to_be_visible()
    expect(frame.get_by_role("checkbox").first).to_be_checked()


def test_a_tick_can_be_taken_back(page: Page, lms: Lms) -> None:
    frame = lms.open_in_frame(page, lms.make_person(), SEGMENT)
    tick(frame, FIRST_STEP)
    frame.get_by_role("checkbox").first.uncheck()
    expect(frame.get_by_text(f"0 of {STEPS_OF_SEGMENT_1} steps done")).to_be_visible()
    frame.evaluate("location.reload()")
    expect(frame.get_by_role("checkbox").first).not_to_be_checked()


def test_a_second_visit_leads_back_to_where_the_participant_left(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    sub = lms.make_person()
    first = lms.open_in_frame(make_window().new_page(), sub, "link-segment-2")
    expect(first.get_by_role("heading", level=1)).to_be_visible()
    second = lms.open_in_frame(make_window().new_page(), sub)
    second.get_by_role("link", name="Continue segment 2").click()
    second.wait_for_url("**/module-1/segment-2")


def test_a_link_opens_its_module_and_its_segment(page: Page, lms: Lms) -> None:
    sub = lms.make_person()
    assert lms.open_in_frame(page, sub, MODULE).url.endswith("/participant/modules/module-1")
    assert lms.open_in_frame(page, sub, SEGMENT).url.endswith("/participant/modules/module-1/segment-1")


def test_the_gradebook_shows_the_share_of_steps_that_are_done(page: Page, lms: Lms) -> None:
    sub = lms.make_person()
    frame = lms.open_in_frame(page, sub, SEGMENT)
    tick(frame, FIRST_STEP)
    cell = lms.wait_for_grade(sub, 100 / STEPS_OF_SEGMENT_1)
    assert (cell["activity_progress"], cell["grading_progress"]) == ("InProgress", "FullyGraded")


def test_coach_and_teacher_see_what_their_participant_did(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    """The participant begins where the sample's past left her: four steps of the first segment are done."""
    lms.speak("participant-2", "en")
    lms.speak("coach-1", "en")
    participant = lms.open_in_frame(make_window().new_page(), "participant-2", SEGMENT)
    tick(participant, NEXT_STEP)
    coach = lms.open_in_frame(make_window().new_page(), "coach-1")
    coach.get_by_role("link", name="Participants").first.click()
    row = coach.get_by_role("row").filter(has_text="陳美玲").filter(has_text="Module 1")
    expect(row).to_contain_text(f"5 of {STEPS} steps")
    row.get_by_role("link").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("陳美玲")
    expect(coach.get_by_text(f"5 of {STEPS_OF_SEGMENT_1} steps done")).to_be_visible()
    teacher = lms.open_in_frame(make_window().new_page(), "teacher-1")
    teacher.get_by_role("link", name="Cohort").first.click()
    teacher.get_by_role("searchbox").fill("陳美玲")
    teacher.get_by_role("searchbox").press("Enter")
    expect(teacher.get_by_role("row").filter(has_text="陳美玲").filter(has_text="Module 1")).to_contain_text(
        f"5 of {STEPS} steps"
    )


def test_an_administrator_whom_the_registration_trusts_reads_the_programme(page: Page, lms: Lms) -> None:
    lms.speak("admin-1", "en")
    frame = lms.open_in_frame(page, "admin-1")
    frame.goto(inside(frame.url, "/administrator/"))  # the sample lets her coach as well
    frame.get_by_role("link", name="Programmes").first.click()
    frame.wait_for_url("**/administrator/programmes/**")
    frame.goto(inside(frame.url, "/administrator/programmes/leadership"))
    frame.get_by_role("link", name="Segment 1: History").click()
    expect(frame.get_by_role("heading", name="Session 1", exact=True)).to_be_visible()


def test_the_command_line_lets_an_administrator_in_without_an_lms(page: Page, house: House, lms: Lms) -> None:
    address = house.command("institute", "admin-link").splitlines()[0]
    page.goto(address)
    page.locator("main form button").click()
    page.wait_for_url("**/administrator/")
    expect(page.locator("a[href$='/administrator/programmes/']").first).to_be_visible()


def test_the_script_of_a_session_is_for_coaches_not_for_participants(page: Page, lms: Lms) -> None:
    secret = "Do not assess today."
    frame = lms.open_in_frame(page, lms.make_person(), SEGMENT)
    assert secret not in frame.content()
    lms.speak("teacher-1", "en")
    frame = lms.open_in_frame(page, "teacher-1", SEGMENT)
    expect(frame.get_by_text(secret)).to_be_visible()
