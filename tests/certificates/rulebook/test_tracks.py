"""On a track for coaches only what can be met without a cohort is asked, and no level ever asks for itself."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.levels.models import Level, RuleDraft, Track
from tests.browsing import Visitor
from tests.certificates.awards.conftest import Candidate
from tests.certificates.rulebook.conftest import LEVEL

LEVELS = "/administrator/levels/"


@pytest.fixture
def of_coaches(administrator: Visitor, session: Session) -> str:
    """The address of a level of the coaches' track."""
    added = administrator.post(LEVELS, {"track": "coach", "name": "Lead coach"})
    assert added.status_code == 303, added.text
    key = session.scalars(select(Level.key).where(Level.track == Track.COACH)).one()
    return f"{LEVELS}{key}"


@pytest.mark.parametrize("kind", ["months", "module", "evidence", "plan", "not_supervised"])
def test_what_takes_an_enrolment_is_neither_offered_to_coaches_nor_kept(
    administrator: Visitor, of_coaches: str, session: Session, kind: str
) -> None:
    assert f'value="{kind}"' not in administrator.get(f"{of_coaches}/rule").text
    assert f'value="{kind}"' in administrator.get(f"{LEVEL}/rule").text
    answer = administrator.post(f"{of_coaches}/rule", {"kind": kind, "number": "2", "draft": "0"})
    assert answer.status_code == 422
    assert "Choose what the rule asks for." in html.unescape(answer.text)
    assert session.scalars(select(RuleDraft)).all() == []


def test_what_coaches_do_is_asked_of_them(administrator: Visitor, of_coaches: str) -> None:
    sent = {"kind": "coached_hours", "hours": "40", "recent_months": "24", "draft": "0"}
    assert administrator.post(f"{of_coaches}/rule", sent).status_code == 303
    page = administrator.get(of_coaches).text
    assert "At least 40 h of confirmed coaching given to others, within the last 24 months" in page


def test_a_level_asks_for_others_and_never_for_itself(administrator: Visitor) -> None:
    for key, status in (("novice", 422), ("career", 303)):
        sent = {"kind": "level", "key": key, "draft": "0"}
        assert administrator.post(f"{LEVEL}/rule", sent).status_code == status


def test_rules_for_coaches_are_tried_on_whoever_coached_the_cohort(
    administrator: Visitor, of_coaches: str, make_candidate: Callable[..., Candidate]
) -> None:
    candidate = make_candidate()
    for revision, hours in enumerate(("1", "40")):
        sent = {"kind": "coached_hours", "hours": hours, "draft": str(revision), "recent_months": hours}
        assert administrator.post(f"{of_coaches}/rule", sent).status_code == 303
    page = administrator.get(f"{of_coaches}/try").text
    cohort = page.split('<option value="')[1].split('"')[0]
    tried = html.unescape(administrator.get(f"{of_coaches}/try?cohort={cohort}").text)
    assert "0 of 1 person would be eligible." in tried
    assert candidate.pair.coach_person.name in tried
    assert candidate.person.name not in tried
    assert "1 of 2" in tried


def test_rules_for_trainers_are_tried_on_nobody_where_nothing_was_scored(
    administrator: Visitor, make_candidate: Callable[..., Candidate]
) -> None:
    make_candidate()
    administrator.post(LEVELS, {"track": "trainer", "name": "Lead trainer"})
    page = administrator.get(f"{LEVELS}lead-trainer/try").text
    cohort = page.split('<option value="')[1].split('"')[0]
    tried = administrator.get(f"{LEVELS}lead-trainer/try?cohort={cohort}").text
    assert "There is nobody to try them on" in tried
