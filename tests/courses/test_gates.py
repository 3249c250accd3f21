"""When a segment opens: after what comes first, on its day; what was begun stays open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from courses.catalogue.drafts import OpeningDraft
from courses.catalogue.publishing import publish_version
from courses.catalogue.queries import load_outline, newest_version
from courses.cohorts.models import CohortOpening, EnrolmentId
from courses.cohorts.moving import move_cohort
from courses.cohorts.queries import progress_of
from courses.cohorts.ticking import StepAddress, tick, tick_by_fact
from institute import clock
from institute.actors import Actor, PersonId
from institute.db import transaction
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import module, programme, renew, segment_draft, with_segment

Enrolled = Callable[..., tuple[Person, EnrolmentId]]
SECOND = "/participant/modules/module-1/segment-2"


def waiting(*after: str, days: int | None = None) -> OpeningDraft:
    """Return what the second segment waits for."""
    return OpeningDraft(after, days)


def publish(opens: OpeningDraft, system: Actor) -> None:
    """Let the second segment wait, for everybody."""
    renew(with_segment(segment_draft(number=2, opens=opens)), actor=system)


def finish_first(participant: Visitor) -> None:
    """Tick off all of the first segment."""
    for key in ("read", "rank", "prepare"):
        participant.post(f"/participant/modules/module-1/segment-1/steps/{key}", {"done": "1"})


def test_a_segment_waits_for_another_says_so_and_ticks_nothing(participant: Visitor, system: Actor) -> None:
    publish(waiting("module-1/segment-1"), system)
    page = participant.get(SECOND)
    assert page.status_code == 200
    assert "This segment is not open yet" in page.text
    assert "Segment about segment-1" in page.text
    assert "A practice model lives" not in page.text
    assert "Not open yet" in participant.get("/participant/modules/module-1").text
    refused = participant.post(f"{SECOND}/steps/read", {"done": "1"})
    assert (refused.status_code, "not open yet" in refused.text) == (409, True)
    assert participant.get(f"{SECOND}/materials/sheet").status_code == 409
    finish_first(participant)
    assert "A practice model lives" in participant.get(SECOND).text
    assert participant.post(f"{SECOND}/steps/read", {"done": "1"}).status_code == 303


def test_a_segment_waits_for_a_whole_module(participant: Visitor, system: Actor) -> None:
    later = module(segment_draft(opens=waiting("module-1")), number=2)
    renew(lambda content: programme(*content.modules, later), actor=system)
    address = "/participant/modules/module-2/segment-1"
    assert "Module 1: Core practice" in participant.get(address).text
    assert participant.get("/participant/modules/").text.count("Not open yet") == 1
    finish_first(participant)
    assert "This segment is not open yet" in participant.get(address).text
    for key in ("read", "rank", "prepare"):
        participant.post(f"{SECOND}/steps/{key}", {"done": "1"})
    assert "This segment is not open yet" not in participant.get(address).text
    assert "Not open yet" not in participant.get("/participant/modules/").text


@pytest.mark.parametrize(("day", "is_open"), [(9, False), (10, True)])
def test_a_segment_opens_so_many_days_after_the_cohort_s_first(
    participant: Visitor, system: Actor, day: int, is_open: bool
) -> None:
    publish(waiting(days=10), system)
    at = datetime(2026, 9, 1, 19, tzinfo=UTC) + timedelta(days=day)
    with clock.frozen(at):
        text = participant.get(SECOND).text
    assert ("It opens on Friday, September 11, 2026" in text) is not is_open


def test_the_day_is_the_cohort_s_own_in_its_own_zone(
    participant: Visitor, system: Actor, studied: Studied
) -> None:
    publish(waiting(days=0), system)
    outline = load_outline(system.institute_id, newest_version(system.institute_id, "leadership"))
    part_id = outline.segments()[1][1].part_id
    with transaction() as session:
        session.add(CohortOpening(cohort_id=studied.cohort_id, part_id=part_id, opens_on=date(2026, 10, 1)))
    with clock.frozen(datetime(2026, 10, 1, 6, 59, tzinfo=UTC)):
        assert "It opens on Thursday, October 1, 2026" in participant.get(SECOND).text
    with clock.frozen(datetime(2026, 10, 1, 7, 0, tzinfo=UTC)):
        assert "A practice model lives" in participant.get(SECOND).text


def test_what_was_begun_stays_open_in_a_version_that_asks_for_more(
    participant: Visitor, system: Actor, studied: Studied
) -> None:
    participant.post(f"{SECOND}/steps/read", {"done": "1"})
    publish(waiting("module-1/segment-1", days=3000), system)
    assert "A practice model lives" in participant.get(SECOND).text
    assert participant.post(f"{SECOND}/steps/rank", {"done": "1"}).status_code == 303


def test_taking_back_the_one_tick_of_a_begun_segment_shuts_nobody_out(
    participant: Visitor, system: Actor, studied: Studied
) -> None:
    participant.post(f"{SECOND}/steps/read", {"done": "1"})
    publish(waiting(days=3000), system)
    assert participant.post(f"{SECOND}/steps/read").status_code == 303
    assert "A practice model lives" in participant.get(SECOND).text
    assert participant.post(f"{SECOND}/steps/read", {"done": "1"}).status_code == 303


def test_what_a_fact_shows_is_ticked_in_a_closed_segment_too(
    make_enrolment: Enrolled, system: Actor, studied: Studied
) -> None:
    person, enrolment_id = make_enrolment()
    publish(waiting("module-1/segment-1"), system)
    outline = load_outline(system.institute_id, newest_version(system.institute_id, "leadership"))
    step_id = outline.segments()[1][1].steps[0]
    for _ in range(2):
        tick_by_fact(enrolment_id, step_id)
    tick_by_fact(EnrolmentId(999), step_id)
    assert progress_of(PersonId(person.id), studied.cohort_id) == (1, 6)


def test_home_leads_to_what_is_open_and_says_when_nothing_is(participant: Visitor, system: Actor) -> None:
    publish(waiting(days=3000), system)
    home = participant.get("/participant/").text
    assert "2 steps to do before session 1" in home
    finish_first(participant)
    home = participant.get("/participant/").text
    assert "Segment 2 is not open yet" in home
    assert "It opens on" in home


def test_nothing_keeps_a_version_without_rules_closed(
    make_enrolment: Enrolled, system: Actor, studied: Studied
) -> None:
    person, enrolment_id = make_enrolment()
    move_cohort(studied.cohort_id, publish_version(programme(), actor=system), actor=system)
    actor = Actor(system.institute_id, PersonId(person.id))
    tick(enrolment_id, StepAddress("module-1", "segment-2", "read"), actor=actor)
    assert progress_of(PersonId(person.id), studied.cohort_id) == (1, 6)
