"""Which requirements a coach meets on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from courses.coaches import qualifying
from courses.coaches.models import CoachRecord, RequirementKind
from courses.coaches.periods import months_after
from courses.coaches.qualifying import FACILITATOR, grant, note_training, qualifications_of, standing_of
from courses.coaches.standings import Met
from institute import clock
from institute.actors import Actor, PersonId
from institute.people.models import Person

TODAY = datetime(2026, 11, 2, 18, tzinfo=UTC)
DAY = date(2026, 11, 2)
Make = Callable[..., str]
Verify = Callable[..., None]


def met_on(coach: Person, day: date = DAY) -> list[Met]:
    """Return how each requirement stands."""
    return [line.met for line in standing_of(PersonId(coach.id), on=day).lines]


def test_an_institute_without_a_list_asks_nothing(make_coach: Callable[..., Person]) -> None:
    standing = standing_of(PersonId(make_coach().id))
    assert standing.lines == standing.missing == ()


def test_what_was_verified_holds_from_its_day_to_its_last_day(
    make_coach: Callable[..., Person], make_requirement: Make, verify: Verify
) -> None:
    coach = make_coach()
    make_requirement()
    assert met_on(coach) == [Met.MISSING]
    with clock.frozen(TODAY):
        verify(coach, on="2026-10-01", expires="2027-03-31")
    assert met_on(coach, date(2026, 9, 30)) == [Met.MISSING]
    assert met_on(coach, date(2026, 10, 1)) == [Met.MET]
    assert met_on(coach, date(2027, 3, 1)) == [Met.EXPIRING]
    assert met_on(coach, date(2027, 3, 31)) == [Met.EXPIRING]
    assert met_on(coach, date(2027, 4, 1)) == [Met.MISSING]


def test_what_is_renewed_ends_after_its_months_on_the_clamped_day(
    make_coach: Callable[..., Person], make_requirement: Make, verify: Verify, session: Session
) -> None:
    coach = make_coach()
    make_requirement(renews_months=18)
    with clock.frozen(datetime(2026, 9, 1, tzinfo=UTC)):
        verify(coach, on="2026-08-31")
    assert session.query(CoachRecord).one().expires == date(2028, 2, 29)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_a_training_may_be_attended_in_parts(
    make_coach: Callable[..., Person], make_requirement: Make, verify: Verify
) -> None:
    coach = make_coach()
    make_requirement("training", kind=RequirementKind.TRAINING, minutes=720)
    with clock.frozen(TODAY):
        verify(coach, "training", on="2026-08-14", minutes="360")
        assert met_on(coach) == [Met.MISSING]
        verify(coach, "training", on="2026-08-15", minutes="360")
    assert met_on(coach) == [Met.MET]


def test_a_waiver_counts_until_its_end_and_is_told_apart(
    make_coach: Callable[..., Person], make_requirement: Make, verify: Verify
) -> None:
    coach = make_coach()
    make_requirement()
    with clock.frozen(TODAY):
        words = {"reason": "Fourteen years of practice.", "pathway": "Studies part-time."}
        verify(coach, kind="waiver", on="2026-10-01", expires="2028-06-30", **words)
    assert met_on(coach) == [Met.WAIVED]
    assert met_on(coach, date(2028, 7, 1)) == [Met.MISSING]


def test_what_has_some_months_time_is_missing_only_when_they_are_over(
    make_coach: Callable[..., Person], make_requirement: Make
) -> None:
    coach = make_coach()
    make_requirement(within_months=12)
    assert met_on(coach) == [Met.LATER]
    qualifying.note_first_day(PersonId(coach.id), date(2026, 1, 31))
    assert met_on(coach, date(2027, 1, 31)) == [Met.LATER]
    assert met_on(coach, date(2027, 2, 1)) == [Met.MISSING]


def test_a_training_noted_by_a_meeting_counts_once_and_is_put_right(
    make_coach: Callable[..., Person], make_requirement: Make, system: Actor, session: Session
) -> None:
    person_id = PersonId(make_coach().id)
    make_requirement("training", kind=RequirementKind.TRAINING, minutes=300)
    for minutes in (150, 150, 300):
        note_training(person_id, "training", on=DAY, minutes=minutes, event_ref="meeting/1", actor=system)
    note_training(person_id, "nothing-asked", on=DAY, minutes=150, event_ref="meeting/2", actor=system)
    assert session.query(CoachRecord).count() == 1
    assert [line.met for line in standing_of(person_id, on=DAY).lines] == [Met.MET]
    note_training(person_id, "training", on=DAY, minutes=0, event_ref="meeting/1", actor=system)
    assert [line.met for line in standing_of(person_id, on=DAY).lines] == [Met.MISSING]
    note_training(person_id, "training", on=DAY, minutes=300, event_ref="meeting/1", actor=system)
    assert [line.met for line in standing_of(person_id, on=DAY).lines] == [Met.MET]


def test_a_qualification_is_granted_once_by_each_source(
    make_coach: Callable[..., Person], system: Actor
) -> None:
    person_id = PersonId(make_coach().id)
    for _ in range(2):
        grant(person_id, FACILITATOR, on=DAY, source="programme/trainers", actor=system)
    assert [(one.key, one.granted_on) for one in qualifications_of(person_id)] == [(FACILITATOR, DAY)]


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 24, date(2028, 12, 15)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_days_some_months_apart_keep_inside_their_month(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after
