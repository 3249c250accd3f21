"""Rounds of scoring: Lucía reads scores that she can appeal, has made all attempts at others, awaits a third."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from certificates.evidence.models import Requirement, Submission, SubmissionId
from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from certificates.levels.models import Level
from certificates.rubrics.defining import CriterionDraft, RubricDraft, define_rubric
from certificates.rubrics.models import Criterion
from certificates.rubrics.policies import SINGLE, Releasing
from certificates.scoring.models import ScoringTask
from certificates.scoring.outcomes.holding import HeldScores
from certificates.scoring.sheets.handing_in import hand_in
from certificates.scoring.sheets.writing import Written, save_scores
from certificates.scoring.tasking import take_task
from institute.actors import Actor, Role
from institute.db import db, transaction
from institute.i18n import Localised
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.meta.furnishing.room import Room

FORM = {"reason": "Look at it again.", "until": "2026-12-01"}
RATER = "Xanthippe Quillfeather"
WORDS = "Zwischen Leserin und Autorin"
LEVELS = tuple(f"Aquamarine-{number}" for number in range(1, 8))
GIVEN = (4, 4, 3, 3, 3, 3, 2)
FIGURE = "3.14"
"""22 of 7 criteria, as it is shown."""


def furnish(room: Room) -> dict[str, object]:
    """Ask for three more pieces of evidence, and have somebody who does nothing else score Lucía's."""
    rater = _rater(room)
    appealed = _scored(room, rater, "appealed", {})
    stuck = _scored(room, rater, "stuck", {"attempts": 1})
    held = _scored(room, rater, "held", {"releasing": Releasing.LEAD})
    return {
        "appealed_id": appealed,
        "stuck_id": stuck,
        "held_id": db.session.scalars(select(HeldScores.id).where(HeldScores.submission_id == held)).one(),
    }


def _rater(room: Room) -> Actor:
    with transaction() as session:
        person = Person(institute_id=room.institute_id, name=RATER, email="quill@example.org")
        session.add(person)
        session.flush()
    grant_role(person.id, Role.TRAINER, actor=Actor(room.institute_id, None))
    return Actor(room.institute_id, person.id, frozenset({Role.TRAINER}))


def _scored(room: Room, rater: Actor, name: str, policy: dict[str, Any]) -> SubmissionId:
    key = f"{name}-{room.institute_id}"
    _ask(room, key, policy)
    participant = room.actor("lucia", Role.PARTICIPANT)
    assert submit(key, take_in(f"What I did: {name}", digest_of(""), []), actor=participant).whole
    submission_id = db.session.scalars(
        select(Submission.id)
        .join(Requirement, Requirement.id == Submission.requirement_id)
        .where(Requirement.key == key)
    ).one()
    task = db.session.scalars(select(ScoringTask).where(ScoringTask.submission_id == submission_id)).one()
    take_task(task.id, actor=rater)
    criteria = db.session.scalars(
        select(Criterion.id).where(Criterion.rubric_id == task.rubric_id).order_by(Criterion.position)
    )
    written = {one: Written(0, level, WORDS) for one, level in zip(criteria, GIVEN, strict=True)}
    save_scores(task.id, written, actor=rater)
    hand_in(task.id, actor=rater)
    db.session.rollback()
    return submission_id


def _ask(room: Room, key: str, policy: dict[str, Any]) -> None:
    names = [Localised.of({"en": name}) for name in LEVELS]
    draft = RubricDraft(
        key=key,
        title=Localised.of({"en": key}),
        cut=Fraction(6),
        level_names=tuple(names),
        criteria=tuple(
            CriterionDraft(f"one-{number}", Localised.of({"en": f"One {number}"}), tuple(names))
            for number in range(1, len(GIVEN) + 1)
        ),
        policy=replace(SINGLE, **policy),
    )
    define_rubric(draft, actor=Actor(room.institute_id, None))
    with transaction() as session:
        level_id = session.scalars(
            select(Level.id).where(Level.institute_id == room.institute_id).order_by(Level.position)
        ).first()
        assert level_id is not None
        session.add(
            Requirement(
                institute_id=room.institute_id,
                level_id=level_id,
                key=key,
                position=90,
                title=Localised.of({"en": key}),
                instructions=Localised.of({"en": "Write it."}),
                most_files=0,
                wants_text=True,
                scored=True,
                rubric_key=key,
            )
        )
