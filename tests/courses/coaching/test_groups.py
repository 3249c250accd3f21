"""Group sessions: one form, a log for each, the coach's time once; who attended less gets less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.cohorts.models import CohortId
from courses.hours.policies import Policy
from courses.hours.queries import hours_of
from courses.hours.setting import set_policy
from courses.schedule.models import PlannedSession, PlanState
from courses.sessions.delivered import minutes_by_coach
from courses.sessions.models import Kind, SessionGroup, SessionLog, SessionState
from institute import clock
from institute.actors import Actor, InstituteId, PersonId
from institute.db import transaction
from tests.courses.coaching.conftest import NEW, Pair, sheet
from tests.courses.conftest import Studied
from tests.courses.schedule.plans import plan

MakePair = Callable[..., Pair]
Three = tuple[Pair, Pair, Pair]


@pytest.fixture
def three(make_pair: MakePair) -> Three:
    """Three people with one coach."""
    first = make_pair()
    return (
        first,
        make_pair(coach=first.coach_person, name="Mei-Ling Chen"),
        make_pair(coach=first.coach_person, name="Rosa Delgado"),
    )


def grouped(members: Sequence[Pair], **given: Any) -> dict[str, Any]:
    """Return the fields of a valid group session with these members."""
    return sheet(kind="group", title="Priorities", member=[str(one.enrolment_id) for one in members], **given)


def send(pair: Pair, cohort_id: CohortId, fields: dict[str, Any], status: int = 303) -> str:
    """Send the form of a group and return where it leads, or the page."""
    answer = pair.coach.post(f"/coach/groups/new/{cohort_id}", fields)
    assert answer.status_code == status, answer.text
    return answer.location.partition("/coach")[2] if status == 303 else answer.text


def logs(session: Session) -> list[SessionLog]:
    """Return all logs, the oldest first."""
    statement = select(SessionLog).order_by(SessionLog.id)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def test_a_group_is_one_session_with_a_log_for_each_member(
    three: Three, studied: Studied, session: Session
) -> None:
    first, second, third = three
    fields = grouped(three) | {f"attended-{second.enrolment_id}": "30"}
    send(first, studied.cohort_id, fields)
    assert [(log.enrolment_id, log.minutes, log.state) for log in logs(session)] == [
        (first.enrolment_id, 75, SessionState.SUBMITTED),
        (second.enrolment_id, 30, SessionState.SUBMITTED),
        (third.enrolment_id, 75, SessionState.SUBMITTED),
    ]
    (group,) = session.scalars(select(SessionGroup))
    assert (group.minutes, group.title, group.coach_id) == (75, "Priorities", first.coach_person.id)
    assert {log.group_id for log in logs(session)} == {group.id}


def test_each_member_confirms_their_own_and_the_coach_s_time_is_there_once(
    three: Three, studied: Studied, session: Session
) -> None:
    first, second, _ = three
    send(first, studied.cohort_id, grouped(three) | {f"attended-{second.enrolment_id}": "30"})
    mine = {log.enrolment_id: log.id for log in logs(session)}
    assert second.answer(mine[second.enrolment_id]) == 303
    assert [log.state for log in logs(session)].count(SessionState.CONFIRMED) == 1
    assert hours_of(second.enrolment_id).logged == 30
    coach = PersonId(first.coach_person.id)
    given = minutes_by_coach(
        InstituteId(first.coach_person.institute_id), since=date(2026, 10, 1), until=date(2026, 10, 31)
    )[coach]
    assert (given.sessions, given.logged, given.agreed) == (1, 75, 75)
    assert given.by_kind == {Kind.GROUP: 75}
    assert len(given.clients) == 3


def test_minutes_of_a_group_fill_no_one_to_one_minimum(
    three: Three, studied: Studied, session: Session
) -> None:
    first = three[0]
    send(first, studied.cohort_id, grouped(three))
    assert first.answer(logs(session)[0].id) == 303
    hours = hours_of(first.enrolment_id)
    assert (hours.logged, hours.one_to_one) == (75, 0)


def test_a_group_has_no_more_members_than_the_programme_allows(
    three: Three, studied: Studied, system: Actor, session: Session
) -> None:
    set_policy(studied.programme_id, Policy(most_in_group=2), actor=system)
    page = send(three[0], studied.cohort_id, grouped(three), 422)
    assert "A group session has 2 members at most." in page
    assert page.count("checked") >= 3
    send(three[0], studied.cohort_id, grouped(list(three[:2])))
    assert "A group session has 2 members at most." in three[2].refused(kind="group")
    assert len(logs(session)) == 2


def test_two_groups_of_a_coach_never_overlap(three: Three, studied: Studied, session: Session) -> None:
    first, second, third = three
    send(first, studied.cohort_id, grouped([first, second]))
    page = send(first, studied.cohort_id, grouped([third], begins="16:00", ends="17:00"), 422)
    assert page.count("There is another session from 15:30 to 16:45 that day.") >= 1
    assert "There is another session" in third.refused(kind="group", begins="16:00", ends="17:00")
    assert "There is another session" in third.refused(begins="16:00", ends="17:00")
    send(first, studied.cohort_id, grouped([third], begins="16:45", ends="17:00"))
    group = session.scalars(select(SessionGroup).order_by(SessionGroup.id)).first()
    assert group is not None
    copy = {
        name: getattr(group, name) for name in ("institute_id", "cohort_id", "coach_id", "zone", "minutes")
    }
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(
            SessionGroup(
                **copy,
                start_utc=group.start_utc,
                end_utc=datetime(2026, 10, 13, 23, 40, tzinfo=UTC),
            )
        )


def test_a_member_who_was_elsewhere_is_named_and_nothing_is_stored(
    three: Three, studied: Studied, session: Session, make_pair: MakePair
) -> None:
    first, second, _ = three
    busy = make_pair(coach=second.participant_person, name="Somebody Else")
    busy.log(begins="16:00", ends="16:30")
    page = send(first, studied.cohort_id, grouped(three), 422)
    assert "Mei-Ling Chen: There is another session from 16:00 to 16:30 that day." in page
    assert "Answer three questions by Tuesday." in page
    assert len(logs(session)) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"member": []}, "Choose who took part."),
        ({"member": ["1" * 30]}, "Choose who took part."),
        ({"ends": "15:00"}, "The end is before the start."),
        ({"day": "2026-10-15"}, "has not ended yet"),
        ({"day": "2025-08-01"}, "You were not this participant’s coach on that day."),
        ({"next_steps": ""}, "Write what you agreed"),
        ({"title": "x" * 201}, "there is room for 200"),
        ({"segment": "999999"}, "Choose a segment"),
        ({"funding": "values/nothing"}, "Choose one of those that your institute offers."),
    ],
)
def test_what_cannot_be_of_a_group_comes_back_with_what_was_typed(
    three: Three, studied: Studied, session: Session, given: dict[str, Any], said: str
) -> None:
    page = send(three[0], studied.cohort_id, grouped(three) | {"notes": "About priorities", **given}, 422)
    assert said in page
    assert "About priorities" in page
    assert logs(session) == []


@pytest.mark.parametrize("minutes", ["0", "76", "-3", "many", "1" * 30])
def test_nobody_attended_more_than_there_was(
    three: Three, studied: Studied, session: Session, minutes: str
) -> None:
    fields = grouped(three) | {f"attended-{three[1].enrolment_id}": minutes}
    page = send(three[0], studied.cohort_id, fields, 422)
    assert "Write how many minutes were attended, from 1 to 75." in page
    assert logs(session) == []


def test_minutes_beside_somebody_who_was_not_ticked_stay_typed(three: Three, studied: Studied) -> None:
    first, _, third = three
    name = f"attended-{third.enrolment_id}"
    page = send(first, studied.cohort_id, grouped(three[:2], ends="") | {name: "37"}, 422)
    assert f'name="{name}" value="37"' in page


def test_somebody_else_s_participant_is_no_member(
    three: Three, studied: Studied, make_pair: MakePair, session: Session
) -> None:
    stranger = make_pair(name="Of Another Coach")
    send(three[0], studied.cohort_id, grouped([three[0], stranger]), 404)
    assert logs(session) == []
    assert three[0].coach.get("/coach/groups/new/999999").status_code == 404


def test_logs_of_one_coach_at_one_time_are_one_group_however_they_were_entered(
    three: Three, session: Session
) -> None:
    for pair in three:
        pair.log(kind="group")
    assert len({log.group_id for log in logs(session)}) == 1
    (group,) = session.scalars(select(SessionGroup))
    for log in logs(session):
        three[0].coach.post(f"/coach/sessions/{log.id}/void", {"version": "1"})
    session.refresh(group)
    assert group.voided_at is not None
    three[0].log(kind="group", begins="15:00", ends="16:00")


def test_a_group_is_changed_as_one_until_a_member_confirmed_its_times(
    three: Three, studied: Studied, session: Session
) -> None:
    first, second, third = three
    here = "/coach" + send(first, studied.cohort_id, grouped([first, second]))
    page = first.coach.get(here).text
    assert 'value="Answer' not in page
    assert "Answer three questions by Tuesday." in page
    versions = " ".join(f"{log.id}:{log.version}" for log in logs(session))
    changed = grouped([second, third], ends="16:30", versions=versions)
    assert first.coach.post(here, changed).status_code == 303
    assert [(log.enrolment_id, log.minutes, log.state) for log in logs(session)] == [
        (first.enrolment_id, 75, SessionState.VOIDED),
        (second.enrolment_id, 60, SessionState.SUBMITTED),
        (third.enrolment_id, 60, SessionState.SUBMITTED),
    ]
    assert first.coach.post(here, changed).status_code == 409, "the logs are others now"
    kept = logs(session)[1]
    assert second.answer(kept.id, version=2) == 303
    versions = " ".join(f"{log.id}:{log.version}" for log in logs(session)[1:])
    refused = first.coach.post(here, grouped([third], ends="16:40", versions=versions))
    assert refused.status_code == 422
    assert "Somebody confirmed already that the group met from 15:30 to 16:30." in refused.text
    shorter = grouped([third], ends="16:30", versions=versions) | {f"attended-{third.enrolment_id}": "20"}
    assert first.coach.post(here, shorter).status_code == 303
    assert [log.minutes for log in logs(session)] == [75, 60, 20]


def test_a_group_is_there_for_its_coach_alone(three: Three, studied: Studied, make_pair: MakePair) -> None:
    here = "/coach" + send(three[0], studied.cohort_id, grouped(three))
    other = make_pair(name="Of Another Coach")
    assert other.coach.get(here).status_code == 404
    assert other.coach.post(here, grouped(three)).status_code == 404
    assert three[0].coach.get("/coach/groups/999999").status_code == 404


def test_the_form_offers_those_of_the_last_group_and_a_way_to_it(three: Three, studied: Studied) -> None:
    first, second, _ = three
    assert "It was a group session" in first.coach.get("/coach/sessions/new").text
    assert first.coach.get("/coach/groups/new").location.endswith(f"/coach/groups/new/{studied.cohort_id}")
    page = first.coach.get(f"/coach/groups/new/{studied.cohort_id}").text
    assert page.count('name="member" value=') == 3
    send(first, studied.cohort_id, grouped([first, second]))
    page = first.coach.get(f"/coach/groups/new/{studied.cohort_id}").text
    box = f'name="member" value="{three[2].enrolment_id}"'
    assert page.split(box)[1][:60].count("checked") == 0
    looked = first.coach.post(f"/coach/groups/new/{studied.cohort_id}", grouped(three, wish="look"))
    assert looked.status_code == 200
    assert NEW not in looked.text


def test_a_session_planned_with_several_is_logged_as_a_group_and_is_held(
    three: Three, studied: Studied, session: Session
) -> None:
    first, second, third = three
    members = [str(first.enrolment_id), str(second.enrolment_id)]
    planned_id = plan(first, day="2026-10-14", begins="12:30", ends="13:30", members=members)
    with clock.shift(seconds=7200):
        way = first.coach.get(f"{NEW}/{first.enrolment_id}?planned={planned_id}")
        assert way.status_code == 303
        page = first.coach.get("/coach" + way.location.partition("/coach")[2]).text
        assert 'value="12:30"' in page
        for one, chosen in ((first, True), (second, True), (third, False)):
            box = page.split(f'name="member" value="{one.enrolment_id}"')[1][:60]
            assert ("checked" in box) is chosen
        fields = grouped([first, second], day="2026-10-14", begins="12:30", ends="13:30")
        send(first, studied.cohort_id, fields | {"planned": str(planned_id)})
    planned = session.get_one(PlannedSession, planned_id, populate_existing=True)
    assert planned.state is PlanState.HELD


def test_a_group_is_taken_back_from_those_who_have_not_confirmed(
    three: Three, studied: Studied, session: Session
) -> None:
    first, second, _ = three
    here = "/coach" + send(first, studied.cohort_id, grouped(three))
    assert second.answer(logs(session)[1].id) == 303
    assert first.coach.post(f"{here}/void", {"versions": ""}).status_code == 409
    versions = " ".join(f"{log.id}:{log.version}" for log in logs(session))
    assert first.coach.post(f"{here}/void", {"versions": versions}).status_code == 303
    states = [log.state for log in logs(session)]
    assert states == [SessionState.VOIDED, SessionState.CONFIRMED, SessionState.VOIDED]
    assert "There is another session" in first.refused(), "one member’s session stands"
