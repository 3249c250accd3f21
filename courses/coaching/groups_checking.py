"""The sheet of a group session: one for all, read into facts for each member, or into what has to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from sqlalchemy.orm import Session

from courses.coaching import errors
from courses.coaching.cases import find_case
from courses.coaching.hindrances import note_hindrances
from courses.coaching.reading import clean, number_in, values_of
from courses.coaching.sheets import ID_DIGITS, Checked, SessionFacts, Sheet, check_sheet
from courses.cohorts.models import Cohort, EnrolmentId
from courses.hours.policies import policy_of
from courses.sessions.models import TITLE_LENGTH, Kind, SessionLog
from institute.actors import Actor
from institute.errors import DomainError, NotFoundError

MOST_READ: Final = 200
BESIDE: Final = "attended-"
# What belongs to the session and not to one of its members, whoever it was found with.
SHARED: Final = frozenset({"day", "ends", "segment", "practices", "funding", "long_reason"})


@dataclass(frozen=True, slots=True)
class GroupSheet:
    """What stands in the form of a group: one sheet for all, a title, and who took part.

    ``members`` holds the minutes that each attended, letter by letter; empty for all of them. ``others`` holds what was
    written beside people who are not ticked: it stays in the form, and counts for nothing.
    """

    sheet: Sheet
    title: str = ""
    members: Mapping[EnrolmentId, str] = field(default_factory=dict)
    others: Mapping[EnrolmentId, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, str], sheet: Sheet) -> Self:
        """Read a form beside the ``sheet`` that it holds."""
        ids = [number_in(value, ID_DIGITS) for value in values_of(form, "member")[:MOST_READ]]
        chosen = {EnrolmentId(one): clean(form.get(f"{BESIDE}{one}", "")) for one in ids if one is not None}
        names = [name for name in form if name.startswith(BESIDE)][:MOST_READ]
        beside = {
            EnrolmentId(one): clean(form[name])
            for name in names
            if (one := number_in(name.removeprefix(BESIDE), ID_DIGITS)) is not None
        }
        others = {one: text for one, text in beside.items() if one not in chosen}
        return cls(replace(sheet, kind=Kind.GROUP, attended=""), clean(form.get("title", "")), chosen, others)


@dataclass(slots=True)
class GroupChecked:
    """What came of a group's sheet: facts for each member, or what to mend in the session and with a member."""

    shared: Checked
    facts: dict[EnrolmentId, SessionFacts] = field(default_factory=dict)
    problems: dict[EnrolmentId, DomainError] = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Whether it can be written."""
        return not self.shared.problems and not self.problems


def check_group(
    cohort: Cohort,
    typed: GroupSheet,
    *,
    actor: Actor,
    logs: Mapping[EnrolmentId, SessionLog],
    session: Session,
) -> GroupChecked:
    """Return what a group's sheet would become, or what has to be mended; ``logs`` are those it has already.

    Raises NotFoundError for somebody whom the actor never coached.
    """
    shared = check_sheet(typed.sheet, zone=cohort.timezone)
    checked = GroupChecked(shared)
    most = policy_of(cohort.programme_id).most_in_group
    if not typed.members:
        shared.refuse("members", errors.GroupEmptyError())
    elif len(typed.members) > most:
        shared.refuse("members", errors.GroupFullError(most=most))
    if len(typed.title) > TITLE_LENGTH:
        shared.refuse("title", errors.TextTooLongError(length=len(typed.title), most=TITLE_LENGTH))
    if shared.facts is None:
        return checked
    for enrolment_id, attended in typed.members.items():
        case = find_case(enrolment_id, actor=actor, session=session)
        if case.cohort_id != cohort.id:
            raise NotFoundError
        one = check_sheet(replace(typed.sheet, attended=attended), zone=cohort.timezone)
        note_hindrances(one, case, but=[log.id for log in logs.values()], session=session)
        _note_member(checked, enrolment_id, one)
    _share(checked, typed)
    return checked


def _note_member(checked: GroupChecked, enrolment_id: EnrolmentId, one: Checked) -> None:
    if one.facts is not None:
        checked.facts[enrolment_id] = one.facts
    for name, problem in one.problems.items():
        if name in SHARED and not isinstance(problem, errors.NotCoachThatDayError):
            checked.shared.refuse(name, problem)
        elif name == "kind":
            checked.shared.refuse("members", problem)
        else:
            checked.problems.setdefault(enrolment_id, problem)


def _share(checked: GroupChecked, typed: GroupSheet) -> None:
    """Say once what stands against every member alike: the coach was busy, or not yet their coach."""
    said = {problem.text: problem for problem in checked.problems.values()}
    if len(checked.problems) == len(typed.members) and len(said) == 1:
        ((_, problem),) = said.items()
        if isinstance(problem, (errors.OverlapError, errors.NotCoachThatDayError)):
            checked.shared.refuse("begins" if isinstance(problem, errors.OverlapError) else "day", problem)
            checked.problems.clear()
