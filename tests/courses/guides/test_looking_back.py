"""A coach opens a session with what this person has still open, and with what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from courses.catalogue.drafts import ProgrammeContent
from institute import clock
from institute.actors import Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import NEW, sheet
from tests.courses.conftest import Studied
from tests.courses.guides.conftest import COACH, Pair

STEPS = "/participant/modules/module-1/segment-{segment}/steps/{key}"


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be Wednesday 14 October 2026, noon in Los Angeles."""
    with clock.frozen(datetime(2026, 10, 14, 19, tzinfo=UTC)):
        yield


def look(pair: Pair, *, by: Visitor | None = None) -> str:
    """Return what the coach's guide says of the person it is used with."""
    answer = (by or pair.coach).get(f"{COACH}?with={pair.enrolment_id}")
    assert answer.status_code == 200, answer.status_code
    _, found, rest = answer.get_data(as_text=True).partition('<div class="g-look">')
    return rest.partition("</div>")[0] if found else ""


def done(pair: Pair, segment: int, *keys: str) -> None:
    """Tick steps off."""
    for key in keys:
        answer = pair.participant.post(STEPS.format(segment=segment, key=key), {"done": "1"})
        assert answer.status_code == 303, answer.status_code


def test_the_opening_says_what_this_person_has_still_open(make_pair: Callable[..., Pair]) -> None:
    first, second = make_pair(), make_pair(name="Mei-Ling Chen")
    done(first, 1, "read")
    said = look(first)
    assert "Look back with <bdi>Lucía Ortega</bdi>" in said
    assert "Do rank" in said
    assert "Do read" not in said
    assert "Do prepare" not in said
    theirs = look(second)
    assert "Mei-Ling" in theirs
    assert "Do read" in theirs


def test_it_moves_on_to_the_session_that_comes(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    done(pair, 1, "read", "rank")
    assert "Every activity from before is done." in look(pair)
    done(pair, 1, "prepare")
    done(pair, 2, "read")
    text = pair.coach.get(f"{COACH}?with={pair.enrolment_id}").get_data(as_text=True)
    assert text.index('id="session-2"') < text.index('<div class="g-look">')
    assert "Do rank" in look(pair)


def test_a_first_session_says_whether_the_overview_is_acknowledged_and_what_was_given(
    pair: Pair, full: ProgrammeContent
) -> None:
    said = look(pair)
    assert "“Sheet” is not acknowledged yet." in said
    assert 'Do look <span class="g-mark">Open</span>' in said
    assert pair.participant.get("/participant/modules/module-1/segment-1").status_code == 200


def test_what_the_last_session_agreed_on_stands_in_the_opening(make_pair: Callable[..., Pair]) -> None:
    pair, other = make_pair(), make_pair(name="Mei-Ling Chen")
    assert "Agreed in the session" not in look(pair)
    for day, steps in (("2026-10-12", "Older steps."), ("2026-10-13", "Ask <b>three</b> questions.")):
        answer = pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet(day=day, next_steps=steps))
        assert answer.status_code == 303, answer.text
    said = look(pair)
    assert "Ask &lt;b&gt;three&lt;/b&gt; questions." in said
    before, _, later = said.partition("Agreed in earlier sessions and not done yet")
    assert "Older steps." not in before
    assert "Older steps." in later, "a step comes back until it is done"
    assert "Agreed in the session" not in look(other)


def test_nobody_else_looks_back_with_somebody(
    make_pair: Callable[..., Pair],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    studied: Studied,
) -> None:
    pair, other = make_pair(), make_pair(name="Mei-Ling Chen")
    assert other.coach.get(f"{COACH}?with={pair.enrolment_id}").status_code == 404
    facilitator = sign_in(make_person(), roles=[Role.FACILITATOR], place=studied.cohort_id)
    pair.coach.post(f"{NEW}/{pair.enrolment_id}", sheet())
    answer = facilitator.get(f"/facilitator/guides/leadership/module-1?with={pair.enrolment_id}")
    assert answer.status_code == 200
    assert "Answer three questions by Tuesday." not in answer.get_data(as_text=True)
    author = sign_in(make_person(email="noor@example.test"), roles=[Role.AUTHOR])
    assert author.get(f"/author/guides/leadership/module-1?with={pair.enrolment_id}").status_code == 404


def test_the_document_of_a_coach_says_nothing_of_anybody(pair: Pair) -> None:
    answer = pair.coach.post(
        f"{COACH}/coach/document?with={pair.enrolment_id}", {"paper": "a4", "locale": "en"}
    )
    assert f"with={pair.enrolment_id}" in answer.location
    assert "Lucía" not in pair.coach.get(answer.location).get_data(as_text=True).partition("<main")[2]


def test_pages_of_a_module_and_of_somebody_lead_to_the_guides(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair()
    module = pair.participant.get("/participant/modules/module-1").get_data(as_text=True)
    assert "/participant/guides/leadership/module-1/participant" in module
    assert "/participant/guides/leadership/module-1/quick" in module
    assert "/guides/leadership/module-1/coach" not in module
    member = pair.coach.get(f"/coach/participants/{pair.enrolment_id}").get_data(as_text=True)
    assert f"/coach/guides/leadership/module-1/coach?with={pair.enrolment_id}" in member
