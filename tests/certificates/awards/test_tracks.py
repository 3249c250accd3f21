"""Coaches and trainers have levels of their own, reached by what they do in their role."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.models import Application
from certificates.levels.defining import LevelDraft, define_levels
from certificates.levels.models import Level, Track
from certificates.levels.publishing import publish_rules
from certificates.levels.rules import Rule, RuleKind
from institute.actors import Actor, Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import Candidate, Office
from tests.programmes import english


@pytest.fixture
def tracks(system: Actor, candidate: Candidate, session: Session) -> None:
    """A level for coaches, for an hour of coaching that was given, and one for mentors."""
    drafts = [
        LevelDraft("novice", english("Novice"), english("First"), english("Certified Coach")),
        LevelDraft("career", english("Career"), english("Second")),
        LevelDraft("qualified", english("Qualified coach"), english("Coaches"), track=Track.COACH),
        LevelDraft("mentor-coach", english("Mentor coach"), english("Mentors"), track=Track.MENTOR),
    ]
    define_levels(drafts, actor=system)
    for key in ("qualified", "mentor-coach"):
        level = session.scalars(select(Level).where(Level.key == key)).one()
        rules = [Rule(RuleKind.COACHED_HOURS, 60 if key == "qualified" else 6000)]
        publish_rules(level.id, rules, actor=system)


def text_of(visitor: Visitor, path: str) -> str:
    """Return a page as it is read."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_a_coach_sees_what_is_missing_applies_and_waits_for_a_decision(
    tracks: None, candidate: Candidate, office: Office, session: Session
) -> None:
    coach = candidate.pair.coach
    page = text_of(coach, "/coach/level/")
    assert "Apply for the level “Qualified coach”" in page
    assert "At least 1 h of confirmed coaching given to others" in page
    assert "What if?" not in page  # nothing is open
    assert coach.post("/coach/level/apply", {"level": "qualified", "pathway": "standard"}).status_code == 303
    applied = session.scalars(select(Application)).all()
    assert [(one.enrolment_id, one.pathway) for one in applied] == [(None, "standard")]
    assert "Your application is with your institute" in text_of(coach, "/coach/level/")
    assert "Qualified coach" in text_of(office.visitor, f"/administrator/applications/{applied[0].id}")


def test_a_mentor_supposes_more_hours_given_and_reads_when_they_would_be_there(
    tracks: None, candidate: Candidate
) -> None:
    coach = candidate.pair.coach
    address = "/coach/level/?track=mentor"
    assert "Suppose something and see what it would change." in text_of(coach, address)
    assert "You could apply from" in text_of(coach, f"{address}&hours=100")
    arabic = "\u0661\u0660\u0660\u066b\u0660"  # 100.0 as an Arabic keyboard writes it
    assert "You could apply from" in text_of(coach, f"{address}&hours={arabic}")
    assert "This would still be open:" in text_of(coach, f"{address}&hours=99")
    for wrong in ("²", "٫", "-1", "nan", "1e3", "2001", "9" * 5000):
        assert "Write a number of hours, up to 2000." in text_of(coach, f"{address}&hours={wrong}"), wrong
    # 75 of 6000 minutes are there, all of them this month: 525 more in October, then nine months of 600.
    assert "You would reach 100 h on July 31, 2027." in text_of(coach, f"{address}&monthly=600")


def test_each_area_shows_its_own_tracks_alone(tracks: None, candidate: Candidate) -> None:
    coach, participant = candidate.pair.coach, candidate.visitor
    assert "Mentor coach" in text_of(coach, "/coach/level/?track=mentor")
    for visitor, path in (
        (coach, "/coach/level/?track=trainer"),
        (coach, "/coach/level/?track=participant"),
        (participant, "/participant/level/?track=coach"),
    ):
        assert visitor.get(path).status_code == 404
    assert participant.post("/participant/level/apply", {"level": "qualified"}).status_code in {404, 409}


def test_who_has_no_levels_is_told_so(
    tracks: None, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    trainer = sign_in(make_person(name="Tomás Reyes"), roles=[Role.TRAINER])
    assert "No levels yet" in text_of(trainer, "/trainer/level/")
