"""Applying for a level: only for the next one, only when every rule is met at that moment."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.models import Application, ApplicationStep
from certificates.awards.states import ApplicationState
from certificates.levels.models import Level
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from courses.sessions.models import SessionLog, SessionState
from institute.actors import Actor
from institute.audit.models import AuditEvent
from tests.browsing import Visitor
from tests.certificates.awards.conftest import LEVEL, Candidate

Make = Callable[..., Candidate]


def test_page_says_what_is_met_and_exactly_what_is_missing(make_candidate: Make) -> None:
    candidate = make_candidate(met=False)
    candidate.coached(begins="15:30", ends="16:10")
    page = candidate.visitor.get(LEVEL).text
    assert "At least 1 h of confirmed coaching" in page
    assert "40 min so far, 20 min to go" in page
    assert "by February 28, 2027" in page
    assert "1 of 2 rules are met" in page
    assert 'action="' + candidate.visitor._address(f"{LEVEL}apply") not in page


def test_home_says_what_is_missing_for_the_next_level(make_candidate: Make) -> None:
    candidate = make_candidate(met=False)
    page = candidate.visitor.get("/participant/").text
    assert "Towards the level “Novice”" in page
    assert "0 min so far, 1 h to go" in page


def test_whoever_met_every_rule_applies_once(candidate: Candidate, session: Session) -> None:
    assert "Apply for the level “Novice”" in candidate.visitor.get(LEVEL).text
    assert candidate.apply() == 303
    assert candidate.application.state is ApplicationState.UNDER_REVIEW
    assert candidate.apply() == 409
    assert len(session.scalars(select(Application)).all()) == 1
    page = candidate.visitor.get(LEVEL).text
    assert "Your application is with your institute" in page
    assert '<button class="btn btn-primary">' not in page


def test_applying_keeps_a_snapshot_and_locks_the_hours(candidate: Candidate, session: Session) -> None:
    candidate.apply()
    (step,) = session.scalars(select(ApplicationStep)).all()
    assert step.snapshot["facts"]["counted"] == 75
    assert step.snapshot["results"] == [["hours", "", 75, 60, True], ["dispute_free", "", 1, 1, True]]
    assert [log.state for log in session.scalars(select(SessionLog))] == [SessionState.LOCKED]
    assert "application.made" in session.scalars(select(AuditEvent.action)).all()


def test_a_rule_that_is_open_is_refused_also_when_the_form_is_sent_by_hand(
    make_candidate: Make, session: Session
) -> None:
    candidate = make_candidate(met=False)
    answer = candidate.visitor.post(f"{LEVEL}apply", {"level": "novice"})
    assert answer.status_code == 409
    assert "A rule of this level is still open" in answer.text
    assert session.scalars(select(Application)).all() == []


def test_no_level_can_be_skipped_and_none_invented(candidate: Candidate) -> None:
    assert candidate.apply("career") == 409
    for wrong in ("", "nothing", "novice\x00", "9" * 5000, "<b>"):
        assert candidate.apply(wrong) == 404


def test_a_disputed_session_blocks_the_application(candidate: Candidate) -> None:
    log_id = candidate.pair.log(day="2026-10-12")
    assert candidate.pair.answer(log_id, "dispute", difference="length", reason="It was shorter.") == 303
    page = candidate.visitor.get(LEVEL).text
    assert "1 session is disputed" in page
    assert candidate.apply() == 409


def test_an_application_keeps_the_version_of_the_rules_of_its_day(
    candidate: Candidate, session: Session, system: Actor
) -> None:
    candidate.apply()
    kept = candidate.application.rule_set_id
    level = session.scalars(select(Level).where(Level.key == "novice")).one()
    publish_rules(level.id, [Rule(RuleKind.HOURS, 6000)], actor=system)
    assert candidate.application.rule_set_id == kept
    assert "At least 1 h of confirmed coaching" in candidate.visitor.get(LEVEL).text


def test_a_level_without_rules_says_that_it_is_not_open(
    candidate: Candidate, session: Session, system: Actor
) -> None:
    level = session.scalars(select(Level).where(Level.key == "novice")).one()
    publish_rules(level.id, [], actor=system)
    assert "Your institute has not written down what this level asks." in candidate.visitor.get(LEVEL).text
    assert candidate.apply() == 409


def test_somebody_who_is_not_enrolled_reads_what_to_do(
    make_person: Callable[..., object], sign_in: Callable[..., Visitor], ladder: None
) -> None:
    visitor = sign_in(make_person(), roles=["participant"])
    assert "You are not enrolled yet" in visitor.get(LEVEL).text
    assert visitor.post(f"{LEVEL}apply", {"level": "novice"}).status_code == 404
