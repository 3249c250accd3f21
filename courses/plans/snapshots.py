"""A plan as it is handed in: everything in it as plain values that stay, whatever becomes of the goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from courses.catalogue.codec import document_of, read_document
from courses.frameworks.queries import Named
from courses.plans.goals import GoalLine
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class CompetencyKept:
    """A competency as it was called when the plan was handed in."""

    address: str
    code: str
    title: Localised | None = None


@dataclass(frozen=True, slots=True)
class ActionKept:
    """An action as it stood. ``due`` is written as year-month-day, empty for none."""

    text: str
    due: str = ""
    done: bool = False

    @property
    def day(self) -> date | None:
        """The day by which it was to be done."""
        return date.fromisoformat(self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class EvidenceKept:
    """Evidence as it was called; ``id`` is that of its row, which stays."""

    id: int
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class GoalKept:
    """A goal as it stood. ``due`` is written as year-month-day, empty for none."""

    text: str
    area: Localised | None = None
    due: str = ""
    reached: bool = False
    competencies: tuple[CompetencyKept, ...] = ()
    actions: tuple[ActionKept, ...] = ()
    evidence: tuple[EvidenceKept, ...] = ()

    @property
    def day(self) -> date | None:
        """The day by which it was to be reached."""
        return date.fromisoformat(self.due) if self.due else None


def keep_goals(goals: Iterable[GoalLine]) -> list[dict[str, Any]]:
    """Return goals as a document that JSON can hold."""
    return [document_of(_goal(goal)) for goal in goals]


def kept_goals(document: Sequence[Mapping[str, Any]]) -> tuple[GoalKept, ...]:
    """Return the goals that ``keep_goals`` wrote."""
    return tuple(read_document(one, GoalKept) for one in document)


def _goal(goal: GoalLine) -> GoalKept:
    return GoalKept(
        text=goal.text,
        area=goal.area,
        due=goal.due.isoformat() if goal.due else "",
        reached=goal.reached_at is not None,
        competencies=tuple(_competency(one) for one in goal.competencies),
        actions=tuple(
            ActionKept(one.text, one.due.isoformat() if one.due else "", one.done_at is not None)
            for one in goal.actions
        ),
        evidence=tuple(EvidenceKept(one.id, one.label, one.url) for one in goal.evidence),
    )


def _competency(one: Named) -> CompetencyKept:
    return CompetencyKept(one.address, one.code, one.title)
