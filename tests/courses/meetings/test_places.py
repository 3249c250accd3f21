"""Places: capacity under races, a waiting list that moves up once, meetings that are cancelled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from courses.calendar.entries import Window, entries_of
from courses.coaches.profiles import ProfileDraft, put_profile
from courses.cohorts.enrolling import change_state
from courses.cohorts.models import EnrolmentId, EnrolmentState
from courses.meetings.models import Meeting, MeetingRegistration, RegistrationState
from institute import clock
from institute.actors import Actor, Role
from institute.db import transaction
from institute.jobs.models import OutboxRow
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.meetings.conftest import AFTER, ENDS, NOON, STARTS, Cast, Stored, sheet
from tests.institute import post

MakeCoach = Callable[..., tuple[Person, Visitor]]


def together(*calls: Callable[[], int]) -> list[int]:
    """Make requests at the same time and return their statuses in order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


@pytest.fixture
def coaches(cast: Cast, make_coach: MakeCoach) -> list[Visitor]:
    """Five coaches in their browsers."""
    others = [make_coach(f"Coach {number}", f"coach{number}@example.test")[1] for number in range(4)]
    return [cast.coach, *others]


def _take(coach: Visitor, meeting_id: int) -> Callable[[], int]:
    return lambda: coach.post(f"/coach/meetings/{meeting_id}/register").status_code


def _leave(coach: Visitor, meeting_id: int) -> Callable[[], int]:
    return lambda: coach.post(f"/coach/meetings/{meeting_id}/withdraw").status_code


def _states(stored: Stored, meeting_id: int) -> list[str]:
    return sorted(one.state for one in stored.places(meeting_id))


def test_many_who_want_the_last_places_at_once_get_no_more_than_there_are(
    coaches: list[Visitor], make_meeting: Callable[..., int], stored: Stored
) -> None:
    meeting_id = make_meeting(capacity="2")
    assert together(*[_take(coach, meeting_id) for coach in coaches]) == [303] * 5
    assert _states(stored, meeting_id) == ["registered"] * 2 + ["waiting"] * 3
    assert stored.meeting(meeting_id).taken == 2


def test_two_who_leave_at_once_make_room_for_the_two_who_wait_longest_each_once(
    coaches: list[Visitor], make_meeting: Callable[..., int], stored: Stored, session: Session
) -> None:
    meeting_id = make_meeting(capacity="2")
    for second, coach in enumerate(coaches):
        with clock.shift(seconds=second):
            _take(coach, meeting_id)()
    assert together(_leave(coaches[0], meeting_id), _leave(coaches[1], meeting_id)) == [303] * 2
    places = stored.places(meeting_id)
    assert [one.state for one in places] == ["withdrawn", "withdrawn", "registered", "registered", "waiting"]
    assert stored.meeting(meeting_id).taken == 2
    told = session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "mail")).all()
    assert sorted(one["person"] for one in told if one["mail"] == "meeting.place") == sorted(
        one.person_id for one in places[2:4]
    )


def test_taking_and_leaving_twice_changes_nothing(
    cast: Cast, make_meeting: Callable[..., int], stored: Stored, session: Session
) -> None:
    meeting_id = make_meeting(capacity="1")
    assert together(*[_take(cast.coach, meeting_id)] * 4) == [303] * 4
    assert (stored.meeting(meeting_id).taken, len(stored.places(meeting_id))) == (1, 1)
    assert together(*[_leave(cast.coach, meeting_id)] * 3) == [303] * 3
    assert stored.meeting(meeting_id).taken == 0
    assert session.scalar(select(func.count(MeetingRegistration.id))) == 1


def test_the_database_itself_refuses_one_place_too_many(
    make_meeting: Callable[..., int],
) -> None:
    meeting_id = make_meeting(capacity="1")
    overfull = update(Meeting).where(Meeting.id == meeting_id).values(taken=2)
    with pytest.raises(Exception, match="never_overfull"), transaction() as session:
        session.execute(overfull)


def test_more_places_let_those_who_wait_move_up_and_fewer_than_taken_are_refused(
    cast: Cast, coaches: list[Visitor], make_meeting: Callable[..., int], stored: Stored
) -> None:
    meeting_id = make_meeting(capacity="1")
    for coach in coaches[:3]:
        _take(coach, meeting_id)()
    edit = f"/coordinator/meetings/{meeting_id}/edit"
    assert cast.coordinator.post(edit, sheet(version="1", capacity="2")).status_code == 303
    assert _states(stored, meeting_id) == ["registered", "registered", "waiting"]
    refused = cast.coordinator.post(edit, sheet(version="2", capacity="1"))
    assert refused.status_code == 422
    assert "2 places are given away already" in refused.text
    assert cast.coordinator.post(edit, sheet(version="2", capacity="")).status_code == 303
    assert _states(stored, meeting_id) == ["registered"] * 3


def test_whoever_leads_adds_and_removes_people_and_the_next_one_moves_up(
    cast: Cast, make_meeting: Callable[..., int], make_person: Callable[..., Person], stored: Stored
) -> None:
    make_person(name="Nadia", email="nadia@example.test")
    meeting_id = make_meeting(capacity="1")
    address = f"/coordinator/meetings/{meeting_id}/people"
    _take(cast.coach, meeting_id)()
    assert cast.coordinator.post(address, {"email": " NADIA@example.test"}).status_code == 303
    stranger = cast.coordinator.post(address, {"email": "nobody@example.test"})
    assert (stranger.status_code, "nobody@example.test" in stranger.text) == (422, True)
    mine, hers = stored.places(meeting_id)
    assert (mine.state, hers.state) == (RegistrationState.REGISTERED, RegistrationState.WAITING)
    assert cast.coordinator.post(f"{address}/{mine.id}/remove").status_code == 303
    assert stored.places(meeting_id)[1].state is RegistrationState.REGISTERED


