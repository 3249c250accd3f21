"""Defining an institute's rubrics. A version is never changed: what was scored by it stays readable."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from certificates.rubrics.models import Criterion, CriterionLevel, Rubric, RubricId
from certificates.rubrics.policies import USUAL, Policy, write_policy
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """A criterion as it is written down, with a descriptor for each level, lowest first.

    ``examples`` are as many as the descriptors, or none at all. ``element`` is the address of a competency.
    """

    key: str
    title: Localised
    descriptors: tuple[Localised, ...]
    examples: tuple[Localised | None, ...] = ()
    element: str | None = None
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class RubricDraft:
    """A rubric as it is written down. ``level_names`` are those of all its criteria, lowest first."""

    key: str
    title: Localised
    cut: Fraction
    level_names: tuple[Localised, ...]
    criteria: tuple[CriterionDraft, ...]
    policy: Policy = USUAL

    @property
    def sha256(self) -> str:
        """The hex digest of everything it says."""
        said = {
            "title": _said(self.title),
            "cut": str(self.cut),
            "levels": [_said(name) for name in self.level_names],
            "criteria": [
                [
                    one.key,
                    _said(one.title),
                    [_said(text) for text in one.descriptors],
                    [text and _said(text) for text in one.examples],
                    one.element,
                    one.minimum,
                ]
                for one in self.criteria
            ],
            "policy": write_policy(self.policy),
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def define_rubric(draft: RubricDraft, *, actor: Actor) -> RubricId:
    """Define a rubric of the actor's institute and return the id of its newest version.

    What says the same as the newest version is that version; anything else becomes the next one.
    """
    digest = draft.sha256
    with transaction() as session:
        newest = session.scalar(
            select(Rubric)
            .where(Rubric.institute_id == actor.institute_id, Rubric.key == draft.key)
            .order_by(Rubric.version.desc())
            .limit(1)
        )
        if newest is not None and newest.sha256 == digest:
            return newest.id
        rubric = Rubric(
            institute_id=actor.institute_id,
            key=draft.key,
            version=newest.version + 1 if newest else 1,
            title=draft.title,
            levels=len(draft.level_names),
            cut_numerator=draft.cut.numerator,
            cut_denominator=draft.cut.denominator,
            policy=write_policy(draft.policy),
            sha256=digest,
        )
        session.add(rubric)
        session.flush()
        for position, written in enumerate(draft.criteria, start=1):
            criterion = Criterion(
                rubric_id=rubric.id,
                key=written.key,
                position=position,
                title=written.title,
                element=written.element,
                minimum=written.minimum,
            )
            session.add(criterion)
            session.flush()
            session.add_all(
                CriterionLevel(
                    criterion_id=criterion.id,
                    number=number,
                    name=name,
                    descriptor=descriptor,
                    example=example,
                )
                for number, (name, descriptor, example) in enumerate(
                    zip(draft.level_names, written.descriptors, _examples(written), strict=True), start=1
                )
            )
        audit.record(
            "rubric.defined",
            actor=actor,
            subject=("rubric", rubric.id),
            details={"version": rubric.version, "sha256": digest},
        )
        return rubric.id


def _examples(written: CriterionDraft) -> tuple[Localised | None, ...]:
    return written.examples or (None,) * len(written.descriptors)


def _said(text: Localised) -> dict[str, Any]:
    return {"source": text.source, "texts": dict(text.texts), "origins": dict(text.origins)}
