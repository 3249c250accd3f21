"""Giving out and proving in words: obstacles, purposes, reasons, faults, and what raters are called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from sqlalchemy import select

from certificates.scoring.giving import eligible
from certificates.scoring.models import Purpose, Why
from certificates.scoring.proof.proofs import Fault
from institute.actors import PersonId
from institute.db import db
from institute.i18n import gettext
from institute.people.models import Person
from institute.people.naming import name_or_number

_WORDS: Final[Mapping[str, Callable[[], str]]] = {
    eligible.APART: lambda: gettext("they have, or had, another duty towards whoever submitted this."),
    eligible.AUTHOR: lambda: gettext("they handed it in themselves."),
    eligible.ON_IT: lambda: gettext("they score, or scored, this evidence already."),
    eligible.EARLIER: lambda: gettext("they scored an earlier attempt, and retakes have new raters."),
    eligible.EMPLOYER: lambda: gettext("they work for the same employer as whoever submitted this."),
    eligible.UNQUALIFIED: lambda: gettext("they are not qualified for this rubric at the moment."),
    eligible.LEADS: lambda: gettext("what two raters disagree about is for a scoring lead."),
}


def say_obstacle(code: str) -> str:
    """Return why somebody must not have a task; an unknown code as it is."""
    words = _WORDS.get(code)
    return words() if words else code


def say_nobody() -> str:
    """Return why somebody who does not score for the institute must not have a task."""
    return gettext("they do not score for this institute.")


def say_purpose(purpose: Purpose, round_: int) -> str:
    """Return what a task is for, to a lead; raters are not told."""
    match purpose:
        case Purpose.ADJUDICATION:
            return gettext("Decision between two scores")
        case Purpose.SECOND:
            return gettext("Second score of an appeal") if round_ else gettext("Second score")
        case Purpose.SEEDED:
            return gettext("Known paper")
        case Purpose.FIRST:
            return gettext("First score of an appeal") if round_ else gettext("First score")


def say_why(why: Why) -> str:
    """Return why evidence has a second score."""
    match why:
        case Why.ALWAYS:
            return gettext("always two raters")
        case Why.NEW_RATER:
            return gettext("rater new to the rubric")
        case Why.RETAKE:
            return gettext("resubmission")
        case Why.NEAR_CUT:
            return gettext("mean near the cut")
        case Why.DRAWN:
            return gettext("drawn at random")
        case Why.APPEAL:
            return gettext("appeal")


_FAULTS: Final[Mapping[Fault, Callable[[], str]]] = {
    Fault.SECOND_MISSING: lambda: gettext("A second score was asked for and is missing."),
    Fault.REASON_UNNOTED: lambda: gettext("A reason for a second score was not noted."),
    Fault.THIRD_MISSING: lambda: gettext("Two raters lay apart and nobody decided."),
    Fault.SAME_RATER: lambda: gettext("One person scored twice."),
    Fault.CONFLICT: lambda: gettext("A rater had another duty towards whoever submitted it."),
    Fault.EARLIER_RATER: lambda: gettext("A rater had scored an earlier attempt."),
    Fault.DRAW_MISSING: lambda: gettext("Nothing was drawn, though a share is drawn."),
    Fault.DRAW_WRONG: lambda: gettext("The seed draws another number, or another share was used."),
}


def say_fault(fault: Fault) -> str:
    """Return what was not as the policy asks."""
    return _FAULTS[fault]()


def names_of(people: Collection[PersonId]) -> dict[PersonId, str]:
    """Return what raters are called, or a number where no platform shares a name."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: name_or_number(row.name, row.id) for row in rows}
