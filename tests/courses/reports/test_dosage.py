"""The board of dosage: what administrators see of a half year, on the page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from courses.cohorts.models import EnrolmentId, NeedLevel, RecipientType, Setting
from courses.cohorts.recipients import RecipientDraft, record_recipient
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor

NOW = datetime(2026, 10, 20, 19, tzinfo=UTC)
AT = "/administrator/dosage/"


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be 20 October 2026."""
    with clock.frozen(NOW):
        yield


@pytest.fixture
def visitor(make_person: Callable[..., Person], sign_in: Callable[..., Visitor], system: Actor) -> Visitor:
    """An administrator's browser."""
    person = make_person(name="Ruth Mensah")
    grant_role(PersonId(person.id), Role.ADMINISTRATOR, actor=system)
    return sign_in(person)


@pytest.fixture
def enrol_several(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]], system: Actor
) -> Callable[[int, Setting], None]:
    """Enrol people who work in a setting since September."""

    def enrol(count: int, setting: Setting) -> None:
        draft = RecipientDraft(RecipientType.LEAD_TEACHER, setting, NeedLevel.STANDARD, "es")
        for number in range(count):
            _, enrolment_id = make_enrolment(
                name=f"{setting} {number}", email=f"{setting}{number}@example.test"
            )
            record_recipient(enrolment_id, draft, since=date(2026, 9, 1), actor=system)

    return enrol


def cells(visitor: Visitor) -> dict[tuple[str, str, str], dict[str, str]]:
    """Return the cells of the file by quality, group and month."""
    text = visitor.get(f"{AT}dosage.csv").data.decode("utf-8-sig")
    return {(row["quality"], row["group"], row["month"]): row for row in csv.DictReader(io.StringIO(text))}


def test_a_board_without_people_says_what_makes_it_useful(visitor: Visitor) -> None:
    assert "once a coordinator has recorded" in visitor.get(AT).text


def test_people_stand_in_their_groups(
    visitor: Visitor, enrol_several: Callable[[int, Setting], None]
) -> None:
    enrol_several(6, Setting.SCHOOL)
    enrol_several(5, Setting.CENTRE)
    found = cells(visitor)
    assert found["setting", "School", "2026-10"]["people"] == "6"
    assert found["setting", "Centre", "2026-10"]["people"] == "5"
    assert found["language", "Spanish", "2026-10"]["people"] == "11"
    assert found["region", "Not recorded", "2026-10"]["people"] == "11"
    assert found["all", "all", "2026-10"]["people"] == "11"
    assert found["all", "all", "2026-10"]["reached_minimum"] == "0"
    assert "6 people" in visitor.get(AT).text


def test_a_small_group_is_hidden_with_what_would_tell_it(
    visitor: Visitor, enrol_several: Callable[[int, Setting], None]
) -> None:
    enrol_several(6, Setting.SCHOOL)
    enrol_several(2, Setting.CENTRE)
    found = cells(visitor)
    assert found["setting", "Centre", "2026-10"]["hidden"] == "yes"
    assert found["setting", "School", "2026-10"]["hidden"] == "yes"
    assert found["all", "all", "2026-10"]["people"] == "8"
    assert found["setting", "Centre", "2026-10"]["people"] == ""
    assert "Hidden" in visitor.get(AT).text


@pytest.mark.parametrize("asked", ["2026-1", "1999-1", "x", "2026-3", "9" * 40, "\0"])
def test_any_half_year_can_be_asked_for(visitor: Visitor, asked: str) -> None:
    assert visitor.get(AT, query_string={"half": asked}).status_code == 200
