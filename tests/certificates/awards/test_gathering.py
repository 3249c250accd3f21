"""What rules are held against: sessions, meetings and qualifications as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from certificates.awards.applications.gathering import candidacy_of_person, find_candidacy, gather
from certificates.levels.eligibility import RuleResult, check
from certificates.levels.models import Track
from certificates.levels.rules import WITHOUT_ENROLMENT, Rule, RuleKind
from certificates.levels.wording import say_result, say_rule
from courses.coaches.models import RequirementKind
from courses.meetings.models import (
    Audience,
    Meeting,
    MeetingAttendance,
    MeetingKind,
    Presence,
    Way,
)
from institute.actors import Actor, InstituteId, PersonId
from institute.db import transaction
from institute.errors import NotFoundError
from institute.i18n import LOCALES, speaking
from institute.people.linking import link_people
from institute.people.models import Person, Supervision
from tests.courses.assignments.conftest import make_requirement, verify  # noqa: F401  (fixtures)
from tests.courses.coaching.conftest import Pair, sheet
from tests.courses.conftest import Studied
from tests.databases import counted

Attend = Callable[..., None]


@pytest.fixture(autouse=True)
def within_the_application(app: object, session: Session) -> Iterator[None]:
    """Read what was committed meanwhile."""
    session.rollback()
    yield
    session.rollback()


@pytest.fixture
def pair(make_pair: Callable[..., Pair]) -> Pair:
    """The two people a test is about."""
    return make_pair()


@pytest.fixture
def attend(system: Actor) -> Attend:
    """Let somebody have been at a meeting of 150 minutes that began at 13:30 in Los Angeles."""

    def record(person: Person, day: date, minutes: int = 150, kind: MeetingKind = MeetingKind.COACH) -> None:
        starts = datetime(day.year, day.month, day.day, 20, 30, tzinfo=UTC)
        with transaction() as writing:
            meeting = Meeting(
                institute_id=system.institute_id,
                key=f"{kind}-{day}",
                kind=kind,
                audience=Audience.EVERYBODY,
                starts=starts,
                ends=starts + timedelta(minutes=150),
                zone="America/Los_Angeles",
            )
            writing.add(meeting)
            writing.flush()
            writing.add(
                MeetingAttendance(
                    institute_id=system.institute_id,
                    meeting_id=meeting.id,
                    person_id=person.id,
                    presence=Presence.PRESENT,
                    minutes=minutes,
                    way=Way.LIST,
                )
            )

    return record


def as_coach(person: Person, *rules: Rule) -> tuple[RuleResult, ...]:
    """Hold rules against what somebody did as a coach."""
    candidacy = candidacy_of_person(PersonId(person.id), InstituteId(person.institute_id), Track.COACH)
    return check(rules, gather(candidacy, rules).facts)


def as_participant(pair: Pair, *rules: Rule) -> tuple[RuleResult, ...]:
    """Hold rules against what a participant of a cohort did."""
    candidacy = find_candidacy(pair.enrolment_id, InstituteId(pair.participant_person.institute_id))
    return check(rules, gather(candidacy, rules).facts)


def test_recent_hours_are_those_that_count_and_no_others(pair: Pair) -> None:
    old, new, other = (
        pair.log(day="2026-08-11"),
        pair.log(day="2026-10-13"),
        pair.log(day="2026-10-12", kind="contact", begins="09:00", ends="10:00"),
    )
    for log_id in (old, new, other):
        assert pair.answer(log_id) == 303
    pair.log(day="2026-10-09")  # sent, and not confirmed yet
    hours, recent, video, sessions = as_participant(
        pair,
        Rule(RuleKind.HOURS, 150),
        Rule(RuleKind.HOURS, 75, recent_months=1),
        Rule(RuleKind.HOURS, 60, modes=("video",)),
        Rule(RuleKind.SESSIONS, 3),
    )
    assert (hours.have, recent.have, video.have, sessions.have) == (150, 75, 0, 3)


def test_a_group_counts_once_for_its_coach_and_linked_accounts_are_one_person(
    pair: Pair, make_pair: Callable[..., Pair], studied: Studied, system: Actor
) -> None:
    second = make_pair(coach=pair.coach_person, name="Mei-Ling Chen")
    third = make_pair(coach=pair.coach_person, name="Rosa Delgado")
    members = [str(one.enrolment_id) for one in (pair, second, third)]
    fields = sheet(kind="group", title="Priorities", member=members)
    sent = pair.coach.post(f"/coach/groups/new/{studied.cohort_id}", fields)
    assert sent.status_code == 303, sent.text
    rules = (Rule(RuleKind.COACHED_HOURS, 75), Rule(RuleKind.COACHED_PEOPLE, 3))
    assert [one.have for one in as_coach(pair.coach_person, *rules)] == [0, 0]  # nobody confirmed it yet
    for log_id, one in enumerate((pair, second, third), start=1):
        assert one.answer(log_id) == 303
    assert [one.have for one in as_coach(pair.coach_person, *rules)] == [75, 3]
    both = PersonId(second.participant_person.id), PersonId(third.participant_person.id)
    link_people(*both, actor=system)
    assert [one.have for one in as_coach(pair.coach_person, *rules)] == [75, 2]
    assert as_participant(pair, *rules)[0].have == 0  # to be coached is not to coach


def test_meetings_count_once_they_were_attended_by_half_and_while_they_are_recent(
    pair: Pair, attend: Attend
) -> None:
    person = pair.coach_person
    attend(person, date(2026, 9, 15))
    attend(person, date(2026, 9, 22), minutes=74)
    attend(person, date(2025, 10, 14), minutes=75)
    attend(person, date(2025, 10, 13))
    attend(person, date(2026, 9, 29), kind=MeetingKind.TRAINING)
    every, recent = as_coach(
        person,
        Rule(RuleKind.MEETINGS, 3, "coach"),
        Rule(RuleKind.MEETINGS, 2, "coach", recent_months=12),
    )
    assert (every.have, recent.have) == (3, 2)


def test_a_qualification_holds_while_it_is_in_force(
    pair: Pair,
    make_requirement: Callable[..., str],  # noqa: F811
    verify: Callable[..., None],  # noqa: F811
) -> None:
    make_requirement("recommendation", kind=RequirementKind.RECOMMENDATION, renews_months=6)
    rule = Rule(RuleKind.QUALIFICATION, key="recommendation")
    assert not as_coach(pair.coach_person, rule)[0].met
    verify(pair.coach_person, "recommendation", on="2026-04-13")
    assert not as_coach(pair.coach_person, rule)[0].met  # it ended yesterday
    verify(pair.coach_person, "recommendation", on="2026-04-14")
    assert as_coach(pair.coach_person, rule)[0].met


def test_a_coach_who_became_the_supervisor_is_found(pair: Pair) -> None:
    rule = Rule(RuleKind.NOT_SUPERVISED)
    assert as_participant(pair, rule)[0].met
    with transaction() as writing:
        writing.add(
            Supervision(
                institute_id=pair.participant_person.institute_id,
                supervisor_id=pair.coach_person.id,
                subordinate_id=pair.participant_person.id,
                since=date(2026, 10, 14),
            )
        )
    assert not as_participant(pair, rule)[0].met


def test_nobody_of_another_institute_is_a_candidate(pair: Pair) -> None:
    with pytest.raises(NotFoundError):
        candidacy_of_person(
            PersonId(pair.coach_person.id), InstituteId(pair.coach_person.institute_id + 1), Track.COACH
        )


def test_only_what_the_rules_ask_for_is_looked_up(pair: Pair) -> None:
    def questions(*rules: Rule) -> int:
        with counted() as statements:
            as_participant(pair, *rules)
        return len(statements)

    usual = Rule(RuleKind.HOURS, 60), Rule(RuleKind.DISPUTE_FREE)
    questions(*usual)  # the first time also what is then known
    plain = questions(*usual)
    assert questions(Rule(RuleKind.PLAN, 1)) == plain + 1
    assert questions(Rule(RuleKind.HOURS, 60, recent_months=6)) <= plain + 2
    assert questions(Rule(RuleKind.NOT_SUPERVISED)) <= plain + 4


def test_every_kind_is_a_sentence_in_every_language(pair: Pair) -> None:
    keys = {RuleKind.MEETINGS: "coach", RuleKind.INSTRUMENT: "final"}
    rules = tuple(Rule(kind, 3, keys.get(kind, "one"), 6) for kind in RuleKind if kind is not RuleKind.ANY_OF)
    either = Rule(RuleKind.ANY_OF, one_of=rules[:2])
    candidacy = find_candidacy(pair.enrolment_id, InstituteId(pair.participant_person.institute_id))
    gathered = gather(candidacy, (*rules, either))
    for locale in LOCALES:
        with speaking(locale):
            names = gathered.names(())
            for result in check((*rules, either), gathered.facts):
                words = say_result(result, gathered.facts, names)
                assert words.rule == say_rule(result.rule, names)
                assert words.rule.strip()
                assert words.stands.strip()
                assert "%(" not in words.rule + words.stands + words.by


def test_whatever_is_asked_without_a_cohort_can_be_held_against_a_coach(pair: Pair) -> None:
    rules = tuple(Rule(kind, 1, "coach") for kind in WITHOUT_ENROLMENT - {RuleKind.ANY_OF})
    assert len(as_coach(pair.coach_person, *rules)) == len(rules)
