"""Progress is counted exactly."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from courses.catalogue.models import StepId
from courses.catalogue.progress import NOTHING, Progress, of_steps, together
from courses.cohorts.models import EnrolmentId
from courses.cohorts.queries import progress_of
from courses.cohorts.ticking import StepAddress, tick
from institute.actors import Actor, PersonId
from institute.people.models import Person
from tests.courses.conftest import Studied


def steps(*numbers: int) -> list[StepId]:
    """Return made-up step ids."""
    return [StepId(number) for number in numbers]


def test_a_third_is_a_third() -> None:
    assert of_steps(steps(1, 2, 3), {StepId(1), StepId(9)}).share == Fraction(1, 3)


def test_a_whole_counts_each_step_of_its_parts_once() -> None:
    whole = together([Progress(1, 3), Progress(2, 2), NOTHING])
    assert (whole.done, whole.total, whole.left, whole.complete) == (3, 5, 2, False)


def test_nothing_to_do_is_no_progress_and_not_complete() -> None:
    assert (NOTHING.share, NOTHING.complete) == (Fraction(0), False)


@pytest.mark.parametrize(("done", "total"), [(-1, 2), (3, 2)])
def test_impossible_progress_is_refused(done: int, total: int) -> None:
    with pytest.raises(ValueError, match="not a progress"):
        Progress(done, total)


@pytest.mark.parametrize(
    ("target", "figures"),
    [
        (None, (1, 6)),
        ("programme:leadership", (1, 6)),
        ("module:leadership/module-1", (1, 6)),
        ("segment:leadership/module-1/segment-1", (1, 3)),
        ("segment:leadership/module-1/segment-2", (0, 3)),
        ("segment:leadership/module-1", (0, 0)),
        ("programme:other", (0, 0)),
        ("nothing", (0, 0)),
        ("level:career", (0, 0)),
        ("programme:\0", (0, 0)),
        ("programme:\ud800", (0, 0)),
    ],
)
def test_progress_is_known_for_whatever_a_link_opens(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    studied: Studied,
    system: Actor,
    target: str | None,
    figures: tuple[int, int],
) -> None:
    person, enrolment_id = make_enrolment()
    actor = Actor(system.institute_id, PersonId(person.id))
    tick(enrolment_id, StepAddress("module-1", "segment-1", "read"), actor=actor)
    assert progress_of(PersonId(person.id), studied.cohort_id, target) == figures
