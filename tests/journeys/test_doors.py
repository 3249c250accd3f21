"""The door in a browser: frames, windows, courses nobody has set up, links that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, Route, expect

from tests.journeys.cookies import CookieSite
from tests.journeys.house import House
from tests.journeys.lms import HOME, INSTRUCTOR, SEGMENT, Lms, settle
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}%(name)s\u202eevil"
SET_COOKIE = "set-cookie"


def keep_no_cookie_in_window(route: Route) -> None:
    """Answer as the server does, without its cookies: what a browser does that blocks all of them.

    What is fetched on the browser's behalf says where it will stand, as the browser itself would.
    """
    sent = {**route.request.headers, "sec-fetch-dest": "document"}
    answer = route.fetch(headers=sent, max_redirects=0)
    route.request.frame.page.context.clear_cookies()  # what is fetched here shares the window's cookies
    kept = {name: value for name, value in answer.headers.items() if name != SET_COOKIE}
    route.fulfill(status=answer.status, headers=kept, body=answer.body())


def heading(frame: Frame | Page) -> str:
    """Return the page's title as it is shown."""
    return frame.get_by_role("heading", level=1).inner_text()


def test_this_browser_blocks_plain_cookies_of_another_site_in_a_frame(
    page: Page, watch: Watch, cookie_site: CookieSite
) -> None:
    watch.allow(cookie_site.top, cookie_site.framed)
    page.goto(cookie_site.top)
    frame = page.frame(name="framed")
    assert frame is not None
    frame.get_by_role("link", name="What came back").click()
    frame.wait_for_url("**/back")
    assert frame.inner_text("p") == "partitioned=1"


def test_three_people_in_three_frames_of_one_page_stay_three(page: Page, lms: Lms) -> None:
    people = {lms.make_person(name): name for name in ("Rosa Delgado", "美玲 林", "سارة منصور")}
    page.goto(f"{lms.url}/three?link={HOME}" + "".join(f"&as={sub}" for sub in people))
    frames = {sub: settle(page, f"tool-{sub}", lms.tool_url) for sub in people}
    for sub, name in people.items():
        assert name in heading(frames[sub])
    first, *others = people
    frames[first].get_by_role("link", name="Start segment 1").click()
    frames[first].get_by_role("checkbox").first.check()
    expect(frames[first].get_by_text("Saved", exact=True)).to_be_visible()
    for sub in people:
        frames[sub].goto(frames[sub].url.split("/participant/")[0] + "/")
    for sub, name in people.items():
        assert name in heading(frames[sub])
    expect(frames[first].get_by_text("1 of 7 steps done")).to_be_visible()
    for sub in others:
        expect(frames[sub].get_by_text("0 of 7 steps done")).to_be_visible()


def test_a_link_opens_in_a_window_of_its_own(page: Page, lms: Lms) -> None:
    lms.open_in_window(page, lms.make_person("Rosa Delgado"))
    assert "Rosa Delgado" in heading(page)
    page.reload()
    assert "Rosa Delgado" in heading(page)


def test_a_learner_before_the_course_is_set_up_reads_so_and_a_teacher_sets_it_up(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    course = lms.make_course("Mentoring practice")
    learner = lms.make_person("Rosa Delgado", course=course)
    teacher = lms.make_person("Ana Teacher", course=course, role=INSTRUCTOR)
    page = make_window().new_page()
    frame = lms.open_in_frame(page, learner, course, course=course)
    assert heading(frame) == "This course is not set up yet"
    lms.connect_course(make_window().new_page(), teacher, course)
    frame = lms.open_in_frame(page, learner, course, course=course)
    assert "Rosa Delgado" in heading(frame)
    expect(frame.get_by_role("link", name="Start segment 1")).to_be_visible()


def test_a_course_connected_without_enrolling_leaves_that_to_the_institute(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    course = lms.make_course()
    learner = lms.make_person(course=course)
    teacher = lms.make_person(course=course, role=INSTRUCTOR)
    lms.connect_course(make_window().new_page(), teacher, course, enrol_learners=False)
    frame = lms.open_in_frame(make_window().new_page(), learner, course, course=course)
    assert heading(frame) == "You are not in this cohort"


@pytest.mark.parametrize(
    "target", ["module:leadership/module-99", "certificate:7", "nonsense", "segment:../../x"]
)
def test_a_link_whose_target_is_gone_says_so_and_leads_on(
    page: Page, watch: Watch, lms: Lms, target: str
) -> None:
    watch.expect(404)
    frame = lms.open_in_frame(page, lms.make_person(), lms.make_link(target))
    assert heading(frame) == "What this link opened is not here any more"
    frame.get_by_role("link", name="Go to the start page of the programme").click()
    expect(frame.get_by_role("link", name="Start segment 1")).to_be_visible()


def test_a_hostile_name_is_shown_as_text_everywhere(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    sub = lms.make_person(HOSTILE)
    visible = HOSTILE.replace("\u202e", "")
    frame = lms.open_in_frame(make_window().new_page(), sub)
    assert visible in heading(frame).replace("\u202e", "")
    lms.speak("teacher-1", "en")
    teacher = lms.open_in_frame(make_window().new_page(), "teacher-1")
    teacher.get_by_role("link", name="Cohort").first.click()
    link = teacher.get_by_role("link").filter(has_text="<script>")
    assert visible in link.inner_text().replace("\u202e", "")
    link.click()
    teacher.wait_for_url("**/members/*")
    assert visible in heading(teacher).replace("\u202e", "")


def test_the_language_can_be_changed_on_any_page_and_stays(page: Page, lms: Lms) -> None:
    frame = lms.open_in_frame(page, lms.make_person(), SEGMENT)
    frame.get_by_label("Language: English").click()
    frame.get_by_role("button", name="العربية").click()
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    assert frame.locator("html").get_attribute("lang") == "ar"
    assert frame.url.endswith("/segment-1")
    frame.get_by_role("link", name="الوحدات").first.click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("الوحدات")


def test_the_platforms_language_is_the_first_page_s_language(page: Page, lms: Lms) -> None:
    for locale, tag in (("zh-TW", "zh-Hant"), ("vi", "vi"), ("es-MX", "es"), ("ar-EG", "ar")):
        frame = lms.open_in_frame(page, lms.make_person(locale=locale))
        assert frame.locator("html").get_attribute("lang") == tag


def test_a_platform_that_answers_with_an_error_gets_a_page(page: Page, watch: Watch, house: House) -> None:
    watch.expect(400, 401, 403)
    page.goto(f"{house.tool_url}/lti/launch?error=login_required&state=unknown")
    assert heading(page) == "Your learning platform did not sign you in"


def test_a_session_s_address_opens_nothing_in_another_browser(
    make_window: Callable[..., BrowserContext], lms: Lms
) -> None:
    page = lms.open_in_window(make_window().new_page(), lms.make_person())
    stranger = make_window()
    Watch.of(stranger).expect(401)
    other = stranger.new_page()
    other.goto(page.url)
    assert heading(other) == "Your visit has ended"
