"""Who is one person with two accounts is one person to every duty, and has no more rights than before."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.people.granting import grant_role
from institute.people.linking import link_people, rows_of, unlink_people
from institute.people.models import Institute, Person, PersonLink
from lti.launches.models import LtiIdentity
from lti.platforms.models import Registration
from tests.browsing import Visitor
from tests.lti.accounts.sides import Side, code_on, connect

MakeSide = Callable[..., Side]


def test_an_undone_connection_ends_the_sessions_that_show_the_others_record(
    make_side: MakeSide, make_cohort: Callable[..., object], system: Actor
) -> None:
    cohort = make_cohort()
    moodle, canvas = make_side("moodle", cohort_id=cohort), make_side("canvas", cohort_id=cohort)
    stranger = make_side("sakai", cohort_id=cohort).enter()
    kept = moodle.person_id()
    connect(moodle.enter(), canvas.enter())
    assert canvas.person_id() == kept
    inside = canvas.enter()
    assert inside.get("/participant/").status_code == 200
    unlink_people(db.session.scalars(select(PersonLink.id)).one(), actor=system)
    assert inside.get("/participant/").status_code != 200
    assert stranger.get("/participant/").status_code == 200


def test_rights_given_after_the_connection_do_not_come_through_a_platform_that_is_not_trusted(
    make_side: MakeSide, make_cohort: Callable[..., object], system: Actor
) -> None:
    cohort = make_cohort()
    moodle, canvas = make_side("moodle", cohort_id=cohort), make_side("canvas", cohort_id=cohort)
    kept, other = moodle.person_id(), canvas.person_id()
    connect(moodle.enter(), canvas.enter())
    assert canvas.person_id() == kept
    grant_role(kept, Role.ADMINISTRATOR, actor=system)
    assert canvas.person_id() == other
    assert canvas.enter().get("/administrator/").status_code == 403
    with transaction() as session:
        session.query(Registration).filter_by(name="canvas").one().trust_administrators = True
    assert canvas.person_id() == kept


def test_trust_of_another_institute_is_no_trust_of_this_one(
    make_side: MakeSide, make_institute: Callable[..., Institute], system: Actor
) -> None:
    moodle, canvas = make_side("moodle"), make_side("canvas")
    here, there = moodle.enter(), canvas.enter()
    grant_role(moodle.person_id(), Role.TRAINER, actor=system)
    elsewhere = make_institute().id
    with transaction() as session:
        session.query(Registration).update({"trust_administrators": True})
        session.query(Registration).filter_by(name="canvas").one().institute_id = elsewhere
    here.post("/accounts/code")
    refused = there.post("/accounts/type", {"code": code_on(here.get("/accounts/"))})
    assert (refused.status_code, "ACCOUNT-RIGHTS" in refused.text) == (403, True)
    assert db.session.scalars(select(LtiIdentity)).all() != []


def test_rows_of_several_people_are_found_along_each_chain(
    make_person: Callable[..., Person], system: Actor
) -> None:
    one, two, three, four, alone = (make_person(name=f"Person {number}").id for number in range(5))
    link_people(one, two, actor=system)
    link_people(three, two, actor=system)
    middle = link_people(four, three, actor=system)
    assert rows_of({one}) == rows_of({four}) == {one, two, three, four}
    assert rows_of({two, alone}) == {one, two, three, four, alone}
    unlink_people(middle, actor=system)
    assert rows_of({one, alone}) == {one, two, three, alone}
    assert rows_of(()) == frozenset()


def test_people_without_names_are_told_apart_by_their_numbers(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], system: Actor
) -> None:
    one, other = make_person(name="").id, make_person(name="").id
    link_people(one, other, actor=system)
    page = sign_in(make_person(name="Ruth Mensah"), roles=[Role.ADMINISTRATOR]).get(
        "/administrator/accounts/"
    )
    assert f"Tell Person {one} and Person {other} apart" in page.text