def test_somebody_who_is_registered_for_a_meeting_of_coaches_opens_it_before_coaching_anybody(
    cast: Cast,
    make_meeting: Callable[..., int],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    newcomer = make_person(name="Nadia", email="nadia@example.test")
    visitor = sign_in(newcomer)
    meeting_id = make_meeting(kind="orientation")
    assert visitor.get(f"/coach/meetings/{meeting_id}").status_code == 403
    cast.coordinator.post(f"/coordinator/meetings/{meeting_id}/people", {"email": "nadia@example.test"})
    assert visitor.get(f"/coach/meetings/{meeting_id}").status_code == 200


def test_nobody_takes_a_place_in_a_meeting_that_is_not_for_them_cancelled_or_over(
    cast: Cast, make_meeting: Callable[..., int], cohort_meeting: Callable[..., int]
) -> None:
    coaches_only, participants_only = make_meeting(), cohort_meeting()
    assert cast.participant.post(f"/participant/meetings/{coaches_only}/register").status_code == 404
    assert _take(cast.coach, participants_only)() == 404
    with clock.frozen(ENDS):
        assert _take(cast.coach, coaches_only)() == 409
    cancel = {"version": "1", "reason": "The room is flooded"}
    assert cast.coordinator.post(f"/coordinator/meetings/{coaches_only}/cancel", cancel).status_code == 303
    assert _take(cast.coach, coaches_only)() == 409


def test_a_cancelled_meeting_says_why_everywhere_and_counts_nothing(
    app: Flask, cast: Cast, make_meeting: Callable[..., int], stored: Stored
) -> None:
    meeting_id = make_meeting()
    _take(cast.coach, meeting_id)()
    address = f"/coordinator/meetings/{meeting_id}"
    assert cast.coordinator.post(f"{address}/cancel", {"version": "1", "reason": ""}).status_code == 422
    cancel = {"version": "1", "reason": "The room is flooded"}
    assert cast.coordinator.post(f"{address}/cancel", cancel).status_code == 303
    assert "The room is flooded" in cast.coach.get(f"/coach/meetings/{meeting_id}").text
    (letter,) = post.deliver()
    assert "The room is flooded" in post.text_of(letter)
    with clock.frozen(STARTS):
        page = cast.coordinator.get(f"{address}/code").text
        assert "Signing in is not open" in page
        refused = cast.coach.post(f"/coach/meetings/{meeting_id}/sign-in", {"code": "ABCDEF"})
    assert refused.status_code == 409
    with clock.frozen(AFTER):
        row = {f"presence-{cast.coach_person.id}": "present"}
        assert cast.coordinator.post(f"{address}/attendance", row).status_code == 409
        assert cast.coach.get(f"/coach/meetings/{meeting_id}/make-up").status_code in {200, 409}
    assert stored.attended(cast.coach_person) == []


def test_a_calendar_shows_meetings_with_their_changes(
    app: Flask, cast: Cast, make_meeting: Callable[..., int]
) -> None:
    meeting_id = make_meeting()
    window = Window(cast.coach_person.institute_id, cast.coach_person.id, NOON, AFTER)

    def entry() -> tuple[str, int, bool]:
        (found,) = entries_of(window)
        return found.uid, found.sequence, found.cancelled

    assert entry() == (f"meeting-{meeting_id}", 0, False)
    cast.coordinator.post(f"/coordinator/meetings/{meeting_id}/edit", sheet(version="1", begins="14:00"))
    assert entry() == (f"meeting-{meeting_id}", 1, False)
    cast.coordinator.post(f"/coordinator/meetings/{meeting_id}/cancel", {"version": "2", "reason": "Ill"})
    assert entry() == (f"meeting-{meeting_id}", 2, True)
    _leave(cast.coach, meeting_id)()


def test_a_coach_who_coaches_nobody_yet_is_invited_to_what_all_coaches_attend(
    cast: Cast,
    make_meeting: Callable[..., int],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    system: Actor,
) -> None:
    newcomer = make_person(name="Nadia")
    put_profile(newcomer.id, ProfileDraft(), actor=system)
    meeting_id = make_meeting(kind="orientation")
    visitor = sign_in(newcomer)
    assert visitor.get(f"/coach/meetings/{meeting_id}").status_code == 200
    assert "Nadia" in cast.coordinator.get(f"/coordinator/meetings/{meeting_id}").text


def test_whoever_leaves_the_cohort_gives_their_place_to_the_next_one(
    cast: Cast,
    cohort_meeting: Callable[..., int],
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    sign_in: Callable[..., Visitor],
    *,
    system: Actor,
    stored: Stored,
) -> None:
    meeting_id = cohort_meeting(capacity="1")
    person, enrolment_id = make_enrolment(name="Leaving")
    leaving = sign_in(person, roles=[Role.PARTICIPANT])
    for visitor in (leaving, cast.participant):
        assert visitor.post(f"/participant/meetings/{meeting_id}/register").status_code == 303
    change_state(enrolment_id, EnrolmentState.WITHDRAWN, actor=system)
    assert [one.state for one in stored.places(meeting_id)] == ["withdrawn", "registered"]
    assert stored.meeting(meeting_id).taken == 1
