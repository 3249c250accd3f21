"""A rubric with a set of two papers, a scoring lead who builds sets, and trainers who take them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from certificates.calibration.attempts import CalibrationAttempt
from certificates.calibration.building import SetSheet, create, publish
from certificates.calibration.models import AnchorUse, CalibrationSet, CalibrationSetId
from certificates.calibration.papering import PaperSheet, add_paper, write_paper
from certificates.calibration.reading import known_scores
from certificates.rubrics.models import Criterion
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.scoring.conftest import (  # noqa: F401  (fixtures)
    KEY,
    Trainer,
    asked,
    desk,
    english,
    make_desk,
    make_trainer,
    trainer,
)
from tests.courses.conftest import make_enrolment, make_studied, studied  # noqa: F401  (fixtures)

TWO_PAPERS = ((3, 2), (1, 4))
MakeSet = Callable[..., CalibrationSetId]


@pytest.fixture
def make_set(asked: Actor) -> MakeSet:  # noqa: F811
    """Publish a set of the rubric; ``papers`` are the known levels of its two criteria."""

    def make(
        papers: Sequence[tuple[int, int]] = TWO_PAPERS,
        *,
        seeded: Sequence[tuple[int, int]] = (),
        rule: tuple[int, int, int] = (60, 80, 0),
        publishing: bool = True,
    ) -> CalibrationSetId:
        set_id = create(KEY, SetSheet(english("First set"), *rule), actor=asked)
        rubric_id = db.session.get_one(CalibrationSet, set_id).rubric_id
        criteria = db.session.scalars(
            select(Criterion.id).where(Criterion.rubric_id == rubric_id).order_by(Criterion.position)
        ).all()
        for use, group in ((AnchorUse.CALIBRATION, papers), (AnchorUse.SEEDED, seeded)):
            for levels in group:
                scores = {
                    criterion_id: (level, english(f"Because it is a {level}."))
                    for criterion_id, level in zip(criteria, levels, strict=True)
                }
                sheet = PaperSheet(use, english(f"Paper of {levels}."), None, scores)
                write_paper(add_paper(set_id, actor=asked), sheet, actor=asked)
        if publishing:
            publish(set_id, actor=asked)
        return set_id

    return make


@dataclass
class Lead:
    """A scoring lead at a browser."""

    person: Person
    actor: Actor
    visitor: Visitor


@pytest.fixture
def lead(make_person: Callable[..., Person], sign_in: Callable[..., Visitor], asked: Actor) -> Lead:  # noqa: F811
    """The scoring lead."""
    person = make_person(name="Ingrid Larsen")
    grant_role(PersonId(person.id), Role.SCORING_LEAD, actor=Actor(person.institute_id, None))
    actor = Actor(person.institute_id, person.id, frozenset({Role.SCORING_LEAD}))
    return Lead(person, actor, sign_in(person))


def take(trainer: Trainer, *, off: int = 0, key: str = KEY) -> CalibrationAttempt:  # noqa: F811
    """Take a set in the browser, every score ``off`` levels beside the known one, and return the attempt."""
    answer = trainer.visitor.post(f"/trainer/calibration/{key}/begin")
    assert answer.status_code == 303, answer.text
    path = in_session(answer.location)
    attempt_id = int(path.rpartition("/")[2])
    while True:
        page = trainer.visitor.get(path, follow_redirects=True)
        found = re.search(rf"/calibration/attempts/{attempt_id}/papers/(\d+)/hand-in", page.text)
        if found is None:
            found = re.search(
                rf"/calibration/attempts/{attempt_id}/papers/(\d+)\"[^>]*>(?:Next|Go on)", page.text
            )
            if found is None:
                break
            path = f"/trainer/calibration/attempts/{attempt_id}/papers/{found[1]}"
            continue
        path = f"/trainer/calibration/attempts/{attempt_id}/papers/{found[1]}"
        answer = trainer.visitor.post(f"{path}/hand-in", fields(int(found[1]), off=off))
        assert answer.status_code == 303, answer.text
    db.session.rollback()
    return db.session.get_one(CalibrationAttempt, attempt_id)


def fields(paper_id: int, *, off: int = 0) -> dict[str, str]:
    """Return the form of a paper with every score ``off`` levels beside the known one, within the four there are."""
    form: dict[str, str] = {}
    for criterion_id, level in known_scores(paper_id).items():  # type: ignore[arg-type]
        given = level + off if 1 <= level + off <= 4 else level - off
        form |= {
            f"base-{criterion_id}": "0",
            f"level-{criterion_id}": str(given),
            f"comment-{criterion_id}": "",
        }
    return form


def in_session(location: str) -> str:
    """Return the path of a redirect behind the session's prefix."""
    return re.sub(r"^.*?/s/[^/]+", "", location)
