"""What plans and their reviews are called."""

from __future__ import annotations

from courses.plans.models import PlanKind, ReviewOutcome
from institute.i18n import gettext


def say_plan(kind: PlanKind) -> str:
    """Return what a plan is called."""
    match kind:
        case PlanKind.PDP:
            return gettext("Professional development plan")
        case PlanKind.ILP:
            return gettext("Individual leadership plan")


def say_outcome(outcome: ReviewOutcome) -> str:
    """Return what a coach said of a plan."""
    match outcome:
        case ReviewOutcome.AGREED:
            return gettext("Agreed")
        case ReviewOutcome.CHANGES:
            return gettext("Please look at it again")
