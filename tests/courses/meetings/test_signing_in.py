"""Signing in: by the code on the wall, by a way in that is mailed after a scan, by the list of whoever leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from courses.meetings.attendance import minutes_of
from courses.meetings.codes import code_at, make_pass
from courses.meetings.models import Presence, Way
from institute import clock
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.meetings.conftest import AFTER, ENDS, STARTS, Cast, Stored
from tests.institute import post

Make = Callable[..., int]
MINUTE = timedelta(minutes=1)


def _code(meeting_id: int, at: datetime) -> str:
    return code_at(meeting_id, at)  # type: ignore[arg-type]


def _sign_in(visitor: Visitor, meeting_id: int, code: str, area: str = "coach") -> int:
    return visitor.post(f"/{area}/meetings/{meeting_id}/sign-in", {"code": code}).status_code


def test_the_code_on_the_wall_signs_in_once_and_for_the_whole_meeting(
    cast: Cast, make_meeting: Make, stored: Stored
) -> None:
    meeting_id = make_meeting()
    with clock.frozen(STARTS + 9 * MINUTE):  # a queue at the door makes nobody late
        wall = cast.coordinator.get(f"/coordinator/meetings/{meeting_id}/code").text
        code = _code(meeting_id, STARTS + 9 * MINUTE)
        assert f"{code[:3]} {code[3:]}" in wall
        assert "<svg" in wall
        assert _sign_in(cast.coach, meeting_id, f" {code[:3].lower()}-{code[3:]} ") == 303
    with clock.frozen(STARTS + 40 * MINUTE):
        assert _sign_in(cast.coach, meeting_id, _code(meeting_id, STARTS + 40 * MINUTE)) == 303
    (row,) = stored.attended(cast.coach_person)
    assert (row.presence, row.minutes, row.way, row.signed_at) == (
        Presence.PRESENT,
        150,
        Way.CODE,
        STARTS + 9 * MINUTE,
    )


def test_whoever_signs_in_late_has_the_minutes_that_were_left(
    cast: Cast, make_meeting: Make, stored: Stored
) -> None:
    meeting_id, at = make_meeting(), STARTS + 25 * MINUTE
    with clock.frozen(at):
        assert _sign_in(cast.coach, meeting_id, _code(meeting_id, at)) == 303
    assert [(one.late, one.minutes) for one in stored.attended(cast.coach_person)] == [(25, 125)]


def test_a_code_is_good_for_its_minute_and_the_next_and_for_its_meeting_alone(
    cast: Cast, make_meeting: Make, stored: Stored
) -> None:
    meeting_id, other_id = make_meeting(), make_meeting()
    code = _code(meeting_id, STARTS)
    for at, typed in (
        (STARTS + 2 * MINUTE, code),
        (STARTS, _code(other_id, STARTS)),
        (STARTS, ""),
        (STARTS, "\0" * 9),
        (STARTS, "A" * 90_000),
    ):
        with clock.frozen(at):
            assert _sign_in(cast.coach, meeting_id, typed) == 422
    assert stored.attended(cast.coach_person) == []
    with clock.frozen(STARTS + MINUTE):
        assert _sign_in(cast.coach, meeting_id, code) == 303


@pytest.mark.parametrize("at", [STARTS - 31 * MINUTE, ENDS + MINUTE])
def test_nobody_signs_in_before_the_doors_open_or_after_the_end(
    cast: Cast, make_meeting: Make, stored: Stored, at: datetime
) -> None:
    meeting_id = make_meeting()
    with clock.frozen(at):
        assert _sign_in(cast.coach, meeting_id, _code(meeting_id, at)) == 409
        assert "not open" in cast.coordinator.get(f"/coordinator/meetings/{meeting_id}/code").text
    assert stored.attended(cast.coach_person) == []


def test_somebody_who_is_not_invited_gets_nowhere_with_a_code(
    cast: Cast, make_meeting: Make, stored: Stored
) -> None:
    meeting_id = make_meeting()
    with clock.frozen(STARTS):
        code = _code(meeting_id, STARTS)
        assert _sign_in(cast.participant, meeting_id, code, "participant") == 404
    assert stored.attended(cast.participant_person) == []


def test_who_waits_for_a_place_is_let_in_by_the_list_and_not_by_the_code(
    cast: Cast,
    make_meeting: Make,
    make_coach: Callable[..., tuple[Person, Visitor]],
    stored: Stored,
    record: Callable[..., int],
) -> None:
    meeting_id = make_meeting(capacity="1")
    other_person, other = make_coach("Nadia", "nadia@example.test")
    cast.coach.post(f"/coach/meetings/{meeting_id}/register")
    other.post(f"/coach/meetings/{meeting_id}/register")
    with clock.frozen(STARTS):
        assert _sign_in(other, meeting_id, _code(meeting_id, STARTS)) == 403
        assert record(meeting_id, other_person) == 303
    assert stored.attended(other_person)[0].minutes == 150


def test_a_phone_that_nobody_is_signed_in_with_gets_its_own_way_in_by_mail(
    app: Flask, cast: Cast, make_meeting: Make, stored: Stored
) -> None:
    meeting_id, client = make_meeting(), app.test_client()
    with clock.frozen(STARTS):
        address = f"/meetings/{meeting_id}/{_code(meeting_id, STARTS)}"
        page = client.get(address)
        assert page.status_code == 200
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
        assert ticket is not None
    with clock.frozen(STARTS + 4 * MINUTE):  # the code is another one by now; the scan still counts
        assert client.get(address).status_code == 422
        form = {"ticket": ticket[1], "email": "Amina@example.test"}
        assert client.post(address, data=form).status_code == 303
        assert client.post(address, data={**form, "email": "nobody@example.test"}).status_code == 303
        assert client.post(address, data={**form, "email": "lucia@example.test"}).status_code == 303
        assert client.post(address, data={**form, "email": "x"}).status_code == 422
        assert client.post(address, data={**form, "ticket": "1-2"}).status_code == 422
        (letter,) = post.deliver()  # neither the stranger nor the participant is written to
        entered = client.post(post.link_in(letter))
        arrival = client.get(entered.location)
        assert "I am here" in arrival.text
        token = re.search(r'name="_token" value="([^"]+)"', arrival.text)
        assert token is not None
        assert client.post(entered.location, data={"_token": token[1]}).status_code == 303
    (row,) = stored.attended(cast.coach_person)
    assert (row.way, row.signed_at) == (Way.CODE, STARTS)
    passed = entered.location.rpartition("/")[2]
    with clock.frozen(STARTS + 5 * MINUTE):  # the way in is this person's alone
        assert cast.participant.get(f"/participant/meetings/{meeting_id}/arrive/{passed}").status_code == 404


def test_a_way_in_ends_after_half_an_hour_and_is_nobody_else_s(
    cast: Cast, cohort_meeting: Make, stored: Stored
) -> None:
    meeting_id = cohort_meeting(audience="everybody", kind="community")
    with clock.frozen(STARTS):
        passed = make_pass_for(meeting_id, cast.coach_person)
        other = cast.participant.post(f"/participant/meetings/{meeting_id}/arrive/{passed}")
    with clock.frozen(STARTS + 31 * MINUTE):
        late = cast.coach.post(f"/coach/meetings/{meeting_id}/arrive/{passed}")
    assert (other.status_code, late.status_code) == (404, 409)
    for forged in ("0-0", "9" * 30, "-", "١-x", f"{passed}x"):
        assert cast.coach.post(f"/coach/meetings/{meeting_id}/arrive/{forged}").status_code == 404
    assert stored.attended(cast.coach_person) == []


def make_pass_for(meeting_id: int, person: Person) -> str:
    """Return a pass as the scan's mail brings it."""
    return make_pass(meeting_id, person.id, clock.now())  # type: ignore[arg-type]


