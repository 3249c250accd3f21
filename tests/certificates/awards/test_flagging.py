"""An award whose session was amended is flagged for the administrator, and stays as it was."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.models import Award, AwardFlag
from certificates.awards.states import AwardStatus
from courses.sessions.models import SessionAmendment
from tests.certificates.awards.conftest import AWARDS, Candidate, Office
from tests.courses.coaching.conftest import sheet

SHORTER = {**sheet(ends="16:00"), "reason": "We stopped at four."}


def amend(candidate: Candidate, session: Session, log_id: int) -> None:
    """Let the coach propose half an hour and the participant accept."""
    pair = candidate.pair
    assert pair.coach.post(f"/coach/amendments/{log_id}/new", SHORTER).status_code == 303
    session.rollback()
    number = session.scalars(select(SessionAmendment.id).order_by(SessionAmendment.id.desc())).first()
    path = f"/participant/amendments/{log_id}/{number}/accept"
    assert pair.participant.post(path, {}).status_code == 303
    session.rollback()


@pytest.fixture
def flag(candidate: Candidate, award: Award, session: Session) -> AwardFlag:
    """The flag on the candidate's award, after its session was amended."""
    amend(candidate, session, award.snapshot["sessions"][0])
    return session.scalars(select(AwardFlag)).one()


def test_an_award_under_which_a_session_changed_is_flagged_and_never_revoked_silently(
    candidate: Candidate, flag: AwardFlag, office: Office
) -> None:
    (award,) = candidate.awards
    assert (award.status, award.minutes) == (AwardStatus.VALID, 75)
    assert (flag.award_id, flag.minutes_before, flag.minutes_after) == (award.id, 75, 30)
    assert "Certificates to look at again" in office.visitor.get("/administrator/").text
    assert "1 h 15 min became 30 min" in office.visitor.get(f"{AWARDS}/").text
    page = office.visitor.get(f"{AWARDS}/{award.id}").text
    assert "We stopped at four." in page
    assert "I have looked at it" in page


def test_whoever_looked_says_what_came_of_it_once(flag: AwardFlag, office: Office, session: Session) -> None:
    path = f"{AWARDS}/{flag.award_id}/flags/{flag.id}"
    assert office.visitor.post(path, {"note": ""}).status_code == 422
    assert office.visitor.post(path, {"note": "Still above what the level asks for."}).status_code == 303
    assert office.visitor.post(path, {"note": "A second word that changes nothing"}).status_code == 303
    page = office.visitor.get(f"{AWARDS}/{flag.award_id}").text
    assert "Still above what the level asks for." in page
    assert "second word" not in page
    assert "Certificates to look at again" not in office.visitor.get("/administrator/").text


def test_a_flag_of_another_award_or_institute_is_not_there(flag: AwardFlag, office: Office) -> None:
    for path in (f"{AWARDS}/{flag.award_id + 1}/flags/{flag.id}", f"{AWARDS}/{flag.award_id}/flags/99"):
        assert office.visitor.post(path, {"note": "Looked at closely."}).status_code == 404


def test_a_session_that_the_award_does_not_stand_on_flags_nothing(
    candidate: Candidate, award: Award, session: Session
) -> None:
    log_id = candidate.pair.log(begins="09:00", ends="10:00")
    assert candidate.pair.answer(log_id) == 303
    changed = {**sheet(begins="09:00", ends="09:30"), "reason": "It was half an hour."}
    assert candidate.pair.coach.post(f"/coach/amendments/{log_id}/new", changed).status_code == 303
    number = session.scalars(select(SessionAmendment.id)).one()
    path = f"/participant/amendments/{log_id}/{number}/accept"
    assert candidate.pair.participant.post(path, {}).status_code == 303
    session.rollback()
    assert session.scalars(select(AwardFlag)).all() == []


def test_a_flagged_award_is_kept_corrected_suspended_or_revoked_by_the_administrator(
    candidate: Candidate, award: Award, office: Office, session: Session
) -> None:
    second = candidate.pair.log(day="2026-10-12")
    assert candidate.pair.answer(second) == 303
    amend(candidate, session, award.snapshot["sessions"][0])
    number = session.scalars(select(AwardFlag.id)).one()
    page = office.visitor.get(f"{AWARDS}/{award.id}").text
    assert "every rule is still met, with 1 h 45 min" in page
    path = f"{AWARDS}/{award.id}/flags/{number}"
    note = "Counted anew."
    assert office.visitor.post(path, {"note": note, "decision": "burn"}).status_code == 422
    assert office.visitor.post(path, {"note": note, "decision": "correct"}).status_code == 303
    before, after = candidate.awards
    assert (before.status, before.minutes) == (AwardStatus.SUPERSEDED, 75)
    assert (after.status, after.minutes, after.supersedes_id) == (AwardStatus.VALID, 105, before.id)
    assert office.visitor.post(path, {"note": note, "decision": "revoke"}).status_code == 303
    assert [one.status for one in candidate.awards] == [AwardStatus.SUPERSEDED, AwardStatus.VALID]


@pytest.mark.parametrize(("decision", "status"), [("suspend", "suspended"), ("revoke", "revoked")])
def test_where_a_rule_is_open_now_the_award_is_suspended_or_revoked_and_not_corrected(
    candidate: Candidate, flag: AwardFlag, office: Office, decision: str, status: str
) -> None:
    page = office.visitor.get(f"{AWARDS}/{flag.award_id}").text
    assert "By what is true now a rule is open:" in page
    assert "Issue it again with the right figures" not in page
    path = f"{AWARDS}/{flag.award_id}/flags/{flag.id}"
    assert office.visitor.post(path, {"note": "Too few.", "decision": "correct"}).status_code == 409
    assert office.visitor.post(path, {"note": "Too few.", "decision": decision}).status_code == 303
    assert [str(one.status) for one in candidate.awards] == [status]
