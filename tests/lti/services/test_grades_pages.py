"""The pages about grades: what each link sends, what did not arrive and why, choosing and trying again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event

from institute.actors import Role
from institute.db import db, transaction
from institute.people.models import Institute, Person
from lti.sandbox.faults import Fault
from lti.sandbox.server import RunningSandbox
from lti.services.models import ScoreState
from lti.services.scopes import LINE_ITEM_READONLY, SCORE
from tests.browsing import Visitor
from tests.lti.services.classroom import Classroom
from tests.lti.services.test_delivery import COLUMN, cells

SignIn = Callable[..., Visitor]
MakePerson = Callable[..., Person]
GRADES = "/administrator/grades"


@pytest.fixture
def administrator(make_person: MakePerson, sign_in: SignIn) -> Visitor:
    """Somebody who administers the institute, in a browser."""
    return sign_in(make_person(name="Ruth"), roles=[Role.ADMINISTRATOR])


def test_page_without_any_link_says_what_will_stand_there(administrator: Visitor) -> None:
    page = administrator.get(f"{GRADES}/")
    assert page.status_code == 200
    assert "No link yet" in page.text


def test_links_are_listed_with_what_they_send_and_what_did_not_arrive(
    classroom: Classroom, platform: RunningSandbox, administrator: Visitor
) -> None:
    failing = classroom.link(ags_scopes=[SCORE, LINE_ITEM_READONLY])
    classroom.link("hours", target="hours:mine", title="<b>Hours</b>")
    classroom.tick(classroom.learner(failing), 1)
    classroom.work()
    page = administrator.get(f"{GRADES}/").text
    for text in (COLUMN, "Coaching hours", "1 did not arrive", "Nothing to send yet", "has no column"):
        assert text in page
    assert "<b>Hours" not in page
    page = administrator.get(f"{GRADES}/link/{failing.id}").text
    for text in ("participant-1", "20 of 100", "Did not arrive", "has no column", "Try all again now"):
        assert text in page


def test_one_and_all_are_tried_again_at_once_even_while_the_platform_is_left_alone(
    classroom: Classroom, platform: RunningSandbox, administrator: Visitor
) -> None:
    link = classroom.link()
    people = [classroom.learner(link, sub) for sub in ("participant-1", "participant-2")]
    platform.sandbox.faults.add(Fault("scores", 503, headers={"Retry-After": "3600"}))
    for learner in people:
        classroom.tick(learner, 1)
    classroom.work()
    platform.sandbox.faults.clear()
    classroom.work()
    assert cells(platform) == {}
    [first, _] = classroom.scores()
    answer = administrator.post(f"{GRADES}/link/{link.id}/score/{first.id}/retry", {})
    assert answer.status_code == 303
    classroom.work()
    assert len(cells(platform)) == 1
    assert administrator.post(f"{GRADES}/link/{link.id}/retry", {"again": "1"}).status_code == 303
    classroom.work()
    assert {score.state for score in classroom.scores()} == {ScoreState.SENT}


def test_a_choice_is_saved_and_a_wrong_one_refused(classroom: Classroom, administrator: Visitor) -> None:
    link = classroom.link(target=None)
    path = f"{GRADES}/link/{link.id}"
    assert administrator.post(f"{path}/choice", {"grade": "level"}).status_code == 303
    assert 'value="level" checked' in administrator.get(path).text
    for wrong in ("evidence", "", "\x00", "9" * 10_000):
        assert administrator.post(f"{path}/choice", {"grade": wrong}).status_code == 422
    assert 'value="level" checked' in administrator.get(path).text


def test_facilitators_look_after_the_cohort_that_they_lead_and_no_other(
    classroom: Classroom, make_person: MakePerson, sign_in: SignIn
) -> None:
    link = classroom.link()
    learner = classroom.learner(link)
    classroom.tick(learner, 1)
    leads = sign_in(make_person(name="Leads"), roles=[Role.FACILITATOR], place=classroom.cohort_id)
    assert COLUMN in leads.get("/facilitator/grades/").text
    assert leads.get(f"/facilitator/grades/link/{link.id}").status_code == 200
    assert leads.post(f"/facilitator/grades/link/{link.id}/choice", {"grade": "none"}).status_code == 303
    with transaction():
        classroom.context.cohort_id = classroom.context.bound_at = None
    assert COLUMN not in leads.get("/facilitator/grades/").text
    [score] = classroom.scores()
    for path in (f"link/{link.id}/choice", f"link/{link.id}/retry", f"link/{link.id}/score/{score.id}/retry"):
        assert leads.post(f"/facilitator/grades/{path}", {"grade": "none"}).status_code == 404
    assert leads.get(f"/facilitator/grades/link/{link.id}").status_code == 404


def test_another_institutes_links_are_not_there(
    classroom: Classroom, make_institute: Callable[..., Institute], make_person: MakePerson, sign_in: SignIn
) -> None:
    link = classroom.link()
    classroom.tick(classroom.learner(link), 1)
    [score] = classroom.scores()
    stranger = make_person(institute_id=make_institute().id)
    visitor = sign_in(stranger, roles=[Role.ADMINISTRATOR])
    assert COLUMN not in visitor.get(f"{GRADES}/").text
    for path in (f"link/{link.id}", f"column/{score.line_item_id}"):
        assert visitor.get(f"{GRADES}/{path}").status_code == 404
        assert visitor.post(f"{GRADES}/{path}/retry", {}).status_code == 404
        assert visitor.post(f"{GRADES}/{path}/score/{score.id}/retry", {}).status_code == 404


def test_pages_ask_as_little_of_many_scores_as_of_few(classroom: Classroom, administrator: Visitor) -> None:
    link = classroom.link()
    asked, text = [], ""
    for numbers in (range(2), range(2, 70)):
        for number in numbers:
            classroom.tick(classroom.learner(link, f"somebody-{number}"), 1)
        found: list[object] = []

        def note(*statement: object, into: list[object] = found) -> None:
            into.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        page = administrator.get(f"{GRADES}/link/{link.id}?page=2")
        event.remove(db.engine, "before_cursor_execute", note)
        asked.append(len(found))
        text = page.text
    assert "Page 2 of 2" in text
    assert asked[0] == asked[1] <= 9


@pytest.mark.parametrize("page", ["0", "-5", "x", "9" * 40])
def test_no_page_number_is_an_accident(classroom: Classroom, administrator: Visitor, page: str) -> None:
    link = classroom.link()
    assert administrator.get(f"{GRADES}/?page={page}").status_code == 200
    assert administrator.get(f"{GRADES}/link/{link.id}?page={page}").status_code == 200
