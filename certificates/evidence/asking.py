"""The check list written in the browser: requirements added, changed, ordered, retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.asking_forms import RequirementSheet, check_sheet
from certificates.evidence.defining import put
from certificates.evidence.errors import RequirementChangedError
from certificates.evidence.models import (
    Owner,
    Requirement,
    RequirementId,
    RequirementKind,
    Submission,
)
from certificates.levels.models import Level, LevelId
from certificates.rubrics.models import Rubric
from courses.frameworks.naming import not_taken, slug_of
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised, gettext

UP: Final = "up"
DOWN: Final = "down"


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A requirement in the administrator's list; ``begun`` counts who began it."""

    row: Requirement
    begun: int


@dataclass(frozen=True, slots=True)
class AskedPart:
    """What one level asks for, and what it asks no more."""

    level_id: LevelId
    name: Localised
    asked: tuple[AskedLine, ...]
    retired: tuple[AskedLine, ...]


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What the form offers: levels, rubrics by key, and whether somebody began the requirement."""

    levels: tuple[tuple[LevelId, Localised], ...]
    rubrics: tuple[tuple[str, Localised], ...]
    row: Requirement | None = None
    begun: int = 0


@dataclass
class RequirementChecked:
    """A sheet with what is wrong in it, by field."""

    sheet: RequirementSheet
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return list(self.problems.items())


def check_list(actor: Actor) -> tuple[AskedPart, ...]:
    """Return what the levels of the actor's institute ask for, lowest first; levels that ask nothing are there too."""
    rows = db.session.execute(
        select(Requirement, func.count(func.distinct(Submission.enrolment_id)))
        .outerjoin(Submission, Submission.requirement_id == Requirement.id)
        .where(Requirement.institute_id == actor.institute_id)
        .group_by(Requirement.id)
        .order_by(Requirement.position, Requirement.id)
    ).all()
    lines = [AskedLine(row, begun) for row, begun in rows]
    return tuple(
        AskedPart(
            level_id,
            name,
            tuple(one for one in lines if one.row.level_id == level_id and one.row.retired_at is None),
            tuple(one for one in lines if one.row.level_id == level_id and one.row.retired_at is not None),
        )
        for level_id, name in _levels(actor)
    )


def form_facts(requirement_id: RequirementId | None, *, actor: Actor) -> FormFacts:
    """Return what the form of a requirement offers; of a new one with None. Raises NotFoundError."""
    row = None if requirement_id is None else _find(requirement_id, actor)
    begun = 0 if row is None else _begun(row.id, db.session())
    newest = select(func.max(Rubric.id)).where(Rubric.institute_id == actor.institute_id).group_by(Rubric.key)
    rubrics = db.session.execute(
        select(Rubric.key, Rubric.title).where(Rubric.id.in_(newest)).order_by(Rubric.key)
    )
    return FormFacts(_levels(actor), tuple((key, title) for key, title in rubrics), row, begun)


def write(
    requirement_id: RequirementId | None, sheet: RequirementSheet, *, actor: Actor
) -> RequirementChecked:
    """Add or change a requirement as a form says it; nothing happens where something is wrong.

    Who hands it in and whether it is presented stay once somebody began it. Raises NotFoundError,
    RequirementChangedError where somebody else changed it meanwhile.
    """
    with transaction() as session:
        facts = form_facts(requirement_id, actor=actor)
        row = facts.row
        draft, problems = check_sheet(
            sheet,
            levels={str(number): number for number, _ in facts.levels},
            rubrics=frozenset(key for key, _ in facts.rubrics),
            before=row,
        )
        if row is not None and facts.begun and (sheet.owner, sheet.kind) != (row.owner, row.kind):
            problems["owner"] = gettext(
                "Somebody began this, so who hands it in and how stay as they are. Add another one instead."
            )
        if draft is None or problems:
            return RequirementChecked(sheet, problems)
        if row is not None and sheet.revision != str(row.revision):
            raise RequirementChangedError
        level_id = LevelId(int(sheet.level))
        if row is None:
            taken = session.scalars(
                select(Requirement.key).where(Requirement.institute_id == actor.institute_id)
            ).all()
            key = not_taken(slug_of(draft.title.in_(draft.title.source)) or "requirement", taken)
            row = Requirement(
                institute_id=actor.institute_id, key=key, revision=0, position=_last(level_id, session) + 1
            )
            session.add(row)
        row.by_hand = True
        put(row, draft, level_id, session=session, actor=actor)
        return RequirementChecked(sheet)


def retire(requirement_id: RequirementId, *, retired: bool, actor: Actor) -> None:
    """Ask for something no more, or again; what was begun stays. Raises NotFoundError."""
    with transaction():
        row = _find(requirement_id, actor)
        if (row.retired_at is not None) == retired:
            return
        row.retired_at, row.by_hand = (now() if retired else None), True
        verb = "retired" if retired else "restored"
        audit.record(f"requirement.{verb}", actor=actor, subject=("requirement", row.id))


def move(requirement_id: RequirementId, way: str, *, actor: Actor) -> None:
    """Put a requirement one place up or down among those of its level. At the end nothing changes.

    Raises NotFoundError.
    """
    with transaction() as session:
        row = _find(requirement_id, actor)
        rows = list(
            session.scalars(
                select(Requirement)
                .where(Requirement.level_id == row.level_id, Requirement.retired_at.is_(None))
                .order_by(Requirement.position, Requirement.id)
            )
        )
        at = rows.index(row) if row in rows else -1
        to = at - 1 if way == UP else at + 1
        if at < 0 or not 0 <= to < len(rows):
            return
        rows[at], rows[to] = rows[to], rows[at]
        for position, one in enumerate(rows, start=1):
            one.position = position
        rows[at].by_hand = rows[to].by_hand = True
        audit.record("requirement.moved", actor=actor, subject=("requirement", row.id))


def filled(facts: FormFacts, level: str = "") -> RequirementSheet:
    """Return the sheet that a form begins with: what is written, or an empty one for a level."""
    if facts.row is not None:
        return RequirementSheet.of(facts.row)
    first = str(facts.levels[0][0]) if facts.levels else ""
    known = {str(number) for number, _ in facts.levels}
    return RequirementSheet(
        level=level if level in known else first,
        owner=Owner.CANDIDATE,
        kind=RequirementKind.EVIDENCE,
        takes=frozenset({"text"}),
    )


def _levels(actor: Actor) -> tuple[tuple[LevelId, Localised], ...]:
    rows = db.session.execute(
        select(Level.id, Level.name).where(Level.institute_id == actor.institute_id).order_by(Level.position)
    )
    return tuple((number, name) for number, name in rows)


def _find(requirement_id: RequirementId, actor: Actor) -> Requirement:
    row = db.session.get(Requirement, requirement_id)
    if row is None or row.institute_id != actor.institute_id:
        raise NotFoundError
    return row


def _begun(requirement_id: RequirementId, session: Session) -> int:
    return session.scalars(
        select(func.count(func.distinct(Submission.enrolment_id))).where(
            Submission.requirement_id == requirement_id
        )
    ).one()


def _last(level_id: LevelId, session: Session) -> int:
    return session.scalar(select(func.max(Requirement.position)).where(Requirement.level_id == level_id)) or 0
