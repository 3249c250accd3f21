"""A coordinator's decisions: from when until when, why, and what forbids it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaches.profiles import ProfileDraft, put_profile
from courses.coaching.sheets import Sheet
from courses.coaching.writing import log_session
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import CoachAssignment, EnrolmentId
from courses.cohorts.tracks import Track, put_track
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.people import conflicts, supervising
from institute.people.granting import grant_role
from institute.people.models import Person, Supervision
from tests.browsing import Visitor
from tests.courses.assignments.conftest import Desk
from tests.courses.conftest import Studied
from tests.institute import post

TODAY = datetime(2026, 11, 2, 18, tzinfo=UTC)
Coached = Callable[..., tuple[Person, Person, EnrolmentId, int]]


def assignment_of(enrolment_id: EnrolmentId, session: Session) -> CoachAssignment:
    """Return the last assignment of an enrolment."""
    query = select(CoachAssignment).where(CoachAssignment.enrolment_id == enrolment_id)
    return session.scalars(query.order_by(CoachAssignment.id.desc())).first()  # type: ignore[return-value]


def warned() -> list[str]:
    """Return whom mails have warned of an end by now."""
    return sorted(one["To"] for one in post.deliver() if one["Subject"] == "A coaching ends soon")


def test_the_programme_s_span_is_proposed_and_holds(desk: Desk, studied: Studied, session: Session) -> None:
    put_track(studied.programme_id, Track(span_months=24), actor=desk.system)
    _, enrolment_id = desk.enrol()
    coach = desk.coach()
    with clock.frozen(TODAY):
        path = f"/coordinator/assignments/{enrolment_id}"
        page = desk.visitor.get(path).get_data(as_text=True)
        assert 'value="2028-11-01"' in page
        assert "24 months" in page
        form = {"coach": str(coach.id), "since": "2026-11-02", "ends_on": "2028-11-01"}
        assert desk.visitor.post(path, form).status_code == 303
    assert assignment_of(enrolment_id, session).ends_on == date(2028, 11, 1)


def test_the_caseload_is_shown_beside_the_ratio_and_never_blocks(
    desk: Desk, studied: Studied, make_coached: Coached
) -> None:
    put_track(studied.programme_id, Track(caseload=2), actor=desk.system)
    coach = desk.coach()
    for number in range(3):
        make_coached(name=f"Person {number}", coach=coach)
    _, one_more = desk.enrol(name="One More")
    path = f"/coordinator/assignments/{one_more}"
    assert "3 of 2 people" in desk.visitor.get(path).get_data(as_text=True)
    form = {"coach": str(coach.id), "since": "2026-11-02"}
    assert desk.visitor.post(path, form).status_code == 303
    assert "4 of 2 people" in desk.visitor.get("/coordinator/coaches/").get_data(as_text=True)
    assert "(4 of 2)" in desk.visitor.get("/coordinator/").get_data(as_text=True)


def test_who_speaks_the_language_is_proposed_first(
    desk: Desk, place_at: Callable[..., None], make_coached: Coached
) -> None:
    desk.coach("Zoe", languages=("es", "en"))
    desk.coach("Abel", languages=("en",))
    _, enrolment_id = desk.enrol()
    place_at(enrolment_id, None, language="es")
    page = desk.visitor.get(f"/coordinator/assignments/{enrolment_id}").get_data(as_text=True)
    assert page.index("Zoe") < page.index("Abel")
    assert "speaks Spanish" in page


@pytest.mark.parametrize("turned", [False, True])
def test_a_declared_conflict_refuses_whoever_declared_it(desk: Desk, session: Session, turned: bool) -> None:
    person, enrolment_id = desk.enrol()
    coach = desk.coach()
    two = (coach.id, person.id) if turned else (person.id, coach.id)
    declared = conflicts.declare_between(PersonId(two[0]), PersonId(two[1]), "Sisters.", actor=desk.system)
    path = f"/coordinator/assignments/{enrolment_id}"
    assert "A conflict was declared between the two." in desk.visitor.get(path).get_data(as_text=True)
    form = {"coach": str(coach.id), "since": "2026-11-02"}
    assert desk.visitor.post(path, form).status_code == 422
    assert session.scalars(select(CoachAssignment)).all() == []
    conflicts.end_conflict(declared, actor=desk.system)
    assert desk.visitor.post(path, form).status_code == 303


@pytest.mark.parametrize("turned", [False, True])
def test_nobody_coaches_their_supervisor_or_whom_they_supervise(
    desk: Desk, session: Session, turned: bool
) -> None:
    person, enrolment_id = desk.enrol()
    coach = desk.coach()
    above, below = (coach, person) if turned else (person, coach)
    supervising.note_supervision(
        PersonId(above.id), PersonId(below.id), since=date(2026, 1, 1), actor=desk.system
    )
    path = f"/coordinator/assignments/{enrolment_id}"
    page = desk.visitor.get(path).get_data(as_text=True)
    assert "One of the two supervises the other." in page
    assert ">Assign</button>" not in page  # nobody else is there to be chosen
    answer = desk.visitor.post(path, {"coach": str(coach.id), "since": "2026-11-02"})
    assert answer.status_code == 422
    assert session.scalars(select(CoachAssignment)).all() == []


@pytest.mark.parametrize("turned", [False, True])
def test_nobody_comes_to_supervise_whom_they_coach_or_their_coach(
    coordinator: Visitor, make_coached: Coached, session: Session, turned: bool
) -> None:
    person, coach, _, _ = make_coached()
    above, below = (coach, person) if turned else (person, coach)
    form = {"one": above.name, "other": below.name, "since": "2026-11-02"}
    answer = coordinator.post("/coordinator/apart/supervisions", form)
    assert answer.status_code == 422
    assert "Nobody coaches or rates somebody whom they supervise" in answer.get_data(as_text=True)
    assert session.scalars(select(Supervision)).all() == []


def test_another_coach_is_assigned_with_a_reason_that_stays(desk: Desk, make_coached: Coached) -> None:
    _, _, enrolment_id, _ = make_coached()
    following = desk.coach("Ruth Mensah")
    path = f"/coordinator/assignments/{enrolment_id}"
    form = {"coach": str(following.id), "since": "2026-11-02", "reason": ""}
    with clock.frozen(TODAY):
        refused = desk.visitor.post(path, form)
        assert refused.status_code == 422
        assert "Write in a sentence why." in refused.get_data(as_text=True)
        assert desk.visitor.post(path, {**form, "reason": "Amina moves away."}).status_code == 303
        page = desk.visitor.get(f"/coordinator/people/member/{enrolment_id}").get_data(as_text=True)
    assert "Amina moves away." in page
    assert "November 1, 2026" in page


def test_two_coordinators_at_once_leave_one_open_assignment(desk: Desk, session: Session) -> None:
    _, enrolment_id = desk.enrol()
    first, second = desk.coach("Amina"), desk.coach("Ruth")
    path = f"/coordinator/assignments/{enrolment_id}"
    with clock.frozen(TODAY):
        one = desk.visitor.post(path, {"coach": str(first.id), "since": "2026-11-02"})
        other = desk.visitor.post(
            path, {"coach": str(second.id), "since": "2026-11-02", "reason": "Had the page open."}
        )
    assert (one.status_code, other.status_code) == (303, 422)
    assert [row.coach_id for row in session.scalars(select(CoachAssignment))] == [first.id]


def test_both_are_told_and_sixty_days_before_the_end_coach_and_coordinators(
    desk: Desk, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    person, enrolment_id = desk.enrol(person=make_person(name="Lucía", email="lucia@example.test"))
    assert person.email
    coach = make_person(name="Amina", email="amina@example.test")
    boss = make_person(name="Ana Luz", email="ana@example.test")
    grant_role(PersonId(boss.id), Role.COORDINATOR, actor=desk.system)
    put_profile(PersonId(coach.id), ProfileDraft(), actor=desk.system)
    path = f"/coordinator/assignments/{enrolment_id}"
    form = {"coach": str(coach.id), "since": "2026-11-02", "ends_on": "2027-03-01"}
    with clock.frozen(TODAY):
        assert desk.visitor.post(path, form).status_code == 303
        told = post.deliver()
    assert sorted(one["To"] for one in told) == ["amina@example.test", "lucia@example.test"]
    assert all("Amina" not in one["Subject"] for one in told)
    with clock.frozen(datetime(2026, 12, 30, 18, tzinfo=UTC)):
        assert warned() == []
    with clock.frozen(datetime(2026, 12, 31, 18, tzinfo=UTC)):
        assert warned() == ["amina@example.test", "ana@example.test"]
        assert "March 1, 2027" in sign_in(boss).get("/coordinator/").get_data(as_text=True)
        assert len(warned()) == 2, "once"


def test_a_span_that_was_moved_warns_before_its_new_end(
    desk: Desk, make_person: Callable[..., Person], session: Session
) -> None:
    _, enrolment_id = desk.enrol()
    coach = make_person(name="Amina", email="amina@example.test")
    with clock.frozen(TODAY):
        assign_coach(enrolment_id, PersonId(coach.id), ends_on=date(2027, 3, 1), actor=desk.system)
        row = assignment_of(enrolment_id, session)
        path = f"/coordinator/assignments/{row.id}/extend"
        assert desk.visitor.post(path, {"ends_on": "2026-01-01"}).status_code == 422
        assert desk.visitor.post(path, {"ends_on": "2027-09-01"}).status_code == 303
    with clock.frozen(datetime(2027, 1, 15, 18, tzinfo=UTC)):
        assert warned() == []
    with clock.frozen(datetime(2027, 7, 3, 18, tzinfo=UTC)):
        assert warned() == ["amina@example.test"]


def test_an_ended_assignment_keeps_its_unsettled_logs_answerable(
    desk: Desk, make_coached: Coached, side: Callable[..., Visitor], session: Session
) -> None:
    person, coach, enrolment_id, assignment_id = make_coached()
    with clock.frozen(TODAY):
        sheet = Sheet(
            day="2026-10-30",
            begins="10:00",
            ends="11:00",
            mode="video",
            kind="one_to_one",
            next_steps="Read.",
        )
        acting = Actor(desk.system.institute_id, PersonId(coach.id), frozenset({Role.COACH}))
        log_id = log_session(enrolment_id, sheet, send=True, actor=acting).log_id
        path = f"/coordinator/assignments/{assignment_id}/end"
        assert desk.visitor.post(path, {"last_day": "2026-11-01", "reason": ""}).status_code == 422
        ended = desk.visitor.post(path, {"last_day": "2026-11-01", "reason": "Both agreed."})
        assert ended.status_code == 303
        assert desk.visitor.post(path, {"last_day": "2026-11-01", "reason": "Again."}).status_code == 409
        assert side(coach).get(f"/coach/sessions/{log_id}").status_code == 200
        participant = side(person, Role.PARTICIPANT)
        disputed = {"version": "1", "difference": "length", "reason": "It was shorter."}
        assert participant.post(f"/participant/hours/{log_id}/dispute", disputed).status_code == 303
        assert "Correct and send again" in side(coach).get(f"/coach/sessions/{log_id}").get_data(as_text=True)
    session.rollback()
    assert assignment_of(enrolment_id, session).end_reason == "Both agreed."


BAD = [
    {"coach": "", "since": "2026-11-02"},
    {"coach": "9" * 30, "since": "2026-11-02"},
    {"coach": "1", "since": "soon"},
    {"coach": "1", "since": "2026-11-02", "ends_on": "2026-10-01"},
    {"coach": "\x00", "since": "\x00", "reason": "x" * 9000},
    {},
]


@pytest.mark.parametrize("form", BAD)
def test_a_form_that_says_nothing_sensible_is_shown_again(desk: Desk, form: dict[str, str]) -> None:
    _, enrolment_id = desk.enrol()
    desk.coach()
    answer = desk.visitor.post(f"/coordinator/assignments/{enrolment_id}", form)
    assert answer.status_code == 422
    assert "before this can be sent" in answer.get_data(as_text=True)


def test_an_end_to_come_is_brought_forward_but_never_put_off(
    desk: Desk, make_coached: Coached, session: Session
) -> None:
    _, _, enrolment_id, _ = make_coached()
    path = f"/coordinator/assignments/{assignment_of(enrolment_id, session).id}/end"
    with clock.frozen(TODAY):
        far = desk.visitor.post(path, {"last_day": "2099-12-01", "reason": "Amina moves."})
        assert far.status_code == 303
        page = desk.visitor.get(f"/coordinator/people/member/{enrolment_id}").get_data(as_text=True)
        assert path in page
        assert desk.visitor.post(path, {"last_day": "2099-12-02", "reason": "Later."}).status_code == 409
        slip = desk.visitor.post(path, {"last_day": "2026-12-01", "reason": "Amina moves."})
        assert slip.status_code == 303
        session.expire_all()
        assert assignment_of(enrolment_id, session).until == date(2026, 12, 1)
        early = desk.visitor.post(path, {"last_day": "2020-01-01", "reason": "x"})
        assert "2020-01-01 at" not in early.get_data(as_text=True)
        assert re.search(
            r"The last day is [A-Z][a-z]+ \d+, \d{4} at the earliest", early.get_data(as_text=True)
        )