def test_the_list_takes_off_what_was_missed_at_either_end(
    cast: Cast, make_meeting: Make, stored: Stored, record: Callable[..., int]
) -> None:
    meeting_id = make_meeting()
    with clock.frozen(AFTER):
        assert record(meeting_id, cast.coach_person, late="20", early="40") == 303
        assert minutes_of(cast.coach_person.id) == 90
        assert record(meeting_id, cast.coach_person, "excused", late="5") == 303
        assert [(one.presence, one.minutes) for one in stored.attended(cast.coach_person)] == [
            (Presence.EXCUSED, 0)
        ]
        assert minutes_of(cast.coach_person.id) == 0


@pytest.mark.parametrize(("late", "early"), [("151", ""), ("100", "51"), ("-1", ""), ("1e3", ""), ("٣", "")])
def test_minutes_that_cannot_be_are_said_in_their_row_and_nothing_is_saved(
    cast: Cast, make_meeting: Make, stored: Stored, late: str, early: str
) -> None:
    meeting_id = make_meeting()
    row = f"{cast.coach_person.id}"
    form = {f"presence-{row}": "present", f"late-{row}": late, f"early-{row}": early}
    with clock.frozen(AFTER):
        answer = cast.coordinator.post(f"/coordinator/meetings/{meeting_id}/attendance", form)
    assert answer.status_code == 422
    assert f'value="{late}"' in answer.text
    assert stored.attended(cast.coach_person) == []


def test_nobody_is_recorded_before_the_meeting_or_who_is_not_invited(
    cast: Cast, make_meeting: Make, record: Callable[..., int]
) -> None:
    meeting_id = make_meeting()
    assert record(meeting_id, cast.coach_person) == 409
    with clock.frozen(AFTER):
        assert record(meeting_id, cast.participant_person) == 404
