"""Gradebook columns: lists read to their end however the links are written, found again, used as the library does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.lineitem import LineItem as LibraryLineItem

from lti.services.accounts import Account
from lti.services.connector import PlatformConnector
from lti.services.lineitems import Column, find
from lti.services.models import ScoreState
from lti.services.scopes import LINE_ITEM, LINE_ITEM_READONLY, LINE_ITEM_TYPE, LINE_ITEMS_TYPE, SCORE_TYPE
from tests.lti.services.classroom import ALL_SCOPES, TARGET, Classroom
from tests.lti.services.scripted import Say, ScriptedPlatform

OTHERS = {
    "id": "http://lms.example.org/item/1",
    "label": "Essay",
    "scoreMaximum": 10,
    "resourceLinkId": "else",
}
CURLY = "rel=\u00e2\u0080\u009cnext\u00e2\u0080\u009d"  # UTF-8 read as Latin-1
FIRST = CURLY.replace("next", "first")

FOLLOWED = {
    "as the standard says": '<{url}/Page/Two?x=1&y=2>; rel="next"',
    "no quotes": "<{url}/Page/Two?x=1&y=2>;rel=next",
    "single quotes": "<{url}/Page/Two?x=1&y=2>; rel='next'",
    "parameters before": '<{url}/Page/Two?x=1&y=2>; title="a, b; <c>"; rel="next"',
    "several relations": '<{url}/Page/Two?x=1&y=2>; rel="last next"',
    "upper case": '<{url}/Page/Two?x=1&y=2>; REL="NEXT"',
    "empty parameters": '<{url}/Page/Two?x=1&y=2>;; ; rel="next";',
    "relative": '</Page/Two?x=1&y=2>; rel="next"',
    "escaped and curly, as Moodle": f"<{{url}}/?x=0>; {FIRST}, <{{url}}/Page/Two?x=1&amp;y=2>; {CURLY}",
    "others around it": '<{url}/a,b>; rel="first", <{url}/Page/Two?x=1&y=2>; rel="next", <{url}/c>; rel="last"',
    "spaces": '  < {url}/Page/Two?x=1&y=2 > ; rel = "next" ',
}
NOT_FOLLOWED = {
    "no link": "",
    "another relation": '<{url}/Page/Two?x=1&y=2>; rel="prev"',
    "the word elsewhere": '<{url}/Page/Two?x=1&y=2>; title="rel=next"; rel="prev"',
    "another host": '<http://elsewhere.example.org/Page/Two>; rel="next"',
    "another scheme": '<ftp://127.0.0.1/Page/Two>; rel="next"',
    "no address": '<http://[>; rel="next"',
    "no brackets": '{url}/Page/Two?x=1&y=2; rel="next"',
    "itself": '<{url}/lineitems>; rel="next"',
}


def list_pages(scripted: ScriptedPlatform, header: str) -> None:
    """Put our column on a second page to which ``header`` leads."""
    ours = {
        "id": f"{scripted.url}/item/2?type_id=1",
        "label": "Ours",
        "scoreMaximum": 100,
        "resourceId": TARGET,
        "tag": "progress",
        "resourceLinkId": "link-segment-1",
    }
    headers = {"Content-Type": LINE_ITEMS_TYPE, "Link": header.replace("{url}", scripted.url)}
    scripted.tell("GET", "/lineitems", Say(200, [OTHERS], headers))
    scripted.tell("GET", "/Page/Two", Say(200, [ours], {"Content-Type": LINE_ITEMS_TYPE}))
    scripted.tell("POST", "/lineitems", Say(201, {**ours, "id": f"{scripted.url}/item/3"}))
    scripted.tell("POST", "/item/2/scores", Say())
    scripted.tell("POST", "/item/3/scores", Say())


def deliver(classroom: Classroom) -> None:
    """Do one step, and let it be delivered."""
    learner = classroom.learner(classroom.link())
    classroom.tick(learner, 1)
    classroom.work()
    assert [score.state for score in classroom.scores()] == [ScoreState.SENT]


def found_with(scripted: ScriptedPlatform, classroom: Classroom, header: str) -> str | None:
    """Look for our column where the first page carries ``header``."""
    list_pages(scripted, header)
    scripted.asked.clear()
    column = Column("link-segment-1", TARGET, "progress", "Ours", 100)
    connector = PlatformConnector(Account.of(classroom.registration))
    return find(connector, f"{scripted.url}/lineitems", column, ALL_SCOPES)


def test_the_next_page_is_found_however_its_link_is_written(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    for name, header in FOLLOWED.items():
        found = found_with(scripted, scripted_classroom, header)
        assert found == f"{scripted.url}/item/2?type_id=1", name
        assert [asked.query for asked in scripted.asked_for("/Page/Two")] == [{"x": ["1"], "y": ["2"]}], name


def test_what_is_no_next_page_is_not_followed(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    for name, header in NOT_FOLLOWED.items():
        assert found_with(scripted, scripted_classroom, header) is None, name
        assert scripted.asked_for("/Page/Two") == [], name


def test_a_platform_whose_pages_never_end_is_not_read_for_ever(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    list_pages(scripted, '<{url}/Page/Two>; rel="next"')
    again = Say(200, [OTHERS], {"Link": f'<{scripted.url}/lineitems?again>; rel="next"'})
    scripted.tell("GET", "/Page/Two", again)
    deliver(scripted_classroom)
    assert len(scripted.asked_for("/Page/Two")) <= 4


def test_the_strict_media_types_are_sent_and_no_limit(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    list_pages(scripted, "")
    deliver(scripted_classroom)
    lists = [asked for asked in scripted.asked_for("/lineitems") if asked.method == "GET"]
    [made] = [asked for asked in scripted.asked_for("/lineitems") if asked.method == "POST"]
    [sent] = scripted.asked_for("/item/3/scores")
    assert {asked.headers["Accept"] for asked in lists} == {LINE_ITEMS_TYPE}
    assert made.headers["Content-Type"] == made.headers["Accept"] == LINE_ITEM_TYPE
    assert sent.headers["Content-Type"] == SCORE_TYPE
    assert all("limit" not in asked.query for asked in scripted.asked)
    assert made.json == {
        "label": "Title of link-segment-1",
        "scoreMaximum": 100,
        "resourceId": TARGET,
        "tag": "progress",
        "resourceLinkId": "link-segment-1",
    }
    scopes = {asked.form["scope"] for asked in scripted.asked_for("/token")}
    assert LINE_ITEM_READONLY in scopes
    assert LINE_ITEM in scopes


FOUND = {
    "bound to the link": {"resourceId": TARGET, "tag": "progress", "resourceLinkId": "link-segment-1"},
    "loose, as after a course copy": {"resourceId": TARGET, "tag": "progress"},
    "the platform's own for the link": {"resourceLinkId": "link-segment-1"},
}
OVERLOOKED = {
    "of another link": {"resourceId": TARGET, "tag": "progress", "resourceLinkId": "link-of-another"},
    "of another kind": {"resourceId": TARGET, "tag": "evidence", "resourceLinkId": "link-segment-1"},
    "of nothing": {},
}


def offered(scripted: ScriptedPlatform, classroom: Classroom, names: Mapping[str, str]) -> str | None:
    """Look for our column among others and one with these ``names``."""
    item = {"id": f"{scripted.url}/item/2", "label": "A", "scoreMaximum": 7, **names}
    scripted.tell("GET", "/lineitems", Say(200, [OTHERS, "no object", {"id": 7}, item]))
    column = Column("link-segment-1", TARGET, "progress", "Ours", 100)
    connector = PlatformConnector(Account.of(classroom.registration))
    return find(connector, f"{scripted.url}/lineitems", column, ALL_SCOPES)


def test_a_column_that_is_ours_is_found_and_no_other(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    for name, names in FOUND.items():
        assert offered(scripted, scripted_classroom, names) == f"{scripted.url}/item/2", name
    for name, names in OVERLOOKED.items():
        assert offered(scripted, scripted_classroom, names) is None, name


def test_moodles_own_answers_are_understood(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    """A page of line items with Moodle's broken links, a column made, a stale answer, a person refused."""
    moodle = {"http://127.0.0.1:8081": scripted.url}
    path = "/mod/lti/services.php/2/lineitems"
    scripted.tell("POST", "/token", Say.recorded("token-all-scopes"))
    first_page = Say.recorded("ags-lineitems-limit1", **moodle)
    scripted.tell("GET", path, first_page, Say.recorded("ags-lineitems", **moodle))
    scripted.tell("POST", path, Say.recorded("ags-lineitem-create", **moodle))
    stale, taken = Say.recorded("ags-score-same-timestamp-again"), Say.recorded("ags-score-post")
    scripted.tell("POST", f"{path}/4/lineitem/scores", stale, taken, Say.recorded("ags-score-teacher"))
    link = scripted_classroom.link(lineitems_url=f"{scripted.url}{path}?type_id=1")
    learner = scripted_classroom.learner(link)
    scripted_classroom.tick(learner, 1)
    scripted_classroom.work_through(timedelta(seconds=30))
    assert [score.state for score in scripted_classroom.scores()] == [ScoreState.SENT]
    following = [asked for asked in scripted.asked_for(path) if "from" in asked.query]
    assert following[0].query == {"type_id": ["1"], "limit": ["1"], "from": ["1"]}
    scripted_classroom.tick(learner, 2)
    scripted_classroom.work_through(timedelta(seconds=30))
    assert [score.state for score in scripted_classroom.scores()] == [ScoreState.NOT_IN_COURSE]


def test_the_librarys_own_grade_service_works_through_the_connector(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    connector = PlatformConnector(Account.of(scripted_classroom.registration))
    data = {"scope": ALL_SCOPES, "lineitems": f"{scripted.url}/lineitems"}
    service = AssignmentsGradesService(connector, data)  # type: ignore[arg-type]
    page_two = f'<{scripted.url}/Page/Two>; title="more"; rel=next'
    scripted.tell("GET", "/lineitems", Say(200, [OTHERS], {"Link": page_two}))
    scripted.tell("GET", "/Page/Two", Say(200, [OTHERS]))
    assert len(service.get_lineitems()) == 2
    scripted.tell("GET", "/lineitems", Say(200, []))
    scripted.tell("POST", "/lineitems", Say(201, OTHERS))
    wanted = LibraryLineItem().set_tag("hours").set_score_maximum(10).set_label("Hours")
    assert service.find_or_create_lineitem(wanted).get_id() == OTHERS["id"]
