"""The page of one goal, shown again by whichever of its forms was not taken."""

from __future__ import annotations

from flask import render_template

from courses.plans.proving import EvidenceSheet
from courses.plans.queries import GoalPage
from courses.plans.sheets import ActionSheet, GoalSheet
from courses.plans.writing import Written
from institute.files.checking import LARGEST_FILE


def goal_page(
    here: GoalPage,
    *,
    goal_sheet: GoalSheet | None = None,
    action_sheet: ActionSheet | None = None,
    evidence_sheet: EvidenceSheet | None = None,
    written: Written | None = None,
) -> str:
    """Return the page of a goal, with what was typed into one of its forms and what is wrong with it."""
    goal = here.goal
    chosen = tuple(one.address for one in goal.competencies)
    due = goal.due.isoformat() if goal.due else ""
    return render_template(
        "courses/plans/goal.html",
        here=here,
        goal_sheet=goal_sheet or GoalSheet(goal.text, goal.revision, due, chosen),
        action_sheet=action_sheet or ActionSheet(),
        evidence_sheet=evidence_sheet or EvidenceSheet(),
        written=written or Written(),
        largest_file=LARGEST_FILE,
    )
