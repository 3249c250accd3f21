"""What both sides confirmed changes when both want it, and until then nothing does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.coaching.locking import lock_logs
from courses.hours.queries import hours_of
from courses.sessions.models import (
    AmendmentState,
    SessionAmendment,
    SessionLog,
    SessionRevision,
    SessionState,
)
from institute import clock
from institute.actors import Actor, Role
from institute.audit.models import AuditEvent
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import Pair, sheet
from tests.courses.coaching.test_races import together
from tests.institute import post

Read = Callable[[int], SessionLog]
WEEK = 7 * 24 * 3600


def change(**given: str) -> dict[str, str]:
    """Return the fields of a proposal: the session ended at half past four."""
    return {**sheet(ends="16:30"), "reason": "We stopped earlier.", **given}


def propose(visitor: Visitor, area: str, log_id: int, **given: str) -> int:
    """Propose a change and return the status of the answer."""
    return visitor.post(f"/{area}/amendments/{log_id}/new", change(**given)).status_code


def newest(session: Session) -> SessionAmendment:
    """Return the amendment that was proposed last, as it stands now."""
    session.rollback()
    statement = select(SessionAmendment).order_by(SessionAmendment.id.desc()).limit(1)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


@pytest.fixture
def confirmed(pair: Pair) -> int:
    """A session of 75 minutes that both confirmed."""
    log_id = pair.log()
    assert pair.answer(log_id) == 303
    return log_id


def test_a_proposal_changes_nothing_until_the_other_side_accepts(
    pair: Pair, confirmed: int, stored: Read, session: Session
) -> None:
    assert propose(pair.coach, "coach", confirmed) == 303
    assert (stored(confirmed).minutes, hours_of(pair.enrolment_id).counted) == (75, 75)
    assert (
        "1 change to a confirmed session waits for your answer" in pair.participant.get("/participant/").text
    )
    assert "waits for your answer" not in pair.coach.get("/coach/").text
    page = pair.participant.get(f"/participant/hours/{confirmed}")
    assert "We stopped earlier." in page.text
    assert "1 h 15 min" in page.text
    path = f"/participant/amendments/{confirmed}/{newest(session).id}/accept"
    assert pair.participant.get(path).status_code == 405
    assert pair.participant.post(path, {}).status_code == 303
    log = stored(confirmed)
    assert (log.minutes, log.state, log.amendment_id) == (60, SessionState.CONFIRMED, newest(session).id)
    assert hours_of(pair.enrolment_id).counted == 60
    for visitor, page_of in ((pair.participant, "/participant/hours"), (pair.coach, "/coach/sessions")):
        told = visitor.get(f"{page_of}/{confirmed}").text
        assert "Change accepted by both" in told
        assert "Length: 1 h instead of 1 h 15 min" in told
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[-2:] == ["session.amendment_proposed", "session.amendment_accepted"]


def test_either_side_may_propose_and_the_other_decline(
    pair: Pair, confirmed: int, stored: Read, session: Session
) -> None:
    assert propose(pair.participant, "participant", confirmed) == 303
    home = pair.coach.get("/coach/").text
    assert home.index("waits for your answer") < home.index("Your participants this month")
    assert (
        pair.coach.post(f"/coach/amendments/{confirmed}/{newest(session).id}/decline", {}).status_code == 303
    )
    assert (stored(confirmed).minutes, stored(confirmed).amendment_id) == (75, None)
    assert "Change declined" in pair.participant.get(f"/participant/hours/{confirmed}").text
    assert session.scalar(select(func.count(SessionRevision.id))) == 1


def test_nobody_answers_their_own_proposal_and_only_they_take_it_back(
    pair: Pair, confirmed: int, session: Session
) -> None:
    propose(pair.coach, "coach", confirmed)
    mine = f"/coach/amendments/{confirmed}/{newest(session).id}"
    theirs = f"/participant/amendments/{confirmed}/{newest(session).id}"
    assert pair.coach.post(f"{mine}/accept", {}).status_code == 403
    assert pair.participant.post(f"{theirs}/withdraw", {}).status_code == 403
    assert pair.coach.post(f"{mine}/withdraw", {}).status_code == 303
    assert pair.participant.post(f"{theirs}/accept", {}).status_code == 409
    assert propose(pair.participant, "participant", confirmed) == 303


def test_a_second_proposal_waits_for_the_first(pair: Pair, confirmed: int) -> None:
    assert propose(pair.coach, "coach", confirmed) == 303
    assert propose(pair.participant, "participant", confirmed) == 409


def test_what_waits_for_an_answer_needs_no_amendment(pair: Pair) -> None:
    assert propose(pair.coach, "coach", pair.log()) == 409


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ends": "16:45"}, "Nothing is different from what you both confirmed."),
        ({"reason": ""}, "Write why it has to change"),
        ({"reason": "x" * 1001}, "1001"),
        ({"ends": "15:00"}, "The end is before the start."),
        ({"kind": "group"}, "Choose"),
        ({"day": "2030-01-01"}, "has not ended yet"),
        ({"begins": "\x00", "ends": "10" * 30}, "Write a time"),
    ],
)
def test_a_proposal_that_cannot_be_keeps_what_was_typed(
    pair: Pair, confirmed: int, given: dict[str, str], sentence: str
) -> None:
    answer = pair.coach.post(f"/coach/amendments/{confirmed}/new", change(**given))
    assert answer.status_code == 422
    assert sentence in answer.text
    if "reason" not in given:
        assert "We stopped earlier." in answer.text


def test_a_locked_session_stays_locked_in_what_both_changed(
    pair: Pair, confirmed: int, stored: Read, session: Session, system: Actor
) -> None:
    propose(pair.coach, "coach", confirmed)
    assert lock_logs(pair.enrolment_id, actor=system) == (confirmed,)
    path = f"/participant/amendments/{confirmed}/{newest(session).id}/accept"
    assert pair.participant.post(path, {}).status_code == 303
    assert (stored(confirmed).state, stored(confirmed).minutes) == (SessionState.LOCKED, 60)
    assert hours_of(pair.enrolment_id).counted == 60


def test_a_change_into_the_time_of_another_session_is_refused(
    pair: Pair, confirmed: int, stored: Read, session: Session
) -> None:
    later = pair.log(begins="17:00", ends="18:00")
    assert propose(pair.coach, "coach", confirmed, ends="17:30") == 422
    assert pair.coach.post(f"/coach/sessions/{later}/void", {"version": "1"}).status_code == 303
    assert propose(pair.coach, "coach", confirmed, ends="17:30") == 303
    pair.log(begins="17:00", ends="18:00")
    path = f"/participant/amendments/{confirmed}/{newest(session).id}/accept"
    assert pair.participant.post(path, {}).status_code == 409
    assert stored(confirmed).minutes == 75
    assert newest(session).state is AmendmentState.PROPOSED


@pytest.mark.every_value
@pytest.mark.parametrize("_attempt", range(2))
def test_two_answers_at_once_settle_it_once(
    pair: Pair, confirmed: int, stored: Read, session: Session, _attempt: int
) -> None:
    propose(pair.coach, "coach", confirmed)
    path = f"/participant/amendments/{confirmed}/{newest(session).id}"
    statuses = together(
        lambda: pair.participant.post(f"{path}/accept", {}).status_code,
        lambda: pair.participant.post(f"{path}/decline", {}).status_code,
    )
    assert sorted(statuses) == [303, 409]
    accepted = statuses[0] == 303
    assert newest(session).state is (AmendmentState.ACCEPTED if accepted else AmendmentState.DECLINED)
    assert stored(confirmed).minutes == (60 if accepted else 75)


def test_two_proposals_at_once_leave_one(pair: Pair, confirmed: int, session: Session) -> None:
    statuses = together(
        lambda: propose(pair.coach, "coach", confirmed),
        lambda: propose(pair.participant, "participant", confirmed),
    )
    assert sorted(statuses) == [303, 409]
    assert session.scalar(select(func.count(SessionAmendment.id))) == 1


def test_taking_back_and_accepting_at_once_let_one_win(
    pair: Pair, confirmed: int, stored: Read, session: Session
) -> None:
    propose(pair.coach, "coach", confirmed)
    number = newest(session).id
    back, accepted = together(
        lambda: pair.coach.post(f"/coach/amendments/{confirmed}/{number}/withdraw", {}).status_code,
        lambda: pair.participant.post(f"/participant/amendments/{confirmed}/{number}/accept", {}).status_code,
    )
    assert sorted([back, accepted]) == [303, 409]
    session.rollback()
    assert stored(confirmed).minutes == (60 if accepted == 303 else 75)


def test_strangers_reach_no_amendment(
    pair: Pair, make_pair: Callable[..., Pair], confirmed: int, session: Session
) -> None:
    other = make_pair(name="Mei-Ling Chen")
    propose(pair.coach, "coach", confirmed)
    number = newest(session).id
    for visitor, area in ((other.coach, "coach"), (other.participant, "participant")):
        assert visitor.get(f"/{area}/amendments/{confirmed}/new").status_code == 404
        assert propose(visitor, area, confirmed) == 404
        for verb in ("accept", "decline", "withdraw"):
            assert visitor.post(f"/{area}/amendments/{confirmed}/{number}/{verb}", {}).status_code == 404
    own = other.log()
    assert other.answer(own) == 303
    wrong = f"/participant/amendments/{own}/{number}/accept"
    assert other.participant.post(wrong, {}).status_code == 404


def test_the_other_side_is_asked_by_mail_and_the_proposer_told(
    pair: Pair, confirmed: int, session: Session
) -> None:
    propose(pair.coach, "coach", confirmed)
    asked = post.deliver()[-1]
    assert asked["Subject"] == "A change to a confirmed session waits for your answer"
    assert asked["To"] == pair.participant_person.email
    assert "Length: 1 h instead of 1 h 15 min" in post.text_of(asked)
    pair.participant.post(f"/participant/amendments/{confirmed}/{newest(session).id}/accept", {})
    assert any("accepted your change" in post.text_of(one) for one in post.deliver())


@pytest.fixture
def coordinate(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Callable[[], Visitor]:
    """Let somebody who coordinates come in, at the time that it is."""
    person = make_person(name="Grace Kim", email="grace@example.test")
    return lambda: sign_in(person, roles=[Role.COORDINATOR])


def test_a_coordinator_answers_for_a_side_that_let_a_week_pass(
    pair: Pair, confirmed: int, stored: Read, session: Session, coordinate: Callable[[], Visitor]
) -> None:
    propose(pair.coach, "coach", confirmed)
    path = f"/coordinator/amendments/{newest(session).id}"
    words = {"words": "Both told me on the phone."}
    visitor = coordinate()
    assert "Waits for the other side" in visitor.get("/coordinator/amendments/").text
    assert visitor.post(f"{path}/accept", words).status_code == 409
    with clock.shift(seconds=WEEK):
        later = coordinate()
        assert "1 change has waited for a week" in later.get("/coordinator/").text
        assert later.post(f"{path}/accept", {"words": ""}).status_code == 422
        assert later.post(f"{path}/accept", words).status_code == 303
        assert later.get(path).status_code == 404
    assert stored(confirmed).minutes == 60
    told = pair.participant.get(f"/participant/hours/{confirmed}").text
    assert "in place of the side that did not answer" in told
    assert "Both told me on the phone." in told


def test_a_coordinator_does_not_answer_for_themselves(
    pair: Pair, confirmed: int, session: Session, sign_in: Callable[..., Visitor]
) -> None:
    propose(pair.coach, "coach", confirmed)
    with clock.shift(seconds=WEEK):
        own = sign_in(pair.participant_person, roles=[Role.COORDINATOR])
        path = f"/coordinator/amendments/{newest(session).id}/accept"
        assert own.post(path, {"words": "I say so."}).status_code == 403


def test_a_coordinator_of_another_institute_sees_no_amendment(
    pair: Pair, confirmed: int, session: Session, visit_elsewhere: Visitor
) -> None:
    propose(pair.coach, "coach", confirmed)
    path = f"/coordinator/amendments/{newest(session).id}"
    assert visit_elsewhere.get(path).status_code == 404
    assert visit_elsewhere.post(f"{path}/accept", {"words": "I say so."}).status_code == 404


@pytest.fixture
def visit_elsewhere(
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> Visitor:
    """A coordinator of another institute."""
    return sign_in(make_person(institute_id=make_institute().id), roles=[Role.COORDINATOR])
