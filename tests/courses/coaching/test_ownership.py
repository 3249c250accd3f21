"""Whose log it is: another person's is not there, and nobody confirms what they wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from courses.coaching.answering import confirm_session
from courses.coaching.queries import find_line
from courses.cohorts.models import EnrolmentId
from courses.hours.queries import hours_of
from courses.sessions.models import SessionLog, SessionLogId, SessionState
from institute.actors import Actor, Role
from institute.db import transaction
from institute.errors import NotFoundError
from institute.people.models import Institute, Person
from institute.web import openables
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NEW, Pair, sheet

MakePair = Callable[..., Pair]
COACH_PAGES = ("", "/edit")
COACH_FORMS = ("/edit", "/void")


def test_another_participant_s_session_is_not_there(
    make_pair: MakePair, stored: Callable[[int], SessionLog]
) -> None:
    mine, other = make_pair(), make_pair(name="Mei-Ling Chen")
    log_id = mine.log()
    assert other.participant.get(f"/participant/hours/{log_id}").status_code == 404
    assert other.answer(log_id) == 404
    assert other.answer(log_id, "dispute", difference="length", reason="no") == 404
    assert stored(log_id).state is SessionState.SUBMITTED


def test_another_coach_s_log_is_not_there(make_pair: MakePair, stored: Callable[[int], SessionLog]) -> None:
    mine, other = make_pair(), make_pair(name="Mei-Ling Chen")
    log_id = mine.log()
    for path in COACH_PAGES:
        assert other.coach.get(f"/coach/sessions/{log_id}{path}").status_code == 404
    for path in COACH_FORMS:
        answer = other.coach.post(f"/coach/sessions/{log_id}{path}", sheet(version="1"))
        assert answer.status_code == 404
    assert other.coach.get(f"{NEW}/{mine.enrolment_id}").status_code == 404
    for wish in ("send", "draft", "look"):
        assert other.coach.post(f"{NEW}/{mine.enrolment_id}", sheet(wish=wish)).status_code == 404
    assert stored(log_id).version == 1


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
def test_a_number_that_names_nothing_is_not_there(pair: Pair, number: int) -> None:
    assert pair.coach.get(f"/coach/sessions/{number}").status_code == 404
    assert pair.coach.get(f"{NEW}/{number}").status_code == 404
    assert pair.participant.get(f"/participant/hours/{number}").status_code == 404
    assert pair.answer(number) == 404


def test_the_coach_cannot_confirm_for_the_participant(
    pair: Pair, stored: Callable[[int], SessionLog], sign_in: Callable[..., Visitor]
) -> None:
    log_id = pair.log()
    pretender = sign_in(pair.coach_person, roles=[Role.PARTICIPANT])
    assert pretender.post(f"/participant/hours/{log_id}/confirm", {"version": "1"}).status_code == 404
    assert pair.coach.post(f"/participant/hours/{log_id}/confirm", {"version": "1"}).status_code == 403
    assert stored(log_id).state is SessionState.SUBMITTED


def test_nobody_confirms_what_they_wrote(pair: Pair, stored: Callable[[int], SessionLog]) -> None:
    log = stored(pair.log())
    values = {column.name: getattr(log, column.name) for column in SessionLog.__table__.columns}
    del values["id"]
    values |= {
        "author_id": log.participant_id,
        "start_utc": log.end_utc,
        "end_utc": log.end_utc + timedelta(hours=1),
    }
    with transaction() as session:
        own = SessionLog(**values)
        session.add(own)
        session.flush()
        log_id = own.id
    assert pair.answer(log_id) == 403
    assert pair.answer(log_id, "dispute", difference="length", reason="no") == 403
    assert stored(log_id).state is SessionState.SUBMITTED


def test_hours_of_another_institute_are_asked_for_in_vain(
    pair: Pair, make_institute: Callable[..., Institute]
) -> None:
    log_id = SessionLogId(pair.log())
    other = make_institute()
    with pytest.raises(NotFoundError):
        find_line(log_id, institute_id=other.id)
    with pytest.raises(NotFoundError):
        confirm_session(
            log_id, version=1, actor=Actor(institute_id=other.id, person_id=pair.participant_person.id)
        )
    with pytest.raises(NotFoundError):
        hours_of(EnrolmentId(999_999))


def test_a_link_opens_the_hours_where_each_has_theirs(pair: Pair, make_person: Callable[..., Person]) -> None:
    def where(person: Person, *roles: Role, key: str = "mine") -> str | None:
        actor = Actor(institute_id=person.institute_id, person_id=person.id, roles=frozenset(roles))
        return openables.locate(f"hours:{key}", actor)

    assert where(pair.participant_person, Role.PARTICIPANT) == "/participant/hours/"
    assert where(pair.coach_person, Role.COACH) == "/coach/sessions/"
    assert where(pair.coach_person, Role.PARTICIPANT) is None
    assert where(make_person(), Role.TRAINER) is None
    assert where(pair.participant_person, Role.PARTICIPANT, key="3") is None
