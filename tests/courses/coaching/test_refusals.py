"""What cannot be logged, and the form that comes back with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.catalogue.models import SegmentId
from courses.cohorts.assigning import assign_coach
from courses.sessions.models import SessionLog, SessionState
from institute import clock
from institute.actors import Actor, PersonId
from institute.db import transaction
from institute.people.models import Person, Supervision
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NEW, Pair, sheet
from tests.courses.conftest import Studied

MakePair = Callable[..., Pair]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"day": "2026-10-15"}, "has not ended yet"),
        ({"day": "2026-10-14", "begins": "11:30", "ends": "12:01"}, "has not ended yet"),
        ({"begins": "10:00", "ends": "09:15"}, "Did you mean 11:15, 1 h 15 min?"),
        ({"begins": "10:00", "ends": "11:00", "next_day": "1"}, "24 hours at most"),
        ({"begins": "08:00", "ends": "16:01"}, "Write why it was so long"),
        ({"day": "2026-03-08", "begins": "02:30", "ends": "04:00"}, "so there was no 02:30"),
        ({"day": "2025-11-02", "begins": "01:15", "ends": "03:00"}, "so there was 01:15 twice"),
        ({"day": "2025-08-31"}, "You were not this participant’s coach on that day."),
        ({"segment": "999999"}, "Choose a segment of the participant’s programme."),
        ({"mode": "pigeon"}, "Choose one of these."),
        ({"next_steps": " "}, "Write what you agreed"),
        ({"notes": "x" * 5000}, "there is room for 4000"),
    ],
)
def test_what_cannot_be_logged_comes_back_with_its_reason_and_all_that_was_typed(
    pair: Pair, session: Session, given: dict[str, str], said: str
) -> None:
    typed = {"notes": "About the first area", "next_steps": "Rank the four areas", **given}
    page = pair.refused(**typed)
    assert said in page
    assert typed["notes"] in page
    assert typed["next_steps"].strip() in page
    assert session.scalar(select(func.count(SessionLog.id))) == 0


def test_the_way_out_of_a_wrong_end_keeps_the_form_and_stores_nothing(pair: Pair, session: Session) -> None:
    page = pair.refused(begins="10:00", ends="09:15")
    assert 'name="take_end" value="11:15"' in page
    wrong = sheet(begins="10:00", ends="09:15", take_end="11:15")
    mended = pair.coach.post(f"{NEW}/{pair.enrolment_id}", wrong)
    assert mended.status_code == 200
    assert 'value="11:15"' in mended.text
    assert "Answer three questions by Tuesday." in mended.text
    assert session.scalar(select(func.count(SessionLog.id))) == 0


def test_the_way_out_of_an_end_after_midnight_leads_to_the_next_day(pair: Pair) -> None:
    late = {"day": "2026-10-12", "begins": "23:30", "ends": "00:30"}
    assert 'name="take_end" value="00:30"' in pair.refused(**late)
    mended = pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet(**late, take_end="00:30"))
    assert "The end is before the start" not in mended.text
    assert 'name="take_end"' not in mended.text


def test_a_repeated_hour_is_asked_for_and_then_counted_exactly(
    pair: Pair, stored: Callable[[int], SessionLog]
) -> None:
    night = {"day": "2025-11-02", "begins": "01:15", "ends": "01:45"}
    page = pair.refused(**night)
    assert page.count('name="begins_side"') == page.count('name="ends_side"') == 2
    log_id = pair.log(**night, begins_side="first", ends_side="second")
    assert stored(log_id).minutes == 90
    assert stored(log_id).local_day == date(2025, 11, 2)


def test_more_than_eight_hours_on_a_day_need_a_reason_however_they_are_cut(
    pair: Pair, stored: Callable[[int], SessionLog]
) -> None:
    pair.log(begins="08:00", ends="14:00")
    assert "8 h 1 min of coaching on one day" in pair.refused(begins="14:00", ends="16:01")
    assert stored(pair.log(begins="14:00", ends="16:00")).long_reason == ""
    log_id = pair.log(begins="16:00", ends="17:00", long_reason="A whole day of job shadow")
    assert "A whole day of job shadow" in pair.participant.get(f"/participant/hours/{log_id}").text


def test_a_session_over_midnight_belongs_to_the_day_on_which_it_began(
    pair: Pair, stored: Callable[[int], SessionLog]
) -> None:
    log_id = pair.log(day="2026-09-30", begins="23:30", ends="00:30", next_day="1")
    log = stored(log_id)
    assert (log.minutes, log.local_day, log.month) == (60, date(2026, 9, 30), date(2026, 9, 1))
    assert "12:30\u202fAM on Thu, Oct 1, 2026" in pair.coach.get(f"/coach/sessions/{log_id}").text


def test_a_log_more_than_thirty_days_late_says_so(pair: Pair) -> None:
    early = pair.log(day="2026-09-13")
    late = pair.log(day="2026-09-12")
    for log_id, shown in ((early, False), (late, True)):
        page = pair.participant.get(f"/participant/hours/{log_id}").text
        assert ("days after the session" in page) is shown


@pytest.mark.parametrize(
    ("begins", "ends", "fits"),
    [
        ("14:30", "15:30", True),
        ("16:45", "17:00", True),
        ("14:30", "15:31", False),
        ("16:44", "17:00", False),
        ("15:45", "16:00", False),
        ("15:00", "17:30", False),
        ("15:30", "16:45", False),
    ],
)
def test_sessions_may_touch_but_not_overlap(pair: Pair, begins: str, ends: str, fits: bool) -> None:
    pair.log()
    if fits:
        pair.log(begins=begins, ends=ends)
    else:
        page = pair.refused(begins=begins, ends=ends)
        assert "There is another session from 15:30 to 16:45 that day." in page


def test_a_coach_has_no_two_people_at_once_except_in_a_group(make_pair: MakePair) -> None:
    first = make_pair()
    second = make_pair(coach=first.coach_person, name="Mei-Ling Chen")
    first.log(kind="group")
    second.log(kind="group")
    third = make_pair(coach=first.coach_person, name="Rosa Delgado")
    third.log(begins="10:00", ends="11:00")
    assert "There is another session" in second.refused(begins="10:30", ends="11:30")
    assert "There is another session" in third.refused(), "who leads a group meets nobody alone"
    assert "There is another session" in second.refused(kind="group", begins="10:30", ends="11:30")


def test_a_participant_has_no_two_sessions_at_once_whoever_the_coach(
    pair: Pair, make_person: Callable[..., Person], system: Actor, sign_in: Callable[..., Visitor]
) -> None:
    pair.log(day="2026-10-13", kind="group")
    other = make_person(name="Tomás Rivera")
    assign_coach(pair.enrolment_id, PersonId(other.id), since=date(2026, 10, 13), actor=system)
    answer = sign_in(other).post(f"{NEW}/{pair.enrolment_id}", sheet(kind="group", begins="16:00"))
    assert answer.status_code == 422
    assert "There is another session" in answer.text


def test_nobody_coaches_and_is_coached_at_once(pair: Pair, make_pair: MakePair) -> None:
    pair.log()
    other = make_pair(coach=pair.participant_person, name="Rosa Delgado")
    page = other.refused(begins="16:00", ends="17:00")
    assert "There is another session from 15:30 to 16:45 that day." in page
    other.log(begins="16:45", ends="17:00")


def test_each_coach_logs_the_days_of_their_own_time_only(
    pair: Pair, make_person: Callable[..., Person], system: Actor, sign_in: Callable[..., Visitor]
) -> None:
    other = make_person(name="Tomás Rivera")
    assign_coach(pair.enrolment_id, PersonId(other.id), since=date(2026, 10, 10), actor=system)
    new_coach = sign_in(other)
    address = f"{NEW}/{pair.enrolment_id}"
    assert new_coach.post(address, sheet(day="2026-10-10")).status_code == 303
    assert new_coach.post(address, sheet(day="2026-10-09")).status_code == 422


@pytest.mark.parametrize("coach_is_supervisor", [True, False])
def test_nobody_logs_coaching_with_whom_they_supervise_or_who_supervises_them(
    pair: Pair, coach_is_supervisor: bool
) -> None:
    people = (pair.coach_person.id, pair.participant_person.id)
    supervisor, subordinate = people if coach_is_supervisor else reversed(people)
    with transaction() as session:
        session.add(
            Supervision(
                institute_id=pair.coach_person.institute_id,
                supervisor_id=supervisor,
                subordinate_id=subordinate,
                since=date(2026, 10, 1),
                until=date(2026, 10, 13),
            )
        )
    assert "one of you supervised the other" in pair.refused(day="2026-10-13")
    pair.log(day="2026-10-14", begins="09:00", ends="10:00")
    pair.log(day="2026-09-30")


def test_a_segment_of_another_programme_is_refused_and_one_of_their_own_is_kept(
    pair: Pair, studied: Studied, stored: Callable[[int], SessionLog]
) -> None:
    log_id = pair.log(segment=str(studied.segment_ids[1]))
    assert stored(log_id).segment_id == SegmentId(studied.segment_ids[1])


def test_the_database_itself_refuses_what_a_race_would_let_through(
    pair: Pair, stored: Callable[[int], SessionLog]
) -> None:
    kept = stored(pair.log())
    again = {column.name: getattr(kept, column.name) for column in SessionLog.__table__.columns}
    del again["id"]
    shifted = {"start_utc": kept.end_utc - timedelta(minutes=1), "end_utc": kept.end_utc + timedelta(hours=1)}
    for wrong in (
        {},
        shifted,
        {"coach_id": pair.participant_person.id, **shifted},
        {"state": SessionState.CONFIRMED},
        {"minutes": 0, "start_utc": kept.end_utc, "end_utc": kept.end_utc + timedelta(hours=1)},
        {"start_utc": kept.end_utc, "end_utc": kept.end_utc},
    ):
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(SessionLog(**{**again, **wrong}))
    touching = {"start_utc": kept.end_utc, "end_utc": kept.end_utc + timedelta(hours=1)}
    confirmed = {"state": SessionState.CONFIRMED, "confirmed_at": kept.end_utc}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(SessionLog(**{**again, **touching, **confirmed, "confirmed_by": kept.author_id}))
    with transaction() as session:
        session.add(SessionLog(**{**again, **touching}))


@pytest.mark.parametrize(
    "form", [{}, {"wish": "send"}, {"wish": "draft"}, {"take_end": "\0"}, {"day": "\u202e"}]
)
def test_a_form_that_lacks_everything_is_a_form_again(pair: Pair, form: dict[str, str]) -> None:
    answer = pair.coach.post(f"{NEW}/{pair.enrolment_id}", form)
    assert answer.status_code in {200, 422}
    assert "Next steps you agreed" in answer.text


def test_at_night_the_form_leaves_the_times_open(pair: Pair) -> None:
    with clock.frozen(datetime(2026, 10, 14, 7, 10, tzinfo=UTC)):
        page = pair.coach.get(f"{NEW}/{pair.enrolment_id}").text
    assert 'id="begins" name="begins" type="time" value=""' in page
