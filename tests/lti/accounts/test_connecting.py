"""Two accounts become one person by a code, confirmed in both; and two again."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from institute import clock
from institute.actors import Actor, Role
from institute.db import db
from institute.people.granting import grant_role
from institute.people.linking import same_person
from institute.people.models import Person, PersonLink
from tests.browsing import Visitor
from tests.lti.accounts.sides import Side, code_id_on, code_on, connect

MakeSide = Callable[..., Side]


def test_a_code_shown_here_typed_there_and_confirmed_in_both_makes_one_person(make_side: MakeSide) -> None:
    moodle, canvas = make_side("moodle"), make_side("canvas")
    here, there = moodle.enter(), canvas.enter()
    done = connect(here, there)
    assert "The accounts are connected" in done.text
    link = db.session.scalars(select(PersonLink)).one()
    assert same_person(link.kept_id) == {link.kept_id, link.other_id}
    assert all(name in done.text for name in ("moodle", "canvas", "Lucía of canvas"))


def test_nothing_is_connected_before_both_have_confirmed(make_side: MakeSide) -> None:
    here, there = make_side("moodle").enter(), make_side("canvas").enter()
    here.post("/accounts/code")
    there.post("/accounts/type", {"code": code_on(here.get("/accounts/"))})
    number = code_id_on(there.get("/accounts/"))
    assert here.post(f"/accounts/{number}/agree").status_code == 409
    assert db.session.scalars(select(PersonLink)).all() == []
    assert here.post(f"/accounts/{number}/confirm").status_code == 404
    there.post(f"/accounts/{number}/confirm")
    assert there.post(f"/accounts/{number}/agree").status_code == 404
    assert db.session.scalars(select(PersonLink)).all() == []


def test_a_code_is_taken_however_it_is_typed_and_only_once(make_side: MakeSide) -> None:
    here, there, third = (make_side(name).enter() for name in ("moodle", "canvas", "sakai"))
    here.post("/accounts/code")
    code = code_on(here.get("/accounts/"))
    assert there.post("/accounts/type", {"code": f"  {code.lower().replace('-', ' ')} "}).status_code == 303
    late = third.post("/accounts/type", {"code": code})
    assert (late.status_code, "not known, or it is too old" in late.text, code in late.text) == (
        422,
        True,
        True,
    )


def test_a_code_ends_after_a_quarter_of_an_hour_and_by_a_new_one(make_side: MakeSide) -> None:
    here, there = make_side("moodle").enter(), make_side("canvas").enter()
    here.post("/accounts/code")
    first = code_on(here.get("/accounts/"))
    here.post("/accounts/code")
    second = code_on(here.get("/accounts/"))
    assert there.post("/accounts/type", {"code": first}).status_code == 422
    with clock.shift(seconds=15 * 60 + 1):
        assert there.post("/accounts/type", {"code": second}).status_code == 422
    assert there.post("/accounts/type", {"code": second}).status_code == 303


def test_what_is_typed_wrong_is_refused_with_a_sentence_and_five_times_an_hour(make_side: MakeSide) -> None:
    here, there = make_side("moodle").enter(), make_side("canvas").enter()
    here.post("/accounts/code")
    own = here.post("/accounts/type", {"code": code_on(here.get("/accounts/"))})
    assert (own.status_code, "the code of this very account" in own.text) == (422, True)
    for wrong in ("", "\x00", "🙂" * 3000, "AAAA-AAAA", "AAAA-AAAB"):
        assert there.post("/accounts/type", {"code": wrong}).status_code == 422
    assert there.post("/accounts/type", {"code": code_on(here.get("/accounts/"))}).status_code == 429


def test_either_side_can_say_no(make_side: MakeSide) -> None:
    here, there = make_side("moodle").enter(), make_side("canvas").enter()
    for refuser in (here, there):
        here.post("/accounts/code")
        there.post("/accounts/type", {"code": code_on(here.get("/accounts/"))})
        number = code_id_on(there.get("/accounts/"))
        assert refuser.post(f"/accounts/{number}/refuse").status_code == 303
        assert there.post(f"/accounts/{number}/confirm").status_code == 409
    assert db.session.scalars(select(PersonLink)).all() == []


def test_a_third_person_can_neither_see_nor_answer_it(make_side: MakeSide) -> None:
    here, there, third = (make_side(name).enter() for name in ("moodle", "canvas", "sakai"))
    here.post("/accounts/code")
    there.post("/accounts/type", {"code": code_on(here.get("/accounts/"))})
    number = code_id_on(there.get("/accounts/"))
    assert "Lucía of" not in third.get("/accounts/").text.partition("</h1>")[2]
    for act in ("confirm", "agree", "refuse"):
        assert third.post(f"/accounts/{number}/{act}").status_code == 404


def test_rights_do_not_pass_to_a_platform_that_is_not_trusted(make_side: MakeSide, system: Actor) -> None:
    moodle, canvas = make_side("moodle"), make_side("canvas")
    here, there = moodle.enter(), canvas.enter()
    grant_role(moodle.person_id(), Role.TRAINER, actor=system)
    here.post("/accounts/code")
    refused = there.post("/accounts/type", {"code": code_on(here.get("/accounts/"))})
    assert (refused.status_code, "ACCOUNT-RIGHTS" in refused.text) == (403, True)


def test_one_is_not_connected_twice(make_side: MakeSide) -> None:
    moodle, canvas = make_side("moodle"), make_side("canvas")
    connect(moodle.enter(), canvas.enter())
    here, there = moodle.enter(), canvas.enter()
    there.post("/accounts/code")
    again = here.post("/accounts/type", {"code": code_on(there.get("/accounts/"))})
    assert (again.status_code, "belong together already" in again.text) == (409, True)


def test_a_session_without_an_account_is_told_to_come_from_a_course(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(make_person(), roles=[Role.PARTICIPANT])
    page = visitor.get("/accounts/")
    assert (page.status_code, "Open the tool from your course" in page.text) == (403, True)


def test_both_platforms_lead_to_one_record_wherever_it_is(make_side: MakeSide) -> None:
    """Each course keeps what was begun in it; a course that is new to both opens with the account that was kept."""
    moodle, canvas = make_side("moodle"), make_side("canvas")
    before = moodle.person_id(), canvas.person_id()
    connect(moodle.enter(), canvas.enter())
    assert (moodle.person_id(), canvas.person_id()) == before


def test_in_a_cohort_that_both_are_in_the_account_that_showed_the_code_counts_until_it_is_undone(
    make_side: MakeSide,
    make_cohort: Callable[..., object],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    cohort = make_cohort()
    moodle, canvas = make_side("moodle", cohort_id=cohort), make_side("canvas", cohort_id=cohort)
    kept, other = moodle.person_id(), canvas.person_id()
    connect(moodle.enter(), canvas.enter())
    assert canvas.person_id() == moodle.person_id() == kept
    administrator = sign_in(make_person(name="Ruth Mensah"), roles=[Role.ADMINISTRATOR])
    page = administrator.get("/administrator/accounts/")
    assert "Lucía of moodle" in page.text
    link = db.session.scalars(select(PersonLink)).one()
    assert administrator.post(f"/administrator/accounts/{link.id}/undo").status_code == 303
    assert (moodle.person_id(), canvas.person_id()) == (kept, other)
    assert "Told apart on" in administrator.get("/administrator/accounts/").text
    assert not any(person.linked for person in db.session.scalars(select(Person)))
